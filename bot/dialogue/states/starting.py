"""A booking begins: a service is named, asked for, or tapped."""

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.dialogue import abandonment, choice, place_binding, provider_choice, ratings, small_talk
from bot.dialogue.changes import phrases
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.holds import release_holds
from bot.dialogue.matching import services_meant, services_named
from bot.dialogue.payment_links import unpaid_first
from bot.dialogue.states import collecting
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.references import reference_of
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.lifecycle.visits import unrated
from bot.replies import booking as words
from bot.replies import cards
from bot.replies.rebooking import REBOOK_TAP, read_tap
from intents.understanding import ExpectedAnswer, Intent

WISHES = frozenset({Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.ASK_AVAILABILITY})


def customer_turn(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    """No booking is spoken of: one begins, or the words are answered for themselves."""
    again = turn.tapped(REBOOK_TAP)
    if again is not None:
        return unpaid_first(lead, context) or _begin_again(lead, again, turn, context)
    left = abandonment.answer(lead, turn, context)
    if left is not None:
        return left
    if begins(turn, context) or (turn.asked and turn.says_facts):
        return unpaid_first(lead, context) or begin(lead, turn, context)
    visit = unrated(lead, context.business, turn.at)
    if phrases.names_booking(turn) and visit is not None:
        # nothing is ahead of them: what they had last
        return ratings.ask(lead, visit, context)
    if phrases.names_booking(turn) and all(one.state is State.ABANDONED for one in lead.bookings):
        return Outcome(lead.conversing(misunderstood=0, greeted=True)).requesting(cards.nothing_booked(lead))
    return small_talk.answer(lead, turn.understanding, context)


def again_instead(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """The button that books again, while another booking is looked for: that one is let go, as nothing of it stands."""
    again, booking = turn.tapped(REBOOK_TAP), lead.open_booking
    if again is None or booking is None or booking.explicitly_confirmed or booking.is_rebooked_by_late_payment:
        return None
    former, _, _, _ = read_tap(again)
    if booking.state not in {State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED} or former in booking.previous:
        # tapped twice, it is what is being booked
        return None
    begun = _begin_again(collecting.dropped(lead, booking, context).lead, again, turn, context)
    return release_holds(begun, booking.holds)


def form_asked_for(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """The form, for whoever asks for it by its name: for the booking in progress, else for a new one."""
    if turn.tap is not None or not turn.understanding.wants_form:
        return None
    unpaid = unpaid_first(lead, context)
    if unpaid is not None:
        return unpaid
    booking = lead.open_booking
    if booking is None or booking.state not in {State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED}:
        return begin(lead, turn, context)
    form = context.form_in(lead.language)
    if form is None:
        return None
    learned, _ = collecting.learn(lead, booking, turn, context)
    # the form begins with the time that was chosen; in the chat the wish stays as wide as it was said
    known, _ = collecting.learn(lead, choice.wish_as_chosen(booking, context.business.zone), turn, context)
    asking = lead.with_booking(learned).conversing(misunderstood=0)
    return Outcome(asking).requesting(words.form_invitation(lead, form, place_binding.known_at(lead, known, context)))


def begins(turn: CustomerTurn, context: Context) -> bool:
    """Whether these words begin a booking: a wish, a tap, or simply the name of a service."""
    if turn.tap is not None:
        return any(turn.tapped(tap) is not None for tap in (words.SERVICE_TAP, words.SLOT_TAP, words.SERVICES_TAP))
    intent = turn.understanding.intent
    names_a_time = intent is Intent.CHOOSE_SLOT and bool(turn.understanding.entities.dates)
    return intent in WISHES or names_a_time or bool(services_named(context.business, turn.text))


def begin(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    """A new booking with all that was said in one breath; if need be with the question which service it is."""
    meant = _meant(lead, turn, context)
    service = meant[0] if len(meant) == 1 else None
    left = abandonment.left_open(lead)
    is_that = left is not None and left.service in {one.id for one in meant}
    if left is not None and is_that and not turn.understanding.wants_form:
        # they come back to what they left: nothing that was said has to be said again
        lead, taken = abandonment.taken_up(lead, left, turn, context)
        return collecting.answer(lead, taken, turn, context)
    new = Booking(
        reference=reference_of(lead.id, turn.event, turn.at),
        service=None if service is None else service.id,
        guests=None if service is None else collecting.sole_count(service),
        last_activity_at=turn.at,
    )
    booking = apply.begun(new, Actor.CUSTOMER)
    lead = lead.conversing(greeted=True, misunderstood=0, about=()).with_booking(booking)
    form = context.form_in(lead.language)
    wants_form = form is not None and turn.understanding.wants_form
    if len(meant) == 1 and not wants_form:
        return collecting.answer(lead, booking, turn, context)
    if form is not None and turn.tap is None and (wants_form or not meant):
        # in place of the question; who rather writes is understood as after the question
        learned, _ = collecting.learn(lead, booking, turn, context)
        asking = lead.with_booking(learned).conversing(expecting=ExpectedAnswer.SERVICE)
        begun = place_binding.known_at(lead, learned, context)
        return Outcome(asking).requesting(words.form_invitation(lead, form, begun))
    return collecting.ask_which_service(lead, booking, turn, context, meant)


def _meant(lead: Lead, turn: CustomerTurn, context: Context) -> tuple[Service, ...]:
    tapped = turn.tapped(words.SERVICE_TAP)
    slot = turn.tapped(words.SLOT_TAP)
    wanted = tapped if tapped is not None else slot.split("|")[0] if slot is not None else None
    if wanted is not None:
        service = context.business.service(wanted)
        return () if service is None else (service,)
    said = " ".join(turn.understanding.entities.service_words)
    named = services_meant(context.business, turn.text) or services_meant(context.business, said)
    if len(named) > 1 and turn.understanding.entities.nights is None:
        # "dinner at Villa Kamboja": the villa is where, and not a stay there
        named = tuple(service for service in named if not service.is_stay) or named
    model_named = context.business.service(turn.understanding.entities.service or "")
    if named or model_named is not None:
        return named or (() if model_named is None else (model_named,))
    spoken_of = [context.business.service(name) for name in lead.conversation.about]
    known = tuple(service for service in spoken_of if service is not None)
    return known or provider_choice.services_given(turn, context)


def _begin_again(lead: Lead, tapped: str, turn: CustomerTurn, context: Context) -> Outcome:
    """After its end, the same service at another time: a booking of its own that names the former one, for as many
    people at the same place."""
    former, service, guests, place = read_tap(tapped)
    offered = context.business.service(service)
    places = [] if offered is None else [one.id for one in context.business.places_of(offered)]
    if offered is None or guests is None or not offered.min_guests <= guests <= offered.max_guests:
        guests = None
    new = Booking(
        reference=reference_of(lead.id, turn.event, turn.at),
        service=None if offered is None else offered.id,
        guests=None if offered is None else collecting.sole_count(offered) or guests,
        place=place if place in places else None,
        last_activity_at=turn.at,
        previous=(former,),
    )
    booking = apply.begun(new, Actor.CUSTOMER)
    lead = lead.conversing(greeted=True, misunderstood=0, about=()).with_booking(booking)
    return collecting.ask_next(lead, booking, turn, context)
