"""`businesses`: a version is kept once, as it was, and comes back under its hash."""

import pytest
import structlog

from bot.business import file
from bot.business.definition import Business
from bot.store import driver
from bot.store.businesses import Businesses
from tests.bot.business.makers import sample, with_changes
from tests.conftest import DRIVERS
from tests.contracts.makers import vault

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]


def dearer() -> Business:
    """The sample with another price."""
    parsed = file.parse(with_changes(("amount: 350000", "amount: 990000")), "dearer.yaml")
    assert isinstance(parsed, Business)
    return parsed


async def test_a_version_comes_back_as_it_was_for_everybody(db: driver.Database, db_again: driver.Database) -> None:
    here, there = Businesses(db, vault(db)), Businesses(db_again, vault(db_again))
    for business in (sample(), dearer(), sample()):
        await here.keep(business)
        await there.keep(business)
    assert await there.versions() == sorted([sample().version, dearer().version])
    assert await there.find(sample().version) == sample()
    assert await there.find(dearer().version) == await here.find(dearer().version) == dearer()
    assert await here.find("nobody kept this") is None


async def test_what_is_kept_is_never_written_over(db: driver.Database) -> None:
    await Businesses(db, vault(db)).keep(sample())
    liar = Business(
        **{name: getattr(dearer(), name) for name in Business.__dataclass_fields__ if name != "version"},
        version=sample().version,
    )
    await Businesses(db, vault(db)).keep(liar)
    assert await Businesses(db, vault(db)).find(sample().version) == sample()


async def test_a_shape_this_code_does_not_know_is_told_and_not_guessed(db: driver.Database) -> None:
    sealed = await vault(db).seal_house("old", b'{"name": "x", "moons": 2}')
    await db["businesses"].insert_one({"_id": "old", "sealed": sealed, "name": "x"})
    with structlog.testing.capture_logs() as logs:
        assert await Businesses(db, vault(db)).find("old") is None
    assert [one["event"] for one in logs] == ["business_version_unreadable"]


async def test_no_account_number_stands_in_the_clear(db: driver.Database) -> None:
    await Businesses(db, vault(db)).keep(sample())
    numbers = [one.payout.number for one in sample().providers if one.payout is not None]
    row = await db["businesses"].find_one({})
    assert numbers
    assert not any(number.encode() in bytes(row["sealed"]) for number in numbers)
    assert set(row) == {"_id", "sealed", "name"}
