"""The outside words of the seeds are computed from state and facets (requirements 2.3, last table)."""

import pytest

from bot.domain.booking import Booking
from bot.domain.ids import BookingReference
from bot.domain.states import Dispute, ItemStatus, Modification, PaymentStatus, State
from bot.lifecycle.projection import reservation_word, status_word

S = State


def booking(state: State) -> Booking:
    return Booking(BookingReference("BK-1"), state=state)


def with_items(state: State, *items: ItemStatus) -> Booking:
    return Booking(BookingReference("BK-1"), state=state, items={str(place): item for place, item in enumerate(items)})


STATUS_WORDS = {
    S.INQUIRY: "pending",
    S.SERVICE_SELECTED: "pending",
    S.SLOT_PROPOSED: "pending",
    S.SLOT_CONFIRMED: "pending",
    S.PAYMENT_PENDING: "pending",
    S.PAID: "pending",
    S.PENDING_CONFIRMATION: "pending",
    S.RESCHEDULED: "pending",
    S.CONFIRMED: "confirmed",
    S.REMINDER_SENT: "confirmed",
    S.CHECKED_IN: "confirmed",
    S.CHECKED_OUT: "completed",
    S.COMPLETED: "completed",
    S.NO_SHOW: "no_show",
    S.CANCELLED: "cancelled",
    S.ABANDONED: "abandoned",
    S.ERROR: "failed",
}

RESERVATION_WORDS = {
    "PENDING": {
        S.INQUIRY,
        S.SERVICE_SELECTED,
        S.SLOT_PROPOSED,
        S.SLOT_CONFIRMED,
        S.PAYMENT_PENDING,
        S.PAID,
        S.PENDING_CONFIRMATION,
        S.RESCHEDULED,
        S.ERROR,
    },
    "CONFIRMED": {S.CONFIRMED, S.REMINDER_SENT},
    "CHECKED_IN": {S.CHECKED_IN},
    "CHECKED_OUT": {S.CHECKED_OUT, S.COMPLETED},
    "CANCELLED": {S.CANCELLED, S.ABANDONED, S.NO_SHOW},
}


@pytest.mark.parametrize("state", State)
def test_the_travel_trade_has_a_word_for_every_state(state: State) -> None:
    assert status_word(booking(state)) == STATUS_WORDS[state]


@pytest.mark.parametrize("state", State)
def test_the_property_trade_has_one_of_five_words_for_every_state(state: State) -> None:
    assert state in RESERVATION_WORDS[reservation_word(booking(state))]


def test_cancelled_and_paid_back_in_full_is_refunded() -> None:
    paid_back = Booking(BookingReference("B"), state=S.CANCELLED, payment_status=PaymentStatus.REFUNDED)
    assert status_word(paid_back) == "refunded"
    assert reservation_word(paid_back) == "CANCELLED"


def test_a_refund_in_part_does_not_hide_the_cancellation() -> None:
    part = Booking(BookingReference("B"), state=S.CANCELLED, payment_status=PaymentStatus.PARTIALLY_REFUNDED)
    assert status_word(part) == "cancelled"


@pytest.mark.parametrize("state", State)
def test_an_open_dispute_is_the_word_wherever_the_booking_stands(state: State) -> None:
    assert status_word(Booking(BookingReference("B"), state=state, dispute=Dispute.OPEN)) == "disputed"


@pytest.mark.parametrize("outcome", [Dispute.WON, Dispute.LOST])
def test_a_settled_dispute_uncovers_where_the_booking_stands(outcome: Dispute) -> None:
    assert status_word(Booking(BookingReference("B"), state=S.COMPLETED, dispute=outcome)) == "completed"


def test_all_items_ticketed_is_ticketed_and_one_open_is_not() -> None:
    assert status_word(with_items(S.CONFIRMED, ItemStatus.TICKETED, ItemStatus.TICKETED)) == "ticketed"
    assert status_word(with_items(S.CONFIRMED, ItemStatus.TICKETED, ItemStatus.CONFIRMED)) == "confirmed"


def test_one_item_gone_and_one_alive_is_partially_cancelled() -> None:
    assert status_word(with_items(S.CONFIRMED, ItemStatus.CANCELLED, ItemStatus.TICKETED)) == "partially_cancelled"
    assert status_word(with_items(S.CONFIRMED, ItemStatus.CANCELLED)) == "confirmed"


def test_a_confirmed_change_is_modified_and_a_wished_one_is_not() -> None:
    def changed(modification: Modification) -> Booking:
        return Booking(BookingReference("B"), state=S.CONFIRMED, modification=modification)

    assert status_word(changed(Modification.CONFIRMED)) == "modified"
    assert status_word(changed(Modification.REQUESTED)) == "confirmed"
