"""A booking for somebody on the phone: who they are is known from now on, and STOP holds on the phone too."""

from dataclasses import replace
from typing import Final

from bot.domain.callers import BY_PHONE
from bot.domain.events import StaffAsked
from bot.domain.lead import Address, Lead
from bot.lifecycle.rules.rule import Reason

WANTS_NO_MESSAGES: Final = Reason("messages", "wants_no_messages", "ask_for_start")
"""Nothing could be told to them: neither link nor reminder."""


def is_by_phone(event: StaffAsked) -> bool:
    """Whether it is for somebody on the phone."""
    return event.fact(BY_PHONE) is not None


def denial(lead: Lead, event: StaffAsked) -> Reason | None:
    """Why nothing is booked on the phone for them; whoever wrote STOP a moment ago is heard as well."""
    return WANTS_NO_MESSAGES if is_by_phone(event) and lead.conversation.opted_out else None


def introduced(lead: Lead, event: StaffAsked) -> Lead:
    """The lead with number, name and language as they were said on the phone, where it has none of its own."""
    if not is_by_phone(event):
        return lead
    said = Address(wa_id=event.fact("wa_id"))
    # what they wrote themselves is surer than what somebody heard
    lead = replace(lead, address=said.updated(lead.address), name=lead.name or event.fact("name"))
    if lead.conversation.language is None:
        lead = lead.conversing(language=event.fact("language"))
    return lead
