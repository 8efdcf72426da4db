"""`/api/v1/alarms`: what waits for a person; the command line goes the same way."""

from quart import Blueprint

from bot.engine.parts import Parts
from webhooks.api.alarms import models, operations
from webhooks.api.conversations import leads
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount


async def list_alarms(parts: Parts, asked: models.AlarmsQuery) -> models.LeadAlarmList:
    """Those that are open, earliest first."""
    page = await parts.alarms.page(asked.limit, asked.cursor)
    items = [
        models.ListedAlarm(**leads.alarm_shown(found.alarm).model_dump(), lead_id=found.lead, timezone=parts.timezone)
        for found in page.alarms
    ]
    return models.LeadAlarmList(items=items, next_cursor=page.next_cursor)


class AlarmsDoor:
    """Shows them; they close themselves."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The route."""
        return mount([operations.LIST.handled_by(self.get_alarms)], "alarms", self._guard)

    async def get_alarms(self, call: Call[Nothing, models.AlarmsQuery, Nothing]) -> EdgeAnswer:
        """A page of them."""
        return EdgeAnswer(await list_alarms(self._parts, call.query))
