"""The customer service window: free-form messages go out only within 24 hours of the customer's last word.

reference: whatsapp 3.5
"""

from datetime import datetime

from bot.domain.commands import ChatCommand, Command, Lane, SendFlow, SendTemplate, lane_of
from bot.domain.lead import WINDOW
from bot.domain.thread import Thread

LENGTH = WINDOW


def expires_at(thread: Thread) -> datetime | None:
    """When the window shuts; none when the customer never wrote."""
    last = thread.last_inbound_at
    return None if last is None else last + LENGTH


def is_open(thread: Thread, now: datetime) -> bool:
    """Whether a free-form message may be sent now."""
    until = expires_at(thread)
    return until is not None and now < until


def admits(thread: Thread, order: Command, now: datetime) -> bool:
    """Whether this order may leave now, as it is or as the template that stands for it."""
    if lane_of(order) is not Lane.CHAT or is_open(thread, now):
        return True
    return isinstance(order, ChatCommand) and isinstance(leaving(thread, order, now), SendTemplate)


def leaving(thread: Thread, order: ChatCommand, now: datetime) -> ChatCommand:
    """The order as it leaves now: itself, or outside the window the template that stands for it."""
    if is_open(thread, now) or isinstance(order, SendTemplate | SendFlow):
        return order
    return order.outside or order
