"""An effect waiting in its thread's outbox: where it stands between decided and settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic

from bot.domain.commands import Author, Effect, Lane
from bot.domain.lead import Lead
from bot.domain.thread import AnyThread

CLAIM_GOOD_FOR = timedelta(seconds=5)
"""A claim not used by then is not used at all (checked on the monotonic clock before the first byte)."""
SETTLED_WITHIN = timedelta(seconds=15)
"""After this a claimed effect is settled or its outcome is unknown; the take-over waits no longer."""
UNKNOWN_WAITS = timedelta(seconds=20)
"""How long, with our door up, silence about an unknown send is waited out."""


class Status(StrEnum):
    """Between decided and settled; a settled effect is gone from the outbox."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    """Somebody is doing it, or died doing it."""
    UNKNOWN = "unknown"
    """It may or may not have been done; silence proves nothing."""
    DRAFT = "draft"
    """For a person to send."""


@dataclass(frozen=True, slots=True)
class QueuedEffect:
    """One effect in the outbox."""

    effect: Effect
    status: Status
    attempts: int
    """Refusals, and failures in our own code."""
    look_at: datetime
    """Real time before which nobody needs to look at it again."""
    claimed_at: datetime | None = None
    doubled: bool = False
    """Sent once more after an unknown send: perhaps doubled."""
    unsent: int = 0
    """Tries that never left: they say nothing about the message."""
    waits: int = 0
    """How often the channel asked to wait for this recipient."""
    reason: str | None = None
    """Why it is left in the queue, where it is."""

    @property
    def is_bot_chat(self) -> bool:
        """Whether the gate of the conversation mode applies to it."""
        return self.effect.lane is Lane.CHAT and self.effect.author is Author.BOT


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may perform a thread's effects, and until when if they do not say so again."""

    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class WantedLease:
    """The lease that a commit takes with it."""

    token: str
    seconds: float


# without slots: Python 3.11 cannot call an alias of a frozen generic class that has them
@dataclass(frozen=True)
class StoredThread(Generic[AnyThread]):
    """A thread as it stands in the database."""

    thread: AnyThread
    version: int
    outbox: tuple[QueuedEffect, ...] = ()
    handled: frozenset[str] = frozenset()
    """Events already decided whose deliveries may not be stamped yet."""
    merged_into: str | None = None
    lease: Lease | None = None

    @property
    def lead(self) -> AnyThread:
        """The same, by the name of most of them."""
        return self.thread

    def is_anothers(self, token: str, now: datetime) -> bool:
        """Whether somebody else has its lease, as far as the reader's clock can say."""
        return self.lease is not None and self.lease.token != token and self.lease.until > now

    def in_lane(self, lane: Lane) -> tuple[QueuedEffect, ...]:
        """What waits in that lane, in order, drafts left out."""
        return tuple(one for one in self.outbox if one.effect.lane is lane and one.status is not Status.DRAFT)


StoredLead = StoredThread[Lead]
