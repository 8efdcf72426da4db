"""A message about a time is said only while its booking has that time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.about import AboutTime, about_time_of
from bot.domain.booking import Booking
from bot.domain.change import Cause, Change, ChangeKind
from bot.domain.states import CLOSED, State
from tests.bot.changing import STAFF, a_paid_booking, slot
from tests.bot.makers import NOW

BOOKING = a_paid_booking()


def about(booking: Booking = BOOKING) -> AboutTime:
    known = about_time_of(booking)
    assert known is not None
    return known


@pytest.mark.parametrize("state", [State.CONFIRMED, State.REMINDER_SENT, State.CHECKED_IN])
def test_it_is_so_while_the_booking_stands_at_that_time(state: State) -> None:
    assert about().is_so(replace(BOOKING, state=state))


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_of_what_has_ended_nothing_is_said_any_more(state: State) -> None:
    assert not about().is_so(replace(BOOKING, state=state))
    assert not about().is_so(None)


def test_of_a_time_that_was_moved_nothing_is_said_any_more() -> None:
    assert BOOKING.chosen is not None
    assert not about().is_so(replace(BOOKING, chosen=slot(BOOKING.chosen.start + timedelta(days=1))))


def test_what_cannot_take_place_is_not_reminded_of() -> None:
    hit = Change("C1", ChangeKind.TIME, Cause.BUSINESS, STAFF, NOW, block="b1")
    assert not about().is_so(replace(BOOKING, change=hit))
    assert about().is_so(replace(BOOKING, change=replace(hit, block=None)))


def test_what_has_no_time_is_about_none() -> None:
    assert about_time_of(replace(BOOKING, chosen=None)) is None
