"""Tasks as the API shows them."""

from bot.business.catalogue import ServiceProvider
from bot.business.definition import Business
from bot.business.staff import StaffMember
from bot.domain.task import Task, TaskKind
from bot.lifecycle.task_steps import candidates
from webhooks.api.tasks import models


def task(business: Business, known: Task) -> models.TaskShown:
    """One task with everybody who has it or could."""
    planned, zone = known.planned, business.zone
    is_service = planned.kind is TaskKind.SERVICE
    could = planned.candidates if is_service else [person.id for person in candidates(known, business)]
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
        who=None if known.assignee is None else _named(known.assignee, business, is_service=planned.is_providers),
        candidates=[] if known.is_finished else [_named(person, business, is_service=is_service) for person in could],
        offers=[
            models.OfferShown(
                who=_named(offer.who, business, is_service=is_service),
                at=offer.at.astimezone(zone).isoformat(),
                answer_by=offer.answer_by.astimezone(zone).isoformat(),
                outcome=offer.outcome,
                arrangement=offer.number,
            )
            for offer in known.offers
        ],
        answer_by=None if planned.answer_by is None else planned.answer_by.astimezone(zone).isoformat(),
        note=known.note,
        done_by=known.done_by,
        done_at=None if known.done_at is None else known.done_at.astimezone(zone).isoformat(),
        on_the_way_at=None if known.on_the_way_at is None else known.on_the_way_at.astimezone(zone).isoformat(),
        started_at=None if known.started_at is None else known.started_at.astimezone(zone).isoformat(),
        photo=known.photo,
        withdrawn_for=known.withdrawn_for,
        is_late=known.is_late,
        next_look=None if known.next_at is None else known.next_at.astimezone(zone).isoformat(),
        history=[
            models.TaskMoveShown(at=move.at.astimezone(zone).isoformat(), to=move.to, by=move.by, role=move.role)
            for move in known.history
        ],
    )


def _named(who: str, business: Business, *, is_service: bool) -> models.PersonShown:
    """That person; who has left the file since keeps what they had, by the id alone."""
    provider = business.provider(who) if is_service else None
    known = business.staff_member(who) if provider is None else provider
    if known is None:
        return models.PersonShown(id=who, name="", phone=None, language=None)
    return _person(known, business.languages[0])


def _person(person: StaffMember | ServiceProvider, language: str) -> models.PersonShown:
    contact = person.contact
    name = person.name if isinstance(person, StaffMember) else person.name.say(language)
    return models.PersonShown(id=person.id, name=name, phone=contact.phone, language=contact.language.value)
