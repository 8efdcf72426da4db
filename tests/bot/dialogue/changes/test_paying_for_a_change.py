"""The money of a dearer change: late, twice or in part, it is used or goes back, and the customer hears which."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.booking_money import MoneyAccount
from bot.domain.commands import OpenInvoice
from bot.domain.states import Modification, State
from bot.domain.timers import TimerKind
from bot.replies.plain_text import as_text
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from tests.bot.dialogue.changes.test_chat import paid_massage, settled
from tests.bot.dialogue.states.talk import Talk


def awaiting() -> Talk:
    """The yes to a villa for 100 000 more was said, and its link has been sent."""
    talk = paid_massage().writes("move it to villa karang", "yes")
    assert talk.booking.modification is Modification.AWAITING_PAYMENT
    return talk


def idr(amount: int) -> Money:
    return Money(amount, "IDR")


def test_paid_after_its_quote_ran_out_but_before_its_deadline_it_is_done_as_promised() -> None:
    talk = awaiting()
    change = talk.booking.change
    assert change is not None
    assert change.quote is not None
    assert change.pay_by is not None
    talk.now = change.quote.valid_until + timedelta(minutes=5)
    assert talk.now < change.pay_by
    talk.pay()
    assert (talk.booking.place, talk.booking.price) == ("villa-karang", idr(450_000))
    assert "Villa Karang" in talk.last


def test_paid_after_its_deadline_for_a_time_that_is_gone_it_goes_back_and_both_are_said() -> None:
    talk = awaiting()
    account, old = f"{talk.booking.reference}~C1", talk.booking.chosen
    talk.rings(TimerKind.CHANGE_PAY_BY)
    talk.closes(account)
    assert "did not come in time" in talk.last
    # somebody else has it by now
    talk.lost = True
    talk.pay(account)
    assert "What you paid for the change goes back to you" in talk.last
    assert (talk.booking.chosen, talk.booking.state) == (old, State.CONFIRMED)
    assert (settled(talk)[-1].accounts, settled(talk)[-1].keep) == ((account,), idr(0))
    said = len(talk.said)
    talk.pay(account)
    assert talk.said[said:] == []


def test_paid_twice_it_moves_once_and_the_second_sum_goes_back_and_is_said() -> None:
    talk = awaiting().pay()
    moved, account = talk.booking, f"{talk.booking.reference}~C1"
    talk.pay(account, paid=idr(200_000))
    # the order over both accounts keeps the new price and nothing above it
    (order,) = settled(talk)
    assert (order.accounts[-1], order.keep) == (account, idr(450_000))
    assert "IDR 100,000" in talk.last
    assert "back" in talk.last
    assert (talk.booking.chosen, talk.booking.reschedule_count) == (moved.chosen, moved.reschedule_count)
    assert talk.booking.refund_ordered == idr(100_000)
    said = len(talk.said)
    talk.pay(account, paid=idr(200_000))
    assert len(talk.said) == said


def test_paid_in_part_the_rest_is_asked_for_and_the_old_time_stays_until_all_of_it_is_there() -> None:
    talk = awaiting()
    old = talk.booking.chosen
    talk.pay(paid=idr(40_000), rest=idr(60_000), status=InvoiceStatus.PARTIALLY_PAID)
    assert "Please pay IDR 60,000" in talk.last
    links = [(order.account, order.attempt) for order in talk.money if isinstance(order, OpenInvoice)]
    assert links[-2:] == [(f"{talk.booking.reference}~C1", 1), (f"{talk.booking.reference}~C1", 2)]
    assert (talk.booking.chosen, talk.booking.modification) == (old, Modification.AWAITING_PAYMENT)
    talk.pay(paid=idr(100_000))
    assert (talk.booking.place, talk.booking.change) == ("villa-karang", None)
    assert settled(talk)[-1].keep == idr(450_000)


@pytest.mark.parametrize("missing", ["after", "quote"])
@pytest.mark.parametrize(("sum_", "status"), [(40_000, InvoiceStatus.PARTIALLY_PAID), (100_000, InvoiceStatus.PAID)])
def test_what_comes_for_a_change_that_nobody_could_carry_out_goes_back(
    missing: str, sum_: int, status: InvoiceStatus
) -> None:
    talk = awaiting()
    account, change = f"{talk.booking.reference}~C1", talk.booking.change
    assert change is not None
    broken = replace(change, **{missing: None})  # type: ignore[arg-type] # one of two fields, by name
    talk.lead = talk.lead.with_booking(replace(talk.booking, change=broken))
    talk.pay(account, paid=idr(sum_), status=status)
    assert (settled(talk)[-1].accounts, settled(talk)[-1].keep) == ((account,), idr(0))
    assert "goes back to you" in talk.last


def test_paid_in_part_at_the_deadline_the_part_goes_back_and_the_customer_hears_it() -> None:
    talk = awaiting()
    account, old = f"{talk.booking.reference}~C1", talk.booking.chosen
    talk.pay(paid=idr(40_000), rest=idr(60_000), status=InvoiceStatus.PARTIALLY_PAID)
    talk.rings(TimerKind.CHANGE_PAY_BY)
    said = len(talk.said)
    talk.closes(account, idr(40_000))
    not_paid, back = (as_text(one) for one in talk.said[said:])
    assert "did not come in time" in not_paid
    assert back == "What you paid for the change, IDR 40,000, goes back to you."
    assert (talk.booking.chosen, talk.booking.change) == (old, None)
    assert (settled(talk)[-1].accounts, settled(talk)[-1].keep) == ((account,), idr(0))


def test_who_keeps_the_old_time_after_all_hears_that_the_part_goes_back() -> None:
    talk = awaiting()
    keep = f"chgno:{talk.booking.reference}:C1:1"
    talk.pay(paid=idr(40_000), rest=idr(60_000), status=InvoiceStatus.PARTIALLY_PAID)
    said = len(talk.said)
    talk.taps(keep)
    assert [text for text in map(as_text, talk.said[said:]) if "IDR 40,000, goes back" in text]


def test_who_calls_off_with_a_part_paid_is_told_each_sum_once_and_the_first_yes_counts() -> None:
    talk = awaiting()
    reference = talk.booking.reference
    talk.pay(paid=idr(40_000), rest=idr(60_000), status=InvoiceStatus.PARTIALLY_PAID)
    said = len(talk.said)
    talk.writes("cancel my booking")
    part, asked = (as_text(one) for one in talk.said[said:])
    assert "IDR 40,000, goes back" in part
    assert "IDR 175,000 back" in asked
    talk.writes("yes")
    assert talk.lead.bookings == ()
    change, end = settled(talk)
    assert (change.accounts, change.keep) == ((f"{reference}~C1",), idr(0))
    assert (end.accounts, end.keep) == ((reference,), idr(175_000))


def test_of_money_that_goes_back_further_news_says_nothing_more() -> None:
    talk = awaiting()
    account = f"{talk.booking.reference}~C1"
    talk.pay(paid=idr(40_000), rest=idr(60_000), status=InvoiceStatus.PARTIALLY_PAID)
    talk.rings(TimerKind.CHANGE_PAY_BY)
    talk.closes(account, idr(40_000))
    said = len(talk.said)
    for _ in range(2):
        # it settled, say, or its refund was asked for: news of an account that holds what it held
        talk.pay(account, paid=idr(40_000), rest=idr(60_000), status=InvoiceStatus.EXPIRED)
    assert list(map(as_text, talk.said[said:])) == []
    talk.pay(account, paid=idr(100_000))
    (more,) = map(as_text, talk.said[said:])
    assert "goes back" in more


def test_a_sum_noted_in_another_currency_is_no_part_of_what_comes_now() -> None:
    talk = awaiting()
    noted = MoneyAccount(f"{talk.booking.reference}~C1", "C1", Money(5_000, "PHP"))
    talk.lead = talk.lead.with_booking(replace(talk.booking, accounts=(*talk.booking.accounts, noted)))
    talk.pay(paid=idr(40_000), rest=idr(60_000), status=InvoiceStatus.PARTIALLY_PAID)
    assert "Please pay IDR 60,000" in talk.last
