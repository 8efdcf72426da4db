"""`audit`: append-only, once an effect."""

import asyncio

import pytest

from bot.domain.commands import RecordAudit
from bot.domain.ids import EffectId, LeadId
from bot.store import driver
from bot.store.audit import Audit
from tests.conftest import DRIVERS
from tests.contracts.makers import MINUTE, NOW

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

LEAD = LeadId("lead-1")
RECORD = RecordAudit(what="$taken.over", by="rina", at=NOW, facts=(("$why", "a\x00.b"), ("epoch", "1")))


async def test_an_effect_is_written_once_and_stands(db: driver.Database, db_again: driver.Database) -> None:
    stores = [Audit(db), Audit(db_again)]
    for number in range(20):
        effect = EffectId(f"e:{number:02}")
        await asyncio.gather(*(stores[one % 2].write(LEAD, effect, RECORD) for one in range(6)))
        await stores[0].write(LEAD, effect, RecordAudit(what="other", by="somebody", at=NOW + MINUTE))
    entries = await stores[1].of(LEAD)
    assert [one.id for one in entries] == [f"e:{number:02}" for number in range(20)]
    assert {(one.what, one.by, one.at, one.facts) for one in entries} == {
        (RECORD.what, RECORD.by, RECORD.at, RECORD.facts)
    }


async def test_a_history_is_one_leads_oldest_first(db: driver.Database) -> None:
    audit = Audit(db)
    late = RecordAudit(what="late", by="bot", at=NOW + MINUTE)
    await audit.write(LEAD, EffectId("a:0"), late)
    await audit.write(LEAD, EffectId("b:0"), RECORD)
    await audit.write(LeadId("another"), EffectId("c:0"), RECORD)
    assert [one.id for one in await audit.of(LEAD)] == ["b:0", "a:0"]
