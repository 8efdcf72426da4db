"""Indexes, and what later versions change: each step once, in order, safe to run by two processes at once."""

import contextlib
from typing import Final

from pymongo.errors import OperationFailure

from bot.store.attention import AttentionRows
from bot.store.carried_tasks import CarriedTasks
from bot.store.claims import Claims
from bot.store.delivery import HAS_BODY
from bot.store.driver import Database
from bot.store.inbox_views import inbox_indexes
from bot.store.partners import partner_indexes
from bot.store.photos import photo_indexes
from bot.store.presence import Presence
from bot.store.ratings import Ratings
from bot.store.report_rows import ReportReads
from bot.store.sign_in_tries import SignInTries
from bot.store.tasks import Tasks
from bot.store.template_standings import TemplateStandings
from bot.store.user_sessions import UserSessions
from bot.store.waiting import WaitingRows

VERSION: Final = 7
_REPLACED: Final = {
    "received": {"received_at_1"},
    "leads": {"waits_for_person_1_last_inbound_at_-1"},
    "bookings": {"lead_1_updated_at_-1", "state_1_updated_at_-1"},
}


async def migrate(database: Database) -> int:
    """Bring the database to this version; returns the version it had."""
    had = await version(database)
    received = database["received"]
    await received.create_index([("state", 1), ("lead", 1), ("due_at", 1)])
    await received.create_index([("aliases", 1)])
    bodies = {"$or": [{"body": body} for body in HAS_BODY]}
    await received.create_index([("received_at", 1)], name="bodies", partialFilterExpression=bodies)
    for asked_at in ("model.asked_at", "voice.asked_at"):
        only = {asked_at: {"$type": "date"}}
        await received.create_index([("lead", 1), (asked_at, 1)], partialFilterExpression=only)
    leads = database["leads"]
    await leads.create_index([("outbox.look_at", 1)], partialFilterExpression={"outbox.look_at": {"$exists": True}})
    await leads.create_index([("next_due_at", 1)], partialFilterExpression={"next_due_at": {"$type": "date"}})
    # the tabs of the inbox, each in the order it is shown in: all, an agent's own, and what waits for one
    await leads.create_index([("last_inbound_at", -1), ("_id", 1)])
    only = {"agent": {"$type": "string"}}
    await leads.create_index([("agent", 1), ("last_inbound_at", -1), ("_id", 1)], partialFilterExpression=only)
    waiting = [("waits_for_person", 1), ("last_inbound_at", -1), ("_id", 1)]
    await leads.create_index(waiting, partialFilterExpression={"waits_for_person": True})
    only = {"alarms.since": {"$type": "date"}}
    await leads.create_index([("alarms.since", 1)], partialFilterExpression=only)
    only = {"outbox.reason": {"$type": "string"}}
    await leads.create_index([("outbox.reason", 1)], partialFilterExpression=only)
    await database["messages"].create_index([("lead", 1), ("at", -1)])
    await database["messages"].create_index([("wamid", 1)], sparse=True)
    await inbox_indexes(database)
    await Presence(database).create_indexes()
    await Claims(database).create_indexes()
    await Tasks(database).create_indexes()
    await CarriedTasks(database).create_indexes()
    await Ratings(database).create_indexes()
    await UserSessions(database).create_indexes()
    await SignInTries(database).create_indexes()
    for rows in (AttentionRows(database), TemplateStandings(database), WaitingRows(database)):
        await rows.create_indexes()
    await partner_indexes(database)
    await photo_indexes(database)
    bookings = database["bookings"]
    await bookings.create_index([("start", 1), ("_id", 1)])
    await bookings.create_index([("money_account", 1)], partialFilterExpression={"money_account": {"$type": "string"}})
    await database["operator_notices"].create_index([("seen", 1), ("gravity", 1)])
    for first in ([], [("lead", 1)], [("state", 1)]):
        await bookings.create_index([*first, ("updated_at", -1), ("_id", 1)])
    # those of earlier versions, which the ones above take the place of
    for collection, names in _REPLACED.items():
        there = await database[collection].index_information()
        for name in names & set(there):
            # another process may be at it
            with contextlib.suppress(OperationFailure):
                await database[collection].drop_index(name)
    await database["flow_sessions"].create_index([("lead", 1), ("submitted_at", -1)])
    await database["flow_sessions"].create_index([("expires_at", 1)])
    # retention, not meaning: an answer is of no use to anybody after a month
    await database["idempotency"].create_index([("running_since", 1)], expireAfterSeconds=30 * 86400)
    await database["audit"].create_index([("lead", 1), ("at", 1)])
    await ReportReads(database).create_indexes()
    await database["aliases"].create_index([("lead", 1)])
    await database["house"].update_one({"_id": "schema"}, {"$max": {"version": VERSION}}, upsert=True)
    return had


async def version(database: Database) -> int:
    """The version the database is at; 0 when it is new."""
    row = await database["house"].find_one({"_id": "schema"})
    return 0 if row is None else int(row["version"])


async def is_migrated(database: Database) -> bool:
    """Whether the database is at this version or a later one."""
    return await version(database) >= VERSION
