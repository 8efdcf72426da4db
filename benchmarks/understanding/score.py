"""Scores of `understand` on the phrases beside this file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

from intents.dates.tokens import fold
from intents.dates.values import DateValue, Language, Span, iso
from intents.head import Embeds
from intents.understand import understand
from intents.understanding import Confidence, ExpectedAnswer, Intent

HERE = Path(__file__).parent
NOW = datetime(2026, 5, 13, 14, 20, tzinfo=ZoneInfo("Asia/Jakarta"))
CARRIERS_EACH = 3
SETS = ("intents", "blind", "other", "fourth", "fifth", "sixth", "seventh", "eighth")
"""Every set of intents, by the stem of its files."""


@dataclass(frozen=True, slots=True)
class IntentScore:
    """How a language did: shares of all phrases, of those in scope, of those out of it."""

    phrases: int
    accuracy: float
    macro_f1: float
    wrong_rejection: float
    out_of_scope_recall: float
    misses: tuple[tuple[str, Intent, Intent], ...]


@dataclass(frozen=True, slots=True)
class DateScore:
    """Share of phrases whose first value is exactly right, kind and all."""

    phrases: int
    exact: float
    or_alternative: float
    misses: tuple[tuple[str, str, str], ...]


def intent_phrases(language: Language, written: str = "intents") -> list[tuple[Intent, str]]:
    """The phrases of a language in one set, with the intents they were written for."""
    head, found = Intent.OOS, []
    for line in (HERE / f"{written}_{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            head = Intent(line.strip("[]"))
        elif line.strip():
            found.append((head, line.strip()))
    return found


def date_phrases(language: Language) -> list[tuple[str, str]]:
    """Each expression of a language inside three carrier sentences, with the value it has at `NOW`."""
    carriers_part, phrases_part = (HERE / f"dates_{language}.txt").read_text("utf-8").split("[phrases]\n")
    carriers = carriers_part.split("\n")[1:-1]
    found = []
    for number, line in enumerate(phrases_part.splitlines()):
        phrase, value = line.rsplit(" = ", 1)
        for offset in range(CARRIERS_EACH):
            carrier = carriers[(number + 2 * offset) % len(carriers)]
            found.append((carrier.format(phrase), value))
    return found


def score_intents(
    language: Language, change: Callable[[str], str] = str, written: str = "intents", embeds: Embeds | None = None
) -> IntentScore:
    """Intents of a language's phrases, each typed through `change`; with the embedded model where it is given."""
    pairs = []
    for wanted, text in intent_phrases(language, written):
        typed = change(text)
        vector = embeds(typed) if embeds is not None else None
        found = understand(typed, ExpectedAnswer.NOTHING, NOW.date(), NOW, language, vector).intent
        pairs.append((typed, wanted, found))
    inside = [pair for pair in pairs if pair[1] is not Intent.OOS]
    outside = [pair for pair in pairs if pair[1] is Intent.OOS]
    misses = tuple(pair for pair in pairs if pair[1] is not pair[2])
    return IntentScore(
        phrases=len(pairs),
        accuracy=1 - len(misses) / len(pairs),
        macro_f1=_macro_f1([(wanted, found) for _, wanted, found in pairs]),
        wrong_rejection=sum(found is Intent.OOS for _, _, found in inside) / len(inside),
        out_of_scope_recall=sum(found is Intent.OOS for _, _, found in outside) / len(outside),
        misses=misses,
    )


def sureness(language: Language, change: Callable[[str], str], written: str) -> tuple[float, float, float]:
    """How often an intent is said to be sure, how often it is right then, and how often where it is asked about."""
    sure: list[bool] = []
    asked: list[bool] = []
    for wanted, text in intent_phrases(language, written):
        found = understand(change(text), ExpectedAnswer.NOTHING, NOW.date(), NOW, language)
        (sure if found.confidence is Confidence.ACT else asked).append(found.intent is wanted)
    return len(sure) / (len(sure) + len(asked)), sum(sure) / max(1, len(sure)), sum(asked) / max(1, len(asked))


def _macro_f1(pairs: list[tuple[Intent, Intent]]) -> float:
    wanted, found = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    right = Counter(first for first, second in pairs if first is second)
    return sum(2 * right[intent] / (wanted[intent] + found[intent]) for intent in wanted) / len(wanted)


def shown(value: DateValue) -> str:
    """A value as the phrase files write it."""
    if isinstance(value.value, Span):
        return f"{iso(value.value.start)}/{iso(value.value.end)}"
    return iso(value.value)


def score_dates(language: Language, change: Callable[[str], str] = str) -> DateScore:
    """Dates of a language's phrases, each typed through `change`."""
    misses, right, near = [], 0, 0
    pairs = date_phrases(language)
    for text, wanted in pairs:
        typed = change(text)
        dates = understand(typed, ExpectedAnswer.NOTHING, NOW.date(), NOW, language).entities.dates
        found = shown(dates[0]) if len(dates) == 1 else " + ".join(shown(value) for value in dates)
        others = {shown(other) for value in dates[:1] for other in value.alternatives}
        right += found == wanted
        near += found == wanted or wanted in others
        if found != wanted:
            misses.append((typed, wanted, found))
    return DateScore(len(pairs), right / len(pairs), near / len(pairs), tuple(misses))


def milliseconds_each() -> float:
    """Mean time of one core for one message."""
    texts = [text for language in Language for _, text in intent_phrases(language)]
    understand(texts[0], ExpectedAnswer.NOTHING, NOW.date(), NOW, None)
    begun = process_time()
    for text in texts:
        understand(text, ExpectedAnswer.NOTHING, NOW.date(), NOW, None)
    return (process_time() - begun) * 1000 / len(texts)


WAYS: tuple[tuple[str, Language, Callable[[str], str]], ...] = (
    ("English", Language.EN, str),
    ("Indonesian", Language.ID, str),
    ("Vietnamese", Language.VI, str),
    ("Vietnamese without diacritics", Language.VI, fold),
)
