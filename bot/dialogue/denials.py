"""What a refused move means: nothing is half done, and the verdict reaches whoever asked, a person, and the audit."""

from datetime import datetime

from bot.dialogue.refusal_records import refusing
from bot.domain.commands import ReleaseHolds
from bot.domain.events import Event, FormSubmitted, SlotBooked, SlotsFound, StaffAsked, TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.lifecycle.apply import TransitionDenied
from bot.lifecycle.verdicts import PERMISSION, TRANSITION
from bot.replies import booking as words
from bot.replies.reasons import fact_in_words

_OURS_ALONE = frozenset({TRANSITION, PERMISSION})
"""Rules whose words mean nothing to a customer."""


def answered(lead: Lead, refused: TransitionDenied, now: datetime) -> Outcome:
    """The customer asked for it: they hear why not, and a person looks at it."""
    return _recorded(Outcome(lead.conversing(waits_for_person=True)).requesting(_words(lead, refused)), refused, now)


def noted(lead: Lead, event: Event, refused: TransitionDenied) -> Outcome:
    """Something else asked for it: what came with it is let go, and a person looks at it; staff know by themselves."""
    match event:
        case StaffAsked():
            step = Outcome(lead)
        case FormSubmitted():
            step = Outcome(lead.conversing(waits_for_person=True)).requesting(_words(lead, refused))
        case TimerFired(name=name):
            step = Outcome(lead.without_timer(name).conversing(waits_for_person=True))
        case _:
            step = Outcome(lead.conversing(waits_for_person=True))
    holds = _holds(event)
    step = step.requesting(EffectRequest(ReleaseHolds(holds))) if holds else step
    return _recorded(step, refused, event.at)


def _recorded(step: Outcome, refused: TransitionDenied, now: datetime) -> Outcome:
    verdict = refused.verdict
    return refusing(step, refused.booking, verdict.target, verdict.reasons, now, refused.by.value)


def _words(lead: Lead, refused: TransitionDenied) -> EffectRequest:
    reference = str(refused.booking.reference)
    told = [one for one in refused.verdict.reasons if one.rule not in _OURS_ALONE]
    if not told:
        return words.plain(lead, "booking.denied", reference=reference)
    fact = fact_in_words(told[0], lead.language)
    return words.plain(lead, "booking.denied_because", reference=reference, fact=fact)


def _holds(event: Event) -> tuple[str, ...]:
    """What the event has taken for a booking that does not take it."""
    match event:
        case SlotsFound(offers=offers):
            return tuple(one.hold_id for one in offers if one.hold_id is not None)
        case SlotBooked(slot=slot):
            return () if slot.hold_id is None else (slot.hold_id,)
        case FormSubmitted(hold_id=hold):
            return (hold,)
        case _:
            return ()
