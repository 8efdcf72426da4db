"""Every operation of the API, in the order of its description."""

from typing import Any, Final

from webhooks.api.alarms import operations as alarms
from webhooks.api.attention import operations as attention
from webhooks.api.blocks import operations as blocks
from webhooks.api.bookings import operations as bookings
from webhooks.api.calendar import operations as calendar
from webhooks.api.callers import operations as callers
from webhooks.api.clock import operations as clock
from webhooks.api.complaints import operations as complaints
from webhooks.api.conversations import operations as conversations
from webhooks.api.inbox import operations as inbox
from webhooks.api.insight import operations as insight
from webhooks.api.money import operations as money
from webhooks.api.reports import operations as reports
from webhooks.api.tasks import operations as tasks
from webhooks.api.waiting import operations as waiting
from webhooks.edge.operations import Operation

OPERATIONS: Final[tuple[Operation[Any, Any, Any], ...]] = (
    *bookings.OPERATIONS,
    *conversations.OPERATIONS,
    *inbox.OPERATIONS,
    *alarms.OPERATIONS,
    *attention.OPERATIONS,
    *blocks.OPERATIONS,
    *waiting.OPERATIONS,
    *tasks.OPERATIONS,
    *complaints.OPERATIONS,
    *insight.OPERATIONS,
    *money.OPERATIONS,
    *reports.OPERATIONS,
    *calendar.OPERATIONS,
    *callers.OPERATIONS,
    *clock.OPERATIONS,
)
