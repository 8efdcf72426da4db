"""Which day or time is meant, where the words leave it open: two readings, a contradiction, another clock."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.business.context import Context
from bot.domain.commands import Button, SendButtons, SendText
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import times
from bot.replies.booking import DAY_TAP
from bot.replies.words import say
from intents.understanding import DateDoubt, DateValue, DoubtKind, Span


def day_question(lead: Lead, value: DateValue) -> EffectRequest:
    """Which of two readings of a day or time is meant."""
    readings = [_moment(value), _moment(value.alternatives[0])]
    first, second = (_in_words(lead, one) for one in readings)
    buttons = tuple(Button(f"{DAY_TAP}{one.isoformat()}", _on_button(lead, one)) for one in readings)
    return EffectRequest(SendButtons(say("booking.ask.which_day", lead.language, first=first, second=second), buttons))


def which_of(lead: Lead, isos: Sequence[str]) -> EffectRequest:
    """The same question again, by what its buttons carried."""
    readings = [_of_iso(text) for text in isos[:2]]
    first, second = (_in_words(lead, one) for one in readings)
    buttons = tuple(Button(f"{DAY_TAP}{one.isoformat()}", _on_button(lead, one)) for one in readings)
    return EffectRequest(SendButtons(say("booking.ask.which_day", lead.language, first=first, second=second), buttons))


def _of_iso(text: str) -> date | time | datetime:
    if "T" in text:
        return datetime.fromisoformat(text)
    return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)


def doubt_question(lead: Lead, doubt: DateDoubt, context: Context) -> EffectRequest:
    """What words about time that contradict themselves, or mean another clock, are to mean."""
    language = lead.language
    starts = [one.start if isinstance(one, Span) else one for one in doubt.candidates[:2]]
    readings = [one.replace(tzinfo=None) if isinstance(one, datetime) else one for one in starts]
    zone = times.zone_in_words(context.now, context.business.zone, language)
    if not readings:
        return EffectRequest(SendText(say("booking.doubt.no_such_day", language, said=doubt.text)))
    told = [_in_words(lead, one) for one in readings]
    buttons = tuple(Button(f"{DAY_TAP}{one.isoformat()}", _on_button(lead, one)) for one in dict.fromkeys(readings))
    if len(readings) == 1:
        body = say("booking.doubt.our_clock", language, said=doubt.text, first=told[0], zone=zone)
    elif doubt.kind is DoubtKind.OTHER_ZONE:
        body = say("booking.doubt.other_zone", language, said=doubt.text, first=told[0], second=told[1], zone=zone)
    else:
        body = say("booking.doubt.weekday", language, said=doubt.text, first=told[0], second=told[1])
    return EffectRequest(SendButtons(body, buttons))


def _moment(value: DateValue) -> date | time | datetime:
    meant = value.value.start if isinstance(value.value, Span) else value.value
    return meant.replace(tzinfo=None) if isinstance(meant, datetime) else meant


def _in_words(lead: Lead, meant: date | time | datetime) -> str:
    if isinstance(meant, datetime):
        return f"{times.day_in_words(meant.date(), lead.language)} {meant:%H:%M}"
    return f"{meant:%H:%M}" if isinstance(meant, time) else times.day_in_words(meant, lead.language)


def _on_button(lead: Lead, meant: date | time | datetime) -> str:
    if isinstance(meant, datetime):
        return f"{times.short_day(meant.date(), lead.language)} {meant:%H:%M}"
    return f"{meant:%H:%M}" if isinstance(meant, time) else times.short_day(meant, lead.language)
