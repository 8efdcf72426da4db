"""What is said while somebody's yes to a booking is waited for, and when it is there, or is not to be had."""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.domain.states import State
from bot.replies import booking as booking_words
from bot.replies import notices
from bot.replies import payment as money_words
from bot.replies import phone_bookings as phone
from bot.replies.words import say

CANCEL_TAP: Final = "act:cancel:"
"""Calls it off, with its quote first: as in the booking's own menu (`bot.replies.cards`)."""


def asking(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """The time is kept; who is asked, until when, and that nothing is to be paid before."""
    known = booking_words.facts(lead, booking, context)
    head = say("acceptance.asking", lead.language, **known)
    # who waits in the chat is told what comes of it; who called has nothing of it in writing yet
    outside = phone.outside(lead, booking, "acceptance.asking", known, context)
    order = SendText(f"{head}\n{stands(lead, booking, context)}", outside)
    return phone.as_agreed(lead, booking, EffectRequest(order, is_fact=True))


def asking_about(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Who is asked about the new time of its change, until when, and that the old one is theirs meanwhile."""
    change = booking.change
    assert change is not None
    assert change.acceptance is not None
    seen = booking.asked_about(change.acceptance.task)
    until = money_words.moment(lead, change.acceptance.answer_by, context)
    key = "acceptance.providers" if change.acceptance.is_of_provider else "acceptance.team"
    said = [
        say("acceptance.change_asking", lead.language, **booking_words.facts(lead, seen, context)),
        say(key, lead.language, until=until),
        say("acceptance.change_kept", lead.language, **booking_words.facts(lead, booking, context)),
    ]
    if booking.state is State.PAYMENT_PENDING and booking.pay_url is not None and not booking.has_dead_link:
        until = money_words.moment(lead, booking.pay_by, context)
        said.append(say("acceptance.change_link", lead.language, until=until))
    return EffectRequest(SendText(" ".join(said)), is_fact=True)


def nobody_at(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Nobody has said yes to the new time, and the booking stays as it was; with the way to call it off."""
    change = booking.change
    assert change is not None
    assert change.after is not None
    known = booking_words.facts(lead, booking, context)
    new = booking_words.facts(lead, replace(booking, chosen=change.after.slot), context)
    body = say("acceptance.change_nobody", lead.language, **known | {"new_day": new["day"], "new_hours": new["hours"]})
    cancel = Button(f"{CANCEL_TAP}{booking.reference}", say("acceptance.button.cancel", lead.language))
    outside = notices.outside("acceptance.change_nobody", lead.language, known)
    return EffectRequest(SendButtons(body, (cancel,), outside), is_fact=True)


def still_asking(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """How it stands, to who asks."""
    head = say("acceptance.still_asking", lead.language, **booking_words.facts(lead, booking, context))
    return EffectRequest(SendText(f"{head} {stands(lead, booking, context)}"))


def stands(lead: Lead, booking: Booking, context: Context) -> str:
    """Who is asked and until when, and what that means for the money, in sentences."""
    yes, language = booking.acceptance, lead.language
    if yes is None or yes.is_given:
        return say("card.reserved", language)
    if yes.is_refused:
        return say("acceptance.nobody", language)
    until = money_words.moment(lead, yes.answer_by, context)
    said = [say("acceptance.providers" if yes.is_of_provider else "acceptance.team", language, until=until)]
    if booking.paid is not None and booking.paid.amount:
        said.append(say("acceptance.paid", language))
    elif booking.needs_payment:
        said.append(say("acceptance.unpaid", language))
    return " ".join(said)


def paid_meanwhile(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Thanks for the money; whoever had said yes gave it back, and others are asked."""
    known = booking_words.facts(lead, booking, context)
    head = say("acceptance.paid_meanwhile", lead.language, **known)
    return EffectRequest(SendText(f"{head} {stands(lead, booking, context)}"), urgency=Urgency.MONEY, is_fact=True)


def accepted(lead: Lead, booking: Booking, context: Context) -> str:
    """Who has said yes."""
    yes = booking.acceptance
    if yes is None or not yes.is_of_provider:
        return say("acceptance.accepted_by_team", lead.language)
    return say("acceptance.accepted", lead.language, provider=_named(lead, yes.who, context))


def with_link_to_come(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Somebody has said yes, and the payment link comes next."""
    said = f"{accepted(lead, booking, context)} {say('acceptance.link_next', lead.language)}"
    return EffectRequest(SendText(said), is_fact=True)


def another_comes(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Somebody else gives it, at the same time and price."""
    yes = booking.acceptance
    known = booking_words.facts(lead, booking, context)
    known["provider"] = _named(lead, None if yes is None else yes.who, context)
    return EffectRequest(
        SendText(say("acceptance.another", lead.language, **known)), urgency=Urgency.ANSWER, is_fact=True
    )


def _named(lead: Lead, who: str | None, context: Context) -> str:
    provider = context.business.provider(who)
    return who or "" if provider is None else provider.name.say(lead.language)
