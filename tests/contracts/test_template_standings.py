"""What Meta says of our templates is kept by the moment it was said, and says which are not to be sent."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.store import driver
from bot.store.template_standings import TemplateStandings
from tests.conftest import DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAME = "janji_pay_nudge"


async def test_a_template_of_which_nobody_said_anything_is_sent(db: driver.Database) -> None:
    assert not await TemplateStandings(db).is_stopped(NAME, "en")
    assert await TemplateStandings(db).stopped() == []


async def test_what_is_paused_is_stopped_in_that_language_until_it_is_approved_again(db: driver.Database) -> None:
    standings = TemplateStandings(db)
    await standings.heard(NAME, "en", NOW, status="PAUSED")
    assert await standings.is_stopped(NAME, "en")
    assert not await standings.is_stopped(NAME, "id")
    assert (await standings.status_of(NAME, "en"), await standings.status_of(NAME, "id")) == ("PAUSED", None)
    (one,) = await standings.stopped()
    assert (one.name, one.language, one.status, one.category, one.since) == (NAME, "en", "PAUSED", "", NOW)
    await standings.heard(NAME, "en", NOW + HOUR, status="APPROVED")
    assert await standings.stopped() == []


async def test_another_category_stops_it_whatever_its_status(db: driver.Database) -> None:
    standings = TemplateStandings(db)
    await standings.heard(NAME, "en", NOW, category="MARKETING")
    await standings.heard(NAME, "en", NOW + HOUR, status="APPROVED")
    (one,) = await standings.stopped()
    assert (one.status, one.category, one.since) == ("APPROVED", "MARKETING", NOW + HOUR)
    await standings.heard(NAME, "en", NOW + 2 * HOUR, category="UTILITY")
    assert not await standings.is_stopped(NAME, "en")


async def test_an_older_word_and_one_that_is_said_again_change_nothing(db: driver.Database) -> None:
    standings = TemplateStandings(db)
    await standings.heard(NAME, "en", NOW + HOUR, status="APPROVED")
    await standings.heard(NAME, "en", NOW, status="PAUSED")
    assert not await standings.is_stopped(NAME, "en")
    for _ in range(2):
        await standings.heard(NAME, "en", NOW + 2 * HOUR, status="DISABLED")
    assert len(await standings.stopped()) == 1


async def test_words_that_look_like_orders_to_the_database_are_words(db: driver.Database) -> None:
    standings = TemplateStandings(db)
    await standings.heard("janji_$name", "en", NOW, status="$status", category="$x")
    (one,) = await standings.stopped()
    assert (one.name, one.status, one.category) == ("janji_$name", "$status", "$x")
