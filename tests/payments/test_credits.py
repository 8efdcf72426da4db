"""Credits: what is given, used, given back and never used is the same sum, and the parties of what a credit pays have
their whole shares."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain import check, ledger, payables, postings
from payments.domain.allocations import ChargebackOutcome
from payments.domain.corrections import Credited, CreditWanted, SettleOrder, plan
from payments.domain.credit import AT_LEAST_AFTER_RETURN, GRACE, Credit, granted
from payments.domain.credited_invoices import covered, credit_key, paid_by_credit
from payments.domain.events import InvoicePaid, MovementKind, MovementSeen, RowStatus, TransactionSeen
from payments.domain.ids import ExternalId, InvoiceId
from payments.domain.invoice import Invoice
from payments.domain.ledger import Posting
from payments.domain.money import Money
from payments.domain.payables import Payable
from payments.domain.settled_invoices import holdings_of, settled_to
from payments.domain.splits import Party
from tests.payments.makers import NOON, PAY_BY, idr, terms

PRICE = 350_000
WENT_WRONG, CREDIT = "BK1", "BK1~credit"
LATER = ("BK2", "BK3")
UNTIL = NOON + timedelta(days=60)


class House:
    """A booking that went wrong, a credit for it, and bookings it pays for."""

    def __init__(self) -> None:
        names = (WENT_WRONG, *LATER)
        self.invoices = {name: Invoice(name, idr(PRICE), PAY_BY, terms()) for name in names}
        self.orders: dict[str, SettleOrder] = {}
        self.payables: dict[str, Payable] = {}
        self.ledger: dict[str, Posting] = {}
        self.credit: Credit | None = None
        self.now = NOON
        self.number = 0

    def pay(self, name: str, amount: int) -> None:
        invoice = self.invoices[name]
        if not invoice.attempts and not invoice.is_paid and invoice.closed_at is None:
            invoice = invoice.with_attempt(1, (), NOON)
        self.number += 1
        news = InvoicePaid(ExternalId(f"{name}.1"), InvoiceId("inv"), idr(amount), NOON, f"p_{self.number}", "OVO")
        self.invoices[name] = invoice.apply(news, NOON)
        self.post()

    def charge(self, fee: int) -> None:
        for name, invoice in self.invoices.items():
            rows = tuple(
                TransactionSeen(
                    f"txn_{p.product_id}",
                    p.product_id or "",
                    p.external_id,
                    p.amount,
                    p.amount - idr(min(fee, p.amount.amount)),
                    idr(min(fee, p.amount.amount)),
                    True,
                    True,
                    "OVO",
                )
                for p in invoice.payments
                if p.is_with_provider
            )
            self.invoices[name] = invoice.settle(rows, self.now)
        self.post()

    def order(self, name: str, keep: int, change: str, *, is_end: bool = True) -> SettleOrder:
        return SettleOrder((name,), idr(keep), change, idr(PRICE), terms(), self.now, is_end)

    def settle(self, name: str, keep: int, change: str) -> None:
        fresh = self.order(name, keep, change)
        known = self.orders.get(name)
        self.orders[name] = fresh if known is None else known.ordered(fresh)
        self.post()

    def grant(self, amount: int, charged: Party | None) -> None:
        """As it is judged before it is ordered: never more than was paid and has not gone back."""
        paid = self.invoices[WENT_WRONG].paid.amount
        if not 0 < amount <= paid or not self.invoices[WENT_WRONG].allocations or self.credit is not None:
            return
        one = Credited(CREDIT, idr(amount), charged, UNTIL, self.now)
        order = self.orders.get(WENT_WRONG) or self.order(WENT_WRONG, paid, "credit")
        self.orders[WENT_WRONG] = order.crediting(one, self.now)
        self.credit = granted((WENT_WRONG,), one)
        self.post()

    def use(self, name: str, wanted: int, *, currency: str = "IDR") -> None:
        """As the service does it: the credit is asked first, and says the same when it is asked once more."""
        if self.credit is None:
            return
        asked = CreditWanted(CREDIT, Money(wanted, currency), self.now)
        disputes = self.invoices[WENT_WRONG].chargebacks
        is_usable = all(one.outcome is ChargebackOutcome.WON for one in disputes)
        for _ in range(2):
            self.credit = self.credit.taken(name, asked.amount, asked.at, is_usable=is_usable)
        use = self.credit.use_of(name)
        assert use is not None
        for _ in range(2):
            self.invoices[name] = paid_by_credit(self.invoices[name], asked, use, is_covered=False)
        self.post()

    def close(self, name: str) -> None:
        """Unpaid to the end: what had come in goes back."""
        self.invoices[name] = self.invoices[name].closed(self.now).refunding_open(self.now)
        self.post()

    def take_back(self, name: str, status: RowStatus) -> None:
        cash = [p for p in self.invoices[name].payments if p.is_with_provider]
        if cash:
            row = MovementSeen(f"cb-{name}", MovementKind.CHARGEBACK, "CHARGEBACK", -cash[0].amount, status)
            row = replace(row, reference=cash[0].external_id, product_id=cash[0].product_id)
            self.invoices[name] = self.invoices[name].charged_back(row, self.now)
            self.post()

    def post(self) -> None:
        for name, known in self.orders.items():
            order = self.orders[name] = replace(known, version=known.version + 1)
            mine = self.invoices[name].under_order(order)
            self.invoices[name] = settled_to(mine, order, plan(order, holdings_of(mine)), self.now)
        for invoice in self.invoices.values():
            for mark in invoice.refunds:
                of = invoice.payment_by(mark.payment)
                if of is not None and of.credit is not None and self.credit is not None:
                    for _ in range(2):
                        self.credit = self.credit.given_back(invoice.reference, mark.refund, mark.amount, self.now)
            for planned in payables.payables_of(invoice):
                stored = self.payables.get(planned.id)
                self.payables[planned.id] = planned if stored is None else planned.laid_over(stored)
        written = [posting for invoice in self.invoices.values() for posting in postings.of_invoice(invoice)]
        written += [] if self.credit is None else postings.of_credit(self.credit)
        for posting in written:
            assert self.ledger.setdefault(posting.key, posting).entries == posting.entries, "a posting never changes"
        self.judge()

    def judge(self) -> None:
        invoices = [replace(invoice, dirty=False) for invoice in self.invoices.values()]
        credits_ = [] if self.credit is None else [replace(self.credit, dirty=False)]
        records = check.MoneyRecords(invoices, list(self.payables.values()), [], [], credits=credits_)
        found = check.check(list(self.ledger.values()), records)
        assert found.holds, found.differences
        assert check.transfers(credits_, invoices) == ()
        books = ledger.books_of(self.ledger.values())
        assert sum(one.transferred for one in books) == 0, "nothing is between a booking and a credit"
        if self.credit is None:
            return
        one = self.credit
        assert one.amount == one.used + one.left + one.expired
        assert min(one.used.amount, one.left.amount, one.expired.amount) >= 0
        assert sum(of.credits for of in books) == one.left.amount
        for invoice in invoices:
            by_credit = [p.amount.amount for p in invoice.payments if p.credit is not None]
            assert sum(by_credit) <= invoice.due.amount

    def of(self, payee: str, reference: str) -> int:
        mine = [p for p in self.payables.values() if p.payee == payee and p.reference == reference]
        return sum(one.net.amount for one in mine)

    def books(self, reference: str) -> ledger.Books:
        return next(one for one in ledger.books_of(self.ledger.values()) if one.reference == reference)


def house(amount: int = 100_000, charged: Party | None = Party.PROVIDER) -> House:
    """A paid visit that went wrong, and a credit for it."""
    made = House()
    made.pay(WENT_WRONG, PRICE)
    made.grant(amount, charged)
    return made


BOOKINGS = st.sampled_from((WENT_WRONG, *LATER))
SUMS = st.integers(1, PRICE)
STEPS = st.one_of(
    st.tuples(st.just("pay"), BOOKINGS, SUMS),
    st.tuples(st.just("pay"), BOOKINGS, st.just(PRICE)),
    st.tuples(st.just("grant"), st.sampled_from((*Party, "")), SUMS),
    st.tuples(st.just("use"), st.sampled_from(LATER), SUMS),
    st.tuples(st.sampled_from(["settle", "again"]), st.sampled_from(LATER), st.integers(0, PRICE)),
    st.tuples(st.sampled_from(["close", "open", "won", "lost"]), BOOKINGS, st.just(0)),
    st.tuples(st.sampled_from(["charge", "days", "expire", "end"]), st.just(""), st.integers(0, 20_000)),
)
_ROWS = {"open": RowStatus.PENDING, "won": RowStatus.BACK, "lost": RowStatus.DONE}


@given(st.lists(STEPS, max_size=20))
def test_no_history_of_credits_makes_or_loses_a_unit(history: list[tuple[str, str, int]]) -> None:
    world = House()
    world.pay(WENT_WRONG, PRICE)
    for step, name, number in history:
        take(world, step, name, number)


def take(world: House, step: str, name: str, number: int) -> None:
    match step:
        case "pay":
            world.pay(name, number)
        case "grant":
            world.grant(number, Party(name) if name else None)
        case "use":
            if not world.invoices[name].is_paid:
                world.use(name, min(number, world.invoices[name].rest.amount))
        case "settle" | "again":
            world.settle(name, number, step)
        case "close":
            world.close(name)
        case "charge":
            world.charge(number)
        case "days":
            world.now += timedelta(days=20)
        case "expire":
            if world.credit is not None:
                world.credit = world.credit.looked_at(world.now)
                world.post()
        case "end":
            if world.credit is not None:
                world.credit = world.credit.ended(world.now)
                world.post()
        case _:
            world.take_back(name, _ROWS[step])


def test_a_credit_is_charged_to_whose_fault_it_was_and_everybody_else_keeps_their_share() -> None:
    world = house(100_000, Party.PROVIDER)
    assert (world.of("provider-1", WENT_WRONG), world.of("villa-1", WENT_WRONG)) == (145_000, 70_000)
    books = world.books(WENT_WRONG)
    assert (books.captured, books.transferred, books.refunded) == (PRICE, 100_000, 0)
    assert world.books(CREDIT).credits == 100_000


def test_where_nobody_is_named_everybody_bears_it_in_proportion() -> None:
    world = house(PRICE // 2, None)
    assert (world.of("provider-1", WENT_WRONG), world.of("villa-1", WENT_WRONG)) == (122_500, 35_000)


def test_what_one_share_does_not_hold_is_the_platforms_and_then_the_others() -> None:
    world = house(PRICE, Party.FACILITY)
    assert (world.of("provider-1", WENT_WRONG), world.of("villa-1", WENT_WRONG)) == (0, 0)
    assert world.books(WENT_WRONG).platform == 0


def test_who_is_paid_for_the_later_booking_has_their_whole_share_of_its_price() -> None:
    world = house()
    world.use("BK2", 100_000)
    assert world.invoices["BK2"].rest == idr(250_000)
    world.pay("BK2", 250_000)
    assert (world.of("provider-1", "BK2"), world.of("villa-1", "BK2")) == (245_000, 70_000)
    assert world.books("BK2").captured == 250_000
    assert world.credit is not None
    assert not world.credit.left


def test_a_booking_that_is_covered_whole_is_paid_without_a_link() -> None:
    world = house(PRICE)
    world.use("BK2", PRICE)
    invoice = world.invoices["BK2"]
    assert invoice.is_paid
    assert invoice.attempts == ()
    assert not invoice.is_late


def test_two_bookings_never_share_a_unit_of_it() -> None:
    world = house(100_000)
    world.use("BK2", 80_000)
    world.use("BK3", 80_000)
    assert [world.invoices[name].paid.amount for name in LATER] == [80_000, 20_000]


def test_money_goes_back_before_credit_and_credit_comes_back_as_credit() -> None:
    world = house()
    world.use("BK2", 100_000)
    world.pay("BK2", 250_000)
    world.settle("BK2", 175_000, "half")
    assert world.credit is not None
    assert world.credit.left == idr(0), "half of it is less than what was paid in money"
    world.settle("BK2", 50_000, "nearly all")
    assert world.credit.left == idr(50_000)
    cash = [m for m in world.invoices["BK2"].refunds if m.payment != credit_key("BK2", CREDIT)]
    assert sum(mark.amount.amount for mark in cash) == 250_000


def test_a_part_that_fits_a_whole_credit_is_still_paid_in_money() -> None:
    """A whole payment goes before a part, but never a credit before money."""
    world = house()
    world.use("BK2", 100_000)
    world.pay("BK2", 250_000)
    world.settle("BK2", PRICE - 100_000, "some")
    (mark,) = world.invoices["BK2"].refunds
    assert mark.payment != credit_key("BK2", CREDIT)


def test_unpaid_to_the_end_the_credit_comes_back_whole() -> None:
    world = house()
    world.use("BK2", 100_000)
    world.close("BK2")
    assert world.credit is not None
    assert world.credit.left == idr(100_000)
    assert world.invoices["BK2"].open_cases == ()


def test_of_what_nobody_used_the_platform_has_the_rest_and_only_once() -> None:
    world = house()
    world.use("BK2", 30_000)
    world.now = UNTIL
    assert world.credit is not None
    assert world.credit.looked_at(world.now) == replace(world.credit, next_at=UNTIL + GRACE)
    world.now = UNTIL + GRACE
    for _ in range(2):
        world.credit = world.credit.looked_at(world.now)
        world.post()
    assert world.books(CREDIT).platform == 70_000
    world.use("BK3", 10_000)
    assert not world.invoices["BK3"].payments, "its day is over"


def test_what_comes_back_late_can_be_used_for_thirty_days_more() -> None:
    world = house()
    world.use("BK2", 100_000)
    world.now = UNTIL + timedelta(days=5)
    world.close("BK2")
    assert world.credit is not None
    assert world.credit.until == world.now + AT_LEAST_AFTER_RETURN
    world.use("BK3", 40_000)
    assert world.invoices["BK3"].paid == idr(40_000)


@pytest.mark.parametrize(("wanted", "currency"), [(100_000, "PHP"), (0, "IDR")])
def test_another_currency_and_nothing_use_nothing(wanted: int, currency: str) -> None:
    world = house()
    assert world.credit is not None
    taken = world.credit.taken("BK2", Money(wanted, currency), NOON)
    assert taken.left == idr(100_000)


@pytest.mark.parametrize("status", [RowStatus.PENDING, RowStatus.DONE])
def test_while_a_bank_has_the_money_it_was_given_out_of_it_pays_nothing(status: RowStatus) -> None:
    world = house()
    world.take_back(WENT_WRONG, status)
    world.use("BK2", 50_000)
    assert world.invoices["BK2"].paid == idr(0)


def test_a_chargeback_after_it_was_used_is_the_platforms() -> None:
    world = house()
    world.use("BK2", 100_000)
    world.take_back(WENT_WRONG, RowStatus.DONE)
    books = world.books(WENT_WRONG)
    assert (books.transferred, books.platform) == (100_000, -100_000)
    assert world.invoices["BK2"].paid == idr(100_000)


def test_shares_of_a_credit_wait_for_the_money_behind_it() -> None:
    world = house(PRICE)
    world.use("BK2", PRICE)
    waiting = [one for one in world.payables.values() if one.reference == "BK2"]
    assert all(one.due_at is None for one in waiting)
    world.invoices["BK2"] = covered(world.invoices["BK2"], credit_key("BK2", CREDIT), NOON)
    world.post()
    there = [one for one in world.payables.values() if one.reference == "BK2"]
    assert there
    assert all(one.due_at is not None for one in there)
