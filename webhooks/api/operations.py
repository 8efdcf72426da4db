"""Every operation of the API, in the order of its description."""

from typing import Any, Final

from webhooks.api.alarms import operations as alarms
from webhooks.api.blocks import operations as blocks
from webhooks.api.bookings import operations as bookings
from webhooks.api.clock import operations as clock
from webhooks.api.conversations import operations as conversations
from webhooks.api.insight import operations as insight
from webhooks.api.money import operations as money
from webhooks.api.tasks import operations as tasks
from webhooks.edge.operations import Operation

OPERATIONS: Final[tuple[Operation[Any, Any, Any], ...]] = (
    *bookings.OPERATIONS,
    *conversations.OPERATIONS,
    *alarms.OPERATIONS,
    *blocks.OPERATIONS,
    *tasks.OPERATIONS,
    *insight.OPERATIONS,
    *money.OPERATIONS,
    *clock.OPERATIONS,
)
