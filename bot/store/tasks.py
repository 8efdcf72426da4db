"""`tasks`: work around bookings, one document each under `<subject>:<template>:<number>`; never deleted.

Whoever writes has read first: a write is guarded by the revision that was read, so of two at the same moment one is
made again on what the other left. What is news for a booking's customer stays `untold` until it was told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog
from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from bot.domain.ids import BookingReference
from bot.domain.task import FINISHED, UPKEEP, PlannedTask, ShownJob, Task, TaskKind, TaskState
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.lifecycle.job_notices import having_told, job_notices
from bot.lifecycle.tasks import TaskPlan, is_ready, last_of, move_task
from bot.store.carried_tasks import DUE, TRIES
from bot.store.driver import Collection, Database, Document, aggregate

log = structlog.get_logger(__name__)

NOT_PLANNED: Final = "not_planned"
"""Why a task is withdrawn that a later plan of its booking no longer has."""
_SHOWN: Final = TypeAdapter(ShownJob)
_FINISHED: Final = sorted(state.value for state in FINISHED)


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Which tasks; what is not said is any."""

    state: TaskState | None = None
    kind: TaskKind | None = None
    who: str | None = None
    due_before: datetime | None = None
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some tasks of a long list, and where the next ones begin."""

    tasks: tuple[Task, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many tasks there are, by where they stand; `by_who` counts those that somebody has or has done."""

    by_state: dict[TaskState, int]
    late: int
    nobodys: int
    done_in_time: int
    done_late: int
    by_who: dict[str, int]


class Tasks:
    """The collection `tasks`."""

    def __init__(self, database: Database, *, are_carried: bool = False) -> None:
        self._collection: Collection = database["tasks"]
        self._are_carried = are_carried
        """Whether an outside system is told of each change (`carried_tasks`)."""

    async def create_indexes(self) -> None:
        """By booking; the list by due moment; what has to be looked at, and what has to be told, are few."""
        await self._collection.create_index([("booking", 1)])
        await self._collection.create_index([("due_at", 1), ("_id", 1)])
        only = {"session": {"$type": "string"}}
        await self._collection.create_index([("session", 1)], partialFilterExpression=only)
        assigned = {"assignee": {"$type": "string"}}
        await self._collection.create_index([("assignee", 1), ("due_at", 1)], partialFilterExpression=assigned)
        for key in ("next_at", "untold_since", "unshown_since"):
            await self._collection.create_index([(key, 1)], partialFilterExpression={key: {"$type": "date"}})

    # What a lead orders -----------------------------------------------------------------------------------------------

    async def ensure(self, order: EnsureTasks) -> None:
        """The tasks of that plan; the same again, or an older one, changes nothing."""
        plan = TaskPlan(order.booking, order.plan_no, order.at)
        for planned in order.planned:

            def ensured(known: Sequence[Task], planned: PlannedTask = planned) -> list[Task]:
                task = plan.ensured(last_of(known, planned.template), planned, is_ready=is_ready(known, planned))
                return [] if task is None else [task]

            await self._changed(order.booking, ensured, order.at)
        named = {planned.template for planned in order.planned}

        def no_longer_planned(known: Sequence[Task]) -> list[Task]:
            others = [task for task in known if task.planned.template not in named and not task.is_by_hand]
            # of this very plan none is without a name: the plan of a later moment has all that an earlier one had
            earlier = [task for task in others if task.plan_no < order.plan_no]
            return _all(plan.withdrawn(task, NOT_PLANNED) for task in earlier)

        await self._changed(order.booking, no_longer_planned, order.at)
        await self.open_ready(order.booking, order.at)

    async def withdraw(self, order: WithdrawTasks) -> None:
        """Nothing is to be done for that booking any more."""
        plan = TaskPlan(order.booking, order.plan_no, order.at)
        await self._changed(
            order.booking, lambda known: _all(plan.withdrawn(task, order.reason) for task in known), order.at
        )

    async def open_ready(self, booking: BookingReference, now: datetime) -> None:
        """What waited for other work of that booking that is finished now is open."""

        def opened(known: Sequence[Task]) -> list[Task]:
            waiting = [one for one in known if one.state is TaskState.WAITING and is_ready(known, one.planned)]
            moved = [move_task(task, TaskState.OPEN, now, "system") for task in waiting]
            return [replace(task, acknowledged=task.revision) for task in moved]

        await self._changed(booking, opened, now)

    async def _changed(
        self, booking: BookingReference, change: Callable[[Sequence[Task]], list[Task]], now: datetime
    ) -> None:
        """Change tasks of a booking until nothing is left to change; each change is decided on what stands then."""
        while True:
            known = await self.of_booking(booking)
            changed = change(known)
            missed = [task for task in changed if not await self.write(task, now)]
            if not missed:
                return

    async def write(self, task: Task, now: datetime) -> bool:
        """Keep it, if nobody has written since its last revision; whether it was kept."""
        document = _document(task)
        # how long its news has waited; what is told carries none
        document["untold_since"] = now if task.acknowledged < task.revision else None
        if self._are_carried:
            document |= {DUE: now, TRIES: 0}
        document["unshown_since"] = now if job_notices(task) else None
        if task.revision == 1:
            try:
                await self._collection.insert_one(document)
            except DuplicateKeyError:
                return False
            return True
        guard = {"_id": task.id, "revision": task.revision - 1}
        # set and not replaced: what the outside system was told of it stays
        result = await self._collection.update_one(guard, {"$set": document})
        return bool(result.matched_count)

    # What has to be looked at, and told -------------------------------------------------------------------------------

    async def to_look_at(self, now: datetime, limit: int = 200) -> list[Task]:
        """Unfinished ones whose moment has come."""
        # its type too: the index has only those that are to be looked at, and is used by who says so
        query = {"next_at": {"$lte": now, "$type": "date"}}
        return list(_readable(await self._collection.find(query).sort("next_at", 1).to_list(limit)))

    async def untold(self, limit: int = 200) -> list[Task]:
        """Those whose booking has to hear of them, the longest waiting first."""
        query = {"untold_since": {"$type": "date"}}
        return list(_readable(await self._collection.find(query).sort("untold_since", 1).to_list(limit)))

    async def unshown(self, limit: int = 200) -> list[Task]:
        """Those of which somebody who has them, or had them, has to be told, the longest waiting first."""
        query = {"unshown_since": {"$type": "date"}}
        return list(_readable(await self._collection.find(query).sort("unshown_since", 1).to_list(limit)))

    async def mark_shown(self, task: Task) -> None:
        """Everybody was told how it stands in that revision; what has come since is told again."""
        known = having_told(task)
        change = {"shown": None if known.shown is None else _SHOWN.dump_python(known.shown), "unshown_since": None}
        await self._collection.update_one({"_id": task.id, "revision": task.revision}, {"$set": change})

    async def acknowledge(self, task: Task) -> None:
        """It was told as it stands in that revision; what has come since is untold."""
        guard = {"_id": task.id, "revision": task.revision}
        told = {"acknowledged": task.revision, "untold_since": None}
        await self._collection.update_one(guard, {"$set": told})

    # Read -------------------------------------------------------------------------------------------------------------

    async def find(self, task: str) -> Task | None:
        """One task."""
        row = await self._collection.find_one({"_id": task})
        return None if row is None else _read(row)

    async def of_workers(self, workers: Sequence[str], limit: int = 20) -> list[Task]:
        """What these people have to do, the first due first."""
        # its type too: the index has only what somebody has, and is used by who says so
        query = {"assignee": {"$in": list(workers), "$type": "string"}, "state": {"$nin": _FINISHED}}
        rows = await self._collection.find(query).sort([("due_at", 1), ("_id", 1)]).to_list(limit)
        return list(_readable(rows))

    async def of_booking(self, booking: BookingReference) -> list[Task]:
        """All tasks of a booking, the first due first; one that cannot be read hides none of the others."""
        return (await self.of_bookings([booking])).get(booking, [])

    async def of_bookings(self, bookings: Iterable[BookingReference]) -> dict[BookingReference, list[Task]]:
        """The same of several, in one go."""
        query = {"booking": {"$in": sorted(bookings)}}
        rows = await self._collection.find(query).sort([("due_at", 1), ("_id", 1)]).to_list(None)
        found: dict[BookingReference, list[Task]] = {}
        for task in _readable(rows):
            if task.booking is not None:
                found.setdefault(task.booking, []).append(task)
        return found

    async def of_upkeep(self) -> list[Task]:
        """All tasks of upkeep that there were and are."""
        query = {"booking": None, "template": {"$regex": f"^{UPKEEP}\\."}}
        return list(_readable(await self._collection.find(query).sort("_id", 1).to_list(None)))

    async def of_sessions(self, sessions: Iterable[str]) -> list[Task]:
        """All tasks of these sessions of group events, the first due first."""
        query = {"session": {"$in": sorted(sessions), "$type": "string"}}
        return list(_readable(await self._collection.find(query).sort([("due_at", 1), ("_id", 1)]).to_list(None)))

    async def unfinished_sessions(self) -> set[str]:
        """Sessions of which something is still to be done."""
        query = {"session": {"$type": "string"}, "state": {"$nin": _FINISHED}}
        rows = await self._collection.find(query, {"session": 1}).to_list(None)
        return {str(row["session"]) for row in rows}

    async def page(self, asked: TaskQuery, limit: int, cursor: str | None) -> TaskPage:
        """Tasks, the first due first."""
        skip = int(cursor) if cursor is not None and cursor.isdigit() else 0
        found = self._collection.find(_filter(asked)).sort([("due_at", 1), ("_id", 1)]).skip(skip)
        rows = await found.to_list(limit + 1)
        return TaskPage(tuple(_readable(rows[:limit])), str(skip + limit) if len(rows) > limit else None)

    async def counts(self, first: datetime | None, before: datetime | None) -> TaskCounts:
        """How many are due between these moments, and where they stand."""
        due = {key: moment for key, moment in (("$gte", first), ("$lt", before)) if moment is not None}
        match: Document = {"due_at": due} if due else {}
        who = {"$ifNull": ["$done_by", "$assignee"]}
        in_time = {"$and": [{"$ne": ["$done_at", None]}, {"$lte": ["$done_at", "$due_at"]}]}
        group = {
            "_id": {"state": "$state", "who": who, "late": "$is_late", "in_time": in_time},
            "count": {"$sum": 1},
        }
        by_state: dict[TaskState, int] = {}
        by_who: dict[str, int] = {}
        late = nobodys = done_in_time = done_late = 0
        for row in await aggregate(self._collection, [{"$match": match}, {"$group": group}]):
            key, count = row["_id"], int(row["count"])
            if key.get("state") not in set(TaskState):
                continue
            state = TaskState(key["state"])
            by_state[state] = by_state.get(state, 0) + count
            if state is TaskState.DONE:
                done_in_time += count if key["in_time"] else 0
                done_late += 0 if key["in_time"] else count
            elif state is not TaskState.WITHDRAWN:
                late += count if key.get("late") else 0
                nobodys += count if key.get("who") is None else 0
            if key.get("who") is not None and state is not TaskState.WITHDRAWN:
                by_who[str(key["who"])] = by_who.get(str(key["who"]), 0) + count
        return TaskCounts(by_state, late, nobodys, done_in_time, done_late, by_who)


def _all(tasks: Iterable[Task | None]) -> list[Task]:
    return [task for task in tasks if task is not None]


def _filter(asked: TaskQuery) -> Document:
    plain: Document = {"state": asked.state, "kind": asked.kind, "assignee": asked.who}
    query: Document = {key: str(value) for key, value in plain.items() if value is not None}
    if asked.due_before is not None:
        query |= {"due_at": {"$lt": asked.due_before}}
    if asked.is_unfinished and asked.state is None:
        query |= {"state": {"$nin": _FINISHED}}
    return query


def _document(task: Task) -> Document:
    planned = task.planned
    return {
        "_id": task.id,
        "booking": task.booking,
        "template": planned.template,
        "number": task.number,
        "plan_no": task.plan_no,
        "kind": planned.kind.value,
        "title": dict(planned.title),
        "role": planned.role,
        "place": planned.place,
        "due_at": planned.due_at,
        "minutes": planned.minutes,
        "after": list(planned.after),
        "state": task.state.value,
        "assignee": task.assignee,
        "note": task.note,
        "done_by": task.done_by,
        "done_at": task.done_at,
        "withdrawn_for": task.withdrawn_for,
        "who": planned.who,
        "guests": planned.guests,
        "wants_photo": planned.wants_photo,
        "on_the_way_at": task.on_the_way_at,
        "started_at": task.started_at,
        "photo": task.photo,
        "asked_at": task.asked_at,
        "shown": None if task.shown is None else _SHOWN.dump_python(task.shown),
        "is_late": task.is_late,
        "next_at": task.next_at,
        "by": task.by,
        "revision": task.revision,
        "acknowledged": task.acknowledged,
        "session": task.session,
    }


def _readable(rows: Iterable[Document]) -> Iterable[Task]:
    for row in rows:
        try:
            yield _read(row)
        except (KeyError, ValueError, TypeError) as error:
            log.error("task_unreadable", task=str(row.get("_id")), problem=type(error).__name__)


_MOMENTS: Final = ("next_at", "done_at", "on_the_way_at", "started_at", "asked_at")
_TEXTS: Final = ("booking", "role", "place", "who", "assignee", "note", "done_by", "withdrawn_for", "photo", "session")


def _read(row: Document) -> Task:
    is_of_its_kind = isinstance(row["due_at"], datetime) and (
        all(isinstance(row.get(name), datetime | None) for name in _MOMENTS)
        and all(isinstance(row.get(name), str | None) for name in _TEXTS)
        and all(isinstance(name, str) for name in row["after"])
    )
    if not is_of_its_kind:
        raise TypeError("a column of another kind")
    title = tuple(sorted((str(code), str(words)) for code, words in dict(row["title"]).items()))
    planned = PlannedTask(
        str(row["template"]),
        title,
        row["due_at"],
        int(row["minutes"]),
        row["role"],
        row["place"],
        tuple(row["after"]),
        TaskKind(row["kind"]),
        row.get("who"),
        row.get("guests"),
        bool(row.get("wants_photo")),
    )
    shown = row.get("shown")
    return Task(
        None if row["booking"] is None else BookingReference(row["booking"]),
        int(row["number"]),
        int(row["plan_no"]),
        planned,
        TaskState(row["state"]),
        row["next_at"],
        row["assignee"],
        row["note"],
        row["done_by"],
        row["done_at"],
        row["withdrawn_for"],
        bool(row["is_late"]),
        str(row["by"]),
        int(row["revision"]),
        row.get("on_the_way_at"),
        row.get("started_at"),
        row.get("photo"),
        row.get("asked_at"),
        None if shown is None else _SHOWN.validate_python(shown),
        int(row["acknowledged"]),
        row.get("session"),
    )
