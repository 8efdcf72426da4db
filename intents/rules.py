"""What needs no model: yes and no, STOP and START, and short answers to what was asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from intents import turns, wordlists
from intents.commitment import CommitmentKind, CommitmentVerdict, commitment, has_vietnamese_marks, judged
from intents.dates.tokens import fold
from intents.understanding import Entities, ExpectedAnswer, Intent, Language

_LONGEST = 60
_NOT_LETTERS = re.compile(r"[\W_]+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_BY_LIST = (
    Intent.OPT_IN,
    Intent.RESCHEDULE,
    Intent.CANCEL,
    Intent.BOOKING_STATUS,
    Intent.HELP,
    Intent.TALK_HUMAN,
    Intent.REPEAT,
    Intent.THANKS,
    Intent.GOODBYE,
    Intent.GREETING,
)


@dataclass(frozen=True, slots=True)
class _Phrases:
    intents: dict[str, Intent]
    particles: frozenset[str]


@cache
def _phrases(*, marked: bool) -> _Phrases:
    lists = wordlists.read("rules")
    needs_marks = frozenset(lists["needs_marks"])
    found: dict[str, Intent] = {}
    for intent in _BY_LIST:
        for phrase in lists[intent.value]:
            if marked or phrase not in needs_marks:
                found.setdefault(phrase if marked else fold(phrase), intent)
    particles = lists["particles"] if marked else map(fold, lists["particles"])
    return _Phrases(found, frozenset(particles))


def stripped(text: str) -> tuple[str, str]:
    """A short message as folded words, whole and without its polite particles."""
    return _bare(text, marked=False)


def _bare(text: str, *, marked: bool) -> tuple[str, str]:
    bare = text.strip()
    if not any(ch.isalnum() for ch in bare):
        return bare, bare
    plain = bare.replace("'", "").replace("’", "")
    typed = unicodedata.normalize("NFC", plain.lower()).replace("huỷ", "hủy") if marked else fold(plain)
    words = _NOT_LETTERS.sub(" ", _STRETCHED.sub(r"\1", typed)).split()
    particles = _phrases(marked=marked).particles
    return " ".join(words), " ".join(word for word in words if word not in particles)


def exact(text: str, expecting: ExpectedAnswer, language: Language | None = None) -> Intent | None:
    """The intent of a message that is known as a whole and says nothing else."""
    if commitment(text, language, CommitmentKind.OPT_OUT) is CommitmentVerdict.YES:
        return Intent.OPT_OUT
    if len(text) > _LONGEST:
        return Intent.CONFIRM if commitment(text, language) is CommitmentVerdict.YES else None
    marked = has_vietnamese_marks(text)
    whole, core = _bare(text, marked=marked)
    if expecting is ExpectedAnswer.WISH and core in _DAY_PARTS:
        return None
    if expecting is ExpectedAnswer.CONFIRMATION and fold(whole) in {"chua", "sai"}:
        return Intent.REJECT
    listed = _phrases(marked=marked).intents
    known = next((listed[form] for form in (whole, core) if form in listed), None)
    if known is not None and known not in _BELOW_AN_ANSWER:
        return known
    answered = judged(text, language)
    if answered.verdict is CommitmentVerdict.YES:
        # an order ("saya mau pesan") agrees where a yes was asked for; anywhere else it is a wish
        is_plain = commitment(text, language, CommitmentKind.REFUND) is CommitmentVerdict.YES
        return Intent.CONFIRM if is_plain or expecting is ExpectedAnswer.CONFIRMATION else known
    if expecting is not ExpectedAnswer.CONFIRMATION and turns.cancels(text):
        # "no thanks, cancel it" says more than no
        return known
    if answered.verdict is CommitmentVerdict.NO and answered.is_whole and (expecting in _ASKED or answered.is_bare):
        return Intent.REJECT
    return known


_DAY_PARTS = frozenset({"pagi", "siang", "sore", "malam", "morning", "evening"})
_ASKED = frozenset(
    {
        ExpectedAnswer.CONFIRMATION,
        ExpectedAnswer.SLOT,
        ExpectedAnswer.SERVICE,
        ExpectedAnswer.WISH,
        ExpectedAnswer.GUESTS,
        ExpectedAnswer.PAYMENT,
    }
)
"""Where "gak jadi" says no to what was asked; else it may call a booking off."""
_BELOW_AN_ANSWER = frozenset({Intent.HELP, Intent.TALK_HUMAN, Intent.REPEAT, Intent.GOODBYE, Intent.GREETING})
"""Read only where the words are neither a yes nor a no."""
_OPEN_TO_ANSWERS = frozenset(
    {
        Intent.BOOK,
        Intent.CHOOSE_SERVICE,
        Intent.CHOOSE_SLOT,
        Intent.OOS,
        Intent.CONFIRM,
        Intent.ASK_AVAILABILITY,
        Intent.GREETING,
    }
)
_OPEN_TO_CORRECTIONS = _OPEN_TO_ANSWERS | {Intent.REJECT, Intent.RESCHEDULE, Intent.REPEAT}
"""What a change of mind at the summary may look like ("no, the Saturday one")."""


_COUNTING = frozenset(
    {ExpectedAnswer.NOTHING, ExpectedAnswer.WISH, ExpectedAnswer.GUESTS, ExpectedAnswer.NAME, ExpectedAnswer.BOOKING}
)


def answer(expecting: ExpectedAnswer, slots: Entities, guess: Intent, words: int) -> Intent | None:
    """The intent of a short message that gives what was asked, where the guess does not speak against it."""
    if expecting is ExpectedAnswer.CONFIRMATION:
        given = slots.ordinal is not None or bool(slots.dates) or slots.part_of_day is not None
        return Intent.CHOOSE_SLOT if given and guess in _OPEN_TO_CORRECTIONS else None
    if guess not in _OPEN_TO_ANSWERS and words > 3:
        return None
    of_people_only = slots.guests is not None and not slots.dates and slots.ordinal is None
    if (words <= 3 or (of_people_only and words <= 7 and expecting is not ExpectedAnswer.NOTHING)) and (
        slots.guests is not None and expecting in _COUNTING
    ):
        return Intent.BOOK
    match expecting:
        case ExpectedAnswer.SLOT:
            given = slots.ordinal is not None or bool(slots.dates) or slots.part_of_day is not None
            return Intent.CHOOSE_SLOT if given else None
        case ExpectedAnswer.WISH:
            return Intent.CHOOSE_SLOT if slots.dates or slots.part_of_day is not None else None
        case ExpectedAnswer.SERVICE:
            return Intent.CHOOSE_SERVICE if slots.service_words or slots.ordinal is not None else None
        case ExpectedAnswer.GUESTS:
            return Intent.BOOK if slots.guests is not None else None
        case ExpectedAnswer.NAME:
            return Intent.BOOK if slots.name is not None and guess in _OPEN_TO_ANSWERS else None
        case ExpectedAnswer.NOTHING | ExpectedAnswer.PAYMENT | ExpectedAnswer.LANGUAGE | ExpectedAnswer.BOOKING:
            return None
