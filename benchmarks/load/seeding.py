"""A database as after years: leads that talked once, cloned from real ones with all that belongs to them.

A clone is never addressed: what is sealed in it was sealed for the lead it was cloned from, and nobody can open it
under its new name. Its indexes, its size and its place in every list are those of a real one.
"""

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from benchmarks.load.rig import Rig
from benchmarks.load.wire import Broken

Json = dict[str, Any]

OWNERS: Final = ("_id", "lead", "lead_id")
"""Fields by which a document says whose it is."""
IDS_OF_META: Final = ("wamid",)
FAR: Final = datetime(2040, 1, 1, tzinfo=UTC)
BATCH: Final = 2000
MODELS: Final = 50
"""Leads that are cloned."""


async def seed(rig: Rig, database: str, leads: int) -> dict[str, int]:
    """Clone until there are so many leads; how many documents each collection has then."""
    return await asyncio.to_thread(_seed, rig.mongod.client, database, leads)


def _seed(client: "MongoClient[Any]", database: str, leads: int) -> dict[str, int]:
    base = client.get_database(database, write_concern=WriteConcern(w=1))
    names = [name for name in base.list_collection_names() if not name.startswith("system.")]
    missing = leads - base["leads"].estimated_document_count()
    # those with the longest conversations; what is being sent must not be sent again by a clone
    longest = base["messages"].aggregate([{"$sortByCount": "$lead"}])
    idle = {row["_id"] for row in base["leads"].find({"outbox": []}, {"_id": 1})}
    models = list(itertools.islice((row["_id"] for row in longest if row["_id"] in idle), MODELS))
    if not models:
        raise Broken("there is no lead to be cloned")
    began = time.monotonic()
    for name in names:
        owned = [list(base[name].find({"$or": [{field: one} for field in OWNERS]})) for one in models]
        if not any(owned):
            continue
        clones = _clones(owned, models, missing)
        while batch := list(itertools.islice(clones, BATCH)):
            base[name].insert_many(batch, ordered=False)
        print(f"bench: seeded {name}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    client.admin.command("fsync")
    return {name: base[name].estimated_document_count() for name in names}


def _clones(owned: Sequence[Sequence[Json]], models: Sequence[str], count: int) -> Iterator[Json]:
    for number in range(max(0, count)):
        place = number % len(models)
        for row in owned[place]:
            yield _clone(row, models[place], number)


def _clone(row: Json, model: str, number: int) -> Json:
    clone = dict(row)
    clone["_id"] = f"{row['_id']}~{number}"
    for field in OWNERS[1:]:
        if row.get(field) == model:
            clone[field] = f"{model}~{number}"
    for field in IDS_OF_META:
        if isinstance(row.get(field), str):
            clone[field] = f"{row[field]}~{number}"
    if isinstance(row.get("next_due_at"), datetime):
        clone["next_due_at"] = FAR + timedelta(seconds=number)
    return clone
