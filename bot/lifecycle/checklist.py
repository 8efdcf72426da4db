"""What a booking's next step needs: every rule in front of it, met or missing; advice is shown and never counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import CLOSED, State
from bot.lifecycle import apply
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import guards

_S: Final = State

_AHEAD: Final[Mapping[State, State]] = {
    _S.INQUIRY: _S.SERVICE_SELECTED,
    _S.SERVICE_SELECTED: _S.SLOT_PROPOSED,
    _S.SLOT_PROPOSED: _S.SLOT_CONFIRMED,
    _S.PAYMENT_PENDING: _S.PAID,
    _S.PAID: _S.CONFIRMED,
    _S.CHECKED_IN: _S.CHECKED_OUT,
    _S.CHECKED_OUT: _S.COMPLETED,
    _S.RESCHEDULED: _S.SLOT_PROPOSED,
}


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One rule in front of that step."""

    rule: str
    is_advice: bool
    """It holds nothing back, and does not count."""
    reason: Reason | None
    """What is missing; none where it is met."""

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Checklist:
    """Every item of a step."""

    state: State
    target: State
    items: tuple[ChecklistItem, ...]

    @property
    def needed(self) -> int:
        """How many items count."""
        return sum(not item.is_advice for item in self.items)

    @property
    def met(self) -> int:
        """How many of those are met."""
        return sum(item.is_met and not item.is_advice for item in self.items)


def next_state(booking: Booking, context: Context) -> State | None:
    """Where the booking goes from where it is, if all goes well; none once it has ended or is let go."""
    if booking.state in CLOSED:
        return None
    match booking.state:
        case State.SLOT_CONFIRMED:
            return State.PAYMENT_PENDING if booking.needs_payment else State.CONFIRMED
        case State.PENDING_CONFIRMATION:
            return State.PAYMENT_PENDING if booking.needs_payment and booking.paid is None else State.CONFIRMED
        case State.CONFIRMED | State.REMINDER_SENT:
            service = context.business.service(booking.service or "")
            return State.CHECKED_IN if service is not None and service.is_stay else State.COMPLETED
        case State.ERROR:
            return booking.previous_state
        case _:
            return _AHEAD.get(booking.state)


def checklist(lead: Lead, booking: Booking, target: State, context: Context) -> Checklist:
    """Every rule in front of that step, asked for itself; of two of one name the first that misses something."""
    facts = apply.known(lead, booking, context)
    found: dict[str, ChecklistItem] = {}
    for rule in guards(booking, target, facts):
        reason = None if rule.is_overridden else rule.check(booking, facts)
        item = ChecklistItem(rule.name, rule.is_advice, reason)
        if rule.name not in found or found[rule.name].is_met:
            found[rule.name] = item
    return Checklist(booking.state, target, tuple(found.values()))
