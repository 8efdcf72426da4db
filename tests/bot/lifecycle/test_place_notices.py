"""What a place hears of a booking's change: once each, never before it is confirmed, and at its hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.business.catalogue import PlaceNotices
from bot.business.sop import PartnerRules
from bot.domain.arrival import Arrival, PlaceNews
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.states import State
from bot.lifecycle.place_notices import arrival_of, day_starts, digests_told_until, is_told_at_once, place_notices

BALI = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Nine in the morning in Bali."""
MASSAGE = Arrival(BookingReference("BK-1"), "villa-padi", "balinese-massage", NOW, NOW + timedelta(hours=1), 2, "wayan")


def news(was: Arrival | None, now: Arrival | None) -> list[tuple[PlaceNews, str]]:
    return [(order.news, order.arrival.place) for order in place_notices(was, now)]


def test_confirmed_moved_and_called_off_are_told_once_each() -> None:
    assert news(None, MASSAGE) == [(PlaceNews.BOOKED, "villa-padi")]
    assert news(MASSAGE, MASSAGE) == []
    assert news(MASSAGE, replace(MASSAGE, guests=3)) == [(PlaceNews.MOVED, "villa-padi")]
    assert news(MASSAGE, None) == [(PlaceNews.CALLED_OFF, "villa-padi")]
    assert news(None, None) == []


def test_at_another_place_the_old_one_hears_the_end_and_the_new_one_the_beginning() -> None:
    moved = replace(MASSAGE, place="villa-kamboja")
    assert news(MASSAGE, moved) == [(PlaceNews.CALLED_OFF, "villa-padi"), (PlaceNews.BOOKED, "villa-kamboja")]


@pytest.mark.parametrize("state", State)
def test_nobody_hears_of_a_booking_before_it_is_confirmed(state: State) -> None:
    slot = OfferedSlot("s", NOW, NOW + timedelta(hours=1), "wayan", "villa-padi")
    booking = Booking(BookingReference("BK-1"), state, service="balinese-massage", guests=2, chosen=slot)
    is_known = state.value in {"CONFIRMED", "REMINDER_SENT", "CHECKED_IN", "CHECKED_OUT", "COMPLETED", "NO_SHOW"}
    assert arrival_of(booking) == (MASSAGE if is_known else None)
    assert arrival_of(replace(booking, chosen=replace(slot, place=None))) is None, "nowhere of ours"


@pytest.mark.parametrize(("clock", "days"), [("17:55", 1), ("18:00", 2), ("00:00", 1), ("23:55", 2)])
def test_from_its_hour_on_the_digest_has_told_of_tomorrow(clock: str, days: int) -> None:
    hour, minute = map(int, clock.split(":"))
    at = datetime(2026, 3, 2, hour, minute, tzinfo=BALI)
    assert digests_told_until(at, PartnerRules(), BALI) == day_starts(at.date() + timedelta(days=days), BALI)


def test_a_place_that_wants_a_digest_hears_at_once_only_what_no_digest_can_say_any_more() -> None:
    until = digests_told_until(NOW, PartnerRules(), BALI)
    today, later = MASSAGE, replace(MASSAGE, starts_at=until)
    for was, now, is_told in (
        (None, today, True),
        (None, later, False),
        (later, None, False),
        (today, None, True),
        (today, later, True),
        (later, today, True),
    ):
        assert is_told_at_once(PlaceNotices.DIGEST, was, now, until) is is_told
        assert is_told_at_once(PlaceNotices.EACH, was, now, until)
        assert not is_told_at_once(PlaceNotices.NONE, was, now, until)
