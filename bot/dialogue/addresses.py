"""Where a customer can be written to, as it changes."""

from dataclasses import replace

from bot.business.context import Context
from bot.domain.alarms import AlarmReason
from bot.domain.events import AddressChanged, NumberLost
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.lifecycle import apply


def address_changed(lead: Lead, event: AddressChanged, context: Context) -> Outcome:
    """The customer has another number or user id."""
    return Outcome(replace(lead, address=lead.address.updated(event.address)))


def number_lost(lead: Lead, event: NumberLost, context: Context) -> Outcome:
    """The number is another person's now: nothing of this customer's is said there any more.

    The epoch grows, so that what waits for that number is never sent; a person sees what of it still has to be said.
    """
    if lead.address.wa_id != event.wa_id:
        return Outcome(lead)
    talk = lead.conversation
    lead = apply.set_mode(replace(lead, address=replace(lead.address, wa_id=None)), talk.mode, talk.agent)
    if lead.bookings:
        lead = lead.alarmed(AlarmReason.NUMBER_LOST, event.at)
    return Outcome(lead, withdraw=Withdraw.BOT_CHAT).recording("number_lost", "system", event.at)
