"""Random histories of one booking with its cashier, over policies, splits and currencies: after every step the money
holds, the booking's laws hold, and what was told to go back is what goes back."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.business.context import Context
from bot.business.definition import Business
from bot.business.policies import PRESETS
from bot.dialogue import payment_links
from bot.dialogue.changes import accounts, money_laws
from bot.domain.booking import Booking
from bot.domain.commands import OpenInvoice
from bot.domain.events import StaffAction
from bot.domain.ids import EventId
from bot.domain.money_news import PaymentNewsCame
from bot.domain.states import CLOSED
from bot.domain.timers import TimerKind
from bot.replies import changes as words
from payments.domain import news
from payments.domain.events import TransferStatus
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.changing import a_paid_booking, slot
from tests.bot.dialogue.changes import test_laws as plain
from tests.bot.dialogue.changes.till import Till
from tests.bot.dialogue.states.talk import NOW

START = NOW + timedelta(days=5, hours=6)
SPLITS = ("vendor-first", "percent", "class")


@dataclass
class Histories(plain.History):
    """A booking with its cashier, and what was told of its money."""

    till: Till = field(default_factory=Till)
    done: int = 0
    """So many orders of money were carried out."""
    payments: int = 0

    def pay_in(self, order: OpenInvoice, amount: int) -> None:
        """Money on that link, told as the cashier tells it."""
        self.now += timedelta(minutes=1)
        self.payments += 1
        came = Money(amount, order.due.currency)
        told = self.till.pays(order.account, order.attempt, came, f"p-{self.payments}", self.now)
        # carried out before the news is heard, as it is stored before it is told
        self.catch_up()
        self.tell(PaymentNewsCame(EventId(f"paid:{order.account}:{self.payments}"), self.now, told))

    def pay(self, account: str | None = None, **changes: Any) -> "Histories":
        """So much is there in all, by the newest link of that account."""
        links = [order for order in self.money if isinstance(order, OpenInvoice) and account in {None, order.account}]
        more = changes["paid"] - self.till.invoices[links[-1].account].paid
        if more.amount > 0:
            self.pay_in(links[-1], more.amount)
        return self

    def closes(self, account: str, paid: Money | None = None) -> "Histories":
        """Closed, with what the cashier has on it, whoever asks."""
        self.catch_up()
        there = self.till.invoices[account].paid
        super().closes(account, there or None)
        return self

    def catch_up(self) -> None:
        """Every new order is carried out, and everything written."""
        while self.done < len(self.money):
            order = self.money[self.done]
            self.done += 1
            self.till.does(order, self.now)
        self.till.posts(self.now)


def shop(policy: str, split: str, currency: str) -> Business:
    known = sample()
    services = tuple(replace(one, split=split) if one.id == "balinese-massage" else one for one in known.services)
    return replace(known, policy=policy, currency=currency, services=services)


def begun(policy: str, split: str, currency: str) -> Histories:
    business = shop(policy, split, currency)
    price = Money(350_000, currency)
    booking = a_paid_booking(price, chosen=slot(START, hold="hold-1"), business_version=business.version)
    booking = replace(booking, accounts=tuple(replace(one, paid_at=NOW) for one in booking.accounts))
    lead = Histories().lead.with_booking(booking).conversing(last_inbound_at=NOW)
    history = Histories(business=business, lead=lead, pays=True)
    terms = payment_links.terms_of(booking, Context(NOW, business))
    link = OpenInvoice(booking.account, 1, price, NOW + timedelta(hours=2), terms, "massage", "en")
    history.till.does(link, NOW)
    history.till.pays(link.account, 1, price, "p-0", NOW)
    history.till.posts(NOW)
    return history


def newest(history: Histories, share: int) -> None:
    """The newest link gets so many percent of what it asks; more than all of it is a surplus."""
    links = [order for order in history.money if isinstance(order, OpenInvoice)]
    if links:
        history.pay_in(links[-1], max(1, links[-1].due.amount * share // 100))


def guests(history: Histories, number: int) -> None:
    if history.lead.open_booking is not None:
        history.staff(StaffAction.RESCHEDULE, cause="customer", reason="x", guests=str(number))


def goodwill(history: Histories, amount: int) -> None:
    if history.lead.open_booking is not None:
        history.staff(StaffAction.REFUND, amount=str(amount), reason="cold", person="Rina", role="finance")


def transfers(history: Histories, status: TransferStatus, code: str | None) -> None:
    history.now += timedelta(days=1) if status is TransferStatus.REVERSED else timedelta(hours=1)
    history.till.sends(history.now, status, code)


def told_again(history: Histories) -> None:
    """What every account is now is told, as a sweep tells it after money went back."""
    for invoice in list(history.till.invoices.values()):
        history.payments += 1
        told = EventId(f"told:{history.payments}")
        history.tell(PaymentNewsCame(told, history.now, news.of_invoice(invoice)))


def block(history: Histories, resource: str) -> None:
    """Whoever gives it is ill then, or the place is closed."""
    booking = history.lead.open_booking
    if booking is None or booking.chosen is None:
        return
    slot = booking.chosen
    facts = {
        "block": f"b{history.payments}",
        "resource": f"provider:{slot.provider}" if resource == "provider" else f"place:{slot.place}",
        "from": (slot.start - timedelta(hours=1)).isoformat(),
        "to": (slot.end + timedelta(hours=1)).isoformat(),
        "cause": "partner" if resource == "provider" else "business",
        "reason": "fever",
    }
    history.staff(StaffAction.BLOCK, **facts, person="rina", role="operations")


def answer(history: Histories, way: str) -> None:
    """What they say to it: the first of the times, the money, nothing; or it is lifted first."""
    change = history.change
    if change is None or change.block is None:
        return
    if way == "lifted":
        history.staff(StaffAction.LIFT_BLOCK, block=change.block)
    elif way == "silence":
        plain.ring(history, TimerKind.CHANGE_SILENCE)
    elif way == "money":
        plain.tap(history, words.BACK_TAP)
    elif change.offered:
        history.taps(words.tap(words.SLOT_TAP, history.booking, change, change.offered[0].slot_id))


def settle(history: Histories) -> None:
    history.till.settles(history.now)


def closing(history: Histories) -> None:
    """The deadline of a change: its link is closed, and what is in it is told."""
    names = [name for name in history.lead.timers if name.startswith(f"{TimerKind.CHANGE_PAY_BY}:")]
    if not names or history.change is None:
        return
    account = accounts.account_of(history.booking, history.change)
    history.rings(TimerKind.CHANGE_PAY_BY)
    history.closes(account)


Step = Callable[[Histories], None]
STEPS: st.SearchStrategy[Step] = st.one_of(
    plain.STEPS,
    st.sampled_from([30, 100, 100, 140]).map(lambda share: lambda history: newest(history, share)),
    st.integers(1, 3).map(lambda number: lambda history: guests(history, number)),
    st.integers(1, 200_000).map(lambda amount: lambda history: goodwill(history, amount)),
    st.sampled_from(["provider", "place"]).map(lambda resource: lambda history: block(history, resource)),
    st.sampled_from(["time", "money", "silence", "lifted"]).map(lambda way: lambda history: answer(history, way)),
    st.just(lambda history: transfers(history, TransferStatus.FAILED, "REFUND_FAILED")),
    st.just(settle),
    st.just(told_again),
    st.tuples(
        st.sampled_from([TransferStatus.SUCCEEDED, TransferStatus.REVERSED, TransferStatus.FAILED]),
        st.sampled_from([None, "INSUFFICIENT_BALANCE", "REFUND_FAILED", "NEW_CODE"]),
    ).map(lambda end: lambda history: transfers(history, *end)),
    st.just(closing),
    st.just(lambda history: plain.tap(history, words.YES_TAP)),
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(set(PRESETS) - {"nights"})),
    st.sampled_from(SPLITS),
    st.sampled_from(["IDR", "PHP", "VND"]),
    st.lists(STEPS, max_size=16),
)
def test_money_and_bookings_hold_after_every_step_and_what_is_told_is_what_moves(
    policy: str, split: str, currency: str, steps: list[Step]
) -> None:
    history = begun(policy, split, currency)
    reference, last = str(history.booking.reference), history.booking
    for step in steps:
        step(history)
        history.catch_up()
        found = history.till.checked()
        assert found.holds, found.differences
        known = history.lead.booking(reference)
        written = [one.booking for one in history.recorded if one.booking.reference == reference]
        last = known or (written[-1] if written else last)
        judge(history, last, currency)


def test_a_second_surplus_on_the_link_of_a_change_goes_back_and_is_told_as_the_first_was() -> None:
    history = begun("free_until_48h", "vendor-first", "IDR")
    plain.moving(history, 1, "komang", "villa-karang", "customer")
    plain.tap(history, words.YES_TAP)
    history.catch_up()
    for share in (140, 30):
        newest(history, share)
        history.catch_up()
        judge(history, history.booking, "IDR")
    assert history.booking.refund_ordered == Money(70_000, "IDR")


def judge(history: Histories, booking: Booking, currency: str) -> None:
    mine = accounts.names_of(booking)
    invoices = [history.till.invoices[name] for name in mine if name in history.till.invoices]
    owed = [one for one in history.till.payables.values() if one.reference in mine]
    broken = money_laws.broken(booking, invoices, owed)
    assert not broken, broken
    if booking.state in CLOSED:
        return
    back = sum(mark.amount.amount for invoice in invoices for mark in invoice.refunds)
    told = 0 if booking.refund_ordered is None else booking.refund_ordered.amount
    assert back == told
