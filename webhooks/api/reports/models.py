"""What the routes of reports take and answer."""

from typing import Annotated

from pydantic import Field

from bot.reports.figures import FigureUnit, ReportName, RowKind
from webhooks.edge.fields import DEFAULT_PAGE_SIZE, Day, Identifier, Otherwise, PageSize, PlaceInList
from webhooks.edge.models import EdgeModel, ItemPage

_NAMES = ", ".join(ReportName)

# Asked -----------------------------------------------------------------------------------------------------------


class ReportPath(EdgeModel):
    """Which report."""

    name: Annotated[ReportName, Otherwise("no-such-report", f"The reports are {_NAMES}.", 404)]


class PeriodQuery(EdgeModel):
    """Days of the business, both included; without them the last thirty."""

    first: Annotated[
        Day | None, Field(validation_alias="from"), Otherwise("bad-day", "from is a day like 2026-12-31.")
    ] = None
    to: Annotated[Day | None, Otherwise("bad-day", "to is a day like 2026-12-31.")] = None


class RowsQuery(PeriodQuery):
    """Which figure, and which part of its rows."""

    figure: Annotated[Identifier, Field(description="The `key` of a figure.")]
    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


# Answered --------------------------------------------------------------------------------------------------------


class FigureShown(EdgeModel):
    """One number, and over how many rows it was counted."""

    key: Annotated[str, Field(description="Names it when its rows are asked for.")]
    id: str
    about: Annotated[str | None, Field(description="A person, a state, a template: where each has a figure.")]
    unit: FigureUnit
    value: Annotated[
        float | None, Field(description="Money in minor units; null where there is nothing to reckon with.")
    ]
    currency: str | None
    of: Annotated[int | None, Field(description="Of how many, for a share.")]
    rows: int


class ReportShown(EdgeModel):
    """A report over a period, in days of the business."""

    name: ReportName
    from_: Annotated[str, Field(serialization_alias="from")]
    to: str
    timezone: str
    figures: list[FigureShown]


class ReportRowShown(EdgeModel):
    """One row that a figure was counted over."""

    kind: RowKind
    id: str
    at: str
    lead_id: str | None
    booking: str | None
    value: Annotated[float | None, Field(description="What it brought to a sum or an average.")]


class ReportRows(ItemPage[ReportRowShown]):
    """The rows of a figure."""
