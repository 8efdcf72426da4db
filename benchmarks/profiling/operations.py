"""What one message asks of the database, from mongod's own profiler: by collection, command and shape."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pymongo import MongoClient

Json = dict[str, Any]

KEPT_BYTES: Final = 512 * 1024 * 1024
NO_OPERATORS: Final = 8
"""More keys than these make a shape nobody reads."""


@dataclass(slots=True)
class Operations:
    """All operations of one shape."""

    count: int = 0
    millis: int = 0
    """Until it was answered; of an insert and a findAndModify the wait for the majority is part."""
    keys: int = 0
    documents: int = 0
    returned: int = 0
    plans: Counter[str] = field(default_factory=Counter)


def begin(client: "MongoClient[Json]", database: str) -> None:
    """Profile every operation of that database from now on, with room for all of them."""
    base = client[database]
    base.command("profile", 0)
    base.drop_collection("system.profile")
    base.create_collection("system.profile", capped=True, size=KEPT_BYTES)
    base.command("profile", 2)


def end(client: "MongoClient[Json]", database: str) -> dict[tuple[str, str, str], Operations]:
    """Stop; what was seen, by collection, command and shape."""
    base = client[database]
    base.command("profile", 0)
    found: dict[tuple[str, str, str], Operations] = defaultdict(Operations)
    for row in base["system.profile"].find():
        collection = str(row["ns"]).partition(".")[2]
        if collection == "system.profile" or row.get("appName") != "janji":
            continue
        one = found[collection, *_command(row)]
        one.count += 1
        one.millis += int(row.get("millis", 0))
        one.keys += int(row.get("keysExamined", 0))
        one.documents += int(row.get("docsExamined", 0))
        one.returned += int(row.get("nreturned", row.get("nModified", 0)) or 0)
        one.plans[str(row.get("planSummary", "–"))] += 1
    base.drop_collection("system.profile")
    return found


def _command(row: Mapping[str, Any]) -> tuple[str, str]:
    """The command's name and its shape: the fields it asks by, and those it sets."""
    given: Mapping[str, Any] = row.get("command", {})
    match row["op"]:
        case "query":
            sort = f" sort {_keys(given['sort'])}" if given.get("sort") else ""
            only = f" only {_keys(given['projection'])}" if given.get("projection") else ""
            return "find", f"{_keys(given.get('filter', {}))}{sort}{only}"
        case "update":
            upsert = " upsert" if given.get("upsert") else ""
            return "update", f"{_keys(given.get('q', {}))} → {_change(given.get('u', {}))}{upsert}"
        case "insert":
            return "insert", ""
        case "remove":
            return "delete", _keys(given.get("q", {}))
        case "getmore":
            return "getMore", "change stream" if "$changeStream" in str(row.get("originatingCommand", "")) else ""
        case _:
            name = next(iter(given), "?")
            shape = _keys(given.get("query", {})) + (f" → {_change(given['update'])}" if "update" in given else "")
            return name, shape if name in {"findAndModify", "findandmodify"} else ""


def _keys(asked: Any) -> str:
    if not isinstance(asked, Mapping):
        return ""
    return ", ".join(_flat(asked))


def _flat(asked: Mapping[str, Any]) -> Iterator[str]:
    for name, value in asked.items():
        if name in {"$and", "$or"}:
            yield f"{name}(…)"
        elif isinstance(value, Mapping) and "$elemMatch" in value:
            yield f"{name}[{_keys(value['$elemMatch'])}]"
        elif isinstance(value, Mapping) and str(next(iter(value), "")).startswith("$") and name != "$expr":
            yield f"{name} {next(iter(value))}"
        else:
            yield name


def _change(change: Any) -> str:
    """The operators of an update, with the fields they touch."""
    stages = change if isinstance(change, list) else [change]
    told = []
    for stage in stages:
        if isinstance(stage, Mapping):
            told += [f"{operator}({', '.join(list(fields)[:NO_OPERATORS])})" for operator, fields in stage.items()]
    return " ".join(told)


def table(found: Mapping[tuple[str, str, str], Operations], messages: int) -> str:
    """As Markdown, the most frequent first."""
    head = ("collection", "command", "shape", "per message", "ms", "keys", "documents", "returned", "plan")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for (collection, command, shape), one in sorted(found.items(), key=lambda item: -item[1].count):
        plan = ", ".join(name for name, _ in one.plans.most_common(2))
        each = (one.millis, one.keys, one.documents, one.returned)
        numbers = [f"{number / one.count:.1f}" for number in each]
        row = [collection, command, shape.replace("|", "/"), f"{one.count / messages:.2f}", *numbers, plan]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def by_collection(found: Mapping[tuple[str, str, str], Operations], messages: int) -> str:
    """Only collection and command, as Markdown."""
    summed: Counter[tuple[str, str]] = Counter()
    for (collection, command, _), one in found.items():
        summed[collection, command] += one.count
    lines = ["| collection | command | per message |", "|---|---|---|"]
    lines += [f"| {name} | {command} | {count / messages:.2f} |" for (name, command), count in summed.most_common()]
    return "\n".join(lines)
