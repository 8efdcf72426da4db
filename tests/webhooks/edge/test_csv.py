"""Tables for spreadsheets: whole, quoted, and never a formula."""

import csv as reader
import io

import pytest

from webhooks.edge import csv


@pytest.mark.parametrize("text", ["=1+1", "+62 812", "-x", "@SUM(A1)", "\t=1", "  =1", "\n=cmd|' /C calc'!A0", "＝1"])
def test_words_that_a_spreadsheet_would_reckon_are_words(text: str) -> None:
    (row,) = reader.reader(io.StringIO(csv.line([text]), newline=""))
    assert row == [f"'{text}"]


def test_numbers_stay_numbers_and_quotes_commas_and_lines_come_back_as_they_were() -> None:
    cells = ['a "word", and', "two\nlines", -5, None, 350_000]
    (row,) = reader.reader(io.StringIO(csv.line(cells), newline=""))
    assert row == ['a "word", and', "two\nlines", "-5", "", "350000"]
