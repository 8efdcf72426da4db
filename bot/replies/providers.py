"""What is said about who gives it: which of two is meant, and that somebody has no time."""

from collections.abc import Sequence
from typing import Final

from bot.business.catalogue import Place, Service, ServiceProvider
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendList
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies.booking import fitting
from bot.replies.words import say
from flows.view import ANYONE

WHO_TAP: Final = "who:"
"""Followed by the id of a provider, or by `ANYONE`."""


def which(lead: Lead, providers: Sequence[ServiceProvider]) -> EffectRequest:
    """Whom they mean: a list of those who are called so, and whoever it is as the last row."""
    language = lead.language
    rows = [
        Button(f"{WHO_TAP}{one.id}", fitting(one.name.say(language), limits.ROW_TITLE))
        for one in providers[: limits.LIST_ROWS - 1]
    ]
    rows.append(Button(f"{WHO_TAP}{ANYONE}", say("provider.row.anyone", language)))
    return EffectRequest(
        SendList(say("provider.ask.which", language), say("booking.button.choose", language), tuple(rows))
    )


def not_then(lead: Lead, provider: ServiceProvider) -> str:
    """They have no time on the wished days."""
    return say("provider.not_then", lead.language, provider=provider.name.say(lead.language))


def not_of_service(lead: Lead, provider: ServiceProvider, service: Service) -> str:
    """They do something else."""
    language = lead.language
    return say(
        "provider.not_of_service", language, provider=provider.name.say(language), service=service.name.say(language)
    )


def not_at_place(lead: Lead, provider: ServiceProvider, place: Place) -> str:
    """They do not come there."""
    language = lead.language
    return say("provider.not_at_place", language, provider=provider.name.say(language), place=place.name.say(language))
