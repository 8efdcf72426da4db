"""A price book out of a spreadsheet: every cell is checked, every fault has its cell and a fix, nothing is guessed."""

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.business import file
from bot.business.catalogue import ProviderId
from bot.business.definition import Business
from bot.business.price_sheet import COLUMNS, PriceSheet, as_table, difference, read_sheet
from bot.business.problems import Problems
from bot.business.quotes import quote
from bot.business.sheet import SheetRow, SheetUnreadable, read_csv, write_csv
from bot.business.workbook import read_workbook, write_workbook
from tests.bot.business.makers import SAMPLE, sample
from tests.bot.business.test_price_book import at_noon

HEAD = ",".join(COLUMNS)
ROW = "massage,balinese-massage,,,,,,per_booking,,,350000,250000"


def sheet(*lines: str, currency: str = "IDR", start: bytes = b"") -> PriceSheet:
    return read_sheet(read_csv(start + "\n".join((HEAD, *lines)).encode()), "prices.csv", currency)


def told(*lines: str, currency: str = "IDR") -> list[str]:
    return [str(item) for item in sheet(*lines, currency=currency).problems]


def test_a_row_is_a_row_of_the_price_book() -> None:
    (row,) = sheet(ROW).rows
    assert row == {
        "id": "massage",
        "service": "balinese-massage",
        "unit": "per_booking",
        "amount": 350_000,
        "payout": 250_000,
    }


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("24779.95", "3: K3 (amount): `24779.95` has a fraction, but IDR has no decimals"),
        ('"24,779.95"', "3: K3 (amount): `24,779.95` is no plain amount"),
        ("24 779.95", "3: K3 (amount): `24 779.95` is no plain amount"),
        ("350.000", "3: K3 (amount): `350.000` has a fraction, but IDR has no decimals"),
        ("Rp 350000", "3: K3 (amount): `Rp 350000` is no plain amount"),
        ("-5", "3: K3 (amount): `-5` is no plain amount"),
        ("=A1*2", "3: K3 (amount): holds a formula; paste it as a value"),
        ("#REF!", "3: K3 (amount): holds an error"),
        ("", "3: K3 (amount): is empty; write the amount"),
    ],
)
def test_an_amount_is_never_guessed(written: str, says: str) -> None:
    (problem,) = told(ROW, ROW.replace("massage,bal", "second,bal").replace("350000", written))
    assert problem.startswith(says)


def test_decimals_are_exact_where_the_currency_has_them() -> None:
    (row,) = sheet(ROW.replace("350000", "24.95").replace("250000", "12.5"), currency="USD").rows
    assert (row["amount"], row["payout"]) == (2_495, 1_250)
    assert "at most 2 decimals" in told(ROW.replace("350000", "24.955"), currency="USD")[0]


def test_each_fault_of_a_table_is_told_at_once() -> None:
    lines = (ROW, ROW, ROW.replace("massage,", ",", 1), "x,balinese-massage,,,,5/3/2027,,per_booking,two,,1,1")
    assert [problem.partition("; ")[0] for problem in told(*lines)] == [
        "3: A3 (id): `massage` stands in row 2 already",
        "4: A4 (id): is empty",
        "5: F5 (from_day): `5/3/2027` is no day",
        "5: I5 (at_least): `two` is no whole number",
    ]


def test_headings_are_told_too() -> None:
    rows = read_csv(b"id,servce,unit,amount,unit\na,balinese-massage,per_booking,1,per_booking\n")
    found = [str(item) for item in read_sheet(rows, "x", "IDR").problems]
    assert found == [
        "1: A1 (service): is missing; add a column `service`",
        "1: B1 (servce): nobody knows this column; did you mean `service`?",
        "1: E1 (unit): stands twice; take one column out",
    ]


def test_a_mark_before_the_text_and_other_separators_are_read_as_they_are_meant() -> None:
    assert sheet(ROW, start=b"\xef\xbb\xbf") == sheet(ROW)
    semicolons = read_csv("\n".join((HEAD, ROW)).replace(",", ";").encode())
    assert read_sheet(semicolons, "prices.csv", "IDR") == sheet(ROW)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfei\x00d\x00", "UTF-16"),
        (b"id\n\xe9", "not UTF-8 (line 2)"),
        (b"", "is empty"),
        (b"\n\n,,\n", "is empty"),
        (HEAD.encode(), "has no prices"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b'id\n"open', "no readable CSV"),
    ],
)
def test_what_is_no_table_is_told_as_such(content: bytes, says: str) -> None:
    with pytest.raises(SheetUnreadable, match=says.replace("(", r"\(").replace(")", r"\)")):
        read_sheet(read_csv(content), "prices.csv", "IDR")


WITH_BOOK = SAMPLE[: SAMPLE.index("\nprices:")] + "\nprice_book: prices.csv\n" + SAMPLE[SAMPLE.index("\nsplits:") :]


def with_book(rows: tuple[SheetRow, ...]) -> Business | Problems:
    return file.parse(WITH_BOOK, "business.yaml", lambda _: rows)


def test_the_sample_sells_alike_by_rows_and_by_a_price_book_file() -> None:
    table = as_table(sample().prices, "IDR")
    business = with_book(read_csv(write_csv(table)))
    assert isinstance(business, Business), str(business)
    for service in sample().services:
        for place in sample().places_of(service)[:3]:
            providers: list[ProviderId | None] = [one.id for one in sample().providers_of(service.id, place.area)]
            for provider in providers or [None]:
                for guests in range(service.min_guests, service.max_guests + 1):
                    was, now = (
                        quote(one, service.id, provider, place.id, guests=guests, start=at_noon(3, 2), nights=9)
                        for one in (sample(), business)
                    )
                    assert replace(now, version="", lines=()) == replace(was, version="", lines=())  # type: ignore[type-var]


def test_a_fault_of_meaning_is_told_at_its_cell() -> None:
    table = as_table(sample().prices, "IDR")
    wrong = (table[0], (table[1][0], "balinese-masage", *table[1][2:]), *table[2:])
    found = with_book(read_csv(write_csv(wrong)))
    assert isinstance(found, Problems)
    assert str(found).startswith("prices.csv:2: B2 (service): there is no service `balinese-masage`; did you mean")


def test_a_book_and_rows_in_one_file_are_told() -> None:
    found = file.parse(SAMPLE + "\nprice_book: prices.csv\n", "business.yaml", lambda _: ())
    assert isinstance(found, Problems)
    assert "stand here and in the price book" in str(found)
    assert "is not there" in str(file.parse(WITH_BOOK, "business.yaml"))


def test_what_a_new_table_changes_is_told_by_row_and_column() -> None:
    before = as_table(sample().prices, "IDR")
    dearer = (*before[1][:10], "360000", before[1][11])
    found = difference(before, (before[0], dearer, *before[3:], ("new", *before[2][1:])))
    assert found.added == ("new",)
    assert found.removed == (before[2][0],)
    assert found.changed == ((before[1][0], (("amount", "350000", "360000"),)),)


# Workbooks -----------------------------------------------------------------------------------------------------------

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(cells: str, *, after: str = "") -> bytes:
    """A workbook with these cells in its sheet."""
    saved, out = io.BytesIO(), io.BytesIO()
    Workbook().save(saved)
    with zipfile.ZipFile(saved) as frame, zipfile.ZipFile(out, "w") as archive:
        for name in frame.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            sheet = f"<worksheet {NS}><sheetData>{cells}</sheetData>{after}</worksheet>"
            archive.writestr(name, sheet if is_sheet else frame.read(name))
    return out.getvalue()


def texts(content: bytes) -> list[list[str]]:
    return [[cell.fault or cell.text for cell in row.cells] for row in read_workbook(content)]


def test_a_workbook_says_what_its_file_of_rows_says() -> None:
    table = as_table(sample().prices, "IDR")
    assert read_sheet(read_workbook(write_workbook(table)), "p", "IDR") == read_sheet(
        read_csv(write_csv(table)), "p", "IDR"
    )


def test_numbers_texts_and_days_are_read_as_they_are_shown() -> None:
    cells = (
        '<row r="2"><c r="A2" t="inlineStr"><is><r><t>mas</t></r><r><t>sage</t></r></is></c>'
        '<c r="B2"><v>350000.0</v></c><c r="C2"><v>24779.950000000001</v></c>'
        '<c r="D2"><v>3.5E5</v></c><c r="F2" t="inlineStr"><is><t> plain </t></is></c></row>'
    )
    assert texts(workbook(cells)) == [["massage", "350000", "24779.95", "350000", "", "plain"]]
    book, out = Workbook(), io.BytesIO()
    for column, code in enumerate(("yyyy-mm-dd", "[$-421]dd/mm/yyyy"), 1):
        cell = book.worksheets[0].cell(1, column, 46376)
        cell.number_format = code
    book.save(out)
    assert texts(out.getvalue()) == [["2026-12-20", "2026-12-20"]]


def test_formulas_merged_cells_and_errors_are_no_values() -> None:
    cells = (
        '<row r="1"><c r="A1"><f>B1*2</f><v>700000</v></c><c r="B1"><v>350000</v></c>'
        '<c r="C1" t="e"><v>#N/A</v></c></row>'
    )
    merged = '<mergeCells count="1"><mergeCell ref="B1:B2"/></mergeCells>'
    assert texts(workbook(cells, after=merged)) == [["formula", "merged", "error"], ["", "merged", ""]]


def test_whole_columns_merged_are_told_at_once() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:B1048576"/></mergeCells>'
    with pytest.raises(SheetUnreadable, match="whole columns merged"):
        read_workbook(workbook("", after=merged))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing else",
        workbook("<row"),
        workbook('<row r="x"><c/></row>'),
        workbook('<row><c r="A1" s="x"/></row>'),
        workbook("").replace(b"sheet1.xml", b"sheetX.txt"),
        workbook('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>'),
    ],
)
def test_what_is_no_workbook_is_told_as_such(content: bytes) -> None:
    with pytest.raises(SheetUnreadable):
        read_workbook(content)


def test_a_workbook_that_would_grow_without_end_is_not_read() -> None:
    out = io.BytesIO()
    bomb = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet {NS}><sheetData/></worksheet>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bomb)
    with pytest.raises(SheetUnreadable, match="declares entities"):
        read_workbook(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (70 * 2**20))
    with pytest.raises(SheetUnreadable, match="too large"):
        read_workbook(out.getvalue())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_told_why_not(content: bytes) -> None:
    for reader in (read_csv, read_workbook):
        try:
            read_sheet(reader(content), "any", "IDR")
        except SheetUnreadable as error:
            assert error.fix  # noqa: PT017
