"""What is said to a partner, in the language that the business file has for their contact."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendButtons, SendList, SendText
from bot.domain.job import Job
from bot.domain.outcome import EffectRequest
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.front_desk import GUESTS_TAP
from bot.replies.words import say

TAPS: Final = ("work:",)
"""How the ids of a partner's buttons begin."""
YES_TAP: Final = "work:yes"
NO_TAP: Final = "work:no"
JOBS_TAP: Final = "work:jobs"
MONEY_TAP: Final = "work:money"
ATTENTION_TAP: Final = "work:waits"
"""What waits for a person of the house."""
SHOW_TAP: Final = "work:show:"
"""The card of a job; the task follows."""
GUEST_TAP: Final = "guest:book"
"""Leads out of their work: what they book for themselves is a customer's thread."""


def hello(roles: Roles, context: Context) -> EffectRequest:
    """The first answer to a partner, and whether we may write to them of our own accord."""
    body = say("partner.hello", roles.language, name=roles.name, business=context.business.name)
    buttons = (
        Button(YES_TAP, say("partner.button.yes", roles.language)),
        Button(NO_TAP, say("partner.button.no", roles.language)),
        _guest(roles.language),
    )
    return EffectRequest(SendButtons(body, buttons))


def agreed(roles: Roles) -> EffectRequest:
    """They want their work told here."""
    return _offering(say("partner.agreed", roles.language), roles)


def declined(roles: Roles) -> EffectRequest:
    """They do not, and are left alone."""
    return EffectRequest(SendText(say("partner.declined", roles.language)))


def menu(roles: Roles, context: Context) -> EffectRequest:
    """What can be done here."""
    body = say("partner.menu", roles.language, name=roles.name, business=context.business.name)
    return replace(_offering(body, roles), supersedable=True)


def unknown(context: Context) -> EffectRequest:
    """Their number has left the business file."""
    language = context.business.languages[0]
    body = say("partner.unknown", language, business=context.business.name)
    return EffectRequest(SendButtons(body, (_guest(language),)))


def jobs(found: Sequence[Job], roles: Roles, context: Context) -> tuple[EffectRequest, ...]:
    """What they have to do, a line each, and behind it its card; as many lists as it takes."""
    language = roles.language
    if not found:
        return (EffectRequest(SendButtons(say("partner.no_jobs", language), (_guest(language),))),)
    lists = []
    for first in range(0, len(found), limits.LIST_ROWS):
        some = found[first : first + limits.LIST_ROWS]
        lines = "\n".join(f"• {line(job, language, context)}" for job in some)
        body = fitting(say("partner.jobs", language, list=lines), limits.BODY)
        rows = tuple(_row(job, language, context) for job in some)
        lists.append(EffectRequest(SendList(body, say("partner.button.show", language), rows)))
    return tuple(lists)


def _row(job: Job, language: str, context: Context) -> Button:
    when = times.short_moment(job.starts_at, context.business.zone, language)
    what = " · ".join(filter(None, (title(job, language, context), place_name(job, language, context))))
    return Button(f"{SHOW_TAP}{job.task}", when, fitting(what, limits.ROW_DESCRIPTION))


def line(job: Job, language: str, context: Context) -> str:
    """A job in a line: when, what, where."""
    when = times.short_moment(job.starts_at, context.business.zone, language)
    return " · ".join(filter(None, (when, title(job, language, context), place_name(job, language, context))))


def title(job: Job, language: str, context: Context) -> str:
    """What is to be done, in that language or one the house speaks."""
    written = dict(job.title)
    ways = (language, *context.business.languages, *written)
    return next((written[code] for code in ways if code in written), job.task)


def place_name(job: Job, language: str, context: Context) -> str:
    """Where; empty where nobody has to be anywhere."""
    place = context.business.place(job.place)
    return "" if place is None else place.name.say(language)


def _offering(body: str, roles: Roles) -> EffectRequest:
    """With what can be done here: as buttons, or as a list where there are more than fit."""
    choices = _menu(roles)
    if len(choices) <= limits.BUTTONS:
        return EffectRequest(SendButtons(body, choices))
    return EffectRequest(SendList(body, say("partner.button.menu", roles.language), choices))


def _menu(roles: Roles) -> tuple[Button, ...]:
    """Who is paid by us sees their money, too, and the contact of a place their guests."""
    language = roles.language
    has_work = roles.workers or not (roles.places or roles.on_call)
    work = (Button(JOBS_TAP, say("partner.button.jobs", language)),) if has_work else ()
    guests = (Button(GUESTS_TAP, say("partner.button.guests", language)),) if roles.places else ()
    money = (Button(MONEY_TAP, say("partner.button.money", language)),) if roles.providers or roles.places else ()
    waits = (Button(ATTENTION_TAP, say("partner.button.attention", language)),) if roles.on_call else ()
    return (*waits, *work, *guests, *money, _guest(language))


def _guest(language: str) -> Button:
    return Button(GUEST_TAP, say("partner.button.guest", language))
