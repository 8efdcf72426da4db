"""One form in a customer's hands: where it stands, what was picked, and the answer given last."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, Self

from flows.request import FlowCompleted, ScreenId
from flows.view import PlaceId, ProviderId, ServiceId, SlotId

FlowToken = NewType("FlowToken", str)
HoldId = NewType("HoldId", str)


class Purpose(StrEnum):
    """What a form is for; a token made for one purpose opens no other."""

    BOOKING = "booking"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Wished:
    """What a screen begins with, as far as it can still be had: what the chat knew when the form was sent, and from
    each pick on what was picked, so that the customer's own word wins. Nothing here counts as picked."""

    service_id: ServiceId | None = None
    place_id: PlaceId | None = None
    day: date | None = None
    minute: int | None = None
    """Of the local day."""
    slot_id: SlotId | None = None
    """The time that was picked last; its hour is wished on another day, too."""
    guests: int | None = None
    provider_id: ProviderId | None = None


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
    place_id: PlaceId | None = None
    provider_id: ProviderId | None = None
    """None before it was asked, or where it is not."""
    wished: Wished = field(default_factory=Wished)

    def with_service(self, service_id: ServiceId) -> Self:
        """Another service has other places, days, times and guests."""
        if service_id == self.service_id:
            return self
        # What hangs on the service goes with it: a slot of another service must never be sent.
        return replace(
            self, service_id=service_id, place_id=None, provider_id=None, day=None, slot_id=None, guests=None
        )

    def with_place(self, place_id: PlaceId) -> Self:
        """Another place has other people, days and times."""
        if place_id == self.place_id:
            return self
        wished = replace(self.wished, place_id=place_id)
        return replace(self, place_id=place_id, provider_id=None, day=None, slot_id=None, wished=wished)

    def with_provider(self, provider_id: ProviderId | None) -> Self:
        """Somebody else has other times."""
        if provider_id == self.provider_id:
            return self
        wished = replace(self.wished, provider_id=provider_id)
        return replace(self, provider_id=provider_id, slot_id=None, wished=wished)

    def with_day(self, day: date) -> Self:
        """Another day has other times."""
        return self if day == self.day else replace(self, day=day, slot_id=None, wished=replace(self.wished, day=day))

    def with_slot(self, slot_id: SlotId | None) -> Self:
        """This time, or none."""
        wished = self.wished if slot_id is None else replace(self.wished, slot_id=slot_id)
        return replace(self, slot_id=slot_id, wished=wished)

    def with_details(self, guests: int | None, name: str, notes: str) -> Self:
        """Who comes."""
        wished = self.wished if guests is None else replace(self.wished, guests=guests)
        return replace(self, guests=guests, name=name, notes=notes, wished=wished)


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
    edition: int = 1
    """Which edition of our forms the phone opened (`flows.definition.EDITION`); before it says so, the first."""

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

    def opened(self, edition: int) -> Self:
        """Opened on a phone, which then has the form as it is published at that moment."""
        return replace(self, edition=edition)

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
