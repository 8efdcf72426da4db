"""`tasks`: work around bookings, one document each under `<subject>:<template>:<number>`; never deleted.

Whoever writes has read first: a write is guarded by the revision that was read, so of two at the same moment one is
made again on what the other left. What is news for a booking's customer stays `untold` until it was told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from bot.domain.ids import BookingReference
from bot.domain.task import FINISHED, PROVIDER_ROLE, UPKEEP, PlannedTask, Task, TaskKind, TaskState
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.lifecycle.job_notices import having_told, job_notices
from bot.lifecycle.tasks import TaskPlan, is_ready, last_of, move_task
from bot.lifecycle.work_alarms import work_alarms
from bot.store.alarms import alarm_document
from bot.store.carried_tasks import DUE, TRIES
from bot.store.driver import Collection, Database, Document, aggregate
from bot.store.task_rows import document_of, offer_rows, readable, shown_row

NOT_PLANNED: Final = "not_planned"
"""Why a task is withdrawn that a later plan of its booking no longer has."""
MOST_JOBS: Final = 20
"""So many jobs somebody is shown at once."""
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
        for key in ("next_at", "untold_since", "unshown_since", "alarms.since"):
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
            # of this very plan none is without a name, the plan of a later moment has all that an earlier one had: but
            # what asked about a change, which ends for good
            earlier = [one for one in others if one.plan_no < order.plan_no or one.planned.template in order.not_asked]
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

    async def write(self, task: Task, now: datetime, session: Any = None) -> bool:
        """Keep it, if nobody has written since its last revision; whether it was kept. In that session's transaction,
        where there is one."""
        document = document_of(task)
        # how long its news has waited; what is told carries none
        document["untold_since"] = now if task.acknowledged < task.revision else None
        if self._are_carried:
            document |= {DUE: now, TRIES: 0}
        alarms = work_alarms(task, now)
        if alarms is not None:
            # read next to those of customers (`store/alarms`)
            document["alarms"] = [alarm_document(alarm) for alarm in alarms]
        document["unshown_since"] = now if job_notices(task) else None
        if task.revision == 1:
            try:
                await self._collection.insert_one(document, session=session)
            except DuplicateKeyError:
                return False
            return True
        guard = {"_id": task.id, "revision": task.revision - 1}
        # set and not replaced: what the outside system was told of it stays
        result = await self._collection.update_one(guard, {"$set": document}, session=session)
        return bool(result.matched_count)

    # What has to be looked at, and told -------------------------------------------------------------------------------

    async def to_look_at(self, now: datetime, limit: int = 200) -> list[Task]:
        """Unfinished ones whose moment has come."""
        # its type too: the index has only those that are to be looked at, and is used by who says so
        query = {"next_at": {"$lte": now, "$type": "date"}}
        return list(readable(await self._collection.find(query).sort("next_at", 1).to_list(limit)))

    async def offered(self) -> list[Task]:
        """Those for which somebody's answer is waited for."""
        # each of them is to be looked at when the time to answer is over
        query = {"next_at": {"$type": "date"}, "state": TaskState.OFFERED.value}
        return list(readable(await self._collection.find(query).to_list(None)))

    async def untold(self, limit: int = 200) -> list[Task]:
        """Those whose booking has to hear of them, the longest waiting first."""
        query = {"untold_since": {"$type": "date"}}
        return list(readable(await self._collection.find(query).sort("untold_since", 1).to_list(limit)))

    async def unshown(self, limit: int = 200) -> list[Task]:
        """Those of which somebody who has them, or had them, has to be told, the longest waiting first."""
        query = {"unshown_since": {"$type": "date"}}
        return list(readable(await self._collection.find(query).sort("unshown_since", 1).to_list(limit)))

    async def mark_shown(self, task: Task, thread: str | None) -> None:
        """Everybody was told how it stands in that revision, whoever has it in that thread; what has come since is
        told again."""
        known = having_told(task, thread)
        change = {"shown": shown_row(known.shown), "offers": offer_rows(known.offers), "unshown_since": None}
        await self._collection.update_one({"_id": task.id, "revision": task.revision}, {"$set": change})

    async def acknowledge(self, task: Task) -> None:
        """It was told as it stands in that revision; what has come since is untold."""
        guard = {"_id": task.id, "revision": task.revision}
        told = {"acknowledged": task.revision, "untold_since": None}
        await self._collection.update_one(guard, {"$set": told})

    # Read -------------------------------------------------------------------------------------------------------------

    async def find(self, task: str) -> Task | None:
        """One task; none where it cannot be read."""
        row = await self._collection.find_one({"_id": task})
        return None if row is None else next(iter(readable([row])), None)

    async def of_workers(
        self,
        providers: Sequence[str],
        staff: Sequence[str],
        limit: int | None = MOST_JOBS,
        due_from: datetime | None = None,
    ) -> list[Task]:
        """What these people have to do, the first due first: services by providers, all else by staff, who may have
        the same ids."""
        query = _of_people(providers, staff) | {"state": {"$nin": _FINISHED}}
        if due_from is not None:
            query |= {"due_at": {"$gte": due_from}}
        rows = await self._collection.find(query).sort([("due_at", 1), ("_id", 1)]).to_list(limit)
        return list(readable(rows))

    async def due_between(self, first: datetime, last: datetime) -> list[Task]:
        """Unfinished ones that somebody has and that are due then, the first due first."""
        query = {"due_at": {"$gte": first, "$lt": last}, "assignee": {"$type": "string"}, "state": {"$nin": _FINISHED}}
        return list(readable(await self._collection.find(query).sort([("due_at", 1), ("_id", 1)]).to_list(None)))

    async def busy_with(self, workers: Sequence[str], first: datetime, before: datetime) -> list[Task]:
        """What these people have to do that is due between these moments."""
        due = {"$gte": first, "$lt": before}
        query = {"assignee": {"$in": sorted(workers), "$type": "string"}, "due_at": due, "state": {"$nin": _FINISHED}}
        return list(readable(await self._collection.find(query).to_list(None)))

    async def of_booking(self, booking: BookingReference) -> list[Task]:
        """All tasks of a booking, the first due first; one that cannot be read hides none of the others."""
        return (await self.of_bookings([booking])).get(booking, [])

    async def of_bookings(self, bookings: Iterable[BookingReference]) -> dict[BookingReference, list[Task]]:
        """The same of several, in one go."""
        query = {"booking": {"$in": sorted(bookings)}}
        rows = await self._collection.find(query).sort([("due_at", 1), ("_id", 1)]).to_list(None)
        found: dict[BookingReference, list[Task]] = {}
        for task in readable(rows):
            if task.booking is not None:
                found.setdefault(task.booking, []).append(task)
        return found

    async def of_upkeep(self) -> list[Task]:
        """All tasks of upkeep that there were and are."""
        query = {"booking": None, "template": {"$regex": f"^{UPKEEP}\\."}}
        return list(readable(await self._collection.find(query).sort("_id", 1).to_list(None)))

    async def of_sessions(self, sessions: Iterable[str]) -> list[Task]:
        """All tasks of these sessions of group events, the first due first."""
        query = {"session": {"$in": sorted(sessions), "$type": "string"}}
        return list(readable(await self._collection.find(query).sort([("due_at", 1), ("_id", 1)]).to_list(None)))

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
        return TaskPage(tuple(readable(rows[:limit])), str(skip + limit) if len(rows) > limit else None)

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


def _of_people(providers: Sequence[str], staff: Sequence[str]) -> Document:
    service, theirs = TaskKind.SERVICE.value, PROVIDER_ROLE
    return {
        # its type too: the index has only what somebody has, and is used by who says so
        "assignee": {"$in": sorted({*providers, *staff}), "$type": "string"},
        "$or": [
            {"kind": service, "assignee": {"$in": list(providers)}},
            {"role": theirs, "assignee": {"$in": list(providers)}},
            {"kind": {"$ne": service}, "role": {"$ne": theirs}, "assignee": {"$in": list(staff)}},
        ],
    }


def _filter(asked: TaskQuery) -> Document:
    plain: Document = {"state": asked.state, "kind": asked.kind, "assignee": asked.who}
    query: Document = {key: str(value) for key, value in plain.items() if value is not None}
    if asked.due_before is not None:
        query |= {"due_at": {"$lt": asked.due_before}}
    if asked.is_unfinished and asked.state is None:
        query |= {"state": {"$nin": _FINISHED}}
    return query
