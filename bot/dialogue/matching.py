"""Which service or place of the business a customer's words mean; nothing is guessed where two fit alike."""

import re
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
    """The services these words fit best, one letter wrong or not: none, one, or those that fit alike."""
    known = {service: _service_words(service) for service in business.services}
    text = _without_meals(text)
    return _best(known, text, _LIKELY) or _best(known, _respelt(known.values(), text), _LIKELY)


def of_number(services: Iterable[Service], text: str) -> tuple[Service, ...]:
    """Those of a few services that were shown whose name has a number of the text in it: "the 90 minutes one"."""
    numbers = {word for word in _plain(text) if word.isdigit()}
    return tuple(one for one in services if numbers & {part for name in _all(one.name) for part in _plain(name)})


_LENGTH: Final = re.compile(r"\b(\d{2,3})\s?(?:min|mins|minutes?|menit|mnt|phút|phut|p)\b", re.IGNORECASE)


def of_length(business: Business, like: Service | None, text: str) -> Service | None:
    """ "And for 90 min?": the service of that length that is called like the one that is spoken of."""
    found = _LENGTH.search(text)
    if found is None or like is None:
        return None
    mine = {part for name in _service_words(like) for part in _telling(name) if not part.isdigit()}
    alike = [
        one
        for one in business.services
        if one != like and mine & {part for name in _service_words(one) for part in _telling(name)}
    ]
    fitting = [one for one in alike if found[1] in {part for name in _all(one.name) for part in _plain(name)}]
    return fitting[0] if len(fitting) == 1 else None


def _respelt(known: Iterable[Iterable[str]], text: str) -> str:
    """The text with each long word that is one letter off a word of ours put right."""
    ours = {part for phrases in known for phrase in phrases for part in _telling(phrase) if len(part) >= _LONG}
    words = []
    for typed in _words_as_typed(text):
        word = "".join(_plain(typed))
        near = [other for other in ours if _is_near(word, other)] if len(word) >= _LONG else []
        words.append(near[0] if len(near) == 1 and word not in ours else typed)
    return " ".join(words)


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
    known = {service: _service_words(service) for service in business.services}
    return _best(known, _without_meals(text), _SURE)


def _without_meals(text: str) -> str:
    """The text without meals that only say when: "a massage before dinner" wishes for no dinner."""
    found = _WHEN_BY_MEAL.search(" ".join(_plain(text)))
    if found is None:
        return text
    meal = found[0].split()
    words = text.split()
    folded = [" ".join(_plain(word)) for word in words]
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
    return _best({place: _all(place.name) for place in places}, text, _LIKELY)


def in_area_named(business: Business, places: Iterable[Place], text: str) -> tuple[Place, ...]:
    """Those of these places that lie in the part of town that was named, if one was."""
    named = {area.id for area in business.areas if says_one_of(text, _all(area.name))}
    return tuple(place for place in places if place.area in named)


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
    said = _as_marked(text, [phrase for phrases in known.values() for phrase in phrases])
    scores = {one: _score(phrases, said) for one, phrases in known.items()}
    best = max(scores.values(), default=0.0)
    return tuple(one for one, score in scores.items() if score == best) if best >= least else ()


def _as_marked(text: str, phrases: Iterable[str]) -> list[str]:
    """The words of a text, each with marks that no phrase has so left unmatched: "ở đâu" names no "đầu bếp"."""
    spelt: dict[str, set[str]] = {}
    for phrase in phrases:
        for word in _words_as_typed(phrase):
            spelt.setdefault("".join(_plain(word)), set()).add(_marked(word))
    words = []
    for word in _words_as_typed(text):
        plain = "".join(_plain(word))
        known = spelt.get(plain, set())
        # without marks it may be any of them, and a name may be written without
        is_another = _marked(word) != plain and bool(known) and known.isdisjoint({_marked(word), plain})
        words.append(f"·{plain}" if is_another else plain)
    return words


def _words_as_typed(text: str) -> list[str]:
    """Words with their marks, split where `_plain` splits them."""
    whole = unicodedata.normalize("NFC", text.casefold()).replace("'", "").replace("\u2019", "")
    return "".join(letter if letter.isalnum() else " " for letter in whole).split()


def _marked(word: str) -> str:
    """A word with its marks, wherever in it the tone is set: "hoà" is "hòa"."""
    letters = unicodedata.normalize("NFD", word)
    marks = sorted(letter for letter in letters if unicodedata.combining(letter))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) + "".join(marks)


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
