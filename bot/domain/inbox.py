"""A conversation as the staff work on it: what they have read, written and not sent, put off, and planned for later.

It lives in the lead, so that it changes in the same commit as mode, owner and outbox, is sealed with them and is erased
with the customer.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.ids import AgentId

CUSTOMER: Final = "customer"
BOT: Final = "bot"
IN_THE_APP: Final = AgentId("whatsapp-app")
"""Whoever of the staff writes in the messenger's own app: it does not say who."""
MOST_PREVIEW: Final = 120
"""Letters of the last message that a row shows."""
MOST_LATER: Final = 10
"""Messages that wait for their time in one conversation."""
MOST_SPEAKERS: Final = 10
BEFORE_START: Final = timedelta(hours=2)
"""How long before its booking begins a conversation that sleeps until then wakes."""


class DraftKind(StrEnum):
    """What somebody was writing: the two are never mixed up."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class StaffDraft:
    """Words that a person has not sent yet."""

    kind: DraftKind
    by: AgentId
    text: str = field(repr=False)
    at: datetime
    revision: int = 1
    """Grows with each save, and never begins again in one conversation: an older one is never taken for a newer."""


class SnoozeKind(StrEnum):
    """What a conversation sleeps until."""

    TIME = "time"
    PAID = "paid"
    """Its booking is paid, or is over."""
    BEFORE_START = "before_start"
    """Two hours before its booking begins, wherever it is moved to."""
    ANSWERED = "answered"
    """The customer says something."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """A conversation that nobody needs to see for now. A customer's word that wants an answer ends each of them."""

    kind: SnoozeKind
    by: AgentId
    since: datetime
    until: datetime | None = None
    """The exact time, where there is one."""
    booking: str = ""
    """What it is tied to."""


class LaterStop(StrEnum):
    """Why a message that was planned did not go at its time; its words are kept for a person."""

    WINDOW_CLOSED = "window_closed"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class LaterSend:
    """A person's words that are to go at a time."""

    id: str
    by: AgentId
    body: str = field(repr=False)
    at: datetime
    booking: str = ""
    """Not sent where this booking was cancelled before."""
    stopped: LaterStop | None = None


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """What the inbox knows of one conversation besides mode and owner."""

    preview: str = field(default="", repr=False)
    """The beginning of what was said last."""
    last_speaker: str = ""
    """`customer`, `bot`, or the id of whoever of the staff spoke last; empty before the first word."""
    last_at: datetime | None = None
    woke_at: datetime | None = None
    """When it came back from being put off; until somebody has looked."""
    waiting_since: datetime | None = None
    """Since when the customer's words wait for a person."""
    words: int = 0
    """Messages of the customer's so far."""
    read: int = 0
    """Of these, how many somebody of the staff has seen."""
    turn: int = 0
    """Grows with each word of the customer's or of the staff's: what a send says it has seen."""
    spoke: tuple[tuple[str, int], ...] = ()
    """Who spoke at which turn last, the latest last: a send is refused once when anybody else spoke after what it has
    seen."""
    drafts: tuple[StaffDraft, ...] = ()
    revision: int = 0
    """Of the draft that was saved last."""
    snooze: Snooze | None = None
    later: tuple[LaterSend, ...] = ()
    last_owner: AgentId | None = None
    """Who had it before it went back to the bot or to the queue: a guest who returns goes to them while on duty."""

    @property
    def unread(self) -> int:
        """The customer's messages that nobody has seen."""
        return max(0, self.words - self.read)

    def draft(self, kind: DraftKind) -> StaffDraft | None:
        """What is being written, if anything is."""
        return next((draft for draft in self.drafts if draft.kind is kind), None)

    def with_draft(self, draft: StaffDraft) -> "InboxEntry":
        """The entry with that draft in place of the one before."""
        others = tuple(one for one in self.drafts if one.kind is not draft.kind)
        return replace(self, drafts=(*others, draft), revision=max(self.revision, draft.revision))

    def without_draft(self, kind: DraftKind) -> "InboxEntry":
        """The entry with nothing of that kind being written."""
        return replace(self, drafts=tuple(one for one in self.drafts if one.kind is not kind))

    def spoken(self, who: str, at: datetime, words: str) -> "InboxEntry":
        """The entry after somebody spoke: one turn more."""
        turn = self.turn + 1
        others = tuple(one for one in self.spoke if one[0] != who)
        return replace(self.previewed(who, at, words), turn=turn, spoke=(*others, (who, turn))[-MOST_SPEAKERS:])

    def previewed(self, who: str, at: datetime, words: str) -> "InboxEntry":
        """The entry with these words shown as the last ones."""
        return replace(self, preview=shortened(words), last_speaker=who, last_at=at)

    def spoken_since(self, seen: int, me: str) -> tuple[str, ...]:
        """Who else spoke after that turn."""
        return tuple(who for who, turn in self.spoke if turn > seen and who != me)

    def later_of(self, later_id: str) -> LaterSend | None:
        """That planned message, if it is still planned or stopped."""
        return next((one for one in self.later if one.id == later_id), None)

    def without_later(self, later_id: str) -> "InboxEntry":
        """The entry without that planned message."""
        return replace(self, later=tuple(one for one in self.later if one.id != later_id))


def shortened(words: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= MOST_PREVIEW else line[: MOST_PREVIEW - 1].rstrip() + "…"
