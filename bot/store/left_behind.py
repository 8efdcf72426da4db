"""Leads in which a version without alarms may have left something for a person."""

from typing import Final

from bot.domain.ids import LeadId
from bot.domain.states import State
from bot.store.driver import Database

WITHOUT_TIME: Final = (State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.RESCHEDULED)
"""Where a booking of 0.1 stood that was paid and had given up its time for another."""
_DONE: Final = "alarms"


async def leads_left(database: Database) -> list[LeadId]:
    """Those that waited for a person in one word, and those with a booking that has no time."""
    query = {
        "$or": [
            {"waits_for_person": True, "alarms": {"$exists": False}},
            {"states": {"$in": [state.value for state in WITHOUT_TIME]}},
        ],
        "merged_into": None,
        "erased": {"$ne": True},
    }
    rows = await database["leads"].find(query, {"_id": 1}).sort("_id", 1).to_list(None)
    return [LeadId(row["_id"]) for row in rows]


async def is_in_alarms(database: Database, lead: LeadId) -> bool:
    """Whether the lead was saved by a version with alarms."""
    return await database["leads"].find_one({"_id": lead, "alarms": {"$exists": True}}, {"_id": 1}) is not None


async def is_looked_through(database: Database) -> bool:
    """Whether all that was left behind has its alarm."""
    return await database["house"].find_one({"_id": _DONE}) is not None


async def looked_through(database: Database) -> None:
    """From now on nobody looks at each start."""
    await database["house"].update_one({"_id": _DONE}, {"$set": {"opened": True}}, upsert=True)
