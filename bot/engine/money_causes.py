"""What of money waits for a person: the cashier's open alarms, and payouts and refunds that nothing moves but a person.

A refund or payout whose customer has the alarm is that customer's row; here is what no customer tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alarms import AlarmReason
from bot.domain.attention import AttentionCause, AttentionSubject, kind_of_money, reason_of_money
from payments.domain.alarm import IN_THEIR_WORDS, AlarmKind, OpenAlarm
from payments.domain.money import Money
from payments.domain.payout import Payout, PayoutState
from payments.domain.refund import Refund, RefundState
from payments.services.alarms import AlarmService
from payments.store.store import Store

_ABOUT = {
    AlarmKind.REFUND_NEEDS_APPROVAL: AttentionSubject.REFUND,
    AlarmKind.SENT_TWICE: AttentionSubject.PAYOUT,
    AlarmKind.PAYEE_WITHOUT_ACCOUNT: AttentionSubject.PAYEE,
    AlarmKind.PAYEE_BELOW_ZERO: AttentionSubject.PAYEE,
    AlarmKind.PAYOUT_ACCOUNT_PROPOSED: AttentionSubject.PAYEE,
    AlarmKind.PAYOUT_ACCOUNT_CHANGED: AttentionSubject.PAYEE,
    AlarmKind.PAYOUT_DISPUTED: AttentionSubject.PAYEE,
}
_AS_SUM = ("amount", "currency")
_WHOSE = "thread"
_MOST = 500


@dataclass(frozen=True, slots=True)
class MoneyCauses:
    """Reads the records of money; whether a provider is set up or not."""

    store: Store

    async def found(self) -> list[AttentionCause]:
        """All of it, the alarms first."""
        alarms = await self.store.alarms.find({"open": True}, most=_MOST)
        refunds = {
            one.subject: amount
            for one in alarms
            if one.kind is AlarmKind.REFUND_NEEDS_APPROVAL
            and (amount := await self.amount_of(AlarmReason.REFUND_FAILED.value, one.subject)) is not None
        }
        causes = [_of_alarm(one, refunds.get(one.subject)) for one in alarms]
        stuck = await self.store.payouts.every({"state": PayoutState.PERSON.value})
        # one without an account is asked for it in chat; where it cannot be, the customer has the alarm
        failed = await self.store.refunds.every({"state": RefundState.PERSON.value})
        causes += [_of_transfer(one, AlarmReason.PAYOUT_STUCK, AttentionSubject.PAYOUT) for one in stuck]
        causes += [_of_transfer(one, AlarmReason.REFUND_FAILED, AttentionSubject.REFUND) for one in failed]
        return causes

    async def amount_of(self, reason: str, subject: str) -> Money | None:
        """The sum that a payout or refund is about; none where it is neither."""
        if reason == AlarmReason.PAYOUT_STUCK.value:
            payout = await self.store.payouts.load(subject)
            return None if payout is None else payout.amount
        if reason in {AlarmReason.REFUND_FAILED.value, AlarmReason.REFUND_NEEDS_ACCOUNT.value}:
            refund = await self.store.refunds.load(subject)
            return None if refund is None else refund.amount
        return None

    async def seen(self, reason: str, subject: str, now: datetime) -> None:
        """A person has seen to an alarm that nothing else ends."""
        kind = kind_of_money(reason)
        if kind is not None:
            await AlarmService(self.store).close(kind, subject, now)


def without_twins(causes: Sequence[AttentionCause]) -> list[AttentionCause]:
    """Of a payout or refund that customers have the alarm of, what the record says besides is left out."""
    told = {(one.reason, one.subject) for one in causes if one.thread is not None and one.source != "money"}
    return [one for one in causes if one.source != "money" or (one.reason, one.subject) not in told]


def _of_alarm(alarm: OpenAlarm, amount: Money | None) -> AttentionCause:
    about = _ABOUT.get(alarm.kind, AttentionSubject.RECORD)
    known, thread = dict(alarm.facts), None
    if alarm.kind is AlarmKind.PAYOUT_DISPUTED:
        amount, thread = _sum_of(known), known.pop(_WHOSE, None)
        known = {name: said for name, said in known.items() if name not in _AS_SUM}
    longest = {IN_THEIR_WORDS: 300}
    facts = tuple((name, str(said)[: longest.get(name, 120)]) for name, said in known.items() if said is not None)
    reason, whose = reason_of_money(alarm.kind), None if thread is None else str(thread)
    return AttentionCause("money", reason, alarm.subject, about, alarm.opened_at, whose, amount=amount, facts=facts)


def _sum_of(facts: Mapping[str, str | int | None]) -> Money | None:
    amount, currency = (facts.get(name) for name in _AS_SUM)
    return Money(amount, currency) if isinstance(amount, int) and isinstance(currency, str) else None


def _of_transfer(record: Payout | Refund, reason: AlarmReason, about: AttentionSubject) -> AttentionCause:
    facts = (("why", str(record.reason or "")),)
    return AttentionCause(
        "money",
        reason.value,
        record.id,
        about,
        record.made_at,
        amount=record.amount,
        facts=facts,
        occurrence=str(record.revision),
    )
