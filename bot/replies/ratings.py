"""How was it: the question with a score a tap, and what is said to the answer."""

from collections.abc import Sequence
from typing import Final

from bot.business.catalogue import Venue
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendLink, SendList, SendText
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.domain.visits import Visit
from bot.replies import booking as words
from bot.replies import times
from bot.replies.words import say
from intents.scores import LEAST, MOST

RATE_TAP: Final = "rate:"
"""A score of a visit: `rate:<reference>:<score>`."""
HOW_TAP: Final = "howwas:"
"""How it was is asked."""
_STAR: Final = "⭐"


def question(lead: Lead, visit: Visit, context: Context, key: str = "rating.ask") -> EffectRequest:
    """How it was, the best score first."""
    rows = tuple(
        Button(f"{RATE_TAP}{visit.reference}:{score}", _STAR * score, say(f"rating.description.{score}", lead.language))
        for score in range(MOST, LEAST - 1, -1)
    )
    body = say(key, lead.language, **_facts(lead, visit, context))
    return EffectRequest(SendList(body, say("rating.button.rate", lead.language), rows))


def which(lead: Lead, several: Sequence[Visit], score: int, context: Context) -> EffectRequest:
    """Which of several visits a score is for."""
    rows = tuple(
        Button(
            f"{RATE_TAP}{visit.reference}:{score}",
            times.short_moment(visit.ended_at, context.business.zone, lead.language),
            words.fitting(_facts(lead, visit, context)["service"], limits.ROW_DESCRIPTION),
        )
        for visit in several[-limits.LIST_ROWS :]
    )
    return EffectRequest(
        SendList(say("rating.which", lead.language), say("booking.button.choose", lead.language), rows)
    )


def button(lead: Lead, visit: Visit) -> Button:
    """What asks how it was, among other things that can be done."""
    return Button(f"{HOW_TAP}{visit.reference}", say("rating.button.how", lead.language))


def row(lead: Lead, visit: Visit, context: Context) -> Button:
    """The same as a row of a list, with what it was."""
    service = _facts(lead, visit, context)["service"]
    return Button(
        f"{HOW_TAP}{visit.reference}",
        say("rating.button.how", lead.language),
        words.fitting(service, limits.ROW_DESCRIPTION),
    )


def thanks(lead: Lead, visit: Visit, context: Context) -> EffectRequest:
    """They were happy: where reviews of it are written, if there is such a place."""
    name, url = context.business.name, context.business.texts.review_url
    service, place = context.business.service(visit.service or ""), context.business.place(visit.place)
    # who came to a villa to give a massage is not reviewed there
    is_of_place = service is not None and service.venue is Venue.OWN_PLACE
    if is_of_place and place is not None and place.review_url is not None:
        name, url = place.name.say(lead.language), place.review_url
    if url is None:
        return EffectRequest(SendText(say("rating.good", lead.language)))
    body = say("rating.good_review", lead.language, business=name)
    return EffectRequest(SendLink(body, say("rating.button.review", lead.language), url))


def sorry(lead: Lead) -> EffectRequest:
    """They were not: a person looks, and what could have been better is asked."""
    return EffectRequest(SendText(say("rating.low", lead.language)))


def heard(lead: Lead) -> EffectRequest:
    """Their words are with a person."""
    return EffectRequest(SendText(say("rating.heard", lead.language)))


def too_late(lead: Lead, context: Context) -> EffectRequest:
    """It was too long ago."""
    days = context.business.sop.rating.days
    return EffectRequest(SendText(say("rating.too_late", lead.language, days=days)))


def _facts(lead: Lead, visit: Visit, context: Context) -> dict[str, str]:
    service = context.business.service(visit.service or "")
    return {
        "service": "–" if service is None else service.name.say(lead.language),
        "day": times.long_day(visit.ended_at, context.business.zone, lead.language),
    }
