"""Which tasks a booking brings, and by when: templates of the business file and the booking's time, nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.business.definition import Business
from bot.business.staff import TaskMoment, TaskTemplate
from bot.business.words import Text
from bot.domain.booking import Booking
from bot.domain.states import State
from bot.domain.task import AMENITIES_OFF, AMENITIES_ON, SERVICE_TASK, PlannedTask, TaskKind
from bot.replies.words import in_all, say

SWITCHED_WITHIN: Final = timedelta(hours=1)
"""So long after check-in, or check-out, amenities are on, or off."""
SWITCHING: Final = 15
"""Minutes that it takes."""

_CONFIRMED: Final = frozenset({TaskMoment.CONFIRMED})
_REACHED: Final[Mapping[State, frozenset[TaskMoment]]] = {
    State.CONFIRMED: _CONFIRMED,
    State.REMINDER_SENT: _CONFIRMED,
    State.CHECKED_IN: _CONFIRMED | {TaskMoment.CHECKED_IN},
    State.CHECKED_OUT: _CONFIRMED | {TaskMoment.CHECKED_IN, TaskMoment.CHECKED_OUT},
    State.COMPLETED: frozenset(TaskMoment),
}
HAVE_TASKS: Final = frozenset(_REACHED)
"""States of a booking whose work is to be done; in every other one nothing is."""
SESSION_STANDS: Final = HAVE_TASKS | {State.NO_SHOW}
"""States of a booking for which its session takes place, or took place."""


def planned_tasks(booking: Booking, business: Business, state: State | None = None) -> tuple[PlannedTask, ...]:
    """All tasks that a booking in its state, or in that one, has, finished or not."""
    return tuple(_planned(booking, business, _REACHED.get(state or booking.state, frozenset())))


def session_plans(bookings: Sequence[Booking], business: Business) -> Mapping[str, tuple[PlannedTask, ...]]:
    """By session what its bookings bring together: each task once, by the booking that has come furthest."""
    plans: dict[str, dict[str, PlannedTask]] = {}
    for booking in bookings:
        slot = booking.chosen
        if slot is None or booking.state not in SESSION_STANDS:
            continue
        # who did not come does not undo the work for those who did
        state = State.CONFIRMED if booking.state is State.NO_SHOW else booking.state
        plan = plans.setdefault(slot.slot_id, {})
        for planned in _templates(booking, business, _REACHED[state]):
            plan.setdefault(planned.template, planned)
    return {session: tuple(plan.values()) for session, plan in plans.items()}


def _planned(booking: Booking, business: Business, reached: frozenset[TaskMoment]) -> Iterator[PlannedTask]:
    slot = booking.chosen
    if slot is None:
        return
    known = business.service(booking.service or "")
    if known is not None and known.is_group:
        # its bookings share one session, whose tasks are planned for all of them together
        return
    if reached and known is not None and slot.provider is not None:
        yield PlannedTask(
            SERVICE_TASK,
            tuple(sorted(_written(known.name).items())),
            slot.end,
            int((slot.end - slot.start).total_seconds() // 60),
            place=slot.place or booking.place,
            kind=TaskKind.SERVICE,
            who=slot.provider,
            guests=booking.guests,
            is_over=TaskMoment.COMPLETED in reached,
        )
    yield from _templates(booking, business, reached)
    place = business.place(slot.place or booking.place)
    if place is None or place.amenities is None or known is None or not known.is_stay:
        return
    switches = ((TaskMoment.CHECKED_IN, AMENITIES_ON, slot.start), (TaskMoment.CHECKED_OUT, AMENITIES_OFF, slot.end))
    for moment, name, at in switches:
        if moment in reached:
            key = f"task.title.{name.replace('-', '_')}"
            title = tuple(sorted((code, say(key, code, what=place.amenities.what.say(code))) for code in in_all(key)))
            yield PlannedTask(name, title, at + SWITCHED_WITHIN, SWITCHING, place.amenities.role, place.id)


def _templates(booking: Booking, business: Business, reached: frozenset[TaskMoment]) -> Iterator[PlannedTask]:
    slot = booking.chosen
    if slot is None:
        return
    for template in business.task_templates:
        if booking.service in template.services and template.on in reached:
            yield PlannedTask(
                template.id,
                _title(template),
                template.due.of(slot.start, slot.end, business.zone),
                template.minutes,
                template.role,
                slot.place or booking.place,
                template.after,
                wants_photo=template.photo,
            )


def _written(text: Text) -> dict[str, str]:
    """What the file says, by language."""
    written = {code: text.written(code) for code in ("en", "id", "vi")}
    return {code: words for code, words in written.items() if words}


def _title(template: TaskTemplate) -> tuple[tuple[str, str], ...]:
    if template.title is not None:
        found = _written(template.title)
    else:
        found = dict(in_all(f"task.title.{template.id.replace('-', '_')}"))
    return tuple(sorted(found.items()))
