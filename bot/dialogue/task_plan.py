"""Which tasks a booking brings, and by when: templates of the business file and the booking's time, nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.definition import Business
from bot.business.staff import TaskMoment, TaskTemplate
from bot.business.words import Text
from bot.domain.acceptance import APPROVAL_TASK, Acceptance
from bot.domain.booking import Booking
from bot.domain.states import Modification, State
from bot.domain.task import AMENITIES_OFF, AMENITIES_ON, PROVIDER_ROLE, SERVICE_TASK, PlannedTask, Task, TaskKind
from bot.lifecycle.rules import house
from bot.replies.words import in_all, say

SWITCHED_WITHIN: Final = timedelta(hours=1)
"""So long after check-in, or check-out, amenities are on, or off."""
_APPROVE: Final = "task.title.approval"
SWITCHING: Final = 15
"""Minutes that it takes."""

_CONFIRMED: Final = frozenset({TaskMoment.CONFIRMED})
_STAYED: Final = frozenset({TaskMoment.CHECKED_IN, TaskMoment.CHECKED_OUT})
_REACHED: Final[Mapping[State, frozenset[TaskMoment]]] = {
    State.CONFIRMED: _CONFIRMED,
    State.REMINDER_SENT: _CONFIRMED,
    State.CHECKED_IN: _CONFIRMED | {TaskMoment.CHECKED_IN},
    State.CHECKED_OUT: _CONFIRMED | _STAYED,
    # and, of a stay that somebody has moved in to, what such a one has lived
    State.COMPLETED: _CONFIRMED | {TaskMoment.COMPLETED},
}
HAVE_TASKS: Final = frozenset(_REACHED)
"""States of a booking whose work is to be done; in every other one nothing is, but that it needs somebody's yes."""
_WAIT_FOR_IT: Final = frozenset({State.SLOT_CONFIRMED, State.PENDING_CONFIRMATION, State.PAYMENT_PENDING, State.PAID})
"""States in which a yes is waited for, or whoever has said it waits for the money."""
SESSION_STANDS: Final = HAVE_TASKS | {State.NO_SHOW}
"""States of a booking for which its session takes place, or took place."""


def has_tasks(booking: Booking) -> bool:
    """Whether any work belongs to it now: its own, or that somebody says yes to it."""
    return booking.state in HAVE_TASKS or (booking.acceptance is not None and booking.state in _WAIT_FOR_IT)


def planned_tasks(booking: Booking, business: Business, state: State | None = None) -> tuple[PlannedTask, ...]:
    """All tasks that a booking in its state, or in that one, has, finished or not."""
    state = state or booking.state
    asked = () if booking.acceptance is None else tuple(_acceptance(booking, booking.acceptance, business, state))
    # whoever has just said yes to the new time is not asked again
    asked = (*(replace(one, accepted_by=_said_yes(booking, one)) for one in asked), *_of_change(booking, business))
    return (*asked, *_planned(booking, business, _reached(booking, state)))


def planned_after_it(booking: Booking, business: Business, left_at: datetime | None) -> tuple[PlannedTask, ...]:
    """What is left to do of a stay that was called off after its guest had moved in: what is due once they have left,
    at that moment or as it was planned."""
    slot = booking.chosen
    if slot is None or not booking.has_begun:
        return ()
    moments = _CONFIRMED | _STAYED
    whole = _planned(booking, business, moments)
    left = {one.template for one in whole if one.kind is TaskKind.CHORE and one.due_at > slot.end}
    ended = replace(booking, chosen=replace(slot, end=min(slot.end, left_at or slot.end)))
    return tuple(one for one in _planned(ended, business, moments) if one.template in left)


def outlives(task: Task, booking: Booking) -> bool:
    """Whether that work is to be done though its booking was called off: its guest had moved in."""
    is_called_off = booking.state is State.CANCELLED and booking.has_begun
    return is_called_off and task.planned.kind is TaskKind.CHORE and not task.is_finished


def _reached(booking: Booking, state: State) -> frozenset[TaskMoment]:
    """The moments that it has lived in that state: one that it never came to brings no work."""
    reached = _REACHED.get(state, frozenset())
    return reached | _STAYED if state is State.COMPLETED and booking.has_begun else reached


def asked_of_change(booking: Booking) -> Acceptance | None:
    """The yes that the new time of its change waits for, or has; also in the moment in which it becomes its own."""
    changes = (*filter(None, (booking.change,)), *booking.ended_changes)
    applied = (one for one in changes if one is booking.change or one.end is Modification.CONFIRMED)
    return next((one.acceptance for one in applied if one.acceptance is not None), None)


def _said_yes(booking: Booking, planned: PlannedTask) -> str | None:
    """Who has said yes to the new time of a change that is its own from this decision on, and is not paid for yet."""
    yes, is_applied = asked_of_change(booking), booking.change is None
    is_theirs = yes is not None and is_applied and yes.is_given and planned.is_offered
    return yes.who if is_theirs and yes is not None and planned.template == yes.base_task else None


def _of_change(booking: Booking, business: Business) -> Iterator[PlannedTask]:
    """The task that asks about the new time of a change, next to the booking's own; done with the move."""
    yes = asked_of_change(booking)
    if yes is None:
        return
    is_applied = booking.change is None
    seen = booking if is_applied else booking.asked_about(yes.task)
    for planned in _acceptance(seen, yes, business, State.PENDING_CONFIRMATION):
        yield replace(planned, template=yes.task, is_over=is_applied)


def session_plans(bookings: Sequence[Booking], business: Business) -> Mapping[str, tuple[PlannedTask, ...]]:
    """By session what its bookings bring together: each task once, by the booking that has come furthest, and what its
    provider gives to all of them."""
    plans: dict[str, dict[str, PlannedTask]] = {}
    booked_by: dict[str, set[str]] = {}
    theirs: dict[str, list[PlannedTask]] = {}
    for booking in bookings:
        slot = booking.chosen
        if slot is None or booking.state not in SESSION_STANDS:
            continue
        # who did not come does not undo the work for those who did
        state = State.CONFIRMED if booking.state is State.NO_SHOW else booking.state
        plan = plans.setdefault(slot.slot_id, {})
        booked_by.setdefault(slot.slot_id, set()).add(str(booking.reference))
        for planned in _templates(booking, business, _reached(booking, state)):
            plan.setdefault(planned.template, planned)
        theirs.setdefault(slot.slot_id, []).extend(_service(booking, business, _reached(booking, state)))
    for session, each in theirs.items():
        if each:
            guests = sum(one.guests or 1 for one in each)
            plans[session][SERVICE_TASK] = replace(each[0], guests=guests, is_over=any(one.is_over for one in each))
    return {
        session: tuple(replace(one, booked_by=tuple(sorted(booked_by[session]))) for one in plan.values())
        for session, plan in plans.items()
    }


def _acceptance(booking: Booking, yes: Acceptance, business: Business, state: State) -> Iterator[PlannedTask]:
    """The task that asks for its yes: its provider's own work, offered until it is somebody's; or an approval."""
    slot, known = booking.chosen, business.service(booking.service or "")
    is_its = state in HAVE_TASKS or state in _WAIT_FOR_IT
    if slot is None or known is None or not is_its:
        return
    offer, minutes = known.offer, int((slot.end - slot.start).total_seconds() // 60)
    if not yes.is_of_provider:
        titles = {code: say("task.title.approval", code, what=known.name.say(code)) for code in in_all(_APPROVE)}
        search = int(offer.search.total_seconds() // 60)
        # looked at half way, so that a person is reminded while there is time
        yield PlannedTask(
            APPROVAL_TASK,
            tuple(sorted(titles.items())),
            yes.answer_by,
            max(5, search // 2),
            offer.role,
            slot.place or booking.place,
            kind=TaskKind.APPROVAL,
            is_over=yes.is_given,
        )
        return
    is_confirmed = state in HAVE_TASKS
    each = None if offer.at_once and not is_confirmed else offer.answer_within
    yield PlannedTask(
        SERVICE_TASK,
        tuple(sorted(_written(known.name).items())),
        slot.end,
        minutes,
        place=slot.place or booking.place,
        kind=TaskKind.SERVICE,
        # it is theirs, and told them, once the booking is confirmed
        who=slot.provider if is_confirmed else None,
        guests=booking.guests,
        is_over=TaskMoment.COMPLETED in _reached(booking, state),
        candidates=yes.candidates,
        answer_by=None if is_confirmed else yes.answer_by,
        # given back later, the others have as long as the first search had
        answer_minutes=offer.search_within if offer.at_once and is_confirmed else each,
        at_once=offer.at_once,
    )


def _planned(booking: Booking, business: Business, reached: frozenset[TaskMoment]) -> Iterator[PlannedTask]:
    slot = booking.chosen
    if slot is None:
        return
    known = business.service(booking.service or "")
    if known is not None and known.is_group:
        # its bookings share one session, whose tasks are planned for all of them together
        return
    yield from _service(booking, business, reached)
    yield from _templates(booking, business, reached)
    place = business.place(slot.place or booking.place)
    if place is None or place.amenities is None or known is None or not known.is_stay:
        return
    switches = ((TaskMoment.CHECKED_IN, AMENITIES_ON, slot.start), (TaskMoment.CHECKED_OUT, AMENITIES_OFF, slot.end))
    for moment, name, at in switches:
        if moment in reached:
            key = f"task.title.{name.replace('-', '_')}"
            title = tuple(sorted((code, say(key, code, what=place.amenities.what.say(code))) for code in in_all(key)))
            # once they have left nothing is turned on any more
            is_over = name == AMENITIES_ON and TaskMoment.CHECKED_OUT in reached
            due_at, role = at + SWITCHED_WITHIN, place.amenities.role
            yield PlannedTask(name, title, due_at, SWITCHING, role, place.id, is_over=is_over)


def _service(booking: Booking, business: Business, reached: frozenset[TaskMoment]) -> Iterator[PlannedTask]:
    """What was booked, as its provider's work; none where they have to say yes to it first."""
    slot, known = booking.chosen, business.service(booking.service or "")
    is_asked = booking.acceptance is not None and booking.acceptance.is_of_provider
    if slot is None or known is None or slot.provider is None or is_asked or not reached:
        return
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


def _templates(booking: Booking, business: Business, reached: frozenset[TaskMoment]) -> Iterator[PlannedTask]:
    slot = booking.chosen
    if slot is None:
        return
    for template in business.task_templates:
        is_providers = template.role == PROVIDER_ROLE
        if is_providers and slot.provider is None:
            # nobody has sold their time for it
            continue
        is_its = booking.service in template.services and house.brings(template.id, booking, business)
        if is_its and template.on in reached:
            yield PlannedTask(
                template.id,
                _title(template),
                template.due.of(slot.start, slot.end, business.zone),
                template.minutes,
                template.role,
                slot.place or booking.place,
                template.after,
                who=slot.provider if is_providers else None,
                wants_photo=template.photo,
                answer_minutes=None if template.offer is None else template.offer.answer_within,
                at_once=template.offer is not None and template.offer.at_once,
                asked_days=None if template.offer is None else template.offer.days_ahead,
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
