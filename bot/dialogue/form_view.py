"""What the booking form may offer: services, days, times, guests and the last screen, for what is picked so far.

Pure: what is taken comes in. Picks are not validated yet; a pick that does not exist simply has nothing behind it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.business.catalogue import PlaceId, Service, Venue
from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue import choice
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference, LeadId
from bot.domain.lead import Conversation, Lead
from bot.replies import booking as words
from bot.replies import times as clock
from bot.replies.words import say
from bot.slots.claims import Taken
from bot.slots.free import Search, candidates, free_slots, is_too_far, is_too_soon, room_in
from bot.slots.slot import Slot
from flows.limits import OPTION_COUNT, OPTION_TEXT, TEXT
from flows.session import Answers
from flows.view import BookingView, Choice, Days, GuestChoice, Review, SlotId
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
    now: datetime
    has: str | None = None
    """The time of the booking that is moved: its claims are free for it, but that very time is no other time."""


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


def searches(business: Business, service: Service, first: date, last: date, place: str | None) -> tuple[Search, ...]:
    """What to look for: each place of its own where the customer has to choose between several."""
    places = [one.id for one in business.places_of(service)] if service.venue is Venue.GUEST_PLACE else []
    own = PlaceId(place) if place is not None and service.venue is Venue.OWN_PLACE else None
    known = [one for one in places if place in (None, str(one))]
    wanted = (*(known or places),) or (own,)
    return tuple(Search(service.id, first, last, one, None, service.min_guests) for one in wanted)


def view_of(business: Business, asked: FormQuery, taken: Taken) -> BookingView:
    """All that the form may show now."""
    language = asked.language
    services = tuple(
        Choice(
            PickedService(service.id),
            _fitting(service.name.say(language), OPTION_TEXT["title"]),
            _fitting(service.summary.say(language), OPTION_TEXT["description"]),
            _price_tag(business, service, language),
        )
        for service in sold_by_form(business)
    )
    view = BookingView(language, services)
    service = picked_service(business, asked.answers)
    if service is None:
        return view
    days = _days(business, service, asked, taken)
    if days is None or asked.answers.day is None or not days.allows(asked.answers.day):
        return BookingView(language, services, days)
    slots = _times(business, service, asked, taken)
    chosen = next((slot for slot in slots if str(slot.id) == asked.answers.slot_id), None)
    many = len({slot.place for slot in slots}) > 1
    return BookingView(
        language,
        services,
        days,
        tuple(_time_choice(business, slot, language, many=many) for slot in slots),
        None if chosen is None else _guest_choice(business, service, chosen, asked, language),
        None if chosen is None else _review(business, service, chosen, asked, language),
    )


def _price_tag(business: Business, service: Service, language: str) -> str:
    """The lowest price, or nothing where it does not fit: half a number would be a lie."""
    amounts = sorted({row.at(service.min_guests)[0] for row in business.prices if row.service == service.id})
    if not amounts:
        return say("booking.price.free", language)
    lowest = clock.money(Money(amounts[0], business.currency), language)
    tag = lowest if len(amounts) == 1 else say("form.price_from", language, price=lowest)
    return tag if len(tag) <= OPTION_TEXT["metadata"] else ""


def _days(business: Business, service: Service, asked: FormQuery, taken: Taken) -> Days | None:
    """The local days on which something is free; one free time is enough to know."""
    first, last = days_ahead(business, service, asked.now)
    free: set[date] = set()
    # from the day before: its hours past midnight are times of the first day
    for ahead in range(-1, (last - first).days + 1):
        day = first + timedelta(days=ahead)
        for search in searches(business, service, day, day, asked.place):
            for slot in candidates(business, service, search):
                local = slot.start.astimezone(business.zone).date()
                is_other = str(slot.id) != asked.has
                if local not in free and is_other and _is_free(business, service, slot, asked.now, taken):
                    free.add(local)
            if day in free:
                break
    free = {day for day in free if first <= day <= last}
    if not free:
        return None
    first, last = min(free), max(free)
    between = (first + timedelta(days=ahead) for ahead in range((last - first).days))
    return Days(first, last, tuple(day for day in between if day not in free))


def _is_free(business: Business, service: Service, slot: Slot, now: datetime, taken: Taken) -> bool:
    if is_too_soon(service, slot.start, now) or is_too_far(business, service, slot.start, now):
        return False
    room = room_in(business, service, slot, service.min_guests, taken)
    return room is not None and room >= service.min_guests


def _times(business: Business, service: Service, asked: FormQuery, taken: Taken) -> tuple[Slot, ...]:
    """The free times of the picked day, one a place and moment, no more than the list can show."""
    day = asked.answers.day
    assert day is not None
    found: dict[tuple[datetime, str | None], Slot] = {}
    for search in searches(business, service, day - timedelta(days=1), day, asked.place):
        for slot in free_slots(business, search, asked.now, taken):
            if slot.start.astimezone(business.zone).date() == day and str(slot.id) != asked.has:
                key = (slot.start, slot.place)
                # of two who are free alike the one already picked stays
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
    place, provider = business.place(slot.place), business.provider(slot.provider)
    shown = begins if place is None or not many else f"{begins} · {place.name.say(language)}"
    who = "" if provider is None else say("booking.with_provider", language, provider=provider.name.say(language))
    return Choice(SlotId(slot.id), _fitting(shown, OPTION_TEXT["title"]), _fitting(who, OPTION_TEXT["description"]))


def _guest_choice(business: Business, service: Service, slot: Slot, asked: FormQuery, language: str) -> GuestChoice:
    place = business.place(slot.place)
    room = slot.left if service.is_group else service.max_guests
    most = min(room, place.guests if place else room)
    numbers = range(service.min_guests, max(service.min_guests, most) + 1)[:_MOST_TIMES]
    choices = tuple(Choice(str(number), say("booking.people", language, count=number)) for number in numbers)
    return GuestChoice(choices, asked.known_name)


def _review(business: Business, service: Service, slot: Slot, asked: FormQuery, language: str) -> Review | None:
    if asked.answers.guests is None:
        return None
    lead = Lead(LeadId(""), conversation=Conversation(language=language))
    offered = OfferedSlot(slot.id, slot.start, slot.end, slot.provider, slot.place, slot.nights)
    context = Context(now=asked.now, business=business)
    plain = Booking(BookingReference(""), service=service.id, guests=asked.answers.guests, chosen=offered)
    booking = choice.priced_for(plain, offered, context)
    facts = words.facts(lead, booking, context)
    terms = "form.terms.pay" if booking.needs_payment else "form.terms.free"
    return Review(
        say("form.summary", language, **facts),
        _fitting(facts["price"], TEXT["TextSubheading"]["text"]),
        say(terms, language),
    )


def _fitting(text: str, limit: int) -> str:
    """The text, or as many whole words of it as fit."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
