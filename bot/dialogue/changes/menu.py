"""What is tapped on the card of a booking begins exactly that; the card is made of `bot.lifecycle.actions`."""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import failed_payments, payment_links
from bot.dialogue.changes import applying, quoting, turns
from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.change import Change, ChangeKind
from bot.domain.commands import Lane, LinkReason, lane_of
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import RESCHEDULABLE, State
from bot.lifecycle.actions import ActionType, actions
from bot.replies import cards
from bot.replies import changes as change_words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer, Intent

_ELSEWHERE: Final = frozenset({Intent.CANCEL, Intent.RESCHEDULE, Intent.TALK_HUMAN, Intent.BOOKING_STATUS})
"""Surely said, these are no name and no request."""


def tapped(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """A tap on the card, or on one of several bookings; none for every other tap."""
    shown = turn.tapped(cards.SHOW_TAP)
    named = turn.tapped(cards.ACTION_TAP)
    if shown is None and named is None:
        return None
    kind, _, reference = (named or "").partition(":")
    booking = lead.booking(shown or reference)
    lead = lead.conversing(misunderstood=0)
    if booking is None or booking.chosen is None:
        return Outcome(lead).requesting(cards.nothing_booked(lead))
    possible = {action.type.value for action in actions(booking, context, turns.THEMSELVES)}
    if shown is not None or kind not in possible:
        # an old card: what can be done now
        return Outcome(lead).requesting(cards.card(lead, booking, context))
    return _done(lead, booking, ActionType(kind), turn, context)


def _done(lead: Lead, booking: Booking, kind: ActionType, turn: CustomerTurn, context: Context) -> Outcome:
    change = booking.change
    match kind:
        case ActionType.PAY | ActionType.ANOTHER_LINK if booking.state is State.PAYMENT_PENDING:
            return _pay(lead, booking, kind, context)
        case ActionType.PAY if change is not None:
            return failed_payments.next_link_of_change(lead, booking, change, LinkReason.NEW_LINK, context)
        case ActionType.CONFIRM_CHANGE if change is not None:
            # named and quoted once more: the yes is to what is read now
            return quoting.show_quote(lead, booking, change, context)
        case ActionType.WITHDRAW_CHANGE:
            return turns.keep(lead, booking, context)
        case ActionType.CANCEL:
            return turns.begin_cancel(lead, booking, turn, context)
        case ActionType.CHANGE_TIME if context.change_form_in("reschedule", lead.language) is not None:
            return form_sent(lead, booking, "reschedule", turn, context)
        case ActionType.CHANGE_TIME | ActionType.CHANGE_PLACE | ActionType.CHANGE_GUESTS:
            return _begun(lead, booking, kind, turn, context)
        case ActionType.DETAILS:
            lead, begun = turns.begun(lead, booking, ChangeKind.DETAILS, turn, context)
            return _asking(lead, begun, "change.ask.details", ExpectedAnswer.BOOKING, context)
        case _:
            return Outcome(lead).requesting(cards.card(lead, booking, context))


def form_sent(lead: Lead, booking: Booking, purpose: str, turn: CustomerTurn, context: Context) -> Outcome:
    """The form, where one is published and there is anything to fill in; else the chat's own question."""
    flow = context.change_form_in(purpose, lead.language)
    if purpose == "cancel":
        outcome = turns.begin_cancel(lead, booking, turn, context)
    else:
        outcome = turns.begin_alteration(lead, booking, turn, context)
    begun = outcome.lead.booking(booking.reference)
    if flow is None or begun is None or begun.change is None or begun.change.accepted_at is not None:
        return outcome
    # begun all the same: who rather writes is understood, and the form takes the place of it when it is sent
    said = change_words.form_invitation(lead, flow, purpose, begun, context)
    return replace(
        outcome, requests=tuple(one for one in outcome.requests if lane_of(one.command) is not Lane.CHAT)
    ).requesting(said)


def form_asked_for(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """The form that moves or cancels the booking that stands, for whoever asks for it by its name."""
    meant = set(turn.understanding.intents)
    booking = lead.open_booking
    if turn.tap is not None or not turn.understanding.wants_form or booking is None or booking.booked_hold is None:
        return None
    if Intent.CANCEL in meant:
        return form_sent(lead, booking, "cancel", turn, context)
    if Intent.RESCHEDULE in meant and booking.state in RESCHEDULABLE:
        return form_sent(lead, booking, "reschedule", turn, context)
    return None


def _pay(lead: Lead, booking: Booking, kind: ActionType, context: Context) -> Outcome:
    if booking.has_dead_link:
        return failed_payments.next_link(lead, booking, LinkReason.NEW_LINK, context)
    lives = booking.pay_url is not None and payment_links.may_ask_for_a_link(booking, context)
    if kind is ActionType.ANOTHER_LINK and lives:
        return payment_links.another_link(lead, booking, LinkReason.NEW_LINK, context)
    return Outcome(lead).requesting(money_words.pay_help(lead, booking, context))


def _begun(lead: Lead, booking: Booking, kind: ActionType, turn: CustomerTurn, context: Context) -> Outcome:
    """Another time, place or number: what it is to be is asked, and answered like any wish for a change."""
    outcome = turns.begin_alteration(lead, booking, turn, context)
    begun = outcome.lead.booking(booking.reference)
    if begun is None or begun.change is None or kind is ActionType.CHANGE_TIME:
        # asked for a day already, or denied
        return outcome
    if kind is ActionType.CHANGE_PLACE:
        asked = quoting.waiting(lead, begun, begun.change, context.now, ExpectedAnswer.WISH)
        return Outcome(asked).requesting(cards.which_place(lead, begun, context))
    return _asking(lead, begun, "change.ask.guests", ExpectedAnswer.GUESTS, context)


def _asking(lead: Lead, begun: Booking, key: str, expecting: ExpectedAnswer, context: Context) -> Outcome:
    assert begun.change is not None
    asked = quoting.waiting(lead, begun, begun.change, context.now, expecting)
    return Outcome(asked).requesting(cards.question(lead, key, begun, context))


def noted(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """A name or a request that was asked for, in whatever words: noted, and a person reads it; none where nothing was
    asked."""
    asked = [(booking, booking.change) for booking in lead.bookings if _waits_for_details(booking)]
    if turn.tap is not None or not turn.text.strip() or not asked or turn.surely(*_ELSEWHERE):
        return None
    booking, change = asked[-1]
    assert change is not None
    if turn.surely(Intent.REJECT):
        return turns.keep(lead, booking, context)
    words = turn.text.strip()[: turns.LONGEST_REASON]
    told: Change = replace(change, wish=replace(change.wish, details=(("note", words),)))
    noticed = lead.alarmed(AlarmReason.NOTES_TO_READ, turn.received_at, booking.reference)
    return applying.accept(noticed, booking, told, turn.received_at, context)


def _waits_for_details(booking: Booking) -> bool:
    change = booking.change
    is_details = change is not None and change.kind is ChangeKind.DETAILS and change.quote is None
    return is_details and booking.open_question is not None
