"""How many messages one number may still send this second, shared by all processes."""

import asyncio
from typing import Any, Final

from bot.domain.commands import Urgency
from bot.store.driver import Collection, Database

SHARE: Final = {Urgency.ANSWER: 100, Urgency.MONEY: 90, Urgency.REMINDER: 70, Urgency.MARKETING: 40}
"""How many per cent of a second's budget each urgency may fill: answers always find room."""


_Kind = tuple[str, Urgency, int]


class SendBudget:
    """One document a number, in the collection `house`. Who asks at the same moment asks together, for so many."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]
        self._waiting: dict[_Kind, list[asyncio.Future[bool]]] = {}
        self._asking: dict[_Kind, asyncio.Task[None]] = {}

    async def may_send(self, number: str, urgency: Urgency, per_second: int) -> bool:
        """Take one message out of this second's budget of that phone number, if its urgency still finds room."""
        kind = number, urgency, per_second
        granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(kind, []).append(granted)
        if kind not in self._asking:
            # a task of its own: whoever asked first may be cancelled, the others still want to know
            self._asking[kind] = asyncio.create_task(self._ask_for_all(kind))
        return await granted

    async def _ask_for_all(self, kind: _Kind) -> None:
        try:
            while asked := self._waiting.pop(kind, []):
                try:
                    granted = await self._take(*kind, len(asked))
                except Exception as error:
                    for future in asked:
                        if not future.done():
                            future.set_exception(error)
                    continue
                for place, future in enumerate(asked):
                    if not future.done():
                        future.set_result(place < granted)
        finally:
            self._asking.pop(kind, None)

    async def _take(self, number: str, urgency: Urgency, per_second: int, wanted: int) -> int:
        """How many of so many find room in this second."""
        second = {"$dateTrunc": {"date": "$$NOW", "unit": "second"}}
        same = {"$eq": [{"$ifNull": ["$second", None]}, second]}
        used = {"$cond": [same, {"$ifNull": ["$used", 0]}, 0]}
        room = {"$ceil": {"$divide": [{"$subtract": [per_second * SHARE[urgency], {"$multiply": [used, 100]}]}, 100]}}
        granted = {"$toInt": {"$max": [0, {"$min": [wanted, room]}]}}
        change: dict[str, Any] = {"granted": granted, "used": {"$add": [used, granted]}, "second": second}
        row = await self._collection.find_one_and_update(
            {"_id": f"budget:{number}"}, [{"$set": change}], upsert=True, return_document=True
        )
        return int(row["granted"])
