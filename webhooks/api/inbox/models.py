"""What the routes of the inbox take and answer."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, StringConstraints

from bot.domain import message_limits as limits
from bot.domain.inbox import DraftKind, LaterStop, SnoozeKind
from bot.store.inbox_views import InboxFilter, InboxTab
from webhooks.api.conversations.models import LeadPath, Line
from webhooks.edge.fields import (
    DEFAULT_PAGE_SIZE,
    Identifier,
    Moment,
    Otherwise,
    PageSize,
    PlaceInList,
    YesOrNo,
    clean,
    not_blank,
)
from webhooks.edge.models import AmountShown, EdgeModel, ItemPage

_Long = Annotated[StrictStr, StringConstraints(max_length=limits.TEXT), BeforeValidator(clean)]
_TooLong = Otherwise("text-too-long", f"A text has at most {limits.TEXT} characters.", 422, "string_too_long")
_Said = Annotated[_Long, AfterValidator(not_blank)]

# Asked -----------------------------------------------------------------------------------------------------------


class OrderAsked(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    """The last customer's word."""
    WAITING = "waiting"
    """Who has waited longest; only who waits."""
    DEADLINE = "deadline"
    """What is due first; only what is due at all."""


class InboxRowsQuery(EdgeModel):
    """Which part of the inbox."""

    tab: Annotated[InboxTab, Otherwise("unknown-tab", "tab is mine, unassigned or all.")] = InboxTab.ALL
    order: Annotated[OrderAsked, Otherwise("unknown-order", "order is newest, waiting or deadline.")] = (
        OrderAsked.NEWEST
    )
    only: Annotated[
        InboxFilter, Otherwise("unknown-filter", "only is every, unread, customer_last, closing or snoozed.")
    ] = InboxFilter.EVERY
    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class CountsQuery(EdgeModel):
    """Of which tab the filters are counted."""

    tab: Annotated[InboxTab, Otherwise("unknown-tab", "tab is mine, unassigned or all.")] = InboxTab.ALL


class MentionsQuery(EdgeModel):
    """Which part of a list."""

    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class SearchQuery(EdgeModel):
    """What is looked for."""

    q: Annotated[StrictStr, StringConstraints(min_length=2, max_length=200), BeforeValidator(clean)]
    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class LaterPath(LeadPath):
    """Which planned message."""

    later_id: Identifier


class LinePath(LeadPath):
    """Which message of theirs."""

    message_id: Identifier


class Reading(EdgeModel):
    """That it was seen, or is to look unseen."""

    unread: YesOrNo = False


class DraftWritten(EdgeModel):
    """What is being written; empty words throw it away."""

    kind: DraftKind
    text: Annotated[_Long, _TooLong]
    base: Annotated[StrictInt, Field(ge=0, description="The revision it was written on; 0 where there was none.")] = 0


class NewNote(EdgeModel):
    """Words among the staff."""

    text: Annotated[_Said, _TooLong]
    mentions: Annotated[tuple[Identifier, ...], Field(max_length=20)] = ()


class Assignment(EdgeModel):
    """Whose it is to be; null: nobody's."""

    agent: Identifier | None


class Snoozing(EdgeModel):
    """Until what it is put off."""

    kind: SnoozeKind
    until: Annotated[Moment | None, Field(description="For `time`.")] = None
    booking: Annotated[Identifier | None, Field(description="For `paid` and `before_start`.")] = None


class LaterWritten(EdgeModel):
    """Words that are to go at a time."""

    text: Annotated[_Said, _TooLong]
    at: Moment
    booking: Annotated[Identifier | None, Field(description="It does not go where this booking is cancelled.")] = None


class LookingAt(EdgeModel):
    """That the caller looks at a conversation now."""

    typing: YesOrNo = False


class TemplateChosen(EdgeModel):
    """Which of the fitting templates."""

    name: Identifier
    seen: Annotated[StrictInt | None, Field(ge=0)] = None


class OnDuty(EdgeModel):
    """What the caller says of their own time."""

    on_duty: YesOrNo
    capacity: Annotated[StrictInt | None, Field(ge=1, le=100)] = None


# Answered --------------------------------------------------------------------------------------------------------


class ConversationNamed(EdgeModel):
    """Done, or written down to be done; of which conversation."""

    id: Annotated[str, Field(description="As it was asked for.")]


class StaffDraftShown(EdgeModel):
    """What somebody is writing."""

    kind: DraftKind
    by: str
    text: str
    at: str
    revision: int


class SnoozeShown(EdgeModel):
    """Until what it is put off."""

    kind: SnoozeKind
    by: str
    since: str
    until: Annotated[str | None, Field(description="The exact time, where there is one.")]
    booking: str | None


class LaterShown(EdgeModel):
    """Words that wait for their time, or that could not go."""

    id: str
    by: str
    text: str
    at: str
    booking: str | None
    stopped: Annotated[LaterStop | None, Field(description="Why it did not go; null: it waits for its time.")]


class PresentShown(EdgeModel):
    """Who looks at it now."""

    agent: str
    typing: bool


class InboxRow(EdgeModel):
    """One conversation of the inbox."""

    id: str
    name: str | None
    language: str
    mode: Literal["bot", "agent"]
    owner: str | None
    preview: Annotated[str, Field(description="The beginning of what was said last.")]
    last_speaker: Annotated[str, Field(description="customer, bot, or who of the staff; empty: nobody yet.")]
    last_at: str | None
    last_inbound_at: str | None
    unread: int
    waiting_since: str | None
    waited_minutes: Annotated[int, Field(description="Of the time since then, the minutes in which people answer.")]
    window_closes_at: str | None
    deadline_at: str | None
    draft: Annotated[StaffDraftShown | None, Field(description="The reply that is being written.")]
    bot_draft: Annotated[bool, Field(description="Whether the bot's suggestion waits for a person.")]
    snooze: SnoozeShown | None
    waits_for_person: bool
    open_booking: str | None
    turn: int
    present: list[PresentShown]


class InboxRows(ItemPage[InboxRow]):
    """A part of the inbox."""


class InboxEntryShown(InboxRow):
    """One conversation with all that the staff keep at it."""

    drafts: list[StaffDraftShown]
    later: list[LaterShown]


class InboxCounts(EdgeModel):
    """How many there are of each, 1000 for more."""

    mine: int
    unassigned: int
    all: int
    waiting: int
    unread: int
    customer_last: int
    closing: int
    snoozed: int


class DraftKept(EdgeModel):
    """What is being written now; null: nothing."""

    draft: StaffDraftShown | None


class NoteKept(EdgeModel):
    """The line's id."""

    id: str


class CannedShown(EdgeModel):
    """Ready words, filled for this customer."""

    id: str
    title: str
    text: str
    blanks: Annotated[list[str], Field(description="Facts that nobody knows; they stand in the text as [name].")]
    language: str


class CannedList(ItemPage[CannedShown]):
    """The house's ready words."""


class TemplateShown(EdgeModel):
    """A template that fits, as the customer will read it."""

    name: str
    language: str
    text: str
    category: str
    cost: Annotated[AmountShown | None, Field(description="Null where the business file has no price.")]


class TemplateList(ItemPage[TemplateShown]):
    """Templates that fit, the most particular first."""


class MentionShown(EdgeModel):
    """A note that calls the caller."""

    lead_id: str
    line: Line


class MentionList(ItemPage[MentionShown]):
    """Notes that call the caller, the newest first."""


class AvailabilityShown(EdgeModel):
    """Whether somebody is on duty."""

    agent: str
    on_duty: bool
    since: str
    capacity: int | None
    waiting: Annotated[int, Field(description="Conversations of theirs in which a customer waits.")]


class AvailabilityList(ItemPage[AvailabilityShown]):
    """Everybody who ever said whether they are."""


class FoundWhy(StrEnum):
    """By what it was found."""

    REFERENCE = "reference"
    NUMBER = "number"
    NAME = "name"
    AMOUNT = "amount"
    DAY = "day"
    WORDS = "words"


class Found(EdgeModel):
    """A conversation that was found."""

    why: FoundWhy
    booking: str | None
    line: Annotated[Line | None, Field(description="The words that were found.")]
    row: InboxRow


class FoundList(ItemPage[Found]):
    """What was found, the surest first; `opens` is the one that an exact reference names."""

    opens: str | None
