"""What the audit keeps with each step of a booking besides its verdict: who moved it by which event, the message that
did, and how the booking was.

Nothing here can be read by itself: words stay in the transcript, sealed, and are named by the id of their message.
"""

from bot.domain.booking import Booking
from bot.domain.events import CustomerWrote, Event


def snapshot(booking: Booking) -> dict[str, str]:
    """The booking as it is after the step; what it does not have yet is left out."""
    slot = booking.chosen
    known = {
        "service": booking.service,
        "provider": None if slot is None else slot.provider,
        "place": booking.place if slot is None else slot.place,
        "start": None if slot is None else slot.start.isoformat(),
        "guests": None if booking.guests is None else str(booking.guests),
    }
    return {name: str(value) for name, value in known.items() if value is not None}


def trigger(event: Event) -> dict[str, str]:
    """Which event it was, and the messages it was said in."""
    told: dict[str, str] = {"event": event.kind}
    if isinstance(event, CustomerWrote):
        told["messages"] = " ".join(bubble.wamid for bubble in event.bubbles if bubble.wamid)
    return told
