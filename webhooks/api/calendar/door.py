"""`/api/v1/calendar`: some days, by people or by places."""

from quart import Blueprint, Response

from bot.domain.languages import ENGLISH
from webhooks.api.calendar import operations
from webhooks.api.calendar.desk import BadDays, CalendarDesk, days
from webhooks.api.calendar.models import CalendarQuery
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.problems import problem


class CalendarDoor:
    """Shows them; what is moved or blocked goes through bookings and blocks."""

    def __init__(self, desk: CalendarDesk, guard: ApiGuard) -> None:
        self._desk = desk
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The route."""
        blueprint = mount([operations.SHOW.handled_by(self.get_calendar)], "calendar", self._guard)
        blueprint.register_error_handler(BadDays, _bad_days)
        return blueprint

    async def get_calendar(self, call: Call[Nothing, CalendarQuery, Nothing]) -> EdgeAnswer:
        """200 with columns and items."""
        query, parts = call.query, self._desk.parts
        now = await parts.clock.business_now()
        business = parts.context(now).business
        asked = days(query.first, query.to, query.by, business, now, call.language(ENGLISH))
        return EdgeAnswer(await self._desk.shown(asked, now))


async def _bad_days(error: BadDays) -> Response:
    return problem(422, "bad-period", str(error))
