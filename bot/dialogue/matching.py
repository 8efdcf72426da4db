"""Which service or place of the business a customer's words mean; nothing is guessed where two fit alike.

Our own phrases are taken apart once and kept; what a customer wrote is taken apart once for the many who ask about it,
and forgotten with the next few messages.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from bot.business.catalogue import Place, Service
from bot.business.definition import Business
from bot.business.faq import FaqEntry
from bot.business.words import LocalizedText

_Known = TypeVar("_Known")

_FILLERS: Final = frozenset(
    word
    for words in (
        "a an the for in at on of and with to my me i we want book need please min minutes 60 90 per person private",
        "saya mau ingin pesan untuk di ke dan yang menit jam pribadi villa vila",
        "toi muon dat cho o tai va phut rieng mot minh em anh chi",
        "day days night nights today tomorrow morning afternoon evening hari malam besok pagi siang sore",
        "ngay mai dem hom nay buoi sang trua chieu toi gio",
    )
    for word in words.split()
)
"""Words that say nothing about which service is meant."""


_PARTICLES: Final = frozenset(
    word
    for words in (
        "it is its there this that one just only our your we are staying stay ok okay yes thanks thank you",
        "ya kak aja saja dong deh nih itu kami kita ada menginap nginap iya oke makasih terima kasih",
        "a nhe nha vang da day la thoi shop ben nghi cam on",
    )
    for word in words.split()
)
"""Words around an answer that ask nothing."""
ADDS_NOTHING: Final = _FILLERS | _PARTICLES
"""Words next to a name that leave it nothing but the name."""
_SHORT: Final = 3
"""Letters of a word that is too common to stand for the phrase it was left of."""
_SURE: Final = 10.0
"""A whole name or keyword was said."""
_LIKELY: Final = 0.5
"""At least half of the telling words of a name were said."""
_MOSTLY: Final = 0.75
"""Most of the telling words of a question were said."""
_PHRASES_KEPT: Final = 8192
_LISTS_KEPT: Final = 512
_TEXTS_KEPT: Final = 8
"""Words of customers: for the message under way, not for a memory of what they wrote."""
_BUSINESSES_KEPT: Final = 64

_Lists = tuple[tuple[str, ...], ...]
"""The phrases of each thing that may be meant."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One of our phrases, taken apart."""

    telling: tuple[str, ...]
    """The words of it that tell something; all of them where one short word alone would be left."""
    joined: str
    """The same, between blanks."""
    counts_in_part: bool
    """Whether some of its words may stand for it."""
    numbers: frozenset[str]
    spelt: tuple[tuple[str, str], ...]
    """Each word without and with its marks."""


def services_meant(business: Business, text: str) -> tuple[Service, ...]:
    """The services these words fit best, one letter wrong or not: none, one, or those that fit alike."""
    known = [(service, _service_words(service)) for service in business.services]
    text = _without_meals(text)
    found = _best(known, text, _LIKELY)
    return found or _best(known, _respelt(tuple(phrases for _, phrases in known), text), _LIKELY)


def of_number(services: Iterable[Service], text: str) -> tuple[Service, ...]:
    """Those of a few services that were shown whose name has a number of the text in it: "the 90 minutes one"."""
    numbers = {word for word in _plain(text) if word.isdigit()}
    return tuple(one for one in services if numbers & {part for name in _all(one.name) for part in _words_of(name)})


_LENGTH: Final = re.compile(r"\b(\d{2,3})\s?(?:min|mins|minutes?|menit|mnt|phút|phut|p)\b", re.IGNORECASE)


def of_length(business: Business, like: Service | None, text: str) -> Service | None:
    """ "And for 90 min?": the service of that length that is called like the one that is spoken of."""
    found = _LENGTH.search(text)
    if found is None or like is None:
        return None
    mine = {part for name in _service_words(like) for part in _taken_apart(name).telling if not part.isdigit()}
    alike = [
        one
        for one in business.services
        if one != like and mine & {part for name in _service_words(one) for part in _taken_apart(name).telling}
    ]
    fitting = [one for one in alike if found[1] in {part for name in _all(one.name) for part in _words_of(name)}]
    return fitting[0] if len(fitting) == 1 else None


def _respelt(known: _Lists, text: str) -> str:
    """The text with each long word that is one letter off a word of ours put right."""
    ours, words = _long_words(known), []
    for typed, (word, _) in zip(_words_as_typed(text), spelt(text), strict=True):
        near: list[str] = []
        if len(word) >= _LONG and word not in (alike := ours.get(word[0], frozenset())):
            near = [other for other in alike if _is_near(word, other)]
        words.append(near[0] if len(near) == 1 else typed)
    return " ".join(words)


@lru_cache(maxsize=_BUSINESSES_KEPT)
def _long_words(known: _Lists) -> Mapping[str, frozenset[str]]:
    """The long words of all phrases, by their first letter: that one is never mistyped."""
    found: dict[str, set[str]] = {}
    for phrases in known:
        for phrase in phrases:
            for part in _taken_apart(phrase).telling:
                if len(part) >= _LONG:
                    found.setdefault(part[0], set()).add(part)
    return {letter: frozenset(parts) for letter, parts in found.items()}


def _is_near(word: str, other: str) -> bool:
    """Whether one letter is missing, too many, another, or two are swapped."""
    if abs(len(word) - len(other)) > 1 or word[0] != other[0]:
        return False
    start = next((i for i, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    rest, others = word[start:], other[start:]
    swapped = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


_LONG: Final = 5
"""Letters from which a word with one of them wrong is still known."""


def services_named(business: Business, text: str) -> tuple[Service, ...]:
    """The services whose whole name or keyword was said; what changes a choice in the middle has to be this clear."""
    known = [(service, _service_words(service)) for service in business.services]
    return _best(known, _without_meals(text), _SURE)


def _without_meals(text: str) -> str:
    """The text without meals that only say when: "a massage before dinner" wishes for no dinner."""
    found = _WHEN_BY_MEAL.search(" ".join(_plain(text)))
    if found is None:
        return text
    meal = found[0].split()
    words = text.split()
    folded = [" ".join(_split(word)) for word in words]
    for start in range(len(words)):
        if folded[start : start + len(meal)] == meal:
            return " ".join((*words[:start], *words[start + len(meal) :]))
    return text


_WHEN_BY_MEAL: Final = re.compile(
    r"\b(?:before|after|past|setelah|sesudah|habis|abis|hbs|selesai|lewat|sebelum|sblm|sau|truoc)"
    r"(?: (?:my|our|the|jam|waktu|gio|khi|bua|an|nghi|makan))*"
    r" (?:lunch|lunchtime|dinner|breakfast|siang|malam|maksi|sarapan|trua|toi|sang)\b|\ban (?:trua|toi|sang) xong\b"
)


def places_meant(places: Iterable[Place], text: str) -> tuple[Place, ...]:
    """The places these words fit best."""
    return _best([(place, _all(place.name)) for place in places], text, _LIKELY)


def in_area_named(business: Business, places: Iterable[Place], text: str) -> tuple[Place, ...]:
    """Those of these places that lie in the part of town that was named, if one was."""
    named = {area.id for area in business.areas if says_one_of(text, _all(area.name))}
    return tuple(place for place in places if place.area in named)


def entries_meant(business: Business, text: str) -> tuple[FaqEntry, ...]:
    """The answers of the business file these words ask for: a keyword of theirs, or most of the question itself."""
    known = [(entry, (*_all(entry.question), *entry.keywords)) for entry in business.faq]
    return _best(known, text, _MOSTLY)


def only_names_place(place: Place, text: str) -> bool:
    """Whether nothing but the name of that place is said, politely or not; a question with it is one."""
    return _is_only(_all(place.name), text)


def only_names_service(service: Service, text: str) -> bool:
    """Whether nothing but the name of that service, or keywords of it, is said."""
    return _is_only(_service_words(service), text)


def says_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Whether one of these phrases stands in the text, whole; case and diacritics aside."""
    said = f" {' '.join(_plain(text))} "
    return any(phrase in said for phrase in _between_blanks(tuple(phrases)))


@lru_cache(maxsize=_LISTS_KEPT)
def _between_blanks(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f" {' '.join(_words_of(phrase))} " for phrase in phrases)


def names_only(text: str, phrases: Iterable[str], around: Iterable[str]) -> bool:
    """Whether one of these phrases is said, and nothing with it but words that add nothing."""
    said, fillers = _plain(text), {part for phrase in around for part in _words_of(phrase)}
    for phrase in phrases:
        parts = _words_of(phrase)
        for start in range(len(said) - len(parts) + 1):
            if said[start : start + len(parts)] == parts:
                return fillers.issuperset(said[:start] + said[start + len(parts) :])
    return False


def is_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Whether the text is one of these phrases and nothing else; case, punctuation and diacritics aside."""
    said = _plain(text)
    return bool(said) and any(_words_of(phrase) == said for phrase in phrases)


def _is_only(names: Iterable[str], text: str) -> bool:
    known = {part for name in names for part in _words_of(name)} | ADDS_NOTHING
    return "?" not in text and known.issuperset(_plain(text))


def _best(known: Sequence[tuple[_Known, tuple[str, ...]]], text: str, least: float) -> tuple[_Known, ...]:
    said = _as_marked(text, tuple(phrases for _, phrases in known))
    words, joined = frozenset(said), f" {' '.join(said)} "
    scores = [_score(phrases, words, joined) for _, phrases in known]
    best = max(scores, default=0.0)
    return tuple(one for (one, _), score in zip(known, scores, strict=True) if score == best) if best >= least else ()


def _as_marked(text: str, known: _Lists) -> list[str]:
    """The words of a text, each with marks that no phrase has so left unmatched: "ở đâu" names no "đầu bếp"."""
    ours, words = _spellings(known), []
    for plain, marked in spelt(text):
        # without marks it may be any of them, and a name may be written without
        is_another = marked != plain and plain in ours and ours[plain].isdisjoint({marked, plain})
        words.append(f"·{plain}" if is_another else plain)
    return words


@lru_cache(maxsize=_BUSINESSES_KEPT)
def _spellings(known: _Lists) -> Mapping[str, frozenset[str]]:
    """How each word of all phrases is spelt with its marks."""
    found: dict[str, set[str]] = {}
    for phrases in known:
        for phrase in phrases:
            for plain, marked in _taken_apart(phrase).spelt:
                found.setdefault(plain, set()).add(marked)
    return {plain: frozenset(marked) for plain, marked in found.items()}


@lru_cache(maxsize=_TEXTS_KEPT)
def spelt(text: str) -> tuple[tuple[str, str], ...]:
    """Each word of a text without and with its marks."""
    return tuple(("".join(_split(word)), _marked(word)) for word in _words_as_typed(text))


def _words_as_typed(text: str) -> list[str]:
    """Words with their marks, split where `_split` splits them."""
    return _WORD.findall(unicodedata.normalize("NFC", text.casefold()).replace("'", "").replace("\u2019", ""))


def _marked(word: str) -> str:
    """A word with its marks, wherever in it the tone is set: "hoà" is "hòa"."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    marks = sorted(letter for letter in letters if unicodedata.combining(letter))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) + "".join(marks)


def _score(phrases: tuple[str, ...], words: frozenset[str], joined: str) -> float:
    """A whole phrase counts more than its words; a number of its name told with them decides between twins."""
    if words.isdisjoint(_vocabulary(phrases)):
        return 0.0
    score = 0.0
    ours = [_taken_apart(phrase) for phrase in phrases]
    for phrase in ours:
        parts = phrase.telling
        if parts and phrase.joined in joined:
            score = max(score, _SURE * len(parts))
        elif phrase.counts_in_part:
            score = max(score, sum(part in words for part in parts) / len(parts))
    if score < _LIKELY or all(words.isdisjoint(phrase.numbers) for phrase in ours):
        return score
    # its number told with half its name is its name: "massage 90 minutes" is not the one of 60
    return max(score, _SURE) + 0.5


@lru_cache(maxsize=_LISTS_KEPT)
def _vocabulary(phrases: tuple[str, ...]) -> frozenset[str]:
    """Every word that tells something in any of these phrases."""
    return frozenset(part for phrase in phrases for part in _taken_apart(phrase).telling)


@lru_cache(maxsize=_PHRASES_KEPT)
def _taken_apart(phrase: str) -> _Phrase:
    whole = _split(phrase)
    parts = tuple(part for part in whole if part not in _FILLERS)
    # "em bé" is not "be" and "ở lại" is not "lại"; a word with a number, "spa 60 min", is a name all the same
    is_cut_to_one = len(parts) == 1 < len(whole) and len(parts[0]) <= _SHORT
    numbers = frozenset(part for part in whole if part.isdigit())
    telling = whole if is_cut_to_one and not numbers else parts
    return _Phrase(
        telling=telling,
        joined=f" {' '.join(telling)} ",
        counts_in_part=bool(telling) and _FILLERS.isdisjoint(telling),
        numbers=numbers,
        spelt=tuple(("".join(_split(word)), _marked(word)) for word in _words_as_typed(phrase)),
    )


def _service_words(service: Service) -> tuple[str, ...]:
    return (*_all(service.name), *service.keywords, service.id.replace("-", " "))


def _all(words: LocalizedText) -> tuple[str, ...]:
    return tuple(written for written in (words.en, words.id, words.vi) if written)


def _split(text: str) -> tuple[str, ...]:
    """Words without case and diacritics: "đầu bếp" and "dau bep" are the same."""
    folded = text.casefold().replace("đ", "d")
    if not folded.isascii():
        letters = unicodedata.normalize("NFD", folded)
        folded = "".join(letter for letter in letters if not unicodedata.combining(letter))
    # "don't" is one word: as two its first would be "đón"
    return tuple(_WORD.findall(folded.replace("'", "").replace("\u2019", "")))


_WORD: Final = re.compile(r"[^\W_]+")
"""Letters and digits of any script."""
_plain = lru_cache(maxsize=_TEXTS_KEPT)(_split)
"""The words of what a customer wrote."""
_words_of = lru_cache(maxsize=_PHRASES_KEPT)(_split)
"""The words of a phrase of ours."""
