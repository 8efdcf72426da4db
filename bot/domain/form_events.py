"""A form was sent: one that books, or one that changes a booking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import BookingReference, EventId


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """The booking form was sent, its time is held under `hold_id`; what it says comes from our own session.

    Id: `internal:form:<token>`, so that it is heard once.
    """

    id: EventId
    at: datetime
    service: str
    slot_id: str
    hold_id: str
    guests: int
    name: str
    notes: str = ""
    agreed: str = ""
    """The sum that was read on its last screen (`bot.dialogue.choice.sum_of`); empty where an earlier version showed
    it."""
    provider: str = ""
    """Whom they chose, `flows.view.ANYONE` for whoever it is; empty where that was not asked."""
    kind: Literal["form_submitted"] = "form_submitted"


@dataclass(frozen=True, slots=True)
class ChangeFormSubmitted:
    """The form that moves or cancels a booking was sent; what it says comes from our own session."""

    id: EventId
    at: datetime
    booking: BookingReference
    purpose: str
    """`reschedule` or `cancel`."""
    agreed: str
    """The sums of the quote that was read on its last screen (`bot.dialogue.changes.form.sums`)."""
    slot_id: str = ""
    hold_id: str = ""
    provider: str = ""
    """Whom they chose, `flows.view.ANYONE` for whoever it is; empty where that was not asked."""
    kind: Literal["change_form_submitted"] = "change_form_submitted"
