"""The sweeps of worker, housekeeping and cashier find what is due by an index that gives its order, however much is
done with: on a seeded database no plan scans a collection, and none of a queue sorts what it found."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from bot.domain.attention import Severity
from bot.domain.ids import LeadId
from bot.store import driver
from bot.store.alarms import OpenAlarms
from bot.store.attention import AttentionQuery, AttentionRows
from bot.store.blocks import Blocks
from bot.store.bookings import Bookings
from bot.store.causes import StoredCauses
from bot.store.claims import Claims, HoldId
from bot.store.delivery import HAS_BODY
from bot.store.flow_sessions import FlowSessions
from bot.store.leads import Leads
from bot.store.migrations import migrate
from bot.store.operator_notices import OperatorNotices
from bot.store.paging import cursor_of
from bot.store.received import Received
from bot.store.sealing import MasterKeys
from bot.store.tasks import Tasks
from bot.store.vault import Vault
from bot.store.waiting import WaitingRows
from payments.domain.payables import PayableState
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState
from payments.store.store import UNACKNOWLEDGED, UNMATCHED, Store
from tests.contracts.test_query_plans import NOW, Shapes, explainable, stages
from tests.payments.sealing import TestCodec

pytestmark = pytest.mark.mongo

SEEDED = 300
LATER = NOW + timedelta(days=40)


async def seeded(db: driver.Database) -> None:
    """Rows that are done with, which no sweep has to look at again."""
    over = {"lead": "lead", "start": NOW, "state": "COMPLETED", "updated_at": NOW, "booked": False, "resource": "r"}
    over |= {"hold": "h", "expires_at": LATER, "from": NOW, "to": NOW, "lifted_at": NOW, "told_lifted": True}
    over |= {"made_at": NOW, "seen": True, "gravity": "notice", "at": NOW, "next_at": None, "body": b"", "due_at": NOW}
    over |= {"received_at": NOW, "booking": "B", "untold_since": None, "dirty": False, UNACKNOWLEDGED: False}
    over |= {"reason": "", "by": "", "role": "", "number": 1}
    over |= {UNMATCHED: False, "announced": True, "open": False, "payee": "p", "source": "whatsapp", "block": "b"}
    money = {"state": PayableState.PAID.value, "awaits_approval": False, "currency": "IDR", "references": ["R"]}
    for name in (
        "claims",
        "bookings",
        "blocks",
        "block_hits",
        "operator_notices",
        "tasks",
        "attention",
        "ledger",
        "waiting",
        "messages",
        "flow_sessions",
    ):
        await db[name].insert_many([over | {"_id": f"{name}{number}"} for number in range(SEEDED)])
    for name in ("received", "leads"):
        await db[name].insert_many([over | {"_id": f"{name}{n}", "state": "done", "outbox": []} for n in range(SEEDED)])
    for name in MONEY:
        await db[name].insert_many([over | money | {"_id": f"{name}{number}"} for number in range(SEEDED)])


MONEY = (
    "invoices",
    "payables",
    "payouts",
    "refunds",
    "movements",
    "payee_proposals",
    "payee_notices",
    "settle_orders",
    "credits",
    "money_alarms",
)


async def queues(db: driver.Database) -> None:
    """What is looked for again and again, in the order it is worked off."""
    received, tasks, store = Received(db), Tasks(db), Store(db, TestCodec())
    await received.next_due_at("xendit")
    await tasks.to_look_at(LATER)
    await tasks.untold()
    await tasks.offered()
    await Blocks(db).all()
    await WaitingRows(db).open_rows()
    await WaitingRows(db).ended_rows()
    attention = AttentionRows(db)
    await attention.to_look_at(LATER)
    await attention.untold()
    await attention.unrecorded()
    await attention.to_carry(LATER)
    await attention.next_look_at(NOW)
    await attention.page(AttentionQuery(), 50, None)
    await attention.page(AttentionQuery(), 50, cursor_of(NOW, "at-1"))
    await attention.page(AttentionQuery(owner="rina", severity=Severity.MILD, reason="many"), 50, None)
    money = (store.proposals, store.payee_notices, store.invoices, store.orders, store.refunds, store.payouts)
    for kind in (*money, store.credits):
        await kind.due_page(LATER)
        await kind.due_page(LATER, (NOW, "a"))
        await kind.earliest()
    for flagged in (store.invoices, store.payouts, store.refunds, store.movements, store.credits):
        await flagged.page({"dirty": True})
        await flagged.page({"dirty": True}, "a")
    for told in (store.invoices, store.payouts, store.refunds, store.credits):
        await told.page({UNACKNOWLEDGED: True})
    await store.payables.earliest("due_at", {"state": PayableState.OPEN})
    await store.alarms.find({"announced": False}, most=50)
    await store.alarms.find({"open": True})
    await store.movements.find({UNMATCHED: True})
    await store.refunds.find({"awaits_approval": True})


async def others(db: driver.Database, vault: Vault) -> None:
    """What is tidied, counted, or asked of one lead or booking."""
    claims, received, store = Claims(db), Received(db), Store(db, TestCodec())
    # what nobody has looked at yet is the deliveries of a moment: found by an index, put in order in memory
    await received.unrouted(besides=["xendit"])
    await received.waiting_page("xendit", NOW, (NOW, "a"))
    # by state or by begin, whichever has fewer
    await Bookings(db).standing_between(NOW - timedelta(days=1), LATER)
    await received.empty_bodies(before=LATER)
    await received.parked()
    await FlowSessions(db, vault).forget_ended(before=NOW)
    await claims.forget_expired(now=NOW)
    await claims.of_lead(LeadId("lead2"), now=NOW)
    await claims.reassign(LeadId("lead2"), LeadId("lead1"))
    await claims.booked(HoldId("x"))
    await claims.blocks.due(LATER)
    # few are open, of whomever: found by an index, put in order in memory
    await OpenAlarms(db).page(50, None)
    await OpenAlarms(db).page(50, cursor_of(NOW, "lead", "task_late", "x"))
    await WaitingRows(db).of(LeadId("lead2"))
    await OperatorNotices(db).unseen(["critical"])
    await AttentionRows(db).open_rows()
    await AttentionRows(db).counts()
    causes = StoredCauses(db)
    for source in causes.sources().values():
        await source()
    await causes.waiting_for_agents()
    await store.payouts.every({"state": PayoutState.PERSON})
    await store.refunds.every({"state": RefundState.PERSON})
    _ = [posting async for posting in store.ledger.between(NOW, LATER)]
    await Leads(db, vault).count_kept_orders()
    await store.payables.distinct("payee", {"state": PayableState.OPEN, "due_at": {"$lte": LATER}})
    await store.payables.every({"reference": {"$in": ["R2"]}})
    await store.payouts.every({"references": {"$in": ["R2"]}})
    await store.refunds.wake(["waiting"], NOW)


async def test_no_sweep_scans_a_collection_and_no_queue_is_sorted(database: Any, mongodb_uri: str) -> None:
    seen = Shapes("distinct", "delete", "count")
    client: Any = AsyncMongoClient(mongodb_uri, tz_aware=True, event_listeners=[seen])
    try:
        db = driver.database(client, database.name)
        vault = Vault(db, MasterKeys.from_secret("a-secret-key-of-tests-forty-characters-long", ()))
        await migrate(db)
        await Store(db, TestCodec()).index()
        await seeded(db)
        seen.commands.clear()
        await queues(db)
        ordered = len(seen.commands)
        await others(db, vault)
        asked, wrong = list(seen.commands), []
        assert len(asked) > 50
        for place, command in enumerate(asked):
            for one in explainable(command):
                told = await db.command("explain", one, verbosity="queryPlanner")
                # what was weighed and turned down is no plan
                plan = stages(told.get("queryPlanner", {}).get("winningPlan", told))
                if "COLLSCAN" in plan or (place < ordered and "SORT" in plan):
                    wrong.append(f"{sorted(plan)} {one}"[:400])
        assert not wrong, "\n".join(wrong)
    finally:
        await client.close()


async def test_what_lasts_is_looked_at_by_no_sweep(database: Any) -> None:
    """A plan may use an index and walk through all of it all the same: counted is what is examined."""
    db = driver.database(database.client, database.name)
    await migrate(db)
    await Store(db, TestCodec()).index()
    await seeded(db)
    old = {"state": {"$ne": "new"}, "received_at": {"$lt": LATER}}
    looks: list[tuple[str, dict[str, Any]]] = [
        *(("received", old | {"body": body}) for body in HAS_BODY),
        ("claims", {"lead": "lead2"}),
        ("blocks", {"$or": [{"to": {"$gt": LATER}}, {"lifted_at": {"$type": "date"}, "told_lifted": None}]}),
        ("tasks", {"next_at": {"$lte": LATER, "$type": "date"}}),
        ("tasks", {"alarms.since": {"$type": "date"}, "merged_into": None}),
        ("waiting", {"state": "open"}),
        ("invoices", {"dirty": True}),
        ("payables", {"state": PayableState.OPEN, "due_at": {"$lte": LATER}}),
    ]
    for name, query in looks:
        find = (
            {"find": name, "filter": query, "sort": {"_id": 1}}
            if name == "invoices"
            else {"find": name, "filter": query}
        )
        told = await db.command("explain", find, verbosity="executionStats")
        examined = told["executionStats"]["totalKeysExamined"] + told["executionStats"]["totalDocsExamined"]
        assert examined <= 2, (name, examined)
