"""Tasks as the API shows them."""

from bot.business.catalogue import ServiceProvider
from bot.business.definition import Business
from bot.business.staff import StaffMember
from bot.domain.task import Task, TaskKind
from bot.lifecycle.task_steps import candidates
from webhooks.api.tasks import models


def task(business: Business, known: Task) -> models.TaskShown:
    """One task with everybody who has it or could."""
    planned, zone, language = known.planned, business.zone, business.languages[0]
    is_service = planned.kind is TaskKind.SERVICE
    provider = business.provider(known.assignee) if is_service else None
    has_it = business.staff_member(known.assignee) if provider is None else provider
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
        who=who if has_it is None else _person(has_it, language),
        candidates=[]
        if known.is_finished
        else [_person(person, business.languages[0]) for person in candidates(known, business)],
        note=known.note,
        done_by=known.done_by,
        done_at=None if known.done_at is None else known.done_at.astimezone(zone).isoformat(),
        on_the_way_at=None if known.on_the_way_at is None else known.on_the_way_at.astimezone(zone).isoformat(),
        started_at=None if known.started_at is None else known.started_at.astimezone(zone).isoformat(),
        photo=known.photo,
        withdrawn_for=known.withdrawn_for,
        is_late=known.is_late,
        next_look=None if known.next_at is None else known.next_at.astimezone(zone).isoformat(),
    )


def _person(person: StaffMember | ServiceProvider, language: str) -> models.PersonShown:
    contact = person.contact
    name = person.name if isinstance(person, StaffMember) else person.name.say(language)
    return models.PersonShown(id=person.id, name=name, phone=contact.phone, language=contact.language.value)
