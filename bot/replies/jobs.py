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
from bot.replies.days_off import FINE_TAP
from bot.replies.notices import outside
from bot.replies.partner import NO_TAP, SHOW_TAP, line, place_name, title
from bot.replies.words import say

WORDS_TAP: Final = "work:words:"
"""Asks what the guest is to be told; the task follows."""
NOTE: Final = 500
"""So many characters of a note are kept."""
SURELY_DROPPED_TAP: Final = "work:dropped:"
_OF_GUESTS: Final = (
    JobStep.ON_THE_WAY,
    JobStep.STARTED,
    JobStep.DONE,
    JobStep.ABSENT,
    JobStep.TROUBLE,
    JobStep.DROP,
)
_OF_CHORES: Final = tuple(step for step in _OF_GUESTS if step is not JobStep.ABSENT)
_WHY_NOT: Final = {
    TaskRefusal.TOO_EARLY: "partner.job.too_early",
    TaskRefusal.STARTED: "partner.drop.started",
    TaskRefusal.OFFER_LOST: "partner.offer.lost",
    TaskRefusal.OFFER_DECLINED: "partner.offer.said_no",
    TaskRefusal.OFFER_BUSY: "partner.offer.busy",
    TaskRefusal.OFFER_OVER: "partner.offer.over",
}
_NO_PICTURE: Final = {
    TaskRefusal.NO_PHOTO: "partner.job.no_picture",
    TaskRefusal.PHOTO_UNREACHABLE: "partner.job.picture_lost",
    TaskRefusal.PHOTO_TOO_LARGE: "partner.job.picture_too_large",
}
"""Why what they sent is no proof; it is asked for again."""
_ROOM_FOR_NEXT: Final = limits.BODY * 3 // 4
PICTURE_REFUSALS: Final = frozenset({TaskRefusal.WANTS_PHOTO, *_NO_PICTURE})
"""After these a picture is still wanted."""


def step_tap(step: JobStep) -> str:
    """How the id of that button begins; the task follows."""
    return f"work:{step.value}:"


def task_in(start: str, tap: str) -> str | None:
    """The task a button names, where it begins so."""
    return tap.removeprefix(start) if tap.startswith(start) else None


def offered(job: Job, roles: Roles, context: Context) -> EffectRequest:
    """Do they want it? With what they would get, where in town it is, and nothing of its guest."""
    language = roles.language
    facts = _facts(job, roles, context)
    place = context.business.place(job.place)
    area = None if place is None else context.business.area(place.area)
    where = filter(None, (place_name(job, language, context), "" if area is None else area.name.say(language)))
    lines = [say("partner.offer.now", language), say("partner.job.what", language, **facts)]
    lines += [f"📍 {said}"] if (said := ", ".join(where)) else []
    lines += [] if job.guests is None else [say("partner.offer.guests", language, guests=job.guests)]
    lines += (
        [] if job.payout is None else [say("partner.job.payout", language, amount=times.money(job.payout, language))]
    )
    lines.append(say("partner.offer.until", language, until=facts["until"]))
    buttons = (
        *(
            Button(f"{step_tap(step)}{job.offer}:{job.task}", say(f"partner.button.{step.value}", language))
            for step in (JobStep.ACCEPT, JobStep.DECLINE)
        ),
        Button(NO_TAP, say("partner.button.stop", language)),
    )
    template = outside("partner.offer.now", language, facts, buttons=buttons)
    return _fact(SendButtons(fitting("\n".join(lines), limits.BODY), buttons, outside=template))


def is_it_sure(task: str, roles: Roles) -> EffectRequest:
    """They tapped that they cannot do it: a slip of the finger gives nothing back."""
    buttons = (
        Button(f"{SURELY_DROPPED_TAP}{task}", say("partner.button.drop_yes", roles.language)),
        Button(FINE_TAP, say("partner.button.drop_no", roles.language)),
    )
    return EffectRequest(SendButtons(say("partner.drop.sure", roles.language), buttons))


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
        case JobNews.OFFER_LOST | JobNews.OFFER_OVER | JobNews.OFFER_EXPIRED:
            key = f"partner.offer.{news.value.removeprefix('offer_')}"
            return _fact(SendText(say(key, language, **facts), outside=outside(key, language, facts)))
        case JobNews.OFFERED:
            return offered(job, roles, context)
        case JobNews.OVERDUE:
            buttons = tuple(
                Button(f"{step_tap(step)}{job.task}", say(f"partner.button.{step.value}", language))
                for step in (JobStep.DONE, JobStep.ABSENT, JobStep.TROUBLE)
                if step in _steps(job)
            )
            template = outside("partner.job.overdue", language, facts, buttons=buttons)
            return _fact(SendButtons(say("partner.job.overdue", language, **facts), buttons, outside=template))


def done_by_others(job: Job, by: str, roles: Roles, context: Context) -> EffectRequest:
    """Work that is done, in a line, and by whom."""
    key = "partner.job.done_by" if by else "partner.job.done_now"
    return _fact(SendText(say(key, roles.language, job=line(job, roles.language, context), who=by)))


def card(job: Job, roles: Roles, context: Context) -> EffectRequest:
    """All that they need for it, and what can be said of it, a tap each; of what has ended its end."""
    if job.state in {TaskState.DONE, TaskState.WITHDRAWN}:
        return EffectRequest(SendText(_ended(job, roles, context)))
    if job.is_unconfirmed:
        return _unconfirmed(job, roles, context)
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


def stepped(event: JobStepped, then: tuple[Job, ...], roles: Roles, context: Context) -> EffectRequest | None:
    """Noted, with what is theirs then, or why nothing was done; none where its card says so in the same moment."""
    language, job = roles.language, event.job
    facts = {} if job is None else _facts(job, roles, context)
    # said once more, or heard once more after a crash, a no is what it was
    is_no_again = event.step is JobStep.DECLINE and event.refusal == TaskRefusal.OFFER_DECLINED
    match None if is_no_again else event.refusal:
        case None if event.step is JobStep.ACCEPT:
            return None if job is None or job.kind is not TaskKind.SERVICE else _kept(job, roles, context)
        case None:
            lines = [say(f"partner.step.{event.step.value}", language, **facts)]
            return EffectRequest(SendText("\n".join([*lines, *_then(then, roles, context)])), is_fact=True)
        case TaskRefusal.WANTS_PHOTO:
            return picture_wanted(roles)
        case refusal if refusal in _NO_PICTURE:
            return EffectRequest(SendText(say(_NO_PICTURE[TaskRefusal(refusal)], language)))
        case TaskRefusal.OFFER_YOURS if job is not None:
            return _kept(job, roles, context)
        case TaskRefusal.UNCONFIRMED if job is not None:
            return _unconfirmed(job, roles, context)
        case refusal if refusal in _WHY_NOT and job is not None:
            return EffectRequest(SendText(say(_WHY_NOT[TaskRefusal(refusal)], language, **facts)))
        case TaskRefusal.DONE | TaskRefusal.WITHDRAWN if job is not None:
            return EffectRequest(SendText(_ended(job, roles, context)))
        case _:
            return not_theirs(roles)


def _then(jobs: tuple[Job, ...], roles: Roles, context: Context) -> list[str]:
    """What is theirs next, a line each; nothing where nothing is."""
    lines = [f"• {line(one, roles.language, context)}" for one in jobs]
    return ["", say("partner.step.then", roles.language), *lines] if jobs else []


def told_next(jobs: tuple[Job, ...], roles: Roles, context: Context) -> tuple[Job, ...]:
    """As many of them as fit next to what came of a tap, the first ones; nobody has heard of the others."""
    kept = sorted(jobs, key=lambda job: job.starts_at)
    while kept and len("\n".join(_then(tuple(kept), roles, context))) > _ROOM_FOR_NEXT:
        kept.pop()
    return tuple(kept)


def _kept(job: Job, roles: Roles, context: Context) -> EffectRequest:
    """They were the first; whose it is is said when the booking is confirmed."""
    is_here = job.is_paid or job.kind is not TaskKind.SERVICE
    key = "partner.step.accept_paid" if is_here else "partner.step.accept"
    return EffectRequest(SendText(say(key, roles.language, **_facts(job, roles, context))), is_fact=True)


def _unconfirmed(job: Job, roles: Roles, context: Context) -> EffectRequest:
    """Kept for them, and its guest has not paid yet."""
    return EffectRequest(SendText(say("partner.job.unconfirmed", roles.language, **_facts(job, roles, context))))


def _ended(job: Job, roles: Roles, context: Context) -> str:
    key = "partner.job.was_done" if job.state is TaskState.DONE else "partner.job.gone"
    return say(key, roles.language, **_facts(job, roles, context))


def _steps(job: Job) -> tuple[JobStep, ...]:
    """What can be said of it; who of a class is not there is no word about the class."""
    return _OF_GUESTS if job.kind is TaskKind.SERVICE and not job.is_class else _OF_CHORES


def _as_list(body: str, job: Job, roles: Roles, template: SendTemplate | None) -> EffectRequest:
    language = roles.language
    rows = tuple(
        Button(f"{step_tap(step)}{job.task}", say(f"partner.button.{step.value}", language)) for step in _steps(job)
    )
    if job.kind is TaskKind.SERVICE and job.booking is not None:
        rows = (*rows, Button(f"{WORDS_TAP}{job.task}", say("partner.button.words", language)))
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
    if job.is_class and job.guests is not None:
        lines.append(say("partner.job.guests", language, guests=job.guests))
    elif job.guest is not None or job.guests is not None:
        guest = job.guest or say("partner.job.a_guest", language)
        lines.append(say("partner.job.guest", language, guest=guest, guests=job.guests or 1))
    if job.room is not None:
        lines.append(say("partner.job.room", language, room=job.room))
    if job.payout is not None:
        # to a class somebody may still come, or not
        key = "partner.job.payout_so_far" if job.is_class else "partner.job.payout"
        lines.append(say(key, language, amount=times.money(job.payout, language)))
    return "\n".join(lines)


def _facts(job: Job, roles: Roles, context: Context) -> dict[str, str]:
    language, zone = roles.language, context.business.zone
    until = "–" if job.answer_by is None else times.short_moment(job.answer_by, zone, language)
    return {
        "until": until,
        "business": context.business.name,
        "job": title(job, language, context),
        "day": times.long_day(job.starts_at, zone, language),
        "hours": times.hours(job.starts_at, job.ends_at, zone, language),
        "place": place_name(job, language, context) or "–",
    }
