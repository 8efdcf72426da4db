"""A denied move: nothing is half done, and the reasons reach whoever asked, a person, and the audit.

Each reason is one record: what was wanted, which rule said no, the fact it saw, how to fix it, who can. The records
are read by `janji lead why` and the API's insight; nothing is decided by them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.business.quotes import PriceGap
from bot.domain.alarms import AlarmReason
from bot.domain.audit_facts import snapshot
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.commands import ReleaseHolds
from bot.domain.events import Event, SlotBooked, SlotsFound, StaffAsked, TimerFired
from bot.domain.form_events import FormSubmitted
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import ItemStatus, State
from bot.lifecycle.apply import TransitionDenied
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.tables import Facet
from bot.lifecycle.verdicts import PERMISSION, TRANSITION
from bot.replies import booking as words
from bot.replies.reasons import fact_in_words

DENIED: Final = "refused"
"""The name of the records, as the audit of 0.1 has it."""
_STAFF: Final = ("sales", "operations", "support", "admin")
_FOR_PRICES: Final = ("operations", "admin")
_FOR_STAFF_ONLY: Final = frozenset({TRANSITION, PERMISSION})
"""Rules whose words mean nothing to a customer."""

_UNAVAILABLE: Final[Mapping[SlotUnavailable, tuple[str, str, str]]] = {
    SlotUnavailable.UNKNOWN_SERVICE: ("service_type", "service_not_in_catalogue", "ask_which_service"),
    SlotUnavailable.PAST: ("appointment_date", "time_past", "offer_other_times"),
    SlotUnavailable.TOO_SOON: ("notice", "too_little_notice", "offer_other_times"),
    SlotUnavailable.TOO_FAR: ("advance", "too_far_ahead", "offer_other_times"),
    SlotUnavailable.TOO_FEW_GUESTS: ("guests", "needs_more_guests", "ask_how_many"),
    SlotUnavailable.TOO_MANY_GUESTS: ("guests", "takes_fewer_guests", "ask_how_many"),
    SlotUnavailable.NOT_OFFERED: ("slot_available", "not_in_timetable", "offer_other_times"),
    SlotUnavailable.TAKEN: ("slot_available", "time_taken", "offer_other_times"),
    SlotUnavailable.DAY_OFF: ("day_off", "day_off", "offer_other_times"),
}

GUESTS_DO_NOT_FIT: Final = Reason("guests", "guests_do_not_fit", "ask_how_many", _STAFF)
ALREADY_BOOKED: Final = Reason("slot_available", "already_theirs", "offer_other_times", _STAFF)


def reason_of(unavailable: SlotUnavailable) -> Reason:
    """Why a chosen time cannot be booked, as a rule's reason."""
    rule, fact, fix = _UNAVAILABLE[unavailable]
    return Reason(rule, fact, fix, _STAFF)


def no_price(gap: PriceGap) -> Reason:
    """What has no price, naming the row that the price book lacks, or those that fit alike."""
    values = (("row", str(gap)),)
    if gap.rows:
        return Reason("price", "ambiguous_price", "complete_the_price_book", _FOR_PRICES, values)
    return Reason("price", "no_price", "complete_the_price_book", _FOR_PRICES, values)


# What is done about it ----------------------------------------------------------------------------------------------


def answer_customer(lead: Lead, denied: TransitionDenied, now: datetime) -> Outcome:
    """The customer asked for it: they hear why not, and a person looks at it."""
    alarmed = lead.alarmed(AlarmReason.STEP_DENIED, now, denied.booking.reference)
    return _recorded(Outcome(alarmed).requesting(_told_why(lead, denied)), denied, now)


def undo_event(lead: Lead, event: Event, denied: TransitionDenied) -> Outcome:
    """Something else asked for it: the holds that came with it are released, and a person looks at it."""
    alarmed = lead.alarmed(AlarmReason.STEP_DENIED, event.at, denied.booking.reference)
    match event:
        case StaffAsked():
            # the API judges first and gives the reasons in its answer
            outcome = Outcome(lead)
        case FormSubmitted():
            outcome = Outcome(alarmed).requesting(_told_why(lead, denied))
        case TimerFired(name=name):
            # or it would fire again at once, for ever
            outcome = Outcome(alarmed.without_timer(name))
        case _:
            outcome = Outcome(alarmed)
    match event:
        case SlotsFound(offers=offers):
            holds = tuple(slot.hold_id for slot in offers if slot.hold_id is not None)
        case SlotBooked(slot=slot):
            holds = () if slot.hold_id is None else (slot.hold_id,)
        case FormSubmitted(hold_id=hold):
            holds = (hold,)
        case _:
            holds = ()
    if holds:
        outcome = outcome.requesting(EffectRequest(ReleaseHolds(holds)))
    return _recorded(outcome, denied, event.at)


def _told_why(lead: Lead, denied: TransitionDenied) -> EffectRequest:
    reference = str(denied.booking.reference)
    tellable = [why for why in denied.verdict.reasons if why.rule not in _FOR_STAFF_ONLY]
    if not tellable:
        return words.text_message(lead, "booking.denied", reference=reference)
    fact = fact_in_words(tellable[0], lead.language)
    return words.text_message(lead, "booking.denied_because", reference=reference, fact=fact)


# The records --------------------------------------------------------------------------------------------------------


def _recorded(outcome: Outcome, denied: TransitionDenied, now: datetime) -> Outcome:
    verdict = denied.verdict
    return recording(outcome, denied.booking, verdict.target, verdict.reasons, now, denied.by.value)


def recording(
    outcome: Outcome,
    booking: Booking,
    target: State | Facet | ItemStatus,
    reasons: Iterable[Reason],
    at: datetime,
    by: str = "system",
) -> Outcome:
    """The outcome with one record a reason, written with whatever else it changes."""
    for reason in reasons:
        outcome = outcome.recording(DENIED, by, at, **facts_of(booking, target, reason))
    return outcome


def facts_of(booking: Booking, target: State | Facet | ItemStatus, reason: Reason) -> dict[str, str]:
    """A denial as the facts of an audit record."""
    return {
        "booking": str(booking.reference),
        "state": booking.state.value,
        "target": target.value,
        "rule": reason.rule,
        "fact": reason.fact,
        "fix": reason.fix,
        "who_can": ",".join(reason.who_can),
        "values": ",".join(f"{name}={value}" for name, value in reason.values),
        **snapshot(booking),
    }


def reason_in(facts: Mapping[str, str]) -> Reason:
    """The reason back out of the facts of its record."""
    pairs = (word.partition("=") for word in _listed(facts.get("values", "")))
    values = tuple((name, value) for name, _, value in pairs)
    return Reason(facts["rule"], facts["fact"], facts["fix"], _listed(facts.get("who_can", "")), values)


def _listed(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(",")) if joined else ()
