"""The way back: refunds sent by the provider's call, or as a payout to an account the guest named, and
posted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from payments.domain import ids, postings
from payments.domain.alarm import AlarmKind
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.events import PayoutChanged, RefundChanged
from payments.domain.payees import Destination
from payments.domain.refund import NoApproval, Refund, RefundState
from payments.domain.schedule import SOONEST
from payments.domain.transfer import COST_GIVEN_UP, COST_PAUSE, FIRST_DELAY, FUNDS_PAUSE, ask_again_at
from payments.gateway import PaymentGateway, PayoutRequest, RefundRequest
from payments.services.alarms import AlarmService
from payments.services.balance import BalanceReservations
from payments.services.invoices import NotConfirmed
from payments.services.payouts import confirmed_payout
from payments.store.store import Store

_TO_SEND = frozenset({RefundState.READY, RefundState.WAITING_RETRY, RefundState.WAITING_FUNDS})
_ON_ITS_WAY = frozenset({RefundState.UNKNOWN, RefundState.ACCEPTED})
_KEEPS = frozenset({RefundState.READY, RefundState.UNKNOWN, RefundState.ACCEPTED})


class RefundService:
    """Everything that changes a refund."""

    def __init__(
        self, store: Store, gateway: PaymentGateway, reservations: BalanceReservations, alarms: AlarmService
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._reservations = reservations
        self._alarms = alarms

    async def awaiting_approval(self) -> tuple[Refund, ...]:
        """Those a person has to say yes to before they leave, by id."""
        return await self._store.refunds.every({"awaits_approval": True})

    async def approve(self, refund_id: str, by: str, now: datetime, *, dry_run: bool = False) -> Refund | NoApproval:
        """A person's yes; the refund as it is then, or would be."""
        known = await self._store.refunds.load(refund_id)
        if known is None:
            return NoApproval.UNKNOWN
        if not known.awaits_approval:
            # Said twice, or killed between the yes and this: the alarm is over all the same.
            await self._alarms.close(AlarmKind.REFUND_NEEDS_APPROVAL, refund_id, now)
            return NoApproval.NOT_NEEDED
        if not known.may_be_approved_by(by):
            return NoApproval.OWN
        if dry_run:
            return known.approved(by, now)
        done = await self._change(known, lambda r: r.approved(by, now))
        await self._alarms.close(AlarmKind.REFUND_NEEDS_APPROVAL, refund_id, now)
        return done

    async def advance(self, refund: Refund, now: datetime) -> None:
        """The next step of this refund."""
        if refund.awaits_approval:
            await self._change(refund, lambda r: replace(r, next_at=None) if r.awaits_approval else r)
        elif refund.state in _TO_SEND:
            if refund.approval is not None:
                # Planned a second time while the yes was said, the alarm may have been raised after its end.
                await self._alarms.close(AlarmKind.REFUND_NEEDS_APPROVAL, refund.id, now)
            await self._send(refund, now)
        elif refund.state is RefundState.UNKNOWN:
            await self._look_up(refund, now)
        elif refund.state is RefundState.ACCEPTED:
            provider_id = refund.send.provider_id if refund.send else None
            if provider_id is None:
                await self._look_up(refund, now)
                return
            by_payout = refund.destination is not None
            event: RefundChanged | PayoutChanged | None
            event = await (self._gateway.payout(provider_id) if by_payout else self._gateway.refund(provider_id))
            if event is not None:
                refund = await self._apply(refund, event, now)
            if refund.state is RefundState.ACCEPTED:
                await self._change(refund, lambda r: r.polled(now))
        elif refund.state is RefundState.SUCCEEDED:
            # One that went as a payout costs what a payout costs; the row of the fee is booked some time after it.
            send = refund.send
            assert send is not None
            costs = [c for c in await self._gateway.cost_of(send.key) if c.provider_id == send.provider_id]
            if costs:
                refund = await self._change(refund, lambda r: r.charged(send.key, costs[0].fee))
            gone_by = now >= (send.asked_at or now) + COST_GIVEN_UP
            later = None if costs or gone_by else now + COST_PAUSE
            await self._change(refund, lambda r: replace(r, next_at=later))

    async def _send(self, refund: Refund, now: datetime) -> None:
        others = await self._store.refunds.every({"reference": refund.reference})
        if any(
            other.payment == refund.payment and other.state in _ON_ITS_WAY and other.id != refund.id for other in others
        ):
            # The provider takes one refund of a payment at a time; the next starts when that is final.
            await self._change(refund, lambda r: replace(r, next_at=now + SOONEST))
            return
        if refund.destination is not None:
            # By its own refund call the provider returns only what it has; a payout would leave all the same. So it
            # waits for the transaction that says that the money came.
            invoice = await self._store.invoices.load(refund.reference)
            payment = None if invoice is None else invoice.payment_by(refund.payment)
            if payment is None or (payment.transaction_id is None and payment.receipt is None):
                await self._change(refund, lambda r: replace(r, next_at=now + SOONEST))
                return
        if not await self._reservations.reserve(refund.id, refund.amount):
            await self._change(refund, lambda r: replace(r, next_at=now + FUNDS_PAUSE))
            return
        # Stored before the call: a crash in between leaves UNKNOWN, which is looked up before it is sent again.
        await self._ask(await self._change(refund, lambda r: r.asked(now, now + FIRST_DELAY)), now)

    async def _ask(self, refund: Refund, now: datetime) -> None:
        send = refund.send
        if send is None or refund.state is not RefundState.UNKNOWN:
            return
        event: RefundChanged | PayoutChanged | None
        try:
            if refund.destination is not None:
                request = PayoutRequest(send.key, refund.amount, refund.destination, f"Refund {refund.id[3:13]}")
                event = await self._gateway.create_payout(request)
            else:
                event = await self._gateway.create_refund(RefundRequest(send.key, refund.invoice or "", refund.amount))
        except (TemporaryError, OutcomeUnknown):
            later = ask_again_at(send.asked_at, now)
            # A callback may have said the outcome in the meantime: then there is nothing to ask again.
            await self._change(refund, lambda r: replace(r, next_at=later) if r.state is RefundState.UNKNOWN else r)
        except PermanentError as error:
            code = error.code
            await self._change(refund, lambda r: r.refused(code, now))
        else:
            if event is not None:
                await self._apply(refund, event, now)

    async def _look_up(self, refund: Refund, now: datetime) -> None:
        """Settled by reading; only what is not there is sent again, under the same key."""
        assert refund.send is not None
        key = refund.send.key
        known: tuple[RefundChanged | PayoutChanged, ...] = ()
        if refund.destination is not None:
            known = await self._gateway.find_payouts(key)
        elif refund.invoice:
            # Refunds can be listed by invoice only, so the answer holds those of other payments too.
            known = await self._gateway.find_refunds(refund.invoice)
        found = [event for event in known if event.key == key]
        if not found:
            await self._ask(refund, now)
        for event in found:
            refund = await self._apply(refund, event, now)

    async def _apply(self, refund: Refund, event: RefundChanged | PayoutChanged, now: datetime) -> Refund:
        def step(before: Refund) -> Refund:
            after = before.apply(event, now)
            # Looked at once more for its cost: only a payout has that in a row of its own.
            reached = after.state is RefundState.SUCCEEDED and before.state is not RefundState.SUCCEEDED
            return replace(after, next_at=now) if reached and after.destination is not None else after

        return await self._change(refund, step)

    async def hear(self, event: RefundChanged | PayoutChanged, now: datetime) -> Refund | None:
        """The refund after a callback; none when it is not of ours. The provider is asked how it stands; raises
        NotConfirmed where it does not know it."""
        refund = await self._store.refunds.load(ids.base_of(event.key))
        if refund is None:
            return None
        if isinstance(event, PayoutChanged):
            return await self._apply(refund, await confirmed_payout(self._gateway, event), now)
        try:
            read = await self._gateway.refund(event.provider_id)
        except PermanentError:
            read = None
        if read is None or read.key != event.key:
            raise NotConfirmed(event.key)
        return await self._apply(refund, read, now)

    async def send_to(self, refund_id: str, destination: Destination, now: datetime) -> Refund | None:
        """The guest has named an account."""
        refund = await self._store.refunds.load(refund_id)
        return None if refund is None else await self._change(refund, lambda r: r.sent_to(destination, now))

    async def post(self, refund: Refund) -> Refund:
        """Writes what a changed refund stands for; safe to do again."""
        if not refund.dirty:
            return refund
        # The ledger first: whatever fails below, the mark stays and all of it is done again under the same keys.
        await self._store.ledger.post(postings.of_refund(refund))
        if refund.state not in _KEEPS:
            await self._reservations.release(refund.id, refund.amount.currency)
        # Changed again while this was written: it stays marked, and the next sweep writes what is new.
        seen = refund.version
        clean = await self._store.refunds.change(
            refund.id, lambda r: replace(r, dirty=False) if r.version == seen else r
        )
        assert clean is not None
        return clean

    async def _change(self, refund: Refund, step: Callable[[Refund], Refund]) -> Refund:
        changed = await self._store.refunds.change(refund.id, step)
        assert changed is not None, "a refund is never deleted"
        return await self.post(changed)
