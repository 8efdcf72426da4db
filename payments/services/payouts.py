"""The outgoing side: due payables joined into payouts, sent under one key until the outcome is final, and
posted."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from payments.domain import ids, postings
from payments.domain.alarm import AlarmKind
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.events import PayoutChanged
from payments.domain.ids import PayableId, PayeeId
from payments.domain.money import total
from payments.domain.payables import Payable, PayableState
from payments.domain.payees import PayeeAccount
from payments.domain.payout import (
    FINAL,
    GIVES_BACK,
    DecisionKind,
    Denial,
    Payout,
    PayoutLine,
    PayoutPace,
    PayoutState,
    plan_payouts,
)
from payments.domain.transfer import COST_GIVEN_UP, COST_PAUSE, FIRST_DELAY, FUNDS_PAUSE, ask_again_at
from payments.gateway import PaymentGateway, PayoutRequest
from payments.services.alarms import AlarmService
from payments.services.balance import BalanceReservations
from payments.services.invoices import NotConfirmed
from payments.store.store import Store

LIMITS_GOOD_FOR = timedelta(days=1)
BELOW_ZERO_FOR = timedelta(days=30)
"""So long a payee may owe us before a person writes it off or collects it."""
_KEEPS_NOTHING = FINAL | {PayoutState.PERSON, PayoutState.WAITING_RETRY, PayoutState.WAITING_FUNDS}
# A payout that was sent back has cost its fee all the same (reference: xendit 4.3).
_ARRIVED = frozenset({PayoutState.SUCCEEDED, PayoutState.REVERSED})
_TO_SEND = frozenset({PayoutState.READY, PayoutState.WAITING_RETRY, PayoutState.WAITING_FUNDS})


class PayoutService:
    """Everything that changes a payout."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        reservations: BalanceReservations,
        alarms: AlarmService,
        pace: PayoutPace,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._reservations = reservations
        self._alarms = alarms
        self._pace = pace
        self._minimums: dict[str, tuple[datetime, Mapping[str, int]]] = {}

    async def make(self, now: datetime) -> tuple[str, ...]:
        """Plans payouts of what is due, payee by payee; the same plan made again has the same ids.

        A payee without an account is skipped and raises an alarm. Returns the payees that failed.
        """
        due = {"state": PayableState.OPEN, "due_at": {"$lte": now}}
        waiting = await self._store.payables.distinct("payee", due)
        accounts = {account.payee: account for account in await self._store.payees.these(waiting)}
        failed: list[str] = []
        for payee in waiting:
            account = accounts.get(PayeeId(payee))
            try:
                owed = await self._store.payables.every({**due, "payee": payee})
                if account is not None:
                    await self._make_for(account, owed, now)
                elif any(total((p.net for p in owed), one).amount for one in {p.share.currency for p in owed}):
                    await self._alarms.open(AlarmKind.PAYEE_WITHOUT_ACCOUNT, payee, now)
                else:
                    # shares and their corrections come to nothing: there is nobody to look for
                    await self._alarms.close(AlarmKind.PAYEE_WITHOUT_ACCOUNT, payee, now)
            except Exception:  # one payee's trouble is not the others'
                failed.append(payee)
        return tuple(failed)

    async def next_due(self) -> datetime | None:
        """When the earliest share is due that no payout has taken; also one that waits, for an account or for more."""
        return await self._store.payables.earliest("due_at", {"state": PayableState.OPEN})

    async def _make_for(self, account: PayeeAccount, due: Sequence[Payable], now: datetime) -> None:
        for currency in sorted({payable.share.currency for payable in due}):
            mine = [payable for payable in due if payable.share.currency == currency]
            read_at, minimums = self._minimums.get(currency, (None, {}))
            # The provider changes its minimums without notice: read at run time, kept a day (reference: xendit 4.2).
            if read_at is None or not read_at <= now < read_at + LIMITS_GOOD_FOR:
                minimums = await self._gateway.payout_minimums(currency)
                self._minimums[currency] = (now, minimums)
            for draft in plan_payouts(mine, {account.payee: account}, minimums, self._pace, now):
                # The id follows from payee, account and day: made by two cashiers at once, it is stored once.
                await self._store.payouts.insert(draft)
            debts = [payable.due_at for payable in mine if payable.net.amount < 0 and payable.due_at is not None]
            if debts:
                subject, below = f"{account.payee}:{currency}", total((p.net for p in mine if p.is_due(now)), currency)
                if below.amount >= 0:
                    await self._alarms.close(AlarmKind.PAYEE_BELOW_ZERO, subject, now)
                elif min(debts) + BELOW_ZERO_FOR <= now:
                    await self._alarms.open(AlarmKind.PAYEE_BELOW_ZERO, subject, now, ("amount", below.amount))

    async def advance(self, payout: Payout, now: datetime) -> None:
        """The next step of this payout."""
        if payout.state is PayoutState.DRAFT:
            payout = await self._fill(payout, now)
        if payout.state in _TO_SEND:
            payout = await self._send(payout, now)
        elif payout.state is PayoutState.UNKNOWN:
            payout = await self._look_up(payout, now)
        elif payout.state is PayoutState.ACCEPTED:
            provider_id = payout.send.provider_id if payout.send else None
            if provider_id is None:
                payout = await self._look_up(payout, now)
            else:
                payout = await self._apply(payout, await self._gateway.payout(provider_id), now)
                if payout.state is PayoutState.ACCEPTED:
                    payout = await self._change(payout, lambda p: p.polled(now))
        if payout.state not in _ARRIVED:
            return
        send = payout.send
        assert send is not None
        if send.fee is None:
            # The row of the fee is booked some time after the transfer, and for some channels never.
            costs = [c for c in await self._gateway.cost_of(send.key) if c.provider_id == send.provider_id]
            if not costs and now < (send.asked_at or now) + COST_GIVEN_UP:
                await self._change(payout, lambda p: replace(p, next_at=now + COST_PAUSE))
                return
            if costs:
                payout = await self._change(payout, lambda p: p.charged(send.key, costs[0].fee))
        await self._change(payout, lambda p: replace(p, next_at=None))

    async def _fill(self, payout: Payout, now: datetime) -> Payout:
        """Takes the payables, then sets the money aside; both once, however often it is begun."""
        lost: list[PayableId] = []
        for line in payout.lines:
            taken = await self._store.payables.change(line.payable, partial(_taken, line=line, by=payout, now=now))
            # Another payout may have taken it since the draft was planned, or its sum has changed.
            if taken is None or taken.payout != payout.id:
                lost.append(line.payable)
        if lost:
            payout = await self._change(payout, lambda p: p.without(lost, now))
        if payout.state is not PayoutState.DRAFT:
            return payout
        if not await self._reservations.reserve(payout.id, payout.amount):
            return await self._change(payout, lambda p: replace(p, next_at=now + FUNDS_PAUSE))
        return await self._change(payout, lambda p: p.ready(now))

    async def _send(self, payout: Payout, now: datetime) -> Payout:
        # Before the first request, and never after it: once money may be out, no payable leaves the payout.
        if not any(send.asked_at is not None for send in payout.sends):
            owed = await self._store.payables.these([line.payable for line in payout.lines])
            held = [payable.id for payable in owed if payable.held]
            if held:
                whole, payout = payout, await self._change(payout, lambda p: p.without(held, now))
                for payable in held:
                    await self._store.payables.change(
                        payable, lambda p: p.reopened_from(whole.id, after_reversal=False)
                    )
                # What is reserved is reserved again below, for what is left of it.
                await self._reservations.release(whole.id, whole.currency)
            if payout.state is not PayoutState.READY:
                return payout
        if not await self._reservations.reserve(payout.id, payout.amount):
            return await self._change(payout, lambda p: replace(p, next_at=now + FUNDS_PAUSE))
        # Stored before the call: a crash in between leaves UNKNOWN, which is looked up before it is sent again.
        asked = await self._change(payout, lambda p: p.asked(now, now + FIRST_DELAY))
        return await self._ask(asked, now)

    async def _ask(self, payout: Payout, now: datetime) -> Payout:
        send = payout.send
        if send is None or payout.state is not PayoutState.UNKNOWN:
            return payout
        request = PayoutRequest(send.key, payout.amount, payout.destination, f"Payout {payout.id[3:13]}")
        try:
            event = await self._gateway.create_payout(request)
        except (TemporaryError, OutcomeUnknown):
            later = ask_again_at(send.asked_at, now)
            # A callback may have said the outcome in the meantime: then there is nothing to ask again.
            return await self._change(
                payout, lambda p: replace(p, next_at=later) if p.state is PayoutState.UNKNOWN else p
            )
        except PermanentError as error:
            code = error.code
            return await self._change(payout, lambda p: p.refused(code))
        return await self._apply(payout, event, now)

    async def _look_up(self, payout: Payout, now: datetime) -> Payout:
        """An answer that never came is settled by reading; only what is not there is sent again, under the
        same key."""
        assert payout.send is not None
        key = payout.send.key
        # The provider's search is by reference and may answer other sendings too; ours is the one of this very key.
        found = [event for event in await self._gateway.find_payouts(key) if event.key == key]
        if not found:
            return await self._ask(payout, now)
        for event in found:
            payout = await self._apply(payout, event, now)
        return payout

    async def hear(self, event: PayoutChanged, now: datetime) -> Payout | None:
        """The payout after a callback; none when it is not of ours. The provider is asked how it stands: a false
        failure would send the money twice. Raises NotConfirmed where it does not know it."""
        payout = await self._store.payouts.load(ids.base_of(event.key))
        if payout is None:
            return None
        return await self._apply(payout, await confirmed_payout(self._gateway, event), now)

    async def _apply(self, payout: Payout, event: PayoutChanged, now: datetime) -> Payout:
        def step(before: Payout) -> Payout:
            after = before.apply(event, now)
            # An end has no next step of its own; looked at once more, its cost is noted.
            reached = after.state in _ARRIVED and before.state is not after.state
            return replace(after, next_at=now) if reached else after

        after = await self._change(payout, step)
        # A sending that had failed can still arrive after the next one went out; no call takes the money back.
        if sum(send.is_out for send in after.sends) > 1:
            await self._alarms.open(AlarmKind.SENT_TWICE, payout.id, now)
        return after

    async def listed(self, states: Collection[PayoutState] = (), most: int = 200) -> tuple[Payout, ...]:
        """Payouts in these states, in any where none is named, by id."""
        chosen = {} if not states else {"state": {"$in": sorted(states)}}
        return await self._store.payouts.find(chosen, most=most)

    async def retry(self, payout_id: str, by: str, now: datetime, *, dry_run: bool = False) -> Payout | Denial:
        """A person has looked: send it again, to the payee's account of today. What it is then, or why not."""
        payout = await self._store.payouts.load(payout_id)
        if payout is None:
            return Denial.UNKNOWN
        account = await self._store.payees.load(payout.payee)
        if account is None:
            return Denial.NO_ACCOUNT
        return await self._decided(payout, DecisionKind.RETRY, lambda p: p.retried(account, by, now), dry_run)

    async def void(
        self, payout_id: str, by: str, reason: str, now: datetime, *, dry_run: bool = False
    ) -> Payout | Denial:
        """A person has looked: do not send it; its payables are owed again. What it is then, or why not."""
        payout = await self._store.payouts.load(payout_id)
        if payout is None:
            return Denial.UNKNOWN
        return await self._decided(payout, DecisionKind.VOID, lambda p: p.voided(reason, by, now), dry_run)

    async def _decided(
        self, payout: Payout, kind: DecisionKind, step: Callable[[Payout], Payout], dry_run: bool
    ) -> Payout | Denial:
        denied = payout.denial_of(kind)
        if denied is not None or dry_run:
            return denied or step(payout)
        after = await self._change(payout, step)
        # The provider's answer may have come in between: then the step changed nothing, and says why.
        is_decided = len(after.decisions) > len(payout.decisions)
        return after if is_decided else after.denial_of(kind) or after

    async def post(self, payout: Payout) -> Payout:
        """Writes what a changed payout stands for: postings, its payables' state, money no longer set
        aside."""
        if not payout.dirty:
            return payout
        # The ledger first: whatever fails below, the mark stays and all of it is done again under the same keys.
        await self._store.ledger.post(postings.of_payout(payout))
        if payout.state is PayoutState.SUCCEEDED:
            for line in payout.lines:
                await self._store.payables.change(line.payable, lambda p: p.paid_by(payout.id))
        if payout.state in GIVES_BACK:
            reversed_ = payout.state is PayoutState.REVERSED
            for line in payout.lines:
                owed = await self._store.payables.change(line.payable, lambda p: p.reopened_from(payout.id, reversed_))
                if owed is not None and owed.is_blocked:
                    await self._alarms.open(AlarmKind.PAYABLE_SENT_BACK, owed.id, payout.made_at)
        if payout.state in _KEEPS_NOTHING:
            await self._reservations.release(payout.id, payout.currency)
            # What it kept from others is free: drafts that found too little look again at once.
            await self._store.payouts.wake((PayoutState.DRAFT,), payout.made_at)
        # Changed again while this was written: it stays marked, and the next sweep writes what is new.
        seen = payout.version
        clean = await self._store.payouts.change(
            payout.id, lambda p: replace(p, dirty=False) if p.version == seen else p
        )
        assert clean is not None
        return clean

    async def _change(self, payout: Payout, step: Callable[[Payout], Payout]) -> Payout:
        changed = await self._store.payouts.change(payout.id, step)
        assert changed is not None, "a payout is never deleted"
        return await self.post(changed)


def _taken(payable: Payable, line: PayoutLine, by: Payout, now: datetime) -> Payable:
    """Only what may still leave, and only the sum that was planned."""
    return payable.taken_by(by.id) if payable.is_due(now) and payable.net == line.amount else payable


async def confirmed_payout(gateway: PaymentGateway, event: PayoutChanged) -> PayoutChanged:
    """How it stands at the provider, whatever a callback said."""
    try:
        read = await gateway.payout(event.provider_id)
    except PermanentError:
        raise NotConfirmed(event.key) from None
    if read.key != event.key:
        raise NotConfirmed(event.key)
    return read
