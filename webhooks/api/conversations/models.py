"""What the routes of leads and conversations take and answer."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr, StringConstraints

from bot.domain import message_limits as limits
from bot.domain.alarms import AlarmReason
from bot.store.inbox_views import InboxTab
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
from webhooks.edge.masked import Personal
from webhooks.edge.models import EdgeModel, ItemPage

# Asked -----------------------------------------------------------------------------------------------------------


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

    tab: Annotated[InboxTab, Otherwise("unknown-tab", "tab is mine, unassigned or all.")] = InboxTab.ALL
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
    seen: Annotated[
        StrictInt | None,
        Field(ge=0, description="The `turn` of the transcript that was read: newer words refuse it once."),
    ] = None


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
    wa_id: Annotated[str | None, Personal.NUMBER]
    user_id: Annotated[str | None, Personal.NUMBER]
    name: Annotated[str | None, Personal.NAME]
    referrer: str | None
    language: str
    mode: Literal["bot", "agent"]
    epoch: int
    owner: str | None
    waits_for_person: Annotated[bool, Field(description="Whether any alarm is open.")]
    alarms: Annotated[list[LeadAlarmShown], Field(description="Each closes by itself when its cause is gone.")]
    opted_out: bool
    unstable_since: Annotated[
        str | None, Field(description="Since when they move, call off or stay away too often (`sop.unstable`).")
    ] = None
    last_inbound_at: str | None
    window_expires_at: str | None
    open_booking: str | None
    timezone: str


class LeadList(ItemPage[LeadShown]):
    """Customers, the last who wrote first."""


class Line(EdgeModel):
    """One message."""

    id: str
    author: Annotated[
        Literal["customer", "bot", "agent", "note"],
        Field(description="note: a line among the staff, never sent; `by` says whose."),
    ]
    text: str
    at: str
    status: Annotated[str | None, Field(description="How far one of ours got; null for the customer's.")]
    perhaps_doubled: bool
    by: Annotated[str, Field(description="Who wrote a note; `system` where the house says what happened.")] = ""
    what: Annotated[str, Field(description="A stable word for what the house says; empty otherwise.")] = ""
    mentions: Annotated[tuple[str, ...], Field(description="Colleagues whom a note calls.")] = ()
    failure: Annotated[str | None, Field(description="Why it did not arrive; a value never changes meaning.")] = None
    code: Annotated[int | None, Field(description="Meta's error code, where it was Meta who refused.")] = None


class BotDraftShown(EdgeModel):
    """What the bot would say, and a person has to decide."""

    id: str
    text: str
    source: Annotated[str, Field(description="Where in the business file an answer stands; empty for other words.")]


class TranscriptShown(ItemPage[Line]):
    """Messages, oldest first, with the drafts that wait for a person; `next_cursor` leads to those before."""

    drafts: list[BotDraftShown]
    turn: Annotated[int, Field(description="What a send says it has `seen`.")] = 0


class TakingOver(EdgeModel):
    """Whose it is now, as far as the caller knows, and what they were writing."""

    instead_of: Annotated[
        Identifier | None, Field(description="The colleague who has it: without them it is not taken from them.")
    ] = None
    draft: Annotated[
        Annotated[StrictStr, StringConstraints(max_length=limits.TEXT), BeforeValidator(clean)] | None,
        Field(description="Becomes the reply's draft in the same commit."),
    ] = None


class HandingBack(EdgeModel):
    """What the colleagues should know."""

    note: Annotated[StrictStr, StringConstraints(max_length=limits.TEXT), BeforeValidator(clean)] = ""


class Queued(EdgeModel):
    """Stored; a worker sends it."""

    id: str
    status: Literal["queued"] = "queued"


class Epoch(EdgeModel):
    """How often the conversation has changed hands."""

    epoch: int


class NumberConfirmed(EdgeModel):
    """A partner's number that is theirs again."""

    id: Annotated[str, Field(description="Their thread.")]
    phone: Annotated[str, Field(description="As the business file has it.")]


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
