"""`decide(lead, event, context)`: the whole product's thinking, without one await.

It never raises, for any lead and any event; what is late, repeated or no longer true changes nothing.
"""

from dataclasses import replace
from typing import assert_never

from bot.business.context import Context
from bot.dialogue import (
    conversation,
    denials,
    failures,
    forms,
    payment_news,
    release,
    slot_news,
    staff_requests,
    takeover,
    timers,
)
from bot.dialogue.merging import merged
from bot.dialogue.states import attendance, awaiting_payment
from bot.domain.events import (
    AddressChanged,
    AgentReleased,
    AgentTookOver,
    AgentWrote,
    BotStumbled,
    CustomerWrote,
    EffectFailed,
    Event,
    FormSubmitted,
    InvoiceClosed,
    InvoiceNotOpened,
    InvoiceOpened,
    LeadsMerged,
    PaymentNewsCame,
    PayoutStuck,
    RefundNewsCame,
    SlotBooked,
    SlotLost,
    SlotsFound,
    StaffAsked,
    TimerFired,
)
from bot.domain.lead import Lead
from bot.domain.outcome import Decision, Outcome, conclude
from bot.lifecycle.apply import TransitionDenied


def decide(lead: Lead, event: Event, context: Context) -> Decision:
    """The lead after this event, and what has to be done about it."""
    try:
        step = _step(lead, event, context)
    except TransitionDenied as refused:
        step = denials.noted(lead, event, refused)
    step = timers.replanned(lead, awaiting_payment.followed_up(lead, step), context)
    return conclude(event, lead, step, context.business.version)


def _step(lead: Lead, event: Event, context: Context) -> Outcome:
    match event:
        case CustomerWrote():
            return conversation.customer_wrote(lead, event, context)
        case TimerFired():
            return _timer_fired(lead, event, context)
        case AgentTookOver():
            return takeover.taken_over(lead, event)
        case AgentReleased():
            return release.released(lead, event, context)
        case AgentWrote():
            return takeover.agent_wrote(lead, event)
        case EffectFailed():
            return failures.effect_failed(lead, event)
        case BotStumbled():
            return failures.delivery_failed(lead, event)
        case LeadsMerged():
            return merged(lead, event)
        case AddressChanged():
            return Outcome(replace(lead, address=lead.address.updated(event.address)))
        case SlotsFound():
            return slot_news.slots_found(lead, event, context)
        case SlotBooked():
            return slot_news.slot_booked(lead, event, context)
        case SlotLost():
            return slot_news.slot_lost(lead, event, context)
        case FormSubmitted():
            return forms.submitted(lead, event, context)
        case StaffAsked():
            return staff_requests.asked(lead, event, context)
        case InvoiceOpened():
            return payment_news.invoice_opened(lead, event, context)
        case InvoiceNotOpened():
            return payment_news.invoice_not_opened(lead, event, context)
        case InvoiceClosed():
            return payment_news.invoice_closed(lead, event, context)
        case PaymentNewsCame():
            return payment_news.payment_news(lead, event, context)
        case RefundNewsCame():
            return payment_news.refund_news(lead, event)
        case PayoutStuck():
            return payment_news.payout_stuck(lead, event)
        case _:
            assert_never(event)


def _timer_fired(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """A timer that was moved or taken back since changes nothing."""
    if lead.timers.get(event.name) != event.due_at:
        return Outcome(lead)
    lead = lead.without_timer(event.name)
    if event.name == takeover.IDLE_TIMER:
        return release.idle(lead, event, context)
    rung = payment_news.timer_fired(lead, event, context) or attendance.timer_fired(lead, event, context)
    return rung or Outcome(lead)
