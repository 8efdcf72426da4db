"""A customer who needs time ("let me ask my wife", "nanti dulu"): nothing is booked, and nothing is let go."""

import re
from typing import Final

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.provider_names import providers_named
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import IN_PROGRESS, State
from bot.replies import booking as words
from bot.replies import payment as money_words
from bot.replies import times
from intents.understanding import CommitmentVerdict, Confidence, Intent

_OTHER_WISHES: Final = frozenset(
    {
        *(Intent.CANCEL, Intent.RESCHEDULE, Intent.PAY_HELP, Intent.TALK_HUMAN, Intent.CHANGE_LANGUAGE),
        *(Intent.ASK_PRICE, Intent.ASK_INFO, Intent.ASK_AVAILABILITY, Intent.BOOKING_STATUS, Intent.OPT_OUT),
    }
)
"""Surely meant, they are answered for themselves, whatever waits in the same words."""
_FIRST_OF_ALL: Final = re.compile(r"(?<!\bthe )\bfirst\b(?! (?:one|time|slot))")
_ASKS: Final = frozenset(["chua", "chưa", "belum", "blm", "khong", "không", "ko", "gak", "nggak"])
"""At the end of a sentence these ask, also where the question mark is left out."""


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """A warm word for who needs time to decide; none where nothing is being decided, or more than that is said."""
    booking = lead.open_booking
    if booking is None or not asks_for_time(turn):
        return None
    named = providers_named(context.business, turn.text)
    if set(named.wished) - set(named.called) or named.refused:
        # "doi sang chi Ayu" without its marks changes to her, and waits for nothing
        return None
    said = _meanwhile(lead, booking, turn, context)
    return None if said is None else Outcome(lead.conversing(misunderstood=0)).requesting(said)


def asks_for_time(turn: CustomerTurn) -> bool:
    """Whether they need time to decide, and say no more than that."""
    meant, said = turn.understanding, turn.understanding.entities
    if turn.tap is not None or meant.verdict is not CommitmentVerdict.WAIT or meant.asks_to_opt_out:
        return False
    # "the first" chooses; "first" in "I'll check with my wife first" names no first of anything
    if said.ordinal is not None and not _FIRST_OF_ALL.search(turn.text.lower()):
        return False
    if said.dates or said.guests or said.nights or said.excluded or said.doubts or said.relations:
        return False
    last = turn.text.rstrip(" .!").rsplit(" ", 1)[-1].lower()
    if "?" in turn.text or last in _ASKS:
        return False
    return meant.intent not in _OTHER_WISHES or meant.confidence is not Confidence.ACT


def _meanwhile(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> EffectRequest | None:
    """What is kept meanwhile, and until when."""
    change = booking.change
    if booking.booked_hold is not None and change is not None and change.accepted_at is None:
        return words.text_message(lead, "booking.wait.stands")
    if booking.state is State.PAYMENT_PENDING and booking.pay_by is not None:
        until = money_words.moment(lead, booking.pay_by, context)
        return words.text_message(lead, "booking.wait.unpaid", until=until)
    if booking.state not in IN_PROGRESS or booking.booked_hold is not None:
        return None
    kept = (booking.chosen,) if booking.chosen is not None else booking.offered
    ends = [slot.held_until for slot in kept if slot.held_until is not None and slot.held_until > turn.at]
    if not ends:
        return words.text_message(lead, "booking.wait.open")
    held = times.clock(min(ends), context.business.zone, lead.language)
    return words.text_message(lead, "booking.wait.held", until=held)
