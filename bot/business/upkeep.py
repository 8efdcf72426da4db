"""Work that a place needs again and again: `upkeep` of the business file, counted by the calendar of the house.

A list of its own: it belongs to no booking, and a file that lists `tasks` has exactly those.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.business.catalogue import SLUG, PlaceId
from bot.business.hours import Clock, Day
from bot.business.staff import Role
from bot.business.words import Strict, Text


@dataclass(frozen=True, slots=True)
class Recurrence(Strict):
    """How often: every so many days, or months."""

    days: Annotated[int | None, Field(ge=1, le=366)] = None
    months: Annotated[int | None, Field(ge=1, le=24, description="on that day of the month, or its last")] = None

    def day(self, first: date, index: int) -> date:
        """The day of that occurrence, counted from the first: a month too short for it moves no later one."""
        if self.months is None:
            return first + timedelta(days=(self.days or 1) * index)
        year, month = divmod(first.year * 12 + first.month - 1 + self.months * index, 12)
        return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))

    def near(self, first: date, day: date) -> int:
        """An occurrence not after that day, and near it; the first where there is none."""
        if self.months is None:
            return max((day - first).days // (self.days or 1), 0)
        passed = (day.year - first.year) * 12 + day.month - first.month
        return max(passed // self.months - 1, 0)


@dataclass(frozen=True, slots=True)
class Upkeep(Strict):
    """Work that each of some places needs again and again: an inspection, a filter, a garden."""

    id: Annotated[str, SLUG]
    title: Text
    role: Annotated[Role, Field(description="whose work it is: one of `staff[].roles`")]
    every: Recurrence
    first: Annotated[Day, Field(description="the day it is due for the first time")]
    at: Annotated[Clock, Field(description="by when on that day, local time")]
    places: Annotated[
        tuple[Annotated[PlaceId, SLUG], ...], Field(description="where; none named means every place")
    ] = ()
    minutes: Annotated[int, Field(ge=5, le=1440, multiple_of=5, description="how long it takes")] = 60

    def due_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """When it is due next after that moment: the same hour on the wall, whatever the clocks do."""
        return next(due for due in self._from(moment, zone) if due > moment)

    def _from(self, moment: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        index = self.every.near(self.first, moment.astimezone(zone).date())
        while True:
            day = self.every.day(self.first, index)
            # an hour that the clock leaves out is read as the one after it
            local = datetime.combine(day, time(self.at // 60, self.at % 60), zone)
            yield datetime.fromtimestamp(local.timestamp(), tz=moment.tzinfo)
            index += 1
