"""What somebody on call is told of the queue in their own thread, and what they order from there."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from bot.domain.attention import AttentionEnd, Severity
from bot.domain.ids import EventId
from payments.domain.money import Money


@dataclass(frozen=True, slots=True)
class AttentionBrief:
    """A row as somebody on call may read it: no number, no words of a customer."""

    id: str
    reason: str
    severity: Severity
    since: datetime
    due_by: datetime
    who: str | None = None
    """The customer's or partner's name."""
    subject: str | None = None
    """A booking's reference, the id of a task, a payout or a refund."""
    amount: Money | None = None
    owner: str | None = None


class AttentionStep(StrEnum):
    """What a button of the queue does; the words stand in the buttons' ids."""

    TAKE = "take"
    PASS_ON = "pass"  # noqa: S105
    """They cannot look now: the next on call is told."""


class AttentionResult(StrEnum):
    """What became of a step; the words stand in the keys of what is said of it."""

    TAKEN = "taken"
    PASSED_ON = "passed_on"
    ANOTHERS = "anothers"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StepAttention:
    """Take a row, or have the next on call told of it."""

    phone: str
    row: str
    stage: int
    step: AttentionStep
    kind: Literal["step_attention"] = "step_attention"


@dataclass(frozen=True, slots=True)
class FindAttention:
    """Look up what waits."""

    phone: str
    kind: Literal["find_attention"] = "find_attention"


@dataclass(frozen=True, slots=True)
class AttentionTold:
    """Something waits, and they are asked to look. Id: by row and stage."""

    id: EventId
    at: datetime
    brief: AttentionBrief
    stage: int
    kind: Literal["attention_told"] = "attention_told"


@dataclass(frozen=True, slots=True)
class AttentionEnded:
    """What they took is over by itself. Id: by row."""

    id: EventId
    at: datetime
    brief: AttentionBrief
    kind: Literal["attention_ended"] = "attention_ended"


@dataclass(frozen=True, slots=True)
class AttentionStepped:
    """What became of their step. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    result: AttentionResult
    brief: AttentionBrief | None = None
    ended: AttentionEnd | None = None
    kind: Literal["attention_stepped"] = "attention_stepped"


@dataclass(frozen=True, slots=True)
class AttentionFound:
    """What waits, the earliest deadline first. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    briefs: tuple[AttentionBrief, ...]
    more: int = 0
    """How many are not among them."""
    kind: Literal["attention_found"] = "attention_found"


@dataclass(frozen=True, slots=True)
class WaitingReason:
    """How much of one reason waits."""

    reason: str
    count: int
    overdue: int = 0
    amounts: tuple[Money, ...] = ()
    """A sum a currency, of what has one."""


@dataclass(frozen=True, slots=True)
class OwnerDigestTold:
    """The owner's morning: what waits, the bookings of the day, the money of yesterday. Id: by day."""

    id: EventId
    at: datetime
    day: date
    waiting: tuple[WaitingReason, ...] = ()
    bookings: int = 0
    received: tuple[Money, ...] = ()
    refunded: tuple[Money, ...] = ()
    paid_out: tuple[Money, ...] = ()
    kind: Literal["owner_digest_told"] = "owner_digest_told"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.waiting or self.bookings or self.received or self.refunded or self.paid_out)


AttentionNews = AttentionTold | AttentionEnded | AttentionStepped | AttentionFound | OwnerDigestTold
AttentionOrder = StepAttention | FindAttention
