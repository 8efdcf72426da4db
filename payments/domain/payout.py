"""Payables joined into one transfer to one account of one payee, and its life until the money is there or
back.

States: DRAFT (payables being taken, money being set aside), READY (to be sent at next_at), UNKNOWN (asked,
no answer: read the provider before asking again), ACCEPTED, SUCCEEDED, and after a failure WAITING_RETRY,
WAITING_FUNDS or PERSON. REVERSED and VOID give their payables back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from payments.domain.events import TransferStatus
from payments.domain.ids import AccountId, PayableId, PayeeId, PayoutId, daily_payout_id, single_payout_id
from payments.domain.machine import Machine
from payments.domain.money import Money, total
from payments.domain.payables import Payable
from payments.domain.settlement import zone_of
from payments.domain.splits import Party
from payments.domain.transfer import Send, Transfer, next_poll


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


@dataclass(frozen=True, slots=True)
class Destination:
    """A bank account or wallet; personal data, never shown by repr and sealed before storage."""

    channel_code: str
    account_number: str = field(repr=False)
    account_holder_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """Where a payee is paid today; another account has another id."""

    payee: PayeeId
    account: AccountId
    destination: Destination
    version: int = 0


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
    account: AccountId
    destination: Destination
    currency: str
    lines: tuple[PayoutLine, ...]
    made_at: datetime
    state: PayoutState = PayoutState.DRAFT

    @property
    def amount(self) -> Money:
        """What is sent."""
        return total((line.amount for line in self.lines), self.currency)

    def without(self, lost: Iterable[PayableId]) -> "Payout":
        """A draft without payables that another payout has taken; of nothing, it is void."""
        gone = set(lost)
        left = replace(self, lines=tuple(line for line in self.lines if line.payable not in gone))
        return left if left.amount.amount > 0 else left.voided("nothing left to pay")

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
        return PAYOUT.move(self, PayoutState.PERSON, reason=code, next_at=None)._revised()

    def _after(self, send: Send, now: datetime) -> "Payout":
        match send.status:
            case TransferStatus.ACCEPTED:
                return PAYOUT.move(self, PayoutState.ACCEPTED, next_at=next_poll(send.asked_at or now, now))
            case TransferStatus.SUCCEEDED:
                return PAYOUT.move(self, PayoutState.SUCCEEDED, reason=None, next_at=None)
            case TransferStatus.REVERSED:
                return PAYOUT.move(self, PayoutState.REVERSED, reason=send.failure_code, next_at=None)
            case TransferStatus.FAILED | TransferStatus.CANCELLED:
                return self._failed(send.failure_code or send.status, now)
            case None:
                return self
            case _:
                assert_never(send.status)

    def _failed(self, code: str, now: datetime) -> "Payout":
        pause, stopped = self._stopped(code, now)
        return PAYOUT.move(stopped, PayoutState(pause.value))

    def polled(self, now: datetime) -> "Payout":
        """Looked at without news: look again later."""
        return self._looked_at(self.made_at, now)

    def retried(self, account: PayeeAccount, now: datetime) -> "Payout":
        """Sent again by a person's word, to the payee's account of today, with tries to spare."""
        if self.state is not PayoutState.PERSON:
            return self
        return PAYOUT.move(
            self._with_new_send(self.id),
            PayoutState.READY,
            account=account.account,
            destination=account.destination,
            tries=0,
            reason=None,
            next_at=now,
        )._revised()

    def voided(self, reason: str) -> "Payout":
        """Given up before any money left; its payables are owed again."""
        if self.state not in VOIDABLE or self.is_out:
            return self
        return PAYOUT.move(self, PayoutState.VOID, reason=reason, next_at=None)._revised()


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
    groups: dict[PayoutId, list[Payable]] = {}
    for payable in sorted(payables, key=lambda p: p.id):
        account = accounts.get(payable.payee)
        if account is None or not payable.is_due(now):
            continue
        groups.setdefault(_payout_id(payable, account, pace, now), []).append(payable)
    drafts = (_draft(id_, group, accounts[group[0].payee], now) for id_, group in groups.items())
    return tuple(
        draft
        for draft in drafts
        if draft.amount.amount > 0 and draft.amount.amount >= minimums.get(draft.destination.channel_code, 0)
    )


def _payout_id(payable: Payable, account: PayeeAccount, pace: PayoutPace, now: datetime) -> PayoutId:
    currency = payable.share.currency
    match pace:
        case PayoutPace.DAILY:
            day = now.astimezone(zone_of(currency)).date().isoformat()
            return daily_payout_id(payable.payee, account.account, currency, day)
        case PayoutPace.EACH:
            return single_payout_id(payable.id, payable.reversals)
        case _:
            assert_never(pace)


def _draft(id_: PayoutId, group: Sequence[Payable], account: PayeeAccount, now: datetime) -> Payout:
    return Payout(
        id=id_,
        payee=account.payee,
        account=account.account,
        destination=account.destination,
        currency=group[0].share.currency,
        lines=tuple(PayoutLine(p.id, p.reference, p.party, p.net) for p in group),
        made_at=now,
        next_at=now,
    )
