"""A partner's jobs: told when they change, moved by their taps, asked about where words or a picture are wanted."""

from dataclasses import replace
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain.alarms import AlarmReason
from bot.domain.contents import Content, Media, Tap, Text
from bot.domain.job import JobNews, JobStep
from bot.domain.outcome import EffectRequest
from bot.domain.partner import Consent, Partner, PartnerAsk, PartnerQuestion
from bot.domain.partner_events import JobShown, JobStepped, JobTold
from bot.domain.partner_orders import ShowJob, StepJob
from bot.domain.task import FINISHED
from bot.lifecycle.task_steps import TaskRefusal
from bot.replies import jobs as words

Step = tuple[Partner, tuple[EffectRequest, ...]]

_PICTURES: Final = frozenset({TaskRefusal.WANTS_PHOTO.value, TaskRefusal.NO_PHOTO.value})


def told(partner: Partner, event: JobTold, roles: Roles, context: Context) -> Step:
    """Told at once; who does not want it here, or has lost the number, is for a person to call."""
    task, is_over = event.job.task, event.job.state in FINISHED
    if is_over and event.news is not JobNews.GONE:
        # over before it could be told; that is told by itself
        return partner, ()
    if partner.is_locked or partner.consent is Consent.REFUSED:
        return partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, event.at, task), ()
    if event.news is JobNews.GONE and partner.question is not None and partner.question.task == task:
        partner = replace(partner, question=None)
    # the first thing they hear from us says how to stop it
    asked = replace(partner, consent=Consent.ASKED) if partner.consent is Consent.UNASKED else partner
    return asked.having_seen(task), (words.told(event.news, event.job, roles, context),)


def shown(partner: Partner, event: JobShown, roles: Roles, context: Context) -> Step:
    """The card they asked for."""
    if event.job is None:
        return partner, (words.not_theirs(roles),)
    return partner.having_seen(event.job.task), (words.card(event.job, roles, context),)


def stepped(partner: Partner, event: JobStepped, roles: Roles, context: Context) -> Step:
    """What came of a tap: noted, or why not; a picture that is wanted is asked for."""
    if event.refusal in _PICTURES:
        partner = replace(partner, question=PartnerQuestion(PartnerAsk.PICTURE, event.task))
    elif partner.question is not None and partner.question.task == event.task:
        partner = replace(partner, question=None)
    return partner, (words.stepped(event, roles, context),)


def tapped(partner: Partner, tap: str, roles: Roles) -> Step | None:
    """What a button of a job asks for; none where it is no such button."""
    task = words.task_in(words.SHOW_TAP, tap)
    if task is not None:
        # who wants to see it wants it told
        agreed = partner if partner.consent is Consent.GIVEN else replace(partner, consent=Consent.GIVEN)
        return agreed, (EffectRequest(ShowJob(partner.phone, task)),)
    for step in JobStep:
        task = words.task_in(words.step_tap(step), tap)
        if task is None:
            continue
        if step is JobStep.TROUBLE:
            asked = replace(partner, question=PartnerQuestion(PartnerAsk.TROUBLE, task))
            return asked, (words.what_is_wrong(roles),)
        return replace(partner, question=None), (EffectRequest(StepJob(partner.phone, task, step)),)
    return None


def answered(partner: Partner, content: Content, roles: Roles) -> Step | None:
    """What they send while a question is open; none where it answers nothing."""
    question = partner.question
    match question, content:
        case None, _:
            return None
        case PartnerQuestion(about=PartnerAsk.TROUBLE, task=task), Text(body=body) if body.strip():
            order = StepJob(partner.phone, task, JobStep.TROUBLE, note=body.strip()[: words.NOTE])
            return replace(partner, question=None), (EffectRequest(order),)
        case PartnerQuestion(about=PartnerAsk.PICTURE, task=task), Media():
            # looked at by who can fetch it: what is none is refused with words, and asked for again
            return partner, (EffectRequest(StepJob(partner.phone, task, JobStep.DONE, picture=content)),)
        case PartnerQuestion(about=PartnerAsk.PICTURE), Tap():
            return None
        case PartnerQuestion(about=PartnerAsk.PICTURE), _:
            return partner, (words.picture_wanted(roles),)
        case _:
            return None
