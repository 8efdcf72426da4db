"""What is said to a partner, in the language that the business file has for their contact."""

from collections.abc import Sequence
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendButtons, SendText
from bot.domain.job import Job
from bot.domain.outcome import EffectRequest
from bot.domain.partner_events import EarningsFound
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.words import say

TAPS: Final = ("work:",)
"""How the ids of a partner's buttons begin."""
YES_TAP: Final = "work:yes"
NO_TAP: Final = "work:no"
JOBS_TAP: Final = "work:jobs"
MONEY_TAP: Final = "work:money"
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
    return EffectRequest(SendButtons(say("partner.agreed", roles.language), _menu(roles)))


def declined(roles: Roles) -> EffectRequest:
    """They do not, and are left alone."""
    return EffectRequest(SendText(say("partner.declined", roles.language)))


def menu(roles: Roles, context: Context) -> EffectRequest:
    """What can be done here."""
    body = say("partner.menu", roles.language, name=roles.name, business=context.business.name)
    return EffectRequest(SendButtons(body, _menu(roles)), supersedable=True)


def unknown(context: Context) -> EffectRequest:
    """Their number has left the business file."""
    language = context.business.languages[0]
    body = say("partner.unknown", language, business=context.business.name)
    return EffectRequest(SendButtons(body, (_guest(language),)))


def jobs(found: Sequence[Job], roles: Roles, context: Context) -> EffectRequest:
    """What they have to do, a line each."""
    language = roles.language
    if not found:
        return EffectRequest(SendButtons(say("partner.no_jobs", language), (_guest(language),)))
    lines = "\n".join(f"• {line(job, language, context)}" for job in found)
    return EffectRequest(SendText(fitting(say("partner.jobs", language, list=lines), limits.BODY)))


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


def earnings(found: EarningsFound, roles: Roles) -> EffectRequest:
    """What is theirs and has not arrived yet."""
    language = roles.language
    sums = {"waiting": found.waiting, "on_its_way": found.on_its_way}
    facts = {name: " + ".join(times.money(one, language) for one in known) for name, known in sums.items()}
    lines = [say(f"partner.money.{name}", language, amount=said) for name, said in facts.items() if said]
    return EffectRequest(SendText("\n".join(lines) or say("partner.money.none", language)))


def _menu(roles: Roles) -> tuple[Button, ...]:
    """Who is paid by us sees their money, too."""
    language = roles.language
    jobs_button = Button(JOBS_TAP, say("partner.button.jobs", language))
    money = (Button(MONEY_TAP, say("partner.button.money", language)),) if roles.providers or roles.places else ()
    return (jobs_button, *money, _guest(language))


def _guest(language: str) -> Button:
    return Button(GUEST_TAP, say("partner.button.guest", language))
