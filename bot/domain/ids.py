"""The names of things: an id says what it is the id of."""

from datetime import datetime
from typing import NewType

LeadId = NewType("LeadId", str)
EventId = NewType("EventId", str)
EffectId = NewType("EffectId", str)
DeliveryId = NewType("DeliveryId", str)
"""`source:external_id`, the `_id` in `received`."""
Wamid = NewType("Wamid", str)
"""Meta's id of one message; it may contain the customer's number, so it is never logged whole."""
BookingReference = NewType("BookingReference", str)
AgentId = NewType("AgentId", str)


def new_lead_id(at: datetime, name: str) -> LeadId:
    """An id nobody can guess that sorts by its moment: of two leads all know which is the older, for good."""
    return LeadId(f"{int(at.timestamp() * 1000):011x}-{name}")
