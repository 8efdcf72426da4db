"""What deciding yields: the new lead and the effects, numbered so that deciding again names the same ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Generic

from bot.domain.about import AboutTime
from bot.domain.audit_facts import snapshot, trigger
from bot.domain.booking import Booking
from bot.domain.commands import Author, Command, Effect, Lane, RecordAudit, RecordBooking, Repeat, Urgency, lane_of
from bot.domain.events import Event, StaffAsked
from bot.domain.ids import EffectId, EventId
from bot.domain.lead import Lead
from bot.domain.notes import SYSTEM, RecordNote
from bot.domain.states import CLOSED, State
from bot.domain.thread import AnyThread, Thread
from bot.domain.timers import TimerKind, TimerName


class Withdraw(StrEnum):
    """Which waiting effects a commit takes back, as far as nobody has claimed them."""

    NOTHING = "nothing"
    SUPERSEDED = "superseded"
    """Unsent answers that a new answer replaces."""
    DRAFTS = "drafts"
    """Drafts that only answered words, because there are new words; facts stay."""
    HAND_BACK = "hand_back"
    """The bot is in charge again: answers are decided again, facts that nobody sent go out."""
    BOT_CHAT = "bot_chat"
    """A take-over: every unclaimed word of the bot becomes a draft."""
    ANSWERED = "answered"
    """A person has answered: what the bot had to say to the customer's words is over, facts become drafts."""
    CARRIED_OVER = "carried_over"
    """Nothing is taken back: what waits goes out under the new epoch (a merge in mode bot)."""


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """An order with its manners, before it has an id."""

    command: Command
    author: Author = Author.BOT
    repeat: Repeat = Repeat.REPEATABLE
    urgency: Urgency = Urgency.ANSWER
    supersedable: bool = False
    draft: bool = False
    is_fact: bool = False
    hands_over: bool = False
    """The one thing the bot says although a person has the conversation: that a person was called."""
    not_after: datetime | None = None
    about: AboutTime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision in the making: where the lead is going and what is said on the way."""

    lead: Lead
    requests: tuple[EffectRequest, ...] = ()
    withdraw: Withdraw = Withdraw.NOTHING

    def requesting(self, *more: EffectRequest) -> "Outcome":
        """The outcome with more to say."""
        return replace(self, requests=(*self.requests, *more))

    def noting(self, what: str, text: str, now: datetime, by: str = SYSTEM) -> "Outcome":
        """The outcome with a line for the staff in the transcript."""
        return self.requesting(EffectRequest(RecordNote(text, by, now, what=what)))

    def recording(self, what: str, by: str, now: datetime, **facts: str) -> "Outcome":
        """The outcome with an audit record of what changed and who changed it."""
        return self.requesting(EffectRequest(RecordAudit(what=what, by=by, at=now, facts=tuple(sorted(facts.items())))))


# without slots: Python 3.11 cannot call an alias of a frozen generic class that has them
@dataclass(frozen=True)
class Decided(Generic[AnyThread]):
    """The new state of a thread and the effects that are committed with it."""

    thread: AnyThread
    effects: tuple[Effect, ...] = ()
    withdraw: Withdraw = Withdraw.NOTHING
    business: str = ""
    """The version of the business file it was decided under; empty where the file had no say."""

    @property
    def lead(self) -> AnyThread:
        """The same, by the name of most of them."""
        return self.thread


Decision = Decided[Lead]
"""What a customer's lead decides."""


def numbered(event: EventId, requests: Iterable[EffectRequest], thread: Thread) -> tuple[Effect, ...]:
    """What was requested, under ids that deciding again names the same."""
    effects = []
    for number, request in enumerate(requests):
        # whatever the bot would say while a person has the conversation is a draft, whatever event made it say so
        is_bot_chat = lane_of(request.command) is Lane.CHAT and request.author is Author.BOT
        is_for_agent = is_bot_chat and thread.is_with_agent and not request.hands_over
        effects.append(
            Effect(
                id=EffectId(f"{event}:{number}"),
                command=request.command,
                epoch=thread.epoch,
                author=request.author,
                repeat=request.repeat,
                urgency=request.urgency,
                draft=request.draft or is_for_agent,
                supersedable=request.supersedable,
                is_fact=request.is_fact,
                not_after=request.not_after,
                about=request.about,
            )
        )
    return tuple(effects)


def _signed(event: Event, requests: Iterable[EffectRequest]) -> Iterator[EffectRequest]:
    """Each record of what staff asked for says in which role, next to the person."""
    for request in requests:
        order = request.command
        if isinstance(event, StaffAsked) and isinstance(order, RecordAudit) and "role" not in dict(order.facts):
            facts = tuple(sorted((*order.facts, ("role", event.role))))
            yield replace(request, command=replace(order, facts=facts))
        else:
            yield request


def conclude(event: Event, before: Lead, outcome: Outcome, business: str = "") -> Decision:
    """Number what was requested and what changed; chat carries the epoch the lead has after this event.

    Every booking that changed is written to the read model, every move of it with its verdict to the audit; closed
    bookings leave the lead.
    """
    lead = outcome.lead
    effects = numbered(event.id, _signed(event, (*outcome.requests, *_records(event, before, lead))), lead)
    kept = tuple(
        _stored(booking, lead)
        for booking in lead.bookings
        # released unpaid a short while ago: remembered, in case its money comes after all
        if booking.state not in CLOSED or lead.due_at(TimerName(TimerKind.LATE, booking.reference)) is not None
    )
    return Decided(replace(lead, bookings=kept), effects, outcome.withdraw, business)


def _records(event: Event, before: Lead, after: Lead) -> Iterator[EffectRequest]:
    old = {booking.reference: booking for booking in before.bookings}
    for booking in after.bookings:
        if old.get(booking.reference) == booking:
            continue
        for move in booking.moves:
            facts = {
                "booking": str(booking.reference),
                "from": "" if move.origin is None else move.origin.value,
                "to": move.target.value,
                "reason": move.reason or _reason_of(booking),
                "verdict": "overridden" if move.overridden else "allowed",
                "rules": " ".join(move.rules),
                "overridden": " ".join(move.overridden),
                "actor": move.by,
                **trigger(event),
                **snapshot(booking),
            }
            if move.reason:
                # overridden by somebody of the house, not by what had happened
                facts["override"] = move.reason
            if move.target is State.SLOT_PROPOSED:
                # how many times were shown: nothing else remembers those nobody took; named by hand it was one
                facts["slots"] = str(len(booking.offered) or int(booking.chosen is not None))
            if move.person:
                facts["role"] = move.by
            # staff have names; the rules know them by their role
            by = event.by if isinstance(event, StaffAsked) else move.person or move.by
            yield EffectRequest(RecordAudit("booking_moved", by, event.at, tuple(sorted(facts.items()))))
        # as it is stored: its moves are in the audit
        yield EffectRequest(RecordBooking(_stored(booking, after), after.id, event.at))


def _reason_of(booking: Booking) -> str:
    return booking.cancellation_reason or booking.reschedule_reason or booking.lost_time or ""


def _stored(booking: Booking, lead: Lead) -> Booking:
    """As it is stored: its moves and ended changes are in the audit, what its customer said of it in the lead."""
    known = lead.rated(booking)
    rating = None if known.rating is None else known.rating.without_words()
    complaint = None if known.complaint is None else known.complaint.without_words()
    return replace(known, moves=(), ended_changes=(), rating=rating, complaint=complaint)
