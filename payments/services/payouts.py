"""The outgoing side: due payables joined into payouts, sent under one key until the outcome is final, and
posted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from payments.domain import ids, postings
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.events import PayoutChanged
from payments.domain.ids import PayableId, PayeeId
from payments.domain.payables import PayableState
from payments.domain.payout import FINAL, GIVES_BACK, PayeeAccount, Payout, PayoutPace, PayoutState, plan_payouts
from payments.domain.transfer import COST_GIVEN_UP, COST_PAUSE, FIRST_DELAY, FUNDS_PAUSE, ask_again_at
from payments.gateway import PaymentGateway, PayoutRequest
from payments.services.balance import BalanceReservations
from payments.store.store import Store

LIMITS_GOOD_FOR = timedelta(days=1)
_KEEPS_NOTHING = FINAL | {PayoutState.PERSON, PayoutState.WAITING_RETRY, PayoutState.WAITING_FUNDS}
# A payout that was sent back has cost its fee all the same (reference: xendit 4.3).
_ARRIVED = frozenset({PayoutState.SUCCEEDED, PayoutState.REVERSED})
_TO_SEND = frozenset({PayoutState.READY, PayoutState.WAITING_RETRY, PayoutState.WAITING_FUNDS})


class PayoutService:
    """Everything that changes a payout."""

    def __init__(
        self, store: Store, gateway: PaymentGateway, reservations: BalanceReservations, pace: PayoutPace
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._reservations = reservations
        self._pace = pace
        self._minimums: dict[str, tuple[datetime, Mapping[str, int]]] = {}

    async def make(self, now: datetime) -> None:
        """Joins what is due; made already, it is found again under the same id."""
        due = await self._store.payables.find({"state": PayableState.OPEN, "due_at": {"$lte": now}}, most=1_000)
        accounts: dict[PayeeId, PayeeAccount] = {}
        for payee in sorted({payable.payee for payable in due}):
            account = await self._store.payees.load(payee)
            if account is not None:
                accounts[payee] = account
        for currency in sorted({payable.share.currency for payable in due if payable.payee in accounts}):
            mine = [payable for payable in due if payable.share.currency == currency]
            minimums = await self._minimums_of(currency, now)
            for draft in plan_payouts(mine, accounts, minimums, self._pace, now):
                await self._store.payouts.insert(draft)

    async def _minimums_of(self, currency: str, now: datetime) -> Mapping[str, int]:
        """Read at run time and kept a day (reference: xendit 4.2)."""
        read_at, minimums = self._minimums.get(currency, (None, {}))
        if read_at is None or not read_at <= now < read_at + LIMITS_GOOD_FOR:
            minimums = await self._gateway.payout_minimums(currency)
            self._minimums[currency] = (now, minimums)
        return minimums

    async def advance(self, payout: Payout, now: datetime) -> None:
        """The next step of this payout."""
        if payout.state is PayoutState.DRAFT:
            payout = await self._fill(payout, now)
        if payout.state in _TO_SEND:
            payout = await self._send(payout, now)
        elif payout.state is PayoutState.UNKNOWN:
            payout = await self._look_up(payout, now)
        elif payout.state is PayoutState.ACCEPTED:
            payout = await self._poll(payout, now)
        if payout.state in _ARRIVED:
            await self._note_cost(payout, now)

    async def _fill(self, payout: Payout, now: datetime) -> Payout:
        """Takes the payables, then sets the money aside; both once, however often it is begun."""
        lost: list[PayableId] = []
        for line in payout.lines:
            taken = await self._store.payables.change(line.payable, lambda p: p.taken_by(payout.id))
            if taken is None or taken.payout != payout.id:
                lost.append(line.payable)
        if lost:
            payout = await self._change(payout, lambda p: p.without(lost))
        if payout.state is not PayoutState.DRAFT:
            return payout
        if not await self._reservations.reserve(payout.id, payout.amount):
            return await self._change(payout, lambda p: replace(p, next_at=now + FUNDS_PAUSE))
        return await self._change(payout, lambda p: p.ready(now))

    async def _send(self, payout: Payout, now: datetime) -> Payout:
        if not await self._reservations.reserve(payout.id, payout.amount):
            return await self._change(payout, lambda p: replace(p, next_at=now + FUNDS_PAUSE))
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
            return await self._change(payout, lambda p: _again_at(p, later))
        except PermanentError as error:
            code = error.code
            return await self._change(payout, lambda p: p.refused(code))
        return await self._apply(payout, event, now)

    async def _look_up(self, payout: Payout, now: datetime) -> Payout:
        """An answer that never came is settled by reading; only what is not there is sent again, under the
        same key."""
        assert payout.send is not None
        key = payout.send.key
        found = [event for event in await self._gateway.find_payouts(key) if event.key == key]
        if not found:
            return await self._ask(payout, now)
        for event in found:
            payout = await self._apply(payout, event, now)
        return payout

    async def _poll(self, payout: Payout, now: datetime) -> Payout:
        assert payout.send is not None
        if payout.send.provider_id is None:
            return await self._look_up(payout, now)
        polled = await self._apply(payout, await self._gateway.payout(payout.send.provider_id), now)
        if polled.state is not PayoutState.ACCEPTED:
            return polled
        return await self._change(polled, lambda p: p.polled(now))

    async def _note_cost(self, payout: Payout, now: datetime) -> None:
        send = payout.send
        assert send is not None
        if send.fee is None:
            costs = [c for c in await self._gateway.cost_of(send.key) if c.provider_id == send.provider_id]
            if not costs and now < (send.asked_at or now) + COST_GIVEN_UP:
                await self._change(payout, lambda p: replace(p, next_at=now + COST_PAUSE))
                return
            if costs:
                payout = await self._change(payout, lambda p: p.charged(send.key, costs[0].fee))
        await self._change(payout, lambda p: replace(p, next_at=None))

    async def apply(self, event: PayoutChanged, now: datetime) -> Payout | None:
        """The payout after this news; none when it is not of ours."""
        payout = await self._store.payouts.load(ids.base_of(event.key))
        return None if payout is None else await self._apply(payout, event, now)

    async def _apply(self, payout: Payout, event: PayoutChanged, now: datetime) -> Payout:
        def step(before: Payout) -> Payout:
            after = before.apply(event, now)
            reached = after.state in _ARRIVED and before.state is not after.state
            return replace(after, next_at=now) if reached else after

        return await self._change(payout, step)

    async def retry(self, payout_id: str, now: datetime) -> Payout | None:
        """A person says: send it again, to the payee's account of today."""
        payout = await self._store.payouts.load(payout_id)
        account = await self._store.payees.load(payout.payee) if payout else None
        if payout is None or account is None:
            return None
        return await self._change(payout, lambda p: p.retried(account, now))

    async def void(self, payout_id: str, reason: str) -> Payout | None:
        """A person says: do not send it; its payables are owed again."""
        payout = await self._store.payouts.load(payout_id)
        return None if payout is None else await self._change(payout, lambda p: p.voided(reason))

    async def post(self, payout: Payout) -> Payout:
        """Writes what a changed payout stands for: postings, its payables' state, money no longer set
        aside."""
        if not payout.dirty:
            return payout
        await self._store.ledger.post(postings.of_payout(payout))
        if payout.state is PayoutState.SUCCEEDED:
            for line in payout.lines:
                await self._store.payables.change(line.payable, lambda p: p.paid_by(payout.id))
        if payout.state in GIVES_BACK:
            reversed_ = payout.state is PayoutState.REVERSED
            for line in payout.lines:
                await self._store.payables.change(line.payable, lambda p: p.reopened_from(payout.id, reversed_))
        if payout.state in _KEEPS_NOTHING:
            await self._reservations.release(payout.id, payout.currency)
            # What it kept from others is free: drafts that found too little look again at once.
            await self._store.payouts.wake((PayoutState.DRAFT,), payout.made_at)
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


def _again_at(payout: Payout, later: datetime) -> Payout:
    return replace(payout, next_at=later) if payout.state is PayoutState.UNKNOWN else payout
