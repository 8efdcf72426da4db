"""A person's side of a complaint: opened for a guest who spoke to them, and answered with a second visit, with money
back, with a credit, or with a no.

Judged here and nowhere else, so that a dry run, which decides and saves nothing, says what the real one would.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.business.context import Context
from bot.business.prices import SplitParty
from bot.business.sharing import PARTIES
from bot.dialogue import complaints, redos, staff_requests
from bot.dialogue.changes import staff, staff_credit, staff_money
from bot.dialogue.holds import release_holds
from bot.dialogue.money_events import for_agent
from bot.dialogue.triggers import Handler, Trigger
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.change import Cause
from bot.domain.commands import BookSlot
from bot.domain.complaints import Complaint, ComplaintAnswer, ComplaintState, Picture
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.money_orders import GrantCredit, Settle
from bot.domain.outcome import Outcome
from bot.lifecycle import booking_money
from bot.lifecycle import complaints as lifecycle
from bot.lifecycle.quotes import MAY_OVERRIDE
from bot.lifecycle.verdicts import Actor, actor_named
from bot.replies import complaints as words
from payments.domain.money import Money
from payments.domain.splits import Party

OPENED: Final = "complaint_opened"
ANSWERED: Final = "complaint_answered"
COMPLAINT_DENIED: Final = "complaint_denied"
"""The audit's names; each carries who asked, in which role."""

MAY_OPEN: Final = MAY_OVERRIDE | {Actor.SALES, Actor.SUPPORT}


class NotAnswered(StrEnum):
    """Why a complaint was neither opened nor answered."""

    MAY_NOT = "may_not"
    NOT_DELIVERED = "not_delivered"
    """It has not taken place."""
    NO_COMPLAINT = "no_complaint"
    """Nobody has complained about it."""
    ANSWERED_BEFORE = "answered_before"
    TOO_MANY = "too_many"
    """So many complaints of this guest are open that no other is kept."""
    NO_WORDS = "no_words"
    """A no needs a reason that the guest can read."""
    NO_TIME = "no_time"
    """The time that was named cannot be had."""
    BAD_DAY = "bad_day"
    """A credit can be used until today at least, and for two years at most."""
    NO_SHARE = "no_share"
    """Whoever is to bear it has no share of the booking."""


# Opened -------------------------------------------------------------------------------------------------------------


def enter(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """What a guest told a person, also after the guests' own deadline; of a visit with an open complaint more words."""
    visit = lifecycle.complained_of(booking, event.at)
    before = lead.complaint(booking.reference)
    if actor_named(staff.requester_of(event).role) not in MAY_OPEN:
        return _denied(lead, event, NotAnswered.MAY_NOT)
    if visit is None:
        return _denied(lead, event, NotAnswered.NOT_DELIVERED)
    if before is not None and not before.is_open:
        return _denied(lead, event, NotAnswered.ANSWERED_BEFORE)
    person = staff.requester_of(event).person
    told = complaints.said(lead, visit, event.fact("words") or "", event.at, context, person)
    complaint = told.complaint(booking.reference)
    if complaint is None:
        return _denied(lead, event, NotAnswered.TOO_MANY)
    told = told.with_complaint(complaint.with_photos(_photos(event)))
    outcome = Outcome(told).recording(OPENED, event.by, event.at, **_who(event))
    if before is not None or lead.conversation.opted_out or not window.is_open(lead, event.at):
        return outcome
    return for_agent(lead, outcome.requesting(words.heard(told, complaint, context)), event.at)


def _photos(event: StaffAsked) -> tuple[Picture, ...]:
    """The pictures of the transcript that belong to it, by the channel's ids."""
    ids = (event.fact("photos") or "").split()
    return tuple(Picture(media_id, "image/*", event.at) for media_id in ids)


# Answered -----------------------------------------------------------------------------------------------------------


def answer(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The house's answer, once: what it promises is ordered in the same commit, and the guest is told."""
    complaint, kind = lead.complaint(booking.reference), event.fact("kind")
    if actor_named(staff.requester_of(event).role) not in MAY_OVERRIDE:
        return _refused(lead, event, NotAnswered.MAY_NOT)
    if complaint is None:
        return _refused(lead, event, NotAnswered.NO_COMPLAINT)
    if not complaint.is_open:
        return _refused(lead, event, NotAnswered.ANSWERED_BEFORE)
    match kind:
        case ComplaintState.REFUND:
            return _with_money(lead, booking, complaint, event, context)
        case ComplaintState.CREDIT:
            return _with_credit(lead, booking, complaint, event, context)
        case ComplaintState.REDO:
            return _with_another_visit(lead, booking, complaint, event, context)
        case _:
            return _with_a_no(lead, complaint, event, context)


def _with_money(lead: Lead, booking: Booking, complaint: Complaint, event: StaffAsked, context: Context) -> Outcome:
    # why it is given stands on record with the refund, as with every other
    reason = (event.fact("words") or "").strip() or "complaint"
    asked = replace(event, facts=tuple(sorted((dict(event.facts) | {"reason": reason}).items())))
    given = staff_money.refund(lead, booking, asked, context)
    order = next((one.command for one in given.requests if isinstance(one.command, Settle)), None)
    if order is None:
        # it says why not
        return given
    amount = Money(int(event.fact("amount") or 0), order.keep.currency)
    known = _answer(event, amount=amount, refund=order.change)
    return _done(given, lead, complaint, ComplaintState.REFUND, known, event, context)


def _with_credit(lead: Lead, booking: Booking, complaint: Complaint, event: StaffAsked, context: Context) -> Outcome:
    reason = (event.fact("words") or "").strip() or "complaint"
    asked = replace(event, facts=tuple(sorted((dict(event.facts) | {"reason": reason}).items())))
    until = staff_credit.until_of(event, context)
    if until is None:
        return _denied(lead, event, NotAnswered.BAD_DAY)
    given = staff_credit.grant(lead, booking, asked, until, context)
    order = next((one.command for one in given.requests if isinstance(one.command, GrantCredit)), None)
    if order is None:
        # it says why not
        return given
    known = replace(_answer(event, amount=order.amount), credit=order.credit, until=until)
    return _done(given, lead, complaint, ComplaintState.CREDIT, known, event, context)


def _with_another_visit(
    lead: Lead, booking: Booking, complaint: Complaint, event: StaffAsked, context: Context
) -> Outcome:
    charged, reference = _charged(booking, event, context), BookingReference(event.fact("redo") or "")
    if not reference or lead.booking(reference) is not None:
        return _refused(lead, event, NotAnswered.NO_TIME)
    if charged is None:
        return _refused(lead, event, NotAnswered.NO_SHARE)
    promised = redos.promised(booking, charged, context)
    new = Booking(
        reference,
        service=booking.service,
        guests=booking.guests,
        last_activity_at=event.at,
        previous=(*booking.previous, str(booking.reference)),
        redo=promised,
    )
    booked = staff_requests.booked_by_hand(lead, new, event, context)
    made = booked.lead.booking(new.reference)
    if made is None or not any(isinstance(one.command, BookSlot) for one in booked.requests):
        return _refused(lead, event, NotAnswered.NO_TIME)
    owed = redos.order_of(made, context, event.at)
    if owed is not None and not redos.may_be_charged(owed, promised):
        return _refused(lead, event, NotAnswered.NO_SHARE)
    bearer = next(named.value for named, party in PARTIES.items() if party is charged)
    known = replace(_answer(event, redo=str(new.reference)), borne_by=bearer)
    return _done(booked, lead, complaint, ComplaintState.REDO, known, event, context)


def _charged(booking: Booking, event: StaffAsked, context: Context) -> Party | None:
    """Who pays whoever delivers it: who is named, else its provider; none where the named one has no share."""
    named = event.fact("borne_by")
    party = PARTIES[SplitParty(named)] if named in set(SplitParty) else Party.PROVIDER
    currency = booking_money.currency_of(booking, context.business.currency)
    has_money = bool(booking.price) and booking_money.paid(booking, currency).amount > 0
    if not has_money or not staff_money.has_no_share(booking, party, context):
        return party
    return None if named is not None else Party.PLATFORM


def _with_a_no(lead: Lead, complaint: Complaint, event: StaffAsked, context: Context) -> Outcome:
    if not (event.fact("words") or "").strip():
        return _denied(lead, event, NotAnswered.NO_WORDS)
    return _done(Outcome(lead), lead, complaint, ComplaintState.REFUSED, _answer(event), event, context)


def _answer(
    event: StaffAsked, *, amount: Money | None = None, refund: str | None = None, redo: str | None = None
) -> ComplaintAnswer:
    asks, said = staff.requester_of(event), (event.fact("words") or "").strip()
    borne_by = None if amount is None else event.fact("borne_by")
    return ComplaintAnswer(asks.person, asks.role, event.at, said, amount, borne_by, refund, redo)


def _done(
    outcome: Outcome,
    before: Lead,
    complaint: Complaint,
    target: ComplaintState,
    known: ComplaintAnswer,
    event: StaffAsked,
    context: Context,
) -> Outcome:
    over = lifecycle.answered(complaint, target, known)
    # a low score has been looked at with it
    lead = outcome.lead.with_complaint(over).without_alarms({AlarmReason.RATED_LOW}, complaint.reference)
    facts = {"kind": target.value, "cause": Cause.BUSINESS.value}
    facts |= {"refund": known.refund} if known.refund is not None else {}
    facts |= {"redo": known.redo} if known.redo is not None else {}
    facts |= {"credit": known.credit} if known.credit is not None else {}
    facts |= {"until": known.until.isoformat()} if known.until is not None else {}
    facts |= {"borne_by": known.borne_by} if known.borne_by is not None else {}
    if known.amount is not None:
        facts |= {"amount": str(known.amount.amount), "currency": known.amount.currency}
    outcome = replace(outcome, lead=lead).recording(ANSWERED, event.by, event.at, **_who(event), **facts)
    if before.conversation.opted_out:
        return outcome
    made = None if known.redo is None else lead.booking(known.redo)
    start = None if made is None or made.chosen is None else made.chosen.start
    return outcome.requesting(words.answered(lead, over, context, start))


def _refused(lead: Lead, event: StaffAsked, why: NotAnswered) -> Outcome:
    """Denied, and the time that was claimed for it is nobody's."""
    return release_holds(_denied(lead, event, why), (event.fact("hold_id"),))


def _denied(lead: Lead, event: StaffAsked, why: NotAnswered) -> Outcome:
    return Outcome(lead).recording(COMPLAINT_DENIED, event.by, event.at, **_who(event), why=why.value)


def _who(event: StaffAsked) -> dict[str, str]:
    asks = staff.requester_of(event)
    return {"booking": str(event.booking), "person": asks.person, "role": asks.role}


ASKED: Final[Mapping[Trigger, Handler]] = {StaffAction.COMPLAIN: enter, StaffAction.ANSWER_COMPLAINT: answer}
"""May be asked in every state; of what was not delivered it is denied."""
