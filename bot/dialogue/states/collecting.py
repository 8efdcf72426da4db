"""A booking in progress without a time: gather what is missing, offer times, take the choice, ask for the explicit yes.

One function a question. What the customer says in one breath is all taken; what is missing is asked, one bubble at a
time, because each costs money.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.business.catalogue import Place, Service, ServiceKind, Venue
from bot.business.context import Context
from bot.dialogue import choice, denials, forms, house_rules, provider_choice, small_talk
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.denials import GUESTS_DO_NOT_FIT
from bot.dialogue.holds import release_holds
from bot.dialogue.matching import in_area_named, of_length, of_number, places_meant, services_meant, services_named
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking, BookingWish
from bot.domain.commands import OfferSlots
from bot.domain.form_events import FormSubmitted
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import day_questions, first_words
from bot.slots import wishes
from intents import turns
from intents.understanding import Confidence, ExpectedAnswer, Intent

NO_WISH: Final = frozenset(
    {Intent.GREETING, Intent.HELP, Intent.THANKS, Intent.GOODBYE, Intent.ASK_INFO, Intent.PAY_HELP, Intent.OOS}
)
"""Said while booking and not about it: answered, and the booking goes on from where it was."""


def customer_turn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """What these words or this tap mean for the booking; what means nothing for it is answered for itself."""
    if turn.tap is not None:
        if turn.tapped(words.OTHER_TAP) == str(booking.reference):
            return other_time(lead, booking)
        if turn.tapped(words.SERVICES_TAP) is not None:
            return ask_which_service(lead, booking, turn, context)
        if turn.tap in {first_words.HELP, first_words.START}:
            return small_talk.answer(lead, turn.understanding, context)
        return answer(lead, booking, turn, context)
    if turn.says_facts or turn.understanding.entities.relations or choice.says_yes(booking, turn, lead):
        return answer(lead, booking, turn, context)
    learned, _ = learn(lead, booking, turn, context)
    if booking.chosen is not None and turn.understanding.intent is Intent.OOS:
        # at the explicit question no word is beyond us: it is asked again, in other words
        return answer(lead, booking, turn, context)
    if turn.understanding.confidence is Confidence.ASK_BACK:
        # words we are not sure of may still name a service or a place of ours
        is_about_it = learned != booking
    elif turn.understanding.intent in NO_WISH:
        is_about_it = names_what_is_asked(booking, learned)
    else:
        is_about_it = True
    return answer(lead, booking, turn, context) if is_about_it else small_talk.answer(lead, turn.understanding, context)


def names_what_is_asked(booking: Booking, learned: Booking) -> bool:
    """Whether the service or the place was learned that was still missing, or who is to give it."""
    names_service = booking.service is None and learned.service is not None
    names_place = booking.place is None and learned.place is not None
    return names_service or names_place or booking.who != learned.who


def answer(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """The next step of a booking in progress, after these words."""
    if turn.tapped(words.DROP_TAP) is not None or turn.surely(Intent.CANCEL):
        return dropped(lead, booking, context)
    # what is said here answers no question of the house: it is asked again where it is still open
    booking = replace(booking, last_activity_at=turn.at, open_field=None, yes_waits=False)
    if booking.service is not None and context.business.service(booking.service) is None:
        # The service left the file in the middle: without it there is no price, so nothing offered of it is sold.
        unsold = replace(booking, service=None, offered=(), chosen=None, last_choices=(), explicitly_confirmed=False)
        return release_holds(ask_which_service(lead, unsold, turn, context), booking.holds)
    turn = _as_tap(booking, turn)
    beyond = choice.beyond_shown(booking, turn, context.business.zone)
    if beyond is not None:
        # the search lets the former offers go
        return ask_next(lead, replace(booking, wish=beyond, offered=(), chosen=None), turn, context)
    picked = choice.answer(lead, booking, turn, context)
    if picked is not None and not _counts_anew(booking, turn):
        return picked
    if turn.tap is None:
        booking = choice.wish_as_chosen(booking, context.business.zone)
    learned, complaint = learn(lead, booking, turn, context)
    # what was offered no longer answers the wish
    is_new = bool(booking.offered) and _wish_of(booking) != _wish_of(learned)
    # another wish than the one that was offered for: none of those offers can be chosen any more
    learned = replace(learned, offered=(), chosen=None) if is_new else learned
    if complaint is not None and booking.chosen is not None:
        # they are as many as before, and nothing that was chosen is lost
        short = words.asking_yes(lead, "booking.ask.confirm", booking, context)
        kept = _asking(lead, booking, ExpectedAnswer.CONFIRMATION, words.with_first(short, complaint))
        return denials.recording(kept, booking, State.SLOT_PROPOSED, (GUESTS_DO_NOT_FIT,), turn.at)
    if complaint is not None:
        asking = _asking(lead, learned, ExpectedAnswer.GUESTS, complaint)
        asking = denials.recording(asking, booking, State.SLOT_PROPOSED, (GUESTS_DO_NOT_FIT,), turn.at)
        return release_holds(asking, booking.holds) if is_new else asking
    if is_new:
        outcome = ask_next(lead, learned, turn, context)
        looks = any(isinstance(request.command, OfferSlots) for request in outcome.requests)
        # looking for times releases the old offers by itself
        return outcome if looks else release_holds(outcome, booking.holds)
    # "don't cancel my booking" refuses nothing that was shown
    says_no = turn.surely(Intent.REJECT) and not turns.keeps_booking(turn.text)
    if says_no and (booking.offered or booking.chosen is not None):
        return other_time(lead, learned)
    if learned.chosen is not None:
        return ask_for_yes(lead, learned, context)
    if booking.offered:
        return _asking(lead, learned, ExpectedAnswer.SLOT, words.text_message(lead, "booking.ask.which_time"))
    return ask_next(lead, learned, turn, context)


def ask_for_yes(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """Neither a plain yes nor another wish: asked in short, then with how to say it, and then a person is called."""
    missed = lead.conversation.misunderstood
    key = "booking.ask.confirm_plain" if missed else "booking.ask.confirm"
    question = words.asking_yes(lead, key, booking, context)
    outcome = _asking(lead, booking, ExpectedAnswer.CONFIRMATION, question)
    return replace(outcome, lead=outcome.lead.conversing(misunderstood=missed + 1))


def _counts_anew(booking: Booking, turn: CustomerTurn) -> bool:
    """Whether another number of people is named with the choice: "7 pm, for two"."""
    return turn.tap is None and turn.understanding.entities.guests not in {None, booking.guests}


def _as_tap(booking: Booking, turn: CustomerTurn) -> CustomerTurn:
    """ "The first" of a list that was shown is a tap on its first row."""
    ordinal = turn.understanding.entities.ordinal
    if turn.tap is not None or ordinal is None or booking.offered or not booking.last_choices:
        return turn
    place = ordinal - 1 if ordinal > 0 else len(booking.last_choices) + ordinal
    return replace(turn, tap=booking.last_choices[place]) if 0 <= place < len(booking.last_choices) else turn


def dropped(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """Nothing was booked, so nothing has to be asked twice: the offers are let go."""
    ending = replace(booking, cancellation_reason="customer_request", cancelled_by="customer")
    closed = apply.move(lead, ending, State.CANCELLED, Actor.CUSTOMER, context)
    outcome = Outcome(lead.with_booking(closed).conversing(expecting=ExpectedAnswer.NOTHING, misunderstood=0))
    return release_holds(outcome, booking.holds).requesting(words.text_message(lead, "booking.nothing_booked"))


def learn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> tuple[Booking, EffectRequest | None]:
    """The booking with all these words add to it, and what is wrong with them if something is."""
    before, booking = booking.service, _learn_service(booking, turn, context)
    if before not in {None, booking.service}:
        # whom they named for something else is no wish of this; who is named with it, and does not give it, is told so
        booking = replace(booking, who=provider_choice.waited_for(booking, context))
    booking = provider_choice.learned(_learn_place(booking, turn, context), turn, context)
    booking = _learn_when(booking, turn, turn.at.astimezone(context.business.zone).date())
    named = turn.understanding.entities.guests if turn.tap is None else None
    guests = named if named is not None else booking.guests
    service = context.business.service(booking.service or "")
    if guests is None and service is not None and turn.says_yes():
        guests = sole_count(service)
    if guests is None or service is None:
        return replace(booking, guests=guests), None
    if guests > service.max_guests:
        key = "booking.guests.too_many" if service.max_guests > 1 else "booking.guests.only_one"
        complaint = words.text_message(
            lead, key, service, **({"most": str(service.max_guests)} if service.max_guests > 1 else {})
        )
        return replace(booking, guests=None), complaint
    if guests < service.min_guests:
        complaint = words.text_message(lead, "booking.guests.too_few", service, least=str(service.min_guests))
        return replace(booking, guests=None), complaint
    return replace(booking, guests=guests), None


def _learn_when(booking: Booking, turn: CustomerTurn, today: date) -> Booking:
    chosen_day = turn.tapped(words.DAY_TAP)
    if chosen_day is not None:
        return replace(booking, wish=wishes.wish_of_iso(chosen_day, booking.wish), asked_when=True, last_choices=())
    if turn.tap is not None:
        return booking
    slots = turn.understanding.entities
    return replace(
        booking,
        wish=wishes.wish_of(slots, booking.wish, today),
        asked_when=booking.asked_when or wishes.says_when(slots),
        last_choices=() if wishes.says_when(slots) else booking.last_choices,
        nights=wishes.nights_of(slots) or booking.nights,
    )


def _learn_service(booking: Booking, turn: CustomerTurn, context: Context) -> Booking:
    """The service, or another one named in the middle: the wish stays, what was offered does not."""
    tapped = turn.tapped(words.SERVICE_TAP)
    named = tapped if tapped is not None else _named_service(booking, turn, context)
    service = context.business.service(named or "")
    if service is None or named == booking.service:
        return booking
    guests = booking.guests if booking.guests is not None else sole_count(service)
    return replace(booking, service=service.id, guests=guests, chosen=None, last_choices=())


def _named_service(booking: Booking, turn: CustomerTurn, context: Context) -> str | None:
    if turn.tap is not None:
        return None
    find = services_meant if booking.service is None else services_named
    meant = [service.id for service in find(context.business, turn.text)]
    if len(meant) != 1 and booking.service is None:
        # "the 90 one" of the few that were shown, or a word of the trade for a single service of ours
        said = " ".join(turn.understanding.entities.service_words)
        shown = of_number(_asked_among(booking, context), turn.text)
        meant = [one.id for one in shown] if len(shown) == 1 else meant
        meant = meant or [one.id for one in services_meant(context.business, said)]
    longer = of_length(context.business, context.business.service(booking.service or ""), turn.text)
    if not meant and longer is not None:
        return longer.id
    if not meant and booking.service is None:
        # out of the words no name, but a model may have known what they are about; whether it is sold is checked
        return turn.understanding.entities.service
    if booking.service is not None and turn.understanding.entities.nights is None:
        # "at Villa Kamboja" says where, and asks for no stay there
        stays = {service.id for service in context.business.services if service.is_stay}
        is_place = bool(places_meant(context.business.places, turn.text))
        meant = [name for name in meant if not is_place or name not in stays]
    return meant[0] if len(meant) == 1 and booking.service not in meant else None


def sole_count(service: Service) -> int | None:
    """The number of guests where it needs no asking: there is only one to choose, or nobody counts heads on a call."""
    if service.min_guests == service.max_guests or service.kind is ServiceKind.VIRTUAL:
        return service.min_guests
    return None


def _learn_place(booking: Booking, turn: CustomerTurn, context: Context) -> Booking:
    tapped = turn.tapped(words.PLACE_TAP)
    meant = places_meant(context.business.places, turn.text) if turn.tap is None else ()
    named = tapped or (meant[0].id if len(meant) == 1 else None)
    if named is None or context.business.place(named) is None:
        return booking
    return replace(booking, place=named, last_choices=() if tapped else booking.last_choices)


def _wish_of(booking: Booking) -> tuple[object, ...]:
    return (booking.service, booking.place, booking.guests, booking.nights, booking.wish, booking.who)


def places_for(service: Service, context: Context) -> tuple[Place, ...]:
    """The places a customer has to choose between: where they stay, for what comes to them."""
    return context.business.places_of(service) if service.venue is Venue.GUEST_PLACE else ()


def ask_which_service(
    lead: Lead, booking: Booking, turn: CustomerTurn, context: Context, among: tuple[Service, ...] = ()
) -> Outcome:
    """Which service: of those meant alike, or of all, page by page; all else that was question is kept."""
    learned, _ = learn(lead, booking, turn, context)
    page = turn.tapped(words.SERVICES_TAP) or "0"
    question = words.service_question(
        lead, context, among or _asked_among(booking, context), int(page) if page.isdigit() else 0
    )
    shown = replace(learned, last_choices=words.taps_of(question))
    return _asking(lead, shown, ExpectedAnswer.SERVICE, question)


def _asked_among(booking: Booking, context: Context) -> tuple[Service, ...]:
    """The few services that were asked about before, as long as none of them was named."""
    before = [context.business.service(tap.removeprefix(words.SERVICE_TAP)) for tap in booking.last_choices]
    known = tuple(service for service in before if service is not None)
    return known if len(known) < len(context.business.services) else ()


def ask_next(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """The first thing that is missing, or the order to look for times."""
    service = context.business.service(booking.service or "")
    if service is None:
        return ask_which_service(lead, booking, turn, context)
    booking = _selected(lead, booking, context)
    places = places_for(service, context)
    if places and booking.place not in {place.id for place in places}:
        booking = replace(booking, place=places[0].id if len(places) == 1 else None)
    near = in_area_named(context.business, places, turn.text)
    if booking.place is None and len(near) == 1:
        booking = replace(booking, place=near[0].id)
    home = context.place_of(lead.bound_place)
    if booking.place is None and home is not None and home in (near or places):
        booking = replace(booking, place=home.id)
    if booking.place is None and places:
        question = words.place_question(lead, service, near or places)
        return _asking(lead, replace(booking, last_choices=words.taps_of(question)), ExpectedAnswer.BOOKING, question)
    booking = provider_choice.settled(booking, context)
    unclear = provider_choice.question(lead, booking, context) or _unclear_day(lead, booking, turn, context)
    if unclear is not None:
        return _asking(lead, replace(booking, last_choices=words.taps_of(unclear)), ExpectedAnswer.WISH, unclear)
    if booking.wish.is_open and not booking.asked_when:
        return _ask_when(lead, booking, service)
    if booking.guests is None:
        return _asking(lead, booking, ExpectedAnswer.GUESTS, words.text_message(lead, "booking.ask.guests", service))
    if service.is_stay and not booking.nights:
        return _asking(lead, booking, ExpectedAnswer.WISH, words.text_message(lead, "booking.ask.nights"))
    known = replace(booking, nights=booking.nights if service.is_stay else 0)
    return house_rules.before_times(lead, known, turn.at, context) or look_for_times(lead, known, context)


def _unclear_day(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> EffectRequest | None:
    """The question about a day or time that has two readings, contradicts itself, or was asked about and not told."""
    if turn.tap is not None:
        return None
    said = turn.understanding.entities
    if said.doubts:
        return day_questions.doubt_question(lead, said.doubts[0], context)
    ambiguous = wishes.is_ambiguous(said)
    if ambiguous is not None:
        return day_questions.day_question(lead, ambiguous)
    asked = [tap.removeprefix(words.DAY_TAP) for tap in booking.last_choices if tap.startswith(words.DAY_TAP)]
    # a mere "yes" to "this one or that one?" is no answer, and none is guessed
    return day_questions.which_of(lead, asked) if len(asked) > 1 else None


def _selected(lead: Lead, booking: Booking, context: Context) -> Booking:
    """From the first wish on a service is chosen (T02)."""
    if booking.state is State.INQUIRY:
        return apply.move(lead, booking, State.SERVICE_SELECTED, Actor.CUSTOMER, context)
    return booking


def _ask_when(lead: Lead, booking: Booking, service: Service) -> Outcome:
    asked = replace(booking, asked_when=True)
    if service.is_stay:
        return _asking(lead, asked, ExpectedAnswer.WISH, words.text_message(lead, "booking.ask.stay", service))
    key = "booking.ask.when" if booking.guests is not None else "booking.ask.when_and_guests"
    return _asking(lead, asked, ExpectedAnswer.WISH, words.text_message(lead, key, service))


def look_for_times(lead: Lead, booking: Booking, context: Context | None = None) -> Outcome:
    """Order the search; what was held before is let go with it. Without a context nobody is put first whom they had
    before."""
    order = OfferSlots(
        booking=booking.reference,
        service=booking.service or "",
        place=booking.place,
        guests=booking.guests or 1,
        nights=max(1, booking.nights),
        wish=booking.wish,
        provider=booking.only_provider,
        wished=booking.who.only,
        other_than=booking.who.refused,
        rather=None if context is None else provider_choice.rather(lead, booking, context),
    )
    waiting = replace(booking, chosen=None, open_question=None)
    outcome = Outcome(lead.with_booking(waiting).conversing(expecting=ExpectedAnswer.SLOT, misunderstood=0))
    return outcome.requesting(EffectRequest(order))


def open_question(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """The question that was open before somebody asked something else, asked once more."""
    asked = house_rules.asked_again(lead, booking, context)
    if asked is not None:
        return asked
    service = context.business.service(booking.service or "")
    if service is None:
        question = words.service_question(lead, context, _asked_among(booking, context))
        return _asking(lead, replace(booking, last_choices=words.taps_of(question)), ExpectedAnswer.SERVICE, question)
    if booking.chosen is not None:
        short = words.asking_yes(lead, "booking.ask.confirm", booking, context)
        return _asking(lead, booking, ExpectedAnswer.CONFIRMATION, short)
    if booking.offered:
        return _asking(lead, booking, ExpectedAnswer.SLOT, words.text_message(lead, "booking.ask.which_time"))
    places = places_for(service, context)
    if booking.place is None and places:
        question = words.place_question(lead, service, places)
        return _asking(lead, replace(booking, last_choices=words.taps_of(question)), ExpectedAnswer.BOOKING, question)
    whom = provider_choice.question(lead, booking, context)
    if whom is not None:
        return _asking(lead, replace(booking, last_choices=words.taps_of(whom)), ExpectedAnswer.WISH, whom)
    if booking.wish.is_open:
        return _ask_when(lead, booking, service)
    if booking.guests is None:
        return _asking(lead, booking, ExpectedAnswer.GUESTS, words.text_message(lead, "booking.ask.guests", service))
    return _asking(lead, booking, ExpectedAnswer.WISH, words.text_message(lead, "booking.ask.other_time"))


def other_time(lead: Lead, booking: Booking) -> Outcome:
    """None of these: which other day or time?"""
    open_again = replace(booking, chosen=None, wish=BookingWish(), asked_when=True)
    return _asking(lead, open_again, ExpectedAnswer.WISH, words.text_message(lead, "booking.ask.other_time"))


def _asking(lead: Lead, booking: Booking, expecting: ExpectedAnswer, question: EffectRequest) -> Outcome:
    return Outcome(lead.with_booking(booking).conversing(expecting=expecting, misunderstood=0)).requesting(question)


HANDLERS: Final[Mapping[Trigger, Handler]] = {CustomerTurn: customer_turn, FormSubmitted: forms.submitted}
