"""Tasks as the API shows them."""

from bot.business.definition import Business
from bot.business.staff import StaffMember
from bot.domain.task import Task
from bot.lifecycle.task_steps import candidates
from webhooks.api.tasks import models


def task(business: Business, known: Task) -> models.TaskShown:
    """One task with everybody who has it or could."""
    planned, zone = known.planned, business.zone
    has_it = business.staff_member(known.assignee)
    who = None if known.assignee is None else models.PersonShown(id=known.assignee, name="", phone=None, language=None)
    return models.TaskShown(
        id=known.id,
        booking=known.booking,
        session=known.session,
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
