"""What the database says of things that wait for a person, each source by itself and in plain.

Alarms stand in the documents of leads, partners and tasks (`bot.store.alarms`); the rest is asked for here. Nothing is
kept: a cause is there exactly as long as what it is read from says so.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.domain.alarms import AlarmReason, LeadAlarm
from bot.domain.attention import AttentionCause, AttentionSubject, HouseReason, reason_of
from bot.domain.partner import is_partner
from bot.domain.task import TaskKind, TaskState
from bot.domain.template_standing import OURS, STOPPED, wanted_category
from bot.store.delivery import HAS_BODY, DeliveryState
from bot.store.driver import Database, Document, aggregate
from bot.store.operator_notices import OperatorNotice, OperatorNotices
from bot.store.outbox_pause import OutboxPause
from bot.store.set_aside import SetAsideCounts
from bot.store.task_rows import readable
from bot.store.template_standings import TemplateStandings

log = structlog.get_logger(__name__)

_ALARMS: Final = TypeAdapter(LeadAlarm)
_WITH_ALARMS: Final[Document] = {"alarms.since": {"$type": "date"}, "merged_into": None, "erased": {"$ne": True}}
MOST_WITH_AGENTS: Final = 500
_OF_GRAVITY: Final = {"critical": HouseReason.ACCOUNT_NEWS, "warning": HouseReason.ACCOUNT_WARNING}
"""The gravities are the channel's (`bot.engine.channel`)."""

_ABOUT: Final[Mapping[AlarmReason, AttentionSubject]] = {
    AlarmReason.REFUND_FAILED: AttentionSubject.REFUND,
    AlarmReason.REFUND_NEEDS_ACCOUNT: AttentionSubject.REFUND,
    AlarmReason.PAYOUT_STUCK: AttentionSubject.PAYOUT,
    AlarmReason.TASK_LATE: AttentionSubject.TASK,
    AlarmReason.TASK_PROBLEM: AttentionSubject.TASK,
    AlarmReason.TASK_UNFILLED: AttentionSubject.TASK,
    AlarmReason.WORDS_WAIT: AttentionSubject.TASK,
}
_OF_COUNTS: Final = {
    "orders_kept": HouseReason.ORDERS_KEPT,
    "deliveries_passed_by": HouseReason.DELIVERIES_PASSED_BY,
    "leads_resting": HouseReason.LEADS_RESTING,
    "tasks_not_carried": HouseReason.TASKS_NOT_CARRIED,
}

_OF_TEMPLATES: Final = frozenset({"template_status", "template_category"})

Source = Callable[[], Awaitable[list[AttentionCause]]]


class StoredCauses:
    """Reads what other collections say."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pause = OutboxPause(database)
        self._counts = SetAsideCounts(database)
        self._standings = TemplateStandings(database)
        self.notices = OperatorNotices(database)

    def sources(self) -> Mapping[str, Source]:
        """Each by its name; one that fails leaves the others alone."""
        return {
            "leads": lambda: self._alarms("leads"),
            "partners": lambda: self._alarms("partners"),
            "tasks": lambda: self._alarms("tasks"),
            "waiting_tasks": self._waiting_tasks,
            "pause": self._paused,
            "notices": self._account_news,
            "templates": self._stopped_templates,
            "deliveries": self._parked,
            "set_aside": self._set_aside,
        }

    async def _alarms(self, collection: str) -> list[AttentionCause]:
        rows = self._database[collection].find(_WITH_ALARMS, {"alarms": 1})
        return [
            cause
            for row in await rows.to_list(None)
            for plain in row["alarms"]
            if (cause := _of_alarm(collection, str(row["_id"]), plain)) is not None
        ]

    async def _waiting_tasks(self) -> list[AttentionCause]:
        """What a person of the house has to say yes to, or to look at, and nobody has taken."""
        kinds = [TaskKind.APPROVAL.value, TaskKind.ATTENTION.value]
        query = {"next_at": {"$type": "date"}, "kind": {"$in": kinds}, "state": TaskState.OPEN.value}
        causes = []
        for task in readable(await self._database["tasks"].find(query).to_list(None)):
            is_approval = task.planned.kind is TaskKind.APPROVAL
            reason = HouseReason.APPROVAL_WAITS if is_approval else HouseReason.TASK_WAITS
            # when it was opened is not kept; what tells it from another time is its own number and arrangement
            causes.append(
                AttentionCause(
                    "waiting_tasks",
                    reason.value,
                    task.id,
                    AttentionSubject.TASK,
                    min(task.planned.begins_at, task.planned.due_at),
                    due=task.planned.due_at,
                    occurrence=f"{task.arrangement}:{task.plan_no}",
                )
            )
        return causes

    async def _paused(self) -> list[AttentionCause]:
        paused = await self._pause.current()
        if paused is None:
            return []
        facts = (("reason", paused.reason), ("code", str(paused.code or "")))
        reason, about = HouseReason.SENDING_PAUSED.value, AttentionSubject.ACCOUNT
        return [AttentionCause("pause", reason, "", about, paused.since, facts=facts)]

    async def _account_news(self) -> list[AttentionCause]:
        return [
            AttentionCause(
                "notices",
                _OF_GRAVITY[one.gravity].value,
                one.id,
                AttentionSubject.ACCOUNT,
                one.at,
                facts=(("kind", one.kind), *one.facts[:6]),
            )
            for one in await self.notices.unseen_ones(tuple(_OF_GRAVITY))
            if not _is_of_template(one)
        ]

    async def _stopped_templates(self) -> list[AttentionCause]:
        """Templates of ours that Meta does not send as they stand; over when it does again."""
        return [
            AttentionCause(
                "templates",
                HouseReason.TEMPLATE_STOPPED.value,
                f"{one.name}:{one.language}",
                AttentionSubject.ACCOUNT,
                one.since,
                facts=(
                    ("template", one.name),
                    ("language", one.language),
                    ("status", one.status or "APPROVED"),
                    ("category", one.category or wanted_category(one.name)),
                ),
            )
            for one in await self._standings.stopped()
        ]

    async def _parked(self) -> list[AttentionCause]:
        """One row a kind: of a lead that has it it is the lead's own alarm, and without its body nothing is left to
        be done with it."""
        query = {"state": DeliveryState.PARKED.value, "lead": None, "$or": [{"body": body} for body in HAS_BODY]}
        each = {"_id": {"source": "$source", "why": "$reason"}, "count": {"$sum": 1}, "since": {"$min": "$parked_at"}}
        rows = await aggregate(self._database["received"], [{"$match": query}, {"$group": each}])
        reason, about = HouseReason.DELIVERY_PARKED.value, AttentionSubject.DELIVERY
        named = [(str(row["_id"].get("source")), str(row["_id"].get("why"))[:80], row) for row in rows]
        return [
            AttentionCause(
                "deliveries",
                reason,
                f"{source}:{why}",
                about,
                row["since"],
                facts=(("source", source), ("why", why), ("count", str(row["count"]))),
            )
            for source, why, row in named
            if isinstance(row["since"], datetime)
        ]

    async def _set_aside(self) -> list[AttentionCause]:
        counted = await self._counts.last()
        if counted is None:
            return []
        return [
            AttentionCause(
                "set_aside",
                reason.value,
                "",
                AttentionSubject.HOUSE,
                counted.since[kind],
                facts=(("count", str(counted.counts[kind])),),
            )
            for kind, reason in _OF_COUNTS.items()
            if counted.counts.get(kind) and kind in counted.since
        ]

    async def waiting_for_agents(self) -> list[tuple[str, datetime]]:
        """Conversations that an agent has and in which the customer spoke last, and when they did."""
        query = {"agent": {"$type": "string"}, "merged_into": None, "last_inbound_at": {"$type": "date"}}
        last = [{"$match": {"$expr": {"$eq": ["$lead", "$$lead"]}}}, {"$sort": {"at": -1}}, {"$limit": 1}]
        rows = await aggregate(
            self._database["leads"],
            [
                {"$match": query},
                {"$sort": {"last_inbound_at": -1}},
                {"$limit": MOST_WITH_AGENTS},
                {"$project": {"last_inbound_at": 1}},
                {
                    "$lookup": {
                        "from": "messages",
                        "let": {"lead": "$_id"},
                        "pipeline": [*last, {"$project": {"author": 1}}],
                        "as": "last",
                    }
                },
                {"$match": {"last.author": "customer"}},
            ],
        )
        return [(str(row["_id"]), row["last_inbound_at"]) for row in rows]


def _of_alarm(collection: str, owner: str, plain: Any) -> AttentionCause | None:
    """The cause of an alarm as it stands in plain; one that cannot be read hides none of the others."""
    try:
        alarm = _ALARMS.validate_python(plain)
    except ValidationError as error:
        log.error("alarm_unreadable", collection=collection, problems=error.error_count())
        return None
    thread = None if collection == "tasks" else owner
    about = _ABOUT.get(alarm.reason)
    if about is None:
        of_thread = AttentionSubject.PARTNER if is_partner(owner) else AttentionSubject.LEAD
        about = AttentionSubject.BOOKING if alarm.subject.startswith("BK-") else of_thread
    return AttentionCause(collection, reason_of(alarm), alarm.subject, about, alarm.since, thread=thread, due=alarm.due)


def _is_of_template(notice: OperatorNotice) -> bool:
    """Whether a row of its own says it, which ends by itself: that one of our templates is stopped."""
    facts = dict(notice.facts)
    is_ours = facts.get("message_template_name", "").startswith(OURS) and bool(facts.get("message_template_language"))
    # that one may soon be paused is no such row, and is said as before
    is_stopped = notice.kind == "template_category" or facts.get("event") in STOPPED
    return is_ours and is_stopped and notice.kind in _OF_TEMPLATES
