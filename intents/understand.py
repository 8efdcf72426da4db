"""Text in, `Understanding` out: rules first, then the local classifier; any string is read and nothing is raised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from intents import facts, head, model, rules
from intents import language as languages
from intents.dates.values import DateKind
from intents.features import features, words_of
from intents.reading import facts_of
from intents.understanding import Confidence, Entities, ExpectedAnswer, Intent, Language, Understanding

ASK_BELOW = 0.3
ACT_ABOVE = 0.5
REJECT_BELOW = 0.25
"""A best guess under this is out of scope; set on seeds held out whole, where it costs 6 % of wrong rejections."""
_CLEARLY_OUTSIDE = 0.6
"""From here a message is out of scope whatever one part of it looks like."""
_LONGEST = 1000
_CLAUSES = re.compile(
    r"[.?!;\n]+|,\s|\s(?:and then|and also|and|btw|but|also|dan|terus|trus|tapi|sama sekalian|sekalian|và|"
    r"rồi|nhưng|với lại|va|roi)\s",
    re.IGNORECASE,
)
_COURTESY = frozenset({Intent.GREETING, Intent.THANKS, Intent.GOODBYE})
_CORRECTION = re.compile(
    r"\b(i mean|i meant|actually|no wait|sorry i|correction|rather|eh|maksud(ku| saya|nya)|ralat|salah,|"
    r"bukan,|à nhầm|nhầm|ý (mình|tôi|em) là|nham|"
    r"y (minh|toi|em) la|lộn)\b",
    re.IGNORECASE,
)
_ASKS_FOR_LANGUAGE = re.compile(
    r"\b(speak|switch|change|use|reply|talk|write|in|into|pakai|pake|ganti|ubah|balas|dalam|bicara|ngomong|"
    r"bisa|noi|doi|dung|chuyen|tra loi|bang|"
    r"sang|language|please|dong|only|aja|nhe|duoc)\b"
)


def understand(
    text: str,
    expecting: ExpectedAnswer,
    today: date,
    now: datetime,
    language: Language | None,
    vector: Sequence[float] | None = None,
) -> Understanding:
    """What a message means to a business whose day is `today` and whose clock shows `now` (in its own zone).

    `language` is the conversation's, `None` before it is known; `vector` is the text's by the embedded model, where
    that is installed (`intents.embedded`).
    """
    text = text[:_LONGEST]
    detected = languages.detect(text)
    spoken = language or detected or Language.EN
    slots = facts_of(text, spoken, today, now, expecting)
    wanted = _wanted(text, expecting)
    intents, score, second, ruled = _intents(text, spoken, expecting, slots, vector)
    if wanted is not None and intents[0] is not Intent.CHANGE_LANGUAGE:
        intents, score, ruled = (Intent.CHANGE_LANGUAGE, *(i for i in intents if i is not Intent.OOS)), 0.9, True
    if expecting is ExpectedAnswer.NAME and intents[0] is not Intent.BOOK:
        slots = replace(slots, name=facts.name(text, ExpectedAnswer.NOTHING))
    if intents[0] is Intent.CHANGE_LANGUAGE:
        wanted = wanted or languages.named(text)
    return Understanding(
        intent=intents[0],
        intents=intents,
        score=round(score, 4),
        confidence=_sure(score),
        language=wanted or spoken,
        wanted_language=wanted,
        entities=slots,
        runner_up=second,
        by_rule=ruled,
        is_correction=bool(_CORRECTION.search(text)),
        detected=detected,
    )


def _sure(score: float) -> Confidence:
    if score < ASK_BELOW:
        return Confidence.ASK_BACK
    return Confidence.DID_YOU_MEAN if score < ACT_ABOVE else Confidence.ACT


def _wanted(text: str, expecting: ExpectedAnswer) -> Language | None:
    """A language asked for by word: named in a short message that asks to use it, or where a language was asked."""
    named = languages.named(text) if len(text) <= 80 else None
    if named is None or expecting is ExpectedAnswer.LANGUAGE:
        return named
    words = rules.stripped(text)[0]
    if len(words.split()) <= 2 and words not in {"viet nam", "vietnam", "indonesia"}:
        return named
    is_asked = len(words.split()) <= 8 and _ASKS_FOR_LANGUAGE.search(words)
    return named if is_asked and not _is_other_topic(words) else None


def _is_other_topic(words: str) -> bool:
    return bool(
        re.search(
            r"\b(translat\w*|terjemah\w*|dich|artinya|learn|belajar|hoc|kham|lesson|guide|driver|teach|"
            r"vietnam|guru|course|kursus)\b",
            words,
        )
    )


def _intents(
    text: str, spoken: Language, expecting: ExpectedAnswer, slots: Entities, vector: Sequence[float] | None
) -> tuple[tuple[Intent, ...], float, Intent | None, bool]:
    known = rules.exact(text, expecting)
    if known is not None:
        return (known,), 0.98, None, True
    if not any(ch.isalnum() for ch in text):
        return (Intent.OOS,), 0.2, None, True
    chances = _chances(text, slots)
    if vector is not None:
        chances = head.joined(text, spoken, chances, vector)
    best, second = sorted(chances, key=lambda intent: -chances[intent])[:2]
    answered = rules.answer(expecting, slots, best, len(words_of(text)))
    if answered is None and slots.dates and len(text) <= 40 and _CORRECTION.search(text) and best in _DOUBTFUL:
        answered = Intent.CHOOSE_SLOT
    others = _in_clauses(text, slots)
    if answered is not None:
        rest = tuple(i for i in others if i is not answered and i not in _SWALLOWED[answered])
        return (answered, *rest), max(0.9, chances[answered]), None, True
    if chances[best] < REJECT_BELOW:
        return (Intent.OOS,), chances[best], best, False
    if best is Intent.OOS and (chances[best] >= _CLEARLY_OUTSIDE or _COURTESY.issuperset(others)):
        return (best,), chances[best], second, False
    ranked = dict.fromkeys((best, *others))
    if len(ranked) > 1:
        ranked.pop(Intent.OOS, None)
        ranked = dict.fromkeys(sorted(ranked, key=lambda intent: intent in _COURTESY))
    main = next(iter(ranked))
    return tuple(ranked), max(chances[main], _strength(text, slots, main)), second, False


_DOUBTFUL = frozenset({Intent.OOS, Intent.REPEAT, Intent.REJECT, Intent.CONFIRM, Intent.CHOOSE_SLOT})
"""What a short correction with a day in it may look like ("eh, Sunday I mean")."""
_SWALLOWED = {
    intent: frozenset({Intent.OOS, Intent.BOOK, Intent.CHOOSE_SLOT, Intent.CHOOSE_SERVICE, Intent.CONFIRM})
    for intent in Intent
}


def _chances(text: str, slots: Entities) -> Mapping[Intent, float]:
    kinds = {value.kind for value in slots.dates}
    places = features(
        text,
        has_day=bool(kinds - {DateKind.TIME}),
        has_time=bool(kinds & {DateKind.TIME, DateKind.DATETIME}),
        has_money=bool(slots.money),
    )
    return model.probabilities(places)


def _clauses(text: str) -> list[str]:
    parts = [part.strip() for part in _CLAUSES.split(text)]
    whole = [part for part in parts if part]
    return whole if 1 < len(whole) <= 6 else []


def _in_clauses(text: str, slots: Entities) -> tuple[Intent, ...]:
    """The intents of the parts of a message, each sure of itself."""
    found: dict[Intent, None] = {}
    for clause in _clauses(text):
        intent, score = _of_clause(clause, slots)
        if intent is not Intent.OOS and score >= 0.6:
            found[intent] = None
    return tuple(found)


def _of_clause(clause: str, slots: Entities) -> tuple[Intent, float]:
    known = rules.exact(clause, ExpectedAnswer.NOTHING)
    if known is not None:
        score = 0.9 if known in _COURTESY else 0.4
        return known, score
    if len(clause.split()) < 2:
        return Intent.OOS, 0.0
    words = clause.lower()
    said = tuple(value for value in slots.dates if value.text.lower() in words)
    chances = _chances(clause, Entities(dates=said))
    best = max(chances, key=chances.__getitem__)
    return best, chances[best]


def _strength(text: str, slots: Entities, intent: Intent) -> float:
    """How sure the surest part of a message is of an intent."""
    scores = (_of_clause(clause, slots) for clause in _clauses(text))
    return max((score for found, score in scores if found is intent), default=0.0)
