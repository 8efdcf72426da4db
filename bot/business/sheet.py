"""A table as people keep it: bytes of a CSV file or an Excel workbook to cells, each with what is wrong with it."""

import csv
import io
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_uppercase
from typing import Final

MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 8 * 2**20


class CellFault(StrEnum):
    """What a cell holds in place of a value."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """What is written in a cell, without the blanks around it."""

    text: str = ""
    fault: CellFault | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row under its number, which counts from 1 as the owner's program shows it."""

    number: int
    cells: tuple[SheetCell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.text or cell.fault for cell in self.cells)


class SheetUnreadable(Exception):
    """Not a table that can be read, and how to make it one."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}; {fix}")
        self.what = what
        self.fix = fix


def address(row: int, column: int) -> str:
    """The name of a cell as programs show it: `K3`; both count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = ascii_uppercase[rest] + letters
    return f"{letters}{row}"


def read_csv(content: bytes) -> tuple[SheetRow, ...]:
    """The rows of a CSV file, with or without a byte order mark, separated by commas, semicolons or tabs."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetUnreadable("is UTF-16", "save it as CSV UTF-8")
    try:
        # the mark that Excel puts before UTF-8 belongs to no cell
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SheetUnreadable(f"is not UTF-8 (line {line})", "save it as CSV UTF-8") from None
    if text.lstrip()[:1] == "<":
        raise SheetUnreadable(
            "is a web page and no table", "give the address that File, Share, Publish to web shows for CSV"
        )
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SheetUnreadable(f"is no readable CSV ({error})", "save it again as CSV UTF-8") from None
    if len(lines) > MOST_ROWS:
        raise SheetUnreadable(f"has more than {MOST_ROWS} rows", "take out what is not used")
    return tuple(SheetRow(number, tuple(_cell(text) for text in line)) for number, line in enumerate(lines, 1))


def _cell(text: str) -> SheetCell:
    plain = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    if plain.startswith("="):
        return SheetCell(plain, CellFault.FORMULA)
    return SheetCell(plain, CellFault.ERROR if plain.startswith("#") and plain.endswith(("!", "?", "A")) else None)


def write_csv(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """The same as a file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
