"""Every query of the worker's way is covered by an index: on a seeded database none reads a whole collection."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient, monitoring

from bot.domain.ids import DeliveryId, EffectId, LeadId, Wamid
from bot.domain.lead import Address, Lead
from bot.domain.outbox import WantedLease
from bot.domain.outcome import Decision
from bot.store import driver
from bot.store.aliases import Aliases
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.delivery import DeliveryState
from bot.store.flow_sessions import FlowSessions
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.migrations import migrate
from bot.store.next_due import NextDue
from bot.store.ratings import Ratings
from bot.store.received import Received
from bot.store.sealing import MasterKeys
from bot.store.vault import Vault
from tests.contracts.makers import decision, effect

pytestmark = pytest.mark.mongo

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ID = LeadId("0000000001a-lead")
SEEDED = 400
ASKED = {"find", "aggregate", "update", "findAndModify"}
SMALL = {"house", "keys"}
"""Collections of a handful of rows, or asked by `_id` alone."""


class Shapes(monitoring.CommandListener):
    """Every command of this client that looks for something."""

    def __init__(self, *more: str) -> None:
        self._names = ASKED.union(more)
        self.commands: list[dict[str, Any]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Kept as it was sent."""
        if event.command_name in self._names:
            self.commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """No matter."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """No matter."""


async def seeded(db: driver.Database, vault: Vault) -> None:
    """Enough rows for a scan to be the wrong plan, most of them done with."""
    leads, received = Leads(db, vault), Received(db)
    await leads.create(Lead(id=ID, address=Address(wa_id="628120000001")))
    stored = await leads.load(ID)
    assert stored is not None
    moved = stored.lead.with_timer("reminder", NOW)
    assert await leads.commit(stored, Decision(moved, decision(moved, effect("e:0")).effects), ["e"]) is not None
    template = await db["leads"].find_one({"_id": ID})
    done = template | {"outbox": [], "timers": {}, "next_due_at": None, "handled": []}
    await db["leads"].insert_many([done | {"_id": f"{number:011x}-x"} for number in range(100, 100 + SEEDED)])
    row: dict[str, Any] = {
        "source": "whatsapp",
        "kind": "message",
        "body": b"",
        "fingerprint": "",
        "aliases": [f"wa_id:{ID}"],
    }
    row |= {"received_at": NOW, "due_at": NOW, "sent_at": NOW, "is_free_text": True, "attempts": 0, "lead": ID}
    await db["received"].insert_many([row | {"_id": f"whatsapp:{n}", "state": "done"} for n in range(SEEDED)])
    await db["received"].insert_one(row | {"_id": "whatsapp:new", "state": "new"})
    await db["messages"].insert_many(
        [{"_id": f"m{n}", "lead": f"lead{n % 40}", "at": NOW, "author": "bot", "wamid": f"w{n}"} for n in range(SEEDED)]
    )
    await db["aliases"].insert_many([{"_id": f"wa_id:{n}", "lead": f"lead{n}", "since": NOW} for n in range(SEEDED)])
    await db["audit"].insert_many([{"_id": f"a{n}:0", "lead": f"lead{n}", "at": NOW} for n in range(SEEDED)])
    await db["bookings"].insert_many(
        [{"_id": f"B{n}", "lead": f"lead{n}", "updated_at": NOW, "state": "PAID"} for n in range(SEEDED)]
    )
    await db["ratings"].insert_many([{"_id": f"B{n}", "provider": f"p{n % 9}", "score": 5} for n in range(SEEDED)])
    await db["flow_sessions"].insert_many(
        [{"_id": f"f{n}", "lead": f"lead{n}", "expires_at": NOW, "submitted_at": NOW} for n in range(SEEDED)]
    )
    assert (await received.find(DeliveryId("whatsapp:new"))) is not None


async def asked_of(db: driver.Database, vault: Vault) -> None:
    """The way of a message through the stores, sweeps and lists included."""
    leads, received, messages = Leads(db, vault), Received(db), Messages(db, vault)
    later = NOW + timedelta(minutes=1)
    await received.unrouted(besides=["xendit"])
    await received.waiting_page("xendit", later)
    await received.leads_with_work(later, besides=[LeadId("rests")])
    await received.next_due_at()
    await asyncio.gather(received.new_for(ID), received.new_for(LeadId("lead2")))
    await asyncio.gather(leads.load(ID), leads.load(LeadId("lead2")))
    await received.mark_done([DeliveryId("whatsapp:new")], NOW)
    await received.of(ID)
    await received.understood(ID)
    await received.listed(DeliveryState.NEW)
    await NextDue(db).visits(later, later, besides=[LeadId("rests")])
    await NextDue(db).effect(NOW)
    await NextDue(db).timer(NOW - timedelta(days=1))
    stored = await leads.acquire(ID, "token")
    assert stored is not None
    assert await leads.commit(stored, Decision(stored.lead), ["f"], under=WantedLease("token", 30)) is not None
    await leads.claim(ID, "token", stored.outbox[0].effect)
    await leads.settle(ID, [stored.outbox[0].effect.id])
    await leads.look_now((ID, EffectId("e:0")))
    await leads.release(ID, "token", ["e"])
    await messages.page(LeadId("lead1"), 20)
    await messages.knows(Wamid("w1"))
    await Aliases(db).known(["wa_id:1", "wa_id:2"])
    await Aliases(db).has_user_id(LeadId("lead1"))
    await Audit(db).of(LeadId("lead1"))
    await Bookings(db).page("lead1", None, 20, None)
    await FlowSessions(db, vault).last_sent_by(LeadId("lead1"))
    await Ratings(db).sums(["ayu", "komang"])


def stages(plan: Any) -> set[str]:
    """The names of all stages of a plan, however deep."""
    if isinstance(plan, dict):
        own = {plan["stage"]} if isinstance(plan.get("stage"), str) else set()
        return own.union(*(stages(value) for value in plan.values()))
    if isinstance(plan, list):
        return set().union(*map(stages, plan))
    return set()


def explainable(command: dict[str, Any]) -> list[dict[str, Any]]:
    """The command as `explain` takes it: one update at a time, and without what belongs to the connection."""
    kept = {key: value for key, value in command.items() if key not in {"$db", "lsid", "txnNumber", "$clusterTime"}}
    for name in ("writeConcern", "readConcern", "$readPreference", "bypassDocumentValidation"):
        kept.pop(name, None)
    for name in ("updates", "deletes"):
        if name in kept:
            return [kept | {name: [one]} for one in kept[name]]
    return [kept]


async def test_no_query_of_a_messages_way_scans_a_collection(database: Any, mongodb_uri: str) -> None:
    seen = Shapes()
    client: Any = AsyncMongoClient(mongodb_uri, tz_aware=True, event_listeners=[seen])
    try:
        db = driver.database(client, database.name)
        vault = Vault(db, MasterKeys.from_secret("a-secret-key-of-tests-forty-characters-long", ()))
        await migrate(db)
        await seeded(db, vault)
        seen.commands.clear()
        await asked_of(db, vault)
        asked, scans = list(seen.commands), []
        for command in asked:
            collection = next(iter(command.values()))
            for one in explainable(command):
                told = await db.command("explain", one, verbosity="queryPlanner")
                if "COLLSCAN" in stages(told) and collection not in SMALL:
                    scans.append((collection, one))
        assert len(asked) > 20
        assert scans == []
    finally:
        await client.close()
