"""The route of the calendar, declared."""

from typing import Final

from webhooks.api.calendar.models import CalendarQuery, CalendarShown
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

SHOW: Final = Operation(
    Method.GET,
    "/calendar",
    Tag.CALENDAR,
    "Bookings, times kept for a while, blocks and tasks, by people or by places",
    {200: CalendarShown},
    Nothing,
    CalendarQuery,
    Nothing,
    {422: "The days end before they begin, or are more than five weeks."},
)
OPERATIONS: Final = (SHOW,)
