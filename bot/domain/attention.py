"""Attention: what waits for a person, as one list whoever says so: a lead, a partner, a task, money, the house itself.

A cause is what somebody else knows (a lead's alarm, a payout that is stuck); a row is that cause as people work it off:
with an owner or a next look, told to whom, taken by whom, and how it ended. Values only.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.alarms import AlarmReason, LeadAlarm
from payments.domain.alarm import AlarmKind
from payments.domain.money import Money

_PREFIX: Final = "at-"
_OF_MONEY: Final = "money_"
MOST_ASKED: Final = 20
"""So many of those who were told stand with a row; the earliest are forgotten first."""


class Severity(StrEnum):
    """Whether somebody is told at once."""

    CRITICAL = "critical"
    """Told at once, to one after the other until somebody takes it."""
    MILD = "mild"
    """Told in the digest of the morning."""


class AttentionSubject(StrEnum):
    """What a row is about."""

    LEAD = "lead"
    PARTNER = "partner"
    BOOKING = "booking"
    TASK = "task"
    PAYOUT = "payout"
    REFUND = "refund"
    PAYEE = "payee"
    RECORD = "record"
    """Another record of money: a payable, a callback, a row of the statement."""
    DELIVERY = "delivery"
    ACCOUNT = "account"
    """Our account at the messenger, with its templates and numbers."""
    HOUSE = "house"
    """This installation."""


class HouseReason(StrEnum):
    """Why a person has to look where no lead, partner or record of money says it. The words are stored and shown."""

    SENDING_PAUSED = "sending_paused"
    """Our account is refused, so nothing is sent at all."""
    ACCOUNT_NEWS = "account_news"
    """Meta says something grave of our account, a number or a template."""
    ACCOUNT_WARNING = "account_warning"
    """A template is paused or turned down, a number has lost quality: something will not be sent."""
    TEMPLATE_STOPPED = "template_stopped"
    """A template of ours is paused, turned down or moved to another category; others go in its place where they can."""
    DELIVERY_PARKED = "delivery_parked"
    """Something came in that no lead has and that could not be used."""
    ORDERS_KEPT = "orders_kept"
    """Orders of a version that this one does not know."""
    DELIVERIES_PASSED_BY = "deliveries_passed_by"
    LEADS_RESTING = "leads_resting"
    """Customers whose visit failed, and who are left alone for a while."""
    TASKS_NOT_CARRIED = "tasks_not_carried"
    """The outside task system does not take what it is told."""
    APPROVAL_WAITS = "approval_waits"
    """A booking waits for the yes of a person of the house."""
    TASK_WAITS = "task_waits"
    """A person wrote down that somebody has to look at it."""
    REPLY_OVERDUE = "reply_overdue"
    """An agent has the conversation, and the customer has waited too long for a word."""
    NOBODY_ON_DUTY = "nobody_on_duty"
    """Something critical waits, the desk is closed, and nobody is on call."""


WAITED_BEFORE: Final = "waited_before"
"""What is shown of `AlarmReason.BEFORE`, whose stored word has a blank."""


def reason_of(alarm: LeadAlarm) -> str:
    """The reason of an alarm as rows and business files name it."""
    return WAITED_BEFORE if alarm.reason is AlarmReason.BEFORE else alarm.named or alarm.reason.value


def reason_of_money(kind: AlarmKind) -> str:
    """The reason of an alarm of the cashier's."""
    return f"{_OF_MONEY}{kind.value}"


def kind_of_money(reason: str) -> AlarmKind | None:
    """The cashier's alarm of that reason; none where it is none of theirs."""
    kind = reason.removeprefix(_OF_MONEY)
    return AlarmKind(kind) if reason.startswith(_OF_MONEY) and kind in set(AlarmKind) else None


_NEVER_KEPT: Final = frozenset({AlarmKind.BOOKS_DIFFER, AlarmKind.UNMATCHED_SEEN, AlarmKind.CHARGEBACK})
"""What the cashier says once and keeps no alarm of; a chargeback is its customer's alarm."""
REASONS: Final[tuple[str, ...]] = (
    *(WAITED_BEFORE if reason is AlarmReason.BEFORE else reason.value for reason in AlarmReason),
    *(reason_of_money(kind) for kind in AlarmKind if kind not in _NEVER_KEPT),
    *(reason.value for reason in HouseReason),
)
"""Every reason a row can have, but those that only a later version knows."""

ENDED_BY_SEEING: Final = frozenset(
    {
        HouseReason.ACCOUNT_NEWS.value,
        HouseReason.ACCOUNT_WARNING.value,
        *(
            reason_of_money(kind)
            for kind in (
                AlarmKind.CALLBACK_UNREADABLE,
                AlarmKind.CALLBACK_NOT_CONFIRMED,
                AlarmKind.MONEY_UNREADABLE,
                AlarmKind.ROW_UNREADABLE,
                AlarmKind.RECORD_UNREADABLE,
                AlarmKind.AMOUNT_DIFFERS,
                AlarmKind.SENT_TWICE,
                AlarmKind.PAYABLE_SENT_BACK,
                AlarmKind.PAYOUT_ACCOUNT_CHANGED,
                AlarmKind.PAYEE_NOT_TOLD,
                AlarmKind.PAYOUT_DISPUTED,
            )
        ),
    }
)
"""What nothing but a person ends: they say that they have seen to it."""


@dataclass(frozen=True, slots=True)
class AttentionCause:
    """Why somebody has to look, as whoever knows it says it."""

    source: str
    """Who says it: rows of a source that could not be read stay as they are."""
    reason: str
    subject: str
    about: AttentionSubject
    since: datetime
    thread: str | None = None
    """Whose conversation it is: a lead or a partner."""
    due: datetime | None = None
    """By when, where its source says so."""
    amount: Money | None = None
    facts: tuple[tuple[str, str], ...] = ()
    """In plain words of the sender, naming no customer."""
    occurrence: str = ""
    """What tells this time from the one before; else the moment it began."""

    @property
    def id(self) -> str:
        """The row of it: the same cause seen twice is one row, and a later time of it another."""
        named = (self.reason, self.subject, self.thread or "", self.occurrence or self.since.isoformat())
        return _PREFIX + hashlib.sha256("\n".join(named).encode()).hexdigest()[:24]


class AttentionEnd(StrEnum):
    """How a row ended."""

    GONE = "gone"
    """Its cause is gone, whoever saw to it."""
    SEEN = "seen"
    """A person said that they have seen to it, and nothing else ends it."""


@dataclass(frozen=True, slots=True)
class AttentionAsked:
    """Somebody on call who was told of it."""

    who: str
    """The name in the business file."""
    at: datetime
    stage: int
    """The how-manieth telling of this row."""


@dataclass(frozen=True, slots=True)
class AttentionAct:
    """What a person did with a row, as it goes on record."""

    what: str
    by: str
    role: str
    at: datetime
    number: int
    """The revision it made, which names its record."""


@dataclass(frozen=True, slots=True)
class Attention:
    """A row: open until its cause is gone. While it is open it has a next look, and an owner once somebody took it."""

    id: str
    cause: AttentionCause
    severity: Severity
    due_by: datetime
    next_at: datetime
    """When it is looked at next, in business time."""
    owner: str | None = None
    role: str | None = None
    """In which role the owner took it."""
    taken_at: datetime | None = None
    stage: int = 0
    """How often somebody was told."""
    round: int = 0
    """How often everybody on call was told in vain."""
    asked: tuple[AttentionAsked, ...] = ()
    """Who was told in this round, the last one last."""
    untold_since: datetime | None = None
    """Since when the last of them waits to be told in truth: until the word is in their thread."""
    is_unheard: bool = False
    """Whether nobody could be told when it was looked at last: no desk open, nobody on call."""
    closed_at: datetime | None = None
    ended: AttentionEnd | None = None
    unrecorded: tuple[AttentionAct, ...] = ()
    """What people did with it and does not stand in the audit yet."""
    revision: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.closed_at is None
