"""What a provider says to their guest, and hears of them, through us: asked for by a button, the next words alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.dialogue.partners.budget import spent
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.contents import Content, Tap, Text
from bot.domain.outcome import EffectRequest
from bot.domain.partner import Consent, Letter, Partner, PartnerAsk, PartnerQuestion
from bot.domain.partner_events import GuestWrote, WordsPassed
from bot.domain.partner_orders import PassToGuest
from bot.domain.task import FINISHED
from bot.replies import passing as words
from bot.replies.jobs import NOTE, WORDS_TAP, task_in

Step = tuple[Partner, tuple[EffectRequest, ...]]

ANSWERED_WITHIN: Final = timedelta(hours=1)
"""So long after the tap the next words are those for the guest."""
MOST_LETTERS: Final = 5


def tapped(partner: Partner, tap: str, roles: Roles, now: datetime) -> Step | None:
    """They want to write to the guest; none where it is no such button."""
    task = task_in(WORDS_TAP, tap)
    if task is None:
        return None
    return replace(partner, question=PartnerQuestion(PartnerAsk.WORDS, task, now)), (words.what_to_tell(roles),)


def answered(partner: Partner, content: Content, roles: Roles, now: datetime) -> Step | None:
    """What they send after that; none where it is not for the guest."""
    question = partner.question
    if question is None or question.about is not PartnerAsk.WORDS:
        return None
    is_late = question.at is None or now > question.at + ANSWERED_WITHIN
    match content:
        case Text(body=body) if body.strip() and not is_late:
            order = PassToGuest(partner.phone, question.task, body.strip()[:NOTE])
            return replace(partner, question=None), (EffectRequest(order),)
        case Text() | Tap():
            return None
        case _ if is_late:
            return None
        case _:
            # a picture or a voice note cannot be passed on without what it may hold
            return partner, (words.what_to_tell(roles),)


def forgotten(partner: Partner) -> Partner:
    """Whoever does something else has changed their mind: nothing is passed on by accident."""
    question = partner.question
    return replace(partner, question=None) if question is not None and question.about is PartnerAsk.WORDS else partner


def heard(partner: Partner, event: WordsPassed | GuestWrote, roles: Roles, context: Context) -> Step:
    """What became of their words, or what their guest says."""
    match event:
        case WordsPassed():
            return partner, (words.passed(event.result, roles),)
        case GuestWrote():
            return guest_wrote(partner, event, roles, context)


def guest_wrote(partner: Partner, event: GuestWrote, roles: Roles, context: Context) -> Step:
    """Told at once; outside the window they are told that there is something to read, and read it at their next
    word."""
    job = event.job
    if partner.is_locked or partner.consent is Consent.REFUSED:
        return partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, event.at, job.task), ()
    if job.state in FINISHED:
        return partner, ()
    said = words.from_guest(job, event.words, roles, context)
    letters = (*partner.letters, Letter(job, event.words))[-MOST_LETTERS:]
    if partner.is_with_agent:
        # read at their next word after a person has given the thread back
        return replace(partner, letters=letters), ()
    if not window.is_open(partner, context.now):
        # an answer that somebody waits for goes whatever the budget says
        partner = replace(spent(partner, context, is_urgent=True) or partner, letters=letters)
    return partner, (said,)


def read(partner: Partner, roles: Roles, context: Context) -> Step:
    """What a guest wrote while it could not be said."""
    said = tuple(words.from_guest(letter.job, letter.words, roles, context) for letter in partner.letters)
    return replace(partner, letters=()), said
