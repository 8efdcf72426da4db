"""What is said around the time of a booking, and when: `timers` of the business file, quiet hours, and no-shows.

Every moment is computed from the booking's own time, so that the same booking has the same moments whoever asks.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.business.catalogue import SLUG, Service, ServiceKind
from bot.business.sop import ReminderRules, Sop
from bot.business.staff import TaskDue, TaskEdge
from bot.business.words import Strict, Text

FACTS: Final = ("name", "service", "day", "time", "place", "reference")
"""What a timer's own words may name in braces; what is not known of a booking is left out."""
NEXT_TICK: Final = timedelta(minutes=1)
"""The question comes before its consequence, even where both are due in the same minute."""
SPREAD: Final = timedelta(minutes=15)
"""Over so long the reminders of one minute are spread, so that no answer waits behind them."""
_DAY: Final = timedelta(days=1)


class TimerTemplate(StrEnum):
    """Which approved template stands for a timer's words outside the customer's 24 hours."""

    REMINDER = "reminder"
    SOON = "soon"
    """That it begins at that hour."""
    NONE = "none"
    """Nothing is sent then; a person hears of it."""


@dataclass(frozen=True, slots=True)
class BookingTimer(Strict):
    """Something that is said so long before or after the time of a booking."""

    id: Annotated[str, SLUG]
    at: Annotated[
        TaskDue, Field(description="`{before: start, days: 3}`, `{before: start, hours: 2}`, `{after: start, ...}`")
    ]
    services: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=40)], ...],
        Field(alias="for", description="ids of services, or kinds as `stay`; none named means all"),
    ] = ()
    asks: Annotated[bool, Field(description="asks whether they come: yes, another time, or no")] = False
    text: Annotated[
        Text | None,
        Field(
            description="needed, but for the four that have words of their own; may name {name}, {service}, {day}, "
            "{time}, {place}, {reference}"
        ),
    ] = None
    template: Annotated[
        TimerTemplate | None,
        Field(description="what stands for it outside the 24 hours; left out: as far as it is ahead"),
    ] = None
    quiet_hours: Annotated[bool, Field(description="false: sent also in the quiet hours of `sop.reminder`")] = True
    enabled: Annotated[bool, Field(description="false turns it off")] = True

    def is_for(self, service: Service) -> bool:
        """Whether bookings of that service have it."""
        return not self.services or str(service.id) in self.services or service.kind.value in self.services

    @property
    def template_outside(self) -> TimerTemplate:
        """Which template stands for it."""
        return self.template or (TimerTemplate.SOON if self.id == HOURS_BEFORE else TimerTemplate.REMINDER)

    def last_moment(self, start: datetime, end: datetime) -> datetime:
        """From when on it says nothing any more: at the start what is said before it, else at the end."""
        return start if self.at.before is TaskEdge.START else end

    def moment(self, start: datetime, end: datetime, zone: ZoneInfo, rules: ReminderRules, reference: str) -> datetime:
        """When it is said to the customer of that booking: out of quiet hours, and apart from others of its minute."""
        last = self.last_moment(start, end)
        due = self.at.of(start, end, zone)
        if self.quiet_hours:
            due = out_of_quiet_hours(due, last, zone, rules)
        later = due + spread_of(reference)
        return later if later < last else due


WEEK_BEFORE: Final = "week-before"
DAYS_BEFORE: Final = "days-before"
DAY_BEFORE: Final = "day-before"
"""The one that moves its booking to REMINDER_SENT."""
HOURS_BEFORE: Final = "hours-before"
OWN_WORDS: Final = (WEEK_BEFORE, DAYS_BEFORE, DAY_BEFORE, HOURS_BEFORE)
"""What has words in the catalogues, so that a file that lists them need not write any."""

_MET: Final = (ServiceKind.APPOINTMENT.value, ServiceKind.GROUP_EVENT.value, ServiceKind.VIRTUAL.value)
DEFAULT_TIMERS: Final = (
    BookingTimer(WEEK_BEFORE, TaskDue(before=TaskEdge.START, days=7)),
    BookingTimer(DAYS_BEFORE, TaskDue(before=TaskEdge.START, days=3), _MET),
    BookingTimer(DAY_BEFORE, TaskDue(before=TaskEdge.START, hours=24), asks=True),
    BookingTimer(HOURS_BEFORE, TaskDue(before=TaskEdge.START, hours=2), _MET),
)
"""What every booking has where the file lists no timers; whether its customer came is asked by `sop.no_show`."""


def spread_of(reference: str) -> timedelta:
    """How much later than their minute the reminders of that booking go: the same whenever it is asked."""
    drawn = int.from_bytes(hashlib.sha256(reference.encode()).digest()[:4])
    return timedelta(seconds=drawn % int(SPREAD.total_seconds()))


def out_of_quiet_hours(due: datetime, last: datetime, zone: ZoneInfo, rules: ReminderRules) -> datetime:
    """The same moment, at the end of the quiet hours it lies in; just before they begin, where that end is too late."""
    begin, end = rules.quiet_from, rules.quiet_until
    local = due.astimezone(zone)
    minute = local.hour * 60 + local.minute
    is_quiet = begin <= minute < end if begin < end else begin != end and (minute >= begin or minute < end)
    if not is_quiet:
        return due
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    # over midnight they end tomorrow for who is due in the evening, and began yesterday for who is due in the morning
    is_over_midnight = begin > end
    ends = midnight + timedelta(minutes=end) + (_DAY if is_over_midnight and minute >= begin else timedelta())
    began = midnight + timedelta(minutes=begin) - (_DAY if is_over_midnight and minute < end else timedelta())
    awake = ends.replace(tzinfo=zone)
    return awake if awake < last else (began - SPREAD).replace(tzinfo=zone)


def absent_after(sop: Sop) -> timedelta:
    """How long after the start somebody of whom nobody heard counts as absent."""
    rules = sop.no_show
    check, auto = timedelta(minutes=rules.check_after_minutes), timedelta(minutes=rules.auto_after_minutes)
    return max(auto, check + NEXT_TICK)
