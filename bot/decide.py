"""`decide(lead, event, context)`: the whole product's thinking, without one await.

It never raises, for any lead and any event; what is late, repeated or no longer true changes nothing.
"""

from dataclasses import replace
from typing import assert_never

from bot import conversation, handback, handover, listening, slot_news, staff
from bot.decision import Context, Decision, Step, conclude
from bot.events import (
    AddressChanged,
    AgentReleased,
    AgentTookOver,
    AgentWrote,
    BotStumbled,
    CustomerWrote,
    EffectFailed,
    Event,
    LeadsMerged,
    SlotBooked,
    SlotLost,
    SlotsFound,
    StaffAsked,
    TimerFired,
)
from bot.lead import Lead
from bot.merging import merged


def decide(lead: Lead, event: Event, context: Context) -> Decision:
    """The lead after this event, and what has to be done about it."""
    return conclude(event, lead, _step(lead, event, context))


def _step(lead: Lead, event: Event, context: Context) -> Step:
    match event:
        case CustomerWrote():
            return conversation.customer_wrote(lead, event, context)
        case TimerFired():
            return _timer_fired(lead, event, context)
        case AgentTookOver():
            return handover.taken_over(lead, event)
        case AgentReleased():
            return handback.released(lead, event, context)
        case AgentWrote():
            return handover.agent_wrote(lead, event)
        case EffectFailed():
            return listening.effect_failed(lead, event)
        case BotStumbled():
            return listening.bot_stumbled(lead, event)
        case LeadsMerged():
            return merged(lead, event)
        case AddressChanged():
            return Step(replace(lead, address=lead.address.updated(event.address)))
        case SlotsFound():
            return slot_news.slots_found(lead, event, context)
        case SlotBooked():
            return slot_news.slot_booked(lead, event, context)
        case SlotLost():
            return slot_news.slot_lost(lead, event, context)
        case StaffAsked():
            return staff.asked(lead, event, context)
        case _:
            assert_never(event)


def _timer_fired(lead: Lead, event: TimerFired, context: Context) -> Step:
    """A timer that was moved or taken back since changes nothing."""
    if lead.timers.get(event.name) != event.due_at:
        return Step(lead)
    lead = lead.without_timer(event.name)
    if event.name == handover.IDLE_TIMER:
        return handback.idle(lead, event, context)
    return Step(lead)
