"""What one message means: intents, slots, language and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from intents.commitment import CommitmentVerdict
from intents.dates.values import (
    Bound,
    DateDoubt,
    DateKind,
    DateValue,
    DoubtKind,
    Language,
    Moment,
    PartOfDay,
    Span,
)

__all__ = [
    "MONEY_MOVING",
    "Amount",
    "Bound",
    "CommitmentVerdict",
    "Confidence",
    "DateDoubt",
    "DateKind",
    "DateValue",
    "DoubtKind",
    "Entities",
    "ExpectedAnswer",
    "Intent",
    "Language",
    "Moment",
    "PartOfDay",
    "Relation",
    "Span",
    "Understanding",
]


class Intent(StrEnum):
    """What a customer wants by a message; `OOS` is out of scope."""

    BOOK = "book"
    CHOOSE_SERVICE = "choose_service"
    CHOOSE_SLOT = "choose_slot"
    CONFIRM = "confirm"
    REJECT = "reject"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    PAY_HELP = "pay_help"
    ASK_PRICE = "ask_price"
    ASK_AVAILABILITY = "ask_availability"
    ASK_INFO = "ask_info"
    BOOKING_STATUS = "booking_status"
    TALK_HUMAN = "talk_human"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    CHANGE_LANGUAGE = "change_language"
    HELP = "help"
    REPEAT = "repeat"
    OOS = "oos"


MONEY_MOVING = frozenset({Intent.CONFIRM, Intent.CANCEL, Intent.RESCHEDULE})
"""Intents that always need an explicit yes of their own before anything is held, paid or freed."""


class ExpectedAnswer(StrEnum):
    """What the conversation waits for when the message comes."""

    NOTHING = "nothing"
    SERVICE = "service"
    SLOT = "slot"
    GUESTS = "guests"
    WISH = "wish"
    """A day, a time or both."""
    CONFIRMATION = "confirmation"
    NAME = "name"
    PAYMENT = "payment"
    LANGUAGE = "language"
    BOOKING = "booking"
    """Nothing in particular, but a booking is open (so "hủy" means the booking)."""


class Confidence(StrEnum):
    """How far the score carries: act on it, ask "did you mean", or ask again."""

    ACT = "act"
    DID_YOU_MEAN = "did_you_mean"
    ASK_BACK = "ask_back"


class Relation(StrEnum):
    """How a wished time stands to the one that was spoken of before."""

    SAME_TIME = "same_time"
    """ "Thursday instead, same time": only the day is new."""
    SAME_DAY = "same_day"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum a customer typed, in minor units (rupiah and dong have none), and its currency when it was said."""

    minor: int
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Entities:
    """The facts in a message; what was not said is empty."""

    dates: tuple[DateValue, ...] = ()
    part_of_day: PartOfDay | None = None
    excluded: tuple[DateValue, ...] = ()
    """Days and times that are not wished: "any day but Tuesday"."""
    moved_from: tuple[DateValue, ...] = ()
    """Days and times that gave way to others of the message: "move it from Thursday to Saturday"."""
    doubts: tuple[DateDoubt, ...] = ()
    """Words about time that contradict themselves or our clock: asked about, never guessed."""
    relations: tuple[Relation, ...] = ()
    """To what was spoken of before: "same time", "a bit earlier"."""
    guests: int | None = None
    nights: int | None = None
    ordinal: int | None = None
    """1 is the first of what was offered, -1 the last."""
    money: tuple[Amount, ...] = ()
    phones: tuple[str, ...] = ()
    """In E.164."""
    emails: tuple[str, ...] = ()
    name: str | None = None
    service_words: tuple[str, ...] = ()
    service: str | None = None
    """Id of a service of the business, as a model named it out of the business's own list."""
    topic: str | None = None
    """Id of something the business file answers, likewise."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one message; it names wishes and facts, and decides nothing."""

    intent: Intent
    intents: tuple[Intent, ...]
    """All that were meant, the main one first."""
    score: float
    """Calibrated probability of the main intent, 0 to 1."""
    confidence: Annotated[Confidence, Field(alias="sure")]
    language: Language
    """The language to answer in."""
    wanted_language: Language | None = None
    """The language asked for by word."""
    entities: Annotated[Entities, Field(alias="slots")] = Entities()
    runner_up: Intent | None = None
    """The second best reading, for "did you mean"."""
    by_rule: bool = False
    """Whether a rule, not the classifier, decided."""
    is_correction: bool = False
    """Whether the message takes back something said before ("eh, Sunday I mean")."""
    detected: Language | None = None
    """The language of this message alone, when it is clear."""
    by_model: bool = False
    """Whether a language model named the intents."""
    verdict: CommitmentVerdict = CommitmentVerdict.UNCLEAR
    """What the words are worth as an answer to "may I book it?"; for anything else ask `intents.commitment`."""
    asks_to_opt_out: bool = False
    """Whether it may be a wish not to be written to, not plainly enough to act on: a button asks."""
    about_existing: bool = False
    """Whether it speaks of a booking that the customer says to have: a change of it, never a second one."""
    wants_form: bool = False
    """Whether the form was asked for by its name."""
