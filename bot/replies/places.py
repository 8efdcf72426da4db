"""A booking in words for the contact of its place: that it is booked, moved or called off, and who is expected."""

from collections.abc import Sequence
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.arrival import Arrival, PlaceNews
from bot.domain.commands import Button, SendText, Urgency
from bot.domain.outcome import EffectRequest
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.notices import outside
from bot.replies.partner import JOBS_TAP, NO_TAP
from bot.replies.words import say

_KEYS: Final = {
    PlaceNews.BOOKED: "partner.place.booked.now",
    PlaceNews.MOVED: "partner.place.moved.now",
    PlaceNews.CALLED_OFF: "partner.place.called_off",
}


def told(news: PlaceNews, arrival: Arrival, roles: Roles, context: Context) -> EffectRequest:
    """What has become of a booking there; outside the window as the template that stands for it."""
    language, key = roles.language, _KEYS[news]
    facts = _facts(arrival, language, context)
    if news is PlaceNews.CALLED_OFF:
        body = say(key, language, **facts)
        order = SendText(body, outside=outside(key, language, facts))
    else:
        buttons = (
            Button(JOBS_TAP, say("partner.button.expected", language)),
            Button(NO_TAP, say("partner.button.stop", language)),
        )
        body = "\n".join((say(key, language, place=facts["place"]), *_lines(arrival, language, context)))
        order = SendText(fitting(body, limits.BODY), outside=outside(key, language, facts, buttons=buttons))
    return EffectRequest(order, is_fact=True, urgency=Urgency.MONEY)


def arrivals(found: Sequence[Arrival], roles: Roles, context: Context) -> EffectRequest:
    """Who is expected at their places, a line each."""
    language = roles.language
    if not found:
        return EffectRequest(SendText(say("partner.place.nobody", language)))
    lines = "\n".join(f"• {line(arrival, language, context)}" for arrival in found)
    return EffectRequest(SendText(fitting(say("partner.place.expected", language, list=lines), limits.BODY)))


def line(arrival: Arrival, language: str, context: Context, *, is_named: bool = True) -> str:
    """A booking in a line: when, what, where, for whom; a template names nobody."""
    facts = _facts(arrival, language, context)
    when = times.short_moment(arrival.starts_at, context.business.zone, language)
    who = (arrival.guest, _room(arrival, language)) if is_named else ()
    return " · ".join(filter(None, (when, facts["job"], facts["place"], *who)))


def _lines(arrival: Arrival, language: str, context: Context) -> list[str]:
    guest = arrival.guest or say("partner.job.a_guest", language)
    lines = [say("partner.job.what", language, **_facts(arrival, language, context))]
    lines.append(say("partner.job.guest", language, guest=guest, guests=arrival.guests or 1))
    lines += [room] if (room := _room(arrival, language)) else []
    provider = context.business.provider(arrival.provider)
    if provider is not None:
        lines.append(say("partner.place.by", language, provider=provider.name.say(language)))
    return lines


def _room(arrival: Arrival, language: str) -> str:
    return "" if arrival.room is None else say("partner.job.room", language, room=arrival.room)


def _facts(arrival: Arrival, language: str, context: Context) -> dict[str, str]:
    business = context.business
    service, place = business.service(arrival.service), business.place(arrival.place)
    return {
        "business": business.name,
        "job": arrival.service if service is None else service.name.say(language),
        "day": times.long_day(arrival.starts_at, business.zone, language),
        "hours": times.hours(arrival.starts_at, arrival.ends_at, business.zone, language),
        "place": arrival.place if place is None else place.name.say(language),
    }
