"""What a refused move means: nothing is half done, and the verdict reaches whoever asked, a person, and the audit."""

from datetime import datetime

from bot.dialogue.refusal_records import refusing
from bot.domain.commands import LetGo
from bot.domain.events import Event, FormSubmitted, SlotBooked, SlotsFound, StaffAsked, TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Said, Step
from bot.lifecycle.apply import Refused
from bot.lifecycle.verdicts import PERMISSION, TRANSITION
from bot.replies import booking as words
from bot.replies.reasons import fact_in_words

_OURS_ALONE = frozenset({TRANSITION, PERMISSION})
"""Rules whose words mean nothing to a customer."""


def answered(lead: Lead, refused: Refused, now: datetime) -> Step:
    """The customer asked for it: they hear why not, and a person looks at it."""
    return _recorded(Step(lead.conversing(waits_for_person=True)).saying(_words(lead, refused)), refused, now)


def noted(lead: Lead, event: Event, refused: Refused) -> Step:
    """Something else asked for it: what came with it is let go, and a person looks at it; staff know by themselves."""
    match event:
        case StaffAsked():
            step = Step(lead)
        case FormSubmitted():
            step = Step(lead.conversing(waits_for_person=True)).saying(_words(lead, refused))
        case TimerFired(name=name):
            step = Step(lead.without_timer(name).conversing(waits_for_person=True))
        case _:
            step = Step(lead.conversing(waits_for_person=True))
    holds = _holds(event)
    step = step.saying(Said(LetGo(holds))) if holds else step
    return _recorded(step, refused, event.at)


def _recorded(step: Step, refused: Refused, now: datetime) -> Step:
    verdict = refused.verdict
    return refusing(step, refused.booking, verdict.target, verdict.reasons, now, refused.by.value)


def _words(lead: Lead, refused: Refused) -> Said:
    reference = str(refused.booking.reference)
    told = [one for one in refused.verdict.reasons if one.rule not in _OURS_ALONE]
    if not told:
        return words.plain(lead, "cannot_do", reference=reference)
    fact = fact_in_words(told[0], lead.language)
    return words.plain(lead, "cannot_do_since", reference=reference, fact=fact)


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
