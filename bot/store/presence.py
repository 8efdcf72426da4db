"""`presence`: which of the staff looks at a conversation and who types; a row lives for seconds.

Whether a row still counts is judged in the query, by the server's clock; that it is deleted later only keeps it small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import AgentId, LeadId
from bot.store.driver import Collection, Database

LIVES_SECONDS: Final = 20
"""A page says again that it is there well before."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who looks at a conversation now."""

    agent: AgentId
    is_typing: bool


class Presence:
    """The collection `presence`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["presence"]

    async def create_indexes(self) -> None:
        """By conversation, and a broom."""
        await self._collection.create_index([("lead", 1)])
        await self._collection.create_index([("until", 1)], expireAfterSeconds=60)

    async def seen(self, lead: LeadId, agent: AgentId, *, is_typing: bool) -> None:
        """They look at it, for the next seconds."""
        until = {"$add": ["$$NOW", LIVES_SECONDS * 1000]}
        row = {"lead": {"$literal": lead}, "agent": {"$literal": agent}, "typing": is_typing, "until": until}
        await self._collection.update_one({"_id": f"{lead}|{agent}"}, [{"$set": row}], upsert=True)

    async def left(self, lead: LeadId, agent: AgentId) -> None:
        """They look at something else."""
        await self._collection.delete_one({"_id": f"{lead}|{agent}"})

    async def of(self, leads: Sequence[LeadId]) -> dict[LeadId, tuple[Present, ...]]:
        """Who looks at each of them."""
        query = {"lead": {"$in": list(leads)}, "$expr": {"$gt": ["$until", "$$NOW"]}}
        found: dict[LeadId, tuple[Present, ...]] = {}
        for row in await self._collection.find(query).sort("_id", 1).to_list(None):
            lead = LeadId(row["lead"])
            found[lead] = (*found.get(lead, ()), Present(AgentId(row["agent"]), bool(row["typing"])))
        return found
