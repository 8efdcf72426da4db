"""The incoming side: links opened, callbacks and look-ups applied, payments settled, and all of it posted.

Every step is stored before its call and can be taken again: what a crash left undone is found by `dirty`
and `next_at`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from payments.domain import ids, payables, postings, schedule
from payments.domain.alarm import AlarmKind, Fact
from payments.domain.attempt import Attempt, AttemptState
from payments.domain.corrections import HoldBack
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError, UnreadableMoney
from payments.domain.events import InvoiceEvent, InvoicePaid, InvoicePending, MovementSeen, TransactionSeen
from payments.domain.fees import Tariffs
from payments.domain.ids import ExternalId, InvoiceId
from payments.domain.invoice import Invoice, NotOpen
from payments.domain.matching import contradictions
from payments.domain.money import Money
from payments.domain.payment import bare
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState, plan_refund
from payments.domain.terms import Terms
from payments.gateway import InvoiceRequest, PaymentGateway
from payments.services.alarms import AlarmService
from payments.store.store import Store

EMPTY_LOOKUPS = 2
"""So often the provider must not know a link before it is asked for again (reference: xendit 2.7)."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is to be paid, until when, under which terms, in which words."""

    reference: str
    due: Money
    pay_by: datetime
    terms: Terms
    description: str
    locale: str | None = None
    return_url: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """The link is there."""

    reference: str
    external_id: str
    url: str
    amount: Money
    expires_at: datetime


class DueDiffers(ValueError):
    """The booking has an invoice over another sum already."""


class NotConfirmed(Exception):
    """The provider, asked, does not say what a callback said."""


class InvoiceService:
    """Everything that changes an invoice."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        alarms: AlarmService,
        tariffs: Tariffs,
        approve_above: Money | None = None,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._alarms = alarms
        self._tariffs = tariffs
        self._approve_above = approve_above

    async def open(self, demand: Demand, attempt_no: int, now: datetime, methods: tuple[str, ...] = ()) -> OpenedLink:
        """The link of this attempt: opened once, found again when asked again.

        Raises TemporaryError (call again), PermanentError (refused), NotOpen (paid or closed), SharesDoNotFit, and
        OutsideLimits or NotWholeUnits (both PermanentError) before anything is stored.
        """
        demand.terms.shares_of(demand.due)  # a split that does not fit is met before money comes
        wanted = ids.external_id(demand.reference, attempt_no)
        self._gateway.check_invoice(InvoiceRequest(wanted, demand.due, demand.pay_by - now, demand.description))
        await self._store.invoices.insert(
            Invoice(
                reference=demand.reference,
                due=demand.due,
                pay_by=demand.pay_by,
                terms=demand.terms,
                description=demand.description,
                locale=demand.locale,
                return_url=demand.return_url,
            )
        )
        stored = await self._store.invoices.load(demand.reference)
        if stored is None or stored.due != demand.due:
            raise DueDiffers(demand.reference)
        invoice = await self._change(demand.reference, lambda i: i.with_attempt(attempt_no, methods, now))
        return await self._link(invoice, wanted, now)

    async def _link(self, invoice: Invoice, wanted: ExternalId, now: datetime) -> OpenedLink:
        attempt = invoice.attempt_by(wanted)
        assert attempt is not None
        if attempt.state is AttemptState.CREATING:
            if attempt.asked_at is not None:
                invoice = await self._look_up(invoice, attempt, now)
            else:
                invoice = await self._ask(invoice, attempt, now)
            attempt = invoice.attempt_by(wanted)
            assert attempt is not None
        if attempt.state is AttemptState.REFUSED:
            raise PermanentError(attempt.reason or "REFUSED")
        if attempt.url is None:
            if attempt.state is AttemptState.CREATING:
                raise TemporaryError("the link is being looked up", schedule.LOOK_UP_PAUSE)
            raise NotOpen(invoice.status)
        return OpenedLink(invoice.reference, wanted, attempt.url, attempt.amount, attempt.expires_at)

    async def _ask(self, invoice: Invoice, attempt: Attempt, now: datetime) -> Invoice:
        wanted, look_at = attempt.external_id, now + schedule.LOOK_UP_PAUSE
        request = InvoiceRequest(
            wanted,
            attempt.amount,
            attempt.expires_at - now,
            invoice.description,
            locale=invoice.locale,
            payment_methods=attempt.methods,
            return_url=invoice.return_url,
        )
        stored = await self._change(invoice.reference, lambda i: i.asking(wanted, now, look_at))
        try:
            event = await self._gateway.create_invoice(request)
        except OutcomeUnknown:
            return await self._look_up(stored, attempt, now)
        except TemporaryError as error:
            later = now + error.delay
            await self._change(invoice.reference, lambda i: i.not_asked(wanted, later))
            raise
        except PermanentError as error:
            code = error.code
            return await self._change(invoice.reference, lambda i: i.refused(wanted, code))
        return await self._apply_all(invoice.reference, (event,) if event else (), now)

    async def _look_up(self, invoice: Invoice, attempt: Attempt, now: datetime) -> Invoice:
        """Adopts what the provider has; empty twice, with a pause between, it is asked again under the same
        external_id."""
        wanted = attempt.external_id
        found = await self._gateway.find_invoices(wanted)
        if found:
            await self._expire_twins(found)
            return await self._apply_all(invoice.reference, _paid_first(found), now)
        stored = await self._change(invoice.reference, lambda i: i.looked_up_in_vain(wanted))
        again = stored.attempt_by(wanted)
        if again is None or again.empty_lookups < EMPTY_LOOKUPS:
            return stored
        return await self._change(invoice.reference, lambda i: i.not_asked(wanted, now))

    async def _expire_twins(self, found: tuple[InvoiceEvent, ...]) -> None:
        paid = any(isinstance(event, InvoicePaid) for event in found)
        pending = [event for event in found if isinstance(event, InvoicePending)]
        for twin in pending if paid else pending[1:]:
            await self._expire(twin.provider_id)

    async def _expire(self, provider_id: InvoiceId) -> InvoiceEvent | None:
        try:
            return await self._gateway.expire_invoice(provider_id)
        except UnreadableMoney:
            raise
        except PermanentError:  # ended already: what it is now says why
            return await self._gateway.invoice(provider_id)

    async def _end(self, reference: str, provider_id: InvoiceId, now: datetime) -> None:
        try:
            event = await self._expire(provider_id)
        except TemporaryError:
            return  # the slot is released all the same, and the sweep ends the link
        if event is not None:
            await self._apply_all(reference, (event,), now)

    async def hear(self, event: InvoiceEvent, now: datetime) -> Invoice | None:
        """The invoice after a callback; none when it is not of ours. What counts is what the provider says when it is
        asked; raises NotConfirmed where that is not what the callback said."""
        reference = ids.reference_of(event.external_id)
        invoice = await self._store.invoices.load(reference) if reference else None
        if invoice is None or invoice.attempt_by(event.external_id) is None:
            return None
        try:
            read = await self._gateway.invoice(event.provider_id)
        except UnreadableMoney:
            raise
        except PermanentError:
            read = None
        if read is None or read.external_id != event.external_id:
            raise NotConfirmed(event.external_id)
        if not isinstance(event, InvoicePaid):
            return await self._apply_all(invoice.reference, (read,), now)
        is_named = await self._has_row(event)
        known = [payment for payment in invoice.payments if payment.external_id == event.external_id]
        # A link paid twice shows its first payment only: the second one has to have a row of its own.
        is_another = bool(known) and not any(payment.is_same_as(event) for payment in known)
        if is_named:
            return await self._apply_all(invoice.reference, (event,), now)
        if isinstance(read, InvoicePaid) and read.paid == event.paid and not is_another:
            # Nobody vouches for the name: under a made-up one its row would be taken for more money.
            unnamed = replace(event, payment_id=None, paid_at=read.paid_at or event.paid_at)
            return await self._apply_all(invoice.reference, (unnamed,), now)
        await self._apply_all(invoice.reference, (read,), now)
        raise NotConfirmed(event.external_id)

    async def _has_row(self, event: InvoicePaid) -> bool:
        """Whether the provider's books name this payment."""
        if event.payment_id is None:
            return False
        rows = await self._gateway.transactions_of(event.external_id)
        name = bare(event.payment_id)
        return any(row.amount == event.paid and row.product_id and bare(row.product_id) == name for row in rows)

    async def _apply_all(self, reference: str, events: tuple[InvoiceEvent, ...], now: datetime) -> Invoice:
        def step(invoice: Invoice) -> Invoice:
            after = invoice
            for event in events:
                after = after.apply(event, now, self._tariffs)
            return after if after == invoice else replace(after, next_at=_soon(after, now))

        return await self.post(await self._change(reference, step))

    async def post(self, invoice: Invoice) -> Invoice:
        """Writes what a changed invoice stands for: postings, payables, refunds; safe to do again."""
        if not invoice.dirty:
            return invoice
        await self._store.ledger.post(postings.of_invoice(invoice))
        for planned in payables.payables_of(invoice):
            if not await self._store.payables.insert(planned):
                await self._store.payables.change(planned.id, planned.laid_over)
        await self._plan_refunds(invoice)
        if any(payment.settled_at for payment in invoice.payments):
            await self._wake(max(p.settled_at for p in invoice.payments if p.settled_at))
        if invoice.settled_by is not None:
            await self._store.orders.change(invoice.settled_by, lambda order: order.woken())
        seen = invoice.version
        return await self._change(invoice.reference, lambda i: replace(i, dirty=False) if i.version == seen else i)

    async def _wake(self, at: datetime) -> None:
        """Settled money may be what a payout or refund is waiting for."""
        await self._store.payouts.wake((PayoutState.WAITING_FUNDS, PayoutState.DRAFT), at)
        await self._store.refunds.wake((RefundState.WAITING_FUNDS,), at)

    async def _plan_refunds(self, invoice: Invoice) -> None:
        for mark in invoice.refunds:
            payment = invoice.payment_by(mark.payment)
            attempt = invoice.attempt_by(payment.external_id) if payment else None
            if payment is None or attempt is None:
                continue
            planned = plan_refund(
                mark.refund,
                invoice.reference,
                payment,
                invoice=attempt.provider_id,
                amount=mark.amount,
                now=mark.wanted_at,
                approve_above=self._approve_above,
            )
            await self._store.refunds.insert(planned)
            # What is stored counts: the limit may have been another when it was planned.
            stored = await self._store.refunds.load(planned.id)
            if stored is not None and stored.awaits_approval:
                facts: tuple[Fact, ...] = (
                    ("account", invoice.reference),
                    ("amount", mark.amount.amount),
                    ("currency", mark.amount.currency),
                )
                await self._alarms.open(AlarmKind.REFUND_NEEDS_APPROVAL, planned.id, mark.wanted_at, *facts)

    async def advance(self, invoice: Invoice, now: datetime) -> None:
        """What is due about this invoice: an unfinished link, a silent or stale one, money not yet
        settled."""
        for attempt in invoice.attempts:
            if attempt.state is AttemptState.CREATING:
                await self._finish(invoice, attempt, now)
            elif attempt.provider_id is not None:
                await self._ask_after(invoice, attempt, attempt.provider_id, now)
        fresh = await self._store.invoices.load(invoice.reference)
        if fresh is not None and any(payment.settled_at is None for payment in fresh.payments):
            await self._settle(fresh, now)
        await self._change(invoice.reference, lambda i: replace(i, next_at=schedule.next_look(i, now)))

    async def _finish(self, invoice: Invoice, attempt: Attempt, now: datetime) -> None:
        if attempt.expires_at <= now and attempt.asked_at is None:
            await self._change(invoice.reference, lambda i: i.refused(attempt.external_id, "OUT_OF_TIME"))
            return
        try:
            await self._link(invoice, attempt.external_id, now)
        except (PermanentError, NotOpen):
            return  # stored with its reason; the news says so

    async def _ask_after(self, invoice: Invoice, attempt: Attempt, provider_id: InvoiceId, now: datetime) -> None:
        event: InvoiceEvent | None
        if attempt in schedule.stale_links(invoice):
            event = await self._expire(provider_id)
        elif schedule.is_silent(attempt, now):
            event = await self._gateway.invoice(provider_id)
        else:
            return
        if event is not None:
            await self._apply_all(invoice.reference, (event,), now)

    async def _settle(self, invoice: Invoice, now: datetime) -> None:
        waiting = {p.external_id for p in invoice.payments if p.settled_at is None}
        rows = tuple([row for link in sorted(waiting) for row in await self._gateway.transactions_of(link)])
        await self.settle(invoice.reference, rows, now)

    async def settle(self, reference: str, rows: tuple[TransactionSeen, ...], now: datetime) -> None:
        """The provider's rows of this booking: fees and settlement, and money without a callback."""
        invoice = await self.post(await self._change(reference, lambda i: i.settle(rows, now, self._tariffs)))
        for payment, row in contradictions(invoice.payments, rows):
            facts: tuple[Fact, ...] = (
                ("account", reference),
                ("booked", payment.amount.amount),
                ("currency", payment.amount.currency),
                ("row", row.amount.amount),
                ("row_currency", row.amount.currency),
            )
            await self._alarms.open(AlarmKind.AMOUNT_DIFFERS, row.transaction_id, now, *facts)

    async def charged_back(self, reference: str, row: MovementSeen, now: datetime) -> Invoice:
        """A bank has taken back of a payment, or decided about it."""
        return await self.post(await self._change(reference, lambda i: i.charged_back(row, now)))

    async def refund_open(self, reference: str, now: datetime) -> tuple[str, ...]:
        """Every open sum of this booking is to go back whole; the refunds' ids."""
        invoice = await self.post(await self._change(reference, lambda i: i.refunding_open(now)))
        return tuple(mark.refund for mark in invoice.refunds)

    async def close(self, reference: str, now: datetime) -> Invoice:
        """Given up, its live links ended first: one that cannot be ended because it was paid makes the
        invoice paid."""
        invoice = await self._change(reference, lambda i: i)
        for attempt in invoice.attempts:
            if attempt.state is AttemptState.OPEN and attempt.provider_id is not None:
                await self._end(reference, attempt.provider_id, now)
        closed = await self._change(reference, lambda i: _due_now(i, i.closed(now), now))
        return await self.post(closed)

    async def accept_late(self, reference: str, now: datetime) -> Invoice:
        """The slot was still free."""
        return await self.post(await self._change(reference, lambda i: i.late_accepted(now)))

    async def hold(self, reference: str, reason: str, ends_by: str) -> Invoice:
        """The shares may not leave, for one more reason; whoever ends it is named."""
        return await self.post(await self._change(reference, lambda i: i.held(HoldBack(reason, ends_by))))

    async def let_go(self, reference: str, reason: str) -> Invoice:
        """That reason is over; the shares leave when none is left."""
        return await self.post(await self._change(reference, lambda i: i.let_go(reason)))

    async def release(self, reference: str, at: datetime) -> Invoice:
        """The shares may leave from this moment on."""
        return await self.post(await self._change(reference, lambda i: i.released(at)))

    async def _change(self, reference: str, step: Callable[[Invoice], Invoice]) -> Invoice:
        changed = await self._store.invoices.change(reference, step)
        if changed is None:
            raise KeyError(reference)
        return changed


def _paid_first(events: tuple[InvoiceEvent, ...]) -> tuple[InvoiceEvent, ...]:
    return tuple(sorted(events, key=lambda event: not isinstance(event, InvoicePaid)))


def _soon(invoice: Invoice, now: datetime) -> datetime | None:
    return now if schedule.stale_links(invoice) else schedule.next_look(invoice, now)


def _due_now(before: Invoice, after: Invoice, now: datetime) -> Invoice:
    return before if before == after else replace(after, next_at=now)
