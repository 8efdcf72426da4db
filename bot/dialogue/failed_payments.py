"""A payment that did not go through, of a booking or of a change: the customer is told so with what can be done about
it, tries again (`sop.payment_retries`), and then a person is called. Nothing dies in silence.

Xendit tells of a link that ran out or was refused, never of one try on its page (reference: xendit 4).
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.dialogue import payment_links
from bot.dialogue.changes import slot_events
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import says_one_of
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.change import Change
from bot.domain.commands import LinkReason
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import Modification, State
from bot.replies import changes as change_words
from bot.replies import payment as words
from intents.understanding import Intent

FAILED: Final = "payment_failed"
"""The audit's name for a link that died before its time."""
_MOST_WORDS: Final = 8
"""Longer texts say more than that it is to be tried again."""
_OTHER_WAY: Final = (
    *("another way", "other way", "different way", "another card", "another method", "bank transfer"),
    *("cara lain", "cara bayar lain", "metode lain", "kartu lain", "transfer bank", "transfer aja"),
    *("cách khác", "thẻ khác", "chuyển khoản"),
)
_AGAIN: Final = (
    *("try again", "retry", "once more", "new link", "another link", "send the link", "one more time"),
    *("coba lagi", "ulangi", "sekali lagi", "link baru", "link lagi", "kirim link", "minta link"),
    *("thử lại", "lần nữa", "link mới", "gửi link", "gửi lại link", "cho xin link"),
)
_ABOUT_MONEY: Final = frozenset({Intent.PAY_HELP, Intent.BOOKING_STATUS, Intent.REPEAT})


def told(lead: Lead, booking: Booking, at: datetime, context: Context) -> Outcome:
    """The newest link of a booking died before its time; said once for each link."""
    if booking.has_dead_link:
        return Outcome(lead)
    booking = replace(booking, dead_links=(*booking.dead_links, booking.link_count))
    lead = lead.with_booking(booking)
    if _replaces_itself(lead, len(booking.dead_links), at, context):
        outcome = next_link(lead, booking, _next_way(booking.dead_links), context)
    else:
        outcome = said(lead, booking, context)
    facts = {"booking": str(booking.reference), "link": str(booking.link_count)}
    return outcome.recording(FAILED, "system", at, **facts)


def said(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """That it did not go through, with what can be done; said again to who asks."""
    again = len(booking.dead_links) < context.business.sop.payment_retries
    lead = lead if again else lead.alarmed(AlarmReason.PAYMENTS_FAILED, context.now, booking.reference)
    return Outcome(lead).requesting(words.failed(lead, booking, context, again=again))


def told_of_change(lead: Lead, booking: Booking, change: Change, at: datetime, context: Context) -> Outcome:
    """The same for the difference of a change: the old time is safe meanwhile."""
    if change.has_dead_link:
        return Outcome(lead)
    change = replace(change, dead_links=(*change.dead_links, change.link_count))
    booking = replace(booking, change=change)
    lead = lead.with_booking(booking)
    if _replaces_itself(lead, len(change.dead_links), at, context):
        outcome = next_link_of_change(lead, booking, change, _next_way(change.dead_links), context)
    else:
        outcome = said_of_change(lead, booking, change, context)
    facts = {"booking": str(booking.reference), "change": change.id, "link": str(change.link_count)}
    return outcome.recording(FAILED, "system", at, **facts)


def said_of_change(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    """The same of a change; said again to who asks."""
    again = len(change.dead_links) < context.business.sop.payment_retries
    lead = lead if again else lead.alarmed(AlarmReason.PAYMENTS_FAILED, context.now, booking.reference)
    return Outcome(lead).requesting(change_words.not_gone_through(lead, booking, change, context, again=again))


def _replaces_itself(lead: Lead, dead: int, at: datetime, context: Context) -> bool:
    """Outside the window the template has a button that pays: there the next link goes out by itself."""
    return dead < context.business.sop.payment_retries and not window.is_open(lead, at)


def _next_way(dead_links: tuple[int, ...]) -> LinkReason:
    return LinkReason.NEW_LINK if len(dead_links) == 1 else LinkReason.OTHER_METHOD


# What the customer does about it ------------------------------------------------------------------------------------


def _may_try(dead: int, why: LinkReason, context: Context) -> bool:
    """As many tries as the house grants; another way to pay may be tried once after them."""
    most = context.business.sop.payment_retries
    return dead < most or (dead == most and why is LinkReason.OTHER_METHOD)


def next_link(lead: Lead, booking: Booking, why: LinkReason, context: Context) -> Outcome:
    """Another link in place of the dead one, or, after the last try, the person who was called."""
    lead = lead.conversing(misunderstood=0)
    if _may_try(len(booking.dead_links), why, context):
        # the dead one is shown no more; should the answer of the next one be lost, its news still brings it
        return payment_links.another_link(lead, replace(booking, pay_url=None), why, context)
    return said(lead, booking, context)


def next_link_of_change(lead: Lead, booking: Booking, change: Change, why: LinkReason, context: Context) -> Outcome:
    """The same for the difference of a change; a link that lives is sent once more, unless another way is wished."""
    lead = lead.conversing(misunderstood=0)
    if change.has_dead_link:
        if _may_try(len(change.dead_links), why, context):
            return slot_events.another_link(lead, booking, context, why)
        return said_of_change(lead, booking, change, context)
    # An old button, tapped while a link lives.
    is_enough = change.link_count >= context.business.sop.payment_retries
    if change.pay_url is not None and (why is not LinkReason.OTHER_METHOD or is_enough):
        return Outcome(lead).requesting(change_words.link(lead, booking, change, context))
    return slot_events.another_link(lead, booking, context, why)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """Words after a payment that did not go through; none where they are about something else."""
    if turn.tap is not None or len(turn.text.split()) > _MOST_WORDS:
        return None
    if says_one_of(turn.text, _OTHER_WAY):
        why = LinkReason.OTHER_METHOD
    elif says_one_of(turn.text, _AGAIN) or turn.understanding.intent in _ABOUT_MONEY:
        why = LinkReason.NEW_LINK
    else:
        return None
    is_asked_only = not says_one_of(turn.text, (*_OTHER_WAY, *_AGAIN))
    for booking in reversed(lead.bookings):
        change = booking.change
        if change is not None and change.has_dead_link and booking.modification is Modification.AWAITING_PAYMENT:
            if is_asked_only:
                return said_of_change(lead.conversing(misunderstood=0), booking, change, context)
            return next_link_of_change(lead, booking, change, why, context)
        if booking.has_dead_link and booking.state is State.PAYMENT_PENDING:
            if is_asked_only:
                return said(lead.conversing(misunderstood=0), booking, context)
            return next_link(lead, booking, why, context)
    return None
