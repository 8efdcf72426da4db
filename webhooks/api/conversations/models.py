"""What the routes of leads and conversations take and answer."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictStr, StringConstraints

from bot.domain import message_limits as limits
from bot.domain.alarms import AlarmReason
from webhooks.edge.fields import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    Identifier,
    Otherwise,
    PageSize,
    PlaceInList,
    clean,
    not_blank,
)
from webhooks.edge.models import EdgeModel, ItemPage

# Asked -----------------------------------------------------------------------------------------------------------


class Tab(StrEnum):
    """Whose conversations."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    """Somebody waits for a person."""
    ALL = "all"


class LeadPath(EdgeModel):
    """Which customer."""

    lead_id: Identifier


class MessagePath(LeadPath):
    """Which message of theirs."""

    message_id: Identifier


class LeadsQuery(EdgeModel):
    """By which address; none or one is found for each."""

    phone: Identifier | None = None
    user_id: Identifier | None = None


class InboxQuery(EdgeModel):
    """Which part of the inbox."""

    tab: Annotated[Tab, Otherwise("unknown-tab", "tab is mine, unassigned or all.")] = Tab.ALL
    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class TranscriptQuery(EdgeModel):
    """Which part of a transcript."""

    limit: PageSize = MAX_PAGE_SIZE
    cursor: PlaceInList = None


class NewMessage(EdgeModel):
    """A person's words."""

    text: Annotated[
        StrictStr,
        StringConstraints(max_length=limits.TEXT),
        BeforeValidator(clean),
        AfterValidator(not_blank),
        Otherwise("text-too-long", f"A text has at most {limits.TEXT} characters.", 422, "string_too_long"),
    ]


# Answered --------------------------------------------------------------------------------------------------------


class LeadAlarmShown(EdgeModel):
    """One thing that waits for a person."""

    reason: Annotated[AlarmReason, Field(description="Why; a value never changes its meaning.")]
    subject: Annotated[str, Field(description="A booking, account, refund, payout or effect; empty: the conversation.")]
    since: str
    due: Annotated[str | None, Field(description="Until when somebody must have looked, where a day counts.")] = None


class LeadShown(EdgeModel):
    """A customer, and who is in charge of the conversation."""

    id: str
    wa_id: str | None
    user_id: str | None
    name: str | None
    referrer: str | None
    language: str
    mode: Literal["bot", "agent"]
    epoch: int
    owner: str | None
    waits_for_person: Annotated[bool, Field(description="Whether any alarm is open.")]
    alarms: Annotated[list[LeadAlarmShown], Field(description="Each closes by itself when its cause is gone.")]
    opted_out: bool
    last_inbound_at: str | None
    window_expires_at: str | None
    open_booking: str | None
    timezone: str


class LeadList(ItemPage[LeadShown]):
    """Customers, the last who wrote first."""


class Line(EdgeModel):
    """One message."""

    id: str
    author: Literal["customer", "bot", "agent"]
    text: str
    at: str
    status: Annotated[str | None, Field(description="How far one of ours got; null for the customer's.")]
    perhaps_doubled: bool


class Draft(EdgeModel):
    """What the bot would say, and a person has to decide."""

    id: str
    text: str
    source: Annotated[str, Field(description="Where in the business file an answer stands; empty for other words.")]


class TranscriptShown(ItemPage[Line]):
    """Messages, oldest first, with the drafts that wait for a person; `next_cursor` leads to those before."""

    drafts: list[Draft]


class Queued(EdgeModel):
    """Stored; a worker sends it."""

    id: str
    status: Literal["queued"] = "queued"


class Epoch(EdgeModel):
    """How often the conversation has changed hands."""

    epoch: int


class OnItsWayShown(EdgeModel):
    """A message of the bot that was being handed to Meta when the person came."""

    id: str
    text: str
    arrived: Annotated[bool, Field(description="Whether Meta took it; false: nobody can say.")]


class TakeoverShown(Epoch):
    """From this answer on no bot message is handed to Meta."""

    on_its_way: list[OnItsWayShown]


class ModelShown(EdgeModel):
    """What a language model was asked and said."""

    asked: Any
    said: Any
    failure: str | None


class UnderstandingShown(EdgeModel):
    """How a message was understood; `entities` as `janji understand` prints them."""

    model_config = ConfigDict(extra="allow", frozen=True)

    by_model: bool
    model: ModelShown | None
