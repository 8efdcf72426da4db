"""Once a minute: bodies kept long enough are emptied, and what still waits is left alone."""

from datetime import timedelta

import pytest

from bot.store import driver
from bot.store.received import Received
from tests.conftest import DRIVERS, Database
from tests.contracts.makers import NOW, delivery
from webhooks.housekeeping import BODIES_KEPT


@pytest.mark.mongo
@pytest.mark.parametrize("database", DRIVERS, indirect=True)
async def test_a_body_is_emptied_after_thirty_days_and_its_id_stays_known(database: Database) -> None:
    received = Received(driver.database(database.client, database.name))
    done, waiting = delivery("done"), delivery("waiting")
    await received.record([done, waiting])
    await received.stamp([done.id], NOW)
    later = NOW + BODIES_KEPT + timedelta(days=1)
    assert await received.empty_bodies(before=later - BODIES_KEPT) == 1
    kept, still = await received.find(done.id), await received.find(waiting.id)
    assert kept is not None
    assert kept.body == b""
    assert still is not None
    assert still.body == waiting.body
    assert await received.empty_bodies(before=later - BODIES_KEPT) == 0


def test_bodies_are_kept_longer_than_meta_sends_again() -> None:
    assert timedelta(days=8) <= BODIES_KEPT
