"""A booking as its customer sees it: what it is, how it stands, and what can be done now with its price, a tap each."""

from collections.abc import Sequence
from typing import Final

from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.booking import Booking
from bot.domain.change import CUSTOMER, Requester
from bot.domain.commands import Button, SendButtons, SendList, SendText
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.domain.states import UPCOMING, Modification, PaymentStatus, State
from bot.lifecycle import booking_money
from bot.lifecycle.actions import Action, ActionType, actions
from bot.lifecycle.visits import unrated
from bot.replies import acceptance as acceptance_words
from bot.replies import booking as booking_words
from bot.replies import first_words, times
from bot.replies import payment as money_words
from bot.replies import ratings as rating_words
from bot.replies.words import say

ACTION_TAP: Final = "act:"
"""Something that can be done with a booking, by its type."""
SHOW_TAP: Final = "mybk:"
"""One of several bookings."""
_THEMSELVES: Final = Requester(CUSTOMER, CUSTOMER)


def card(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """The booking with its actions as rows."""
    head = say("card.booking", lead.language, **booking_words.facts(lead, booking, context))
    body = f"{head}\n{_stands(lead, booking, context)}{booking_words.meeting(lead, booking, context)}"
    rows = [_row(lead, booking, action, context) for action in actions(booking, context, _THEMSELVES)]
    visit = unrated(lead, context.business, context.now)
    if visit is not None:
        rows = [*rows[: limits.LIST_ROWS - 1], rating_words.row(lead, visit, context)]
    shown = tuple(rows[: limits.LIST_ROWS])
    return EffectRequest(SendList(booking_words.fitting(body, limits.BODY), say("card.button", lead.language), shown))


def _stands(lead: Lead, booking: Booking, context: Context) -> str:
    """How it stands, in a sentence."""
    language, change = lead.language, booking.change
    if booking.awaiting and (change is None or change.is_for_want_of_a_yes):
        return acceptance_words.stands(lead, booking, context)
    if change is not None and change.quote is not None and booking.modification is Modification.AWAITING_PAYMENT:
        amount, until = times.money(change.quote.to_pay, language), money_words.moment(lead, change.pay_by, context)
        return say("card.change_unpaid", language, amount=amount, until=until)
    if change is not None:
        return say("card.change_open", language)
    if booking.state is State.PAYMENT_PENDING and (rest := booking_money.rest(booking)) is not None:
        until = money_words.moment(lead, booking.pay_by, context)
        return say("card.unpaid", language, amount=times.money(rest, language), until=until)
    if booking.state in UPCOMING:
        is_paid = booking.payment_status is PaymentStatus.PAID and booking.price is not None
        paid = say("card.paid", language, amount=booking_words.price_in_words(lead, booking.price)) if is_paid else ""
        return " ".join(filter(None, [paid, say("card.arranged", language)]))
    return say("card.reserved", language)


def _row(lead: Lead, booking: Booking, action: Action, context: Context) -> Button:
    language = lead.language
    amount = {} if action.amount is None else {"amount": times.money(action.amount, language)}
    until = {}
    if action.until is not None:
        until = {"until": times.short_moment(action.until, context.business.zone, language)}
    # a person is called by the button that always calls one
    is_person = action.type is ActionType.TALK_TO_PERSON
    tap = first_words.PERSON if is_person else f"{ACTION_TAP}{action.type.value}:{booking.reference}"
    description = say(action.description, language, **amount, **until)
    return Button(tap, say(action.label, language), booking_words.fitting(description, limits.ROW_DESCRIPTION))


def several(lead: Lead, bookings: Sequence[Booking], context: Context) -> EffectRequest:
    """Which of them is meant."""
    zone = context.business.zone
    rows = tuple(
        Button(
            f"{SHOW_TAP}{booking.reference}",
            times.short_moment(booking.chosen.start, zone, lead.language),
            booking_words.fitting(
                booking_words.facts(lead, booking, context)["service"] or "–", limits.ROW_DESCRIPTION
            ),
        )
        for booking in bookings[: limits.LIST_ROWS]
        if booking.chosen is not None
    )
    return EffectRequest(SendList(say("card.which", lead.language), say("booking.button.choose", lead.language), rows))


def nothing_booked(lead: Lead) -> EffectRequest:
    """No booking stands under this number: another one, or a person who looks."""
    buttons = (
        Button(f"{booking_words.SERVICES_TAP}0", say("card.button.book", lead.language)),
        Button(first_words.PERSON, say("talk.button.person", lead.language)),
    )
    return EffectRequest(SendButtons(say("card.none", lead.language), buttons), supersedable=True)


def which_place(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """To which of the other places."""
    service = context.business.service(booking.service or "")
    here = booking.place if booking.chosen is None else booking.chosen.place or booking.place
    others = [place for place in context.business.places_of(service) if place.id != here] if service else []
    rows = tuple(
        Button(
            f"{booking_words.PLACE_TAP}{place.id}",
            booking_words.fitting(place.name.say(lead.language), limits.ROW_TITLE),
        )
        for place in others[: limits.LIST_ROWS]
    )
    body = say("change.ask.where", lead.language, **booking_words.facts(lead, booking, context))
    return EffectRequest(SendList(body, say("booking.button.choose", lead.language), rows))


def question(lead: Lead, key: str, booking: Booking, context: Context) -> EffectRequest:
    """What is to be different, in the customer's own words."""
    return EffectRequest(SendText(say(key, lead.language, **booking_words.facts(lead, booking, context))))
