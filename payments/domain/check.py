"""Does the money hold? The ledger against itself and against the records it was written from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from payments.domain import postings
from payments.domain.allocations import ChargebackOutcome
from payments.domain.credit import Credit
from payments.domain.credited_invoices import credit_key
from payments.domain.invoice import Invoice
from payments.domain.ledger import LedgerAccount, Posting, books_of
from payments.domain.movement import Movement
from payments.domain.payables import Payable
from payments.domain.payout import Payout
from payments.domain.refund import Refund
from payments.domain.splits import Party


@dataclass(frozen=True, slots=True)
class Difference:
    """Two ways to know one sum, and they differ; minor units."""

    reference: str
    term: str
    currency: str
    in_ledger: int
    in_records: int


@dataclass(frozen=True, slots=True)
class MoneyCheck:
    """Whether every unit is where the ledger says, over how many bookings, and where not."""

    holds: bool
    bookings: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class MoneyRecords:
    """Everything money was written from."""

    invoices: Sequence[Invoice]
    payables: Sequence[Payable]
    payouts: Sequence[Payout]
    refunds: Sequence[Refund]
    movements: Sequence[Movement] = ()
    credits: Sequence[Credit] = ()

    @property
    def in_motion(self) -> frozenset[str]:
        """Bookings with a record that is saved and not yet posted."""
        moving = {invoice.reference for invoice in self.invoices if invoice.dirty}
        moving |= {refund.reference for refund in self.refunds if refund.dirty}
        moving |= {line.reference for payout in self.payouts if payout.dirty for line in payout.lines}
        moving |= {credit.id for credit in self.credits if credit.dirty}
        return frozenset(moving)


def check(ledger: Sequence[Posting], records: MoneyRecords) -> MoneyCheck:
    """The invariant of each booking, and each term against the records; bookings in motion are checked for
    balance only."""
    books = books_of(ledger)
    still = [t for t in books if t.reference not in records.in_motion]
    found: list[Difference] = []
    for t in books:
        if not t.holds:
            whole = t.held + t.platform + t.paid_out + t.refunded + t.fees + t.open + t.credits + t.transferred
            found.append(Difference(t.reference, "balance", t.currency, whole, t.captured))
    for t in still:
        for name, known in _known_terms(t.reference, t.currency, records):
            if getattr(t, name) != known:
                found.append(Difference(t.reference, name, t.currency, getattr(t, name), known))
    found += unmatched_postings(ledger, records)
    found += _uncovered(records)
    # Saved and not posted, though no mark says that it is still to be posted.
    there = {posting.key for posting in ledger}
    clean = (movement for movement in records.movements if not movement.dirty)
    unwritten = [p for movement in clean for p in postings.of_movement(movement) if p.key not in there]
    found += [Difference("", posting.key, posting.currency, 0, _volume(posting)) for posting in unwritten]
    bookings = {t.reference for t in books}
    found += [
        Difference(i.reference, "captured", p.amount.currency, 0, p.amount.amount)
        for i in records.invoices
        if i.reference not in bookings and i.reference not in records.in_motion
        for p in i.payments
    ]
    found += [
        Difference(one.id, "credits", one.amount.currency, 0, one.amount.amount)
        for one in records.credits
        if one.id not in bookings and one.id not in records.in_motion
    ]
    return MoneyCheck(not found, len(bookings), tuple(found))


def _known_terms(reference: str, currency: str, records: MoneyRecords) -> Iterable[tuple[str, int]]:
    invoices = [i for i in records.invoices if i.reference == reference]
    payments = [p for i in invoices for p in i.payments if p.amount.currency == currency]
    by_credit = {p.key for p in payments if p.credit is not None}
    yield "captured", sum(p.amount.amount for p in payments if p.credit is None)
    yield "fees", sum(p.fee_so_far.amount for p in payments)
    paid_out = sum(
        line.amount.amount * sum(s.is_out for s in payout.sends)
        for payout in records.payouts
        if payout.currency == currency
        for line in payout.lines
        if line.reference == reference
    )
    yield "paid_out", paid_out
    refunds = [r for r in records.refunds if r.reference == reference and r.amount.currency == currency]
    refunded = sum(r.amount.amount * sum(s.is_out for s in r.sends) for r in refunds)
    disputes = [taken for i in invoices for taken in i.chargebacks if taken.amount.currency == currency]
    lost = sum(taken.amount.amount for taken in disputes if taken.outcome is ChargebackOutcome.LOST)
    yield "refunded", refunded + lost
    mine = [p for p in records.payables if p.reference == reference and p.share.currency == currency]
    # What left is deducted as often as it left: of money sent twice the second time is a debt to us.
    yield "held", sum(p.net.amount for p in mine) - paid_out
    cases = sum(c.amount.amount for i in invoices for c in i.open_cases if c.amount.currency == currency)
    all_marks = [m for i in invoices for m in i.refunds if m.amount.currency == currency]
    marks = [m for m in all_marks if m.payment not in by_credit]
    # Out of our cash and of undecided owner until the bank decides.
    disputed = sum(taken.from_open.amount for taken in disputes if taken.outcome is ChargebackOutcome.OPEN)
    yield "open", cases + disputed + sum(m.amount.amount for m in marks) - refunded
    mine_of_credits = [one for one in records.credits if one.id == reference and one.amount.currency == currency]
    expired = sum(one.expired.amount for one in mine_of_credits)
    yield "platform", sum(_platform_of(i, currency) for i in invoices) + expired
    yield "credits", sum(one.left.amount for one in mine_of_credits)
    came = sum(one.amount.amount for one in mine_of_credits) + sum(p.amount.amount for p in payments if p.credit)
    went = sum(one.used.amount for one in mine_of_credits) + sum(_credited_of(i, currency) for i in invoices)
    yield "transferred", went - came + sum(m.amount.amount for m in all_marks if m.payment in by_credit)


def _uncovered(records: MoneyRecords) -> Iterable[Difference]:
    """Shares that left before their own money was in the provider's account."""
    payments = {payment.key: payment for invoice in records.invoices for payment in invoice.payments}
    payables = {payable.id: payable for payable in records.payables}
    for payout in records.payouts:
        if not any(send.is_out for send in payout.sends):
            continue
        for line in payout.lines:
            payable = payables.get(line.payable)
            payment = None if payable is None else payments.get(payable.payment)
            # A debt that is netted leaves nothing.
            if payment is not None and payment.settled_at is None and line.amount.amount > 0:
                yield Difference(line.reference, f"left uncovered: {payout.id}", payout.currency, line.amount.amount, 0)


def _platform_of(invoice: Invoice, currency: str) -> int:
    """Its shares, less the fees that nobody else bears and what banks took back for good of what was shared
    out."""
    owned = sum(
        a.amount.amount for a in invoice.allocations if a.party is Party.PLATFORM and a.amount.currency == currency
    )
    lines = [line for correction in invoice.corrections for line in correction.lines]
    owned += sum(
        line.amount.amount for line in lines if line.party is Party.PLATFORM and line.amount.currency == currency
    )
    shared = {a.payment for a in invoice.allocations}
    for payment in invoice.payments:
        if payment.amount.currency != currency:
            continue
        # The provider takes its fee from the platform's account, whoever bears it in the end.
        owned -= payment.fee_so_far.amount
        if payment.fee is not None and payment.key in shared:
            borne = invoice.terms.fee_shares_of(payment.fee)
            owned += sum(share.amount.amount for share in borne if share.party is not Party.PLATFORM)
    lost = [
        one for one in invoice.chargebacks if one.outcome is ChargebackOutcome.LOST and one.amount.currency == currency
    ]
    return owned - sum(one.amount.amount - one.from_open.amount for one in lost)


def _credited_of(invoice: Invoice, currency: str) -> int:
    """What of its money was given to the customer as a credit."""
    lines = [line for correction in invoice.corrections for line in correction.lines if line.party is Party.CREDIT]
    return sum(line.amount.amount for line in lines if line.amount.currency == currency)


def transfers(given_out: Sequence[Credit], invoices: Sequence[Invoice]) -> tuple[Difference, ...]:
    """Whether each credit and the bookings at both of its ends say the same; the invoices are all that it names."""
    by_name = {invoice.reference: invoice for invoice in invoices}
    found: list[Difference] = []
    for one in given_out:
        currency = one.amount.currency
        given = sum(_credited_of(by_name[name], currency) for name in one.origin if name in by_name)
        # of one booking at most one credit is given, so that its lines are this credit's
        if given != one.amount.amount:
            found.append(Difference(one.id, "credit given", currency, given, one.amount.amount))
        for use in one.uses:
            invoice = by_name.get(use.account)
            key = credit_key(use.account, one.id)
            payment = None if invoice is None else invoice.payment_by(key)
            marks = () if invoice is None else [mark for mark in invoice.refunds if mark.payment == key]
            paid = (0 if payment is None else payment.amount.amount) - sum(mark.amount.amount for mark in marks)
            if paid != use.net.amount:
                found.append(Difference(one.id, f"credit used: {use.account}", currency, paid, use.net.amount))
    return tuple(found)


def keys_of(movements: Sequence[Movement]) -> frozenset[str]:
    """The keys of all that these movements stand for."""
    return frozenset(posting.key for movement in movements for posting in postings.of_movement(movement))


def _volume(posting: Posting) -> int:
    return sum(e.amount for e in posting.entries if e.amount > 0 and e.account is not LedgerAccount.OUTSIDE)


def unmatched_postings(ledger: Sequence[Posting], records: MoneyRecords) -> Iterable[Difference]:
    """Postings no record stands for, or that say something else than their record."""
    of_records = [
        *(postings.of_invoice(invoice) for invoice in records.invoices),
        *(postings.of_payout(payout) for payout in records.payouts),
        *(postings.of_refund(refund) for refund in records.refunds),
        *(postings.of_movement(movement) for movement in records.movements),
        *(postings.of_credit(credit) for credit in records.credits),
    ]
    expected = {posting.key: posting for written in of_records for posting in written}
    for posting in ledger:
        known = expected.get(posting.key)
        if known is None or known.entries != posting.entries:
            yield Difference(posting.reference or "", posting.key, posting.currency, _volume(posting), 0)
