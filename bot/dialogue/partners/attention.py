"""Somebody on call: told of what waits, and their taps; what is over by then is answered, and never told late."""

from dataclasses import replace
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.dialogue.partners.budget import spent
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.attention_news import (
    AttentionEnded,
    AttentionFound,
    AttentionNews,
    AttentionStep,
    AttentionStepped,
    AttentionTold,
    OwnerDigestTold,
    StepAttention,
)
from bot.domain.outcome import EffectRequest
from bot.domain.partner import Consent, Partner
from bot.replies import attention as words
from bot.replies.partner import menu

Step = tuple[Partner, tuple[EffectRequest, ...]]

_NAMES: Final = "attention_news:"
"""What the ids of such messages have in them (`bot.engine.on_call`)."""
_MOST_DIGITS: Final = 6


def heard(partner: Partner, event: AttentionNews, roles: Roles, context: Context) -> Step:
    """What is news of the queue, or was looked up."""
    match event:
        case AttentionTold():
            return told(partner, event, roles, context)
        case AttentionEnded():
            # good news costs no template, and wakes nobody
            is_free = window.is_open(partner, context.now) and not _is_unreachable(partner)
            return partner, (words.ended(event, roles, context),) if is_free else ()
        case AttentionStepped():
            return partner, (words.stepped(event, roles, context),)
        case AttentionFound():
            # who is not on call sees what is theirs, and nothing of the house
            said = words.found(event, roles, context) if roles.on_call else menu(roles, context)
            return partner, (said,)
        case OwnerDigestTold():
            if event.is_empty or _is_unreachable(partner):
                return partner, ()
            counted = spent(partner, context, is_urgent=True) or partner
            return _addressed(counted), (words.digest(event, roles, context),)


def told(partner: Partner, event: AttentionTold, roles: Roles, context: Context) -> Step:
    """Asked to look; where they cannot be told here the next on call is told at once."""
    if not roles.on_call or _is_unreachable(partner):
        untold = partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, event.at, event.brief.id)
        return untold, (_pass_on(partner, event.brief.id, event.stage),)
    counted = spent(partner, context, is_urgent=True) or partner
    return _addressed(counted), (words.told(event, roles, context),)


def unsaid(partner: Partner, effect: str) -> tuple[EffectRequest, ...]:
    """A message that did not reach them: the next on call is told, where it was one of these."""
    _, _, named = effect.partition(_NAMES)
    # row, stage and number, and no more: an answer to their tap has a longer name, and one that does not arrive
    # passes nothing on, or what is said of that would fail and pass it on once more, for ever
    match named.split(":"):
        case [row, stage, _] if row and _is_number(stage):
            return (_pass_on(partner, row, int(stage)),)
        case _:
            return ()


def tapped(partner: Partner, tap: str) -> Step | None:
    """What a button of the queue asks for; none where it is no such button."""
    for step in AttentionStep:
        start = words.step_tap(step)
        if tap.startswith(start):
            row, _, stage = tap.removeprefix(start).rpartition(":")
            number = int(stage) if _is_number(stage) else 0
            # whoever looks after it wants to hear of such things here
            agreed = partner if partner.consent is Consent.REFUSED else replace(partner, consent=Consent.GIVEN)
            return agreed, (EffectRequest(StepAttention(partner.phone, row, number, step)),)
    return None


def _pass_on(partner: Partner, row: str, stage: int) -> EffectRequest:
    return EffectRequest(StepAttention(partner.phone, row, stage, AttentionStep.PASS_ON))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DIGITS


def _is_unreachable(partner: Partner) -> bool:
    return partner.is_locked or partner.is_with_agent or partner.consent is Consent.REFUSED


def _addressed(partner: Partner) -> Partner:
    """The first thing they hear from us says how to stop it."""
    return replace(partner, consent=Consent.ASKED) if partner.consent is Consent.UNASKED else partner
