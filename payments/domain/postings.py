"""Which postings a record stands for: a pure function of the record, so that writing them again writes
nothing new.

Records only ever grow (a payment gets its fee once, a sending comes back once), and each growth adds
postings and leaves the earlier ones as they were. After a crash between a record and its postings they are asked for
again.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from payments.domain.allocations import Chargeback, ChargebackOutcome, RefundMark
from payments.domain.corrections import Correction
from payments.domain.credit import Credit
from payments.domain.events import MovementKind
from payments.domain.ids import PaymentKey
from payments.domain.invoice import Invoice
from payments.domain.ledger import LedgerAccount, LedgerEntry, Posting
from payments.domain.money import Money
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.payout import Payout
from payments.domain.refund import Refund
from payments.domain.splits import FeeBearer, Party
from payments.domain.transfer import Send


def of_invoice(invoice: Invoice) -> tuple[Posting, ...]:
    """Captures, accrued and true fees, settlements, the sharing out, and what banks took back."""
    of_payments = [posting for payment in invoice.payments for posting in _of_payment(invoice, payment)]
    disputes = [posting for taken in invoice.chargebacks for posting in _of_chargeback(invoice.reference, taken)]
    corrections = [posting for correction in invoice.corrections for posting in _of_correction(invoice, correction)]
    back = [_of_credit_back(invoice, mark) for mark in invoice.refunds if mark.payment in _by_credit(invoice)]
    return (*of_payments, *disputes, *corrections, *back)


def of_credit(credit: Credit) -> tuple[Posting, ...]:
    """In a book of its own: what came there, what it paid for, what came back, and what nobody used."""

    def posting(kind: str, left: int, other: LedgerAccount, at: datetime) -> Posting:
        entries = (LedgerEntry(LedgerAccount.CREDITS, left), LedgerEntry(other, -left))
        return Posting(f"credit-{kind}", credit.id, credit.amount.currency, at, entries)

    moved = LedgerAccount.TRANSFERRED
    written = [posting(f"granted:{credit.id}", credit.amount.amount, moved, credit.granted_at)]
    for use in credit.uses:
        # one that had nothing left for it has moved nothing
        if use.amount:
            written.append(posting(f"used:{credit.id}:{use.account}", -use.amount.amount, moved, use.at))
        written += [
            posting(f"returned:{credit.id}:{one.mark}", one.amount.amount, moved, one.at) for one in use.returns
        ]
    for number, lost in enumerate(credit.expiries, 1):
        kept = posting(f"expired-{number}:{credit.id}", -lost.amount.amount, LedgerAccount.PLATFORM, lost.at)
        written.append(kept)
    return tuple(written)


def _by_credit(invoice: Invoice) -> frozenset[PaymentKey]:
    return frozenset(payment.key for payment in invoice.payments if payment.credit is not None)


def _of_credit_back(invoice: Invoice, mark: RefundMark) -> Posting:
    """What a credit had paid goes back to it, at once: nothing leaves the house."""
    amount = mark.amount.amount
    entries = (LedgerEntry(LedgerAccount.OPEN, -amount), LedgerEntry(LedgerAccount.TRANSFERRED, amount))
    return Posting(f"credit-back:{mark.refund}", invoice.reference, mark.amount.currency, mark.wanted_at, entries)


def _of_correction(invoice: Invoice, correction: Correction) -> Iterator[Posting]:
    """Between the parties, and between them and what is open, payment by payment."""
    for key in sorted({line.payment for line in correction.lines}):
        mine = [line for line in correction.lines if line.payment == key]
        entries = [_owned(line.party, line.amount.amount) for line in mine]
        moved = sum(line.amount.amount for line in mine)
        if moved:
            entries.append(LedgerEntry(LedgerAccount.OPEN, -moved))
        currency = mine[0].amount.currency
        name = f"corrected-{correction.number}:{key}"
        yield Posting(name, invoice.reference, currency, correction.at, tuple(entries))


def _of_payment(invoice: Invoice, payment: Payment) -> Iterator[Posting]:
    amount, currency = payment.amount.amount, payment.amount.currency
    captured: tuple[LedgerEntry, ...] = (
        LedgerEntry(LedgerAccount.CAPTURED, -amount),
        LedgerEntry(LedgerAccount.OPEN, amount),
        LedgerEntry(LedgerAccount.PENDING if payment.receipt is None else LedgerAccount.BY_HAND, amount),
        LedgerEntry(LedgerAccount.OUTSIDE, -amount),
    )
    if payment.credit is not None:
        # it lies with the provider already, as the money of another booking
        captured = (LedgerEntry(LedgerAccount.TRANSFERRED, -amount), LedgerEntry(LedgerAccount.OPEN, amount))
    yield Posting(f"captured:{payment.key}", invoice.reference, currency, payment.seen_at, captured)
    # The fee shows in the provider's row only, at the settlement; until then the tariff's stands for it.
    if payment.fee_estimate:
        yield _fee(invoice.reference, payment, "accrued", payment.fee_estimate.amount)
    if payment.fee is not None and payment.net is not None and payment.settled_at is not None:
        settled = (
            LedgerEntry(LedgerAccount.PENDING, -amount),
            LedgerEntry(LedgerAccount.CASH, payment.net.amount),
            LedgerEntry(LedgerAccount.OUTSIDE, amount - payment.net.amount),
        )
        yield Posting(f"settled:{payment.key}", invoice.reference, currency, payment.settled_at, settled)
        difference = payment.fee.amount - payment.fee_estimate.amount
        if difference:
            yield _fee(invoice.reference, payment, "corrected", difference)
    parts = [a for a in invoice.allocations if a.payment == payment.key]
    if parts:
        assert invoice.allocated_at is not None
        shared = [LedgerEntry(LedgerAccount.OPEN, -sum(a.amount.amount for a in parts))]
        shared += [_owned(a.party, a.amount.amount) for a in parts]
        yield Posting(f"shared:{payment.key}", invoice.reference, currency, invoice.allocated_at, tuple(shared))
        if payment.fee is not None and invoice.terms.fee_bearer is not FeeBearer.PLATFORM:
            yield from _fee_shared(invoice, payment)


def _fee(reference: str, payment: Payment, kind: str, amount: int) -> Posting:
    at = payment.seen_at if kind == "accrued" or payment.settled_at is None else payment.settled_at
    entries = (LedgerEntry(LedgerAccount.FEES, amount), LedgerEntry(LedgerAccount.PLATFORM, -amount))
    return Posting(f"fee-{kind}:{payment.key}", reference, payment.amount.currency, at, entries)


def _fee_shared(invoice: Invoice, payment: Payment) -> Iterator[Posting]:
    """The fee was charged to the platform first; here the others give it back what they bear."""
    assert payment.fee is not None
    assert payment.settled_at is not None
    assert invoice.allocated_at is not None
    borne = [s for s in invoice.terms.fee_shares_of(payment.fee) if s.party is not Party.PLATFORM]
    if not borne:
        return
    entries = [_owned(share.party, -share.amount.amount) for share in borne]
    entries.append(LedgerEntry(LedgerAccount.PLATFORM, sum(share.amount.amount for share in borne)))
    at = max(payment.settled_at, invoice.allocated_at)
    yield Posting(f"fee-shared:{payment.key}", invoice.reference, payment.amount.currency, at, tuple(entries))


def _owned(party: Party, amount: int) -> LedgerEntry:
    match party:
        case Party.PLATFORM:
            return LedgerEntry(LedgerAccount.PLATFORM, amount)
        case Party.CREDIT:
            # to the book of the credit itself
            return LedgerEntry(LedgerAccount.TRANSFERRED, amount)
        case _:
            return LedgerEntry(LedgerAccount.HELD, amount, party)


def _of_chargeback(reference: str, taken: Chargeback) -> Iterator[Posting]:
    """Out of the cash while it is disputed; lost, it is refunded from what was open, and for the rest by the
    platform."""
    amount, currency = taken.amount.amount, taken.amount.currency
    entries = (LedgerEntry(LedgerAccount.CASH, -amount), LedgerEntry(LedgerAccount.DISPUTED, amount))
    opened = Posting(f"disputed:{taken.id}", reference, currency, taken.opened_at, entries)
    yield opened
    if taken.fee:
        yield _other_fee(f"chargeback-fee:{taken.id}", reference, taken.fee, taken.opened_at)
    if taken.decided_at is not None and taken.outcome is ChargebackOutcome.WON:
        yield opened.reversed_as(f"dispute-won:{taken.id}", taken.decided_at)
    if taken.decided_at is not None and taken.outcome is ChargebackOutcome.LOST:
        from_open = taken.from_open.amount
        lost = (
            LedgerEntry(LedgerAccount.DISPUTED, -amount),
            LedgerEntry(LedgerAccount.OUTSIDE, amount),
            LedgerEntry(LedgerAccount.REFUNDED, amount),
            LedgerEntry(LedgerAccount.OPEN, -from_open),
            LedgerEntry(LedgerAccount.PLATFORM, from_open - amount),
        )
        yield Posting(f"dispute-lost:{taken.id}", reference, currency, taken.decided_at, lost)


def _other_fee(key: str, reference: str | None, fee: Money, at: datetime) -> Posting:
    entries = (LedgerEntry(LedgerAccount.OTHER_FEES, fee.amount), LedgerEntry(LedgerAccount.CASH, -fee.amount))
    return Posting(key, reference, fee.currency, at, entries)


_OUTSIDE_BOOKINGS = {
    MovementKind.OPENING: LedgerAccount.OPENING,
    MovementKind.TOP_UP: LedgerAccount.TOP_UPS,
    MovementKind.WITHDRAWAL: LedgerAccount.WITHDRAWALS,
    MovementKind.ADJUSTMENT: LedgerAccount.ADJUSTMENTS,
    # Of a payment that is not ours: unmatched.
    MovementKind.CHARGEBACK: LedgerAccount.UNMATCHED,
    MovementKind.UNMATCHED: LedgerAccount.UNMATCHED,
}


def of_movement(movement: Movement) -> tuple[Posting, ...]:
    """What moved outside bookings, once it has moved, and an unmatched row once it is accepted."""
    at = movement.accepted_at if movement.kind is MovementKind.UNMATCHED else movement.moved_at
    if movement.moved_at is None or at is None:
        return ()
    cash, pending = movement.amount.amount, movement.pending.amount if movement.pending else 0
    entries = [LedgerEntry(LedgerAccount.CASH, cash), LedgerEntry(_OUTSIDE_BOOKINGS[movement.kind], -cash - pending)]
    if pending:
        entries.append(LedgerEntry(LedgerAccount.PENDING, pending))
    moved = Posting(f"moved:{movement.id}", None, movement.amount.currency, at, tuple(entries))
    written = [moved]
    if movement.back_at is not None:
        # It may have come back before a person accepted it: the books show no way back before the way out.
        written.append(moved.reversed_as(f"moved-back:{movement.id}", max(at, movement.back_at)))
    if movement.fee:
        written.append(_other_fee(f"moved-fee:{movement.id}", None, movement.fee, at))
    return tuple(written)


def of_payout(payout: Payout) -> tuple[Posting, ...]:
    """Per sending and booking what left, what came back, and per sending what it cost."""
    written: list[Posting] = []
    lines = sorted(payout.lines, key=lambda line: line.reference)
    for send in payout.sends:
        # Money has left from the moment the provider takes the order, whatever becomes of it.
        if send.accepted_at is not None:
            for reference, group in groupby(lines, key=lambda line: line.reference):
                entries: list[LedgerEntry] = []
                for line in group:
                    amount = line.amount.amount
                    entries += [
                        LedgerEntry(LedgerAccount.HELD, -amount, line.party),
                        LedgerEntry(LedgerAccount.PAID_OUT, amount),
                    ]
                    entries += [LedgerEntry(LedgerAccount.CASH, -amount), LedgerEntry(LedgerAccount.OUTSIDE, amount)]
                name = f"{send.key}:{reference}"
                out = Posting(f"out:{name}", reference, payout.currency, send.accepted_at, tuple(entries))
                written += _there_and_back(out, send, name)
        written += _cost(send, payout.currency)
    return tuple(written)


def of_refund(refund: Refund) -> tuple[Posting, ...]:
    """Per sending what went back to the guest, what of it failed, and what it cost."""
    amount, currency = refund.amount.amount, refund.amount.currency
    entries = (
        LedgerEntry(LedgerAccount.OPEN, -amount),
        LedgerEntry(LedgerAccount.REFUNDED, amount),
        LedgerEntry(LedgerAccount.CASH, -amount),
        LedgerEntry(LedgerAccount.OUTSIDE, amount),
    )
    written: list[Posting] = []
    for send in refund.sends:
        if send.accepted_at is not None:
            out = Posting(f"out:{send.key}", refund.reference, currency, send.accepted_at, entries)
            written += _there_and_back(out, send, send.key)
        written += _cost(send, currency)
    return tuple(written)


def _there_and_back(out: Posting, send: Send, name: str) -> Iterator[Posting]:
    """Out, back, and however often it went out and came back again, each a posting of its own."""
    yield out
    if send.back_at is not None:
        yield out.reversed_as(f"back:{name}", send.back_at)
    # A posting is never changed: each turn is one more, and their sum is where the money is.
    for number, at in enumerate(send.again):
        key = f"again-{number + 1}:{name}"
        yield out.reversed_as(key, at) if number % 2 else replace(out, key=key, at=at)


def _cost(send: Send, currency: str) -> Iterator[Posting]:
    """What a transfer costs belongs to no booking."""
    if send.fee and send.accepted_at is not None:
        entries = (
            LedgerEntry(LedgerAccount.PAYOUT_FEES, send.fee.amount),
            LedgerEntry(LedgerAccount.CASH, -send.fee.amount),
        )
        yield Posting(f"transfer-fee:{send.key}", None, currency, send.accepted_at, entries)
