"""Changing and cancelling in chat: the price before the yes, one yes for all, and the old time safe until then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.change import ChangeKind
from bot.domain.commands import CloseInvoice, OpenInvoice
from bot.domain.events import AgentTookOver
from bot.domain.ids import AgentId, EventId
from bot.domain.money_orders import Settle
from bot.domain.states import Modification, State
from bot.domain.timers import TimerKind
from bot.replies.words import say
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.splits import Party
from tests.bot.dialogue.states.talk import Talk

MASSAGE = "book balinese massage 60 min at villa melati in 5 days at 3pm"


def paid_massage() -> Talk:
    """Paid, five local days ahead, at three in the afternoon, by Ayu at Villa Melati."""
    talk = Talk(pays=True).writes(MASSAGE, "the first", "the first", "yes").pay()
    assert talk.booking.state is State.CONFIRMED
    return talk


def settled(talk: Talk) -> list[Settle]:
    return [order for order in talk.money if isinstance(order, Settle)]


# Cancelling ---------------------------------------------------------------------------------------------------------


def test_cancelling_tells_the_sum_the_way_and_the_deadline_before_the_yes() -> None:
    talk = paid_massage().writes("I want to cancel")
    for part in ("IDR 175,000", "card or wallet you paid with", "50% of the price", "until 09:3", "[Yes, cancel]"):
        assert part in talk.last
    assert "usually within 5 to 10 working days" in talk.last
    assert "[Keep it]" in talk.last
    assert talk.booking.state is State.CONFIRMED
    assert settled(talk) == []


def test_a_yes_cancels_in_one_commit_with_hold_money_and_words() -> None:
    talk = paid_massage()
    reference, hold = talk.booking.reference, talk.booking.booked_hold
    talk.writes("I want to cancel", "yes")
    assert talk.lead.bookings == ()
    assert hold in talk.let_go
    (order,) = settled(talk)
    assert (order.accounts, order.keep, order.is_end) == ((reference,), Money(175_000, "IDR"), True)
    assert "IDR 175,000" in talk.last
    assert talk.lead.timers == {}


@pytest.mark.parametrize("words", ["no", "no, keep it", "don't cancel it", "jangan dibatalkan", "giữ lại"])
def test_a_no_keeps_everything(words: str) -> None:
    talk = paid_massage().writes("I want to cancel", words)
    assert (talk.booking.state, talk.booking.change, settled(talk)) == (State.CONFIRMED, None, [])
    assert talk.booking.modification is Modification.REJECTED


@pytest.mark.parametrize("words", ["our flight was cancelled", "too expensive for us", "my husband is sick"])
def test_a_reason_is_taken_and_asked_for_once(words: str) -> None:
    talk = paid_massage().writes("I want to cancel")
    assert say("change.ask.why", "en") in talk.last
    talk.writes(words)
    assert say("change.reason_noted", "en") in talk.last
    assert say("change.ask.why", "en") not in talk.last
    assert talk.booking.change is not None
    assert talk.booking.change.reason == words
    talk.writes("yes")
    assert talk.lead.bookings == ()


def test_a_question_of_another_day_at_the_question_is_no_yes() -> None:
    talk = paid_massage().writes("cancel my booking", "Actually cancel that, Sunday is better")
    assert talk.booking.change is not None
    assert talk.booking.change.kind is ChangeKind.TIME
    assert "Sunday, 8 November" in talk.last


def test_after_a_cancellation_the_same_service_can_be_booked_again() -> None:
    talk = paid_massage()
    former = talk.booking.reference
    talk.writes("I want to cancel", "yes").taps_row(0)
    assert (talk.booking.service, talk.booking.previous) == ("balinese-massage", (former,))
    assert talk.booking.reference != former
    assert talk.booking.state is State.SERVICE_SELECTED


def test_an_offer_that_ran_out_is_shown_anew_and_not_taken() -> None:
    talk = paid_massage().writes("I want to cancel")
    yes = talk.choices[0]
    talk.now += timedelta(minutes=31)
    talk.taps(yes)
    assert say("change.outdated", "en") in talk.last
    assert talk.booking.state is State.CONFIRMED
    talk.taps(yes)
    assert talk.booking.state is State.CONFIRMED
    talk.taps_row(0)
    assert talk.lead.bookings == ()


def test_a_yes_that_was_sent_in_time_counts_though_it_is_handled_late() -> None:
    talk = paid_massage().writes("I want to cancel")
    tapped, sent_at = talk.choices[0], talk.now + timedelta(minutes=5)
    talk.now += timedelta(hours=2)
    talk.taps(tapped, sent_at=sent_at)
    assert talk.lead.bookings == ()


def test_the_tier_of_the_moment_of_the_yes_is_the_one_that_was_promised() -> None:
    """Half of the price until the end of Wednesday; a minute later a quarter."""
    talk = paid_massage()
    talk.now = talk.booking.chosen.start - timedelta(days=2, hours=15, minutes=2)  # type: ignore[union-attr]
    talk.writes("I want to cancel")
    yes = talk.choices[0]
    assert ("IDR 175,000" in talk.last, "23:59" in talk.last) == (True, True)
    talk.now += timedelta(minutes=5)
    talk.taps(yes)
    assert "IDR 87,500" in talk.last
    assert talk.booking.state is State.CONFIRMED


# Another time -------------------------------------------------------------------------------------------------------


def test_what_was_said_in_the_same_breath_is_used_and_not_asked_again() -> None:
    talk = Talk(pays=True).writes("book iv drip at villa melati in 5 days at 3pm for 1", "the first", "yes").pay()
    before = talk.booking
    talk.writes("can we do Sunday, same time, and my wife comes too")
    assert "2 people" in talk.last
    assert "IDR 950,000 more" in talk.last
    assert talk.booking.chosen == before.chosen
    talk.writes("yes")
    assert talk.booking.chosen == before.chosen
    talk.pay()
    assert (talk.booking.guests, talk.booking.price) == (2, Money(1_900_000, "IDR"))
    assert talk.booking.chosen is not None
    assert before.chosen is not None
    assert talk.booking.chosen.start == before.chosen.start + timedelta(days=1)


@pytest.mark.parametrize("words", ["thursday instead, same time", "bisa dipindah ke hari kamis?"])
def test_the_exact_time_that_was_wished_is_quoted_at_once(words: str) -> None:
    talk = paid_massage().writes(words)
    assert "5 November" in talk.last or "5 November 2026" in talk.last
    assert talk.choices[0].startswith("chgyes:")


def test_with_no_day_it_is_asked_which_and_the_old_one_is_theirs() -> None:
    talk = paid_massage()
    old = talk.booking.chosen
    talk.writes("can I change it?")
    assert "stays yours until the new time is booked" in talk.last
    assert (talk.booking.chosen, talk.booking.booked_hold in talk.let_go) == (old, False)


def test_a_move_at_the_same_price_is_done_after_one_yes() -> None:
    talk = paid_massage()
    old = talk.booking
    talk.writes("move it to Sunday")
    assert say("change.money.same", "en") in talk.last
    talk.writes("yes")
    booking = talk.booking
    assert (booking.state, booking.reschedule_count, booking.change) == (State.CONFIRMED, 1, None)
    assert booking.booked_hold == f"change:{old.reference}:C1"
    assert booking.chosen is not None
    assert old.chosen is not None
    assert booking.chosen.start == old.chosen.start + timedelta(days=1)
    assert booking.modification is Modification.CONFIRMED
    (order,) = settled(talk)
    assert (order.keep, order.price, order.is_end) == (Money(350_000, "IDR"), Money(350_000, "IDR"), False)


def test_a_dearer_villa_is_paid_first_and_its_payees_follow() -> None:
    talk = paid_massage()
    reference = talk.booking.reference
    talk.writes("move it to villa karang", "yes")
    assert talk.booking.modification is Modification.AWAITING_PAYMENT
    assert talk.booking.place == "villa-melati"
    link = next(order for order in reversed(talk.money) if isinstance(order, OpenInvoice))
    assert (link.account, link.due) == (f"{reference}~C1", Money(100_000, "IDR"))
    talk.pay()
    assert (talk.booking.place, talk.booking.price) == ("villa-karang", Money(450_000, "IDR"))
    (order,) = settled(talk)
    assert order.accounts == (reference, f"{reference}~C1")
    assert (order.keep, order.price) == (Money(450_000, "IDR"), Money(450_000, "IDR"))
    payees = {payee.party: payee.payee for payee in order.terms.payees}
    assert payees == {Party.PROVIDER: "provider:komang", Party.FACILITY: "place:villa-karang"}


def test_a_cheaper_one_gives_the_difference_back_after_the_same_yes() -> None:
    talk = Talk(pays=True).writes("book iv drip at villa melati in 5 days at 3pm for 2", "the first", "yes").pay()
    talk.writes("we will be 1 person instead of 2")
    assert "IDR 950,000 back" in talk.last
    talk.writes("yes")
    (order,) = settled(talk)
    assert (order.keep, talk.booking.guests, talk.booking.state) == (Money(950_000, "IDR"), 1, State.CONFIRMED)
    assert talk.booking.refund_ordered == Money(950_000, "IDR")
    assert talk.booking.reschedule_count == 0


def test_a_late_change_says_its_fee_and_nets_it_with_the_difference() -> None:
    talk = paid_massage()
    assert talk.booking.chosen is not None
    talk.now = talk.booking.chosen.start - timedelta(hours=6)
    talk.writes("move it to Sunday")
    assert "IDR 87,500 more, of which IDR 87,500 is the change fee" in talk.last
    talk.writes("yes").pay()
    assert talk.booking.fees_charged == Money(87_500, "IDR")
    (order,) = settled(talk)
    assert (order.keep, order.price) == (Money(437_500, "IDR"), Money(350_000, "IDR"))


def test_the_day_wished_is_full_and_the_old_time_stays() -> None:
    talk = paid_massage()
    old = talk.booking.chosen
    talk.full = True
    talk.writes("move it to Sunday")
    assert "stays as it is" in talk.last
    assert (talk.booking.chosen, talk.booking.state) == (old, State.CONFIRMED)


def test_a_time_that_is_lost_at_the_yes_brings_others_and_the_old_one_stays() -> None:
    talk = paid_massage()
    old = talk.booking.chosen
    talk.writes("move it to Sunday")
    talk.lost = True
    talk.writes("yes")
    assert say("change.just_taken", "en") in talk.last
    assert talk.booking.chosen == old
    talk.taps_row(0)
    assert talk.booking.change is None or talk.booking.change.quote is not None


def test_a_new_time_lost_after_it_was_paid_keeps_the_old_one_and_gives_the_money_back() -> None:
    talk = paid_massage()
    reference, old = talk.booking.reference, talk.booking.chosen
    talk.writes("move it to villa karang", "yes")
    talk.lost = True
    talk.pay()
    assert (talk.booking.chosen, talk.booking.change, talk.booking.state) == (old, None, State.CONFIRMED)
    assert (settled(talk)[-1].accounts, settled(talk)[-1].keep.amount) == ((f"{reference}~C1",), 0)
    assert [account.name for account in talk.booking.accounts] == [reference]
    assert talk.lead.waits_for_person


# Silence and deadlines ----------------------------------------------------------------------------------------------


def test_silence_is_asked_once_more_after_an_hour_and_then_all_stays() -> None:
    talk = paid_massage()
    old = talk.booking.chosen
    talk.writes("can I change it?")
    asked_at = talk.now
    talk.rings(TimerKind.CHANGE_SILENCE)
    assert talk.now == asked_at + timedelta(hours=1)
    assert "Do you still want to change" in talk.last
    talk.rings(TimerKind.CHANGE_SILENCE)
    assert "Your time stays as it was" in talk.last
    assert (talk.booking.chosen, talk.booking.change) == (old, None)
    assert not [name for name in talk.lead.timers if name.startswith("change")]


def test_a_difference_that_does_not_come_in_time_leaves_the_booking_as_it_was() -> None:
    talk = paid_massage()
    reference, old = talk.booking.reference, talk.booking.chosen
    talk.writes("move it to villa karang", "yes")
    talk.rings(TimerKind.CHANGE_PAY_BY)
    assert isinstance(talk.money[-1], CloseInvoice)
    talk.closes(f"{reference}~C1")
    assert "did not come in time" in talk.last
    assert (talk.booking.chosen, talk.booking.change, talk.booking.state) == (old, None, State.CONFIRMED)


def unpaid(wish: str = "move it to villa karang") -> Talk:
    """The difference of a move did not come in time."""
    talk = paid_massage().writes(wish, "yes").rings(TimerKind.CHANGE_PAY_BY)
    return talk.closes(f"{talk.booking.reference}~C1")


def goes_back(talk: Talk) -> bool:
    """Whether all of the change's money goes back, and the booking is as it was."""
    (order,) = settled(talk)
    unchanged = (talk.booking.place, talk.booking.change, talk.booking.state) == ("villa-melati", None, State.CONFIRMED)
    return unchanged and (order.accounts, order.keep.amount) == ((f"{talk.booking.reference}~C1",), 0)


def test_a_difference_that_comes_late_still_moves_it_while_time_and_price_can_be_had() -> None:
    talk = unpaid().pay()
    reference = talk.booking.reference
    assert (talk.booking.place, talk.booking.change, talk.booking.state) == ("villa-karang", None, State.CONFIRMED)
    (order,) = settled(talk)
    assert (order.accounts, order.keep) == ((reference, f"{reference}~C1"), Money(450_000, "IDR"))
    assert "Done" in talk.last
    said = len(talk.said)
    talk.pay(f"{reference}~C1")
    assert (len(settled(talk)), len(talk.said)) == (1, said)


def test_a_difference_that_comes_late_goes_back_when_its_time_is_gone() -> None:
    talk = unpaid()
    talk.lost = True
    talk.pay()
    assert goes_back(talk)
    assert "goes back to you" in talk.last
    assert not talk.lead.alarms


def test_a_difference_that_comes_late_goes_back_when_its_price_is_another() -> None:
    talk = unpaid()
    prices = tuple(replace(row, amount=row.amount + 10_000) for row in talk.business.prices)
    talk.business = replace(talk.business, prices=prices, version="dearer")
    talk.pay()
    assert goes_back(talk)


def test_a_difference_that_comes_late_and_in_part_goes_back() -> None:
    talk = unpaid().pay(paid=Money(40_000, "IDR"), rest=Money(60_000, "IDR"), status=InvoiceStatus.PARTIALLY_PAID)
    assert goes_back(talk)
    # the rest of it does not bring back what is on its way
    talk.pay()
    assert talk.booking.place == "villa-melati"


def test_a_difference_that_comes_after_the_start_of_its_time_goes_back() -> None:
    talk = unpaid()
    assert talk.booking.chosen is not None
    talk.now = talk.booking.chosen.start
    talk.pay()
    assert goes_back(talk)


def test_a_difference_that_comes_after_another_change_was_begun_goes_back() -> None:
    talk = unpaid().writes("move it to Sunday").pay(f"{unpaid().booking.reference}~C1")
    assert settled(talk)[0].keep.amount == 0
    assert talk.booking.change is not None
    assert talk.booking.change.id == "C2"


def test_who_thinks_better_of_it_gets_the_part_back_that_was_paid_for_the_change() -> None:
    talk = paid_massage()
    reference = talk.booking.reference
    talk.writes("move it to villa karang", "yes")
    keep = f"chgno:{reference}:C1:1"
    part = Money(40_000, "IDR")
    talk.pay(paid=part, rest=Money(60_000, "IDR"), status=InvoiceStatus.PARTIALLY_PAID).taps(keep)
    assert (talk.booking.state, talk.booking.change, talk.booking.place) == (State.CONFIRMED, None, "villa-melati")
    assert CloseInvoice(f"{reference}~C1") in talk.money
    assert (settled(talk)[-1].accounts, settled(talk)[-1].keep.amount) == ((f"{reference}~C1",), 0)
    assert f"change:{reference}:C1" in talk.let_go
    talk.writes("cancel my booking")
    assert "IDR 175,000 back" in talk.last


def test_a_difference_that_is_told_twice_moves_once() -> None:
    talk = paid_massage().writes("move it to villa karang", "yes").pay()
    booking, said = talk.booking, len(talk.said)
    talk.pay(f"{booking.reference}~C1")
    assert (talk.booking, len(talk.said)) == (booking, said)


# Two at once --------------------------------------------------------------------------------------------------------


def test_calling_off_ends_a_change_that_waits_for_its_money() -> None:
    talk = paid_massage()
    reference = talk.booking.reference
    talk.writes("move it to villa karang", "yes", "cancel my booking", "yes")
    assert talk.lead.bookings == ()
    change, end = settled(talk)
    assert (change.accounts, change.keep.amount) == ((f"{reference}~C1",), 0)
    assert (end.accounts, end.keep) == ((reference,), Money(175_000, "IDR"))
    assert f"change:{reference}:C1" in talk.let_go
    assert CloseInvoice(f"{reference}~C1") in talk.money


def test_a_second_wish_waits_for_the_first_to_be_finished() -> None:
    talk = paid_massage().writes("move it to villa karang", "yes", "move it to Sunday")
    assert any(say("change.finish_first", "en") in getattr(said, "body", "") for said in talk.said[-2:])
    assert talk.booking.change is not None
    assert talk.booking.change.id == "C1"


def test_an_old_button_says_what_is_true_now() -> None:
    talk = paid_massage().writes("move it to Sunday")
    old = talk.choices[0]
    talk.taps(old)
    before = talk.booking
    talk.taps(old)
    assert talk.booking == before
    assert "8 November" in talk.last
    gone = talk.writes("cancel my booking", "yes").taps(old)
    assert gone.last == say("change.denied.closed", "en")


def test_a_tap_counts_while_a_person_has_the_conversation_and_words_do_not() -> None:
    talk = paid_massage().writes("I want to cancel")
    yes = talk.choices[0]
    talk.tell(AgentTookOver(EventId("take:1"), talk.now, AgentId("ayu")))
    talk.writes("yes")
    assert talk.booking.state is State.CONFIRMED
    talk.taps(yes)
    assert talk.lead.bookings == ()
    assert talk.drafts


def test_a_change_while_unpaid_asks_for_the_new_price_with_one_link() -> None:
    talk = Talk(pays=True).writes(MASSAGE, "the first", "the first", "yes")
    reference = talk.booking.reference
    talk.writes("move it to villa karang", "yes")
    assert talk.booking.state is State.PAYMENT_PENDING
    link = next(order for order in reversed(talk.money) if isinstance(order, OpenInvoice))
    assert (link.account, link.due) == (f"{reference}~2", Money(450_000, "IDR"))
    assert CloseInvoice(reference) in talk.money
    talk.pay()
    assert (talk.booking.state, talk.booking.place) == (State.CONFIRMED, "villa-karang")


def test_paying_the_old_link_confirms_the_old_time_and_outdates_the_quote() -> None:
    talk = Talk(pays=True).writes(MASSAGE, "the first", "the first", "yes").writes("move it to villa karang")
    yes = talk.choices[0]
    talk.pay()
    assert (talk.booking.state, talk.booking.place) == (State.CONFIRMED, "villa-melati")
    talk.taps(yes)
    assert say("change.outdated", "en") in talk.last
    assert "IDR 100,000 more" in talk.last


# Languages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("book", "cancel", "back", "yes"),
    [
        ("mau pesan pijat bali 60 menit di villa melati 5 hari lagi jam 3 sore", "batalkan pesanan saya", "Rp", "ya"),
        ("đặt massage bali 60 phút ở villa melati 5 ngày nữa lúc 3h chiều", "tôi muốn hủy lịch", "175", "có"),
    ],
)
def test_the_quote_is_told_in_the_customer_s_language(book: str, cancel: str, back: str, yes: str) -> None:
    talk = Talk(pays=True).writes(book)
    while talk.lead.open_booking is None or not talk.booking.offered:
        talk.taps_row(0)
    talk.taps_row(0).pay()
    talk.writes(cancel)
    assert "175.000" in talk.last, back
    talk.taps_row(0)
    assert talk.lead.bookings == ()


@pytest.mark.parametrize("words", ["never mind", "eh ga jadi deh", "gak jadi kak", "thôi khỏi ạ", "để như cũ nhé"])
def test_who_gives_a_change_up_keeps_the_time_without_being_asked_what_was_meant(words: str) -> None:
    talk = paid_massage().writes("move it to Sunday", words)
    assert (talk.booking.change, talk.booking.modification) == (None, Modification.REJECTED)
    talk = paid_massage().writes("I want another time", words)
    assert talk.booking.change is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("can we make it a day later?", "Sunday, 8 November"),
        ("bisa undur sehari ga?", "Minggu, 8 November"),
        ("bisa maju sehari?", "Jumat, 6 November"),
        ("lùi lại một ngày được không", "8/11"),
    ],
)
def test_a_day_later_or_earlier_is_counted_from_the_time_they_have(words: str, day: str) -> None:
    talk = paid_massage()
    talk.lead = talk.lead.conversing(language={"b": "id", "l": "vi"}.get(words[0], "en"), language_chosen=True)
    talk.writes("change my booking", words) if words.startswith("can") else talk.writes(words)
    assert day in talk.last


@pytest.mark.parametrize(("language", "words"), [("en", "yes"), ("id", "ya boleh"), ("vi", "vâng")])
def test_a_yes_to_which_day_is_asked_the_day_again(language: str, words: str) -> None:
    talk = paid_massage()
    talk.lead = talk.lead.conversing(language=language, language_chosen=True)
    talk.writes("I want another time")
    asked = talk.last
    assert talk.writes(words).last == asked
