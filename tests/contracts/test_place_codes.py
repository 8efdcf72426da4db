"""`PlaceCodes`: one code a place, revoked once by whoever is first, known again under a former key."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.business.definition import Business
from bot.store import driver
from bot.store.place_codes import PlaceCodes
from tests.bot.business.makers import sample
from tests.conftest import DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def kept(db: driver.Database, *secrets: str) -> PlaceCodes:
    return PlaceCodes(db, sample, secrets or ("s" * 48,))


def with_rooms() -> Business:
    """The sample with two rooms in one villa."""
    business = sample()
    places = tuple(
        replace(place, rooms=("12", "Lotus")) if place.id == "villa-padi" else place for place in business.places
    )
    return replace(business, places=places)


async def test_a_revoked_code_binds_nobody_and_its_place_alone_has_another(db: driver.Database) -> None:
    store = kept(db)
    before = await store.codes()
    assert list(before) == [place.id for place in sample().places]
    old = before["villa-padi"]
    assert await store.place_of(old) == "villa-padi"
    both = await asyncio.gather(store.revoke(old, NOW), store.revoke(old, NOW))
    assert set(both) - {None} == {"villa-padi"}
    assert await store.place_of(old) is None
    assert await store.was_revoked(old)
    assert await store.revoke(old, NOW) is None
    after = await kept(db).codes()
    assert {place for place in after if after[place] != before[place]} == {"villa-padi"}
    assert await store.place_of(after["villa-padi"]) == "villa-padi"
    assert await db["place_codes"].count_documents({}) == 1


async def test_what_was_printed_outlives_a_change_of_keys_and_nobody_elses_counts(db: driver.Database) -> None:
    printed = (await kept(db).codes())["villa-melati"]
    assert await kept(db, "n" * 48, "s" * 48).place_of(printed) == "villa-melati"
    assert await kept(db, "n" * 48).place_of(printed) is None
    assert not await kept(db, "n" * 48).was_revoked(printed)


async def test_each_room_has_a_code_that_is_revoked_alone(db: driver.Database) -> None:
    store = PlaceCodes(db, with_rooms, ("s" * 48,))
    before = await store.codes()
    assert {one for one in before if one.startswith("villa-padi")} == {
        "villa-padi",
        "villa-padi/12",
        "villa-padi/Lotus",
    }
    assert await store.place_of(before["villa-padi/12"]) == "villa-padi/12"
    assert await store.revoke(before["villa-padi/12"], NOW) == "villa-padi/12"
    after = await store.codes()
    assert {subject for subject in after if after[subject] != before[subject]} == {"villa-padi/12"}
    assert await kept(db).place_of(after["villa-padi/12"]) is None, "a room that has left the file"
