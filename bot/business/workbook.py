"""The first sheet of an Excel workbook (.xlsx), read and written by openpyxl: no formula is taken for a value."""

import io
import re
import warnings
import zipfile
import zlib
from datetime import datetime
from decimal import Context
from typing import Final, cast
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from bot.business.sheet import MOST_BYTES, MOST_ROWS, CellFault, SheetCell, SheetRow, SheetUnreadable

_MOST_COLUMNS: Final = 200
_MERGED_TO: Final = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="[A-Z]+[0-9]+:[A-Z]{1,2}([0-9]+)"')
_SAVE: Final = "open it in your spreadsheet program and save it as .xlsx, or as CSV UTF-8"
_DIGITS: Final = Context(prec=15)
"""What a spreadsheet shows of a number; the rest is noise of its arithmetic."""
# what a zip file, XML, or a part that is not there can bring openpyxl to raise
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_workbook(content: bytes) -> tuple[SheetRow, ...]:
    """The rows of the first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # a small file may unpack to gigabytes
            if sum(part.file_size for part in archive.infolist()) > 8 * MOST_BYTES:
                raise SheetUnreadable("is too large", "take out what is not used")
            for name in archive.namelist():
                part = archive.read(name)
                # no program writes entities, and they are how a small text grows without end
                if b"<!DOCTYPE" in part:
                    raise SheetUnreadable("declares entities", _SAVE)
                # whole columns are merged by a click, and then a million cells are taken apart for each
                if any(len(row) > len(str(MOST_ROWS)) or int(row) > MOST_ROWS for row in _MERGED_TO.findall(part)):
                    raise SheetUnreadable("has whole columns merged", "unmerge them, and save it again")
        with warnings.catch_warnings():
            # of what it leaves out: drawings, validations, styles
            warnings.simplefilter("ignore")
            sheets = load_workbook(io.BytesIO(content)).worksheets
        if not sheets:
            raise SheetUnreadable("is no workbook with a sheet", _SAVE)
        if sheets[0].max_row > MOST_ROWS or sheets[0].max_column > _MOST_COLUMNS:
            raise SheetUnreadable(
                f"has more than {MOST_ROWS} rows or {_MOST_COLUMNS} columns", "take out what is not used"
            )
        return _rows(sheets[0])
    except _BROKEN as error:
        raise SheetUnreadable(f"is no readable workbook ({type(error).__name__})", _SAVE) from None


def _rows(sheet: Worksheet) -> tuple[SheetRow, ...]:
    merged = {place for area in sheet.merged_cells.ranges for place in area.cells}
    rows = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for column, cell in enumerate(row, 1):
            read = SheetCell() if isinstance(cell, MergedCell) else _cell(cell)
            cells.append(SheetCell(read.text, CellFault.MERGED) if (number, column) in merged else read)
        rows.append(SheetRow(number, tuple(cells)))
    return tuple(row for row in rows if not row.is_empty)


def _cell(cell: Cell) -> SheetCell:
    match cell.value:
        case None:
            text = ""
        case bool():
            text = "true" if cell.value else "false"
        case datetime(hour=0, minute=0, second=0):
            text = str(cell.value.date())
        case int() | float():
            number = _DIGITS.create_decimal(repr(cell.value))
            text = f"{number.normalize():f}" if number.is_finite() else str(cell.value)
        case _:
            text = str(cell.value)
    text = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    match cell.data_type:
        case "f":
            return SheetCell(text, CellFault.FORMULA)
        case "e":
            return SheetCell(text, CellFault.ERROR)
        case _:
            return SheetCell(text)


def write_workbook(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """A workbook with one sheet of these rows; numbers as numbers, everything else as text."""
    book = Workbook()
    sheet = cast("Worksheet", book.active)
    sheet.title = "Prices"
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if not text:
                continue
            cell = sheet.cell(number, column)
            if re.fullmatch(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?", text):
                cell.value = float(text) if "." in text else int(text)
            else:
                # as text also where it begins like a formula
                cell.value, cell.data_type = text, "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
