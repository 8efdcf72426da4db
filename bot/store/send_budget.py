"""How many messages one number may still send this second, shared by all processes."""

from typing import Any, Final

from bot.domain.commands import Urgency
from bot.store.driver import Collection, Database

SHARE: Final = {Urgency.ANSWER: 100, Urgency.MONEY: 90, Urgency.REMINDER: 70, Urgency.MARKETING: 40}
"""How many per cent of a second's budget each urgency may fill: answers always find room."""


class SendBudget:
    """One document a number, in the collection `house`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]

    async def may_send(self, number: str, urgency: Urgency, per_second: int) -> bool:
        """Take one message out of this second's budget of that phone number, if its urgency still finds room."""
        second = {"$dateTrunc": {"date": "$$NOW", "unit": "second"}}
        same = {"$eq": [{"$ifNull": ["$second", None]}, second]}
        used = {"$cond": [same, {"$ifNull": ["$used", 0]}, 0]}
        room = {"$lt": [{"$multiply": [used, 100]}, per_second * SHARE[urgency]]}
        change: dict[str, Any] = {
            "granted": room,
            "used": {"$cond": [room, {"$add": [used, 1]}, used]},
            "second": second,
        }
        row = await self._collection.find_one_and_update(
            {"_id": f"budget:{number}"}, [{"$set": change}], upsert=True, return_document=True
        )
        return bool(row["granted"])
