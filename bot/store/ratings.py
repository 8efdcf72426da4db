"""`ratings`: the score of each visit under its booking's reference, so that one booking counts once; no words."""

from collections.abc import Collection as Names
from collections.abc import Mapping

from bot.domain.visits import Visit
from bot.slots.standing import ScoreSum
from bot.store.driver import Collection, Database, Document, aggregate


class Ratings:
    """The collection `ratings`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["ratings"]

    async def create_indexes(self) -> None:
        """By provider, the score with it: the sum is read from the index alone."""
        await self._collection.create_index([("provider", 1), ("score", 1)])

    async def record(self, visit: Visit) -> None:
        """The score as it is now; a visit without a provider ranks nobody."""
        if visit.rating is None or visit.provider is None:
            return
        row = {"provider": visit.provider, "score": visit.rating.score}
        await self._collection.update_one({"_id": visit.reference}, {"$set": row}, upsert=True)

    async def sums(self, providers: Names[str]) -> Mapping[str, ScoreSum]:
        """The scores of these providers; who has none is left out. Of one provider nothing is compared."""
        if len(providers) < 2:
            return {}
        pipeline: list[Document] = [
            {"$match": {"provider": {"$in": sorted(providers)}}},
            {"$group": {"_id": "$provider", "count": {"$sum": 1}, "total": {"$sum": "$score"}}},
        ]
        return {row["_id"]: ScoreSum(row["count"], row["total"]) for row in await aggregate(self._collection, pipeline)}
