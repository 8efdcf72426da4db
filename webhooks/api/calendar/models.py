"""What the route of the calendar takes and answers."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from webhooks.edge.fields import Day, Otherwise
from webhooks.edge.models import EdgeModel


class CalendarBy(StrEnum):
    """What the columns are."""

    PEOPLE = "people"
    PLACES = "places"


class CalendarKind(StrEnum):
    """What takes the time."""

    BOOKING = "booking"
    HOLD = "hold"
    """Offered to somebody, and theirs for a while."""
    BLOCK = "block"
    TASK = "task"


class CalendarQuery(EdgeModel):
    """Days of the business, both included: five weeks at most; without them today."""

    first: Annotated[
        Day | None, Field(validation_alias="from"), Otherwise("bad-day", "from is a day like 2026-12-31.")
    ] = None
    to: Annotated[Day | None, Otherwise("bad-day", "to is a day like 2026-12-31.")] = None
    by: Annotated[CalendarBy, Otherwise("unknown-columns", "by is people or places.")] = CalendarBy.PEOPLE


class ColumnShown(EdgeModel):
    """One person or place."""

    id: Annotated[str, Field(description="As blocks name it: `provider:`, `staff:` or `place:` and the id.")]
    name: str


class CalendarItem(EdgeModel):
    """A time that is taken."""

    id: str
    kind: CalendarKind
    column: Annotated[str | None, Field(description="Whose it is; null where nobody has it yet.")]
    start: str
    end: str
    title: str
    state: str
    booking: str | None
    lead_id: str | None
    can_move: Annotated[bool, Field(description="Whether a change of its time can be asked for.")]


class CalendarShown(EdgeModel):
    """Some days, by people or by places."""

    from_: Annotated[str, Field(serialization_alias="from")]
    to: str
    timezone: str
    by: CalendarBy
    columns: list[ColumnShown]
    items: list[CalendarItem]
