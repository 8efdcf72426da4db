"""Why a wish cannot be had, by the timetable and the house's rules, with what would work."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.business.hours import DaysOff
from bot.domain.offers import BookingWish
from bot.slots.why_not import Wanted, WhyNot, why_not
from tests.bot.business.makers import sample
from tests.bot.makers import NOW

TODAY = NOW.astimezone(sample().zone).date()


def wanted(day: date | None, start: int | None = None, end: int | None = None, **more: object) -> Wanted:
    service = sample().service("balinese-massage")
    assert service is not None
    wish = BookingWish(day, day, start, start if end is None else end)
    return replace(Wanted(service, wish, "villa-melati"), **more)  # type: ignore[arg-type]


def stay(nights: int) -> Wanted:
    service = sample().service("kamboja-stay")
    assert service is not None
    day = TODAY + timedelta(days=9)
    return Wanted(service, BookingWish(day, day), "villa-kamboja", 2, nights)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (wanted(TODAY + timedelta(days=3)), WhyNot.FULL),
        (wanted(TODAY + timedelta(days=3), 10 * 60), WhyNot.FULL),
        (wanted(TODAY + timedelta(days=3), 13 * 60 + 15), WhyNot.NOT_THEN),
        (wanted(TODAY + timedelta(days=3), 6 * 60), WhyNot.OUTSIDE_HOURS),
        (wanted(TODAY + timedelta(days=3), 22 * 60, 23 * 60), WhyNot.OUTSIDE_HOURS),
        # on a Sunday they begin at noon
        (wanted(TODAY + timedelta(days=6), 9 * 60, 11 * 60), WhyNot.OUTSIDE_HOURS),
        (wanted(TODAY, 18 * 60), WhyNot.TOO_SOON),
        (wanted(TODAY + timedelta(days=200)), WhyNot.TOO_FAR),
        (wanted(TODAY + timedelta(days=3), guests=7), WhyNot.TOO_MANY_GUESTS),
        (stay(1), WhyNot.TOO_FEW_NIGHTS),
        (stay(30), WhyNot.TOO_MANY_NIGHTS),
        (stay(3), WhyNot.FULL),
    ],
)
def test_each_wish_has_its_reason(asked: Wanted, why: WhyNot) -> None:
    found = why_not(sample(), asked, NOW)
    assert found is not None
    assert found.why is why
    assert found.is_for_good is (why is not WhyNot.FULL)


def test_a_day_off_is_closed() -> None:
    closed = replace(sample(), closed=(*sample().closed, *_day_off(TODAY + timedelta(days=4))))
    found = why_not(closed, wanted(TODAY + timedelta(days=4)), NOW)
    assert found is not None
    assert (found.why, found.day) == (WhyNot.CLOSED, TODAY + timedelta(days=4))


def _day_off(day: date) -> tuple[DaysOff, ...]:
    (known,) = sample().closed
    return (replace(known, first=day, last=day),)


def test_what_would_work_is_named() -> None:
    outside = why_not(sample(), wanted(TODAY + timedelta(days=3), 6 * 60), NOW)
    assert outside is not None
    assert outside.first is not None
    assert outside.last is not None
    assert outside.first.astimezone(sample().zone).hour == 9
    few = why_not(sample(), stay(1), NOW)
    assert few is not None
    assert few.count == 2


def test_without_a_day_nothing_is_in_its_way() -> None:
    assert why_not(sample(), wanted(None), NOW) is None
