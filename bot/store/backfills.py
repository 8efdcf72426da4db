"""How far something that every document gets is done, where it is given in small steps while the house works."""

from bot.store.driver import Collection, Database


class Backfills:
    """Documents of the collection `house`, one a backfill: the last `_id` looked at, and whether it is over."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]

    async def place(self, name: str) -> str | None:
        """The last one that was looked at, empty at the beginning; none when all were."""
        row = await self._collection.find_one({"_id": f"backfill:{name}"})
        if row is None:
            return ""
        return None if row.get("done") else str(row["after"])

    async def reached(self, name: str, after: str | None) -> None:
        """So far it is done; none: to the end."""
        change: dict[str, object] = {"done": True} if after is None else {"after": after}
        await self._collection.update_one({"_id": f"backfill:{name}"}, {"$set": change}, upsert=True)
