"""Does the money hold? The ledger against itself and against the records it was written from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from payments.domain import postings
from payments.domain.allocations import ChargebackOutcome
from payments.domain.invoice import Invoice
from payments.domain.ledger import Books, LedgerAccount, Posting, books_of
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

    @property
    def in_motion(self) -> frozenset[str]:
        """Bookings with a record that is saved and not yet posted."""
        moving = {invoice.reference for invoice in self.invoices if invoice.dirty}
        moving |= {refund.reference for refund in self.refunds if refund.dirty}
        moving |= {line.reference for payout in self.payouts if payout.dirty for line in payout.lines}
        return frozenset(moving)


def check(ledger: Sequence[Posting], records: MoneyRecords) -> MoneyCheck:
    """The invariant of each booking, and each term against the records; bookings in motion are checked for
    balance only."""
    books = books_of(ledger)
    still = [t for t in books if t.reference not in records.in_motion]
    found = [_out_of_balance(t) for t in books if not t.holds]
    found += [d for t in still for d in _against_records(t, records)]
    found += unmatched_postings(ledger, records)
    found += _unwritten(ledger, records)
    bookings = {t.reference for t in books}
    found += [
        Difference(i.reference, "captured", p.amount.currency, 0, p.amount.amount)
        for i in records.invoices
        if i.reference not in bookings and i.reference not in records.in_motion
        for p in i.payments
    ]
    return MoneyCheck(not found, len(bookings), tuple(found))


def _out_of_balance(books: Books) -> Difference:
    whole = books.held + books.platform + books.paid_out + books.refunded + books.fees + books.open
    return Difference(books.reference, "balance", books.currency, whole, books.captured)


def _against_records(books: Books, records: MoneyRecords) -> Iterable[Difference]:
    for name, known in _known_terms(books.reference, books.currency, records):
        written = getattr(books, name)
        if written != known:
            yield Difference(books.reference, name, books.currency, written, known)


def _known_terms(reference: str, currency: str, records: MoneyRecords) -> Iterable[tuple[str, int]]:
    invoices = [i for i in records.invoices if i.reference == reference]
    payments = [p for i in invoices for p in i.payments if p.amount.currency == currency]
    yield "captured", sum(p.amount.amount for p in payments)
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
    disputes = [one for i in invoices for one in i.chargebacks if one.amount.currency == currency]
    lost = sum(one.amount.amount for one in disputes if one.outcome is ChargebackOutcome.LOST)
    yield "refunded", refunded + lost
    mine = [p for p in records.payables if p.reference == reference and p.share.currency == currency]
    # What left is deducted as often as it left: of money sent twice the second time is a debt to us.
    yield "held", sum(p.net.amount for p in mine) - paid_out
    cases = sum(c.amount.amount for i in invoices for c in i.open_cases if c.amount.currency == currency)
    marks = [m for i in invoices for m in i.refunds if m.amount.currency == currency]
    disputed = sum(one.from_open.amount for one in disputes if one.outcome is ChargebackOutcome.OPEN)
    yield "open", cases + disputed + sum(m.amount.amount for m in marks) - refunded
    yield "platform", sum(_platform_of(i, currency) for i in invoices)


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
        owned -= payment.fee_so_far.amount
        if payment.fee is not None and payment.key in shared:
            borne = invoice.terms.fee_shares_of(payment.fee)
            owned += sum(share.amount.amount for share in borne if share.party is not Party.PLATFORM)
    lost = [
        one for one in invoice.chargebacks if one.outcome is ChargebackOutcome.LOST and one.amount.currency == currency
    ]
    return owned - sum(one.amount.amount - one.from_open.amount for one in lost)


def keys_of(movements: Sequence[Movement]) -> frozenset[str]:
    """The keys of all that these movements stand for."""
    return frozenset(posting.key for movement in movements for posting in postings.of_movement(movement))


def _unwritten(ledger: Sequence[Posting], records: MoneyRecords) -> Iterable[Difference]:
    """Movements beside bookings that are saved and not posted."""
    there = {posting.key for posting in ledger}
    for movement in records.movements:
        for posting in () if movement.dirty else postings.of_movement(movement):
            if posting.key not in there:
                yield Difference("", posting.key, posting.currency, 0, _volume(posting))


def _volume(posting: Posting) -> int:
    return sum(e.amount for e in posting.entries if e.amount > 0 and e.account is not LedgerAccount.OUTSIDE)


def unmatched_postings(ledger: Sequence[Posting], records: MoneyRecords) -> Iterable[Difference]:
    """Postings no record stands for, or that say something else than their record."""
    expected = {posting.key: posting for posting in _expected(records)}
    for posting in ledger:
        known = expected.get(posting.key)
        if known is None or known.entries != posting.entries:
            yield Difference(posting.reference or "", posting.key, posting.currency, _volume(posting), 0)


def _expected(records: MoneyRecords) -> Iterable[Posting]:
    for invoice in records.invoices:
        yield from postings.of_invoice(invoice)
    for payout in records.payouts:
        yield from postings.of_payout(payout)
    for refund in records.refunds:
        yield from postings.of_refund(refund)
    for movement in records.movements:
        yield from postings.of_movement(movement)
