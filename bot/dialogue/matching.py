"""Which service or place of the business a customer's words mean; nothing is guessed where two fit alike."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from bot.business.catalogue import Place, Service
from bot.business.definition import Business
from bot.business.faq import FaqEntry
from bot.business.words import LocalizedText, WordLanguage

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
_SHORT: Final = 3
"""Letters of a word that is too common to stand for the phrase it was left of."""
_SURE: Final = 10.0
"""A whole name or keyword was said."""
_LIKELY: Final = 0.5
"""At least half of the telling words of a name were said."""
_MOSTLY: Final = 0.75
"""Most of the telling words of a question were said."""


def services_meant(business: Business, text: str) -> tuple[Service, ...]:
    """The services these words fit best: none, one, or those that fit alike."""
    return _best({service: _service_words(service) for service in business.services}, text, _LIKELY)


def services_named(business: Business, text: str) -> tuple[Service, ...]:
    """The services whose whole name or keyword was said; what changes a choice in the middle has to be this clear."""
    return _best({service: _service_words(service) for service in business.services}, text, _SURE)


def places_meant(places: Iterable[Place], text: str) -> tuple[Place, ...]:
    """The places these words fit best."""
    return _best({place: _all(place.name) for place in places}, text, _LIKELY)


def entries_meant(business: Business, text: str) -> tuple[FaqEntry, ...]:
    """The answers of the business file these words ask for: a keyword of theirs, or most of the question itself."""
    known = {entry: [*_all(entry.question), *entry.keywords] for entry in business.faq}
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
    return any(f" {' '.join(_plain(phrase))} " in said for phrase in phrases)


def names_only(text: str, phrases: Iterable[str], around: Iterable[str]) -> bool:
    """Whether one of these phrases is said, and nothing with it but words that add nothing."""
    said, fillers = _plain(text), {part for phrase in around for part in _plain(phrase)}
    for phrase in phrases:
        parts = _plain(phrase)
        for start in range(len(said) - len(parts) + 1):
            if said[start : start + len(parts)] == parts:
                return fillers.issuperset(said[:start] + said[start + len(parts) :])
    return False


def is_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Whether the text is one of these phrases and nothing else; case, punctuation and diacritics aside."""
    said = _plain(text)
    return bool(said) and any(_plain(phrase) == said for phrase in phrases)


def _is_only(names: Iterable[str], text: str) -> bool:
    known = {part for name in names for part in _plain(name)} | _FILLERS | _PARTICLES
    return "?" not in text and known.issuperset(_plain(text))


def _best(known: Mapping[_Known, Iterable[str]], text: str, least: float) -> tuple[_Known, ...]:
    said = _plain(text)
    scores = {one: _score(phrases, said) for one, phrases in known.items()}
    best = max(scores.values(), default=0.0)
    return tuple(one for one, score in scores.items() if score == best) if best >= least else ()


def _score(phrases: Iterable[str], said: list[str]) -> float:
    """A whole phrase counts more than its words; a number of its name told with them decides between twins."""
    words = set(said)
    joined = f" {' '.join(said)} "
    score = 0.0
    for phrase in phrases:
        parts = _telling(phrase)
        if parts and f" {' '.join(parts)} " in joined:
            score = max(score, _SURE * len(parts))
        elif parts and _FILLERS.isdisjoint(parts):
            score = max(score, sum(part in words for part in parts) / len(parts))
    numbers = {part for phrase in phrases for part in _plain(phrase) if part.isdigit()}
    if score < _LIKELY or not numbers & words:
        return score
    # its number told with half its name is its name: "massage 90 minutes" is not the one of 60
    return max(score, _SURE) + 0.5


def _telling(phrase: str) -> list[str]:
    """The words of a phrase that tell something; all of them where one short word alone would be left.

    "em bé" is not "be" and "ở lại" is not "lại"; a word with a number, "spa 60 min", is a name all the same.
    """
    whole = _plain(phrase)
    parts = [part for part in whole if part not in _FILLERS]
    is_cut_to_one = len(parts) == 1 < len(whole) and len(parts[0]) <= _SHORT
    return whole if is_cut_to_one and not any(part.isdigit() for part in whole) else parts


def _service_words(service: Service) -> list[str]:
    return [*_all(service.name), *service.keywords, service.id.replace("-", " ")]


def _all(words: LocalizedText) -> list[str]:
    return [written for language in WordLanguage if (written := words.written(language))]


def _plain(text: str) -> list[str]:
    """Words without case and diacritics: "đầu bếp" and "dau bep" are the same."""
    folded = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    # "don't" is one word: as two its first would be "đón"
    joined = bare.replace("'", "").replace("\u2019", "")
    return "".join(letter if letter.isalnum() else " " for letter in joined).split()
