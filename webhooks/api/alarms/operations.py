"""The route of alarms, declared."""

from typing import Final

from webhooks.api.alarms.models import AlarmsQuery, LeadAlarmList
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

LIST: Final = Operation(
    Method.GET,
    "/alarms",
    Tag.ALARMS,
    "What waits for a person, earliest first; an alarm is gone from here as soon as its cause is",
    {200: LeadAlarmList},
    Nothing,
    AlarmsQuery,
    Nothing,
)
OPERATIONS: Final = (LIST,)
