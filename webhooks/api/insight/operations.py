"""The routes of the inside of a customer, declared."""

from typing import Final

from webhooks.api.conversations.models import LeadPath
from webhooks.api.insight.models import Insight, Lifecycle
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

LIFECYCLE: Final = Operation(
    Method.GET,
    "/lifecycle",
    Tag.INSIGHT,
    "The table of states and edges",
    {200: Lifecycle},
    Nothing,
    Nothing,
    Nothing,
)
INSIGHT: Final = Operation(
    Method.GET,
    "/leads/{lead_id}/insight",
    Tag.INSIGHT,
    "Where the lead stands, what waits, what is held, what money did, and why something was refused",
    {200: Insight},
    LeadPath,
    Nothing,
    Nothing,
    {404: "There is no such lead."},
)

OPERATIONS: Final = (LIFECYCLE, INSIGHT)
