"""How it was: said in words or tapped by the customer, or entered by staff; once a visit, changeable for some days.

A good score brings the place where reviews are written, a low one a person and the question what could have been
better. A number alone is a score only where it was asked for.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.business.context import Context
from bot.dialogue import complaints, receptionist
from bot.dialogue.changes.staff import requester_of
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_named
from bot.dialogue.money_events import for_agent
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import UPCOMING, ShowUp, State
from bot.domain.visits import (
    BY_CUSTOMER,
    LONGEST_WORDS,
    AskedAboutVisit,
    Rating,
    RecordVisit,
    Visit,
    VisitQuestion,
)
from bot.lifecycle import apply
from bot.lifecycle import complaints as lifecycle
from bot.lifecycle.verdicts import Actor
from bot.lifecycle.visits import may_be_rated, visit_of, visits
from bot.replies import cards
from bot.replies import ratings as words
from intents.scores import LEAST, MOST, SaidScore, read_score
from intents.understanding import Intent

RATED: Final = "rated"
RATING_DENIED: Final = "rating_denied"
"""The audit's names."""

_OTHER_WISHES: Final = frozenset(
    {
        *(Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.RESCHEDULE, Intent.CANCEL, Intent.BOOKING_STATUS),
        *(Intent.TALK_HUMAN, Intent.CHANGE_LANGUAGE, Intent.ASK_PRICE, Intent.ASK_AVAILABILITY, Intent.ASK_INFO),
        *(Intent.THANKS, Intent.GOODBYE, Intent.GREETING, Intent.CONFIRM, Intent.REJECT, Intent.HELP, Intent.PAY_HELP),
    }
)
"""Surely meant, they are no word about what could have been better."""


class NotRated(StrEnum):
    """Why a rating was not taken."""

    NOT_DELIVERED = "not_delivered"
    TOO_LATE = "too_late"
    """So long after its end nothing is changed any more."""
    CUSTOMERS_OWN = "customers_own"
    """The customer has said it; nobody else says it for them."""
    BAD_SCORE = "bad_score"


# Said by the customer -----------------------------------------------------------------------------------------------


def is_tap(tap: str) -> bool:
    """Whether that button says how it was: a fact, whoever has the conversation."""
    return tap.startswith(words.RATE_TAP)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What these words or this tap say of how it was; none where they say nothing of it."""
    asked = lead.asked_about_visit
    lead = replace(lead, asked_about_visit=None)
    how = turn.tapped(words.HOW_TAP)
    if how is not None:
        return _shown(lead, how, turn.at, context)
    tapped = turn.tapped(words.RATE_TAP)
    if tapped is not None:
        reference, _, number = tapped.rpartition(":")
        score = int(number) if number.isascii() and number.isdecimal() else 0
        visit = _visit(lead, reference, turn.at)
        if visit is None:
            return Outcome(lead.conversing(misunderstood=0)).requesting(cards.nothing_booked(lead))
        if not LEAST <= score <= MOST:
            return _asking(lead, visit, context, "rating.range")
        return _rated(lead, visit, score, "", turn.at, context)
    if turn.tap is not None:
        return None
    is_asked = asked is not None and asked.question is VisitQuestion.SCORE
    said = read_score(turn.text, is_asked=is_asked)
    if said is not None:
        return _scored(lead, said, asked.reference if asked is not None and is_asked else None, turn, context)
    if asked is not None and asked.question is VisitQuestion.COMMENT:
        return _commented(lead, asked, turn, context)
    return None


def _shown(lead: Lead, reference: str, now: datetime, context: Context) -> Outcome:
    lead, visit = lead.conversing(misunderstood=0), _visit(lead, reference, now)
    if visit is None:
        return Outcome(lead).requesting(cards.nothing_booked(lead))
    if not may_be_rated(visit, context.business, now):
        return Outcome(lead).requesting(words.too_late(lead, context))
    return _asking(lead, visit, context, "rating.ask")


def ask(lead: Lead, visit: Visit, context: Context) -> Outcome:
    """How it was; the next words may answer it."""
    return _asking(lead, visit, context, "rating.ask")


def _asking(lead: Lead, visit: Visit, context: Context, key: str) -> Outcome:
    waiting = replace(lead, asked_about_visit=AskedAboutVisit(visit.reference, VisitQuestion.SCORE))
    waiting = waiting.conversing(misunderstood=0, greeted=True)
    return Outcome(waiting).requesting(words.question(waiting, visit, context, key))


def _visit(lead: Lead, reference: str, now: datetime) -> Visit | None:
    return next((visit for visit in visits(lead, now) if visit.reference == reference), None)


def _scored(
    lead: Lead, said: SaidScore, asked_about: str | None, turn: CustomerTurn, context: Context
) -> Outcome | None:
    known = visits(lead, turn.at)
    if not known:
        return None
    open_ones = [visit for visit in known if may_be_rated(visit, context.business, turn.at)]
    if not open_ones:
        return Outcome(lead.conversing(misunderstood=0)).requesting(words.too_late(lead, context))
    meant = _meant(open_ones, asked_about, turn.text, context)
    if said.value is None:
        return _asking(lead, meant[-1], context, "rating.range")
    if len(meant) > 1:
        return Outcome(lead.conversing(misunderstood=0)).requesting(words.which(lead, meant, said.value, context))
    has_words = sum(letter.isalpha() for letter in turn.text) > len("bintang lima")
    return _rated(lead, meant[0], said.value, turn.text if has_words else "", turn.at, context)


def _meant(open_ones: list[Visit], asked_about: str | None, text: str, context: Context) -> list[Visit]:
    """The visits a score in words may be for: the one that was asked about, else by its service, else the unrated."""
    asked = [visit for visit in open_ones if visit.reference == asked_about]
    if asked:
        return asked
    named = {service.id for service in services_named(context.business, text)}
    fitting = [visit for visit in open_ones if visit.service in named] or open_ones
    unrated = [visit for visit in fitting if visit.rating is None]
    # all of them rated: the last one is said again
    return unrated or fitting[-1:]


def _rated(lead: Lead, visit: Visit, score: int, said: str, now: datetime, context: Context) -> Outcome:
    if not may_be_rated(visit, context.business, now):
        return Outcome(lead.conversing(misunderstood=0)).requesting(words.too_late(lead, context))
    said = said.strip()[:LONGEST_WORDS]
    outcome = _given(lead, visit, Rating(score, BY_CUSTOMER, now, said), now, context)
    lead = outcome.lead.conversing(misunderstood=0, greeted=True)
    if score >= context.business.sop.rating.good_from:
        came = replace(outcome, lead=_has_come(lead, visit, context))
        return came.requesting(words.thanks(lead, visit, context))
    if said:
        # what was wrong is said already
        lead, heard = complaints.told(lead, visit, said, now, context)
        return replace(outcome, lead=lead).requesting(heard or words.heard(lead))
    asking = replace(lead, asked_about_visit=AskedAboutVisit(visit.reference, VisitQuestion.COMMENT))
    return replace(outcome, lead=asking).requesting(words.sorry(lead))


def _has_come(lead: Lead, visit: Visit, context: Context) -> Lead:
    """Who liked it has been there: nobody has to ask any more."""
    booking = lead.booking(visit.reference)
    service = None if booking is None else context.business.service(booking.service or "")
    is_open = booking is not None and booking.show_up in {ShowUp.UNKNOWN, ShowUp.ASKED}
    if booking is None or service is None or service.ends is not None or not is_open or booking.state not in UPCOMING:
        return lead
    seen = replace(apply.set_facet(booking, ShowUp.CAME, Actor.CUSTOMER), open_question=None)
    if not apply.judged(lead, seen, State.COMPLETED, Actor.SYSTEM, context).allowed:
        return lead
    return lead.with_booking(apply.move(lead, seen, State.COMPLETED, Actor.SYSTEM, context))


def _commented(lead: Lead, asked: AskedAboutVisit, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What could have been better, in their own words; none where they speak of something else."""
    visit, said = lead.visit(asked.reference), turn.text.strip()[:LONGEST_WORDS]
    if visit is None or visit.rating is None or not said:
        return None
    complains = receptionist.complains(turn)
    if not complains and turn.surely(*_OTHER_WISHES):
        return None
    told = replace(visit, rating=replace(visit.rating, words=said))
    lead = lead.with_visit(told).conversing(misunderstood=0)
    if complains:
        in_time = lifecycle.may_complain(told, context.business, turn.received_at)
        return complaints.answer(lead, turn, context, told if in_time else None)
    lead, heard = complaints.told(lead, told, said, turn.at, context)
    return Outcome(lead).requesting(heard or words.heard(lead))


def _given(lead: Lead, visit: Visit, rating: Rating, now: datetime, context: Context) -> Outcome:
    """The rating in place, on record and where providers are ranked; a low one is a person's."""
    rated = replace(visit, rating=rating)
    lead = lead.with_visit(rated).without_alarms({AlarmReason.RATED_LOW}, visit.reference)
    if rating.score < context.business.sop.rating.good_from:
        lead = lead.alarmed(AlarmReason.RATED_LOW, now, visit.reference)
    facts = {
        "booking": str(visit.reference),
        "score": str(rating.score),
        "before": "" if visit.rating is None else str(visit.rating.score),
        "service": visit.service or "",
        "provider": visit.provider or "",
        "place": visit.place or "",
    }
    outcome = Outcome(lead).requesting(EffectRequest(RecordVisit(rated, now)))
    return outcome.recording(RATED, rating.by, now, **facts)


# Entered by staff ---------------------------------------------------------------------------------------------------


def enter(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """What the customer said at the desk or on the phone; nothing is said to them for it."""
    visit = _visit(lead, booking.reference, event.at) or visit_of(booking, event.at)
    score = event.fact("score") or ""
    why = _not_rated(visit, score, event.at, context)
    if visit is None or why is not None:
        facts = {"booking": str(booking.reference), "why": (why or NotRated.NOT_DELIVERED).value}
        return Outcome(lead).recording(RATING_DENIED, event.by, event.at, **facts)
    said = (event.fact("words") or "").strip()[:LONGEST_WORDS]
    rating = Rating(int(score), requester_of(event).person, event.at, said)
    return for_agent(lead, _given(lead, visit, rating, event.at, context), event.at)


def _not_rated(visit: Visit | None, score: str, now: datetime, context: Context) -> NotRated | None:
    if visit is None:
        return NotRated.NOT_DELIVERED
    if score not in {str(one) for one in range(LEAST, MOST + 1)}:
        return NotRated.BAD_SCORE
    if not may_be_rated(visit, context.business, now):
        return NotRated.TOO_LATE
    own = visit.rating is not None and visit.rating.by == BY_CUSTOMER
    return NotRated.CUSTOMERS_OWN if own else None


ASKED: Final[Mapping[Trigger, Handler]] = {StaffAction.RATE: enter}
"""May be asked in every state; what was not delivered is denied."""


# Remembered ---------------------------------------------------------------------------------------------------------


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: what was delivered is remembered when its booking leaves the lead."""
    lead = outcome.lead
    for booking in lead.bookings:
        was = before.booking(booking.reference)
        is_new = booking.state is State.COMPLETED and (was is None or was.state is not State.COMPLETED)
        visit = visit_of(booking, context.now) if is_new and lead.visit(booking.reference) is None else None
        lead = lead if visit is None else lead.with_visit(visit)
    return outcome if lead is outcome.lead else replace(outcome, lead=lead)
