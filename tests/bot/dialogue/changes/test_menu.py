""" "My booking": a card with what can be done now and its price, and a tap that begins exactly that."""

import pytest

from bot.domain.change import ChangeKind
from bot.domain.commands import OpenInvoice, SendButtons, SendList
from bot.domain.events import StaffAction
from bot.domain.states import Modification, State
from bot.lifecycle.actions import actions
from bot.replies.words import say
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from tests.bot.changing import CUSTOMER, at
from tests.bot.dialogue.changes.test_chat import MASSAGE, paid_massage, settled
from tests.bot.dialogue.states.talk import Talk

ASKED = (
    *("my booking", "show my booking", "manage my booking", "what did I book?", "when is my massage", "my schedule"),
    *("booking saya", "cek booking saya dong", "jadwal saya", "bookingan gw kapan ya", "lihat pesanan", "pesananku"),
    *("lịch của tôi", "lich cua toi", "đặt chỗ của tôi", "cho mình xem lại lịch", "lịch của em hôm nào ạ"),
    *("mình đặt mấy giờ vậy", "kiểm tra lịch giúp em"),
)


def shown(talk: Talk, kind: str) -> Talk:
    """The row of that action is tapped."""
    return talk.taps(f"act:{kind}:{talk.booking.reference}")


def rows(talk: Talk) -> dict[str, str]:
    """Every row of the card by its action, with what is said under it."""
    card = talk.said[-1]
    assert isinstance(card, SendList)
    return {row.id.split(":")[1] if ":" in row.id else row.id: row.description for row in card.rows}


@pytest.mark.parametrize("text", ASKED)
def test_however_it_is_asked_the_card_comes(text: str) -> None:
    talk = paid_massage().writes(text)
    assert isinstance(talk.said[-1], SendList)
    assert talk.booking.reference in talk.last
    assert f"act:cancel:{talk.booking.reference}" in talk.choices


def test_the_card_says_what_stands_and_what_each_thing_costs() -> None:
    talk = paid_massage().writes("my booking")
    assert "Paid: IDR 350,000" in talk.last
    assert "Everything is arranged" in talk.last
    assert rows(talk) == {
        "change_time": "Costs nothing",
        "change_place": "Costs nothing",
        "details": "Costs nothing",
        "cancel": "IDR 175,000 comes back",
        "person": "Our team arranges it",
    }


def test_the_card_shows_the_one_list_of_actions() -> None:
    talk = paid_massage().writes("my booking")
    known = actions(talk.booking, at(talk.now), CUSTOMER)
    assert [f"act:{action.type}:{talk.booking.reference}" for action in known[:-1]] == list(talk.choices)[:-1]


def test_cancel_on_the_card_is_quoted_and_done_by_its_yes() -> None:
    talk = shown(paid_massage().writes("my booking"), "cancel")
    assert "IDR 175,000" in talk.last
    assert talk.booking.state is State.CONFIRMED
    talk.taps_row(0)
    assert talk.lead.bookings == ()
    assert len(settled(talk)) == 1


def test_another_time_on_the_card_asks_the_day_and_keeps_the_old_one() -> None:
    talk = shown(paid_massage().writes("my booking"), "change_time")
    old = talk.booking.chosen
    talk.writes("sunday same time")
    assert "Sunday, 8 November" in talk.last
    assert talk.booking.chosen == old
    talk.writes("yes")
    assert talk.booking.chosen != old


def test_another_place_on_the_card_lists_the_other_places() -> None:
    talk = shown(paid_massage().writes("my booking"), "change_place")
    assert "place:villa-melati" not in talk.choices
    talk.taps("place:villa-karang")
    assert "IDR 100,000" in talk.last
    talk.writes("yes").pay()
    assert talk.booking.place == "villa-karang"


@pytest.mark.parametrize("answer", ["4", "we are 4 now", "4 people", "sekarang jadi 4 orang", "bây giờ là 4 người"])
def test_other_guests_on_the_card_asks_how_many(answer: str) -> None:
    talk = Talk(pays=True).writes("book sunrise yoga class on saturday for 1 person", "the first", "yes").pay()
    shown(talk.writes("my booking"), "change_guests").writes(answer)
    assert talk.booking.change is not None
    assert talk.booking.change.wish.guests == 4
    talk.writes("yes")
    assert talk.booking.modification is Modification.AWAITING_PAYMENT


@pytest.mark.parametrize("request_", ["please bring extra towels", "the name is Anna Weber", "mẹ em bị đau lưng ạ"])
def test_a_name_or_request_is_noted_and_read_by_a_person(request_: str) -> None:
    talk = shown(paid_massage().writes("my booking"), "details").writes(request_)
    assert (talk.booking.change, talk.booking.state) == (None, State.CONFIRMED)
    assert talk.lead.waits_for_person


def test_who_thinks_better_of_a_request_cancels_instead() -> None:
    talk = shown(paid_massage().writes("my booking"), "details").writes("I want to cancel")
    assert talk.booking.change is not None
    assert talk.booking.change.kind is ChangeKind.CANCEL


def test_an_unpaid_booking_says_what_is_to_pay_and_pays_by_its_card() -> None:
    talk = Talk(pays=True).writes(MASSAGE, "the first", "the first", "yes", "my booking")
    assert "Still to pay: *IDR 350,000*" in talk.last
    assert next(iter(rows(talk))) == "pay"
    shown(talk, "pay")
    assert "https://checkout.example.com/" in talk.last
    shown(talk, "another_link")
    assert len([order for order in talk.money if isinstance(order, OpenInvoice)]) == 2


def test_a_change_that_waits_is_on_the_card_and_its_link_comes_again() -> None:
    talk = paid_massage().writes("move it to villa karang", "yes", "my booking")
    assert "IDR 100,000" in talk.last
    links = len([order for order in talk.money if isinstance(order, OpenInvoice)])
    shown(talk, "pay")
    assert "IDR 100,000" in talk.last
    assert len([order for order in talk.money if isinstance(order, OpenInvoice)]) == links
    shown(talk.writes("my booking"), "withdraw_change")
    assert talk.booking.change is None


def test_a_link_that_died_is_tried_again_by_the_card() -> None:
    talk = paid_massage().writes("move it to villa karang", "yes")
    talk.pay(status=InvoiceStatus.EXPIRED, paid=Money(0, "IDR"), paid_at=None)
    shown(talk, "pay")
    assert [order.attempt for order in talk.money if isinstance(order, OpenInvoice)] == [1, 1, 2]


def test_a_quote_is_shown_again_and_not_taken_by_its_row() -> None:
    talk = paid_massage().writes("I want to cancel", "my booking")
    shown(talk, "confirm_change")
    assert "[Yes, cancel]" in talk.last
    assert talk.booking.state is State.CONFIRMED


def test_an_old_card_shows_what_can_be_done_now() -> None:
    talk = paid_massage()
    shown(talk, "mark_came")
    assert isinstance(talk.said[-1], SendList)
    reference = talk.booking.reference
    talk.writes("I want to cancel", "yes").taps(f"act:cancel:{reference}")
    assert talk.lead.bookings == ()
    assert say("card.none", "en") in talk.last


def test_of_several_bookings_it_is_asked_which_one() -> None:
    talk = paid_massage()
    first = talk.booking.reference
    talk.writes("book sunrise yoga class on saturday for 1 person", "the first", "yes").pay()
    talk.writes("my bookings")
    assert len(talk.choices) == 2
    talk.taps(f"mybk:{first}")
    assert first in talk.last


@pytest.mark.parametrize("text", ["my booking", "booking saya", "lịch của tôi"])
def test_who_has_none_is_offered_one_and_a_person(text: str) -> None:
    talk = Talk().writes(text)
    assert talk.choices == ("svcs:0", "person")


def test_the_reason_is_asked_once_and_never_again() -> None:
    talk = paid_massage().writes("I want to cancel")
    assert say("change.ask.why", "en") in talk.last
    talk.writes("I want to cancel")
    assert "[Yes, cancel]" in talk.last
    assert say("change.ask.why", "en") not in talk.last


def test_who_was_cancelled_by_us_is_offered_another_booking() -> None:
    talk = paid_massage()
    former = talk.booking.reference
    talk.staff(StaffAction.CANCEL, reason="closed", cause="business")
    assert isinstance(talk.said[-1], SendButtons)
    talk.taps_row(0)
    assert talk.booking.previous == (former,)
