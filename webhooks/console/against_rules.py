"""A time that no list shows, and what becomes of it: which rules of the house refuse it, and the way on for whoever may
take it all the same, with a reason. Booking by phone and moving a booking ask alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from quart import Response

from bot.business.catalogue import PlaceId, ProviderId, Service
from bot.business.definition import Business
from bot.dialogue.denials import reason_of
from bot.dialogue.overrides import OVERRIDE
from bot.domain.booking import SlotUnavailable
from bot.domain.change import Requester
from bot.domain.foreign_text import clean, is_seen
from bot.domain.overrides import LONGEST_REASON, RulesOverridden, TimeRule
from bot.domain.users import Act, who_may
from bot.replies import reasons as reason_words
from bot.replies import times
from bot.slots import timetable
from bot.slots.slot import Slot, read_slot_id
from webhooks.console import words
from webhooks.console.guard import signed_in
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge.fields import FIRST_DAY, LAST_DAY
from webhooks.edge.guard import may_not
from webhooks.edge.problems import RequestRefused

AT: Final = "other_at"
DAY: Final = "other_day"
WITH: Final = "other_provider"
_SAID: Final[Mapping[str, SlotUnavailable]] = {
    TimeRule.NOTICE: SlotUnavailable.TOO_SOON,
    TimeRule.ADVANCE: SlotUnavailable.TOO_FAR,
    TimeRule.HOURS: SlotUnavailable.NOT_OFFERED,
    TimeRule.NIGHTS: SlotUnavailable.NOT_OFFERED,
}


@dataclass(frozen=True, slots=True)
class RefusedTime:
    """A time that rules refuse, as whoever wished it reads it."""

    dialog: str
    """The id of the dialog it stands in."""
    title: str
    slot_id: str
    guests: int
    override: RulesOverridden
    go_on: str
    """Where the reason is sent to."""
    back: str
    """Where what was filled in is sent to, for another time."""
    given: Mapping[str, str]
    is_post: bool = True
    """Whether the way back is one."""


def slot_of(business: Business, service: Service, given: Mapping[str, str], day: date, place: str, nights: int) -> str:
    """The id of the time that was filled in next to the list; empty where none was, or none that there could be."""
    at = given.get(AT, "")
    if not at or not FIRST_DAY <= day <= LAST_DAY:
        return ""
    where = PlaceId(place) if place else None
    if service.nights is not None:
        start = timetable.closing(business.zone, day, service.nights.check_in)
        return Slot(service.id, None, where, start, start, nights=nights).id
    try:
        start = datetime.combine(day, time.fromisoformat(at), business.zone).replace(second=0, microsecond=0)
    except ValueError:
        return ""
    known = [str(one.id) for one in business.providers_of(service.id, None)]
    provider = given.get(WITH, "") if given.get(WITH) in known else next(iter(known), "")
    return Slot(service.id, ProviderId(provider) if provider else None, where, start, start).id


def providers_of(business: Business, service: Service, language: str) -> list[tuple[str, str]]:
    """Who gives it, whenever that is: by id and name."""
    known = [business.provider(one.id) for one in business.providers_of(service.id, None)]
    return [] if service.is_stay else [(str(one.id), one.name.say(language)) for one in known if one is not None]


def overrider() -> Requester:
    """Who is signed in, in the role that may override; RequestRefused where none of theirs may."""
    role = signed_in().role_for(Act.OVERRIDE)
    if role is None:
        raise RequestRefused(may_not(Act.OVERRIDE))
    return Requester(signed_in().id, role.value)


def reason_in(given: Mapping[str, str]) -> str | None:
    """Why the rules do not count, as it was filled in; none where nothing was that anybody can read."""
    reason = clean(given.get(OVERRIDE, ""), LONGEST_REASON).strip()
    return reason if is_seen(reason) else None


def rules_in_words(
    business: Business, override: RulesOverridden, service: Service, guests: int, language: str
) -> Sequence[str]:
    """What each of the rules that are overridden says."""
    too_few = guests < service.min_guests
    of_guests = SlotUnavailable.TOO_FEW_GUESTS if too_few else SlotUnavailable.TOO_MANY_GUESTS
    reasons = [reason_of(_SAID.get(rule, of_guests)) for rule in override.of_time]
    texts = [rule.text for rule in business.rules if rule.id in override.of_house]
    said = (
        *(one.fact for one in reason_words.in_words(reasons, language)),
        *(one.say(language) for one in texts if one),
    )
    return tuple(dict.fromkeys(said))


def with_reason(business: Business, override: RulesOverridden, service: Service, guests: int, language: str) -> str:
    """The same in one line, and why they do not count."""
    return f"{'; '.join(rules_in_words(business, override, service, guests, language))} · {override.reason}"


def page(render: Renderer, business: Business, refused: RefusedTime) -> Response:
    """Which rules say no, and the field for the reason; for who may not, who can."""
    language, name = language_here(), read_slot_id(refused.slot_id)
    assert name is not None, "it was judged"
    service = business.service(name.service)
    assert service is not None
    named = [one.name.say(language) for one in (business.provider(name.provider), business.place(name.place)) if one]
    start = name.start.astimezone(business.zone)
    facts: dict[str, Any] = {
        "service": service.name.say(language),
        "time": f"{times.long_day(name.start, business.zone, language)}, {start:%H:%M}",
        "with_whom": " · ".join(named),
        "rules": rules_in_words(business, refused.override, service, refused.guests, language),
        "roles": ", ".join(words.say(f"actor.{role.value}", language) for role in who_may(Act.OVERRIDE)),
        "may_override": signed_in().may(Act.OVERRIDE),
        "longest": LONGEST_REASON,
        "given": {field: text for field, text in refused.given.items() if field != OVERRIDE},
    }
    return render.fragment("against_rules.html", 409, refused=refused, **facts)
