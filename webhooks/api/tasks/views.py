"""Tasks as the API shows them, and why a step was refused, in a sentence."""

from typing import Final

from bot.business.definition import Business
from bot.business.staff import StaffMember
from bot.domain.task import Task
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused, candidates
from webhooks.api.tasks import models


def task(business: Business, known: Task) -> models.TaskShown:
    """One task with everybody who has it or could."""
    planned, zone = known.planned, business.zone
    has_it = business.staff_member(known.assignee)
    who = None if known.assignee is None else models.PersonShown(id=known.assignee, name="", phone=None, language=None)
    return models.TaskShown(
        id=known.id,
        booking=known.booking,
        state=known.state,
        kind=planned.kind,
        title=dict(planned.title),
        role=planned.role,
        place=planned.place,
        begin=planned.begins_at.astimezone(zone).isoformat(),
        due=planned.due_at.astimezone(zone).isoformat(),
        timezone=business.timezone,
        minutes=planned.minutes,
        after=list(planned.after),
        # who has left the file since keeps what they had, by the id alone
        who=who if has_it is None else _person(has_it),
        candidates=[] if known.is_finished else [_person(person) for person in candidates(known, business)],
        note=known.note,
        done_by=known.done_by,
        done_at=None if known.done_at is None else known.done_at.astimezone(zone).isoformat(),
        withdrawn_for=known.withdrawn_for,
        is_late=known.is_late,
        next_look=None if known.next_at is None else known.next_at.astimezone(zone).isoformat(),
    )


def _person(person: StaffMember) -> models.PersonShown:
    contact = person.contact
    return models.PersonShown(id=person.id, name=person.name, phone=contact.phone, language=contact.language.value)


_STATUS: Final = {
    TaskRefusal.NO_SUCH_TASK: 404,
    TaskRefusal.NO_SUCH_PERSON: 422,
    TaskRefusal.NO_SUCH_PLACE: 422,
}


def status_of(refused: TaskRefused) -> int:
    """The HTTP status of a refusal; 409 where the task itself is in the way."""
    return _STATUS.get(refused.why, 409)


def sentence_of(refused: TaskRefused) -> str:
    """What was in the way, and what to do."""
    named, known = refused.named, refused.task
    match refused.why:
        case TaskRefusal.NO_SUCH_TASK:
            return "There is no such task."
        case TaskRefusal.NO_SUCH_PERSON:
            return f"Nobody of `staff` in the business file has the id {named or '(none given)'}."
        case TaskRefusal.NO_SUCH_PLACE:
            return f"The business file has no place {named}."
        case TaskRefusal.WRONG_ROLE:
            role = None if known is None else known.planned.role
            return f"{named} is no {role}: give it to somebody who is, or give them the role in the business file."
        case TaskRefusal.TAKEN:
            return f"{named} has it; assign it first to whoever does it now."
        case TaskRefusal.DONE:
            return f"It is done already, by {named}; nothing was changed."
        case TaskRefusal.WITHDRAWN:
            return f"It is not wanted any more ({named or 'no reason given'}); nothing was changed."
        case TaskRefusal.WAITS:
            return f"It waits for other work of this booking: {named}."
        case TaskRefusal.BOOKING_NOT_CONFIRMED:
            return f"{named} is not confirmed yet; its tasks are made when it is."
        case TaskRefusal.BOOKING_ENDED:
            return f"{named} does not take place any more; nothing is to be done for it."
