"""What the list of alarms takes and answers."""

from typing import Annotated

from pydantic import Field

from webhooks.api.conversations.models import LeadAlarmShown
from webhooks.edge.fields import DEFAULT_PAGE_SIZE, PageSize, PlaceInList
from webhooks.edge.models import EdgeModel, ItemPage


class AlarmsQuery(EdgeModel):
    """Which part of the list."""

    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class ListedAlarm(LeadAlarmShown):
    """An alarm, and whose it is."""

    lead_id: Annotated[
        str | None, Field(description="Whose it is; none: work of the house, of upkeep or of a session, by its task.")
    ]
    timezone: str


class LeadAlarmList(ItemPage[ListedAlarm]):
    """Alarms that are open, earliest first."""
