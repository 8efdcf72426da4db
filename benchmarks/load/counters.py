"""What the database was asked: command counters of `serverStatus`, and the profiler's list."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from pymongo import MongoClient

Json = dict[str, Any]

OURS: Final = frozenset({"serverStatus"})
"""Commands only the benchmark gives."""


def commands(client: "MongoClient[Json]") -> Counter[str]:
    """How often each command was carried out since the server started, a bulk of any size counted once."""
    told: Mapping[str, Any] = client.admin.command("serverStatus")["metrics"]["commands"]
    counted = {name: one["total"] for name, one in told.items() if isinstance(one, dict) and "total" in one}
    return Counter({name: int(total) for name, total in counted.items() if total and name not in OURS})


def since(before: Counter[str], after: Counter[str]) -> Counter[str]:
    """The commands between two looks."""
    return Counter({name: count - before[name] for name, count in after.items() if count > before[name]})
