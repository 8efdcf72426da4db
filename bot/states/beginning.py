"""A booking begins: a service is named, asked for, or tapped."""

from bot import moves
from bot.booking import Booking
from bot.business.catalogue import Service
from bot.decision import Context, Step
from bot.heard import Heard
from bot.lead import Lead
from bot.matching import services_meant, services_named
from bot.references import reference_of
from bot.replies import booking as words
from bot.states import making
from bot.verdicts import Actor
from intents.understanding import Expecting, Intent

WISHES = frozenset({Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.ASK_AVAILABILITY})


def begins(heard: Heard, context: Context) -> bool:
    """Whether these words begin a booking: a wish, a tap, or simply the name of a service."""
    if heard.tap is not None:
        return any(heard.tapped(one) is not None for one in (words.SERVICE_TAP, words.SLOT_TAP, words.SERVICES_TAP))
    intent = heard.understanding.intent
    names_a_time = intent is Intent.CHOOSE_SLOT and bool(heard.understanding.slots.dates)
    return intent in WISHES or names_a_time or bool(services_named(context.business, heard.text))


def begin(lead: Lead, heard: Heard, context: Context) -> Step:
    """A new booking with all that was said in one breath; if need be with the question which service it shall be."""
    meant = _meant(lead, heard, context)
    booking = new_booking(lead, heard, meant[0] if len(meant) == 1 else None)
    lead = lead.conversing(greeted=True, misunderstood=0, about=()).with_booking(booking)
    if len(meant) == 1:
        return making.answer(lead, booking, heard, context)
    form = context.form_in(lead.language)
    if form is not None and not meant and heard.tap is None:
        return _invited(lead, booking, heard, context, form)
    return making.ask_which_service(lead, booking, heard, context, meant)


def _invited(lead: Lead, booking: Booking, heard: Heard, context: Context, form: str) -> Step:
    """The form in place of the question; who rather writes is understood as after the question."""
    learned, _ = making.learn(lead, booking, heard, context)
    asking = lead.with_booking(learned).conversing(expecting=Expecting.SERVICE)
    return Step(asking).saying(words.form_invitation(lead, form, learned.place))


def new_booking(lead: Lead, heard: Heard, service: Service | None) -> Booking:
    """A booking of that service, or of one still to be named, with the guests that need no asking."""
    new = Booking(
        reference=reference_of(lead.id, heard.event, heard.at),
        service=None if service is None else service.id,
        guests=None if service is None else making.sole_count(service),
        last_activity_at=heard.at,
    )
    return moves.begun(new, Actor.CUSTOMER)


def _meant(lead: Lead, heard: Heard, context: Context) -> tuple[Service, ...]:
    tapped = heard.tapped(words.SERVICE_TAP)
    slot = heard.tapped(words.SLOT_TAP)
    wanted = tapped if tapped is not None else slot.split("|")[0] if slot is not None else None
    if wanted is not None:
        service = context.business.service(wanted)
        return () if service is None else (service,)
    named = services_meant(context.business, heard.text)
    model_named = context.business.service(heard.understanding.slots.service or "")
    if named or model_named is not None:
        return named or (() if model_named is None else (model_named,))
    spoken_of = [context.business.service(one) for one in lead.conversation.about]
    return tuple(one for one in spoken_of if one is not None)
