"""A refused step leaves a record: what was wanted, which rule said no, the fact it saw, how to mend it, who can.

The verdict behind each refusal is read from the audit (`janji lead why`, the API's insight); nothing is decided by it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.domain.booking import Booking
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.lifecycle.rules.rule import Reason
from bot.slots.recheck import SlotUnavailable

REFUSED: Final = "refused"
_STAFF: Final = ("sales", "operations", "support", "admin")

_TIMES: Final[Mapping[SlotUnavailable, tuple[str, str, str]]] = {
    SlotUnavailable.UNKNOWN_SERVICE: ("service_type", "service_not_in_catalogue", "ask_which_service"),
    SlotUnavailable.PAST: ("appointment_date", "time_past", "offer_other_times"),
    SlotUnavailable.TOO_SOON: ("notice", "too_little_notice", "offer_other_times"),
    SlotUnavailable.TOO_FAR: ("advance", "too_far_ahead", "offer_other_times"),
    SlotUnavailable.TOO_FEW_GUESTS: ("guests", "needs_more_guests", "ask_how_many"),
    SlotUnavailable.TOO_MANY_GUESTS: ("guests", "takes_fewer_guests", "ask_how_many"),
    SlotUnavailable.NOT_OFFERED: ("slot_available", "not_in_timetable", "offer_other_times"),
    SlotUnavailable.TAKEN: ("slot_available", "time_taken", "offer_other_times"),
}

NOTHING_FREE: Final = Reason("slot_available", "nothing_free", "offer_other_days", _STAFF)
GUESTS_DO_NOT_FIT: Final = Reason("guests", "guests_do_not_fit", "ask_how_many", _STAFF)
ALREADY_BOOKED: Final = Reason("slot_available", "already_theirs", "offer_other_times", _STAFF)


def reason_of(refusal: SlotUnavailable) -> Reason:
    """Why a chosen time cannot be booked, as a rule's reason."""
    rule, fact, fix = _TIMES[refusal]
    return Reason(rule, fact, fix, _STAFF)


def refusing(
    step: Outcome, booking: Booking, target: State, reasons: Iterable[Reason], at: datetime, by: str = "system"
) -> Outcome:
    """The step with one record a reason, written with whatever else the step changes."""
    for reason in reasons:
        step = step.recording(REFUSED, by, at, **facts_of(booking, target, reason))
    return step


def facts_of(booking: Booking, target: State, reason: Reason) -> dict[str, str]:
    """A refusal as the facts of an audit record."""
    return {
        "booking": str(booking.reference),
        "state": booking.state.value,
        "target": target.value,
        "rule": reason.rule,
        "fact": reason.fact,
        "fix": reason.fix,
        "who_can": ",".join(reason.who_can),
        "values": ",".join(f"{name}={value}" for name, value in reason.values),
    }


def reason_in(facts: Mapping[str, str]) -> Reason:
    """The reason back out of the facts of its record."""
    values = tuple(_pair(one) for one in _listed(facts.get("values", "")))
    return Reason(facts["rule"], facts["fact"], facts["fix"], _listed(facts.get("who_can", "")), values)


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split(",")) if words else ()


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value
