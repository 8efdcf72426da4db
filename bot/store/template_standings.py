"""`template_standings`: what Meta last said of each template of ours, one document a template and language.

News come in any order and more than once: each field goes by the moment its news was said, and an older word changes
nothing.
"""

from datetime import datetime
from typing import Any, Final

from bot.domain.template_standing import MARKETING, MARKETING_ONES, STOPPED, WANTED_CATEGORY, TemplateStanding
from bot.store.driver import Collection, Database

_AS_WANTED: Final = {"$cond": [{"$in": ["$name", sorted(MARKETING_ONES)]}, MARKETING, WANTED_CATEGORY]}
_SETTLE: Final[list[dict[str, Any]]] = [
    {
        "$set": {
            "stopped": {
                "$or": [
                    {"$in": ["$status", list(STOPPED)]},
                    {"$not": [{"$in": [{"$ifNull": ["$category", ""]}, ["", WANTED_CATEGORY, _AS_WANTED]]}]},
                ]
            }
        }
    }
]


class TemplateStandings:
    """The collection `template_standings`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["template_standings"]

    async def create_indexes(self) -> None:
        """Those that are not to be sent are found without looking at the others."""
        await self._collection.create_index([("stopped", 1)])

    async def heard(
        self, name: str, language: str, at: datetime, *, status: str | None = None, category: str | None = None
    ) -> None:
        """What was said of it at that moment; said again, or later than newer news, it changes nothing."""
        said = {key: value for key, value in (("status", status), ("category", category)) if value}
        newer: dict[str, Any] = {
            key: {"$cond": [{"$gt": [at, f"${key}_at"]}, {"$literal": value}, f"${key}"]} for key, value in said.items()
        }
        moments: dict[str, Any] = {f"{key}_at": {"$max": [at, f"${key}_at"]} for key in said}
        named: dict[str, Any] = {"name": {"$literal": name}, "language": {"$literal": language}}
        pipeline = [{"$set": newer | named}, {"$set": moments}, *_SETTLE]
        await self._collection.update_one({"_id": f"{name}:{language}"}, pipeline, upsert=True)

    async def is_stopped(self, name: str, language: str) -> bool:
        """Whether it is not to be sent; of one that nobody ever said anything of, nothing is wrong."""
        row = await self._collection.find_one({"_id": f"{name}:{language}"}, {"stopped": 1})
        return row is not None and bool(row.get("stopped"))

    async def status_of(self, name: str, language: str) -> str | None:
        """Meta's last word of it; none where nobody ever said one."""
        row = await self._collection.find_one({"_id": f"{name}:{language}"}, {"status": 1})
        return None if row is None else row.get("status")

    async def stopped(self) -> list[TemplateStanding]:
        """Those that are not to be sent."""
        rows = await self._collection.find({"stopped": True}).to_list(None)
        return [
            TemplateStanding(
                row["name"],
                row["language"],
                str(row.get("status") or ""),
                str(row.get("category") or ""),
                max(moment for moment in (row.get("status_at"), row.get("category_at")) if moment is not None),
            )
            for row in sorted(rows, key=lambda row: str(row["_id"]))
        ]
