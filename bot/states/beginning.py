"""A booking begins: a service is named, asked for, or tapped."""

from bot.booking import Booking
from bot.business.catalogue import Service
from bot.decision import Context, Step
from bot.heard import Heard
from bot.lead import Lead
from bot.matching import services_meant
from bot.references import reference_of
from bot.replies import booking as words
from bot.states import making
from bot.transitions import State
from intents.understanding import Expecting, Intent

WISHES = frozenset({Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.ASK_AVAILABILITY})


def begins(heard: Heard, context: Context) -> bool:
    """Whether these words begin a booking."""
    if heard.tapped(words.SERVICE_TAP) or heard.tapped(words.SLOT_TAP) or heard.tapped(words.SERVICES_TAP):
        return True
    return heard.understanding.intent in WISHES and heard.tap is None


def begin(lead: Lead, heard: Heard, context: Context) -> Step:
    """A new booking with all that was said in one breath, or the question which service it shall be."""
    page = heard.tapped(words.SERVICES_TAP)
    if page is not None:
        return Step(lead).saying(words.service_question(lead, context, page=int(page) if page.isdigit() else 0))
    meant = _meant(heard, context)
    if len(meant) == 1:
        booking = new_booking(lead, heard, meant[0])
        lead = lead.conversing(greeted=True, misunderstood=0).with_booking(booking)
        return making.answer(lead, booking, heard, context)
    asking = lead.conversing(expecting=Expecting.SERVICE, greeted=True, misunderstood=0)
    return Step(asking).saying(words.service_question(lead, context, meant))


def price_of_named(lead: Lead, heard: Heard, context: Context) -> Step | None:
    """The price of the services these words name; none when they name none."""
    from_text = services_meant(context.business, heard.text)
    if not from_text:
        return None
    return Step(lead.conversing(greeted=True, misunderstood=0)).saying(words.prices(lead, from_text, context))


def new_booking(lead: Lead, heard: Heard, service: Service) -> Booking:
    """A booking of that service, with the guests that need no asking."""
    guests = service.min_guests if service.min_guests == service.max_guests else None
    return Booking(
        reference=reference_of(lead.id, heard.event, heard.at),
        state=State.INQUIRY,
        service=service.id,
        guests=guests,
        last_activity_at=heard.at,
    )


def _meant(heard: Heard, context: Context) -> tuple[Service, ...]:
    tapped = heard.tapped(words.SERVICE_TAP)
    slot = heard.tapped(words.SLOT_TAP)
    wanted = tapped if tapped is not None else slot.split("|")[0] if slot is not None else None
    if wanted is not None:
        service = context.business.service(wanted)
        return () if service is None else (service,)
    return services_meant(context.business, heard.text)
