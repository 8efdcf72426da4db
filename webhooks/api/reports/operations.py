"""The routes of reports, declared."""

from typing import Final

from webhooks.api.reports.models import PeriodQuery, ReportPath, ReportRows, ReportShown, RowsQuery
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

BAD_PERIOD: Final = "The period ends before it begins, is longer than a year, or has more rows than one report reads."
PERIOD_PROBLEMS: Final = {
    403: "The report of money needs `see_money`.",
    404: "There is no such report.",
    422: BAD_PERIOD,
}

SHOW: Final = Operation(
    Method.GET,
    "/reports/{name}",
    Tag.REPORTS,
    "A report over some days of the business, both included; without them the last thirty",
    {200: ReportShown},
    ReportPath,
    PeriodQuery,
    Nothing,
    PERIOD_PROBLEMS,
)
TABLE: Final = Operation(
    Method.GET,
    "/reports/{name}/csv",
    Tag.REPORTS,
    "The same as CSV",
    {},
    ReportPath,
    PeriodQuery,
    Nothing,
    PERIOD_PROBLEMS,
    "One line a figure.",
)
ROWS: Final = Operation(
    Method.GET,
    "/reports/{name}/rows",
    Tag.REPORTS,
    "What a figure was counted over",
    {200: ReportRows},
    ReportPath,
    RowsQuery,
    Nothing,
    {**PERIOD_PROBLEMS, 404: "There is no such report, or it has no such figure."},
)

OPERATIONS: Final = (SHOW, TABLE, ROWS)
