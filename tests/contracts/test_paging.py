"""Long lists page by page: what a page shows does not depend on how many came before, nor on what comes meanwhile."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson.datetime_ms import DatetimeMS

from bot.store.driver import Database
from bot.store.paging import BadCursor, cursor_of, newest_first, place_of

NOW = datetime(2026, 11, 28, 12, 0, 0, 123_000, tzinfo=UTC)


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("at", [NOW, None, DatetimeMS(2**60), datetime(1, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("name", ["lead-1", "", 'a "b" c', "Nguyễn"])
def test_a_cursor_says_what_it_was_made_of(at: Any, name: str) -> None:
    place = place_of(cursor_of(at, name))
    assert place.keys == (name,)
    assert (place.at is None) == (at is None)
    assert at is None or place.at == (at if isinstance(at, DatetimeMS) else DatetimeMS(at))


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "20", "²", "-1", "9" * 40, "🙂", *map(packed, ("[]", "7", "[1]", '["1","a"]', '[1,"a","b"]', "[1,2]"))],
)
@pytest.mark.parametrize("also", [packed('[true,"a"]'), packed('[1.5,"a"]'), packed(f'[{2**70},"a"]')])
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str, also: str) -> None:
    for text in (cursor, also):
        with pytest.raises(BadCursor):
            place_of(text)


async def walked(db: Database, limit: int, between: Any = None) -> list[str]:
    """Every row of the list, by page."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        rows, cursor = await newest_first(db["rows"], {"kind": "a"}, "at", cursor, limit)
        assert len(rows) <= limit
        found += [row["_id"] for row in rows]
        if cursor is None:
            return found
        if between is not None:
            await between(len(found))


@pytest.mark.mongo
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 50])
async def test_every_row_is_shown_once_in_its_order_those_without_a_moment_last(db: Database, limit: int) -> None:
    moments = [NOW, NOW, NOW, NOW - timedelta(days=1), None, None, NOW + timedelta(hours=1), None, DatetimeMS(2**60)]
    await db["rows"].insert_many([{"_id": f"r{n}", "kind": "a", "at": at} for n, at in enumerate(moments)])
    await db["rows"].insert_one({"_id": "other", "kind": "b", "at": NOW})
    await db["rows"].insert_one({"_id": "r9", "kind": "a"})
    assert await walked(db, limit) == ["r8", "r6", "r0", "r1", "r2", "r3", "r4", "r5", "r7", "r9"]


@pytest.mark.mongo
async def test_rows_that_come_and_go_shift_nothing(db: Database) -> None:
    rows = [{"_id": f"r{n:02}", "kind": "a", "at": NOW - timedelta(minutes=n)} for n in range(12)]
    await db["rows"].insert_many(rows)

    async def busy(shown: int) -> None:
        await db["rows"].insert_one({"_id": f"new{shown}", "kind": "a", "at": NOW + timedelta(days=shown)})
        # what has been shown goes: by counting, three others would be passed over
        await db["rows"].delete_one({"_id": f"r{shown - 1:02}"})

    assert await walked(db, 3, busy) == [row["_id"] for row in rows]
