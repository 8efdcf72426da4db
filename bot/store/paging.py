"""Places in long lists: a page begins after the last row of the one before, so that no page costs more for being later
and rows that come or go shift nothing.

A cursor holds the moment and the ids a list is ordered by, opaque to who carries it.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from bson.datetime_ms import DatetimeMS

from bot.store.driver import Collection, Document

_WIDEST: Final = 2**63 - 1


class BadCursor(Exception):
    """Not the `next_cursor` of a page of that list."""


@dataclass(frozen=True, slots=True)
class PlaceInOrder:
    """Where the page before ended; no moment where its last row has none."""

    at: DatetimeMS | None
    keys: tuple[str, ...]


def cursor_of(at: Any, *keys: str) -> str:
    """The cursor of a row with that moment and these ids."""
    # one that no calendar has comes as DatetimeMS; what is no moment at all is listed with the rows that have none
    moment = DatetimeMS(at) if isinstance(at, datetime) else at
    milliseconds = int(moment) if isinstance(moment, DatetimeMS) else None
    return base64.urlsafe_b64encode(orjson.dumps([milliseconds, *keys])).decode().rstrip("=")


def place_of(cursor: str, keys: int = 1) -> PlaceInOrder:
    """The place that a cursor with so many ids names; BadCursor."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        milliseconds, *names = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        is_moment = milliseconds is None or (type(milliseconds) is int and abs(milliseconds) <= _WIDEST)
        if not is_moment or len(names) != keys or not all(isinstance(name, str) for name in names):
            raise BadCursor(cursor[:80])
    except (ValueError, TypeError):
        raise BadCursor(cursor[:80]) from None
    return PlaceInOrder(None if milliseconds is None else DatetimeMS(milliseconds), tuple(names))


async def soonest_first(
    collection: Collection, query: Document, column: str, cursor: str | None, limit: int
) -> tuple[Sequence[Document], str | None]:
    """A page in the order of that column, the earliest first, then by id, without the rows that have no moment; and the
    cursor of the page behind it. A partial index on the column and `_id` bears it."""
    order = [(column, 1), ("_id", 1)]
    dated: Document = {column: {"$type": "date"}}
    if cursor is not None:
        place = place_of(cursor)
        if place.at is None:
            raise BadCursor(cursor[:80])
        behind = {"$or": [{column: {"$gt": place.at}}, {column: place.at, "_id": {"$gt": place.keys[0]}}]}
        dated = {"$and": [{column: {"$type": "date", "$gte": place.at}}, behind]}
    rows = await collection.find({"$and": [query, dated]}).sort(order).to_list(limit + 1)
    shown = rows[:limit]
    is_last = len(rows) <= limit
    return shown, None if is_last else cursor_of(shown[-1][column], str(shown[-1]["_id"]))


async def newest_first(
    collection: Collection,
    query: Document,
    column: str,
    cursor: str | None,
    limit: int,
    index: Sequence[tuple[str, int]] | None = None,
) -> tuple[Sequence[Document], str | None]:
    """A page in the order of that column, the newest first, then by id, then those without a moment; and the cursor of
    the page behind it. An index on what `query` asks for, the column descending and `_id` bears it, or
    the one that `index` names."""
    order = [(column, -1), ("_id", 1)]
    if cursor is None:
        rows = await collection.find(query, hint=index).sort(order).to_list(limit + 1)
    else:
        place = place_of(cursor)
        rows, last = [], place.keys[0]
        if place.at is not None:
            # the bound is said by itself, so that the index begins there; then what is left of its own moment
            behind = {"$or": [{column: {"$lt": place.at}}, {column: place.at, "_id": {"$gt": last}}]}
            dated: Document = {"$and": [query, {column: {"$lte": place.at}}, behind]}
            rows, last = await collection.find(dated, hint=index).sort(order).to_list(limit + 1), ""
        if len(rows) <= limit:
            undated: Document = {"$and": [query, {column: None, "_id": {"$gt": last}}]}
            rows += await collection.find(undated, hint=index).sort("_id", 1).to_list(limit + 1 - len(rows))
    shown = rows[:limit]
    is_last = len(rows) <= limit
    return shown, None if is_last else cursor_of(shown[-1].get(column), str(shown[-1]["_id"]))
