"""A job in words: the card with its buttons, what has changed, and what came of a tap."""

from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendButtons, SendList, SendTemplate, SendText, Urgency
from bot.domain.job import Job, JobNews, JobStep
from bot.domain.outcome import EffectRequest
from bot.domain.partner_events import JobStepped
from bot.domain.task import TaskKind, TaskState
from bot.lifecycle.task_steps import TaskRefusal
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.notices import outside
from bot.replies.partner import NO_TAP, place_name, title
from bot.replies.words import say

SHOW_TAP: Final = "work:show:"
NOTE: Final = 500
"""So many characters of a note are kept."""
_OF_GUESTS: Final = (JobStep.ON_THE_WAY, JobStep.STARTED, JobStep.DONE, JobStep.ABSENT, JobStep.TROUBLE)
_OF_CHORES: Final = (JobStep.ON_THE_WAY, JobStep.STARTED, JobStep.DONE, JobStep.TROUBLE)


def step_tap(step: JobStep) -> str:
    """How the id of that button begins; the task follows."""
    return f"work:{step.value}:"


def task_in(start: str, tap: str) -> str | None:
    """The task a button names, where it begins so."""
    return tap.removeprefix(start) if tap.startswith(start) else None


def told(news: JobNews, job: Job, roles: Roles, context: Context) -> EffectRequest:
    """What has become of a job; outside the window as the template that stands for it."""
    language = roles.language
    facts = _facts(job, roles, context)
    show = Button(f"{SHOW_TAP}{job.task}", say("partner.button.show", language))
    match news:
        case JobNews.GIVEN | JobNews.CHANGED:
            key = "partner.job.given.now" if news is JobNews.GIVEN else "partner.job.changed.now"
            choices = (show, Button(NO_TAP, say("partner.button.stop", language)))
            template = outside(key, language, facts, buttons=choices)
            body = f"{say(key, language)}\n{_body(job, roles, context)}"
            return _as_list(body, job, roles, template)
        case JobNews.GONE:
            template = outside("partner.job.gone", language, facts)
            return _fact(SendText(say("partner.job.gone", language, **facts), outside=template))
        case JobNews.OVERDUE:
            buttons = tuple(
                Button(f"{step_tap(step)}{job.task}", say(f"partner.button.{step.value}", language))
                for step in (JobStep.DONE, JobStep.ABSENT, JobStep.TROUBLE)
            )
            template = outside("partner.job.overdue", language, facts, buttons=buttons)
            return _fact(SendButtons(say("partner.job.overdue", language, **facts), buttons, outside=template))


def card(job: Job, roles: Roles, context: Context) -> EffectRequest:
    """All that they need for it, and what can be said of it, a tap each; of what has ended its end."""
    if job.state in {TaskState.DONE, TaskState.WITHDRAWN}:
        return EffectRequest(SendText(_ended(job, roles, context)))
    return _as_list(_body(job, roles, context), job, roles, None)


def not_theirs(roles: Roles) -> EffectRequest:
    """There is no such job, or it is somebody else's."""
    return EffectRequest(SendText(say("partner.job.not_yours", roles.language)))


def what_is_wrong(roles: Roles) -> EffectRequest:
    """They tapped that something is in the way."""
    return EffectRequest(SendText(say("partner.job.what_is_wrong", roles.language)))


def picture_wanted(roles: Roles) -> EffectRequest:
    """It is done with a picture alone."""
    return EffectRequest(SendText(say("partner.job.picture", roles.language)))


def stepped(event: JobStepped, roles: Roles, context: Context) -> EffectRequest:
    """Noted, or why nothing was done."""
    language, job = roles.language, event.job
    facts = {} if job is None else _facts(job, roles, context)
    match event.refusal:
        case None:
            return EffectRequest(SendText(say(f"partner.step.{event.step.value}", language, **facts)), is_fact=True)
        case TaskRefusal.WANTS_PHOTO:
            return picture_wanted(roles)
        case TaskRefusal.NO_PHOTO:
            return EffectRequest(SendText(say("partner.job.no_picture", language)))
        case TaskRefusal.TOO_EARLY if job is not None:
            return EffectRequest(SendText(say("partner.job.too_early", language, **facts)))
        case TaskRefusal.DONE | TaskRefusal.WITHDRAWN if job is not None:
            return EffectRequest(SendText(_ended(job, roles, context)))
        case _:
            return not_theirs(roles)


def _ended(job: Job, roles: Roles, context: Context) -> str:
    key = "partner.job.was_done" if job.state is TaskState.DONE else "partner.job.gone"
    return say(key, roles.language, **_facts(job, roles, context))


def _as_list(body: str, job: Job, roles: Roles, template: SendTemplate | None) -> EffectRequest:
    language = roles.language
    steps = _OF_GUESTS if job.kind is TaskKind.SERVICE else _OF_CHORES
    rows = tuple(Button(f"{step_tap(step)}{job.task}", say(f"partner.button.{step.value}", language)) for step in steps)
    order = SendList(fitting(body, limits.BODY), say("partner.button.tell", language), rows, outside=template)
    return _fact(order)


def _fact(order: SendText | SendButtons | SendList) -> EffectRequest:
    """Facts of their work go before reminders to customers."""
    return EffectRequest(order, is_fact=True, urgency=Urgency.MONEY)


def _body(job: Job, roles: Roles, context: Context) -> str:
    """What, when, where with the way in, for whom, and their own share; no number of anybody's."""
    language, place = roles.language, context.business.place(job.place)
    lines = [say("partner.job.what", language, **_facts(job, roles, context))]
    if place is not None:
        lines.append(f"📍 {place.name.say(language)}, {place.address}")
        lines += [place.map_url] if place.map_url is not None else []
        lines += [place.access.say(language)] if place.access is not None and job.is_with_access else []
    lines += [job.meeting] if job.meeting is not None else []
    if job.guest is not None or job.guests is not None:
        guest = job.guest or say("partner.job.a_guest", language)
        lines.append(say("partner.job.guest", language, guest=guest, guests=job.guests or 1))
    if job.payout is not None:
        lines.append(say("partner.job.payout", language, amount=times.money(job.payout, language)))
    return "\n".join(lines)


def _facts(job: Job, roles: Roles, context: Context) -> dict[str, str]:
    language, zone = roles.language, context.business.zone
    return {
        "business": context.business.name,
        "job": title(job, language, context),
        "day": times.long_day(job.starts_at, zone, language),
        "hours": times.hours(job.starts_at, job.ends_at, zone, language),
        "place": place_name(job, language, context) or "–",
    }
