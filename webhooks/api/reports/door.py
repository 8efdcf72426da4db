"""`/api/v1/reports`: figures over days of the business, as JSON, as CSV, and the rows each was counted over."""

from quart import Blueprint, Response

from bot.engine.parts import Parts
from bot.reports.figures import Figure, ReportRow, by_key
from bot.store.paging import BadCursor
from bot.store.report_rows import TooManyRows
from webhooks.api.reports import models, operations
from webhooks.api.reports.desk import BadPeriod, ReportDays, ReportDesk, period
from webhooks.edge import csv
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.problems import problem

_COLUMNS = ("report", "from", "to", "figure", "about", "unit", "value", "currency", "of", "rows")


class ReportsDoor:
    """Shows them; nothing here changes anything."""

    def __init__(self, parts: Parts, guard: ApiGuard, desk: ReportDesk) -> None:
        self._parts = parts
        self._guard = guard
        self._desk = desk

    def blueprint(self) -> Blueprint:
        """The routes."""
        blueprint = mount(
            [
                operations.SHOW.handled_by(self.get_report),
                operations.TABLE.handled_by(self.get_table),
                operations.ROWS.handled_by(self.get_rows),
            ],
            "reports",
            self._guard,
        )
        blueprint.register_error_handler(BadPeriod, _bad_period)
        blueprint.register_error_handler(TooManyRows, _too_many_rows)
        return blueprint

    async def get_report(self, call: Call[models.ReportPath, models.PeriodQuery, Nothing]) -> EdgeAnswer:
        """200 with its figures."""
        asked, figures = await self._made(call)
        shown = models.ReportShown(
            name=call.path.name,
            from_=asked.first.isoformat(),
            to=asked.last.isoformat(),
            timezone=asked.business.timezone,
            figures=[figure_shown(one) for one in figures],
        )
        return EdgeAnswer(shown)

    async def get_table(self, call: Call[models.ReportPath, models.PeriodQuery, Nothing]) -> Response:
        """200 with a line a figure."""
        asked, figures = await self._made(call)
        name, first, last = call.path.name.value, asked.first.isoformat(), asked.last.isoformat()
        rows = [
            (name, first, last, one.id, one.about, one.unit.value, one.value, one.currency, one.of, len(one.rows))
            for one in figures
        ]
        return csv.table(_COLUMNS, rows, f"{name}-{first}-{last}")

    async def get_rows(self, call: Call[models.ReportPath, models.RowsQuery, Nothing]) -> EdgeAnswer | Response:
        """200 with a part of the rows, in the order they were counted."""
        asked, figures = await self._made(call)
        figure = by_key(figures, call.query.figure)
        if figure is None:
            return problem(404, "no-such-figure", "That report has no such figure.")
        begin = _place(call.query.cursor)
        shown = figure.rows[begin : begin + call.query.limit]
        end = begin + len(shown)
        following = str(end) if end < len(figure.rows) else None
        return EdgeAnswer(models.ReportRows(items=[_row(one, asked) for one in shown], next_cursor=following))

    async def _made(
        self, call: Call[models.ReportPath, models.PeriodQuery, Nothing]
    ) -> tuple[ReportDays, tuple[Figure, ...]]:
        now = await self._parts.clock.business_now()
        asked = period(call.query.first, call.query.to, self._parts.context(now).business, now)
        return asked, await self._desk.figures(call.path.name, asked, now, call.who.sees_money)


def figure_shown(figure: Figure) -> models.FigureShown:
    """A figure on the wire."""
    return models.FigureShown(
        key=figure.key,
        id=figure.id,
        about=figure.about,
        unit=figure.unit,
        value=None if figure.value is None else float(figure.value),
        currency=figure.currency,
        of=figure.of,
        rows=len(figure.rows),
    )


def _row(row: ReportRow, asked: ReportDays) -> models.ReportRowShown:
    return models.ReportRowShown(
        kind=row.kind,
        id=row.id,
        at=row.at.astimezone(asked.business.zone).isoformat(),
        lead_id=row.lead,
        booking=row.booking,
        value=None if row.value is None else float(row.value),
    )


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 9:
        raise BadCursor(cursor[:80])
    return int(cursor)


async def _bad_period(error: BadPeriod) -> Response:
    return problem(422, "bad-period", str(error))


async def _too_many_rows(_: TooManyRows) -> Response:
    return problem(422, "too-many-rows", "That period has more rows than one report reads; choose a shorter one.")
