"""What one says to the other through us: under the name of the house, with who speaks, and no number."""

from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.job import Job
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.domain.partner_events import PassResult
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.jobs import WORDS_TAP
from bot.replies.notices import outside
from bot.replies.partner import SHOW_TAP, title
from bot.replies.words import say

ANSWER_TAP: Final = "visit:words:"
"""Asks what the provider is to be told; the task follows."""

# To the guest --------------------------------------------------------------------------------------------------------


def to_guest(lead: Lead, booking: Booking, task: str, who: str, words: str, context: Context) -> EffectRequest:
    """A provider's words, with a button to answer."""
    facts = _facts(booking, who, lead.language, context)
    body = fitting(say("visit.words.from_provider", lead.language, words=words, **facts), limits.BODY)
    answer = Button(f"{ANSWER_TAP}{task}", say("visit.button.answer", lead.language))
    return EffectRequest(SendButtons(body, (answer,)), is_fact=True)


def about_words(lead: Lead, booking: Booking, key: str, context: Context) -> EffectRequest:
    """What is to be written, or that it was passed on."""
    slot = booking.chosen
    who = "" if slot is None or slot.provider is None else slot.provider
    return EffectRequest(SendText(say(key, lead.language, provider=_name(who, lead.language, context))))


def over(lead: Lead) -> EffectRequest:
    """The visit is over, and so is writing to each other."""
    return EffectRequest(SendText(say("visit.words.over", lead.language)))


def _facts(booking: Booking, who: str, language: str, context: Context) -> dict[str, str]:
    service, slot = context.business.service(booking.service or ""), booking.chosen
    return {
        "provider": _name(who, language, context),
        "service": booking.service or "" if service is None else service.name.say(language),
        "day": "" if slot is None else times.long_day(slot.start, context.business.zone, language),
    }


def _name(who: str, language: str, context: Context) -> str:
    provider = context.business.provider(who)
    return context.business.name if provider is None else provider.name.say(language)


# To the provider -----------------------------------------------------------------------------------------------------


def what_to_tell(roles: Roles) -> EffectRequest:
    """They tapped that they want to write to the guest."""
    return EffectRequest(SendText(say("partner.words.ask", roles.language)))


def passed(result: PassResult, roles: Roles) -> EffectRequest:
    """What became of their words."""
    return EffectRequest(SendText(say(f"partner.words.{result.value}", roles.language)))


def from_guest(job: Job, words: str, roles: Roles, context: Context) -> EffectRequest:
    """The guest's words, with a button to answer; outside the window a template that says there are some."""
    language = roles.language
    day = times.long_day(job.starts_at, context.business.zone, language)
    hours = times.hours(job.starts_at, job.ends_at, context.business.zone, language)
    guest = job.guest or say("partner.job.a_guest", language)
    facts = {"job": title(job, language, context), "day": day}
    body = fitting(say("partner.words.from_guest", language, guest=guest, words=words, **facts), limits.BODY)
    buttons = (
        Button(f"{WORDS_TAP}{job.task}", say("visit.button.answer", language)),
        Button(f"{SHOW_TAP}{job.task}", say("partner.button.show", language)),
    )
    known = facts | {"business": context.business.name, "hours": hours}
    template = outside("partner.words.from_guest", language, known, buttons=buttons)
    return EffectRequest(SendButtons(body, buttons, outside=template), is_fact=True, urgency=Urgency.MONEY)
