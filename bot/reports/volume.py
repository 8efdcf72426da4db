"""How much there is, and what is wrong with it: bookings by day, week, month and state; what is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.states import State
from bot.reports.figures import Figure, ReportRow, count
from bot.reports.stories import BookingStory


def volume(
    stories: Sequence[BookingStory],
    alarms: Sequence[ReportRow],
    late: Sequence[ReportRow],
    disputes: Sequence[ReportRow],
    refunds: Sequence[ReportRow],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Figure, ...]:
    """Bookings begun in the period, of them those of today, this week and this month, each state of them; and what is
    open now: alarms, of them those past their hour, disputes, refunds that are not through."""
    today = now.astimezone(zone).date()
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    days = [(story.begun_at.astimezone(zone).date(), story) for story in stories]
    states = [state for state in State if any(story.state is state for story in stories)]
    return (
        count("bookings", (story.row() for story in stories)),
        count("today", (story.row() for day, story in days if day == today)),
        count("this_week", (story.row() for day, story in days if monday <= day <= today)),
        count("this_month", (story.row() for day, story in days if first <= day <= today)),
        *(
            count("state", (s.row(s.moves[-1].at) for s in stories if s.state is state), state.value)
            for state in states
        ),
        count("open_alarms", alarms),
        count("late_alarms", late),
        count("open_disputes", disputes),
        count("open_refunds", refunds),
    )
