"""One payment is one sum of one currency: what was booked first stays, and the books hold whatever is told later."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from payments.domain import check, postings
from payments.domain.events import InvoicePaid, TransactionSeen
from payments.domain.ledger import Posting
from payments.domain.matching import contradictions
from payments.domain.money import Money
from tests.payments.makers import NOON, idr, invoice, paid, row

SUMS = st.builds(Money, st.integers(-5, 900_000), st.sampled_from(["IDR", "USD", "PHP"]))
NAMES = st.sampled_from([None, "1", "qrpy_1", "qrpy_2"])
CALLBACKS = st.builds(lambda sum_, name: replace(paid(payment_id=name), paid=sum_), SUMS, NAMES)
ROWS = st.builds(lambda sum_, name: replace(row(), amount=sum_, net=sum_, product_id=name), SUMS, NAMES)


@given(st.lists(CALLBACKS | ROWS, max_size=12))
def test_no_news_in_any_currency_and_number_breaks_the_books(history: list[InvoicePaid | TransactionSeen]) -> None:
    end, ledger = invoice(), dict[str, Posting]()
    for news in history:
        end = end.apply(news, NOON) if isinstance(news, InvoicePaid) else end.settle((news,), NOON)
        for posting in postings.of_invoice(end):
            assert ledger.setdefault(posting.key, posting).entries == posting.entries, "a posting never changes"
    names = [payment.key for payment in end.payments]
    assert len(names) == len(set(names))
    assert all(payment.amount.amount > 0 for payment in end.payments)
    records = check.MoneyRecords([replace(end, dirty=False)], [], [], [])
    differences = [d for d in check.check(list(ledger.values()), records).differences if d.term != "held"]
    assert differences == []


def test_one_payment_in_two_currencies_is_booked_once_and_named() -> None:
    first = invoice().apply(paid(), NOON)
    assert first.apply(paid(paid=Money(500_000, "USD")), NOON) is first
    other = replace(row(), amount=Money(500_000, "USD"))
    assert first.settle((other,), NOON).payments == first.payments
    ((payment, seen),) = contradictions(first.payments, (other, row()))
    assert (payment.amount, seen.amount) == (idr(500_000), Money(500_000, "USD"))


def test_money_of_nothing_or_less_is_no_payment() -> None:
    for amount in (0, -5):
        assert invoice().apply(paid(amount), NOON).payments == ()
