"""What the booking form may offer: services, days, times, guests and the last screen, for what is picked so far.

Pure: what is taken comes in. Picks are not validated yet; a pick that does not exist simply has nothing behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.business.catalogue import ConfirmationRule, Place, PlaceId, ProviderId, Service, ServiceProvider, Venue
from bot.business.context import Context
from bot.business.definition import Business
from bot.business.prices import Unit
from bot.business.quotes import Quote, quote
from bot.dialogue import choice
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference, LeadId
from bot.domain.lead import Conversation, Lead
from bot.domain.offers import ProviderWish
from bot.replies import booking as words
from bot.replies import times as clock
from bot.replies.words import say
from bot.slots.claims import Resource, Taken
from bot.slots.free import (
    PriceGaps,
    Search,
    candidates,
    free_slots,
    is_too_far,
    is_too_soon,
    resources_of,
    room_in,
)
from bot.slots.slot import Slot, read_slot_id
from bot.slots.standing import ScoreSum, best_first
from flows.limits import OPTION_COUNT, OPTION_TEXT, TEXT
from flows.session import Answers, Wished
from flows.view import ANYONE, BookingView, Choice, Days, GuestChoice, Review, SlotId
from flows.view import PlaceId as PickedPlace
from flows.view import ProviderId as PickedProvider
from flows.view import ServiceId as PickedService
from payments.domain.money import Money

LONGEST_LOOK: Final = timedelta(days=62)
"""How far the calendar looks ahead at most."""
_MOST_SERVICES: Final = OPTION_COUNT["RadioButtonsGroup"][1]
_MOST_TIMES: Final = OPTION_COUNT["Dropdown"][1]


@dataclass(frozen=True, slots=True)
class FormQuery:
    """Which form asks, and when."""

    answers: Answers
    language: str
    known_name: str
    place: str | None
    """Where it is to be, as far as the chat knew; a form that asks for the place only begins with it."""
    now: datetime
    has: str | None = None
    """The time of the booking that is moved: its claims are free for it, but that very time is no other time."""
    asks_place: bool = False
    """Whether the form has a screen that asks where."""
    asks_who: bool = False
    """Whether it can be chosen in it who is to give it."""
    provider: str | None = None
    """Whose days and times alone are shown; everybody's without."""
    scores: Mapping[str, ScoreSum] = field(default_factory=dict)
    """How customers rate the `rivals`."""
    asks_first: bool = False
    """Whether the house says yes to what this customer books, also where the service needs nobody's."""


def sold_by_form(business: Business) -> tuple[Service, ...]:
    """The services a form can book: nights and travel dates of a stay are asked in the chat."""
    return tuple(service for service in business.services if not service.is_stay)[:_MOST_SERVICES]


def picked_service(business: Business, answers: Answers) -> Service | None:
    """The service that was picked, if a form may book it."""
    return next((one for one in sold_by_form(business) if str(one.id) == answers.service_id), None)


def days_ahead(business: Business, service: Service, now: datetime) -> tuple[date, date]:
    """The local days in which a service may be booked."""
    today = now.astimezone(business.zone).date()
    return today, today + min(service.advance, LONGEST_LOOK)


def places_offered(business: Business, service: Service, asked: FormQuery) -> tuple[Place, ...]:
    """The places a form asks about: those of a service that has several, as many as the list takes."""
    known = business.places_of(service) if service.venue is not Venue.ONLINE and asked.asks_place else ()
    return known[:_MOST_TIMES] if len(known) > 1 else ()


def place_of(business: Business, service: Service, asked: FormQuery) -> str | None:
    """The place whose times are shown: the picked one where it is asked, else the one that the chat knew."""
    return asked.answers.place_id if places_offered(business, service, asked) else asked.place


def providers_offered(business: Business, service: Service, asked: FormQuery) -> tuple[ServiceProvider, ...]:
    """Those a form lets choose between: who gives the service there, where several do."""
    place = business.place(asked.place)
    known = business.providers_of(service.id, None if place is None else place.area) if asked.asks_who else ()
    return known[: _MOST_TIMES - 1] if len(known) > 1 else ()


def lacks_place(business: Business, service: Service, asked: FormQuery) -> bool:
    """Whether the place is still to be picked, without which there are no days."""
    places = places_offered(business, service, asked)
    return bool(places) and asked.answers.place_id not in {str(place.id) for place in places}


def rivals(business: Business, service: Service, answers: Answers) -> tuple[str, ...]:
    """Whose scores say who is meant by a time: no times are shown before a day is picked."""
    if answers.day is None:
        return ()
    return tuple(str(provider.id) for provider in business.providers if service.id in provider.services)


def searches(
    business: Business, service: Service, first: date, last: date, place: str | None, who: str | None = None
) -> tuple[Search, ...]:
    """What to look for: each place of its own where the customer has to choose between several, and of everybody or of
    whom they chose."""
    places = [] if service.venue is Venue.ONLINE else [one.id for one in business.places_of(service)]
    known = [one for one in places if place == str(one)]
    # of a house of ours all rooms are looked through at once
    every: list[PlaceId | None] = [*places] if service.venue is Venue.GUEST_PLACE else [None]
    wanted = (*(known or every),) or (None,)
    provider = None if who is None else ProviderId(who)
    return tuple(Search(service.id, first, last, one, provider, service.min_guests) for one in wanted)


def resources(business: Business, service: Service, first: date, last: date, place: str | None) -> tuple[Resource, ...]:
    """Whose claims decide which times may be shown."""
    looked_for = searches(business, service, first, last, place)
    return tuple(sorted({name for search in looked_for for name in resources_of(business, search)}))


def services_in(business: Business, language: str, today: date) -> tuple[Choice, ...]:
    """The list of services in that language with the prices of that day, whatever is taken."""
    return tuple(_service_choice(business, service, language, today) for service in sold_by_form(business))


def view_of(
    business: Business,
    asked: FormQuery,
    taken: Taken,
    services: tuple[Choice, ...] | None = None,
    free_days: dict[tuple[str, str | None, str | None], Days | None] | None = None,
) -> BookingView:
    """All that the form may show now.

    `services` is `services_in` where that is known; `free_days` are the days of a service at a place, of one provider
    or of all, where they have been worked out for the same taken, and keeps those that are worked out here.
    """
    language = asked.language
    today = asked.now.astimezone(business.zone).date()
    view = BookingView(language, services_in(business, language, today) if services is None else services)
    service = picked_service(business, asked.answers)
    if service is None:
        return view
    view = replace(view, places=_place_choices(business, places_offered(business, service, asked), language))
    if lacks_place(business, service, asked):
        return view
    asked = replace(asked, place=place_of(business, service, asked))
    people = providers_offered(business, service, asked)
    asked = replace(asked, provider=_meant(people, asked.answers))
    known = {} if free_days is None else free_days
    days = None
    # who is chosen and has no day at all does not close the form: others may have one
    for provider in dict.fromkeys((asked.provider, None)):
        key = (service.id, asked.place, provider)
        if key not in known:
            known[key] = _days(business, service, replace(asked, provider=provider), taken)
        days = known[key]
        if days is not None:
            break
    view = replace(view, days=days, providers=_provider_choices(people, language))
    if view.days is None or asked.answers.day is None or not view.days.allows(asked.answers.day):
        return view
    if _is_gone(business, service, asked):
        return view
    slots = _times(business, service, asked, taken)
    chosen = next((slot for slot in slots if str(slot.id) == asked.answers.slot_id), None)
    many = len({slot.place for slot in slots}) > 1
    return replace(
        view,
        times=tuple(_time_choice(business, slot, language, many=many) for slot in slots),
        party=None if chosen is None else _guest_choice(business, service, chosen, asked, language),
        review=None if chosen is None else _review(business, service, chosen, asked, language),
        wished_time=_wished_time(business, slots, asked.answers.wished),
    )


def _service_choice(business: Business, service: Service, language: str, today: date) -> Choice:
    """A service with its price: next to it where that fits, else in the line below, for half a price would be a lie."""
    name, summary = service.name.say(language), service.summary.say(language)
    price, below = _price_in_words(business, service, language, today), ""
    if len(price) > OPTION_TEXT["metadata"]:
        price, below = "", f" · {price}"
    return Choice(
        PickedService(service.id),
        _fitting(name, OPTION_TEXT["title"]),
        _fitting(summary, OPTION_TEXT["description"] - len(below)) + below,
        price,
    )


def _price_in_words(business: Business, service: Service, language: str, today: date) -> str:
    """The lowest price, and what it is for: the whole booking, or each person of it."""
    every = [row for row in business.prices if row.service == service.id]
    rows = [row for row in every if not row.is_over(today)]
    amounts, units = sorted({row.at(service.min_guests)[0] for row in rows}), {row.unit for row in rows}
    if not amounts:
        return say("booking.price.none" if every else "booking.price.free", language)
    lowest = clock.money(Money(amounts[0], business.currency), language)
    price = lowest if len(amounts) == 1 else say("form.price_from", language, price=lowest)
    unit = units.pop()
    if units or unit is Unit.PER_BOOKING:
        return price
    return f"{price} {say(f'booking.price.{unit.value}', language)}"


def _place_choices(business: Business, places: tuple[Place, ...], language: str) -> tuple[Choice, ...]:
    """The places with their part of the country; their streets are told to who has a booking there."""
    areas = [business.area(place.area) for place in places]
    return tuple(
        Choice(
            PickedPlace(place.id),
            _fitting(place.name.say(language), OPTION_TEXT["title"]),
            "" if area is None else _fitting(area.name.say(language), OPTION_TEXT["description"]),
        )
        for place, area in zip(places, areas, strict=True)
    )


def _meant(people: tuple[ServiceProvider, ...], answers: Answers) -> str | None:
    """Whose days are shown: of whom they chose, and until they did of whom they named in the chat."""
    meant = answers.provider_id or answers.wished.provider_id
    return next((str(one.id) for one in people if str(one.id) == meant), None)


def _is_gone(business: Business, service: Service, asked: FormQuery) -> bool:
    """Whether whom they chose gives it there no more: nobody else's time is theirs instead, unless they say so."""
    chosen, place = asked.answers.provider_id, business.place(asked.place)
    giving = {str(one.id) for one in business.providers_of(service.id, None if place is None else place.area)}
    return asked.asks_who and chosen not in {None, ANYONE, *giving}


def _provider_choices(people: tuple[ServiceProvider, ...], language: str) -> tuple[Choice, ...]:
    """Whoever it is first, then each by name."""
    if not people:
        return ()
    named = (Choice(PickedProvider(one.id), _fitting(one.name.say(language), OPTION_TEXT["title"])) for one in people)
    return (Choice(ANYONE, say("provider.row.anyone", language)), *named)


def _wished_time(business: Business, slots: tuple[Slot, ...], wished: Wished) -> SlotId | None:
    """The one time that begins when it was wished, or when the time began that was picked on another day."""
    picked = read_slot_id(wished.slot_id or "")
    minute = wished.minute if picked is None else _minute(business, picked.start)
    found = [slot.id for slot in slots if _minute(business, slot.start) == minute]
    return SlotId(found[0]) if len(found) == 1 else None


def _minute(business: Business, moment: datetime) -> int:
    local = moment.astimezone(business.zone)
    return local.hour * 60 + local.minute


def _days(business: Business, service: Service, asked: FormQuery, taken: Taken) -> Days | None:
    """The local days on which something is free; one free time is enough to know."""
    first, last = days_ahead(business, service, asked.now)
    every = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    gaps = PriceGaps(business, service.min_guests)
    free = {day for day in every if _has_free(business, service, asked, taken, day, gaps)}
    if not free:
        return None
    first, last = min(free), max(free)
    between = (first + timedelta(days=ahead) for ahead in range((last - first).days))
    return Days(first, last, tuple(day for day in between if day not in free))


def _has_free(business: Business, service: Service, asked: FormQuery, taken: Taken, day: date, gaps: PriceGaps) -> bool:
    """Whether any time of that local day is free; most days the first one that is looked at tells."""
    zone = business.zone
    # the day before too: its hours past midnight are times of this day
    for looked_at in (day, day - timedelta(days=1)):
        for search in searches(business, service, looked_at, looked_at, asked.place, asked.provider):
            for slot in candidates(business, service, search):
                is_other = asked.has is None or slot.id != asked.has
                is_then = is_other and slot.start.astimezone(zone).date() == day
                if is_then and _is_free(business, service, slot, asked.now, taken, gaps):
                    return True
    return False


def _is_free(business: Business, service: Service, slot: Slot, now: datetime, taken: Taken, gaps: PriceGaps) -> bool:
    if is_too_soon(service, slot.start, now) or is_too_far(business, service, slot.start, now):
        return False
    if gaps.of(slot) is not None:
        return False
    room = room_in(business, service, slot, taken)
    return room is not None and room >= service.min_guests


def _times(business: Business, service: Service, asked: FormQuery, taken: Taken) -> tuple[Slot, ...]:
    """The free times of the picked day, one a place and moment, no more than the list can show."""
    day = asked.answers.day
    assert day is not None
    found: dict[tuple[datetime, str | None], Slot] = {}
    for search in searches(business, service, day - timedelta(days=1), day, asked.place, asked.provider):
        # of two who are free alike the one whom customers rate higher is meant, as in the chat
        for slot in best_first(free_slots(business, search, asked.now, taken), asked.scores, taken, business.zone):
            if slot.start.astimezone(business.zone).date() == day and str(slot.id) != asked.has:
                key = (slot.start, slot.place)
                # and the one already picked stays
                if key not in found or str(slot.id) == asked.answers.slot_id:
                    found[key] = slot
    slots = sorted(found.values(), key=lambda slot: (slot.start, slot.place or ""))
    if len(slots) <= _MOST_TIMES:
        return tuple(slots)
    # as many as the list takes, from the whole day, the picked one always among them
    kept = {slots[index * len(slots) // _MOST_TIMES].id for index in range(_MOST_TIMES - 1)}
    return tuple(slot for slot in slots if slot.id in kept or str(slot.id) == asked.answers.slot_id)


def _time_choice(business: Business, slot: Slot, language: str, *, many: bool) -> Choice:
    """A time; with its place only where there are several, for the row is short."""
    begins = clock.clock(slot.start, business.zone, language)
    place = business.place(slot.place)
    # of several who are asked nobody is promised
    provider = None if business.is_dispatched(slot.service) else business.provider(slot.provider)
    shown = begins if place is None or not many else f"{begins} · {place.name.say(language)}"
    who = "" if provider is None else say("booking.with_provider", language, provider=provider.name.say(language))
    return Choice(SlotId(slot.id), _fitting(shown, OPTION_TEXT["title"]), _fitting(who, OPTION_TEXT["description"]))


def _guest_choice(business: Business, service: Service, slot: Slot, asked: FormQuery, language: str) -> GuestChoice:
    place = business.place(slot.place)
    room = slot.left if service.is_group else service.max_guests
    most = min(room, place.guests if place else room)
    several = range(service.min_guests, max(service.min_guests, most) + 1)[:_MOST_TIMES]
    # what has no price is not offered
    numbers = [number for number in several if PriceGaps(business, number).of(slot) is None]
    sums = {number: _sum_for(business, service, slot, number, language) for number in numbers}
    # one price for all of them is no word next to each
    shown = sums if len(set(sums.values())) > 1 else {}
    choices = tuple(
        Choice(str(number), say("booking.people", language, count=number), metadata=shown.get(number, ""))
        for number in numbers
    )
    return GuestChoice(choices, asked.known_name)


def _sum_for(business: Business, service: Service, slot: Slot, guests: int, language: str) -> str:
    """What so many pay together; nothing where it does not fit."""
    found = quote(business, service.id, slot.provider, slot.place, guests=guests, start=slot.start)
    words = clock.money(Money(found.total, found.currency), language) if isinstance(found, Quote) else ""
    return words if len(words) <= OPTION_TEXT["metadata"] else ""


def _review(business: Business, service: Service, slot: Slot, asked: FormQuery, language: str) -> Review | None:
    if asked.answers.guests is None:
        return None
    lead = Lead(LeadId(""), conversation=Conversation(language=language))
    offered = OfferedSlot(slot.id, slot.start, slot.end, slot.provider, slot.place, slot.nights)
    context = Context(now=asked.now, business=business)
    plain = Booking(BookingReference(""), service=service.id, guests=asked.answers.guests, chosen=offered)
    if asked.provider is not None:
        plain = replace(plain, who=ProviderWish((asked.provider,)))
    booking = choice.priced_for(plain, offered, context)
    facts = words.facts(lead, booking, context)
    facts["hours"] += words.as_wished(lead, booking, context)
    is_theirs_at_once = service.confirmation is ConfirmationRule.AUTO and not asked.asks_first
    kind = ("pay", "free") if is_theirs_at_once else ("ask", "ask_free")
    terms = f"form.terms.{kind[0] if booking.needs_payment else kind[1]}"
    total = facts["price"]
    found = words.quoted(booking, offered, business)
    line = found.lines[0] if found is not None and found.lines else None
    if line is not None and line.unit is Unit.PER_PERSON:
        each = clock.money(Money(line.unit_amount, business.currency), language)
        total = say("form.total_per_person", language, price=total, number=str(line.quantity), each=each)
    return Review(
        say("form.summary", language, **facts),
        total if len(total) <= TEXT["TextSubheading"]["text"] else facts["price"],
        say(terms, language),
        agreed=choice.sum_of(booking),
    )


def _fitting(text: str, limit: int) -> str:
    """The text, or as many whole words of it as fit."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
