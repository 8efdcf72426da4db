"""The ledger as stored: append-only, `_id` is the posting's key, so that a fact is posted once however
often it is written."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from pydantic import TypeAdapter

from payments.domain.ledger import LedgerAccount, Position, Posting, position_of
from payments.store.records import RecordsPage, Unreadable, insert_new


class Ledger:
    """All postings."""

    def __init__(self, documents: Any) -> None:
        self._documents = documents
        self._shape = TypeAdapter(Posting)

    async def post(self, postings: Sequence[Posting]) -> None:
        """Written, all of them, whichever were there already."""
        documents = [cast("dict[str, Any]", self._shape.dump_python(posting)) for posting in postings]
        await insert_new(self._documents, [{"_id": row.pop("key"), **row} for row in documents])

    async def of(self, reference: str) -> tuple[Posting, ...]:
        """The postings of one booking."""
        return await self._read({"reference": reference})

    async def of_all(self, references: Collection[str]) -> tuple[Posting, ...]:
        """The postings of these bookings."""
        return await self._read({"reference": {"$in": sorted(references)}})

    async def these(self, keys: Collection[str]) -> tuple[Posting, ...]:
        """The postings of these keys, as far as they are there."""
        return await self._read({"_id": {"$in": sorted(keys)}})

    async def page(self, after: str, most: int) -> RecordsPage[Posting, str]:
        """Postings by key, those after the last one of the page before."""
        documents = await self._documents.find({"_id": {"$gt": after}}).sort("_id", 1).limit(most).to_list(most)
        postings, unreadable = list[Posting](), list[Unreadable]()
        for row in documents:
            try:
                postings.append(self._posting(row))
            except Exception as error:  # the check names it; nothing else reads it by itself
                unreadable.append(Unreadable(str(row["_id"]), type(error).__name__))
        return RecordsPage(tuple(postings), tuple(unreadable), documents[-1]["_id"] if len(documents) == most else None)

    async def position(self, currency: str) -> Position:
        """What the ledger expects to lie with the provider, summed as it is read."""
        sums: dict[LedgerAccount, int] = {}
        async for row in self._documents.find({"currency": currency}, {"entries": 1}):
            for entry in row["entries"]:
                account = LedgerAccount(entry["account"])
                sums[account] = sums.get(account, 0) + entry["amount"]
        return position_of(sums, currency)

    async def between(self, first: datetime, last: datetime) -> AsyncIterator[Posting]:
        """The postings from the first moment on and before the last one, oldest first, of one moment by key."""
        async for row in self._documents.find({"at": {"$gte": first, "$lt": last}}).sort([("at", 1), ("_id", 1)]):
            with suppress(Exception):  # one that cannot be read is named by the check
                yield self._posting(row)

    async def index(self) -> None:
        """Found quickly by booking, and in the order of the journal."""
        await self._documents.create_index([("reference", 1)])
        await self._documents.create_index([("at", 1), ("_id", 1)])

    async def _read(self, query: dict[str, Any]) -> tuple[Posting, ...]:
        found = list[Posting]()
        async for row in self._documents.find(query).sort("_id", 1):
            with suppress(Exception):  # one that cannot be read is missed by its record, and so shows in the check
                found.append(self._posting(row))
        return tuple(found)

    def _posting(self, row: Mapping[str, Any]) -> Posting:
        return self._shape.validate_python({**row, "key": row["_id"]})
