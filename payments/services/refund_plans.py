"""Refunds planned from what is marked to go back of an invoice."""

from payments.domain.alarm import AlarmKind, Fact
from payments.domain.invoice import Invoice
from payments.domain.money import Money
from payments.domain.refund import plan_refund
from payments.services.alarms import AlarmService
from payments.store.store import Store


async def plan_refunds(store: Store, alarms: AlarmService, invoice: Invoice, approve_above: Money | None) -> None:
    """A refund for each mark, once; a large one waits for a person. What a credit paid goes back to the credit."""
    for mark in invoice.refunds:
        payment = invoice.payment_by(mark.payment)
        attempt = invoice.attempt_by(payment.external_id) if payment else None
        if payment is None or (attempt is None and payment.receipt is None):
            continue
        planned = plan_refund(
            mark.refund,
            invoice.reference,
            payment,
            # what a person received goes to an account: there is no link it could go back by
            invoice=None if attempt is None else attempt.provider_id,
            amount=mark.amount,
            now=mark.wanted_at,
            approve_above=approve_above,
            ordered_by=mark.ordered_by,
        )
        await store.refunds.insert(planned)
        # What is stored counts: the limit may have been another when it was planned.
        stored = await store.refunds.load(planned.id)
        if stored is not None and stored.awaits_approval:
            facts: tuple[Fact, ...] = (
                ("account", invoice.reference),
                ("amount", mark.amount.amount),
                ("currency", mark.amount.currency),
            )
            await alarms.open(AlarmKind.REFUND_NEEDS_APPROVAL, planned.id, mark.wanted_at, *facts)
