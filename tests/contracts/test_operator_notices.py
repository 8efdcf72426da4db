"""What the operator should know is written once, listed newest first, and loud until somebody looked."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.store import driver
from bot.store.operator_notices import OperatorNotice, OperatorNotices
from bot.store.set_aside import SetAsideCounts
from tests.conftest import DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

NOW = datetime(2026, 3, 2, tzinfo=UTC)


async def test_a_notice_is_written_once_and_seen_once(db: driver.Database) -> None:
    notices = OperatorNotices(db)
    ban = OperatorNotice("a", "account_update", "critical", (("event", "$DISABLED"),), NOW)
    later = OperatorNotice("b", "template_status", "notice", (), NOW + timedelta(hours=1))
    for notice in (ban, later, ban):
        await notices.record(notice)
    assert await notices.listed() == [later, ban]
    assert await notices.unseen(["critical"]) == 1
    assert (await notices.mark_seen(), await notices.mark_seen()) == (2, 0)
    assert await notices.unseen(["critical", "notice"]) == 0


async def test_the_last_count_is_what_is_shown(db: driver.Database) -> None:
    counts = SetAsideCounts(db)
    assert await counts.last() is None
    await counts.tell({"orders_kept": 3})
    await counts.tell({"orders_kept": 1, "leads_resting": 2})
    last = await counts.last()
    assert last is not None
    assert dict(last.counts) == {"orders_kept": 1, "leads_resting": 2}
