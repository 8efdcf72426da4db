"""Records in one collection: frozen values in, frozen values out, every change guarded by the version it
was read under.

A document is `{_id, version, <facts to find it by>, record}`. The facts are derived from the record on each
save, so they cannot disagree with it. Only what Motor and PyMongo's own async client share is used.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

from bson import Binary
from bson.codec_options import CodecOptions
from pydantic import TypeAdapter
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure
from pymongo.write_concern import WriteConcern

from payments.store.codec import Codec

_SEALED = ("destination", "contact")
"""Fields of a record that are personal data: each is sealed by itself."""
_DUPLICATE = 11_000
_MOST_RACES = 50
_IN_CALENDAR = {
    "$type": "date",
    "$gte": datetime(1, 1, 2, tzinfo=UTC),
    "$lte": datetime(9999, 12, 30, tzinfo=UTC),
}
"""A moment that can be reckoned with, and not one of no year."""


class Database(Protocol):
    """An open database of Motor or of PyMongo's async client."""

    def get_collection(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """One of its collections."""


class Versioned(Protocol):
    """A frozen dataclass that carries the version it was read under."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def version(self) -> int:
        """0 before it was ever saved."""


R = TypeVar("R", bound=Versioned)
C = TypeVar("C")
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stored record that this version cannot read, and what kind of error it met."""

    id: str
    problem: str


@dataclass(frozen=True, slots=True)
class RecordsPage(Generic[P, C]):
    """A part of a queue: what can be read of it, what cannot, and where the next part begins."""

    records: tuple[P, ...]
    unreadable: tuple[Unreadable, ...]
    following: C | None


class Stale(Exception):
    """Somebody saved this record since it was read."""


def collection(database: Database, name: str) -> Any:
    """A collection whose writes are there when they are answered, and whose times are aware."""
    options: CodecOptions[Any] = CodecOptions(tz_aware=True, tzinfo=UTC)
    return database.get_collection(name, codec_options=options, write_concern=WriteConcern("majority"))


@cache
def _shape_of(kind: type[Any]) -> TypeAdapter[Any]:
    """One for all stores: to make it takes longer than a query."""
    return TypeAdapter(kind)


class Records(Generic[R]):
    """All records of one kind."""

    def __init__(
        self,
        documents: Any,
        kind: type[R],
        id_of: Callable[[R], str],
        facts_of: Callable[[R], Mapping[str, Any]],
        codec: Codec,
    ) -> None:
        self._documents = documents
        self.name: str = documents.name
        self._shape: TypeAdapter[R] = _shape_of(kind)
        self.id_of = id_of
        self._facts_of = facts_of
        self._codec = codec

    async def insert(self, record: R) -> bool:
        """Stored for the first time; False where it is there already."""
        try:
            await self._documents.insert_one({"_id": self.id_of(record), **self._document(record, 1)})
        except DuplicateKeyError:
            return False
        return True

    async def insert_all(self, records: Sequence[R]) -> None:
        """Each stored for the first time; those that are there already stay as they are."""
        rows = [{"_id": self.id_of(record), **self._document(record, 1)} for record in records]
        await insert_new(self._documents, rows)

    async def load(self, wanted: str) -> R | None:
        """The record, if it is there."""
        document = await self._documents.find_one({"_id": wanted})
        return None if document is None else self._record(document)

    async def save(self, record: R) -> R:
        """Saved over the version it was read under; raises Stale when that is no longer the stored one."""
        key = {"_id": self.id_of(record), "version": record.version}
        done = await self._documents.update_one(key, {"$set": self._document(record, record.version + 1)})
        if done.matched_count != 1:
            raise Stale(self.id_of(record))
        return _at_version(record, record.version + 1)

    async def change(self, wanted: str, step: Callable[[R], R]) -> R | None:
        """The record after this step, which is taken again on the newer record when the save loses a race."""
        for _ in range(_MOST_RACES):
            record = await self.load(wanted)
            if record is None:
                return None
            changed = step(record)
            # A step that changes nothing writes nothing: no new version, so nobody else's save is lost to it.
            if changed == record:
                return record
            try:
                return await self.save(changed)
            except Stale:  # somebody was first: the step is taken on what they saved
                continue
        raise Stale(wanted)

    async def put(self, record: R) -> R:
        """Stored whether or not it was there, as far as the caller's fields go."""
        if await self.insert(record):
            return _at_version(record, 1)
        # There already, by somebody's insert at the same moment or from before: ours goes over it.
        saved = await self.change(self.id_of(record), lambda there: _at_version(record, there.version))
        assert saved is not None
        return saved

    async def find(self, query: Mapping[str, Any], most: int = 200) -> tuple[R, ...]:
        """Records with these facts, by id; those that cannot be read are left out."""
        return (await self.page(query, most=most)).records

    async def page(self, query: Mapping[str, Any], after: str | None = None, most: int = 200) -> "RecordsPage[R, str]":
        """Records with these facts by id, those after the last one of the page before."""
        wanted = dict(query) if after is None else {"$and": [dict(query), {"_id": {"$gt": after}}]}
        documents = await self._documents.find(wanted).sort("_id", 1).limit(most).to_list(most)
        return self._page(documents, documents[-1]["_id"] if len(documents) == most else None)

    async def due_page(
        self, now: datetime, after: tuple[datetime, str] | None = None, most: int = 200
    ) -> "RecordsPage[R, tuple[datetime, str]]":
        """Records whose next step is due, longest due first, those after the last one of the page before: whatever
        is at the head, all behind it gets its turn."""
        # MongoDB's $lte compares times with times only: a document whose next step is none is not found.
        query: dict[str, Any] = {"next_at": {"$lte": now}}
        if after is not None:
            at, last = after
            query = {"$and": [query, {"$or": [{"next_at": {"$gt": at}}, {"next_at": at, "_id": {"$gt": last}}]}]}
        # Times repeat and ids do not: with both, no row is shown twice and none is left out between two pages.
        order = [("next_at", 1), ("_id", 1)]
        documents = await self._documents.find(query).sort(order).limit(most).to_list(most)
        last_of = (documents[-1]["next_at"], documents[-1]["_id"]) if len(documents) == most else None
        return self._page(documents, last_of)

    def _page(self, documents: Sequence[Mapping[str, Any]], following: C | None) -> "RecordsPage[R, C]":
        records, unreadable = list[R](), list[Unreadable]()
        for document in documents:
            try:
                records.append(self._record(document))
            except Exception as error:  # of another version, sealed under a lost key, broken: it stays as it is
                unreadable.append(Unreadable(str(document["_id"]), type(error).__name__))
        return RecordsPage(tuple(records), tuple(unreadable), following)

    async def earliest(self, fact: str = "next_at", among: Mapping[str, Any] | None = None) -> datetime | None:
        """The earliest moment of that fact among these records, those of the past included; none where none has one."""
        query = {**(among or {}), fact: _IN_CALENDAR}
        found = await self._documents.find(query, {fact: 1}).sort(fact, 1).limit(1).to_list(1)
        return None if not found else cast("datetime", found[0][fact])

    async def distinct(self, fact: str, query: Mapping[str, Any]) -> tuple[str, ...]:
        """The different values of a fact among these records."""
        return tuple(sorted(await self._documents.distinct(fact, dict(query))))

    async def last(self, query: Mapping[str, Any]) -> R | None:
        """Of the records with these facts the one with the highest id."""
        found = await self._documents.find(dict(query)).sort("_id", -1).limit(1).to_list(1)
        return self._record(found[0]) if found else None

    async def newest(self, most: int) -> tuple[R, ...]:
        """Those with the latest moment among their facts, the latest first."""
        documents = await self._documents.find({}).sort([("at", -1), ("_id", -1)]).limit(most).to_list(most)
        return self._page(documents, None).records

    async def these(self, wanted: Collection[str]) -> tuple[R, ...]:
        """The records of these ids, as far as they are there."""
        return await self.every({"_id": {"$in": sorted(wanted)}})

    async def known(self, wanted: Collection[str]) -> frozenset[str]:
        """Which of these ids there are records of."""
        found = self._documents.find({"_id": {"$in": sorted(wanted)}}, {"_id": 1})
        return frozenset([document["_id"] async for document in found])

    async def every(self, query: Mapping[str, Any]) -> tuple[R, ...]:
        """All records with these facts, however many; the caller knows that they are few. Those that cannot be read
        are left out."""
        documents = [document async for document in self._documents.find(dict(query)).sort("_id", 1)]
        return self._page(documents, None).records

    async def wake(self, states: Collection[str], now: datetime) -> None:
        """Everything in these states is due now."""
        # The version grows, so that whoever read before this saves nothing over it; time is in fact and record alike.
        await self._documents.update_many(
            {"state": {"$in": [str(state) for state in states]}, "next_at": {"$gt": now}},
            {"$set": {"next_at": now, "record.next_at": now}, "$inc": {"version": 1}},
        )

    async def postpone(self, record: R, until: datetime) -> None:
        """Not looked at again before this moment; a newer version of the record is left alone."""
        await self._documents.update_one(
            {"_id": self.id_of(record), "version": record.version},
            {"$set": {"next_at": until, "record.next_at": until}, "$inc": {"version": 1}},
        )

    async def index(self, *names: str, together: Sequence[str] = ()) -> None:
        """Found quickly by each of these facts, or by several together, and in the order of their ids then, which is
        that of a queue; none of them is unique."""
        there = await self._documents.index_information()
        for facts in (*((name,) for name in names), *((tuple(together),) if together else ())):
            await self._documents.create_index([*((name, 1) for name in facts), ("_id", 1)])
            # of an earlier version: it gave no order, so a queue was sorted, or all of the collection walked through
            if len(facts) == 1 and f"{facts[0]}_1" in there:
                with suppress(OperationFailure):  # another process is at it
                    await self._documents.drop_index(f"{facts[0]}_1")

    def _document(self, record: R, version: int) -> dict[str, Any]:
        dumped = cast("dict[str, Any]", self._shape.dump_python(record, by_alias=True))
        del dumped["version"]
        for name in _SEALED:
            if dumped.get(name) is not None:
                dumped[name] = Binary(self._codec.seal(json.dumps(dumped[name]).encode()))
        return {"version": version, **self._facts_of(record), "record": dumped}

    def _record(self, document: Mapping[str, Any]) -> R:
        dumped = dict(document["record"])
        for name in _SEALED:
            if dumped.get(name) is not None:
                dumped[name] = json.loads(self._codec.open(bytes(dumped[name])))
        return self._shape.validate_python({**dumped, "version": document["version"]})


async def insert_new(documents: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Written into that collection, whichever were there already."""
    if not rows:
        return
    try:
        # Unordered: an ordered insert would stop at the first row that is there already.
        await documents.insert_many(rows, ordered=False)
    except BulkWriteError as error:
        details = error.details or {}
        others = [e for e in details.get("writeErrors", []) if e.get("code") != _DUPLICATE]
        if others or details.get("writeConcernErrors"):
            raise


def _at_version(record: R, version: int) -> R:
    return cast("R", replace(cast("Any", record), version=version))
