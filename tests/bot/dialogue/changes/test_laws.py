"""Random histories of paying, moving, cancelling and silence: money, holds and timers keep their laws at every step."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.business.policies import PRESETS
from bot.domain.booking import Booking
from bot.domain.change import Change
from bot.domain.commands import OpenInvoice
from bot.domain.events import StaffAction
from bot.domain.lead import Lead
from bot.domain.money_orders import Settle
from bot.domain.states import CLOSED, Modification, State
from bot.domain.timers import CHANGE_TIMERS, TimerKind, read_timer
from bot.replies import booking as booking_words
from bot.replies import changes as words
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.changing import a_paid_booking, slot
from tests.bot.dialogue.states.talk import NOW, Talk

START = NOW + timedelta(days=5, hours=6)


@dataclass
class History(Talk):
    """One booking, and what the cashier would know of it."""

    captured: dict[str, int] = field(default_factory=dict)
    """All that came in, by account."""
    ended: list[Booking] = field(default_factory=list)

    def tell(self, event: object) -> None:
        """As a talk does it, and every booking that ended is kept in mind."""
        super().tell(event)  # type: ignore[arg-type]
        del self.said[:-1]

    def note(self) -> None:
        for order in self.money:
            if isinstance(order, OpenInvoice):
                self.captured.setdefault(order.account, 0)

    @property
    def change(self) -> Change | None:
        booking = self.lead.open_booking
        return None if booking is None else booking.change


def begun(policy: str) -> History:
    chosen = slot(START, hold="hold-1")
    booking = a_paid_booking(chosen=chosen)
    booking = replace(booking, accounts=tuple(replace(account, paid_at=NOW) for account in booking.accounts))
    business = replace(sample(), policy=policy)
    lead = History().lead.with_booking(booking).conversing(last_inbound_at=NOW)
    return History(business=business, lead=lead, pays=True, captured={str(booking.reference): 350_000})


def moving(history: History, days: int, provider: str, place: str, cause: str) -> None:
    booking = history.lead.open_booking
    if booking is None or booking.chosen is None:
        return
    start = booking.chosen.start + timedelta(days=days)
    named = f"balinese-massage|{provider}|{start:%Y%m%dT%H%MZ}|{place}"
    history.staff(StaffAction.RESCHEDULE, slot_id=named, cause=cause, reason="x")


def tap(history: History, prefix: str) -> None:
    booking, change = history.lead.open_booking, history.change
    if booking is not None and change is not None:
        number = "0" if change.quote is None else str(change.quote.number)
        history.taps(words.tap(prefix, booking, change, number))


def legacy(history: History, prefix: str) -> None:
    booking = history.lead.open_booking
    if booking is not None:
        history.taps(f"{prefix}{booking.reference}")


def pay(history: History, part: bool) -> None:
    """The newest link of the open change is paid, in full or in part; one of a change that is over as well."""
    links = [order for order in history.money if isinstance(order, OpenInvoice)]
    if not links:
        return
    link = links[-1]
    there = history.captured.get(link.account, 0)
    came = link.due.amount // 2 if part else link.due.amount
    if came <= there:
        return
    history.captured[link.account] = came
    paid = Money(came, link.due.currency)
    whole = came == link.due.amount
    history.pay(
        link.account,
        paid=paid,
        rest=link.due - paid,
        status=InvoiceStatus.PAID if whole else InvoiceStatus.PARTIALLY_PAID,
    )


def ring(history: History, kind: TimerKind) -> None:
    if any(name.startswith(f"{kind}:") for name in history.lead.timers):
        history.rings(kind)
        if kind is TimerKind.CHANGE_PAY_BY and history.change is not None:
            account = f"{history.booking.reference}~{history.change.id}"
            there = history.captured.get(account, 0)
            history.closes(account, Money(there, "IDR") if there else None)


def staff_cancels(history: History, cause: str) -> None:
    if history.lead.open_booking is not None:
        history.staff(StaffAction.CANCEL, cause=cause, reason="x")


def wait(history: History, hours: int) -> None:
    history.now += timedelta(hours=hours)


def lose(history: History) -> None:
    history.lost = True


STEPS: st.SearchStrategy[Callable[[History], None]] = st.one_of(
    st.builds(
        lambda days, who, cause: lambda history: moving(history, days, who[0], who[1], cause),
        st.integers(0, 3),
        st.sampled_from([("ayu", "villa-melati"), ("komang", "villa-karang"), ("komang", "villa-senja")]),
        st.sampled_from(["customer", "business", "partner"]),
    ),
    st.sampled_from([words.YES_TAP, words.KEEP_TAP]).map(lambda prefix: lambda history: tap(history, prefix)),
    st.sampled_from([booking_words.CANCEL_TAP, booking_words.CHANGE_TAP, booking_words.KEEP_TAP]).map(
        lambda prefix: lambda history: legacy(history, prefix)
    ),
    st.booleans().map(lambda part: lambda history: pay(history, part)),
    st.sampled_from([TimerKind.CHANGE_SILENCE, TimerKind.CHANGE_PAY_BY, TimerKind.SHOW_UP, TimerKind.NO_SHOW]).map(
        lambda kind: lambda history: ring(history, kind)
    ),
    st.sampled_from(["customer", "business", "force_majeure"]).map(
        lambda cause: lambda history: staff_cancels(history, cause)
    ),
    st.integers(0, 40).map(lambda hours: lambda history: wait(history, hours)),
    st.just(lose),
    st.just(lambda history: moving(history, 1, "komang", "villa-karang", "customer")),
)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(set(PRESETS) - {"nights"})), st.lists(STEPS, max_size=14))
def test_money_holds_and_timers_follow_every_history(policy: str, steps: list[Callable[[History], None]]) -> None:
    history = begun(policy)
    reference = str(history.booking.reference)
    last = history.booking
    for step in steps:
        step(history)
        history.note()
        booking = history.lead.booking(reference)
        check_timers(history.lead)
        if booking is None:
            check_the_end(history, reference)
            return
        check_standing(history, booking)
        last = booking
    assert last.state not in CLOSED


def orders_of(history: History, reference: str) -> list[Settle]:
    """The orders over the booking as a whole, oldest first."""
    return [order for order in history.money if isinstance(order, Settle) and order.accounts[0] == reference]


def check_timers(lead: Lead) -> None:
    changing = {str(booking.reference): booking for booking in lead.bookings if booking.change is not None}
    for name in lead.timers:
        timer = read_timer(name)
        if timer is not None and timer.kind in CHANGE_TIMERS:
            awaits = changing[timer.reference].modification is Modification.AWAITING_PAYMENT
            assert awaits or timer.kind is not TimerKind.CHANGE_PAY_BY


def returned(history: History, account: str) -> bool:
    """Whether all of that account goes back, now and later."""
    return any(isinstance(order, Settle) and order.accounts == (account,) and not order.keep for order in history.money)


def check_standing(history: History, booking: Booking) -> None:
    assert booking.state in {State.CONFIRMED, State.REMINDER_SENT}
    assert booking.change is not None or booking.modification not in {
        Modification.REQUESTED,
        Modification.AWAITING_PAYMENT,
    }
    mine = {account.name for account in booking.accounts}
    awaited = None if booking.change is None else f"{booking.reference}~{booking.change.id}"
    for account, came in history.captured.items():
        # money of a change is the booking's, awaited, or on its way back; never in between
        assert not came or account in mine or account == awaited or returned(history, account)
    orders = orders_of(history, str(booking.reference))
    if orders:
        applied = orders[-1]
        assert booking.chosen is not None
        payees = {payee.payee for payee in applied.terms.payees}
        assert payees == {f"provider:{booking.chosen.provider}", f"place:{booking.chosen.place}"}
        assert applied.price == booking.price
        assert not applied.is_end
    assert booking.booked_hold not in history.let_go


def check_the_end(history: History, reference: str) -> None:
    (ended,) = [one.booking for one in history.recorded[-1:]]
    orders = [order for order in orders_of(history, reference) if order.is_end]
    assert ended.kept is not None
    if not orders:
        # who did not come and gets nothing back: the shares are as they were
        assert ended.state is State.NO_SHOW
        assert ended.kept.amount.amount == sum(history.captured.get(one.name, 0) for one in ended.accounts)
        return
    order = orders[-1]
    assert order.keep == ended.kept.amount
    came = sum(history.captured.get(account, 0) for account in order.accounts)
    assert 0 <= order.keep.amount <= came
    for account, sum_ in history.captured.items():
        assert not sum_ or account in order.accounts or returned(history, account)
    assert not [name for name in history.lead.timers if name.endswith(reference)]


def test_the_record_of_an_ended_booking_says_what_it_keeps_and_on_whose_word() -> None:
    history = begun("tiered_days")
    history.staff(StaffAction.CANCEL, cause="customer", reason="x")
    (order,) = orders_of(history, "BK-26030209-AAAAAA")
    kept = [one.booking.kept for one in history.recorded if one.booking.state is State.CANCELLED]
    assert [(one.amount, one.policy, one.by) for one in kept if one is not None] == [
        (order.keep, "refund_percent", "policy")
    ]
