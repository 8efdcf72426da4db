"""What a report is made of: figures, each with the rows it was counted over, so that none has to be believed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class ReportName(StrEnum):
    """The reports there are."""

    FUNNEL = "funnel"
    OUTCOMES = "outcomes"
    TIMING = "timing"
    SLOTS = "slots"
    ORDERS = "orders"
    VOLUME = "volume"
    MESSAGES = "messages"
    MONEY = "money"
    AGENTS = "agents"
    WORK = "work"


class FigureUnit(StrEnum):
    """What a figure counts in."""

    COUNT = "count"
    PERCENT = "percent"
    SECONDS = "seconds"
    HOURS = "hours"
    DAYS = "days"
    TIMES = "times"
    """How often on average."""
    SCORE = "score"
    MONEY = "money"
    """Whole minor units of the figure's currency."""


class RowKind(StrEnum):
    """What a row is, so that it can be opened."""

    BOOKING = "booking"
    MESSAGE = "message"
    CONVERSATION = "conversation"
    TASK = "task"
    LINK = "link"
    POSTING = "posting"
    PAYOUT = "payout"
    REFUND = "refund"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row that a figure was counted over."""

    kind: RowKind
    id: str
    at: datetime
    lead: str | None = None
    booking: str | None = None
    value: Decimal | None = None
    """What it brought to a sum or an average; none where it is counted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, and what it was counted over."""

    id: str
    unit: FigureUnit
    value: Decimal | None
    """None where there is nothing to reckon with: no share of nothing, no average over nothing."""
    rows: tuple[ReportRow, ...]
    of: int | None = None
    """Of how many, for a share."""
    about: str | None = None
    """An agent, a state, a template: where there is one such figure for each."""
    currency: str | None = None

    @property
    def key(self) -> str:
        """The name under which its rows are asked for; of one report no two are the same."""
        return ":".join(part for part in (self.id, self.about, self.currency) if part is not None)


def count(id_: str, rows: Iterable[ReportRow], about: str | None = None) -> Figure:
    """How many."""
    counted = tuple(rows)
    return Figure(id_, FigureUnit.COUNT, Decimal(len(counted)), counted, about=about)


def share(id_: str, rows: Iterable[ReportRow], of: int, about: str | None = None) -> Figure:
    """Which part of so many, in percent."""
    counted = tuple(rows)
    return Figure(id_, FigureUnit.PERCENT, percent(len(counted), of), counted, of=of, about=about)


def percent(part: int, whole: int) -> Decimal | None:
    """To one decimal, a half upwards; none of nothing."""
    return None if whole == 0 else _rounded(Decimal(100 * part) / Decimal(whole))


def average(id_: str, unit: FigureUnit, rows: Iterable[ReportRow], about: str | None = None) -> Figure:
    """The mean of what the rows bring, to one decimal."""
    counted = tuple(row for row in rows if row.value is not None)
    values = [row.value for row in counted if row.value is not None]
    mean = _rounded(sum(values, Decimal(0)) / len(values)) if values else None
    return Figure(id_, unit, mean, counted, about=about)


def total(id_: str, currency: str, rows: Iterable[ReportRow], about: str | None = None) -> Figure:
    """The sum of what the rows bring, in minor units."""
    counted = tuple(rows)
    summed = sum((row.value for row in counted if row.value is not None), Decimal(0))
    return Figure(id_, FigureUnit.MONEY, summed, counted, about=about, currency=currency)


def seconds(first: datetime, last: datetime) -> Decimal:
    """How long it took."""
    return Decimal(int((last - first).total_seconds()))


def by_key(figures: Sequence[Figure], key: str) -> Figure | None:
    """The figure of that name."""
    return next((one for one in figures if one.key == key), None)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
