""" "Why can't I?": the reason why a wish was not offered, said before the nearest times, and to whoever asks for it."""

from typing import Final

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import says_one_of
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.offers import Fit
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.replies import booking as words
from bot.replies import why_not as reasons
from bot.slots.why_not import Impediment, Wanted, WhyNot, why_not
from intents.understanding import ExpectedAnswer

_ASKING: Final = (
    *("why not", "why can't i", "why cant i", "why can i not", "why isn't it", "why is it not", "how come"),
    *("kenapa tidak bisa", "kenapa ga bisa", "kenapa gak bisa", "kenapa nggak bisa", "kok tidak bisa", "kok ga bisa"),
    *("kok gak bisa", "mengapa tidak bisa", "kenapa tidak", "alasannya apa"),
    *("sao không được", "tại sao không", "vì sao không", "sao lại không", "sao không đặt được", "lý do gì"),
)
_MOST_WORDS: Final = 12
_WITHOUT_TIME: Final = frozenset({State.SERVICE_SELECTED, State.SLOT_PROPOSED})


def found(booking: Booking, context: Context) -> Impediment | None:
    """Why its wish cannot be had as it was said; none where nothing in the house's rules is in its way."""
    service = context.business.service(booking.service or "")
    if service is None:
        return None
    wanted = Wanted(service, booking.wish, booking.place, booking.guests or service.min_guests, booking.nights)
    return why_not(context.business, wanted, context.now)


def is_of_nights(booking: Booking, context: Context) -> bool:
    """Whether it is the number of nights that is not sold."""
    impediment = found(booking, context)
    return impediment is not None and impediment.why in {WhyNot.TOO_FEW_NIGHTS, WhyNot.TOO_MANY_NIGHTS}


def said_before(lead: Lead, booking: Booking, fit: Fit, context: Context) -> str:
    """The sentence before other times than the wished ones; empty where they are only taken, which the offer says."""
    service = context.business.service(booking.service or "")
    impediment = None if fit is Fit.WISHED else found(booking, context)
    if service is None or impediment is None or not impediment.is_for_good:
        return ""
    return reasons.sentence(lead, service, impediment, context)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """The reason for whoever asks for it, with the times that are on offer; none where these words ask nothing such."""
    booking = lead.open_booking
    is_question = says_one_of(turn.text, _ASKING) and len(turn.text.split()) <= _MOST_WORDS
    if turn.tap is not None or not is_question or turn.says_facts or booking is None or booking.chosen is not None:
        return None
    service = context.business.service(booking.service or "")
    impediment = found(booking, context)
    if booking.state not in _WITHOUT_TIME or service is None or impediment is None or not booking.asked_when:
        return None
    why = reasons.sentence(lead, service, impediment, context)
    if booking.offered:
        asked = words.proposal(lead, booking, service, Fit.OTHER_TIMES, context, why)
        return Outcome(lead.conversing(expecting=ExpectedAnswer.SLOT, misunderstood=0)).requesting(asked)
    question = words.text_message(lead, "booking.ask.other_time")
    waiting = lead.conversing(expecting=ExpectedAnswer.WISH, misunderstood=0)
    return Outcome(waiting).requesting(*words.with_before(question, why))
