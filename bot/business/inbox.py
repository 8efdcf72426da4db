"""What the owner prepares for the people who answer: ready words, and what a template costs."""

from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Final

from pydantic import Field

from bot.business.catalogue import LABEL, SLUG
from bot.business.words import LocalizedText, Strict, Text

FACTS: Final = ("name", "service", "day", "time", "place", "reference", "link", "price")
"""What a ready text may name in braces; filled from the customer's booking."""
UTILITY: Final = "utility"
"""As which all of our templates are approved; Meta may move one of them."""
MARKETING: Final = "marketing"
CODE_DIGITS: Final = 4
"""No calling code that has a price is longer: so many digits of a number say what a template to it costs."""


@dataclass(frozen=True, slots=True)
class CannedReply(Strict):
    """Words that are sent often, filled with the facts of the customer they go to."""

    id: Annotated[str, SLUG]
    title: Annotated[str, LABEL]
    text: Annotated[
        Text, Field(description="may name {name}, {service}, {day}, {time}, {place}, {reference}, {link}, {price}")
    ]


@dataclass(frozen=True, slots=True)
class MessagePrice(Strict):
    """What the channel charges for a template to numbers of a country, in whole units of the house's currency."""

    country: Annotated[
        str,
        Field(pattern=r"^(\*|[1-9][0-9]{0,3})$", description="its calling code, or * for every other", examples=["62"]),
    ]
    utility: Annotated[int, Field(ge=0, le=100_000_000)]
    marketing: Annotated[int, Field(ge=0, le=100_000_000)]

    def of(self, category: str) -> int:
        """What one of that category costs; what is not marketing is utility."""
        return self.marketing if category == MARKETING else self.utility


def price_for(prices: tuple[MessagePrice, ...], number: str | None) -> MessagePrice | None:
    """The row of that number: the longest code it begins with, else the one for every other."""
    fits = [row for row in prices if row.country != "*" and (number or "").startswith(row.country)]
    others = [row for row in prices if row.country == "*"]
    return max(fits, key=lambda row: len(row.country), default=next(iter(others), None))


def template_price(prices: tuple[MessagePrice, ...], number: str, category: str) -> int | None:
    """What a template of that category costs to that number, or to one that begins so."""
    row = price_for(prices, number)
    return None if row is None else row.of(category)


def unknown_facts(text: LocalizedText, language: str, known: tuple[str, ...] = FACTS) -> tuple[str, ...]:
    """What a text names that nobody can fill, or `{` where its braces make no sense."""
    try:
        named = [name for _, name, _, _ in Formatter().parse(text.written(language) or "") if name is not None]
    except ValueError:
        return ("{",)
    return tuple(dict.fromkeys(name for name in named if name not in known))
