"""What the routes for somebody on the phone take and answer."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr, StringConstraints
from pydantic_core import PydanticCustomError

from bot.domain.callers import read_number
from bot.domain.languages import CODES
from bot.domain.states import State
from webhooks.api.bookings.acting import OverrideOfBooking
from webhooks.edge.fields import Count, Identifier, Otherwise, clean
from webhooks.edge.masked import Personal
from webhooks.edge.models import AmountShown, EdgeModel

_COUNT = "guests is a whole number from 1 to 500."
_LANGUAGES = ", ".join(CODES)
MAX_NAME = 80


def _number(given: str) -> str:
    number = read_number(given)
    if number is None:
        raise PydanticCustomError("no_number", "not a number with its country")
    return number


def _language(given: str) -> str:
    if given not in CODES:
        raise PydanticCustomError("no_language", "not a language of the house")
    return given


BAD_NUMBER = "phone is a number with its country, as +62 812 3456 7890."
Number = Annotated[
    Identifier,
    AfterValidator(_number),
    Otherwise("bad-number", BAD_NUMBER, 422),
    Field(description="With its country; blanks, brackets and hyphens in it do not count."),
]
Spoken = Annotated[
    StrictStr,
    AfterValidator(_language),
    Otherwise("unknown-language", f"language is one of {_LANGUAGES}.", 422),
    Field(description="In which language they are written to, where they have none with us yet."),
]


class CallerQuery(EdgeModel):
    """Who calls."""

    phone: Number


class WantedByCaller(EdgeModel):
    """What is to be booked, and for whom."""

    phone: Number
    language: Spoken
    service: Identifier
    slot_id: Annotated[Identifier, Field(description="As a free slot names it.")]
    place: Annotated[
        Identifier | None,
        Field(description="Where the guest stays, for a service that comes there and a slot that names no place."),
    ] = None
    guests: Annotated[Count | None, Otherwise("bad-number", _COUNT)] = None


class CallerQuoteQuery(WantedByCaller):
    """The same, asked before the yes."""

    override: Annotated[
        Literal["yes"] | None,
        Otherwise("bad-override", "override is yes, or left out."),
        Field(description="As if the rules of the house did not count; why they do not is said with the yes."),
    ] = None


class CallerBooking(WantedByCaller):
    """The same with their yes, and their name."""

    name: Annotated[
        StrictStr,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME),
        BeforeValidator(clean),
        Otherwise("bad-name", f"name is how they are called, at most {MAX_NAME} characters.", 422),
        Field(description="Kept where they have none with us yet."),
    ]
    override: OverrideOfBooking = None


class PartnerNamed(EdgeModel):
    """Whom the business file has under that number."""

    name: str
    roles: Annotated[list[str], Field(description="Of provider, place, staff, on_call.")]


class CallerShown(EdgeModel):
    """Who has a number, as far as the house knows."""

    phone: Annotated[str, Personal.NUMBER]
    lead_id: Annotated[str | None, Field(description="Null where nobody with it was ever a customer.")]
    name: Annotated[str | None, Personal.NAME]
    language: Annotated[str | None, Field(description="In which they are written to; null for who is new.")]
    opted_out: Annotated[bool, Field(description="They have stopped our messages: nothing is booked on the phone.")]
    window_expires_at: Annotated[str | None, Field(description="Until when they may be written to freely.")]
    partner: Annotated[
        PartnerNamed | None,
        Field(description="Whose number it is in the business file; what is booked is theirs as a customer."),
    ]
    timezone: str


class CallerQuoteShown(EdgeModel):
    """What it means, before the yes: nothing is kept and nobody is told."""

    state: Annotated[State, Field(description="Where the booking stands as soon as it is made.")]
    price: Annotated[AmountShown | None, Field(description="Null where it has none.")]
    to_pay: Annotated[AmountShown | None, Field(description="What the link asks for; null where no money is due.")]
    pay_by: str | None
    start: str
    end: str
    words: Annotated[str, Field(description="What the customer reads first, as they read it.")]
    template: Annotated[bool, Field(description="They go as an approved template: the customer's window is closed.")]
    cost: Annotated[AmountShown | None, Field(description="What the template costs, where it is known.")]
    timezone: str
