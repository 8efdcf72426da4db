"""Who works for the house, and the work that each booking brings: `staff` and `tasks` of the business file.

A stay has four tasks where the file says nothing of tasks; a file that lists tasks has exactly those.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final, NewType
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.business.catalogue import LABEL, SLUG, AreaId, Contact, ServiceId
from bot.business.hours import Clock, Week
from bot.business.words import Strict, Text

StaffId = NewType("StaffId", str)
Role = Annotated[str, SLUG]


GUEST: Final = "guest"
PLACE: Final = "place"
"""Who hears that a task is done, but for people of a role."""


class TaskMoment(StrEnum):
    """When a task of a booking begins to exist."""

    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    COMPLETED = "completed"


class TaskEdge(StrEnum):
    """What of the booking's time a due moment is counted from; of a stay check-in and check-out."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class TaskDue(Strict):
    """By when: at the start or end, or so many local days, hours and minutes before or after it."""

    before: TaskEdge | None = None
    at: TaskEdge | None = None
    after: TaskEdge | None = None
    days: Annotated[int, Field(ge=0, le=90, description="local days: the same hour on the wall")] = 0
    hours: Annotated[int, Field(ge=0, le=72)] = 0
    minutes: Annotated[int, Field(ge=0, le=1440, multiple_of=5)] = 0
    at_time: Annotated[
        Clock | None, Field(description="at this local time of the day that is so many days before or after")
    ] = None

    def of(self, start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
        """The moment, for a booking of that time: days by the calendar, hours by the clock that never jumps."""
        edge = self.before or self.at or self.after
        sign = -1 if self.before is not None else 1
        local = (start if edge is TaskEdge.START else end).astimezone(zone)
        # on the wall first; an hour that the clock leaves out is read as the one after it
        day, fold = local.replace(tzinfo=None) + sign * timedelta(days=self.days), local.fold
        if self.at_time is not None:
            # an hour that comes twice that day is the first of the two
            day, fold = datetime.combine(day.date(), time(self.at_time // 60, self.at_time % 60)), 0
        moment = day.replace(tzinfo=zone, fold=fold).timestamp()
        exact = timedelta(hours=self.hours, minutes=self.minutes)
        return datetime.fromtimestamp(moment, tz=UTC) + sign * exact


@dataclass(frozen=True, slots=True)
class TaskOffering(Strict):
    """How work is offered to staff of its role."""

    answer_within: Annotated[
        int, Field(ge=5, le=2880, multiple_of=5, description="minutes until the next are asked")
    ] = 120
    at_once: Annotated[bool, Field(description="all are asked at the same time, and not the best first")] = False
    days_ahead: Annotated[
        int | None,
        Field(
            ge=1,
            le=60,
            description="so many days before it begins they are asked, and not earlier; left out: as soon as it is "
            "there. Up to 6 spare the second template: who says yes knows it still when it comes",
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class TaskTemplate(Strict):
    """Work that each booking of some services brings."""

    id: Annotated[str, SLUG]
    services: Annotated[
        tuple[Annotated[ServiceId, SLUG], ...],
        Field(alias="for", min_length=1, description="the services whose bookings bring it"),
    ]
    role: Annotated[
        Role, Field(description="whose work it is: one of `staff[].roles`, or `provider`: its booking's own")
    ]
    due: TaskDue
    on: Annotated[TaskMoment, Field(description="when it begins to exist")] = TaskMoment.CONFIRMED
    title: Annotated[
        Text | None, Field(description="needed, but for the four of a stay, which have words of their own")
    ] = None
    minutes: Annotated[int, Field(ge=5, le=1440, multiple_of=5, description="how long it takes")] = 60
    after: Annotated[tuple[Annotated[str, SLUG], ...], Field(description="tasks that have to be done first")] = ()
    photo: Annotated[bool, Field(description="done in the chat with a picture alone")] = False
    offer: Annotated[
        TaskOffering | None,
        Field(description="staff of its role are asked whether they do it; left out: somebody gives it to them"),
    ] = None
    tell: Annotated[
        tuple[Annotated[str, SLUG], ...],
        Field(
            description="who hears when it is done: `guest`, `place` (its contact), or a role of `staff`; within their "
            "24 hours, and else not at all"
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class StaffMember(Strict):
    """A person of the house who does such work."""

    id: Annotated[StaffId, SLUG]
    name: Annotated[str, LABEL]
    contact: Contact
    roles: Annotated[tuple[Role, ...], Field(min_length=1, description="what they do: cleaner, host …")]
    hours: Annotated[Week, Field(description="when they work")]
    areas: Annotated[tuple[Annotated[AreaId, SLUG], ...], Field(description="areas served; none named means all")] = ()

    def works(self, area: AreaId | None, at: datetime, zone: ZoneInfo) -> bool:
        """Whether they serve that area, and are at work at that moment."""
        local = at.astimezone(zone)
        serves = area is None or not self.areas or area in self.areas
        return serves and self.hours.is_open(local.date(), local.hour * 60 + local.minute)


STAY_TASKS: Final = frozenset(
    {"pre-arrival-cleaning", "check-in-meeting", "check-out-meeting", "post-departure-cleaning"}
)
"""What has words of its own, so that a file that lists them need not write a title."""


def stay_tasks(stays: tuple[ServiceId, ...]) -> tuple[TaskTemplate, ...]:
    """What each stay brings where the file lists no tasks."""
    start, end = TaskEdge.START, TaskEdge.END
    return (
        TaskTemplate("pre-arrival-cleaning", stays, "cleaner", TaskDue(before=start, days=1), minutes=180),
        TaskTemplate("check-in-meeting", stays, "host", TaskDue(at=start), minutes=30),
        TaskTemplate("check-out-meeting", stays, "host", TaskDue(at=end), minutes=30),
        TaskTemplate("post-departure-cleaning", stays, "cleaner", TaskDue(after=end, hours=2), minutes=120),
    )
