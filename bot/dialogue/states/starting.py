"""A booking begins: a service is named, asked for, or tapped."""

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_meant, services_named
from bot.dialogue.states import collecting
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.references import reference_of
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from intents.understanding import ExpectedAnswer, Intent

WISHES = frozenset({Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.ASK_AVAILABILITY})


def begins(heard: CustomerTurn, context: Context) -> bool:
    """Whether these words begin a booking: a wish, a tap, or simply the name of a service."""
    if heard.tap is not None:
        return any(heard.tapped(one) is not None for one in (words.SERVICE_TAP, words.SLOT_TAP, words.SERVICES_TAP))
    intent = heard.understanding.intent
    names_a_time = intent is Intent.CHOOSE_SLOT and bool(heard.understanding.entities.dates)
    return intent in WISHES or names_a_time or bool(services_named(context.business, heard.text))


def begin(lead: Lead, heard: CustomerTurn, context: Context) -> Outcome:
    """A new booking with all that was said in one breath; if need be with the question which service it shall be."""
    meant = _meant(lead, heard, context)
    booking = new_booking(lead, heard, meant[0] if len(meant) == 1 else None)
    lead = lead.conversing(greeted=True, misunderstood=0, about=()).with_booking(booking)
    if len(meant) == 1:
        return collecting.answer(lead, booking, heard, context)
    form = context.form_in(lead.language)
    if form is not None and not meant and heard.tap is None:
        return _invited(lead, booking, heard, context, form)
    return collecting.ask_which_service(lead, booking, heard, context, meant)


def _invited(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context, form: str) -> Outcome:
    """The form in place of the question; who rather writes is understood as after the question."""
    learned, _ = collecting.learn(lead, booking, heard, context)
    asking = lead.with_booking(learned).conversing(expecting=ExpectedAnswer.SERVICE)
    return Outcome(asking).requesting(words.form_invitation(lead, form, learned.place))


def new_booking(lead: Lead, heard: CustomerTurn, service: Service | None) -> Booking:
    """A booking of that service, or of one still to be named, with the guests that need no asking."""
    new = Booking(
        reference=reference_of(lead.id, heard.event, heard.at),
        service=None if service is None else service.id,
        guests=None if service is None else collecting.sole_count(service),
        last_activity_at=heard.at,
    )
    return apply.begun(new, Actor.CUSTOMER)


def _meant(lead: Lead, heard: CustomerTurn, context: Context) -> tuple[Service, ...]:
    tapped = heard.tapped(words.SERVICE_TAP)
    slot = heard.tapped(words.SLOT_TAP)
    wanted = tapped if tapped is not None else slot.split("|")[0] if slot is not None else None
    if wanted is not None:
        service = context.business.service(wanted)
        return () if service is None else (service,)
    named = services_meant(context.business, heard.text)
    model_named = context.business.service(heard.understanding.entities.service or "")
    if named or model_named is not None:
        return named or (() if model_named is None else (model_named,))
    spoken_of = [context.business.service(one) for one in lead.conversation.about]
    return tuple(one for one in spoken_of if one is not None)
