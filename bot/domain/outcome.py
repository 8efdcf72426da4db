"""What deciding yields: the new lead and the effects, numbered so that deciding again names the same ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.booking import Booking, Move
from bot.domain.commands import Author, Command, Effect, Lane, RecordAudit, RecordBooking, Repeat, Urgency, lane_of
from bot.domain.events import Event, StaffAsked
from bot.domain.ids import EffectId
from bot.domain.lead import Lead
from bot.domain.states import CLOSED


class Withdraw(StrEnum):
    """Which waiting effects a commit takes back, as far as nobody has claimed them."""

    NOTHING = "nothing"
    SUPERSEDED = "superseded"
    """Unsent answers that a new answer replaces."""
    DRAFTS = "drafts"
    """Drafts that only answered words, because there are new words; facts stay."""
    HAND_BACK = "hand_back"
    """The bot is in charge again: answers are decided anew, facts that nobody sent go out."""
    BOT_CHAT = "bot_chat"
    """A take-over: every unclaimed word of the bot becomes a draft."""
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision in the making: where the lead is going and what is said on the way."""

    lead: Lead
    requests: tuple[EffectRequest, ...] = ()
    withdraw: Withdraw = Withdraw.NOTHING

    def requesting(self, *said: EffectRequest) -> "Outcome":
        """The step with more to say."""
        return replace(self, requests=(*self.requests, *said))

    def recording(self, what: str, by: str, now: datetime, **facts: str) -> "Outcome":
        """The step with an audit record of what changed and who changed it."""
        return self.requesting(EffectRequest(RecordAudit(what=what, by=by, at=now, facts=tuple(sorted(facts.items())))))


@dataclass(frozen=True, slots=True)
class Decision:
    """The new lead and the effects that are committed with it."""

    lead: Lead
    effects: tuple[Effect, ...] = ()
    withdraw: Withdraw = Withdraw.NOTHING
    business: str = ""
    """The version of the business file it was decided under; empty where the file had no say."""


def conclude(event: Event, before: Lead, step: Outcome, business: str = "") -> Decision:
    """Number what was said and what changed; chat carries the epoch the lead has after this event.

    Every booking that changed is written to the read model, every move of it with its verdict to the audit; closed
    bookings leave the lead.
    """
    epoch = step.lead.conversation.epoch
    said = (*step.requests, *_records(event, before, step.lead))
    effects = tuple(
        Effect(
            id=EffectId(f"{event.id}:{number}"),
            command=one.command,
            epoch=epoch,
            author=one.author,
            repeat=one.repeat,
            urgency=one.urgency,
            draft=one.draft or _is_for_the_person(one, step.lead),
            supersedable=one.supersedable,
            is_fact=one.is_fact,
            not_after=one.not_after,
        )
        for number, one in enumerate(said)
    )
    kept = tuple(
        _settled(one) for one in step.lead.bookings if one.state not in CLOSED or _awaits_late_money(one, step.lead)
    )
    return Decision(replace(step.lead, bookings=kept), effects, step.withdraw, business)


def _awaits_late_money(booking: Booking, lead: Lead) -> bool:
    """Released unpaid a short while ago: remembered, in case its money comes after all."""
    return f"late:{booking.reference}" in lead.timers


def _is_for_the_person(said: EffectRequest, lead: Lead) -> bool:
    """Whatever the bot would say while a person has the conversation is a draft, whatever event made it say so."""
    is_bot_chat = lane_of(said.command) is Lane.CHAT and said.author is Author.BOT
    return is_bot_chat and lead.is_with_agent and not said.hands_over


def _records(event: Event, before: Lead, after: Lead) -> Iterator[EffectRequest]:
    old = {booking.reference: booking for booking in before.bookings}
    for booking in after.bookings:
        if old.get(booking.reference) == booking:
            continue
        for made in booking.moves:
            yield EffectRequest(_history(event, booking, made))
        yield EffectRequest(RecordBooking(_settled(booking), after.id, event.at))


def _settled(booking: Booking) -> Booking:
    """As it is stored: its moves and ended changes are in the audit."""
    return replace(booking, moves=(), ended_changes=())


def _history(event: Event, booking: Booking, made: Move) -> RecordAudit:
    facts = {
        "booking": str(booking.reference),
        "from": "" if made.origin is None else made.origin.value,
        "to": made.target.value,
        "reason": booking.cancellation_reason or booking.reschedule_reason or booking.lost_time or "",
        "verdict": "overridden" if made.overridden else "allowed",
        "rules": " ".join(made.rules),
        "overridden": " ".join(made.overridden),
    }
    by = event.by if isinstance(event, StaffAsked) else made.by
    return RecordAudit("booking_moved", by, event.at, tuple(sorted(facts.items())))
