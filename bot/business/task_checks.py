"""Whether every task that the file lists can come to be, be done by somebody, and end."""

from collections.abc import Iterator
from typing import Final

from bot.business.catalogue import CompletionRule
from bot.business.definition import Definition
from bot.business.problems import Path, nearest
from bot.business.staff import GUEST, PLACE, STAY_TASKS, TaskDue, TaskMoment, TaskTemplate
from bot.business.upkeep import Upkeep
from bot.domain.task import AMENITY_TASKS, BY_HAND, PROVIDER_ROLE, SERVICE_TASK

Finding = tuple[Path, str, str]

LAST_YEAR: Final = 2199
"""As far as the days of other things reach."""
_MOMENTS = tuple(TaskMoment)
RESERVED: Final = frozenset({PROVIDER_ROLE, GUEST, PLACE})
"""What means somebody else in `tasks[]`, so that no role of staff may be called so."""
_OF_STAYS = frozenset({TaskMoment.CHECKED_IN, TaskMoment.CHECKED_OUT})


def findings(file: Definition) -> Iterator[Finding]:
    """Every task that would never exist or never end, and every service that none would complete."""
    for index, template in enumerate(file.tasks or ()):
        for key, what, fix in (
            *due_findings(template.due, "due"),
            *_services(file, template),
            *(_of_provider(file, template) if template.role == PROVIDER_ROLE else _role(file, template.role)),
            *_order(file, template),
            *_told(file, template),
        ):
            yield ("tasks", index, *key), what, fix
        if template.title is None and template.id not in STAY_TASKS:
            yield ("tasks", index), "has no title", "add `title: ...`: what is to be done"
        if template.id == SERVICE_TASK:
            yield ("tasks", index, "id"), "is the name of what the guest has booked", "give it another id"
        if template.id.startswith(BY_HAND):
            yield ("tasks", index, "id"), "is the name of tasks that people make", "give it another id"
        if template.id in AMENITY_TASKS:
            yield ("tasks", index, "id"), "is the name of what `places[].amenities` brings", "give it another id"
    for index, person in enumerate(file.staff):
        for at, role in enumerate(person.roles):
            if role in RESERVED:
                yield (
                    ("staff", index, "roles", at),
                    f"`{role}` is no role of staff: it means whom a booking is with",
                    "give it another name",
                )
    yield from _of_places(file)
    for index, service in enumerate(file.services):
        if service.completion is not None and service.ends is None:
            yield (
                ("services", index, "completion"),
                f"a service of kind {service.kind} is over when the customer came",
                "take it out",
            )
        before_the_end = [
            one for one in file.task_templates if service.id in one.services and one.on is not TaskMoment.COMPLETED
        ]
        if service.completion is CompletionRule.BY_TASK and not before_the_end:
            yield (
                ("services", index, "completion"),
                "ends with its last task, but has none",
                f"add a task `for: [{service.id}]`, or end it on_end or by_staff",
            )


def due_findings(due: TaskDue, key: str) -> Iterator[tuple[Path, str, str]]:
    """What is wrong with a moment that stands under that key."""
    edges = [edge for edge in (due.before, due.at, due.after) if edge is not None]
    apart = due.days or due.hours or due.minutes
    if len(edges) != 1:
        yield (
            (key,),
            "says not by when",
            "write one of `{at: start}`, `{before: start, days: 1}`, `{after: end, ...}`",
        )
    elif due.at_time is not None and (due.at is not None or not due.days or due.hours or due.minutes):
        yield (
            (key,),
            "names a time of a day, and not the day alone",
            'count whole days: `{before: start, days: 3, at_time: "17:00"}`',
        )
    elif due.at is not None and apart:
        yield (key,), "is at that moment and apart from it", "write `before` or `after` instead of `at`"
    elif due.at is None and not apart:
        yield (key,), "says not how long before or after", "add days, hours or minutes, or write `at`"


def _services(file: Definition, template: TaskTemplate) -> Iterator[tuple[Path, str, str]]:
    known = tuple(str(service.id) for service in file.services)
    for at, wanted in enumerate(template.services):
        service = file.service(wanted)
        if service is None:
            yield ("for", at), f"there is no service `{wanted}`", nearest(wanted, known, "add the service first")
            continue
        if template.on in _OF_STAYS and not service.is_stay:
            yield ("on",), f"nobody checks in to `{wanted}`", "write `on: confirmed` or `on: completed`"


def _of_places(file: Definition) -> Iterator[Finding]:
    for index, place in enumerate(file.places):
        if place.amenities is not None:
            for key, what, fix in _role(file, place.amenities.role):
                yield ("places", index, "amenities", *key), what, fix
    for index, work in enumerate(file.upkeep):
        for key, what, fix in _upkeep(file, work):
            yield ("upkeep", index, *key), what, fix


def _upkeep(file: Definition, work: Upkeep) -> Iterator[tuple[Path, str, str]]:
    if (work.every.days is None) == (work.every.months is None):
        yield ("every",), "says not how often", "write one of `{days: 14}`, `{months: 1}`"
    known = tuple(str(place.id) for place in file.places)
    for at, wanted in enumerate(work.places):
        if wanted not in known:
            yield ("places", at), f"there is no place `{wanted}`", nearest(wanted, known, "add the place first")
    if not file.places:
        yield (), "is for no place", "add a place first"
    if work.first.year > LAST_YEAR:
        yield ("first",), "is too far away", f"write a day before {LAST_YEAR + 1}"
    yield from _role(file, work.role)


def _role(file: Definition, wanted: str) -> Iterator[tuple[Path, str, str]]:
    roles = tuple(dict.fromkeys(role for person in file.staff for role in person.roles))
    if wanted not in roles:
        fix = nearest(wanted, roles, f"add a person to `staff` with `roles: [{wanted}]`")
        yield ("role",), f"nobody of `staff` is a {wanted}", fix


def _of_provider(file: Definition, template: TaskTemplate) -> Iterator[tuple[Path, str, str]]:
    """Work that is the booking's own provider's: there is one, and nobody is asked whether they do it."""
    for at, wanted in enumerate(template.services):
        service = file.service(wanted)
        if service is not None and not any(wanted in one.services for one in file.providers):
            yield (
                ("for", at),
                f"nobody gives `{wanted}`, so it has no provider",
                "take it out, or name a role of `staff`",
            )
    if template.offer is not None:
        yield ("offer",), "has no effect: it is its provider's, who is not asked", "take it out"


def _told(file: Definition, template: TaskTemplate) -> Iterator[tuple[Path, str, str]]:
    roles = tuple(dict.fromkeys(role for person in file.staff for role in person.roles))
    services = [service for wanted in template.services if (service := file.service(wanted)) is not None]
    for at, who in enumerate(template.tell):
        key = ("tell", at)
        if who in template.tell[:at]:
            yield key, f"`{who}` is told already", "take one of the two out"
        elif who == GUEST and services and all(service.is_group for service in services):
            yield key, "has no effect: what a session needs is no single guest's", "tell `place` or a role"
        elif who == PLACE and not file.places:
            yield key, "has no effect: the file has no place", "add a place first, or take it out"
        elif who not in {GUEST, PLACE, *roles}:
            fix = nearest(who, (GUEST, PLACE, *roles), f"add a person to `staff` with `roles: [{who}]`")
            yield key, f"nobody of `staff` is a {who}", fix


def _order(file: Definition, template: TaskTemplate) -> Iterator[tuple[Path, str, str]]:
    listed = {one.id: one for one in file.tasks or ()}
    for at, wanted in enumerate(template.after):
        before = listed.get(wanted)
        if before is None:
            yield ("after", at), f"there is no task `{wanted}`", nearest(wanted, tuple(listed), "add the task first")
        elif not set(template.services) <= set(before.services):
            yield (
                ("after", at),
                f"`{wanted}` is not for every service of this task",
                "name only services that both are for",
            )
        elif _MOMENTS.index(before.on) > _MOMENTS.index(template.on):
            yield ("after", at), f"`{wanted}` begins to exist later", "change `on` of one of them"
    # followed from each task, so that a ring is told at every task in it
    seen: set[str] = set()
    waiting = list(template.after)
    while waiting:
        name = waiting.pop()
        if name == template.id:
            yield ("after",), "waits for itself", "take one of the tasks in the ring out"
            return
        if name not in seen and name in listed:
            seen.add(name)
            waiting += listed[name].after
