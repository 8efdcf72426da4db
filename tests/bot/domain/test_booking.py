"""What version 0.1.0 stored of a booking and of a conversation is read with today's types."""

import json
from dataclasses import fields

import pytest
from pydantic import TypeAdapter

from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.lead import Conversation, ConversationChanges
from bot.domain.states import LatePayment
from bot.domain.timers import TimerKind, TimerName, read_timer

BOOKINGS = TypeAdapter(Booking)


def read(**stored: object) -> Booking:
    return BOOKINGS.validate_json(json.dumps({"reference": "BK-2", **stored}))


@pytest.mark.parametrize("reason", SlotUnavailable)
def test_why_a_time_was_lost_has_a_field_of_its_own(reason: SlotUnavailable) -> None:
    booking = read(error_reason=reason.value)
    assert (booking.lost_time, booking.link_failed, booking.odd_money) == (reason, False, False)


def test_a_link_that_failed_and_money_that_does_not_fit_have_fields_of_their_own() -> None:
    assert read(error_reason="no_link").link_failed
    assert read(error_reason="odd_money").odd_money
    other = read(error_reason="claims_differ")
    assert (other.lost_time, other.link_failed, other.odd_money) == (None, False, False)


@pytest.mark.parametrize(
    ("stored", "state"),
    [
        ({}, LatePayment.NONE),
        ({"money_account": "BK-2~3"}, LatePayment.NONE),
        ({"money_account": "BK-1", "explicitly_confirmed": True}, LatePayment.ARRIVED),
        ({"money_account": "BK-1", "error_reason": "late_taken"}, LatePayment.TIME_TAKEN),
        ({"money_account": "BK-1"}, LatePayment.CHOOSING),
        ({"money_account": "BK-1", "booked_hold": "h", "explicitly_confirmed": True}, LatePayment.BOOKED_AGAIN),
    ],
)
def test_late_money_of_0_1_gets_its_state(stored: dict[str, object], state: LatePayment) -> None:
    booking = read(**stored)
    assert booking.late_payment is state
    assert booking.is_rebooked_by_late_payment is (state is not LatePayment.NONE)


def test_what_is_written_today_is_read_as_it_is() -> None:
    booking = read(error_reason="late_taken", money_account="BK-1", question="cancel", choices=["a"])
    assert BOOKINGS.validate_json(BOOKINGS.dump_json(booking, by_alias=True)) == booking


def test_every_field_of_a_conversation_is_changed_by_name_or_moved_by_table() -> None:
    by_table = {"mode", "epoch"}
    assert set(ConversationChanges.__annotations__) == {one.name for one in fields(Conversation)} - by_table


@pytest.mark.parametrize("kind", TimerKind)
def test_a_timer_is_stored_as_text_and_read_back(kind: TimerKind) -> None:
    for name in (TimerName(kind), TimerName(kind, "BK-1"), TimerName(kind, "BK-1~2")):
        assert read_timer(str(name)) == name
    assert str(TimerName(kind, "BK-1")) == f"{kind.value}:BK-1"


def test_a_timer_of_another_version_is_nobodys() -> None:
    assert read_timer("bell:BK-1") is None
