"""The customer service window: free-form messages go out only within 24 hours of the customer's last word.

reference: whatsapp 3.5
"""

from datetime import datetime, timedelta

from bot.domain.commands import ChatCommand, Command, Lane, SendFlow, SendTemplate, lane_of
from bot.domain.lead import Lead

LENGTH = timedelta(hours=24)


def expires_at(lead: Lead) -> datetime | None:
    """When the window shuts; none when the customer never wrote."""
    last = lead.conversation.last_inbound_at
    return None if last is None else last + LENGTH


def is_open(lead: Lead, now: datetime) -> bool:
    """Whether a free-form message may be sent now."""
    until = expires_at(lead)
    return until is not None and now < until


def admits(lead: Lead, order: Command, now: datetime) -> bool:
    """Whether this order may leave now, as it is or as the template that stands for it."""
    if lane_of(order) is not Lane.CHAT or is_open(lead, now):
        return True
    return isinstance(order, ChatCommand) and isinstance(leaving(lead, order, now), SendTemplate)


def leaving(lead: Lead, order: ChatCommand, now: datetime) -> ChatCommand:
    """The order as it leaves now: itself, or outside the window the template that stands for it."""
    if is_open(lead, now) or isinstance(order, SendTemplate | SendFlow):
        return order
    return order.outside or order
