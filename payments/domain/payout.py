"""Payables joined into one transfer to one account of one payee, and its life until the money is there or
back.

States: DRAFT (payables being taken, money being set aside), READY (to be sent at next_at), UNKNOWN (asked,
no answer: read the provider before asking again), ACCEPTED, SUCCEEDED, and after a failure WAITING_RETRY,
WAITING_FUNDS or PERSON. REVERSED and VOID give their payables back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, assert_never

from pydantic import Field

from payments.domain.events import TransferStatus
from payments.domain.ids import PayableId, PayeeId, PayoutAccountId, PayoutId, daily_payout_id, single_payout_id
from payments.domain.machine import Machine
from payments.domain.money import Money, total
from payments.domain.payables import Payable
from payments.domain.payees import Destination, PayeeAccount
from payments.domain.settlement import zone_of
from payments.domain.splits import Party
from payments.domain.transfer import Send, Transfer, TransferPause, next_poll


class PayoutState(StrEnum):
    """Where a payout stands."""

    DRAFT = "draft"
    READY = "ready"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    WAITING_RETRY = "waiting_retry"
    WAITING_FUNDS = "waiting_funds"
    PERSON = "person"
    SUCCEEDED = "succeeded"
    REVERSED = "reversed"
    VOID = "void"


_ENDED = frozenset({PayoutState.SUCCEEDED, PayoutState.REVERSED})
_FAILED = frozenset({PayoutState.WAITING_RETRY, PayoutState.WAITING_FUNDS, PayoutState.PERSON})
_ANSWERED = _ENDED | _FAILED | {PayoutState.ACCEPTED}
PAYOUT = Machine(
    "state",
    frozenset({PayoutState.DRAFT}),
    {
        PayoutState.DRAFT: frozenset({PayoutState.READY, PayoutState.VOID}),
        # An earlier sending that had failed may be reported as arrived before the next one is asked for.
        PayoutState.READY: frozenset({PayoutState.UNKNOWN, PayoutState.VOID}) | _ENDED,
        # Asked again under the same key it is unknown again; a person cannot void what may be on its way.
        PayoutState.UNKNOWN: _ANSWERED | {PayoutState.UNKNOWN},
        PayoutState.ACCEPTED: _ENDED | _FAILED,
        PayoutState.WAITING_RETRY: frozenset({PayoutState.UNKNOWN, PayoutState.VOID}) | _ENDED,
        PayoutState.WAITING_FUNDS: frozenset({PayoutState.UNKNOWN, PayoutState.VOID}) | _ENDED,
        # A refused sending may be reported after the refusal: what the provider says last counts.
        PayoutState.PERSON: frozenset({PayoutState.READY, PayoutState.VOID}) | _ANSWERED,
        PayoutState.SUCCEEDED: frozenset({PayoutState.REVERSED}),
        PayoutState.REVERSED: frozenset(),
        PayoutState.VOID: frozenset(),
    },
)
VOIDABLE = frozenset(state for state in PayoutState if PAYOUT.allows(state, PayoutState.VOID))
FINAL = frozenset({PayoutState.SUCCEEDED, PayoutState.REVERSED, PayoutState.VOID})
GIVES_BACK = frozenset({PayoutState.REVERSED, PayoutState.VOID})


class PayoutPace(StrEnum):
    """How due payables are joined."""

    DAILY = "daily"
    EACH = "each"


class DecisionKind(StrEnum):
    """What a person can decide about a payout."""

    RETRY = "retry"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class PayoutStep:
    """Who decided what, and why: kept in the payout itself, so that it is there exactly when the change is."""

    kind: DecisionKind
    by: str
    at: datetime
    reason: str | None = None


class Denial(StrEnum):
    """Why a decision about a payout changes nothing."""

    UNKNOWN = "no such payout"
    NOT_WAITING = "only a payout that waits for a person is sent again"
    NO_ACCOUNT = "the payee has no account in effect"
    UNDER_WAY = "its money may be on its way: what is unknown, accepted or out is never void"
    ENDED = "it has ended"


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One payable in a payout."""

    payable: PayableId
    reference: str
    party: Party
    amount: Money


@dataclass(frozen=True, slots=True)
class Payout(Transfer):
    """One transfer; its id is the idempotency key of the first sending, and its lines are the payables it
    pays."""

    id: PayoutId
    payee: PayeeId
    payout_account: Annotated[PayoutAccountId, Field(alias="account")]
    destination: Destination
    currency: str
    lines: tuple[PayoutLine, ...]
    made_at: datetime
    state: PayoutState = PayoutState.DRAFT
    decisions: tuple[PayoutStep, ...] = ()
    was_stuck: bool = False
    """Whether it ever waited for a person, so that whoever was called hears that it goes on."""

    @property
    def amount(self) -> Money:
        """What is sent."""
        return total((line.amount for line in self.lines), self.currency)

    def without(self, lost: Iterable[PayableId], now: datetime) -> "Payout":
        """A draft without payables that another payout has taken; of nothing, it is void."""
        gone = set(lost)
        left = replace(self, lines=tuple(line for line in self.lines if line.payable not in gone))
        # Debts may be all that is left, and a payout of less than nothing cannot be sent.
        return left if left.amount.amount > 0 else left.voided("nothing left to pay", "cashier", now)

    def ready(self, now: datetime) -> "Payout":
        """Its payables are taken and its money is set aside: the first sending may go."""
        if self.state is not PayoutState.DRAFT:
            return self
        return PAYOUT.move(self._with_new_send(self.id), PayoutState.READY, next_at=now)

    def asked(self, now: datetime, look_at: datetime) -> "Payout":
        """Stored before the call: from now on the outcome is unknown until somebody says it, and is looked
        up at `look_at`."""
        if self.state not in {
            PayoutState.READY,
            PayoutState.UNKNOWN,
            PayoutState.WAITING_RETRY,
            PayoutState.WAITING_FUNDS,
        }:
            return self
        return PAYOUT.move(self._asking(self.id, now), PayoutState.UNKNOWN, next_at=look_at)

    def refused(self, code: str) -> "Payout":
        """The provider would not take it: nothing left, a person must look."""
        if self.state is not PayoutState.UNKNOWN:
            return self
        # Refused outright, it would be refused again under any key.
        return PAYOUT.move(self, PayoutState.PERSON, reason=code, next_at=None, was_stuck=True)._revised()

    def _after(self, send: Send, now: datetime) -> "Payout":
        match send.status:
            case TransferStatus.ACCEPTED:
                return PAYOUT.move(self, PayoutState.ACCEPTED, next_at=next_poll(send.asked_at or now, now))
            case TransferStatus.SUCCEEDED:
                return PAYOUT.move(self, PayoutState.SUCCEEDED, reason=None, next_at=None)
            case TransferStatus.REVERSED:
                return PAYOUT.move(self, PayoutState.REVERSED, reason=send.failure_code, next_at=None)
            case TransferStatus.FAILED | TransferStatus.CANCELLED:
                pause, stopped = self._stopped(send.failure_code or send.status, now)
                was_stuck = self.was_stuck or pause is TransferPause.PERSON
                return PAYOUT.move(stopped, PayoutState(pause.value), was_stuck=was_stuck)
            case None:
                return self
            case _:
                assert_never(send.status)

    def polled(self, now: datetime) -> "Payout":
        """Looked at without news: look again later."""
        return self._looked_at(self.made_at, now)

    def denial_of(self, kind: DecisionKind) -> Denial | None:
        """Why a person cannot decide that now, none where they can."""
        if self.state in FINAL:
            return Denial.ENDED
        if kind is DecisionKind.VOID:
            # Given up while it may arrive, its payables would be paid a second time.
            return Denial.UNDER_WAY if self.is_out or self.state not in VOIDABLE else None
        return None if self.state is PayoutState.PERSON else Denial.NOT_WAITING

    def retried(self, account: PayeeAccount, by: str, now: datetime) -> "Payout":
        """Sent again by a person's word, to the payee's account of today, with tries to spare."""
        if self.denial_of(DecisionKind.RETRY) is not None:
            return self
        return PAYOUT.move(
            self._with_new_send(self.id),
            PayoutState.READY,
            payout_account=account.payout_account,
            destination=account.destination,
            tries=0,
            reason=None,
            next_at=now,
            decisions=(*self.decisions, PayoutStep(DecisionKind.RETRY, by, now)),
        )._revised()

    def voided(self, reason: str, by: str, now: datetime) -> "Payout":
        """Given up before any money left; its payables are owed again."""
        if self.denial_of(DecisionKind.VOID) is not None:
            return self
        decision = PayoutStep(DecisionKind.VOID, by, now, reason)
        return PAYOUT.move(
            self, PayoutState.VOID, reason="void", next_at=None, decisions=(*self.decisions, decision)
        )._revised()


def plan_payouts(
    payables: Sequence[Payable],
    accounts: Mapping[PayeeId, PayeeAccount],
    minimums: Mapping[str, int],
    pace: PayoutPace,
    now: datetime,
) -> tuple[Payout, ...]:
    """Due payables joined per payee, account and currency, what a party owes us deducted, nothing below the
    channel's minimum.

    `minimums` are in minor units by channel code; payees without an account wait for one.
    """
    owed: dict[tuple[PayeeId, str], list[Payable]] = {}
    # In one order always: planned by two cashiers, a payout of one id has the same lines.
    for payable in sorted(payables, key=lambda p: p.id):
        if payable.payee in accounts and payable.is_due(now):
            owed.setdefault((payable.payee, payable.share.currency), []).append(payable)
    groups: dict[PayoutId, list[Payable]] = {}
    for (payee, _), mine in owed.items():
        # What the payee owes us goes with the first that is owed to them, and with as many as it takes.
        debts = [payable for payable in mine if payable.net.amount <= 0]
        carried = total((payable.net for payable in debts), mine[0].share.currency)
        for payable in (payable for payable in mine if payable.net.amount > 0):
            id_ = _payout_id(payable, accounts[payee], pace, now)
            if carried.amount < 0 and pace is PayoutPace.EACH:
                debts.append(payable)
                carried += payable.net
                if carried.amount > 0:
                    groups[id_], debts = debts, []
            else:
                groups.setdefault(id_, debts).append(payable)
                debts = groups[id_] if pace is PayoutPace.DAILY else []
    drafts: list[Payout] = []
    for id_, group in groups.items():
        account = accounts[group[0].payee]
        draft = Payout(
            id=id_,
            payee=account.payee,
            payout_account=account.payout_account,
            destination=account.destination,
            currency=group[0].share.currency,
            lines=tuple(PayoutLine(p.id, p.reference, p.party, p.net) for p in group),
            made_at=now,
            next_at=now,
        )
        # Too little stays owed, and goes with what becomes due later.
        if draft.amount.amount > 0 and draft.amount.amount >= minimums.get(draft.destination.channel_code, 0):
            drafts.append(draft)
    return tuple(drafts)


def _payout_id(payable: Payable, account: PayeeAccount, pace: PayoutPace, now: datetime) -> PayoutId:
    currency = payable.share.currency
    match pace:
        case PayoutPace.DAILY:
            # The day of the account: a day in UTC would split one evening's bookings over two payouts.
            day = now.astimezone(zone_of(currency)).date().isoformat()
            return daily_payout_id(payable.payee, account.payout_account, currency, day)
        case PayoutPace.EACH:
            # One that came back is sent under a new id: under the old one the provider would answer the old transfer.
            return single_payout_id(payable.id, payable.reversals)
        case _:
            assert_never(pace)
