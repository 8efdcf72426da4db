"""The ledger as stored: append-only, `_id` is the posting's key, so that a fact is posted once however
often it is written."""

from collections.abc import Sequence
from typing import Any, cast

from pydantic import TypeAdapter
from pymongo.errors import BulkWriteError

from payments.ledger import Posting

_DUPLICATE = 11_000


class Ledger:
    """All postings."""

    def __init__(self, documents: Any) -> None:
        self._documents = documents
        self._shape = TypeAdapter(Posting)

    async def post(self, postings: Sequence[Posting]) -> None:
        """Written, all of them, whichever were there already."""
        if not postings:
            return
        try:
            await self._documents.insert_many([self._document(p) for p in postings], ordered=False)
        except BulkWriteError as error:
            details = error.details or {}
            others = [e for e in details.get("writeErrors", []) if e.get("code") != _DUPLICATE]
            if others or details.get("writeConcernErrors"):
                raise

    async def of(self, reference: str) -> tuple[Posting, ...]:
        """The postings of one booking."""
        return await self._read({"reference": reference})

    async def all(self) -> tuple[Posting, ...]:
        """Every posting, also those beside bookings."""
        return await self._read({})

    async def index(self) -> None:
        """Found quickly by booking."""
        await self._documents.create_index([("reference", 1)])

    async def _read(self, query: dict[str, Any]) -> tuple[Posting, ...]:
        found = self._documents.find(query).sort("_id", 1)
        return tuple([self._shape.validate_python({**row, "key": row["_id"]}) async for row in found])

    def _document(self, posting: Posting) -> dict[str, Any]:
        dumped = cast("dict[str, Any]", self._shape.dump_python(posting))
        return {"_id": dumped.pop("key"), **dumped}
