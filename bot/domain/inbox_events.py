"""What staff do with a conversation besides speaking in it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.ids import AgentId, EventId
from bot.domain.inbox import DraftKind, Snooze


@dataclass(frozen=True, slots=True)
class ConversationRead:
    """Somebody of the staff has seen it, or marks it as unseen."""

    id: EventId
    at: datetime
    by: AgentId
    unread: bool = False
    kind: Literal["conversation_read"] = "conversation_read"


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """A person goes on writing; empty words throw the draft away."""

    id: EventId
    at: datetime
    by: AgentId
    draft: DraftKind
    text: str
    base: int
    """The revision they wrote on; 0 where there was none."""
    kind: Literal["draft_saved"] = "draft_saved"


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """Words among the staff; they are never sent."""

    id: EventId
    at: datetime
    by: AgentId
    text: str
    mentions: tuple[AgentId, ...] = ()
    kind: Literal["note_written"] = "note_written"


class AssignedWhy(StrEnum):
    """Why a conversation changes its owner."""

    BY_HAND = "by_hand"
    FAIR_SHARE = "fair_share"
    """Given to who has least to do."""
    RETURNED = "returned"
    """Given to who had it before."""
    OFF_DUTY = "off_duty"
    """Its owner went off duty: back to the queue."""


@dataclass(frozen=True, slots=True)
class AgentAssigned:
    """The conversation is that person's; nobody's where none is named."""

    id: EventId
    at: datetime
    by: AgentId
    agent: AgentId | None
    why: AssignedWhy = AssignedWhy.BY_HAND
    kind: Literal["agent_assigned"] = "agent_assigned"


@dataclass(frozen=True, slots=True)
class ConversationSnoozed:
    """Put off until something happens, or taken up again."""

    id: EventId
    at: datetime
    by: AgentId
    snooze: Snooze | None
    kind: Literal["conversation_snoozed"] = "conversation_snoozed"


@dataclass(frozen=True, slots=True)
class LaterSendPlanned:
    """A person's words are to go at a time; its id names the message."""

    id: EventId
    at: datetime
    by: AgentId
    later: str
    body: str
    send_at: datetime
    booking: str = ""
    kind: Literal["later_send_planned"] = "later_send_planned"


@dataclass(frozen=True, slots=True)
class LaterSendDropped:
    """A planned message is not to go any more, or one that could not go has been seen to."""

    id: EventId
    at: datetime
    by: AgentId
    later: str
    kind: Literal["later_send_dropped"] = "later_send_dropped"


@dataclass(frozen=True, slots=True)
class AnswerNoted:
    """What a customer answered to a question of the house, as somebody heard it."""

    id: EventId
    at: datetime
    by: AgentId
    name: str
    """As `rules[].ask` of the business file calls it."""
    value: str = field(repr=False)
    kind: Literal["answer_noted"] = "answer_noted"


InboxEvent = (
    AnswerNoted
    | ConversationRead
    | DraftSaved
    | NoteWritten
    | AgentAssigned
    | ConversationSnoozed
    | LaterSendPlanned
    | LaterSendDropped
)
