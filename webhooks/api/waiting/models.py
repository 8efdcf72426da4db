"""What the routes of the waiting list take and answer."""

from typing import Annotated, Literal

from pydantic import Field

from webhooks.edge.fields import Identifier
from webhooks.edge.models import EdgeModel, ItemPage


class WaitingQuery(EdgeModel):
    """Which part of the list."""

    ended: Annotated[bool, Field(description="Those whose wait is over, the last fifty, in place of who waits.")] = (
        False
    )


class WaitingPath(EdgeModel):
    """Which entry."""

    entry: Annotated[Identifier, Field(description="As the list names it.")]


class WaitingEntryShown(EdgeModel):
    """Who waits for what, where in line, and why they were served or not."""

    id: str
    lead_id: str
    booking: Annotated[str, Field(description="The booking that was in progress when nothing was free.")]
    service: str
    place: str | None
    guests: int
    nights: int
    first_day: str | None
    last_day: str | None
    from_minute: Annotated[int | None, Field(description="Local minutes of the day from which a time may begin.")]
    until_minute: int | None
    providers: Annotated[list[str], Field(description="Whose times alone are kept for them; empty: anybody's.")]
    without_provider: Annotated[str | None, Field(description="Whose times are not kept for them.")]
    joined_at: str
    rank: Annotated[int | None, Field(description="Place in line for that service, from 1 on; none once it is over.")]
    state: Literal["waiting", "offered", "over"]
    offered_start: Annotated[str | None, Field(description="When the time begins that was kept for them last.")]
    offered_until: str | None
    why: Annotated[str, Field(description="Why they were served, or not yet, or not at all.")]


class WaitingList(ItemPage[WaitingEntryShown]):
    """Who waits, the first in line first."""
