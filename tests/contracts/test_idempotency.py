"""`idempotency`: one of many equal calls is done, the others hear its answer."""

import asyncio
from collections import Counter

import pytest

from bot.store import driver
from bot.store.idempotency import STALE_SECONDS, Idempotency, KeyState, StoredAnswer
from tests.conftest import DRIVERS
from tests.contracts.makers import vault

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]


async def test_of_twenty_calls_at_once_one_is_new(db: driver.Database, db_again: driver.Database) -> None:
    stores = [Idempotency(db, vault(db)), Idempotency(db_again, vault(db_again))]
    for race in range(15):
        found = await asyncio.gather(*(stores[one % 2].begin(f"key-{race}", "body") for one in range(20)))
        assert Counter(one.found for one in found) == {KeyState.NEW: 1, KeyState.RUNNING: 19}


async def test_the_same_key_and_body_hears_the_first_answer(db: driver.Database) -> None:
    store = Idempotency(db, vault(db))
    assert (await store.begin("$key.1", "body")).found is KeyState.NEW
    await store.answer("$key.1", 201, b"\x00made")
    await store.answer("$key.1", 409, b"a late second")
    assert await store.begin("$key.1", "body") == StoredAnswer(KeyState.ANSWERED, 201, b"\x00made")


async def test_another_body_is_refused_running_or_answered(db: driver.Database) -> None:
    store = Idempotency(db, vault(db))
    await store.begin("key", "body")
    assert (await store.begin("key", "other")).found is KeyState.OTHER_BODY
    await store.answer("key", 200, b"")
    assert (await store.begin("key", "other")).found is KeyState.OTHER_BODY


async def test_what_failed_may_be_done_again_and_an_answer_is_not_forgotten(db: driver.Database) -> None:
    store = Idempotency(db, vault(db))
    await store.begin("key", "body")
    await store.forget("key")
    assert (await store.begin("key", "body")).found is KeyState.NEW
    await store.answer("key", 200, b"done")
    await store.forget("key")
    assert (await store.begin("key", "body")).found is KeyState.ANSWERED


async def test_forgetting_while_others_begin_leaves_nobody_without_an_answer(
    db: driver.Database, db_again: driver.Database
) -> None:
    store, other = Idempotency(db, vault(db)), Idempotency(db_again, vault(db_again))
    for race in range(60):
        key = f"key-{race}"
        await store.begin(key, "body")
        begun = asyncio.gather(*(other.begin(key, "body") for _ in range(4)))
        await store.forget(key)
        found = await begun
        assert Counter(one.found for one in found)[KeyState.NEW] <= 1


async def test_what_died_running_is_taken_up_by_one_after_a_minute(db: driver.Database) -> None:
    store = Idempotency(db, vault(db))
    await store.begin("key", "body")
    assert (await store.begin("key", "body")).found is KeyState.RUNNING
    long_ago = {"$subtract": ["$$NOW", (STALE_SECONDS + 1) * 1000]}
    await db["idempotency"].update_one({"_id": "key"}, [{"$set": {"running_since": long_ago}}])
    found = await asyncio.gather(*(store.begin("key", "body") for _ in range(10)))
    assert Counter(one.found for one in found) == {KeyState.NEW: 1, KeyState.RUNNING: 9}
