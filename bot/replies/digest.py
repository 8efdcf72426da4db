"""The digest of the evening: what there is to do tomorrow, and what waited to be told, in one message."""

from collections.abc import Sequence
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.arrival import Arrival
from bot.domain.commands import Button, SendButtons, Urgency
from bot.domain.job import Job
from bot.domain.outcome import EffectRequest
from bot.domain.partner import PaidOut
from bot.domain.partner_events import DigestTold
from bot.replies import earnings, times
from bot.replies.booking import fitting
from bot.replies.notices import outside
from bot.replies.partner import JOBS_TAP, NO_TAP
from bot.replies.partner import line as job_line
from bot.replies.places import line as arrival_line
from bot.replies.words import say

TEMPLATE: Final = "partner.digest.tomorrow"
TEMPLATE_LIST: Final = 600
"""So many characters of the list fit the template with all that stands around it."""


def digest(event: DigestTold, roles: Roles, context: Context, paid_out: Sequence[PaidOut] = ()) -> EffectRequest:
    """Tomorrow first, the rest below; outside the window all of it in a line of the template."""
    language = roles.language
    tomorrow = _lines(event.jobs, event.arrivals, language, context)
    others = _lines(event.held_jobs, event.held_arrivals, language, context)
    parts = []
    if tomorrow:
        day = times.day_in_words(event.day, language)
        parts.append(say("partner.digest.tomorrow", language, day=day, list=_listed(tomorrow)))
    if others:
        parts.append(say("partner.digest.others", language, list=_listed(others)))
    paid = [earnings.line(one, language) for one in paid_out]
    if paid:
        parts.append("\n".join(paid))
    short = _lines((*event.jobs, *event.held_jobs), (*event.arrivals, *event.held_arrivals), language, context, False)
    # the work of tomorrow may be cut, for a button shows it; that they were paid stands nowhere else
    tail = fitting("; ".join(["", *paid]), TEMPLATE_LIST // 2)
    listed = fitting("; ".join(short), TEMPLATE_LIST - len(tail)) + tail
    facts = {"business": context.business.name, "list": listed}
    show = Button(JOBS_TAP, say("partner.button.jobs", language))
    buttons = (show, Button(NO_TAP, say("partner.button.stop", language)))
    template = outside(TEMPLATE, language, facts, buttons=buttons)
    body = fitting("\n\n".join(parts), limits.BODY)
    return EffectRequest(SendButtons(body, (show,), outside=template), is_fact=True, urgency=Urgency.REMINDER)


def _lines(
    jobs: tuple[Job, ...], arrivals: tuple[Arrival, ...], language: str, context: Context, is_named: bool = True
) -> list[str]:
    found = [(job.starts_at, job_line(job, language, context)) for job in jobs]
    found += [(one.starts_at, arrival_line(one, language, context, is_named=is_named)) for one in arrivals]
    return [line for _, line in sorted(found)]


def _listed(lines: list[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)
