"""`janji understand`: one JSON line in, one JSON line out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from intents import head
from intents.dates.values import DateValue, Moment, Span, iso
from intents.head import Embeds
from intents.understand import understand
from intents.understanding import CommitmentVerdict, ExpectedAnswer, Language, Understanding

DEFAULT_ZONE = "Asia/Jakarta"


class LineUnreadable(ValueError):
    """A line is no JSON object with a `text`, or names a zone, a moment or a word that does not exist."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line, read."""

    id: str | int | None
    text: str
    now: datetime
    """In the business's zone."""
    language: Language | None
    expecting: ExpectedAnswer


def read(line: str, now: datetime) -> ReadLine:
    """The question in `{id, text, now, timezone, language?, expecting?}`; what is absent comes from `now`.

    Raises `LineUnreadable`.
    """
    try:
        found = json.loads(line)
        zone = ZoneInfo(found.get("timezone") or DEFAULT_ZONE)
        said = found.get("now")
        moment = now if said is None else datetime.fromisoformat(said)
        moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
        language, expecting = found.get("language"), found.get("expecting")
        text = found["text"]
        if not isinstance(text, str):
            raise TypeError("text is no string")
        return ReadLine(
            id=found.get("id"),
            text=text,
            now=moment,
            language=Language(language) if language else None,
            expecting=ExpectedAnswer(expecting) if expecting else ExpectedAnswer.NOTHING,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OSError, OverflowError, RecursionError) as error:
        raise LineUnreadable(str(error)) from error


def answered(line: str, now: datetime | None = None, embeds: Embeds | None = None) -> str:
    """The answer to one line; an unreadable line answers `{"error": …}` and never raises."""
    try:
        asked = read(line, now or datetime(1970, 1, 1, tzinfo=UTC))
    except LineUnreadable as error:
        return json.dumps({"error": f"line unreadable: {error}"}, ensure_ascii=False)
    today = asked.now.date()
    meant = understand(asked.text, asked.expecting, today, asked.now, asked.language)
    if embeds is not None and not meant.by_rule and head.is_readable(asked.text, asked.language):
        meant = understand(asked.text, asked.expecting, today, asked.now, asked.language, embeds(asked.text))
    return json.dumps({"id": asked.id, **as_object(meant)}, ensure_ascii=False)


def as_object(meant: Understanding) -> dict[str, Any]:
    """An understanding in plain JSON values; keys without a value are left out of `slots`."""
    slots = meant.entities
    found: dict[str, Any] = {
        "guests": slots.guests,
        "nights": slots.nights,
        "ordinal": slots.ordinal,
        "part_of_day": slots.part_of_day,
        "money": [{"amount": amount.minor, "currency": amount.currency} for amount in slots.money],
        "phones": list(slots.phones),
        "emails": list(slots.emails),
        "name": slots.name,
        "service_words": list(slots.service_words),
        "relations": list(slots.relations),
    }
    # What only some messages have: left out where it says nothing.
    also: dict[str, Any] = {
        "excluded": [_date(value) for value in meant.entities.excluded],
        "moved_from": [_date(value) for value in meant.entities.moved_from],
        "doubts": [
            {"kind": doubt.kind, "text": doubt.text, "candidates": [_shown(each) for each in doubt.candidates]}
            for doubt in meant.entities.doubts
        ],
        "verdict": meant.verdict if meant.verdict is not CommitmentVerdict.UNCLEAR else None,
        "asks_to_opt_out": meant.asks_to_opt_out,
        "about_existing": meant.about_existing,
        "wants_form": meant.wants_form,
    }
    return {
        "intent": meant.intent,
        "intents": list(meant.intents),
        "score": meant.score,
        "sure": meant.confidence,
        "language": meant.language,
        "wanted_language": meant.wanted_language,
        "slots": {key: value for key, value in found.items() if value not in (None, [])},
        "dates": [_date(value) for value in meant.entities.dates],
        **{key: value for key, value in also.items() if value},
    }


def _date(value: DateValue) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": value.kind, "value": _shown(value.value), "text": value.text}
    if value.bound is not None:
        shown["bound"] = value.bound
    if value.alternatives:
        shown["alternatives"] = [{"kind": other.kind, "value": _shown(other.value)} for other in value.alternatives]
    return shown


def _shown(value: Moment | Span) -> str | list[str]:
    return [iso(value.start), iso(value.end)] if isinstance(value, Span) else iso(value)
