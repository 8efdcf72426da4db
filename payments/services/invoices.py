"""The incoming side: links opened, callbacks and look-ups applied, payments settled, and all of it posted.

Every step is stored before its call and can be taken again: what a crash left undone is found by `dirty`
and `next_at`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from payments.domain import ids, payables, postings, schedule
from payments.domain.alarm import AlarmKind, Fact
from payments.domain.attempt import Attempt, AttemptState
from payments.domain.corrections import CreditWanted, HoldBack
from payments.domain.credited_invoices import covered, paid_by_credit, untaken
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError, UnreadableMoney
from payments.domain.events import InvoiceEvent, InvoicePaid, InvoicePending, MovementSeen, TransactionSeen
from payments.domain.fees import Tariffs
from payments.domain.ids import ExternalId, InvoiceId
from payments.domain.invoice import Invoice, NotOpen
from payments.domain.matching import contradictions
from payments.domain.money import Money, total
from payments.domain.payment import Receipt, bare
from payments.domain.payout import PayoutState
from payments.domain.receipts import NoDeposit, deposited, receipt_key, received
from payments.domain.refund import RefundState
from payments.domain.terms import Terms
from payments.gateway import InvoiceRequest, PaymentGateway
from payments.services.alarms import AlarmService
from payments.services.credits import CreditService
from payments.services.refund_plans import plan_refunds
from payments.store.store import UNDEPOSITED, Store

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
    credits: tuple[CreditWanted, ...] = ()
    """What credits are to pay of it."""

    @property
    def by_link(self) -> Money:
        """What is left for a link to ask."""
        return self.due - total((one.amount for one in self.credits), self.due.currency)

    def as_invoice(self) -> Invoice:
        """The invoice as it begins."""
        begun = Invoice(self.reference, self.due, self.pay_by, self.terms, self.description, self.locale)
        # what credits pay of it is taken when it is posted
        return replace(begun, return_url=self.return_url, credits=self.credits, dirty=bool(self.credits))


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
        self._credits = CreditService(store)
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
        demand.terms.require_fit(demand.due)  # a split that does not fit is met before money comes
        wanted = ids.external_id(demand.reference, attempt_no)
        if demand.by_link:
            asked = InvoiceRequest(wanted, demand.by_link, demand.pay_by - now, demand.description)
            self._gateway.check_invoice(asked)
        await self._store.invoices.insert(demand.as_invoice())
        # Two openings at once: the insert of one of them did nothing, and both go on with what is stored.
        stored = await self._store.invoices.load(demand.reference)
        if stored is None or stored.due != demand.due:
            raise DueDiffers(demand.reference)
        if stored.credits:  # what they pay is taken first
            await self.post(stored)
        invoice = await self._change(demand.reference, lambda i: i.with_attempt(attempt_no, methods, now))
        return await self._link(invoice, wanted, now)

    async def receive(self, demand: Demand, receipt: Receipt, now: datetime) -> Invoice:
        """Money that a person received for it, with or without a link; raises SharesDoNotFit."""
        demand.terms.shares_of(demand.due)
        await self._store.invoices.insert(demand.as_invoice())
        return await self.post(await self._change(demand.reference, lambda i: received(i, receipt, now)))

    async def undeposited(self) -> tuple[Invoice, ...]:
        """Those with money that a person received and that is not in the provider's account yet."""
        return await self._store.invoices.every({UNDEPOSITED: True})

    async def deposit(
        self, reference: str, receipt: str, now: datetime, *, dry_run: bool = False
    ) -> Invoice | NoDeposit:
        """A person has put that money into the provider's account; the invoice as it is then, or would be."""
        invoice, key = await self._store.invoices.load(reference), receipt_key(reference, receipt)
        payment = None if invoice is None else invoice.payment_by(key)
        if invoice is None or payment is None:
            return NoDeposit.UNKNOWN
        if payment.settled_at is not None:
            return NoDeposit.DONE
        if dry_run:
            return deposited(invoice, key, now)
        return await self.post(await self._change(reference, lambda i: deposited(i, key, now)))

    async def _link(self, invoice: Invoice, wanted: ExternalId, now: datetime) -> OpenedLink:
        attempt = invoice.attempt_by(wanted)
        assert attempt is not None
        if attempt.state is AttemptState.CREATING:
            # Asked before and never answered: the link may be there, and the provider takes the same name twice.
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
        # Stored before the call: a crash in between leads to a look-up, never to a second link.
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
            # The provider takes one external_id twice (reference: xendit 2.7): of several links one stays payable, of a
            # paid one none.
            paid = [event for event in found if isinstance(event, InvoicePaid)]
            pending = [event for event in found if isinstance(event, InvoicePending)]
            for twin in pending if paid else pending[1:]:
                await self._expire(twin.provider_id)
            # Paid first: what a twin says afterwards changes nothing.
            others = (event for event in found if not isinstance(event, InvoicePaid))
            return await self._apply_all(invoice.reference, (*paid, *others), now)
        stored = await self._change(invoice.reference, lambda i: i.looked_up_in_vain(wanted))
        again = stored.attempt_by(wanted)
        if again is None or again.empty_lookups < EMPTY_LOOKUPS:
            return stored
        return await self._change(invoice.reference, lambda i: i.not_asked(wanted, now))

    async def _expire(self, provider_id: InvoiceId) -> InvoiceEvent | None:
        try:
            return await self._gateway.expire_invoice(provider_id)
        except UnreadableMoney:
            raise
        except PermanentError:  # ended already: what it is now says why
            return await self._gateway.invoice(provider_id)

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
        is_named = False
        if event.payment_id is not None:
            # A callback's token is all that proves it; the provider's books have to name the payment as well.
            rows, name = await self._gateway.transactions_of(event.external_id), bare(event.payment_id)
            is_named = any(row.amount == event.paid and row.product_id and bare(row.product_id) == name for row in rows)
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

    async def _apply_all(self, reference: str, events: tuple[InvoiceEvent, ...], now: datetime) -> Invoice:
        def step(invoice: Invoice) -> Invoice:
            after = invoice
            for event in events:
                after = after.apply(event, now, self._tariffs)
            if after == invoice:
                return after
            # A link that should not be paid any more is ended by the next sweep, not when it is due.
            return replace(after, next_at=now if schedule.stale_links(after) else schedule.next_look(after, now))

        return await self.post(await self._change(reference, step))

    async def post(self, invoice: Invoice) -> Invoice:
        """Writes what a changed invoice stands for: postings, payables, refunds; safe to do again."""
        if not invoice.dirty:
            return invoice
        while (wanted := untaken(invoice)) is not None:
            # The credit first: killed in between, it says the same when it is asked once more.
            use = await self._credits.pay(invoice.reference, wanted)
            is_covered = await self._credits.is_covered(wanted.credit)
            step = partial(paid_by_credit, wanted=wanted, use=use, is_covered=is_covered)
            invoice = await self._change(invoice.reference, step)
        # The ledger first: whatever fails below, the mark stays and all of it is done again under the same keys.
        await self._store.ledger.post(postings.of_invoice(invoice))
        for planned in payables.payables_of(invoice):
            if not await self._store.payables.insert(planned):
                await self._store.payables.change(planned.id, planned.laid_over)
        await plan_refunds(self._store, self._alarms, invoice, self._approve_above)
        await self._credits.give_back(invoice)
        settled = [payment.settled_at for payment in invoice.payments if payment.settled_at]
        if settled:
            # Settled money may be what a payout or refund is waiting for.
            await self._store.payouts.wake((PayoutState.WAITING_FUNDS, PayoutState.DRAFT), max(settled))
            await self._store.refunds.wake((RefundState.WAITING_FUNDS,), max(settled))
        if invoice.settled_by is not None:
            await self._store.orders.change(invoice.settled_by, lambda order: order.woken())
        # Changed again while this was written: it stays marked, and the next sweep writes what is new.
        seen = invoice.version
        return await self._change(invoice.reference, lambda i: replace(i, dirty=False) if i.version == seen else i)

    async def advance(self, invoice: Invoice, now: datetime) -> None:
        """What is due about this invoice: an unfinished link, a silent or stale one, money not yet
        settled."""
        for attempt in invoice.attempts:
            if attempt.state is AttemptState.CREATING:
                if attempt.expires_at <= now and attempt.asked_at is None:
                    step = partial(Invoice.refused, wanted=attempt.external_id, reason="OUT_OF_TIME")
                    await self._change(invoice.reference, step)
                    continue
                with suppress(PermanentError, NotOpen):  # stored with its reason; the news says so
                    await self._link(invoice, attempt.external_id, now)
                continue
            if attempt.provider_id is None:
                continue
            event: InvoiceEvent | None = None
            if attempt in schedule.stale_links(invoice):
                event = await self._expire(attempt.provider_id)
            elif schedule.is_silent(attempt, now):
                # A callback may be lost, and of some ends none is sent (reference: xendit 3.3, 3.5).
                event = await self._gateway.invoice(attempt.provider_id)
            if event is not None:
                await self._apply_all(invoice.reference, (event,), now)
        # Read again: the links above may have brought payments.
        fresh = await self._store.invoices.load(invoice.reference)
        unsettled = () if fresh is None else [p for p in fresh.payments if p.settled_at is None]
        for payment in unsettled:
            if payment.credit is not None and await self._credits.is_covered(payment.credit):
                await self.post(await self._change(invoice.reference, partial(covered, key=payment.key, now=now)))
        waiting = {p.external_id for p in unsettled if p.is_with_provider}
        if waiting:
            rows = [row for link in sorted(waiting) for row in await self._gateway.transactions_of(link)]
            await self.settle(invoice.reference, tuple(rows), now)
        await self._change(invoice.reference, lambda i: replace(i, next_at=schedule.next_look(i, now)))

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
            if attempt.state is not AttemptState.OPEN or attempt.provider_id is None:
                continue
            try:
                event = await self._expire(attempt.provider_id)
            except TemporaryError:
                continue  # the slot is released all the same, and the sweep ends the link
            if event is not None:
                await self._apply_all(reference, (event,), now)

        def step(before: Invoice) -> Invoice:
            after = before.closed(now)
            return before if before == after else replace(after, next_at=now)

        return await self.post(await self._change(reference, step))

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
