"""Text in, `Understanding` out: rules first, then the local classifier; any string is read and nothing is raised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from intents import calibration, facts, head, model, rules, turns
from intents import language as languages
from intents.commitment import CommitmentKind, CommitmentVerdict, Judgement, commitment, judged, speaks_of_messages
from intents.dates.values import DateKind
from intents.features import features, words_of
from intents.reading import facts_of
from intents.understanding import Confidence, Entities, ExpectedAnswer, Intent, Language, Understanding

ASK_BELOW = 0.3
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
_WISHES_OF_A_CLAUSE = frozenset({Intent.CANCEL, Intent.RESCHEDULE, Intent.BOOKING_STATUS})
"""Known as a whole and said in a part of a message, these are wishes of their own. A bare yes, no or "stop" may be
about the rest of it, "admin" may be who is spoken to."""
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
    gate = judged(text, spoken)
    intents, score, second, ruled = _intents(text, spoken, expecting, slots, vector)
    curve = calibration.curve(calibration.way_of(text, spoken))
    if not ruled:
        score = curve.worth(score)
    if not ruled or intents[0] is Intent.CANCEL:
        intents, score, second, ruled = _turned(text, expecting, slots, (intents, score, second, ruled))
    if not ruled and intents[0] is Intent.CONFIRM:
        intents, score, second = _unless_sure(intents, score, second, gate, curve.act_from)
    by_chance = not ruled and Intent.OPT_OUT in intents
    if by_chance:
        # Silence is for good: only words that the gate knows bring it (`rules.exact`), a chance makes us ask.
        score = min(score, curve.act_from - _LESS)
        # Next to another wish it is that wish which is answered.
        intents = intents[:1] if intents[0] is Intent.OPT_OUT else tuple(i for i in intents if i is not Intent.OPT_OUT)
    if wanted is not None and intents[0] is not Intent.CHANGE_LANGUAGE:
        intents, score, ruled = (Intent.CHANGE_LANGUAGE, *(i for i in intents if i is not Intent.OOS)), 0.9, True
    if expecting is ExpectedAnswer.NAME and intents[0] is not Intent.BOOK:
        slots = replace(slots, name=facts.name(text, ExpectedAnswer.NOTHING))
    if intents[0] is Intent.CHANGE_LANGUAGE:
        wanted = wanted or languages.named(text)
    # A choice where a yes was asked for is a change of mind.
    is_other_choice = intents[0] is Intent.CHOOSE_SLOT and expecting is ExpectedAnswer.CONFIRMATION
    return Understanding(
        intent=intents[0],
        intents=intents,
        score=round(score, 4),
        confidence=_sure(score, min(curve.act_from, _ANSWER_FROM) if intents[0] in _QUESTIONS else curve.act_from),
        language=wanted or spoken,
        wanted_language=wanted,
        entities=slots,
        runner_up=second,
        by_rule=ruled,
        is_correction=turns.is_correction(text) or is_other_choice,
        detected=detected,
        verdict=gate.verdict,
        asks_to_opt_out=by_chance
        or commitment(text, spoken, CommitmentKind.OPT_OUT) is CommitmentVerdict.ASK_TO_OPT_OUT,
        about_existing=turns.names_existing_booking(text),
        wants_form=turns.wants_form(text),
    )


_Read = tuple[tuple[Intent, ...], float, Intent | None, bool]
_MAKING = frozenset(
    {
        ExpectedAnswer.SERVICE,
        ExpectedAnswer.SLOT,
        ExpectedAnswer.GUESTS,
        ExpectedAnswer.WISH,
        ExpectedAnswer.CONFIRMATION,
    }
)
"""While a booking is being made, so that nothing stands yet that could be cancelled."""
_NEW_BOOKINGS = frozenset(
    {Intent.BOOK, Intent.CHOOSE_SLOT, Intent.ASK_AVAILABILITY, Intent.OOS, Intent.CONFIRM, Intent.CHOOSE_SERVICE}
)

_NO_FACTS = frozenset({Intent.OOS, Intent.CONFIRM, Intent.CHOOSE_SERVICE})


def _turned(text: str, expecting: ExpectedAnswer, slots: Entities, read: _Read) -> _Read:
    """What chances take for a cancel or a new booking and the words say is none."""
    intents, score, second, ruled = read
    if Intent.CANCEL in intents:
        if turns.keeps_booking(text):
            return (Intent.REJECT, *(i for i in intents if i not in {Intent.CANCEL, Intent.REJECT})), 0.9, None, True
        names_another = bool(slots.dates or slots.ordinal or slots.guests)
        # A yes may be asked for to a cancel too: there "cancel the one on Thursday" names the booking.
        nothing_stands = expecting in _MAKING - {ExpectedAnswer.CONFIRMATION}
        for_another = nothing_stands or turns.cancels_for_another(text, [value.text for value in slots.dates])
        if names_another and for_another:
            main = Intent.CHOOSE_SLOT if expecting in _MAKING else Intent.RESCHEDULE
            return (main, *(i for i in intents if i not in {Intent.CANCEL, main})), 0.9, None, True
    if not ruled and intents[0] in _NEW_BOOKINGS and turns.refuses_something(text):
        # a wish about how it is to be done, which no booking holds: a person reads it
        return (Intent.ASK_INFO,), max(score, 0.9), second, ruled
    if not ruled and intents[0] in _NEW_BOOKINGS and turns.names_existing_booking(text):
        if intents[0] in _NO_FACTS and not (turns.says_it_changed(text) and (slots.dates or slots.guests)):
            return read
        main = Intent.RESCHEDULE if turns.says_it_changed(text) else Intent.BOOKING_STATUS
        return (main, *(i for i in intents if i not in _NEW_BOOKINGS and i is not main)), max(score, 0.9), second, ruled
    is_about_one = intents[0] in _NEW_BOOKINGS or intents[0] is Intent.RESCHEDULE
    if not ruled and expecting not in _MAKING and is_about_one and turns.moves_it(text):
        rest = (i for i in intents if i not in _NEW_BOOKINGS and i is not Intent.RESCHEDULE)
        return (Intent.RESCHEDULE, *rest), max(score, 0.9), second, ruled
    told = intents[0] is Intent.BOOKING_STATUS and slots.guests is not None and "?" not in text
    if not ruled and told and turns.names_existing_booking(text) and turns.says_it_changed(text):
        return (
            (Intent.RESCHEDULE, *(i for i in intents[1:] if i is not Intent.RESCHEDULE)),
            max(score, 0.9),
            second,
            ruled,
        )
    return read


def _unless_sure(
    intents: tuple[Intent, ...], score: float, second: Intent | None, gate: Judgement, act_from: float
) -> tuple[tuple[Intent, ...], float, Intent | None]:
    """A yes by chance alone is asked about; where the words refuse or put off, it is none at all."""
    if gate.verdict is CommitmentVerdict.NO:
        others = tuple(i for i in intents if i not in {Intent.CONFIRM, Intent.REJECT})
        return (Intent.REJECT, *others), max(score, act_from), second
    return intents, min(score, act_from - _LESS), second


_LESS = 0.01


_QUESTIONS = frozenset({Intent.ASK_INFO, Intent.ASK_PRICE, Intent.ASK_AVAILABILITY})
_ANSWER_FROM = 0.7
"""An answer commits nobody: asking back costs more there than one wrong answer in thirty."""


def _sure(score: float, act_from: float) -> Confidence:
    if score < ASK_BELOW:
        return Confidence.ASK_BACK
    return Confidence.DID_YOU_MEAN if score < act_from else Confidence.ACT


def _wanted(text: str, expecting: ExpectedAnswer) -> Language | None:
    """A language asked for by word: named in a short message that asks to use it, or where a language was asked."""
    named = languages.named(text) if len(text) <= 80 else None
    if named is None or expecting is ExpectedAnswer.LANGUAGE:
        return named
    words = rules.stripped(text)[0]
    if len(words.split()) <= 2 and words not in {"viet nam", "vietnam", "indonesia"}:
        return named
    if len(words.split()) > 8 or not _ASKS_FOR_LANGUAGE.search(words):
        return None
    # "a guide who speaks English" wishes for a guide, and "translate this" for a translation.
    return None if _LANGUAGE_OF_SOMETHING_ELSE.search(words) else named


_LANGUAGE_OF_SOMETHING_ELSE = re.compile(
    r"\b(translat\w*|terjemah\w*|dich|artinya|learn|belajar|hoc|kham|lesson|guide|driver|teach|"
    r"vietnam|guru|course|kursus)\b"
)


def _intents(
    text: str, spoken: Language, expecting: ExpectedAnswer, slots: Entities, vector: Sequence[float] | None
) -> tuple[tuple[Intent, ...], float, Intent | None, bool]:
    known = rules.exact(text, expecting, spoken)
    if known is not None:
        return (known,), 0.98, None, True
    if not any(ch.isalnum() for ch in text):
        return (Intent.OOS,), 0.2, None, True
    chances = _chances(text, slots)
    if vector is not None:
        chances = head.joined(text, spoken, chances, vector)
    chances = model.leaning(chances, spoken)
    if not speaks_of_messages(text):
        # Who says nothing of messages wants something else stopped: "stop di depan hotel ya".
        chances = {intent: 0.0 if intent is Intent.OPT_OUT else chance for intent, chance in chances.items()}
    best, second = sorted(chances, key=lambda intent: -chances[intent])[:2]
    answered = rules.answer(expecting, slots, best, len(words_of(text)))
    if answered is None and slots.dates and len(text) <= 40 and turns.is_correction(text) and best in _DOUBTFUL:
        answered = Intent.CHOOSE_SLOT
    # A part of a message counts as a wish of its own only where it is sure of itself.
    clauses = [_of_clause(clause, spoken, slots) for clause in _clauses(text)]
    others = tuple(dict.fromkeys(found for found, score in clauses if found is not Intent.OOS and score >= 0.6))
    if answered is not None:
        rest = tuple(i for i in others if i is not answered and i not in _SWALLOWED[answered])
        return (answered, *rest), max(0.9, chances[answered]), None, True
    if chances[best] < REJECT_BELOW:
        return (Intent.OOS,), chances[best], best, False
    if best is Intent.OOS and (chances[best] >= _CLEARLY_OUTSIDE or _COURTESY.issuperset(others)):
        return (best,), chances[best], second, False
    ranked = dict.fromkeys((best, *others))
    # Thanks and greetings come last: the wish is answered first.
    if len(ranked) > 1:
        ranked.pop(Intent.OOS, None)
        # Who calls it off with help about money is not to be helped to pay.
        late = _COURTESY | {Intent.PAY_HELP} if Intent.CANCEL in ranked else _COURTESY
        ranked = dict.fromkeys(sorted(ranked, key=lambda intent: (intent in _COURTESY, intent in late)))
    main = next(iter(ranked))
    # The message as a whole may be less sure of it than the part that says it.
    surest = max((score for found, score in clauses if found is main), default=0.0)
    return tuple(ranked), max(chances[main], surest), second, False


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


def _of_clause(clause: str, spoken: Language, slots: Entities) -> tuple[Intent, float]:
    known = rules.exact(clause, ExpectedAnswer.NOTHING, spoken)
    if known is not None:
        return known, 0.9 if known in _COURTESY | _WISHES_OF_A_CLAUSE else 0.4
    if len(clause.split()) < 2:
        return Intent.OOS, 0.0
    words = clause.lower()
    said = tuple(value for value in slots.dates if value.text.lower() in words)
    chances = _chances(clause, Entities(dates=said))
    best = max(chances, key=chances.__getitem__)
    return best, chances[best]
