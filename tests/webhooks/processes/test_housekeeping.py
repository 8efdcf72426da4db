"""Once a minute: bodies and forms kept long enough are let go, and what still waits is left alone."""

import secrets
from datetime import date, timedelta
from typing import Any

import pytest
from bson import Binary, Code, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from structlog.testing import capture_logs

from bot.store import driver
from bot.store.flow_sessions import Form
from bot.store.migrations import migrate
from bot.store.received import Received
from flows.session import FlowSession, FlowToken, HoldId, Purpose
from tests.conftest import DRIVERS, Database
from tests.contracts.makers import NOW, delivery
from tests.journeys.world import settings_for, simulated
from webhooks.processes import housekeeping
from webhooks.processes.housekeeping import BODIES_KEPT, warn_of_holidays
from webhooks.wiring import opened


@pytest.mark.mongo
@pytest.mark.parametrize("database", DRIVERS, indirect=True)
async def test_a_body_is_emptied_after_thirty_days_and_its_id_stays_known(database: Database) -> None:
    received = Received(driver.database(database.client, database.name))
    done, waiting = delivery("done"), delivery("waiting")
    await received.record([done, waiting])
    await received.mark_done([done.id], NOW)
    later = NOW + BODIES_KEPT + timedelta(days=1)
    assert await received.empty_bodies(before=later - BODIES_KEPT) == 1
    kept, still = await received.find(done.id), await received.find(waiting.id)
    assert kept is not None
    assert kept.body == b""
    assert still is not None
    assert still.body == waiting.body
    assert await received.empty_bodies(before=later - BODIES_KEPT) == 0


@pytest.mark.mongo
@pytest.mark.parametrize("database", DRIVERS, indirect=True)
async def test_whatever_a_row_has_for_a_body_is_emptied_once(database: Database) -> None:
    db = driver.database(database.client, database.name)
    await migrate(db)
    kinds: list[Any] = [b"x", Binary(b"", 5), "", "x", 0, 1.5, Int64(1), Decimal128("1"), None, True, False, {}, []]
    kinds += [["x"], [None], {"a": b""}, ObjectId(), NOW, Regex("x"), Timestamp(1, 1), MinKey(), MaxKey(), Code("x")]
    kinds += [Code("x", {})]
    row = {"state": "done", "received_at": NOW, "aliases": ["wa_id:x"], "understanding": {"of": []}}
    rows = [row | {"_id": f"odd-{number}", "body": kind} for number, kind in enumerate(kinds)]
    await db["received"].insert_many([*rows, row | {"_id": "none"}])
    later, all_of_them = NOW + timedelta(days=1), len(kinds) + 1
    assert await Received(db).empty_bodies(before=later) == all_of_them
    emptied: dict[str, Any] = {"body": b"", "aliases": [], "understanding": None}
    assert await db["received"].count_documents(emptied) == all_of_them
    assert await Received(db).empty_bodies(before=later) == 0


def test_bodies_are_kept_longer_than_meta_sends_again() -> None:
    assert timedelta(days=8) <= BODIES_KEPT


@pytest.mark.mongo
async def test_a_round_forgets_forms_that_ended_long_ago(mongodb_uri: str) -> None:
    settings = settings_for(simulated(""), "http://127.0.0.1:1", 1, f"tidy_{secrets.token_hex(6)}")
    async with opened(settings, mongodb_uri) as process:
        forms = process.parts.forms.forms
        session = FlowSession(FlowToken("booking~n~lead-1.s"), "lead-1", Purpose.BOOKING, HoldId("form:n"), NOW)
        await forms.create(Form(session, "en"))
        await housekeeping.tidy(process.parts, NOW, NOW + housekeeping.FORMS_KEPT)
        assert await forms.load(session.token) is not None
        await housekeeping.tidy(process.parts, NOW, NOW + housekeeping.FORMS_KEPT + timedelta(seconds=1))
        assert await forms.load(session.token) is None
        await process.client.drop_database(settings.mongodb_database)


def test_a_calendar_that_ends_within_a_year_is_said_and_one_that_goes_on_is_not() -> None:
    with capture_logs() as logs:
        assert warn_of_holidays(date(2026, 11, 2)) == 0
        assert warn_of_holidays(date(2049, 11, 2)) == 1
    assert [(line["event"], line["feast"], line["known_until"]) for line in logs] == [
        ("holidays_expiring", "nyepi", "2050-03-24")
    ]
