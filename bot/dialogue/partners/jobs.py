"""A partner's jobs: told when they change, or in time, moved by their taps, asked about where words or a picture are
wanted.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.dialogue.partners.budget import is_soon, spent
from bot.dialogue.partners.side import asks_for
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.contents import Content, Media, Tap, Text
from bot.domain.job import Job, JobNews, JobStep
from bot.domain.outcome import EffectRequest
from bot.domain.partner import AskedJob, Consent, Partner, PartnerAsk, PartnerQuestion, held_ahead, held_new
from bot.domain.partner_events import JobShown, JobStepped, JobTold, WorkDone
from bot.domain.partner_orders import ShowJob, StepJob
from bot.domain.task import FINISHED, TaskKind
from bot.lifecycle.task_steps import TaskRefusal
from bot.replies import jobs as words
from bot.replies.partner import SHOW_TAP

Step = tuple[Partner, tuple[EffectRequest, ...]]

_URGENT: Final = frozenset({JobNews.GONE, JobNews.OVERDUE})
"""What never waits for a digest: who does not hear of it sets out, or owes us an answer."""
_LAST_WORDS: Final = frozenset({JobNews.OFFER_LOST, JobNews.OFFER_OVER, JobNews.OFFER_EXPIRED})
_DIGITS: Final = 9


def told(partner: Partner, event: JobTold, roles: Roles, context: Context) -> Step:
    """Told at once; who does not want it here, or has lost the number, is for a person to call."""
    if event.news is JobNews.OFFERED:
        return _offered(partner, event, roles, context)
    if event.news in _LAST_WORDS:
        return _heard_the_end(partner, event, roles, context)
    task, is_over = event.job.task, event.job.state in FINISHED
    if event.news is JobNews.GONE and partner.question is not None and partner.question.task == task:
        partner = replace(partner, question=None)
    if is_over and event.news is not JobNews.GONE:
        # over before it could be told; that is told by itself
        return partner, ()
    if _is_unreachable(partner):
        return partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, event.at, task), ()
    untold = (held_new(task), held_ahead(task))
    is_untold = any(name in partner.held for name in untold)
    if event.news is JobNews.GONE and is_untold:
        # called off before they had heard of it
        return partner.without_held(*untold), ()
    # moved before they heard of it, it is new to them and no change
    news = JobNews.GIVEN if event.news is JobNews.CHANGED and is_untold else event.news
    if _can_wait(news, event.job, partner, context):
        return partner if is_untold else partner.holding(held_ahead(task)), ()
    is_urgent = news in _URGENT or is_soon(event.job.starts_at, context)
    counted = spent(partner, context, is_urgent=is_urgent)
    if counted is None:
        # of a change that waits they know the job: called off, they have to hear of that all the same
        return partner.holding(held_new(task) if news is JobNews.GIVEN else task), ()
    partner = _asked_for_consent(counted.without_held(task, *untold)).having_seen(event.at, task)
    return partner, (words.told(news, event.job, roles, context),)


def _can_wait(news: JobNews, job: Job, partner: Partner, context: Context) -> bool:
    """Whether it is soon enough to hear of it in the digest of the evening before, with all else that is theirs: it is
    work of the house's own people, whom nobody outside waits for, and days ahead each piece would be a template."""
    is_ahead = news is JobNews.GIVEN and job.kind is TaskKind.CHORE and not is_soon(job.starts_at, context)
    return is_ahead and not window.is_open(partner, context.now)


def _offered(partner: Partner, event: JobTold, roles: Roles, context: Context) -> Step:
    """Asked whether they want it; who cannot be asked here is passed over at once, and a person sees it."""
    job = event.job
    if job.offer is None or job.answer_by is None or job.answer_by <= event.at:
        # over before they could be asked
        return partner, ()
    if partner.was_asked(job.task, job.offer):
        # told again by a process that did not know that they were
        return partner, ()
    if _is_unreachable(partner) or partner.is_with_agent:
        # also where a person has the thread: others are asked meanwhile
        not_told = partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, event.at, job.task)
        return not_told, (_unsent(partner, job.task, job.offer),)
    # somebody waits for their answer: it never waits for the budget
    counted = spent(partner, context, is_urgent=True) or partner
    asked = _asked_for_consent(counted).having_been_asked(AskedJob(job.task, job.offer, event.id, event.at))
    return asked, (words.offered(job, roles, context),)


def _heard_the_end(partner: Partner, event: JobTold, roles: Roles, context: Context) -> Step:
    """One last word about what they were asked; none about what they never were, or have heard the end of."""
    job = event.job
    if job.offer is None or not partner.was_asked(job.task, job.offer):
        return partner, ()
    heard = partner.having_heard_the_end(job.task, job.offer)
    if event.news is JobNews.OFFER_LOST and not window.is_open(partner, context.now):
        # they did not answer and nothing changes for them: no template for it; who taps yet is told then
        return heard, ()
    heard = heard if _is_unreachable(partner) else spent(heard, context, is_urgent=True) or heard
    return heard, () if _is_unreachable(partner) else (words.told(event.news, job, roles, context),)


def unsaid(partner: Partner, effect: str) -> Step:
    """A message that did not reach them: what it offered is nobody's answer to wait for."""
    lost = next((one for one in partner.asked if effect.startswith(f"{one.telling}:")), None)
    if lost is None:
        return partner, ()
    return partner.having_heard_the_end(lost.task, lost.number), (_unsent(partner, lost.task, lost.number),)


def _unsent(partner: Partner, task: str, number: int) -> EffectRequest:
    return EffectRequest(StepJob(partner.phone, task, JobStep.UNSENT, offer=number))


def _is_unreachable(partner: Partner) -> bool:
    return partner.is_locked or partner.consent is Consent.REFUSED


def _asked_for_consent(partner: Partner) -> Partner:
    """The first thing they hear from us says how to stop it."""
    return replace(partner, consent=Consent.ASKED) if partner.consent is Consent.UNASKED else partner


def done_by_others(partner: Partner, event: WorkDone, roles: Roles, context: Context) -> Step:
    """Good to know, and no reason for a template: outside their window it is left unsaid."""
    is_heard = window.is_open(partner, context.now) and not partner.is_with_agent and not _is_unreachable(partner)
    return partner, (words.done_by_others(event.job, event.by, roles, context),) if is_heard else ()


def shown(partner: Partner, event: JobShown, roles: Roles, context: Context) -> Step:
    """The card they asked for, or that its picture is still wanted; of what is over, or another's, none is."""
    if event.is_for_picture:
        if event.job is not None and event.job.state not in FINISHED:
            return partner, (words.picture_wanted(roles),)
        partner = replace(partner, question=None)
    if event.job is None:
        return partner, (words.not_theirs(roles),)
    return partner.having_seen(event.at, event.job.task), (words.card(event.job, roles, context),)


def stepped(partner: Partner, event: JobStepped, roles: Roles, context: Context) -> Step:
    """What came of a tap: noted, or why not; a picture that is wanted is asked for."""
    if event.refusal in words.PICTURE_REFUSALS:
        partner = replace(partner, question=PartnerQuestion(PartnerAsk.PICTURE, event.task, event.at))
    elif partner.question is not None and partner.question.task == event.task:
        partner = replace(partner, question=None)
    if event.step is JobStep.UNSENT:
        return partner, ()
    if event.step is JobStep.ACCEPT and event.refusal in {None, TaskRefusal.OFFER_YOURS}:
        # confirmed or called off, they hear of it once more
        is_settled = event.job is None or event.job.kind is not TaskKind.SERVICE
        heard = partner.having_heard_the_end(event.task, event.offer or 0) if is_settled else partner
    else:
        heard = partner.having_heard_the_end(event.task, event.offer or 0)
    # said in their window it costs nothing, and the evening before it would be a template
    new = tuple(job for job in event.then if job.kind is TaskKind.CHORE and not partner.knows(job.task, job.starts_at))
    news = words.told_next(new, roles, context)
    heard = heard.having_seen(event.at, *(job.task for job in news))
    for job in news:
        heard = heard.without_held(job.task, held_new(job.task), held_ahead(job.task))
    said = words.stepped(event, news, roles, context)
    return heard, () if said is None else (said,)


def tapped(partner: Partner, tap: str, roles: Roles, now: datetime) -> Step | None:
    """What a button of a job asks for; none where it is no such button."""
    task = words.task_in(SHOW_TAP, tap)
    if task is not None:
        # who wants to see what they were told of wants it told; who has said no looks at their own wish
        agreed = partner if partner.consent is Consent.REFUSED else replace(partner, consent=Consent.GIVEN)
        return agreed, (EffectRequest(ShowJob(partner.phone, task)),)
    given_back = words.task_in(words.SURELY_DROPPED_TAP, tap)
    if given_back is not None:
        return partner, (EffectRequest(StepJob(partner.phone, given_back, JobStep.DROP)),)
    for step in JobStep:
        task = words.task_in(words.step_tap(step), tap)
        if task is None or step is JobStep.UNSENT:
            continue
        if step is JobStep.TROUBLE:
            asked = replace(partner, question=PartnerQuestion(PartnerAsk.TROUBLE, task, now))
            return asked, (words.what_is_wrong(roles),)
        if step is JobStep.DROP:
            return replace(partner, question=None), (words.is_it_sure(task, roles),)
        if step in {JobStep.ACCEPT, JobStep.DECLINE}:
            return _answer(partner, step, task)
        return replace(partner, question=None), (EffectRequest(StepJob(partner.phone, task, step)),)
    return None


def spoken(partner: Partner, body: str, spoke_at: datetime | None) -> Step | None:
    """A plain yes or no in words, where just one offer waits for it and they have said nothing since, `spoke_at` being
    their last word before this one; none for everything else: an "ok" may be about anything."""
    if len(partner.asked) != 1:
        return None
    (job,) = partner.asked
    if job.at is None or (spoke_at is not None and spoke_at > job.at):
        return None
    for step in (JobStep.ACCEPT, JobStep.DECLINE):
        if asks_for(step.value, body):
            return partner, (EffectRequest(StepJob(partner.phone, job.task, step, offer=job.number)),)
    return None


def _answer(partner: Partner, step: JobStep, named: str) -> Step:
    """An answer to an offer; whoever answers wants such work told here."""
    number, _, task = named.partition(":")
    agreed = partner if partner.consent is Consent.GIVEN else replace(partner, consent=Consent.GIVEN)
    offer = int(number) if number.isdecimal() and len(number) < _DIGITS else 0
    return agreed, (EffectRequest(StepJob(partner.phone, task, step, offer=offer)),)


def answered(partner: Partner, content: Content, now: datetime) -> Step | None:
    """What they send while a question is open; none where it answers nothing."""
    question = partner.open_question(now)
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
        case PartnerQuestion(about=PartnerAsk.PICTURE, task=task), _:
            # it may have been done, called off or given to somebody else since
            return partner, (EffectRequest(ShowJob(partner.phone, task, is_for_picture=True)),)
        case _:
            return None
