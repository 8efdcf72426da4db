"""What the house decided where its papers said several things: one name for each ruling that no other test names."""

from datetime import timedelta

import pytest

from bot.domain.booking import Booking
from bot.domain.commands import BookSlot, RecordBooking
from bot.domain.events import StaffAction
from bot.domain.lead import Address
from bot.domain.states import CLOSED, IN_PROGRESS, ShowUp, State
from bot.domain.timers import TimerKind
from bot.lifecycle.rules.rule import Facts
from bot.lifecycle.tables import LIFECYCLE, is_legal
from bot.lifecycle.verdicts import Actor, evaluate
from tests.bot.dialogue.states.talk import NOW, Talk
from tests.bot.dialogue.states.test_awaiting_acceptance import ordered

S = State
WISH = "balinese massage 60 min at villa senja tomorrow at 11"


def massage() -> Talk:
    """A paid service whose time is accepted and whose link is out."""
    return Talk(pays=True).writes(WISH, "yes")


def call() -> Talk:
    """A free one that stands."""
    return Talk().writes("book the free planning call in three days at 10am", "the first", "yes")


def path(talk: Talk) -> list[str]:
    """Where its bookings went, move by move."""
    return [dict(one.facts)["to"] for one in talk.records if one.what == "booking_moved"]


def test_accepted_is_not_yet_confirmed_and_the_money_comes_between() -> None:
    talk = massage()
    assert path(talk)[-2:] == ["SLOT_CONFIRMED", "PAYMENT_PENDING"]
    assert path(talk.pay())[-2:] == ["PAID", "CONFIRMED"]


def test_what_costs_nothing_now_is_confirmed_with_its_yes() -> None:
    assert path(call())[-2:] == ["SLOT_CONFIRMED", "CONFIRMED"]


def test_between_accepted_and_confirmed_stands_whoever_has_to_say_yes() -> None:
    talk = ordered()
    assert path(talk)[-2:] == ["SLOT_CONFIRMED", "PENDING_CONFIRMATION"]
    assert talk.money == []


def test_a_paid_booking_goes_to_confirmed_and_never_back_to_slot_confirmed() -> None:
    talk = massage().pay()
    assert talk.booking.state is S.CONFIRMED
    moves = path(talk)
    assert "SLOT_CONFIRMED" not in moves[moves.index("PAID") :]
    assert {S.CONFIRMED, S.REMINDER_SENT} <= LIFECYCLE[S.PAID]
    assert not is_legal(S.PAID, S.SLOT_CONFIRMED)


def test_nobody_said_whether_an_appointment_took_place_so_it_is_asked_and_is_never_completed_by_itself() -> None:
    talk = call()
    talk.rings(TimerKind.SHOW_UP)
    assert talk.booking.show_up is ShowUp.ASKED
    assert path(talk.rings(TimerKind.NO_SHOW))[-1] == "NO_SHOW"


def test_a_booking_is_moved_from_every_state_in_which_it_has_a_time_ahead() -> None:
    with_a_time = {S.SLOT_CONFIRMED, S.PAYMENT_PENDING, S.PAID, S.PENDING_CONFIRMATION, S.CONFIRMED, S.REMINDER_SENT}
    # out of an error it only goes back to where it was
    assert {state for state in S if is_legal(state, S.RESCHEDULED)} == with_a_time | {S.ERROR}


def test_a_moved_booking_stays_the_same_one_and_is_counted() -> None:
    talk = call()
    reference, old = talk.booking.reference, talk.booking.chosen
    assert old is not None
    there = (old.start + timedelta(days=1)).strftime("%Y%m%dT%H%MZ")
    talk.staff(
        StaffAction.RESCHEDULE,
        slot_id=f"planning-call|{old.provider}|{there}|{old.place or ''}",
        cause="business",
        reason="ill",
    )
    assert talk.booking.reference == reference
    assert talk.booking.chosen != old
    assert (talk.booking.reschedule_count, talk.booking.previous) == (1, ())


def test_an_offer_is_proposed_a_choice_without_a_yes_still_is_and_a_counter_wish_offers_again() -> None:
    talk = Talk().writes("book the free planning call")
    talk.writes("in three days")
    assert talk.booking.state is S.SLOT_PROPOSED
    first = talk.booking.offered
    talk.writes("the first")
    assert (talk.booking.state, talk.booking.chosen is not None) == (S.SLOT_PROPOSED, True)
    assert not talk.booking.explicitly_confirmed
    talk.writes("rather in four days")
    assert talk.booking.state is S.SLOT_PROPOSED
    assert talk.booking.offered != first


@pytest.mark.parametrize("target", [S.SERVICE_SELECTED, S.SLOT_PROPOSED])
def test_the_number_of_whatsapp_is_contact_enough_and_without_any_nothing_is_chosen_or_proposed(target: State) -> None:
    origin = S.INQUIRY if target is S.SERVICE_SELECTED else S.SERVICE_SELECTED
    booking = Booking(call().booking.reference, origin, service="planning-call")
    verdicts = [
        evaluate(booking, target, Actor.CUSTOMER, Facts(NOW, there, 3, None, in_catalogue=True))
        for there in (bool(Address(wa_id="6281").wa_id), False)
    ]
    assert [verdict.allowed for verdict in verdicts] == [True, False]
    assert [why.rule for why in verdicts[1].reasons] == ["customer_contact"]


def test_a_late_choice_is_looked_at_again_and_taken_if_it_is_still_free() -> None:
    talk = Talk().writes("book the free planning call in three days at 10am")
    talk.now += timedelta(hours=3)
    talk.writes("the first", "yes")
    assert talk.booking.state is S.CONFIRMED


def test_a_late_choice_that_somebody_has_by_now_is_told_and_others_are_offered() -> None:
    talk = Talk().writes("book the free planning call in three days at 10am")
    talk.now += timedelta(hours=3)
    talk.lost = True
    talk.writes("the first", "yes")
    assert talk.booking.state is S.SLOT_PROPOSED
    assert len(talk.booking.offered) >= 2


def test_with_the_yes_to_one_time_the_others_are_free_at_once() -> None:
    talk = Talk().writes("book the free planning call", "in three days")
    others = set(talk.booking.holds)
    talk.writes("the first", "yes")
    (booked,) = [order for order in talk.orders if isinstance(order, BookSlot)]
    assert set(booked.let_go) == others - {talk.booking.booked_hold}
    assert booked.let_go


def test_what_is_not_paid_in_time_is_called_off_by_the_system_with_that_reason() -> None:
    talk = massage()
    account, hold = talk.booking.account, talk.booking.booked_hold
    talk.rings(TimerKind.PAY_BY).closes(account)
    ended = talk.recorded[-1].booking
    assert (ended.state, ended.cancellation_reason) == (S.CANCELLED, "payment_expired")
    assert hold in talk.let_go


def test_of_all_reminders_only_the_day_before_moves_the_booking() -> None:
    talk = massage().pay()
    assert path(talk.rings(TimerKind.DAY_BEFORE))[-1] == "REMINDER_SENT"
    before = len(path(talk))
    talk.rings(TimerKind.HOURS_BEFORE)
    assert len(path(talk)) == before
    assert {S.COMPLETED, S.NO_SHOW, S.CHECKED_IN} <= LIFECYCLE[S.CONFIRMED]


def test_only_what_waits_for_its_customer_is_ever_left_to_silence() -> None:
    assert not any(is_legal(state, S.ABANDONED) for state in S if state not in IN_PROGRESS or state in CLOSED)


def test_what_is_called_off_leaves_its_customer_and_the_record_is_kept() -> None:
    talk = call()
    reference = talk.booking.reference
    talk.staff(StaffAction.CANCEL, cause="business", reason="ill")
    assert talk.lead.bookings == ()
    kept = [one for one in talk.orders if isinstance(one, RecordBooking) and one.booking.reference == reference]
    assert kept[-1].booking.state is S.CANCELLED
