"""Whether each service can really be booked: counted rightly, delivered by somebody, held somewhere."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from bot.business.catalogue import (
    ConfirmationRule,
    OfferTerms,
    PaymentRule,
    PaymentTerms,
    Service,
    ServiceKind,
    Venue,
)
from bot.business.definition import Definition
from bot.business.hours import OpeningSpan, Week
from bot.business.problems import Path, nearest

Finding = tuple[Path, str, str]
_MONDAY = date(2001, 1, 1)
_WEEK = tuple(_MONDAY + timedelta(days=days) for days in range(7))


def findings(file: Definition) -> Iterator[Finding]:
    """Every reason why a service could not be booked as it is written."""
    for index, service in enumerate(file.services):
        for key, what, fix in (
            *_counting(service),
            *_guests(service),
            *_where(file, service),
            *_shared_time(file, service),
            *_paying(service),
            *_meeting(service),
            *_accepting(file, service),
        ):
            yield ("services", index, key) if key else ("services", index), what, fix
    yield from _weeks(file)
    yield from _sessions_apart(file)


def _counting(service: Service) -> Iterator[tuple[str, str, str]]:
    if service.is_stay:
        if service.nights is None:
            yield "", "a stay is sold by night", 'add `nights: {check_in: "14:00", check_out: "11:00"}`'
        elif service.nights.least > service.nights.most:
            yield "nights", "the least nights are more than the most", "swap them"
        if service.duration_minutes is not None or service.sessions is not None:
            yield (
                "kind",
                "a stay has nights, no duration and no sessions",
                "take them out, or change the kind",
            )
        return
    if service.nights is not None:
        yield (
            "nights",
            f"a service of kind {service.kind} has no nights",
            "take them out, or write `kind: stay`",
        )
    if service.duration_minutes is None:
        yield "", "has no duration", "add `duration_minutes: 60`"
    if service.is_group and service.sessions is None:
        yield "", "a group event begins at its own times", 'add `sessions: {tue: ["07:30"]}`'


def _paying(service: Service) -> Iterator[tuple[str, str, str]]:
    given = service.payment
    if given.window_days is not None and given.window_minutes != PaymentTerms().window_minutes:
        yield "payment", "the time to pay is given in days and in minutes", "take one of the two out"


def _meeting(service: Service) -> Iterator[tuple[str, str, str]]:
    if service.meeting is None:
        return
    if service.venue is not Venue.ONLINE:
        yield "meeting", "only an online service takes place at a link", "take it out, or write `venue: online`"
    left = service.meeting.replace("{reference}", "")
    if "{" in left or "}" in left:
        yield "meeting", "names something that nobody fills in", "write {reference}, or the link as it is"
    elif not urlsplit(left).hostname or "{reference}" in service.meeting.split("/")[2]:
        # a customer must never be led to a house whose name the booking makes
        yield "meeting", "names no host", "write it as https://meet.example/{reference}"


def _accepting(file: Definition, service: Service) -> Iterator[tuple[str, str, str]]:
    """Whether there is somebody who could say yes, and time for it."""
    rule, offer = service.confirmation, service.offer
    if rule is ConfirmationRule.AUTO:
        if offer != OfferTerms():
            yield "offer", "nobody is asked for a yes", "write `confirmation: dispatch` or `manual`, or take it out"
        return
    if service.is_group:
        yield "confirmation", "a session takes place whoever books it", "write `confirmation: auto`"
        return
    if rule is ConfirmationRule.DISPATCH:
        offered_by = [str(provider.id) for provider in file.providers_of(service.id, None)]
        if service.is_stay or len(offered_by) < 2:
            who = f"only by {offered_by[0]}" if offered_by else "by nobody"
            yield "confirmation", f"is given {who}", "add it to a second provider, or write `confirmation: manual`"
        if offer.role is not None:
            yield "offer", "its providers are asked, and no role", "take `role` out, or write `confirmation: manual`"
        if offer.answer_within > offer.search_within:
            yield "offer", "one answer may take longer than the whole search", "raise search_within"
    else:
        roles = tuple(dict.fromkeys(role for person in file.staff for role in person.roles))
        if not roles:
            yield "confirmation", "there is nobody who could say yes", "add a person to `staff`"
        elif offer.role is not None and offer.role not in roles:
            yield "offer", f"nobody of `staff` is a {offer.role}", nearest(offer.role, roles, "add a person to `staff`")
        if (offer.answer_within, offer.at_once) != (OfferTerms().answer_within, OfferTerms().at_once):
            yield "offer", "a person of the house has all of search_within", "take answer_within and at_once out"
    needs_money = service.payment.rule is not PaymentRule.NONE
    needed = offer.search_within + (service.payment.notice_minutes if needs_money else 0)
    if service.notice_hours * 60 < needed:
        fix = f"raise notice_hours to {-(-needed // 60)}, or lower search_within"
        yield "notice_hours", f"a yes may take {needed} minutes, the time to pay included", fix


def _shared_time(file: Definition, service: Service) -> Iterator[tuple[str, str, str]]:
    """Rules that let sessions and stays keep their resources without claims that could collide."""
    if service.is_group:
        if len(file.providers_of(service.id, None)) > 1:
            yield "id", "a group event has one provider", "make one service of it for each provider"
        if service.venue is Venue.GUEST_PLACE or len(service.places) > 1:
            yield "venue", "a group event has one place of ours", "write `venue: own_place` and one place, or online"
        if service.equipment:
            yield "equipment", "the equipment of a group event belongs to its place", "take it out"
    elif not service.is_stay and service.venue is Venue.OWN_PLACE:
        rented = {place for other in file.services if other.is_stay for place in other.places}
        for place in sorted(rented & set(service.places)):
            yield "places", f"{place} is rented by night", "give it another place, or change its venue"


def _guests(service: Service) -> Iterator[tuple[str, str, str]]:
    if service.min_guests > service.max_guests:
        yield "min_guests", f"{service.min_guests} is more than max_guests {service.max_guests}", "swap them"
    if service.is_group and service.max_guests > service.capacity:
        yield "max_guests", f"is more than the {service.capacity} seats of a session", "raise capacity"
    if not service.is_group and service.capacity > 1:
        yield (
            "capacity",
            "only a group event shares its time between bookings",
            "use max_guests for people of one booking, or write `kind: group_event`",
        )


def _where(file: Definition, service: Service) -> Iterator[tuple[str, str, str]]:
    if service.is_stay != (service.venue is Venue.OWN_PLACE) and service.is_stay:
        yield "venue", "a stay is sold where we have the house", "write `venue: own_place`"
    if service.kind is ServiceKind.VIRTUAL and service.venue is not Venue.ONLINE:
        yield "venue", "a virtual service has no place", "write `venue: online`"
    if service.venue is Venue.OWN_PLACE and not service.places:
        yield "venue", "nobody knows which place", "add `places: [...]`"
    if service.venue is Venue.ONLINE and service.places:
        yield "places", "an online service has no place", "take them out"
    if service.is_stay:
        return
    if not file.providers_of(service.id, None):
        yield "id", f"no provider offers `{service.id}`", "add it to the services of a provider"
        return
    for place in file.places_of(service) if service.venue is not Venue.ONLINE else ():
        if not file.providers_of(service.id, place.area):
            yield (
                "places" if service.places else "id",
                f"no provider of `{service.id}` serves {place.area}, where {place.id} is",
                "add the area to a provider, or name only the places where it is sold",
            )


def _weeks(file: Definition) -> Iterator[Finding]:
    named: list[tuple[Path, Week]] = [(("agents", "hours"), file.agents.hours)]
    for index, provider in enumerate(file.providers):
        named += [
            (("providers", index, "hours"), provider.hours),
            (("providers", index, "breaks"), provider.breaks),
        ]
    named += [(("staff", index, "hours"), person.hours) for index, person in enumerate(file.staff)]
    for path, week in named:
        for day in _WEEK:
            spans = sorted(week.on(day))
            for before, after in pairwise(spans):
                if after.opens < before.closes:
                    yield path, f"{before} and {after} overlap", "join them, or move one"
                    break
            else:
                continue
            break
    for index, provider in enumerate(file.providers):
        if not any(provider.hours.on(day) for day in _WEEK):
            yield ("providers", index, "hours"), "never works", 'add `daily: ["09:00-17:00"]`'
    for index, person in enumerate(file.staff):
        if not any(person.hours.on(day) for day in _WEEK):
            yield ("staff", index, "hours"), "never works", 'add `daily: ["09:00-17:00"]`'


def _sessions_apart(file: Definition) -> Iterator[Finding]:
    """A session keeps its provider, its place and its equipment by the timetable, so two may not overlap."""
    for index, provider in enumerate(file.providers):
        for day in _WEEK:
            taught = sorted(
                (
                    OpeningSpan(start, type(start)(start + (service.duration_minutes or 0) + service.buffer_minutes)),
                    str(service.id),
                )
                for service in file.services
                if service.is_group and service.sessions and service.id in provider.services
                for start in service.sessions.on(day)
            )
            for (before, first), (after, second) in pairwise(taught):
                if after.opens < before.closes:
                    yield (
                        ("providers", index, "services"),
                        f"`{first}` and `{second}` begin while the other still runs ({before}, {after})",
                        "move one session, or give it to another provider",
                    )
                    break
            for span, name in taught:
                if not any(
                    open_.opens <= span.opens and span.closes <= open_.closes for open_ in provider.hours.on(day)
                ):
                    yield (
                        ("providers", index, "hours"),
                        f"the session of `{name}` at {span} lies outside the hours",
                        "widen the hours, or move the session",
                    )
                    break
