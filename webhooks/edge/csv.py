"""Tables as CSV that no spreadsheet takes for a formula: RFC 4180, UTF-8, a header line."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Final

from quart import Response

from webhooks.edge.operations import CSV

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would reckon."""


def line(cells: Iterable[object]) -> str:
    """One line; text that would be a formula begins with an apostrophe."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return written.getvalue()


def _cell(cell: object) -> str:
    # a number is a number, also below nothing; only words can be meant as a formula
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def table(header: Sequence[str], rows: Iterable[Iterable[object]], name: str) -> Response:
    """A whole table as a file of that name."""
    return _as_file("".join([line(header), *(line(row) for row in rows)]).encode(), name)


def stream(header: Sequence[str], rows: AsyncIterator[Iterable[object]], name: str) -> Response:
    """The same, written as it is read: nothing of it lies in memory."""

    async def lines() -> AsyncIterator[bytes]:
        yield line(header).encode()
        async for row in rows:
            yield line(row).encode()

    return _as_file(lines(), name)


def _as_file(body: bytes | AsyncIterator[bytes], name: str) -> Response:
    response = Response(body, content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
