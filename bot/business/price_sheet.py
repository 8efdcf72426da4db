"""The price book as a table: one row a price under its own id, amounts in units of the currency as people write them.

Reading checks every cell and says each fault with row, column and fix; what the rows mean together is checked with the
whole business file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.business.prices import Price
from bot.business.problems import BusinessProblem, Mark, nearest
from bot.business.sheet import CellFault, SheetRow, SheetUnreadable, address
from payments.domain.money import FractionOfMinorUnit, Money, UnknownCurrency, exponent, of_units

COLUMNS: Final = (
    "id",
    "service",
    "provider",
    "area",
    "place",
    "from_day",
    "until_day",
    "unit",
    "at_least",
    "at_most",
    "amount",
    "payout",
)
_NEEDED: Final = frozenset({"id", "service", "unit", "amount"})
_MONEY: Final = frozenset({"amount", "payout"})
_COUNTS: Final = frozenset({"at_least", "at_most"})
_DAYS: Final = frozenset({"from_day", "until_day"})
_FAULTS: Final[Mapping[CellFault, tuple[str, str]]] = {
    CellFault.FORMULA: ("holds a formula", "paste it as a value"),
    CellFault.MERGED: ("is merged with other cells", "unmerge them, and fill each"),
    CellFault.ERROR: ("holds an error", "write the value, or leave the cell empty"),
}

_DAY: Final = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
"""Whether the calendar has it is checked with the business file."""

PlainRow = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """What a table says: rows as the business file has them, where each stands, and every fault of its cells."""

    source: str
    rows: tuple[PlainRow, ...]
    numbers: tuple[int, ...]
    """The number of each row in the table."""
    columns: Mapping[str, int]
    """At which column, counting from 1, each is."""
    problems: tuple[BusinessProblem, ...]

    def problem(self, at: int, key: str, what: str, fix: str) -> BusinessProblem:
        """A mistake in the row at that index, named by its cell."""
        return _problem(self.source, self.numbers[at], self.columns.get(key, 1), key, what, fix)


def _problem(source: str, row: int, column: int, key: str, what: str, fix: str) -> BusinessProblem:
    return BusinessProblem(Mark(row, column), f"{address(row, column)} ({key})", what, fix, source)


def read_sheet(rows: Sequence[SheetRow], source: str, currency: str) -> PriceSheet:
    """The prices of a table whose first row names the columns; raises SheetUnreadable where there is none."""
    filled = [row for row in rows if not row.is_empty]
    if not filled:
        raise SheetUnreadable("is empty", f"write a first row with {', '.join(COLUMNS)}")
    head, *lines = filled
    names = [cell.text.casefold().replace(" ", "_") for cell in head.cells]
    columns = {name: at for at, name in reversed(list(enumerate(names, 1))) if name in COLUMNS}
    problems = list(_of_head(source, head, names))
    plain: list[PlainRow] = []
    numbers: list[int] = []
    seen: dict[str, int] = {}
    for line in lines:
        row: PlainRow = {}
        for name in COLUMNS:
            at = columns.get(name)
            if at is None:
                continue
            cell = line.cells[at - 1] if at <= len(line.cells) else None
            found = _value(name, "" if cell is None else cell.text, None if cell is None else cell.fault, currency)
            if isinstance(found, tuple):
                problems.append(_problem(source, line.number, at, name, *found))
            elif found is not None:
                row[name] = found
        named = str(row.get("id", ""))
        if named in seen:
            what = f"`{named}` stands in row {seen[named]} already"
            problems.append(_problem(source, line.number, columns["id"], "id", what, "give one of them another id"))
        elif named:
            seen[named] = line.number
        beyond = [at for at, cell in enumerate(line.cells, 1) if at > len(names) and cell.text]
        if beyond:
            problems.append(
                _problem(source, line.number, beyond[0], "no column", "stands under no heading", "take it out")
            )
        plain.append(row)
        numbers.append(line.number)
    if not plain:
        raise SheetUnreadable("has no prices", "write one price a row below the headings")
    return PriceSheet(source, tuple(plain), tuple(numbers), columns, tuple(sorted(problems)))


def _of_head(source: str, head: SheetRow, names: list[str]) -> Iterator[BusinessProblem]:
    for at, name in enumerate(names, 1):
        if head.cells[at - 1].fault is not None:
            yield _problem(source, head.number, at, name, *_FAULTS[head.cells[at - 1].fault or CellFault.ERROR])
        elif name and name not in COLUMNS:
            fix = nearest(name, COLUMNS, "take it out")
            yield _problem(source, head.number, at, name[:40], "nobody knows this column", fix)
        elif name and name in names[: at - 1]:
            yield _problem(source, head.number, at, name, "stands twice", "take one column out")
    for name in COLUMNS:
        if name in _NEEDED and name not in names:
            yield _problem(source, head.number, 1, name, "is missing", f"add a column `{name}`")


def _value(name: str, text: str, fault: CellFault | None, currency: str) -> str | int | tuple[str, str] | None:
    """What a cell says, nothing where it is empty, or what is wrong with it and how to put it right."""
    if fault is not None:
        return _FAULTS[fault]
    if not text:
        return ("is empty", f"write the {name}") if name in _NEEDED else None
    if name in _MONEY:
        return _amount(text, currency)
    if name in _COUNTS:
        return int(text) if re.fullmatch("[0-9]{1,4}", text) else (f"`{text[:30]}` is no whole number", "write it as 4")
    if name in _DAYS and not _DAY.match(text):
        return f"`{text[:30]}` is no day", "write it as 2027-03-08, or format the cell as a date"
    return text


def _amount(text: str, currency: str) -> int | tuple[str, str]:
    """Whole minor units; nothing is ever deleted from what is written, so 24 779.95 is never 2 477 995."""
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", text):
        return f"`{text[:30]}` is no plain amount", "write it as 350000: no separators of thousands, no currency"
    try:
        decimals = exponent(currency)
        # `350.000` is as likely three hundred and fifty thousand
        if len(text.partition(".")[2]) > decimals:
            raise FractionOfMinorUnit(text)
        return of_units(Decimal(text), currency).amount
    except FractionOfMinorUnit:
        kind = "no decimals" if not decimals else f"at most {decimals} decimals"
        return f"`{text}` has a fraction, but {currency} has {kind}", "round it, and write no separators of thousands"
    except UnknownCurrency:
        return f"`{currency}` is no currency that amounts are known of", "correct `currency` in the business file"


def as_table(prices: Sequence[Price], currency: str) -> tuple[tuple[str, ...], ...]:
    """The price book as rows under their headings; a row with breaks becomes a row for each range of quantities."""
    rows: list[tuple[str, ...]] = [COLUMNS]
    taken = {price.id for price in prices if price.id}
    for price in prices:
        for part in _without_breaks(price):
            number, named = 1, part.id or part.service
            while part.id is None and (number == 1 or named in taken):
                named = f"{price.id or price.service}-{number}"[:40]
                number += 1
            taken.add(named)
            cells = {name: getattr(part, name) for name in COLUMNS} | {"id": named}
            for name in _MONEY:
                if cells[name] is not None:
                    cells[name] = f"{Money(cells[name], currency).units:f}"
            rows.append(tuple("" if cells[name] is None else str(cells[name]) for name in COLUMNS))
    return tuple(rows)


def _without_breaks(price: Price) -> Iterator[Price]:
    steps = [(price.at_least, price.amount, price.payout)]
    steps += [(step.at_least, step.amount, step.payout) for step in price.breaks]
    for at, (least, amount, payout) in enumerate(steps):
        following = steps[at + 1][0] if at + 1 < len(steps) else None
        most = price.at_most if following is None else following - 1
        yield Price(
            service=price.service,
            unit=price.unit,
            amount=amount,
            id=price.id if at == 0 else None,
            provider=price.provider,
            area=price.area,
            place=price.place,
            from_day=price.from_day,
            until_day=price.until_day,
            at_least=least,
            at_most=most,
            payout=payout,
        )


@dataclass(frozen=True, slots=True)
class BookDifference:
    """What a new price book changes, by row id."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    """A row with its columns, each as it was and as it is."""


def difference(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> BookDifference:
    """What is other in the second table, both with their headings."""
    old, new = ({row[0]: row for row in table[1:]} for table in (before, after))
    changed = [
        (named, tuple((name, was, now) for name, was, now in zip(COLUMNS, old[named], row, strict=True) if was != now))
        for named, row in new.items()
        if named in old and old[named] != row
    ]
    return BookDifference(
        tuple(named for named in new if named not in old),
        tuple(named for named in old if named not in new),
        tuple(changed),
    )
