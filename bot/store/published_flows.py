"""Which Flows are published: the forms of each language, and in which edition."""

from collections.abc import Mapping

from bot.store.driver import Collection, Database
from bot.store.gathered import by_id
from flows.definition import EDITION


class PublishedFlows:
    """The document `flows` of the collection `house`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]
        self._looks = by_id(self._collection)

    async def set_ids(self, ids: Mapping[str, str], *, drafts: bool = False) -> None:
        """These Flows are published (or made) from now on, by language code, as this version defines them; other
        languages keep theirs."""
        field = "drafts" if drafts else "ids"
        change: dict[str, object] = {f"{field}.{language}": flow_id for language, flow_id in ids.items()}
        if not drafts:
            change |= {f"editions.{language}": EDITION for language in ids}
        if change:
            await self._collection.update_one({"_id": "flows"}, {"$set": change}, upsert=True)

    async def ids(self, *, drafts: bool = False) -> dict[str, str]:
        """The published booking Flow of each language code; or every one made, published yet or not."""
        row = await self._looks.find("flows")
        return {} if row is None else dict(row.get("drafts" if drafts else "ids", {}))

    async def published(self) -> tuple[dict[str, str], dict[str, int]]:
        """Both in one look: the Flow of each language code, and the edition of each."""
        row = await self._looks.find("flows") or {}
        return dict(row.get("ids", {})), {name: int(edition) for name, edition in row.get("editions", {}).items()}
