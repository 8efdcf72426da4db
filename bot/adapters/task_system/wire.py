"""The tasks of a booking as the workflow message that the outside task system documents; its words stay in here."""

import hashlib
from datetime import datetime
from typing import Any, Final

import orjson

from bot.business.catalogue import Service, ServiceKind, Venue
from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.task import Task, TaskState
from bot.engine.task_carrier import CarriedWork
from bot.slots.slot import SlotName, read_slot_id

Json = dict[str, Any]

_SENDER: Final = {"agent_id": "BOOKING_MANAGER_AGENT", "agent_name": "Janji"}
_RECIPIENT: Final = {"agent_id": "TASK_ORCHESTRATOR_AGENT", "agent_name": "Ruvo"}
_STATUS: Final = {
    TaskState.WAITING: "pending",
    TaskState.OPEN: "pending",
    TaskState.OFFERED: "pending",
    TaskState.UNFILLED: "pending",
    TaskState.TAKEN: "assigned",
    # theirs until they say that the new time does not suit them
    TaskState.CHANGED: "assigned",
    TaskState.PROBLEM: "issue_reported",
    TaskState.DONE: "completed",
    TaskState.WITHDRAWN: "cancelled",
}


def message_of(work: CarriedWork) -> Json:
    """The message; the same work has the same id, so that what comes twice is known."""
    payload = _payload(work)
    digest = hashlib.sha256(orjson.dumps([work.subject, payload], option=orjson.OPT_SORT_KEYS)).hexdigest()
    is_over = all(task.state is TaskState.WITHDRAWN for task in work.tasks)
    kind = "workflow_creation_request" if work.is_first else "workflow_update"
    return {
        "message_type": "workflow_cancellation" if is_over and not work.is_first else kind,
        "sender": _SENDER,
        "recipient": _RECIPIENT,
        "timestamp": work.at.astimezone(work.business.zone).isoformat(),
        "message_id": f"msg-{digest[:24]}",
        "correlation_id": work.subject,
        "payload": payload,
    }


def _payload(work: CarriedWork) -> Json:
    business, recorded = work.business, work.recorded
    booking = None if recorded is None else recorded.booking
    session = read_slot_id(next((task.session for task in work.tasks if task.session), ""))
    named = session.service if session is not None else "" if booking is None else booking.service or ""
    service = business.service(named)
    slot = None if booking is None else booking.chosen
    starts = session.start if session is not None else None if slot is None else slot.start
    due = starts or max((task.planned.due_at for task in work.tasks), default=work.at)
    rows = [(task, _task(task, business)) for task in work.tasks]
    return {
        "workflow_type": "house_work" if service is None else "service_fulfillment",
        "template_id": _template(service),
        "revision": work.revision,
        "booking_id": None if booking is None else booking.reference,
        "business_entity_id": business.name,
        "priority": "standard",
        "due_date": _local(due, business),
        # who they are stays here: the id asks our API, which says it to whom it may
        "customer_information": None if recorded is None else {"customer_id": recorded.lead},
        "service_information": _service(service, booking, session, business),
        "preparation_requirements": [row for task, row in rows if task.planned.due_at <= due],
        "follow_up_tasks": [row for task, row in rows if task.planned.due_at > due],
        "dependencies": _dependencies(work),
        # reminders are sent by us, in the conversation itself
        "notifications": [],
    }


def _template(service: Service | None) -> str:
    if service is None:
        return "WF-TEMPLATE-HOUSE"
    if service.kind is ServiceKind.STAY:
        return "WF-TEMPLATE-STAY"
    if service.is_group:
        return "WF-TEMPLATE-GROUP-EVENT"
    return "WF-TEMPLATE-VIRTUAL-SERVICE" if service.venue is Venue.ONLINE else "WF-TEMPLATE-ONE-ON-ONE"


def _service(
    service: Service | None, booking: Booking | None, session: SlotName | None, business: Business
) -> Json | None:
    if service is None:
        return None
    slot = session if session is not None else None if booking is None else booking.chosen
    where = None if slot is None else slot.place
    place = business.place(where or (None if booking is None else booking.place))
    provider = business.provider(None if slot is None else slot.provider)
    minutes: int | None = service.duration_minutes
    if booking is not None and booking.chosen is not None:
        minutes = int((booking.chosen.end - booking.chosen.start).total_seconds() // 60)
    language = business.languages[0]
    return {
        "service_id": service.id,
        "service_name": service.name.say(language),
        "duration_minutes": minutes,
        "location": None if place is None else place.name.say(language),
        "location_id": None if place is None else place.id,
        "specialist_id": None if provider is None else provider.id,
        "specialist_name": None if provider is None else provider.name.say(language),
    }


def _task(task: Task, business: Business) -> Json:
    planned = task.planned
    return {
        "task_id": task.id,
        "task_name": _name(task, business),
        "description": task.note,
        "role": planned.role,
        "location_id": planned.place,
        "assignee_id": task.assignee,
        "due_date": _local(planned.due_at, business),
        "estimated_duration_minutes": planned.minutes,
        "status": _STATUS[task.state],
    }


def _name(task: Task, business: Business) -> str:
    titles = dict(task.planned.title)
    return titles.get(business.languages[0]) or next(iter(titles.values()), task.planned.template)


def _dependencies(work: CarriedWork) -> list[Json]:
    # of work that came again the last occurrence is meant
    last = {task.planned.template: task for task in sorted(work.tasks, key=lambda one: one.number)}
    return [
        {
            "predecessor_task": _name(last[before], work.business),
            "successor_task": _name(task, work.business),
            "predecessor_id": last[before].id,
            "successor_id": task.id,
        }
        for task in work.tasks
        for before in task.planned.after
        if before in last
    ]


def _local(moment: datetime, business: Business) -> str:
    return moment.astimezone(business.zone).isoformat()
