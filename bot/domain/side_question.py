"""What a customer asks while booking and besides, by the name of its answer in the business file."""

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """Where an answer stands."""

    PRICE = "price"
    """Of the service in `what`, or of all."""
    FAQ = "faq"
    HOURS = "hours"
    WHERE = "where"
    EXPECT = "expect"
    OFFERS = "offers"
    STATUS = "status"
    DISCOUNT = "discount"
    PEOPLE = "people"
    """How many may come to the service in `what`."""
    BOT = "bot"
    """Whether a machine answers."""
    PAID = "paid"
    """Whether the money for the booking in `what` is in."""
    PHONE = "phone"
    """How to reach us otherwise."""
    UNKNOWN = "unknown"
    """Nowhere in the file: a person answers."""


@dataclass(frozen=True, slots=True)
class SideQuestion:
    """One question, by the name of its answer; `what` is an id of the file."""

    about: About
    what: str = ""
    is_guess: bool = False
    """Only a model thinks so, and is not sure: a person looks before it is sent."""

    def __str__(self) -> str:
        """As it is kept with a booking, and shown as the source of a draft."""
        return f"{self.about.value}:{self.what}" if self.what else self.about.value


def named(text: str) -> SideQuestion:
    """The question of that name; unknown when another version wrote it."""
    about, _, what = text.partition(":")
    known = {one.value: one for one in About}
    return SideQuestion(known.get(about, About.UNKNOWN), what)
