"""The machine of a row of attention: opened, told, taken, come back, ended; every step as a value, whoever takes it.

The law of it: while a row is open it has a reason and a next look. An owner is a pause between two looks and no end:
what somebody took and did not end comes back. Only the end of its cause ends it, and that wins over everything else.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.business.attention import ANY, ON_CALL, WEBHOOK
from bot.business.definition import Business
from bot.domain.alarms import AlarmReason
from bot.domain.attention import (
    MOST_ASKED,
    Attention,
    AttentionAct,
    AttentionAsked,
    AttentionCause,
    AttentionEnd,
    HouseReason,
    Severity,
    reason_of_money,
)
from bot.domain.change import Requester
from payments.domain.alarm import AlarmKind

CRITICAL_WITHIN: Final = timedelta(minutes=15)
MILD_WITHIN: Final = timedelta(hours=24)
_CRITICAL: Final = frozenset(
    {
        # somebody waits for an answer now
        AlarmReason.ASKED_FOR_PERSON.value,
        AlarmReason.OWNER_LEFT.value,
        AlarmReason.CHANGE_FAILED.value,
        AlarmReason.COMPLAINT_LATE.value,
        AlarmReason.NO_SHOW_PROPOSED.value,
        AlarmReason.WORDS_WAIT.value,
        HouseReason.REPLY_OVERDUE.value,
        HouseReason.APPROVAL_WAITS.value,
        # something that was promised and paid is in danger
        AlarmReason.PAID_WITHOUT_TIME.value,
        AlarmReason.PAID_AND_CLOSED.value,
        AlarmReason.NO_TIME_TO_PAY.value,
        AlarmReason.TASK_UNFILLED.value,
        AlarmReason.TASK_PROBLEM.value,
        AlarmReason.NUMBER_LOST.value,
        # money that runs away, or nothing that runs at all
        AlarmReason.CHARGEBACK.value,
        reason_of_money(AlarmKind.SENT_TWICE),
        reason_of_money(AlarmKind.PAYOUT_ACCOUNT_PROPOSED),
        HouseReason.SENDING_PAUSED.value,
        HouseReason.ACCOUNT_NEWS.value,
        HouseReason.NOBODY_ON_DUTY.value,
    }
)
"""What is told at once where the business file says nothing of it."""


class AttentionRefusal(StrEnum):
    """Why a step changes nothing; the words are types of problem documents."""

    NO_SUCH = "no-such-attention"
    CLOSED = "attention-closed"
    TAKEN = "attention-taken"
    NOT_TAKEN = "attention-not-taken"
    ENDS_BY_ITSELF = "attention-ends-by-itself"


class AttentionRefused(Exception):
    """The step changes nothing; the row as it stands, where there is one."""

    def __init__(self, why: AttentionRefusal, row: Attention | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.row = row


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """How urgent a reason is, and who hears of it."""

    severity: Severity
    within: timedelta
    tell: tuple[str, ...] = (ON_CALL, WEBHOOK)

    def tells_webhook(self) -> bool:
        """Whether the address of the business hears of it, where one is set up."""
        return self.severity is Severity.CRITICAL and WEBHOOK in self.tell


def policy_of(business: Business, reason: str) -> EscalationPolicy:
    """What the business file says of that reason, else what is usual."""
    for rule in business.escalations:
        if reason in rule.on or ANY in rule.on:
            return EscalationPolicy(rule.severity, timedelta(minutes=rule.answer_within), rule.tell)
    if reason in _CRITICAL:
        return EscalationPolicy(Severity.CRITICAL, CRITICAL_WITHIN)
    return EscalationPolicy(Severity.MILD, MILD_WITHIN)


@dataclass(frozen=True, slots=True)
class Duty:
    """Who could look, at one moment, for one row."""

    now: datetime
    policy: EscalationPolicy
    on_call: tuple[str, ...]
    """By name, the first to be told first; only who may be told now."""
    is_desk_open: bool
    digest_at: datetime
    """When the next digest speaks."""
    again_after: timedelta
    rounds: int
    stays_taken: timedelta


def duty_of(business: Business, reason: str, now: datetime, *, is_staffed: bool | None = None) -> Duty:
    """Who could look at something of that reason now; `is_staffed`: whether anybody says that they are on duty, none
    where nobody ever said so, and the hours of the file count."""
    policy, zone, rules = policy_of(business, reason), business.zone, business.sop.attention
    local = now.astimezone(zone)
    people = [person for person in business.on_call if person.is_on_duty(now, zone)]
    if ON_CALL not in policy.tell:
        by_name = {person.name: person for person in people}
        people = [by_name[name] for name in policy.tell if name in by_name]
    is_closed_day = any(local.date() in off for off in business.closed)
    is_open = not is_closed_day and business.agents.hours.is_open(local.date(), local.hour * 60 + local.minute)
    return Duty(
        now,
        policy,
        tuple(person.name for person in people),
        is_open if is_staffed is None else is_staffed,
        next_digest(business, now),
        timedelta(minutes=rules.again_minutes),
        rules.rounds,
        timedelta(hours=rules.taken_hours),
    )


def next_digest(business: Business, now: datetime) -> datetime:
    """The first moment after this one at which the digest speaks."""
    at, local = business.sop.attention.digest_at, now.astimezone(business.zone)
    wall = local.replace(hour=at // 60, minute=at % 60, second=0, microsecond=0, tzinfo=None)
    moment = wall.replace(tzinfo=business.zone).astimezone(now.tzinfo)
    if moment <= now:
        moment = (wall + timedelta(days=1)).replace(tzinfo=business.zone).astimezone(now.tzinfo)
    return moment


def is_digest_time(business: Business, now: datetime) -> bool:
    """Whether the hour of today's digest came within the last four: later it is no word of a morning."""
    local = now.astimezone(business.zone)
    return 0 <= local.hour * 60 + local.minute - business.sop.attention.digest_at < 4 * 60


def opened(cause: AttentionCause, duty: Duty) -> Attention:
    """The row of that cause, to be looked at at once."""
    policy, now = duty.policy, duty.now
    # what is to be done later began when it was seen
    began = replace(cause, since=min(cause.since, now))
    return Attention(cause.id, began, policy.severity, cause.due or began.since + policy.within, now)


def told_anew(row: Attention, cause: AttentionCause) -> Attention:
    """The row with what its source says of it now: another deadline, another sum."""
    due_by = cause.due or row.due_by
    if (row.due_by, row.cause.amount, row.cause.facts) == (due_by, cause.amount, cause.facts):
        return row
    facts = replace(row.cause, due=cause.due, amount=cause.amount, facts=cause.facts)
    return _after(replace(row, cause=facts, due_by=due_by))


def looked_at(row: Attention, duty: Duty) -> Attention:
    """The row after a look at it, when its moment has come: somebody is told, or is not, and it has a next look."""
    if not row.is_open or row.next_at > duty.now:
        return row
    if row.owner is not None:
        # whoever took it has had their time
        row = replace(row, owner=None, role=None, taken_at=None)
    if duty.policy.severity is Severity.MILD:
        return _after(replace(row, severity=Severity.MILD, next_at=duty.digest_at, round=0, asked=()))
    row = replace(row, severity=Severity.CRITICAL)
    known = {one.who for one in row.asked}
    following = next((who for who in duty.on_call if who not in known), None)
    if following is not None:
        asked = (*row.asked, AttentionAsked(following, duty.now, row.stage + 1))[-MOST_ASKED:]
        told = replace(row, stage=row.stage + 1, asked=asked, untold_since=duty.now, is_unheard=False)
        return _after(replace(told, next_at=duty.now + duty.policy.within))
    if not row.asked:
        # people at the desk see it; else nobody does, and the list says so
        return _after(replace(row, next_at=duty.now + duty.policy.within, is_unheard=not duty.is_desk_open))
    if row.round + 1 < duty.rounds:
        return _after(replace(row, round=row.round + 1, asked=(), next_at=duty.now + duty.again_after))
    # they are not woken all night: the digest says it, and then it begins again
    return _after(replace(row, round=0, asked=(), next_at=max(duty.digest_at, duty.now + duty.again_after)))


def taken(row: Attention, owner: str, role: str | None, duty: Duty) -> Attention:
    """Somebody looks at it; once more by the same changes nothing. AttentionRefused."""
    if not row.is_open:
        raise AttentionRefused(AttentionRefusal.CLOSED, row)
    if row.owner is not None and row.owner != owner:
        raise AttentionRefused(AttentionRefusal.TAKEN, row)
    if row.owner == owner:
        return row
    mine = replace(row, owner=owner, role=role, taken_at=duty.now, untold_since=None, is_unheard=False)
    return _after(replace(mine, round=0, asked=(), next_at=duty.now + duty.stays_taken))


def released(row: Attention, duty: Duty) -> Attention:
    """Whoever has it gives it back, and others are told. AttentionRefused."""
    if not row.is_open:
        raise AttentionRefused(AttentionRefusal.CLOSED, row)
    if row.owner is None:
        raise AttentionRefused(AttentionRefusal.NOT_TAKEN, row)
    # they are not the first to be told of it again
    asked = (AttentionAsked(row.owner, duty.now, row.stage),)
    return _after(replace(row, owner=None, role=None, taken_at=None, asked=asked, next_at=duty.now))


def passed_on(row: Attention, who: str, stage: int, duty: Duty) -> Attention:
    """Whoever was told last cannot look, or could not be reached: the next hears of it now. AttentionRefused."""
    if not row.is_open:
        raise AttentionRefused(AttentionRefusal.CLOSED, row)
    if row.owner is not None and row.owner != who:
        raise AttentionRefused(AttentionRefusal.TAKEN, row)
    if row.owner == who:
        return released(row, duty)
    if row.stage != stage or not row.asked or row.asked[-1].who != who:
        # another has been told since: nothing is left to pass on
        return row
    return _after(replace(row, next_at=duty.now, untold_since=None))


def ended(row: Attention, how: AttentionEnd, now: datetime) -> Attention:
    """It waits for nobody any more, whoever had it."""
    if not row.is_open:
        return row
    # whoever had it hears of it; who was only asked does not
    untold_since = now if row.owner is not None else None
    return _after(replace(row, closed_at=now, ended=how, untold_since=untold_since))


def acted(before: Attention, after: Attention, what: str, by: Requester, now: datetime) -> Attention:
    """The row after a step of somebody's, with what goes on record of it; a step that changed nothing was none."""
    if after == before:
        return after
    act = AttentionAct(what, by.person, by.role, now, after.revision)
    return replace(after, unrecorded=(*after.unrecorded, act))


def brought(row: Attention) -> Attention:
    """The word is in the thread of whoever is told."""
    return row if row.untold_since is None else _after(replace(row, untold_since=None))


def _after(row: Attention) -> Attention:
    return replace(row, revision=row.revision + 1)
