"""What an order over a booking's money makes of one of its invoices."""

from dataclasses import replace
from datetime import datetime

from payments.domain.allocations import ChargebackOutcome, RefundMark
from payments.domain.corrections import Correction, Holding, Plan, SettleOrder, lines_to
from payments.domain.ids import PayeeId, PaymentKey, refund_id
from payments.domain.invoice import Invoice
from payments.domain.money import Money, part, total, zero
from payments.domain.splits import Party
from payments.domain.terms import ReleaseRule


def holdings_of(invoice: Invoice) -> tuple[Holding, ...]:
    """Its payments as far as an order over them goes."""
    nothing, mine = zero(invoice.due.currency), invoice.due.currency
    found = []
    for payment in invoice.payments:
        if payment.amount.currency != mine:
            continue
        # A dispute that is won has given its money back.
        taken = [c for c in invoice.chargebacks if c.payment == payment.key and c.outcome is not ChargebackOutcome.WON]
        gone = total((m.amount for m in invoice.refunds if m.payment == payment.key), mine)
        back, from_open = total((c.amount for c in taken), mine), total((c.from_open for c in taken), mine)
        free = max(payment.amount - gone - back, nothing)
        # Refunded before the bank took it back as well: the platform has lost that twice.
        borne = payment.amount - gone - from_open - free
        is_credit = payment.credit is not None
        found.append(Holding(invoice.reference, payment.key, free, borne, invoice.is_disputed(payment.key), is_credit))
    return tuple(found)


def settled_to(invoice: Invoice, order: SettleOrder, planned: Plan, now: datetime) -> Invoice:
    """As planned under that version of the order; an older plan changes nothing."""
    if order.version < invoice.settled_version or invoice.settled_by != order.id:
        return invoice
    grown, mine = replace(invoice, settled_version=order.version), {p.key: p for p in invoice.payments}
    marks = list(invoice.refunds)
    for key, amount in planned.refunds.items():
        if key in mine:
            number = 1 + sum(mark.payment == key for mark in marks)
            marks.append(RefundMark(refund_id(key, number), key, amount, now, order.ordered_by))
    if order.is_end:
        # Money of another currency was never a part of the price: all of it goes back.
        for payment in invoice.payments:
            if payment.amount.currency != invoice.due.currency and invoice.open_of(payment):
                number = 1 + sum(mark.payment == payment.key for mark in marks)
                mark_id, open_sum = refund_id(payment.key, number), invoice.open_of(payment)
                marks.append(RefundMark(mark_id, payment.key, open_sum, now, order.ordered_by))
    grown = replace(grown, refunds=tuple(marks))
    if planned.shares is not None:
        there = dict[tuple[PaymentKey, Party, PayeeId | None], Money]()
        for allocation in invoice.allocations:
            name = (allocation.payment, allocation.party, invoice.terms.payee_of(allocation.party))
            there[name] = there.get(name, zero(allocation.amount.currency)) + allocation.amount
        for line in (line for correction in invoice.corrections for line in correction.lines):
            name = (line.payment, line.party, line.payee)
            there[name] = there.get(name, zero(line.amount.currency)) + line.amount
        wanted = dict[tuple[PaymentKey, Party, PayeeId | None], Money]()
        for key in mine:
            for share in planned.shares.get(key, ()):
                name = (key, share.party, share.payee or order.terms.payee_of(share.party))
                wanted[name] = wanted.get(name, zero(share.amount.currency)) + share.amount
        _bear_fees(invoice, order, planned, wanted, there)
        # The difference alone is written: earlier corrections are posted, and stay.
        lines = lines_to(wanted, there, invoice.due.currency)
        if lines:
            correction = Correction(len(invoice.corrections) + 1, order.change, now, lines)
            # Money of a link that was never paid up was shared by nobody yet: its release is the order's to say.
            at_once = now if order.terms.release is ReleaseRule.ON_PAID else None
            corrections = (*invoice.corrections, correction)
            grown = replace(grown, corrections=corrections, released_at=invoice.released_at or at_once)
    is_same = grown.refunds == invoice.refunds and grown.corrections == invoice.corrections
    return replace(invoice, settled_version=order.version) if is_same else grown.revised()


def _bear_fees(
    invoice: Invoice,
    order: SettleOrder,
    planned: Plan,
    wanted: dict[tuple[PaymentKey, Party, PayeeId | None], Money],
    there: dict[tuple[PaymentKey, Party, PayeeId | None], Money],
) -> None:
    """The fee is borne by those who are paid now, for what stays of its payment; of what went back the platform bears
    it. What was posted under the terms of the link is counted as there, and so given back by a line."""
    shared = {allocation.payment for allocation in invoice.allocations}
    kept = {one.key: one.free - planned.refunds.get(one.key, zero(one.free.currency)) for one in holdings_of(invoice)}
    for payment in invoice.payments:
        # Not known before the settlement, which wakes the order.
        if payment.fee is None or payment.key not in kept:
            continue
        fee = Money(part(payment.fee.amount, kept[payment.key].amount, payment.amount.amount), payment.fee.currency)
        for sums, terms, borne in (
            (wanted, order.terms, fee),
            (there, invoice.terms, payment.fee if payment.key in shared else zero(fee.currency)),
        ):
            for share in terms.fee_shares_of(borne):
                if share.party is Party.PLATFORM:
                    continue
                # Charged to the platform first, which the others give back to it.
                for name, amount in (
                    ((payment.key, share.party, terms.payee_of(share.party)), -share.amount),
                    ((payment.key, Party.PLATFORM, terms.payee_of(Party.PLATFORM)), share.amount),
                ):
                    sums[name] = sums.get(name, zero(fee.currency)) + amount
