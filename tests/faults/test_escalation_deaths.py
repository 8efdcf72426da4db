"""Whoever sweeps the queue of attention dies at any await to the database; the next one goes on where it stood.

Each stage is one delivery in one person's thread, whoever died in between, and nobody is passed over by a death.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.alarms import AlarmReason
from bot.domain.attention import Attention
from bot.domain.ids import LeadId
from bot.domain.lead import Address, Lead
from bot.engine.on_call import ATTENTION_NEWS
from tests.bot.business.makers import SAMPLE
from tests.databases import clean_database
from tests.journeys.test_attention import ON_CALL
from tests.journeys.world import settings_for, simulated
from webhooks.wiring import Process
from webhooks.wiring import opened as process_opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

MOST_STEPS = 60


class Killed(BaseException):
    """No `except Exception` is there any more: the process is gone."""


class Deadly:
    """Whatever is behind it, until the n-th awaited call, before or after which the process dies."""

    def __init__(self, behind: Any, count: "Count", *, is_after: bool) -> None:
        self._behind, self._count, self._is_after = behind, count, is_after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._behind, name)
        if not callable(found):
            return found

        async def call(*given: Any, **named: Any) -> Any:
            if not self._is_after:
                self._count.step()
            done = await found(*given, **named)
            if self._is_after:
                self._count.step()
            return done

        return call


class Count:
    """How many steps are left."""

    def __init__(self, left: int) -> None:
        self.left = left

    def step(self) -> None:
        """One of them; dead at the last."""
        self.left -= 1
        if self.left == 0:
            raise Killed


@pytest.fixture
async def process(mongodb_uri: str, tmp_path: Path) -> AsyncIterator[Process]:
    """One process of ours that sends nothing: no worker visits anybody."""
    path = tmp_path / "on-call.yaml"
    path.write_text(SAMPLE + ON_CALL, encoding="utf-8")
    async with clean_database(mongodb_uri) as name:
        settings = settings_for(simulated("http://127.0.0.1:9"), "http://127.0.0.1:9", 9, name)
        async with process_opened(settings.with_changes(business_file=path), mongodb_uri) as opened:
            yield opened


async def deliveries(process: Process) -> list[tuple[str, str]]:
    """Which stage was told, and in whose thread."""
    rows = await process.database["received"].find({"kind": ATTENTION_NEWS}).sort("_id", 1).to_list(None)
    return [(row["_id"].rpartition(":")[2], row["lead"]) for row in rows]


async def dying(process: Process, at: int, *, is_after: bool) -> bool:
    """A sweep by a process that dies at that step; whether it did."""
    parts, count = process.parts, Count(at)
    desk = parts.on_call.desk
    rows, received = desk.rows, parts.on_call.received
    # both hands it writes with: the rows, and what goes to people's threads
    object.__setattr__(desk, "rows", Deadly(rows, count, is_after=is_after))
    object.__setattr__(parts.on_call, "received", Deadly(received, count, is_after=is_after))
    try:
        await parts.on_call.sweep()
    except Killed:
        return True
    finally:
        object.__setattr__(desk, "rows", rows)
        object.__setattr__(parts.on_call, "received", received)
    return False


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
async def test_dying_at_any_step_each_stage_is_told_once_to_one_person(process: Process, *, is_after: bool) -> None:
    parts = process.parts
    for at in range(1, MOST_STEPS):
        now = await parts.clock.business_now()
        lead = LeadId(f"lead-{at}")
        waiting = Lead(id=lead, address=Address(wa_id=f"62812{at:08}")).alarmed(AlarmReason.ASKED_FOR_PERSON, now)
        await parts.leads.create(waiting)
        has_died = await dying(process, at, is_after=is_after)
        for _ in range(2):
            await parts.on_call.sweep()
        (row,) = [one for one in await parts.attention.rows.open_rows() if one.cause.thread == lead]
        await _told_once(process, row)
        await parts.leads.erase(lead)
        await parts.on_call.sweep()
        assert await parts.attention.rows.open_rows() == []
        await process.database["received"].delete_many({})
        if not has_died:
            assert at > 6, "there were some steps to die at"
            return
    raise AssertionError(f"it never ended within {MOST_STEPS} steps")


async def _told_once(process: Process, row: Attention) -> None:
    told = await deliveries(process)
    assert [stage for stage, _ in told] == ["1"], "one telling, once"
    assert [one.who for one in row.asked] == ["Ayu Pemilik"]
    person = process.business.on_call_named("Ayu Pemilik")
    assert person is not None
    assert told[0][1] == process.parts.on_call.directory.id_of(person.phone)
    assert row.untold_since is None
