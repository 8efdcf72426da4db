"""When reminders go: at their moment, out of quiet hours, apart from each other, and never when it is too late."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.business.hours import Minute
from bot.business.sop import ReminderRules
from bot.business.staff import TaskDue, TaskEdge
from bot.business.timers import DEFAULT_TIMERS, SPREAD, BookingTimer, out_of_quiet_hours, spread_of
from tests.bot.business.makers import problems_of

BALI = ZoneInfo("Asia/Makassar")
RULES = ReminderRules()
"""Quiet from nine in the evening until seven."""
ALWAYS = replace(RULES, quiet_from=Minute(0), quiet_until=Minute(0))
TWO_HOURS = BookingTimer("hours-before", TaskDue(before=TaskEdge.START, hours=2))


def bali(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BALI)


def moment(timer: BookingTimer, start: datetime, rules: ReminderRules = RULES) -> datetime:
    """Without what spreads it."""
    return timer.moment(start, start + timedelta(hours=1), BALI, rules, "BK-1") - spread_of("BK-1")


@pytest.mark.parametrize(
    ("due", "at"),
    [
        (bali(24, 20, 59), bali(24, 20, 59)),
        (bali(24, 21), bali(25, 7)),
        (bali(25, 0, 30), bali(25, 7)),
        (bali(25, 6, 59), bali(25, 7)),
        (bali(25, 7), bali(25, 7)),
    ],
)
def test_what_is_due_in_quiet_hours_goes_when_they_end(due: datetime, at: datetime) -> None:
    assert out_of_quiet_hours(due, bali(25, 10), BALI, RULES) == at
    assert out_of_quiet_hours(due.astimezone(UTC), bali(25, 10), BALI, RULES) == at


def test_where_their_end_is_too_late_it_goes_just_before_they_begin() -> None:
    assert moment(TWO_HOURS, bali(25, 6)) == bali(24, 20, 45)
    assert moment(TWO_HOURS, bali(25, 0, 30)) == bali(24, 20, 45)
    assert moment(TWO_HOURS, bali(25, 8)) == bali(25, 7)


def test_quiet_hours_of_the_day_and_none_at_all() -> None:
    siesta = replace(RULES, quiet_from=Minute(13 * 60), quiet_until=Minute(15 * 60))
    assert moment(TWO_HOURS, bali(25, 16), siesta) == bali(25, 15)
    assert moment(TWO_HOURS, bali(25, 6), siesta) == bali(25, 4)
    assert moment(TWO_HOURS, bali(25, 6), ALWAYS) == bali(25, 4)
    assert moment(replace(TWO_HOURS, quiet_hours=False), bali(25, 6)) == bali(25, 4)


def test_an_hour_of_the_wall_stays_that_hour_over_a_change_of_clocks() -> None:
    paris = ZoneInfo("Europe/Paris")
    start = datetime(2027, 3, 29, 15, tzinfo=paris)
    week = next(one for one in DEFAULT_TIMERS if one.id == "week-before")
    due = week.moment(start, start + timedelta(hours=1), paris, RULES, "BK-1") - spread_of("BK-1")
    assert due.astimezone(paris) == datetime(2027, 3, 22, 15, tzinfo=paris)


def test_a_hundred_thousand_reminders_of_one_minute_are_spread_over_a_quarter_of_an_hour() -> None:
    start = bali(25, 9)
    moments = Counter(
        int((TWO_HOURS.moment(start, start, BALI, RULES, f"BK-{number}") - bali(25, 7)).total_seconds()) // 60
        for number in range(100_000)
    )
    assert set(moments) == set(range(15))
    assert max(moments.values()) < 7_500
    assert spread_of("BK-7") == spread_of("BK-7") < SPREAD


def test_spreading_never_makes_one_late() -> None:
    five = BookingTimer("hours-before", TaskDue(before=TaskEdge.START, minutes=5))
    start = bali(25, 12)
    moments = [five.moment(start, start, BALI, RULES, f"BK-{number}") for number in range(200)]
    assert all(start - timedelta(minutes=5) <= one < start for one in moments)


@pytest.mark.parametrize(
    ("timer", "path", "what"),
    [
        ("{ id: pack, at: { before: start, hours: 5 } }", "timers[0]", "has no words"),
        ("{ id: day-before, at: { before: start } }", "timers[0].at", "says not how long before or after"),
        ("{ id: day-before, at: { at: start } }", "timers[0].at", "says not how long before or after"),
        ("{ id: day-before, at: { after: end, hours: 2 } }", "timers[0].at.after", "is when the booking is over"),
        (
            "{ id: day-before, asks: true, at: { before: end, hours: 2 } }",
            "timers[0].asks",
            "asks whether they come when it has begun",
        ),
        (
            "{ id: day-before, for: [masage], at: { before: start, hours: 2 } }",
            "timers[0].for[0]",
            "there is no service and no kind `masage`",
        ),
        (
            "{ id: x, at: { before: start, hours: 2 }, text: 'Hi {friend}' }",
            "timers[0].text.en",
            "names {friend}, which nobody can fill",
        ),
    ],
)
def test_what_would_never_be_said_is_told_with_its_path(timer: str, path: str, what: str) -> None:
    told = problems_of(("sop:", f"timers:\n  - {timer}\n\nsop:")).items
    assert (path, what) in [(one.path, one.what) for one in told]
    assert all(one.fix for one in told)


def test_two_of_one_id_are_told() -> None:
    one = "  - { id: day-before, at: { before: start, hours: 24 } }\n"
    (told,) = problems_of(("sop:", f"timers:\n{one}{one}\nsop:")).items
    assert (told.path, told.what) == ("timers[1].id", "`day-before` stands twice in timers")
