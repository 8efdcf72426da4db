"""The machine of a complaint: its table, the one function that applies it, and until when one may be made; pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.complaints import Complaint, ComplaintAnswer, ComplaintState
from bot.domain.states import State
from bot.domain.visits import Visit
from bot.lifecycle.visits import visit_of

S = ComplaintState

COMPLAINT: Final[Mapping[ComplaintState, frozenset[ComplaintState]]] = {
    S.OPEN: frozenset({S.REDO, S.REFUND, S.CREDIT, S.REFUSED}),
    # an answer is the last word: what comes after it is a refund or a booking like any other
    S.REDO: frozenset(),
    S.REFUND: frozenset(),
    S.CREDIT: frozenset(),
    S.REFUSED: frozenset(),
}


class ComplaintDenied(Exception):
    """The table has no such move."""


def answered(complaint: Complaint, target: ComplaintState, answer: ComplaintAnswer) -> Complaint:
    """The complaint with that answer; ComplaintDenied where it has one."""
    if target not in COMPLAINT[complaint.state]:
        raise ComplaintDenied(f"{complaint.reference}: {complaint.state} -> {target}")
    return replace(complaint, state=target, answer=answer)


def opened(visit: Visit, by: str, now: datetime, business: Business) -> Complaint:
    """A new complaint about that visit, with nothing said yet."""
    until = now + timedelta(hours=business.sop.complaint.answer_hours)
    return Complaint(visit.reference, visit.service, visit.provider, visit.place, visit.ended_at, now, by, until)


def may_complain(visit: Visit, business: Business, at: datetime) -> bool:
    """Whether it was said in time; a person may open one later as well."""
    return at <= visit.ended_at + timedelta(days=business.sop.complaint.days)


def complained_of(booking: Booking, now: datetime) -> Visit | None:
    """What a person may open a complaint about: what was delivered, and what a guest is said to have missed."""
    delivered = visit_of(booking, now)
    slot = booking.chosen
    if delivered is not None or slot is None or booking.state is not State.NO_SHOW:
        return delivered
    return Visit(booking.reference, booking.service, slot.provider, slot.place or booking.place, slot.end)
