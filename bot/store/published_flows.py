"""Which Flows are published: the booking form of each language."""

from collections.abc import Mapping

from bot.store.driver import Collection, Database


class PublishedFlows:
    """The document `flows` of the collection `house`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]

    async def set_ids(self, ids: Mapping[str, str], *, drafts: bool = False) -> None:
        """These Flows are published (or made) from now on, by language code; other languages keep theirs."""
        field = "drafts" if drafts else "ids"
        change = {f"{field}.{language}": flow_id for language, flow_id in ids.items()}
        if change:
            await self._collection.update_one({"_id": "flows"}, {"$set": change}, upsert=True)

    async def ids(self, *, drafts: bool = False) -> dict[str, str]:
        """The published booking Flow of each language code; or every one made, published yet or not."""
        row = await self._collection.find_one({"_id": "flows"})
        return {} if row is None else dict(row.get("drafts" if drafts else "ids", {}))
