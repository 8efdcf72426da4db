"""A booking in the making: gather what is missing, offer times, take the choice, ask for the explicit yes.

One function a question. What the customer says in one breath is all taken; what is missing is asked, one bubble at a
time, because each costs money.
"""

from dataclasses import replace

from bot.business.catalogue import Kind, Place, Service, Venue
from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import places_meant, services_meant, services_named
from bot.dialogue.refusal_records import GUESTS_DO_NOT_FIT, refusing
from bot.dialogue.states import offering
from bot.domain.booking import Booking, BookingWish
from bot.domain.commands import OfferSlots, ReleaseHolds
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.slots import wishes
from intents.understanding import ExpectedAnswer, Intent


def answer(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    """The next step of a booking in the making, after these words."""
    if _wants_out(heard):
        return dropped(lead, booking, context)
    booking = replace(booking, last_activity_at=heard.at)
    if booking.service is not None and context.business.service(booking.service) is None:
        return _no_longer_sold(lead, booking, heard, context)
    heard = _as_tap(booking, heard)
    picked = offering.choice(lead, booking, heard, context)
    if picked is not None:
        return picked
    learned, complaint = learn(lead, booking, heard, context)
    is_new = _changed(booking, learned)
    # another wish than the one that was offered for: none of those offers can be chosen any more
    learned = replace(learned, offered=(), chosen=None) if is_new else learned
    if complaint is not None:
        asking = _asking(lead, learned, ExpectedAnswer.GUESTS, complaint)
        asking = refusing(asking, booking, State.SLOT_PROPOSED, (GUESTS_DO_NOT_FIT,), heard.at)
        return letting_go(asking, booking) if is_new else asking
    if is_new:
        return _wished_anew(lead, booking, learned, heard, context)
    says_no = heard.surely(Intent.REJECT)
    if booking.offered and says_no:
        return other_time(lead, learned)
    if booking.chosen is not None:
        # neither a plain yes nor another wish: all of it is said back once more
        return _asking(lead, learned, ExpectedAnswer.CONFIRMATION, words.summary(lead, learned, context))
    if booking.offered:
        return _asking(lead, learned, ExpectedAnswer.SLOT, words.plain(lead, "booking.ask.which_time"))
    return ask_next(lead, learned, heard, context)


def _wished_anew(lead: Lead, booking: Booking, learned: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    """The next question of the new wish; looking for times lets the old offers go by itself."""
    step = ask_next(lead, learned, heard, context)
    looks = any(isinstance(one.command, OfferSlots) for one in step.requests)
    return step if looks else letting_go(step, booking)


def _no_longer_sold(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    """The service left the file in the middle: without it there is no price, so nothing offered of it is sold."""
    anew = replace(booking, service=None, offered=(), chosen=None, last_choices=(), explicitly_confirmed=False)
    return letting_go(ask_which_service(lead, anew, heard, context), booking)


def _as_tap(booking: Booking, heard: CustomerTurn) -> CustomerTurn:
    """ "The first" of a list that was shown is a tap on its first row."""
    ordinal = heard.understanding.entities.ordinal
    if heard.tap is not None or ordinal is None or booking.offered or not booking.last_choices:
        return heard
    place = ordinal - 1 if ordinal > 0 else len(booking.last_choices) + ordinal
    return replace(heard, tap=booking.last_choices[place]) if 0 <= place < len(booking.last_choices) else heard


def _wants_out(heard: CustomerTurn) -> bool:
    return heard.tapped(words.DROP_TAP) is not None or heard.surely(Intent.CANCEL)


def dropped(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """Nothing was booked, so nothing has to be asked twice: the offers are let go."""
    ending = replace(booking, cancellation_reason="customer_request", cancelled_by="customer")
    closed = apply.move(lead, ending, State.CANCELLED, Actor.CUSTOMER, context)
    step = Outcome(lead.with_booking(closed).conversing(expecting=ExpectedAnswer.NOTHING, misunderstood=0))
    return letting_go(step, booking).requesting(words.plain(lead, "booking.nothing_booked"))


def letting_go(step: Outcome, booking: Booking) -> Outcome:
    """The step, with what was offered free for others at once."""
    return step.requesting(EffectRequest(ReleaseHolds(booking.holds))) if booking.holds else step


def learn(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> tuple[Booking, EffectRequest | None]:
    """The booking with all these words add to it, and what is wrong with them if something is."""
    booking = _learn_service(booking, heard, context)
    booking = _learn_place(booking, heard, context)
    booking = _learn_when(booking, heard)
    return _learn_guests(lead, booking, heard, context)


def _learn_when(booking: Booking, heard: CustomerTurn) -> Booking:
    chosen_day = heard.tapped(words.DAY_TAP)
    if chosen_day is not None:
        return replace(booking, wish=wishes.wish_of_iso(chosen_day, booking.wish), asked_when=True, last_choices=())
    if heard.tap is not None:
        return booking
    slots = heard.understanding.entities
    return replace(
        booking,
        wish=wishes.wish_of(slots, booking.wish),
        asked_when=booking.asked_when or wishes.says_when(slots),
        nights=wishes.nights_of(slots) or booking.nights,
    )


def _learn_service(booking: Booking, heard: CustomerTurn, context: Context) -> Booking:
    """The service, or another one named in the middle: the wish stays, what was offered does not."""
    tapped = heard.tapped(words.SERVICE_TAP)
    named = tapped if tapped is not None else _named_service(booking, heard, context)
    service = context.business.service(named or "")
    if service is None or named == booking.service:
        return booking
    guests = booking.guests if booking.guests is not None else sole_count(service)
    return replace(booking, service=service.id, guests=guests, chosen=None, last_choices=())


def _named_service(booking: Booking, heard: CustomerTurn, context: Context) -> str | None:
    if heard.tap is not None:
        return None
    find = services_meant if booking.service is None else services_named
    meant = [service.id for service in find(context.business, heard.text)]
    if not meant and booking.service is None:
        # out of the words no name, but a model may have known what they are about; whether it is sold is checked
        return heard.understanding.entities.service
    return meant[0] if len(meant) == 1 and booking.service not in meant else None


def sole_count(service: Service) -> int | None:
    """The number of guests where it needs no asking: there is only one to choose, or nobody counts heads on a call."""
    if service.min_guests == service.max_guests or service.kind is Kind.VIRTUAL:
        return service.min_guests
    return None


def _learn_place(booking: Booking, heard: CustomerTurn, context: Context) -> Booking:
    tapped = heard.tapped(words.PLACE_TAP)
    meant = places_meant(context.business.places, heard.text) if heard.tap is None else ()
    named = tapped or (meant[0].id if len(meant) == 1 else None)
    if named is None or context.business.place(named) is None:
        return booking
    return replace(booking, place=named, last_choices=() if tapped else booking.last_choices)


def _learn_guests(
    lead: Lead, booking: Booking, heard: CustomerTurn, context: Context
) -> tuple[Booking, EffectRequest | None]:
    said = heard.understanding.entities.guests if heard.tap is None else None
    guests = said if said is not None else booking.guests
    service = context.business.service(booking.service or "")
    if guests is None and service is not None and heard.says_yes:
        guests = sole_count(service)
    if guests is None or service is None:
        return replace(booking, guests=guests), None
    if guests > service.max_guests:
        key = "booking.guests.too_many" if service.max_guests > 1 else "booking.guests.only_one"
        complaint = words.plain(
            lead, key, service, **({"most": str(service.max_guests)} if service.max_guests > 1 else {})
        )
        return replace(booking, guests=None), complaint
    if guests < service.min_guests:
        complaint = words.plain(lead, "booking.guests.too_few", service, least=str(service.min_guests))
        return replace(booking, guests=None), complaint
    return replace(booking, guests=guests), None


def _changed(before: Booking, after: Booking) -> bool:
    """Whether what was offered no longer answers the wish."""
    return bool(before.offered) and _asked_for(before) != _asked_for(after)


def _asked_for(booking: Booking) -> tuple[object, ...]:
    return (booking.service, booking.place, booking.guests, booking.nights, booking.wish)


def places_for(service: Service, context: Context) -> tuple[Place, ...]:
    """The places a customer has to choose between: where they stay, for what comes to them."""
    return context.business.places_of(service) if service.venue is Venue.GUEST_PLACE else ()


def ask_which_service(
    lead: Lead, booking: Booking, heard: CustomerTurn, context: Context, among: tuple[Service, ...] = ()
) -> Outcome:
    """Which service: of those meant alike, or of all, page by page; all else that was said is kept."""
    learned, _ = learn(lead, booking, heard, context)
    page = heard.tapped(words.SERVICES_TAP) or "0"
    said = words.service_question(
        lead, context, among or _asked_among(booking, context), int(page) if page.isdigit() else 0
    )
    shown = replace(learned, last_choices=words.taps_of(said))
    return _asking(lead, shown, ExpectedAnswer.SERVICE, said)


def _asked_among(booking: Booking, context: Context) -> tuple[Service, ...]:
    """The few services that were asked about before, as long as none of them was named."""
    before = [context.business.service(tap.removeprefix(words.SERVICE_TAP)) for tap in booking.last_choices]
    known = tuple(one for one in before if one is not None)
    return known if len(known) < len(context.business.services) else ()


def ask_next(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    """The first thing that is missing, or the order to look for times."""
    service = context.business.service(booking.service or "")
    if service is None:
        return ask_which_service(lead, booking, heard, context)
    booking = _selected(lead, booking, context)
    places = places_for(service, context)
    if places and booking.place not in {place.id for place in places}:
        booking = replace(booking, place=places[0].id if len(places) == 1 else None)
    if booking.place is None and places:
        said = words.place_question(lead, service, places)
        return _asking(lead, replace(booking, last_choices=words.taps_of(said)), ExpectedAnswer.BOOKING, said)
    if booking.wish.is_open and not booking.asked_when:
        return _ask_when(lead, booking, service)
    ambiguous = wishes.is_ambiguous(heard.understanding.entities) if heard.tap is None else None
    if ambiguous is not None:
        said = words.day_question(lead, ambiguous)
        return _asking(lead, replace(booking, last_choices=words.taps_of(said)), ExpectedAnswer.WISH, said)
    if booking.guests is None:
        return _asking(lead, booking, ExpectedAnswer.GUESTS, words.plain(lead, "booking.ask.guests", service))
    if service.is_stay and not booking.nights:
        return _asking(lead, booking, ExpectedAnswer.WISH, words.plain(lead, "booking.ask.nights"))
    return look_for_times(lead, replace(booking, nights=booking.nights if service.is_stay else 0))


def _selected(lead: Lead, booking: Booking, context: Context) -> Booking:
    """From the first wish on a service is chosen (T02)."""
    if booking.state is State.INQUIRY:
        return apply.move(lead, booking, State.SERVICE_SELECTED, Actor.CUSTOMER, context)
    return booking


def _ask_when(lead: Lead, booking: Booking, service: Service) -> Outcome:
    asked = replace(booking, asked_when=True)
    if service.is_stay:
        return _asking(lead, asked, ExpectedAnswer.WISH, words.plain(lead, "booking.ask.stay", service))
    key = "booking.ask.when" if booking.guests is not None else "booking.ask.when_and_guests"
    return _asking(lead, asked, ExpectedAnswer.WISH, words.plain(lead, key, service))


def look_for_times(lead: Lead, booking: Booking) -> Outcome:
    """Order the search; what was held before is let go with it."""
    order = OfferSlots(
        booking=booking.reference,
        service=booking.service or "",
        place=booking.place,
        guests=booking.guests or 1,
        nights=max(1, booking.nights),
        wish=booking.wish,
        provider=booking.only_provider,
    )
    waiting = replace(booking, chosen=None, open_question=None)
    step = Outcome(lead.with_booking(waiting).conversing(expecting=ExpectedAnswer.SLOT, misunderstood=0))
    return step.requesting(EffectRequest(order))


def open_question(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """The question that was open before somebody asked something else, asked once more."""
    service = context.business.service(booking.service or "")
    if service is None:
        said = words.service_question(lead, context, _asked_among(booking, context))
        return _asking(lead, replace(booking, last_choices=words.taps_of(said)), ExpectedAnswer.SERVICE, said)
    if booking.chosen is not None:
        return _asking(lead, booking, ExpectedAnswer.CONFIRMATION, words.summary(lead, booking, context))
    if booking.offered:
        return _asking(lead, booking, ExpectedAnswer.SLOT, words.plain(lead, "booking.ask.which_time"))
    places = places_for(service, context)
    if booking.place is None and places:
        said = words.place_question(lead, service, places)
        return _asking(lead, replace(booking, last_choices=words.taps_of(said)), ExpectedAnswer.BOOKING, said)
    if booking.wish.is_open:
        return _ask_when(lead, booking, service)
    if booking.guests is None:
        return _asking(lead, booking, ExpectedAnswer.GUESTS, words.plain(lead, "booking.ask.guests", service))
    return _asking(lead, booking, ExpectedAnswer.WISH, words.plain(lead, "booking.ask.other_time"))


def other_time(lead: Lead, booking: Booking) -> Outcome:
    """None of these: which other day or time?"""
    open_again = replace(booking, chosen=None, wish=BookingWish(), asked_when=True)
    return _asking(lead, open_again, ExpectedAnswer.WISH, words.plain(lead, "booking.ask.other_time"))


def _asking(lead: Lead, booking: Booking, expecting: ExpectedAnswer, said: EffectRequest) -> Outcome:
    return Outcome(lead.with_booking(booking).conversing(expecting=expecting, misunderstood=0)).requesting(said)
