"""What was found wrong by trying it as strangers: no change of a paid booking leaves money where it does not belong."""

from dataclasses import replace

from bot.domain.commands import CloseInvoice, OpenInvoice, RefundLateMoney
from bot.domain.events import StaffAction
from bot.domain.states import PaymentStatus, State
from bot.domain.timers import TimerKind
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from tests.bot.dialogue.changes.test_chat import MASSAGE, paid_massage, settled
from tests.bot.dialogue.changes.test_staff import sunday
from tests.bot.dialogue.states.talk import Talk


def test_staff_who_cancel_what_is_paid_give_all_of_it_back() -> None:
    talk = paid_massage()
    reference = talk.booking.reference
    talk.staff(StaffAction.CANCEL, reason="closed")
    (order,) = settled(talk)
    assert (order.accounts, order.keep.amount, order.is_end) == ((reference,), 0, True)


def test_who_asks_for_another_time_and_then_cancels_keeps_what_the_policy_gives() -> None:
    talk = paid_massage().writes("can I change it?", "cancel", "yes")
    assert talk.lead.bookings == ()
    (order,) = settled(talk)
    assert order.keep == Money(175_000, "IDR")
    assert "IDR 175,000 back" in talk.last


def test_who_asks_for_another_time_and_falls_silent_has_the_time_that_was_paid() -> None:
    talk = paid_massage()
    paid = talk.booking
    talk.writes("I want another time").rings(TimerKind.CHANGE_SILENCE).rings(TimerKind.CHANGE_SILENCE)
    kept = talk.booking
    assert (kept.chosen, kept.booked_hold, kept.state) == (paid.chosen, paid.booked_hold, State.CONFIRMED)
    assert set(talk.lead.timers) == {name for name in talk.lead.timers if not name.startswith("change")}
    assert settled(talk) == []
    assert paid.booked_hold not in talk.let_go


def test_the_payees_of_a_moved_booking_are_those_of_its_new_time() -> None:
    talk = paid_massage()
    talk.staff(StaffAction.RESCHEDULE, slot_id=sunday(talk, "komang", "villa-senja"), cause="business", reason="ill")
    (order,) = settled(talk)
    assert {payee.payee for payee in order.terms.payees} == {"provider:komang", "place:villa-senja"}


def test_a_move_to_another_price_is_never_stuck_between_two_times() -> None:
    talk = paid_massage()
    old = talk.booking.chosen
    talk.writes("move it to villa karang", "yes")
    assert (talk.booking.chosen, talk.booking.state) == (old, State.CONFIRMED)
    talk.pay()
    assert (talk.booking.place, talk.booking.state, talk.booking.change) == ("villa-karang", State.CONFIRMED, None)


def test_a_part_that_was_paid_counts_after_a_move_and_chat_and_link_say_the_same() -> None:
    part, rest = Money(100_000, "IDR"), Money(250_000, "IDR")
    talk = Talk(pays=True).writes(MASSAGE, "the first", "the first", "yes")
    reference = talk.booking.reference
    talk.pay(status=InvoiceStatus.PARTIALLY_PAID, paid=part, rest=rest)
    talk.writes("move it to Sunday")
    assert "IDR 250,000 more" in talk.last
    talk.writes("yes")
    link = next(order for order in reversed(talk.money) if isinstance(order, OpenInvoice))
    assert (link.account, link.due) == (f"{reference}~2", rest)
    assert CloseInvoice(reference) in talk.money
    # the old link is closed with the part in it: it is the booking's, and stays
    talk.closes(reference, paid=part)
    assert not [order for order in talk.money if isinstance(order, RefundLateMoney)]
    talk.pay()
    assert (talk.booking.state, talk.booking.payment_status) == (State.CONFIRMED, PaymentStatus.PAID)
    (order,) = settled(talk)
    assert (order.accounts, order.keep) == ((reference, f"{reference}~2"), Money(350_000, "IDR"))


def test_a_part_payment_on_the_new_link_counts_too() -> None:
    part = Money(100_000, "IDR")
    talk = Talk(pays=True).writes(MASSAGE, "the first", "the first", "yes")
    reference = talk.booking.reference
    talk.pay(status=InvoiceStatus.PARTIALLY_PAID, paid=part, rest=Money(250_000, "IDR"))
    talk.writes("move it to Sunday", "yes")
    talk.pay(f"{reference}~2", status=InvoiceStatus.PARTIALLY_PAID, paid=part, rest=Money(150_000, "IDR"))
    assert talk.booking.paid == part
    talk.writes("cancel it")
    # what came in on both accounts does not reach the half that is kept, so nothing comes back
    assert "175" not in talk.last
    assert "Nothing of the IDR 200,000" not in talk.last
    assert "IDR 25,000 back" in talk.last


def test_a_booking_of_version_0_1_without_noted_accounts_is_settled_too() -> None:
    talk = paid_massage()
    booking = replace(talk.booking, accounts=())
    talk.lead = talk.lead.with_booking(booking)
    talk.writes("I want to cancel", "yes")
    (order,) = settled(talk)
    assert (order.accounts, order.keep) == ((booking.reference,), Money(175_000, "IDR"))


def test_who_does_not_come_gets_what_the_policy_says_at_the_start() -> None:
    talk = Talk(pays=True).writes("book sunrise yoga class on saturday for 1 person", "the first", "yes").pay()
    reference = talk.booking.reference
    talk.rings(TimerKind.SHOW_UP).rings(TimerKind.NO_SHOW)
    assert talk.lead.bookings == ()
    (order,) = settled(talk)
    assert (order.accounts, order.keep, order.change) == ((reference,), Money(75_000, "IDR"), "end")
