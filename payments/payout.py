"""Payables joined into one transfer to one account of one payee, and its life until the money is there or
back.

States: DRAFT (payables being taken, money being set aside), READY (to be sent at next_at), UNKNOWN (asked,
no answer: read the provider before asking again), ACCEPTED, SUCCEEDED, and after a failure WAITING_RETRY,
WAITING_FUNDS or PERSON. REVERSED and VOID give their payables back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from payments.events import PayoutChanged, TransferStatus
from payments.ids import (
    AccountId,
    PayableId,
    PayeeId,
    PayoutId,
    daily_payout_id,
    send_key,
    single_payout_id,
)
from payments.money import Money, total
from payments.payables import Payable
from payments.settlement import zone_of
from payments.splits import Party
from payments.transfer import AskPerson, RetryAfter, Send, WaitForSettlement, after_failure, next_poll

FUNDS_AGAIN = timedelta(hours=24)
"""A payout short of funds is woken by the next settlement; this is the net under that."""


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
class Line:
    """One payable in a payout."""

    payable: PayableId
    reference: str
    party: Party
    amount: Money


@dataclass(frozen=True, slots=True)
class Payout:
    """One transfer; its id is the idempotency key of the first sending, and its lines are the payables it
    pays."""

    id: PayoutId
    payee: PayeeId
    account: AccountId
    destination: Destination
    currency: str
    lines: tuple[Line, ...]
    made_at: datetime
    state: PayoutState = PayoutState.DRAFT
    sends: tuple[Send, ...] = ()
    tries: int = 0
    reason: str | None = None
    changes: int = 0
    told: int = 0
    next_at: datetime | None = None
    dirty: bool = False
    version: int = 0

    @property
    def amount(self) -> Money:
        """What is sent."""
        return total((line.amount for line in self.lines), self.currency)

    @property
    def send(self) -> Send | None:
        """The latest sending."""
        return self.sends[-1] if self.sends else None

    def without(self, lost: Iterable[PayableId]) -> "Payout":
        """A draft without payables that another payout has taken; of nothing, it is void."""
        gone = set(lost)
        left = replace(self, lines=tuple(line for line in self.lines if line.payable not in gone))
        return left if left.amount.amount > 0 else left.voided("nothing left to pay")

    def ready(self, now: datetime) -> "Payout":
        """Its payables are taken and its money is set aside: the first sending may go."""
        if self.state is not PayoutState.DRAFT:
            return self
        return replace(self._with_new_send(), state=PayoutState.READY, next_at=now)

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
        fresh = self if self.send and self.send.status is None else self._with_new_send()
        assert fresh.send is not None
        send = replace(fresh.send, asked_at=fresh.send.asked_at or now)
        return replace(fresh._with(send), state=PayoutState.UNKNOWN, next_at=look_at)

    def refused(self, code: str) -> "Payout":
        """The provider would not take it: nothing left, a person must look."""
        if self.state is not PayoutState.UNKNOWN:
            return self
        return replace(self, state=PayoutState.PERSON, reason=code, next_at=None)._changed()

    def apply(self, event: PayoutChanged, now: datetime) -> "Payout":
        """Where the payout stands after this news; late, repeated and backward news changes nothing."""
        known = next((s for s in self.sends if s.key == event.key), None)
        if known is None:
            return self
        moved = known.moved(event.status, event.provider_id, event.failure_code, now)
        if moved == known:
            return self
        grown = self._with(moved)
        if known != self.send:
            # An older sending we took for failed: the money may have left twice, and only a person can tell.
            return replace(grown, reason=f"{known.key} {event.status}")._changed()
        return grown._after(moved, now)._changed()

    def _after(self, send: Send, now: datetime) -> "Payout":
        match send.status:
            case TransferStatus.ACCEPTED:
                return replace(self, state=PayoutState.ACCEPTED, next_at=next_poll(send.asked_at or now, now))
            case TransferStatus.SUCCEEDED:
                return replace(self, state=PayoutState.SUCCEEDED, reason=None, next_at=None)
            case TransferStatus.REVERSED:
                return replace(self, state=PayoutState.REVERSED, reason=send.failure_code, next_at=None)
            case TransferStatus.FAILED | TransferStatus.CANCELLED:
                return self._failed(send.failure_code or send.status, now)
            case None:
                return self
            case _:
                assert_never(send.status)

    def _failed(self, code: str, now: datetime) -> "Payout":
        retry = after_failure(code, self.tries + 1)
        match retry:
            case WaitForSettlement():
                return replace(self, state=PayoutState.WAITING_FUNDS, reason=code, next_at=now + FUNDS_AGAIN)
            case RetryAfter():
                tries, at = self.tries + 1, now + retry.delay
                return replace(self, state=PayoutState.WAITING_RETRY, reason=code, tries=tries, next_at=at)
            case AskPerson():
                return replace(self, state=PayoutState.PERSON, reason=retry.reason, tries=self.tries + 1, next_at=None)
            case _:
                assert_never(retry)

    def polled(self, now: datetime) -> "Payout":
        """Looked at without news: look again later."""
        send = self.send
        return replace(self, next_at=next_poll(send.asked_at if send and send.asked_at else self.made_at, now))

    def retried(self, account: PayeeAccount, now: datetime) -> "Payout":
        """Sent again by a person's word, to the payee's account of today, with tries to spare."""
        if self.state is not PayoutState.PERSON:
            return self
        return replace(
            self._with_new_send(),
            state=PayoutState.READY,
            account=account.account,
            destination=account.destination,
            tries=0,
            reason=None,
            next_at=now,
        )._changed()

    def voided(self, reason: str) -> "Payout":
        """Given up before any money left; its payables are owed again."""
        if self.state in FINAL or any(send.is_out for send in self.sends):
            return self
        return replace(self, state=PayoutState.VOID, reason=reason, next_at=None)._changed()

    def charged(self, key: str, fee: Money) -> "Payout":
        """With what the provider took for this sending, once."""
        send = next((s for s in self.sends if s.key == key), None)
        if send is None or send.fee is not None:
            return self
        return replace(self._with(replace(send, fee=fee)), dirty=True)

    def acknowledged(self, changes: int) -> "Payout":
        """The caller knows everything up to this change."""
        return self if changes <= self.told else replace(self, told=min(changes, self.changes))

    def _with_new_send(self) -> "Payout":
        return replace(self, sends=(*self.sends, Send(send_key(self.id, len(self.sends) + 1))))

    def _with(self, send: Send) -> "Payout":
        return replace(self, sends=tuple(send if s.key == send.key else s for s in self.sends))

    def _changed(self) -> "Payout":
        return replace(self, changes=self.changes + 1, dirty=True)


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
        lines=tuple(Line(p.id, p.reference, p.party, p.net) for p in group),
        made_at=now,
        next_at=now,
    )
