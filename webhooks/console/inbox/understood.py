"""What the bot understood, in a few words under a message."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.replies import times
from intents.dates.values import DateValue, Moment, Span
from intents.understanding import Intent, Understanding
from webhooks.console import words


def understood_words(meant: Understanding, zone: ZoneInfo, language: str) -> tuple[str, ...]:
    """Intents, days, people: each a short word; nothing of it is quoted from the message."""
    said = [_intent(intent, language) for intent in meant.intents[:2]]
    said += [text for value in meant.entities.dates[:2] if (text := _date(value, zone, language))]
    if meant.entities.guests is not None:
        said.append(words.say("booking.guests", language, count=meant.entities.guests))
    if meant.entities.nights is not None:
        said.append(words.say("booking.nights", language, count=meant.entities.nights))
    return tuple(said)


def _intent(intent: Intent, language: str) -> str:
    key = f"intent.{intent.value}"
    return words.say(key, language) if words.has(key) else intent.value.replace("_", " ")


def _date(found: DateValue, zone: ZoneInfo, language: str) -> str:
    value = found.value
    if not isinstance(value, Span):
        return _moment(value, zone, language)
    first, last = _moment(value.start, zone, language), _moment(value.end, zone, language)
    return first if first == last else f"{first} – {last}"


def _moment(value: Moment, zone: ZoneInfo, language: str) -> str:
    if isinstance(value, datetime):
        return times.short_moment(value if value.tzinfo else value.replace(tzinfo=zone), zone, language)
    return times.short_day(value, language) if isinstance(value, date) else value.strftime("%H:%M")
