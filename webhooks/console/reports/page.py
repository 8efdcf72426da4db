"""Reports: figures over some days, each with its rows behind it; drawn as bars over the table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from quart import Blueprint, Response, request

from bot.business.definition import Business
from bot.engine.parts import Parts
from bot.replies import times
from bot.reports.figures import Figure, FigureUnit, ReportName, ReportRow, RowKind, by_key
from bot.store.report_rows import TooManyRows
from payments.domain.money import Money
from webhooks.api.reports.desk import BadPeriod, ReportDays, ReportDesk, is_for, period
from webhooks.console import words
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.pages import REPORTS
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge import csv
from webhooks.edge.problems import RequestRefused, problem

MOST_SHOWN: Final = 500
_SHARE: Final = "_share"
_DRAWN: Final = frozenset({FigureUnit.COUNT, FigureUnit.MONEY})


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure as the table shows it, and how long its bar is of a hundred."""

    key: str
    label: str
    value: str
    rows: int
    bar: int | None
    """None where it is the share of a figure that is drawn, and stands next to that one's."""
    share: str = ""


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row behind a figure."""

    kind: str
    id: str
    at: str
    value: str
    address: str | None


class ReportsPage:
    """Shows what `ReportDesk` sums up."""

    link = REPORTS

    def __init__(self, parts: Parts, render: Renderer, desk: ReportDesk) -> None:
        self._parts = parts
        self._render = render
        self._desk = desk

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        routes.add_url_rule("/reports", view_func=self.get_first, endpoint="reports")
        routes.add_url_rule("/reports/<name>", view_func=self.get_report, endpoint="report")
        routes.add_url_rule("/reports/<name>/csv", view_func=self.get_table, endpoint="report_table")
        routes.add_url_rule("/reports/<name>/rows", view_func=self.get_rows, endpoint="report_rows")

    @may(Act.LOOK)
    async def get_first(self) -> Response:
        """The first of them."""
        return await self.get_report(ReportName.FUNNEL.value)

    @may(Act.LOOK)
    async def get_report(self, name: str) -> Response:
        """One report over some days."""
        chosen = _named(name)
        try:
            asked, figures = await self._made(chosen)
        except (BadPeriod, TooManyRows) as why:
            return self._page(chosen, None, (), str(why) or words.say("reports.too_many", language_here()))
        return self._page(chosen, asked, figures)

    def _page(
        self, chosen: ReportName, asked: ReportDays | None, figures: tuple[Figure, ...], problem: str | None = None
    ) -> Response:
        names = [one for one in ReportName if is_for(one, signed_in().may(Act.SEE_MONEY))]
        return self._render.page(
            "reports/page.html",
            self.link,
            200 if problem is None else 422,
            names=[one.value for one in names],
            chosen=chosen.value,
            first=_given("from") if asked is None else asked.first.isoformat(),
            last=_given("to") if asked is None else asked.last.isoformat(),
            lines=_lines(figures),
            problem=problem,
        )

    @may(Act.LOOK)
    async def get_table(self, name: str) -> Response:
        """The same for a spreadsheet."""
        chosen = _named(name)
        asked, figures = await self._refusing(chosen)
        rows = [(one.id, one.about, one.unit.value, one.value, one.currency, len(one.rows)) for one in figures]
        columns = ("figure", "about", "unit", "value", "currency", "rows")
        return csv.table(columns, rows, f"{name}-{asked.first}-{asked.last}")

    @may(Act.LOOK)
    async def get_rows(self, name: str) -> Response:
        """What a figure was counted over."""
        chosen = _named(name)
        asked, figures = await self._refusing(chosen)
        figure = by_key(figures, _given("figure"))
        if figure is None:
            raise RequestRefused(problem(404, "no-such-figure", "That report has no such figure."))
        return self._render.page(
            "reports/rows.html",
            self.link,
            chosen=chosen.value,
            first=asked.first.isoformat(),
            last=asked.last.isoformat(),
            label=_label(figure),
            value=_value(figure),
            rows=[_row(row, figure, asked.business) for row in figure.rows[:MOST_SHOWN]],
            left_out=max(0, len(figure.rows) - MOST_SHOWN),
        )

    async def _refusing(self, chosen: ReportName) -> tuple[ReportDays, tuple[Figure, ...]]:
        try:
            return await self._made(chosen)
        except (BadPeriod, TooManyRows) as why:
            raise RequestRefused(problem(422, "bad-period", str(why) or "Choose fewer days.")) from None

    async def _made(self, chosen: ReportName) -> tuple[ReportDays, tuple[Figure, ...]]:
        now = await self._parts.clock.business_now()
        asked = period(_day("from"), _day("to"), self._parts.context(now).business, now)
        return asked, await self._desk.figures(chosen, asked, now, signed_in().may(Act.SEE_MONEY))


def _given(name: str) -> str:
    return str(request.args.get(name, ""))[:200]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(_given(name)) if _given(name) else None
    except ValueError:
        raise BadPeriod(words.say("reports.bad_day", language_here())) from None


def _named(name: str) -> ReportName:
    if name not in set(ReportName):
        raise RequestRefused(problem(404, "no-such-report", "There is no such report."))
    return ReportName(name)


def _label(figure: Figure) -> str:
    label = words.say(f"figure.{figure.id}", language_here())
    return label if figure.about is None else f"{label} · {figure.about}"


def _value(figure: Figure) -> str:
    language = language_here()
    if figure.value is None:
        return "–"
    if figure.unit is FigureUnit.MONEY and figure.currency is not None:
        return times.money(Money(int(figure.value), figure.currency), language)
    number = f"{figure.value:,.1f}".rstrip("0").rstrip(".") if figure.value % 1 else f"{int(figure.value):,}"
    return words.say(f"unit.{figure.unit.value}", language, value=number)


def _lines(figures: tuple[Figure, ...]) -> list[FigureLine]:
    known = [(figure.unit, abs(figure.value)) for figure in figures if figure.value is not None]
    most = {unit: max([value for each, value in known if each is unit], default=Decimal(0)) for unit in _DRAWN}
    counted = {(figure.id, figure.about) for figure in figures}
    shares = {
        (figure.id.removesuffix(_SHARE), figure.about): _value(figure)
        for figure in figures
        if figure.id.endswith(_SHARE)
    }
    lines: list[FigureLine] = []
    for figure in figures:
        bar: int | None = 0
        if figure.id.endswith(_SHARE) and (figure.id.removesuffix(_SHARE), figure.about) in counted:
            bar = None
        elif figure.value is not None and figure.unit is FigureUnit.PERCENT:
            bar = min(100, int(figure.value))
        elif figure.value is not None and most.get(figure.unit):
            bar = int(100 * abs(figure.value) / most[figure.unit])
        share = shares.get((figure.id, figure.about), "")
        lines.append(FigureLine(figure.key, _label(figure), _value(figure), len(figure.rows), bar, share))
    return lines


def _row(row: ReportRow, figure: Figure, business: Business) -> RowLine:
    language = language_here()
    value = ""
    if row.value is not None and figure.unit is FigureUnit.MONEY and figure.currency is not None:
        value = times.money(Money(int(row.value), figure.currency), language)
    elif row.value is not None:
        value = f"{row.value:,.1f}"
    reads = signed_in().may(Act.READ_CONVERSATIONS)
    address = f"/console/inbox/{row.lead}" if row.lead is not None and reads and row.kind is not RowKind.TASK else None
    at = times.short_moment(row.at, business.zone, language)
    return RowLine(words.say(f"row.{row.kind.value}", language), row.booking or row.id, at, value, address)
