"""The queue of attention in words: to somebody on call, in the list, and as the owner's digest of the morning."""

from collections.abc import Mapping
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.attention import REASONS
from bot.domain.attention_news import (
    AttentionBrief,
    AttentionEnded,
    AttentionFound,
    AttentionResult,
    AttentionStep,
    AttentionStepped,
    AttentionTold,
    OwnerDigestTold,
)
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.outcome import EffectRequest
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.notices import outside
from bot.replies.partner import ATTENTION_TAP, NO_TAP
from bot.replies.words import in_all, say
from payments.domain.money import Money

_LATER: Final = "of_later_version"
TEMPLATE_LIST: Final = 600
MOST_LISTED: Final = 12


def why(reason: str, language: str) -> str:
    """Why a person has to look, as a sentence without its full stop."""
    return say(f"attention.why.{reason if reason in REASONS else _LATER}", language)


def in_languages(reason: str) -> Mapping[str, str]:
    """The same in every language."""
    return in_all(f"attention.why.{reason if reason in REASONS else _LATER}")


def step_tap(step: AttentionStep) -> str:
    """How the id of that button begins; row and stage follow."""
    return f"work:attention:{step.value}:"


def told(event: AttentionTold, roles: Roles, context: Context) -> EffectRequest:
    """Something waits: will they look?"""
    language, brief = roles.language, event.brief
    facts = {
        "business": context.business.name,
        "why": why(brief.reason, language),
        "about": _about(brief, language),
        "until": times.short_moment(brief.due_by, context.business.zone, language),
    }
    lines = [say("attention.told", language, **facts)]
    lines += [f"👤 {facts['about']}"] if facts["about"] else []
    lines.append(say("attention.until", language, until=facts["until"]))
    buttons = tuple(
        Button(f"{step_tap(step)}{brief.id}:{event.stage}", say(f"attention.button.{step.value}", language))
        for step in (AttentionStep.TAKE, AttentionStep.PASS_ON)
    )
    template = outside("attention.told", language, facts, buttons=buttons)
    order = SendButtons(fitting("\n".join(lines), limits.BODY), buttons, outside=template)
    return EffectRequest(order, is_fact=True, urgency=Urgency.ANSWER)


def stepped(event: AttentionStepped, roles: Roles, context: Context) -> EffectRequest:
    """What came of their tap."""
    language, brief = roles.language, event.brief
    facts = {"why": "" if brief is None else why(brief.reason, language), "owner": (brief and brief.owner) or "–"}
    key = f"attention.{event.result.value}"
    if event.result is AttentionResult.CLOSED and event.ended is not None:
        key = f"attention.closed.{event.ended.value}"
    text = say(key, language, **facts)
    if event.result is AttentionResult.TAKEN and brief is not None and (about := _about(brief, language)):
        text = f"{text}\n👤 {about}"
    return EffectRequest(SendText(text))


def ended(event: AttentionEnded, roles: Roles, context: Context) -> EffectRequest:
    """What they took is over."""
    return EffectRequest(SendText(say("attention.ended", roles.language, why=why(event.brief.reason, roles.language))))


def found(event: AttentionFound, roles: Roles, context: Context) -> EffectRequest:
    """What waits, a line each."""
    language = roles.language
    if not event.briefs:
        return EffectRequest(SendText(say("attention.none", language)))
    lines = [f"• {_line(brief, language, context)}" for brief in event.briefs]
    lines += [say("attention.more", language, count=event.more)] if event.more else []
    body = say("attention.list", language, list="\n".join(lines))
    return EffectRequest(SendText(fitting(body, limits.BODY)))


def digest(event: OwnerDigestTold, roles: Roles, context: Context) -> EffectRequest:
    """What waits, the bookings of the day, the money of yesterday; outside the window in a line of the template."""
    language = roles.language
    lines = []
    for one in event.waiting:
        line = say("attention.digest.line", language, count=one.count, why=why(one.reason, language))
        sums = _sums(one.amounts, language)
        late = [say("attention.digest.late", language, count=one.overdue)] if one.overdue else []
        lines.append(" · ".join(filter(None, (line, sums, *late))))
    waiting = [f"• {line}" for line in lines] or [say("attention.none", language)]
    parts = [say("attention.digest.waiting", language, list="\n".join(waiting))]
    day = [say("attention.digest.bookings", language, count=event.bookings)] if event.bookings else []
    money = [
        say(f"attention.digest.{name}", language, amount=_sums(amounts, language))
        for name, amounts in (
            ("received", event.received),
            ("refunded", event.refunded),
            ("paid_out", event.paid_out),
        )
        if amounts
    ]
    head = say("attention.digest.head", language, day=times.day_in_words(event.day, language))
    body = fitting("\n\n".join((head, *parts, *filter(None, ("\n".join((*day, *money)),)))), limits.BODY)
    listed = "; ".join((*lines, *day, *money)) or say("attention.none", language)
    facts = {"business": context.business.name, "list": fitting(listed, TEMPLATE_LIST)}
    buttons = (
        Button(ATTENTION_TAP, say("partner.button.attention", language)),
        Button(NO_TAP, say("partner.button.stop", language)),
    )
    template = outside("attention.digest.waiting", language, facts, buttons=buttons)
    order = SendButtons(body, buttons[:1], outside=template)
    return EffectRequest(order, is_fact=True, urgency=Urgency.REMINDER)


def _line(brief: AttentionBrief, language: str, context: Context) -> str:
    until = times.short_moment(brief.due_by, context.business.zone, language)
    owner = "" if brief.owner is None else f"({brief.owner})"
    return " · ".join(filter(None, (until, why(brief.reason, language), _about(brief, language), owner)))


def _about(brief: AttentionBrief, language: str) -> str:
    amount = None if brief.amount is None else times.money(brief.amount, language)
    return " · ".join(filter(None, (brief.who, brief.subject, amount)))


def _sums(amounts: tuple[Money, ...], language: str) -> str:
    return " + ".join(times.money(one, language) for one in amounts)
