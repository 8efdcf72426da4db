"""Which part of the conversation these words belong to: a booking in the making, one that stands, or a first wish."""

from bot.booking import Booking
from bot.decision import Context, Said, Step
from bot.heard import Heard
from bot.lead import Lead
from bot.replies import booking as words
from bot.replies import first_words
from bot.states import beginning, choosing, inquiry, making, paying, standing
from bot.transitions import IN_THE_MAKING, State
from intents.understanding import Intent, Sure

ASIDE = frozenset(
    {Intent.GREETING, Intent.HELP, Intent.THANKS, Intent.GOODBYE, Intent.ASK_INFO, Intent.PAY_HELP, Intent.OOS}
)
"""Said beside a booking: answered, and the booking goes on from where it was."""

_TALKING = IN_THE_MAKING - {State.SLOT_CONFIRMED, State.PAYMENT_PENDING, State.PAID, State.PENDING_CONFIRMATION}


def answer(lead: Lead, heard: Heard, context: Context) -> Step:
    """The bot's answer, by what is going on."""
    booking = lead.open_booking
    if booking is not None and booking.state in _TALKING:
        return _in_the_making(lead, booking, heard, context)
    stands = None if booking is None else standing.answer(lead, booking, heard, context)
    if stands is not None:
        return stands
    if heard.understanding.intent is Intent.ASK_PRICE:
        priced = beginning.price_of_named(lead, heard, context)
        if priced is not None:
            return priced
    if beginning.begins(heard, context):
        return paying.unpaid_first(lead, context) or beginning.begin(lead, heard, context)
    return inquiry.answer(lead, heard.understanding, context)


def _in_the_making(lead: Lead, booking: Booking, heard: Heard, context: Context) -> Step:
    understanding = heard.understanding
    if heard.tap is not None:
        return _tapped(lead, booking, heard, context)
    if understanding.intent is Intent.ASK_PRICE and booking.chosen is None:
        priced = beginning.price_of_named(lead, heard, context)
        return priced or Step(lead).saying(*_price_of(booking, lead, context))
    facts = understanding.slots
    says_something = bool(facts.dates or facts.guests or facts.ordinal or facts.part_of_day or facts.nights)
    says_something = says_something or choosing.says_yes(booking, heard, lead)
    if understanding.sure is Sure.ASK_BACK and not says_something:
        return _unclear(lead, booking, heard, context)
    if understanding.intent in ASIDE and not says_something:
        return _aside(lead, booking, heard, context)
    return making.answer(lead, booking, heard, context)


def _aside(lead: Lead, booking: Booking, heard: Heard, context: Context) -> Step:
    """Answered beside the booking, unless it names the service or place that was asked for."""
    learned, _ = making.learn(lead, booking, heard, context)
    named_service = booking.service is None and learned.service is not None
    named_place = booking.place is None and learned.place is not None
    if named_service or named_place:
        return making.answer(lead, booking, heard, context)
    return inquiry.answer(lead, heard.understanding, context)


def _unclear(lead: Lead, booking: Booking, heard: Heard, context: Context) -> Step:
    """Words we are not sure of may still name a service or a place of ours."""
    learned, _ = making.learn(lead, booking, heard, context)
    if learned != booking:
        return making.answer(lead, booking, heard, context)
    return inquiry.answer(lead, heard.understanding, context)


def _tapped(lead: Lead, booking: Booking, heard: Heard, context: Context) -> Step:
    if heard.tapped(words.OTHER_TAP) == str(booking.reference):
        return making.other_time(lead, booking)
    if heard.tapped(words.SERVICES_TAP) is not None:
        return making.ask_which_service(lead, booking, heard, context)
    if heard.tap in {first_words.HELP, first_words.START}:
        return inquiry.answer(lead, heard.understanding, context)
    return making.answer(lead, booking, heard, context)


def _price_of(booking: Booking, lead: Lead, context: Context) -> tuple[Said, ...]:
    service = context.business.service(booking.service or "")
    return () if service is None else (words.prices(lead, (service,), context),)
