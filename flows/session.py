"""One form in a customer's hands: where it stands, what was picked, and the answer given last."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, Self

from flows.request import FlowCompleted, ScreenId
from flows.view import ServiceId, SlotId

FlowToken = NewType("FlowToken", str)
HoldId = NewType("HoldId", str)


class Purpose(StrEnum):
    """What a form is for; a token made for one purpose opens no other."""

    BOOKING = "booking"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the customer picked so far; a changed pick drops the picks that hang on it."""

    service_id: ServiceId | None = None
    day: date | None = None
    slot_id: SlotId | None = None
    guests: int | None = None
    name: str = ""
    notes: str = ""
    agreed: str = ""
    """What stood on the last screen as it was shown, in a word; sent after it changed, it is shown again."""

    def with_service(self, service_id: ServiceId) -> Self:
        """Another service has other days, times and guests."""
        if service_id == self.service_id:
            return self
        # What hangs on the service goes with it: a slot of another service must never be sent.
        return replace(self, service_id=service_id, day=None, slot_id=None, guests=None)

    def with_day(self, day: date) -> Self:
        """Another day has other times."""
        return self if day == self.day else replace(self, day=day, slot_id=None)

    def with_slot(self, slot_id: SlotId | None) -> Self:
        """This time, or none."""
        return replace(self, slot_id=slot_id)

    def with_details(self, guests: int | None, name: str, notes: str) -> Self:
        """Who comes."""
        return replace(self, guests=guests, name=name, notes=notes)


@dataclass(frozen=True, slots=True)
class FlowSession:
    """A form's whole state, saved by version (`version` is the one it was loaded with; the store counts it
    up).

    `hold_id` is the token's own and never changes, so that a form holds at most one slot however often it
    is resent. `last_step`, `last_digest` and `last_answer` let the same request be answered again word for
    word.
    """

    token: FlowToken
    lead_id: str
    purpose: Purpose
    hold_id: HoldId
    expires_at: datetime
    epoch: int = 0
    path: tuple[ScreenId, ...] = ()
    answers: Answers = field(default_factory=Answers)
    held_slot: SlotId | None = None
    shown: int = 0
    last_step: str = ""
    last_digest: str = ""
    last_answer: str = ""
    submitted_at: datetime | None = None
    version: int = 0

    @property
    def step(self) -> str:
        """The step id of the screen shown last; empty before the form was opened."""
        return f"{self.path[-1]}-{self.shown}" if self.path else ""

    @property
    def is_submitted(self) -> bool:
        """Whether the form was sent; it can be sent once."""
        return self.submitted_at is not None

    def is_repeat(self, request: FlowCompleted) -> bool:
        """Whether this very request was answered already (a resend has another AES key and the same
        content)."""
        return bool(self.last_step) and request.step == self.last_step and request.payload.digest == self.last_digest

    def is_expecting(self, request: FlowCompleted) -> bool:
        """Whether the request comes from the screen shown last, or again, changed, from the one before.

        The second happens when our answer was lost on the way and the customer picked something else.
        """
        known = request.step in {self.step, self.last_step} - {""}
        return known and request.step.startswith(f"{request.screen}-")

    def showing(self, path: tuple[ScreenId, ...]) -> Self:
        """One more showing; what was answered last is forgotten until `answering` says otherwise."""
        return replace(self, path=path, shown=self.shown + 1, last_step="", last_digest="", last_answer="")

    def answering(self, request: FlowCompleted, answer: str) -> Self:
        """With the answer to a request kept for its resends."""
        return replace(self, last_step=request.step, last_digest=request.payload.digest, last_answer=answer)

    def picked(self, answers: Answers) -> Self:
        """With new picks."""
        return replace(self, answers=answers)

    def holding(self, slot_id: SlotId | None) -> Self:
        """Holding this slot under the form's hold id, or none."""
        return replace(self, held_slot=slot_id)

    def submitted(self, now: datetime) -> Self:
        """Sent; from here only resends of the last request are answered."""
        return replace(self, submitted_at=now)
