"""A task as a row of the collection `tasks`, and back; what an earlier version did not write has its default."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

import structlog
from pydantic import TypeAdapter

from bot.domain.ids import BookingReference
from bot.domain.task import PlannedTask, ShownJob, Task, TaskKind, TaskMove, TaskOffer, TaskState
from bot.store.driver import Document

log = structlog.get_logger(__name__)

_SHOWN: Final = TypeAdapter(ShownJob)
_OFFER: Final = TypeAdapter(TaskOffer)
_MOVE: Final = TypeAdapter(TaskMove)


def document_of(task: Task) -> Document:
    """A task as it is stored."""
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
        "shown": shown_row(task.shown),
        "is_late": task.is_late,
        "next_at": task.next_at,
        "by": task.by,
        "revision": task.revision,
        "acknowledged": task.acknowledged,
        "session": task.session,
        "candidates": list(planned.candidates),
        "answer_by": planned.answer_by,
        "answer_minutes": planned.answer_minutes,
        "at_once": planned.at_once,
        "asked_days": planned.asked_days,
        "booked_by": list(planned.booked_by),
        "offers": offer_rows(task.offers),
        "arrangement": task.arrangement,
        "history": [asdict(move) | {"to": move.to.value} for move in task.history],
    }


def shown_row(shown: ShownJob | None) -> Document | None:
    """What somebody was told of it, as it is stored."""
    return None if shown is None else _SHOWN.dump_python(shown)


def offer_rows(offers: Sequence[TaskOffer]) -> list[Document]:
    """Who was asked and what they said, as it is stored."""
    words = [(offer.outcome.value, None if offer.told is None else offer.told.value) for offer in offers]
    return [asdict(offer) | {"outcome": said, "told": told} for offer, (said, told) in zip(offers, words, strict=True)]


def readable(rows: Iterable[Document]) -> Iterable[Task]:
    """What can be read of these rows; what cannot hides none of the others."""
    for row in rows:
        try:
            yield task_of(row)
        except Exception as error:  # a column is missing, of another kind, or no moment of any calendar
            log.error("task_unreadable", task=str(row.get("_id")), problem=type(error).__name__)


_MOMENTS: Final = ("next_at", "done_at", "on_the_way_at", "started_at", "asked_at", "answer_by")
_TEXTS: Final = ("booking", "role", "place", "who", "assignee", "note", "done_by", "withdrawn_for", "photo", "session")


def task_of(row: Document) -> Task:
    """The task of that row; TypeError, ValueError or KeyError where it is none."""
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
        candidates=tuple(str(who) for who in row.get("candidates", ())),
        answer_by=row.get("answer_by"),
        answer_minutes=row.get("answer_minutes"),
        at_once=bool(row.get("at_once")),
        asked_days=row.get("asked_days"),
        booked_by=tuple(str(reference) for reference in row.get("booked_by") or ()),
    )
    if planned.begins_at > planned.due_at:
        # and where it has no beginning that there could be, this very sum fails
        raise ValueError("minutes below nothing")
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
        tuple(_OFFER.validate_python(offer) for offer in row.get("offers", ())),
        int(row.get("arrangement", 1)),
        tuple(_MOVE.validate_python(move) for move in row.get("history", ())),
    )
