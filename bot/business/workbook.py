"""The first sheet of an Excel workbook (.xlsx), read and written: cells as they are stored, so that no amount passes
through a floating-point number and no formula is taken for a value."""

import io
import re
import zipfile
import zlib
from datetime import date, timedelta
from decimal import Context, InvalidOperation
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from bot.business.sheet import MOST_BYTES, MOST_ROWS, CellFault, SheetCell, SheetRow, SheetUnreadable, address

MAGIC: Final = b"PK\x03\x04"
"""How a workbook begins."""
_SHEET: Final = "xl/worksheets/sheet1.xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"
_REFERENCE: Final = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_SAVE: Final = "open it in your spreadsheet program and save it as .xlsx, or as CSV UTF-8"
_DIGITS: Final = Context(prec=15)
"""What a spreadsheet shows of a number; the rest is noise of its arithmetic."""
_DATE_FORMATS: Final = frozenset({14, 15, 16, 17, 22})
_BEGINNING: Final = date(1899, 12, 30)
"""Day 0 of a workbook's count."""
_LATEST_DAY: Final = 2_958_465
"""31 December 9999."""


def read_workbook(content: bytes) -> tuple[SheetRow, ...]:
    """The rows of the first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            sheet = (
                _SHEET
                if _SHEET in names
                else min(
                    (name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")), default=""
                )
            )
            if not sheet:
                raise SheetUnreadable("is no workbook with a sheet", _SAVE)
            strings = _Strings.of(archive, _STRINGS if _STRINGS in names else None)
            styles = _Styles.of(archive, _STYLES if _STYLES in names else None)
            return _Sheet(strings.found, styles.dates).of(archive, sheet)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        zlib.error,
    ) as error:
        raise SheetUnreadable(f"is no readable workbook ({type(error).__name__})", _SAVE) from None


def _parse(archive: zipfile.ZipFile, name: str, handler: "_Strings | _Styles | _Sheet") -> None:
    info = archive.getinfo(name)
    # a small file may unpack to gigabytes
    if info.file_size > 8 * MOST_BYTES:
        raise SheetUnreadable("is too large", "take out what is not used")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(archive.read(name), True)


def _no_doctype(*_: object) -> None:
    # no program writes one, and entities are how a small text grows without end
    raise SheetUnreadable("declares entities", _SAVE)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Strings:
    """The texts that cells name by number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._is_text = False

    @classmethod
    def of(cls, archive: zipfile.ZipFile, name: str | None) -> "_Strings":
        read = cls()
        if name is not None:
            _parse(archive, name, read)
        return read

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "si":
            self.found.append("")
        self._is_text = _local(name) == "t"

    def end(self, name: str) -> None:
        self._is_text = False

    def text(self, data: str) -> None:
        if self._is_text and self.found:
            self.found[-1] += data


class _Styles:
    """Which styles show a number as a day."""

    def __init__(self) -> None:
        self.dates: set[int] = set()
        self._formats: set[int] = set()
        self._is_cell_style = False
        self._count = 0

    @classmethod
    def of(cls, archive: zipfile.ZipFile, name: str | None) -> "_Styles":
        read = cls()
        if name is not None:
            _parse(archive, name, read)
        return read

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "numFmt":
                code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", attributes.get("formatCode", ""))
                if re.search("[yY]", code) and re.search("[dD]", code):
                    self._formats.add(int(attributes.get("numFmtId", "-1")))
            case "cellXfs":
                self._is_cell_style = True
            case "xf" if self._is_cell_style:
                if int(attributes.get("numFmtId", "0")) in _DATE_FORMATS | self._formats:
                    self.dates.add(self._count)
                self._count += 1
            case _:
                pass

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self._is_cell_style = False

    def text(self, data: str) -> None:
        """Styles hold no text."""


class _Sheet:
    """The cells of one sheet."""

    def __init__(self, strings: list[str], dates: set[int]) -> None:
        self._strings, self._dates = strings, dates
        self._cells: dict[tuple[int, int], SheetCell] = {}
        self._merged: list[tuple[int, int, int, int]] = []
        self._at: tuple[int, int] = (1, 0)
        self._kind, self._style = "n", 0
        self._value, self._is_value, self._has_formula = "", False, False

    def of(self, archive: zipfile.ZipFile, name: str) -> tuple[SheetRow, ...]:
        _parse(archive, name, self)
        for top, left, bottom, right in self._merged:
            for row in range(top, min(bottom, top + MOST_ROWS) + 1):
                for column in range(left, min(right, left + 100) + 1):
                    known = self._cells.get((row, column), SheetCell())
                    self._cells[row, column] = SheetCell(known.text, CellFault.MERGED)
        rows = sorted({row for row, _ in self._cells})
        width = max((column for _, column in self._cells), default=0)
        if len(rows) > MOST_ROWS or width > 200:
            raise SheetUnreadable(f"has more than {MOST_ROWS} rows or 200 columns", "take out what is not used")
        return tuple(
            SheetRow(row, tuple(self._cells.get((row, column), SheetCell()) for column in range(1, width + 1)))
            for row in rows
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "row":
                self._at = (int(attributes.get("r", self._at[0] + 1)), 0)
            case "c":
                reference = attributes.get("r")
                self._at = (self._at[0], self._at[1] + 1) if reference is None else _place(reference)
                self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
                self._value, self._has_formula = "", False
            case "f":
                self._has_formula = True
            case "v" | "t":
                self._is_value = True
            case "mergeCell":
                first, _, last = attributes.get("ref", "A1").partition(":")
                self._merged.append((*_place(first), *_place(last or first)))
            case _:
                pass

    def end(self, name: str) -> None:
        match _local(name):
            case "v" | "t":
                self._is_value = False
            case "c":
                cell = self._cell()
                if cell != SheetCell():
                    self._cells[self._at] = cell
            case _:
                pass

    def text(self, data: str) -> None:
        if self._is_value:
            self._value += data

    def _cell(self) -> SheetCell:
        text = self._value
        if self._kind == "s":
            number = int(text) if text.isdecimal() else -1
            text = self._strings[number] if 0 <= number < len(self._strings) else ""
        elif self._kind == "b":
            text = "true" if text == "1" else "false"
        elif self._kind == "n" and text:
            text = self._number(text)
        text = text.replace("\N{NO-BREAK SPACE}", " ").strip()
        if self._has_formula:
            return SheetCell(text, CellFault.FORMULA)
        return SheetCell(text, CellFault.ERROR if self._kind == "e" else None)

    def _number(self, text: str) -> str:
        try:
            number = _DIGITS.create_decimal(text)
        except InvalidOperation:
            return text
        if self._style in self._dates and number == number.to_integral_value() and 0 < number <= _LATEST_DAY:
            return str(_BEGINNING + timedelta(days=int(number)))
        return f"{number.normalize():f}" if number.is_finite() else text


def _place(reference: str) -> tuple[int, int]:
    found = _REFERENCE.match(reference.replace("$", ""))
    if found is None:
        raise SheetUnreadable(f"names a cell `{reference[:20]}`", _SAVE)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Prices" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def write_workbook(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """A workbook with one sheet of these rows; numbers as numbers, everything else as text."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = ""
        for column, text in enumerate(row, 1):
            where = address(number, column)
            if re.fullmatch(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?", text):
                cells += f'<c r="{where}"><v>{text}</v></c>'
            elif text:
                cells += f'<c r="{where}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_PARTS, _SHEET: sheet}.items():
            # one moment for all, so that the same rows are the same bytes
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _HEAD + content)
    return out.getvalue()
