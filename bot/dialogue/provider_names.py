"""Which provider a customer's words name, and which they refuse.

Names are words of every day ("Mai", "Made", "Sari"), and customers have them too: one counts behind "with" or a title,
before "free?", or where nothing else is said. Where two are called so both are meant, and nothing is guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.business.catalogue import ServiceProvider
from bot.business.definition import Business
from bot.business.words import LocalizedText
from bot.dialogue.matching import ADDS_NOTHING, says_one_of, spelt

_Word = tuple[str, str]
"""Without and with its marks."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_WITH: Final = _words("with by", "sama dengan dgn sm ama oleh bareng", "voi cung boi")
_WANTED: Final = _words("want prefer request book choose", "mau minta pilih pesan ingin", "muon chon dat")
_TITLES: Final = _words(
    "mr ms mrs miss dr doctor chef therapist", "mbak mba mas bli mbok pak bapak bu ibu terapis dokter", "chi anh co bac"
)
_POLITE: Final = _words("kak", "em")
"""Before a name of theirs; alone it may as well stand for who writes, or for us."""
_FREE: Final = _words("free available there", "ada bisa kosong ready", "ranh")
"""Behind a name: "is Ayu free?"."""
_INTRODUCING: Final = _words("am im is its name for and", "nama saya aku untuk buat dan", "toi minh ten em la cho va")
"""Before a name of theirs, or of who comes along."""
_MAY_HAVE: Final = frozenset(
    (may, who, verb) for may in ("can", "could", "may") for who in ("i", "we") for verb in ("have", "get")
)
"""Whole, for "I have made" names no Made."""
_GIVE_ME: Final = frozenset({("cho", "minh"), ("cho", "toi"), ("give", "me")})
_NOT: Final = _words(
    "not no dont without except but", "jangan bukan selain kecuali tanpa tidak ga gak nggak", "khong dung tru ngoai"
)
_CHANGING: Final = _words("change switch swap", "ganti tukar ubah pindah", "doi chuyen")
_INTO: Final = _words("to", "ke jadi menjadi", "sang qua thanh")
"""Before a name of theirs, once something is changed."""
_BUT: Final = ["but"]
_NOT_PAIRS: Final = frozenset(
    {("other", "than"), ("instead", "of"), ("khong", "phai"), ("khong", "lay"), ("thay", "vi")}
)
_CALLING: Final = _words(
    "thanks thank thx you so much very many hi hello hey dear good morning afternoon evening night ok okay",
    "terima kasih makasih terimakasih trims banyak halo hai selamat pagi siang sore malam permisi maaf ya oke",
    "cam on nhieu chao xin loi da vang",
)
_THANKS: Final = _words(
    "thanks thank thx hi hello hey dear good", "terima kasih makasih terimakasih trims halo hai"
) | {
    *("selamat", "permisi", "maaf", "cam", "chao", "xin"),
}
"""One of these among them: whoever is called so is spoken to. "Tomorrow morning, Ms Ayu" names a day first."""
_TRADES: Final = _words(
    "spa wellness clinic team driver transport yoga chef therapist massage mobile studio house the of and",
    "terapis pijat sopir supir klinik tim rumah guru dokter",
)
"""What several may be called after; no name of one alone."""
_ANYONE: Final = (
    *("anyone is fine", "anyone is ok", "anyone will do", "anyone works", "anyone else", "with anyone", "anyone but"),
    *("anybody is fine", "anybody will do", "any therapist", "any masseuse", "any driver", "any doctor", "any staff"),
    *("anyone except", "any teacher", "any guide", "whoever is free", "whoever is available", "no preference"),
    *("doesn't matter who", "does not matter who", "don't mind who", "don't care who", "who does not matter"),
    *("siapa saja", "siapa aja", "sapa aja", "siapapun", "siapa pun", "terserah siapa", "bebas siapa"),
    *("terapis mana saja", "terapis mana aja", "sopir mana saja", "dokter mana saja"),
    *("ai cũng được", "ai cũng ok", "ai cũng dc", "ai làm cũng được", "bất kỳ ai", "bất cứ ai", "ai rảnh cũng được"),
    *("nhân viên nào cũng được", "người nào cũng được", "bạn nào cũng được", "bác sĩ nào cũng được"),
)
_NAMES_KEPT: Final = 2048
_CLAUSES: Final = re.compile(r"[,.;:!?\n/&]+")


@dataclass(frozen=True, slots=True)
class NamedProviders:
    """Ids, in the file's order."""

    wished: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    anyone: bool = False
    """Whoever it is, said outright."""
    called: tuple[str, ...] = ()
    """Those of the wished who may as well be spoken to, or of: "ok mbak Ayu", "tell Ms Ayu"."""


def providers_named(business: Business, text: str) -> NamedProviders:
    """Whom these words wish for, whom they refuse, and whether anybody will do."""
    words, names = {word for word, _ in spelt(text)}, [name for one in business.providers for name in _names(one)]
    anyone = says_one_of(text, _ANYONE)
    if not any(word in words for name in names for word, _ in name):
        return NamedProviders(anyone=anyone)
    wished: dict[str, bool] = {}
    refused: dict[str, None] = {}
    for clause in _CLAUSES.split(text):
        said = spelt(clause)
        for where, who in _found(business, said).items():
            if _is_refused(said, where):
                refused |= dict.fromkeys(who)
            elif _is_meant(said, where):
                is_outright = _is_outright(said, where)
                wished |= {name: is_outright or wished.get(name, False) for name in who}
    order = [str(one.id) for one in business.providers]
    named, against = sorted(wished, key=order.index), sorted(refused, key=order.index)
    return NamedProviders(tuple(named), tuple(against), anyone, tuple(name for name in named if not wished[name]))


def _found(business: Business, said: tuple[_Word, ...]) -> dict[range, tuple[str, ...]]:
    """Where names stand, and whose: the longest at each place, and of those alike who is called so and no more."""
    found: dict[range, dict[str, bool]] = {}
    common = _common(business)
    for provider in business.providers:
        best, is_whole = range(0), False
        for name in _names(provider):
            telling = tuple(word for word in name if word[0] not in common)
            stretch = _longest(telling, said)
            if len(stretch) > len(best):
                best, is_whole = stretch, len(stretch) == len(telling)
        if best:
            found.setdefault(best, {})[str(provider.id)] = is_whole
    kept = {}
    for where, whose in found.items():
        if not any(set(where) < set(other) for other in found):
            whole = [one for one, is_whole in whose.items() if is_whole]
            kept[where] = tuple(whole or whose)
    return kept


def _longest(name: tuple[_Word, ...], said: tuple[_Word, ...]) -> range:
    """The longest stretch of the text that stands in that name, word for word."""
    best = range(0)
    for start in range(len(said)):
        for first in range(len(name)):
            length = 0
            while start + length < len(said) and first + length < len(name):
                if not _is_same(said[start + length], name[first + length]):
                    break
                length += 1
            if length > len(best):
                best = range(start, start + length)
    return best


def _is_same(typed: _Word, ours: _Word) -> bool:
    """The same word; marks may be left out, but not be others: "mai" may be "Mãi", "mài" is not."""
    return typed[0] == ours[0] and typed[1] in {typed[0], ours[1]}


def _is_refused(said: tuple[_Word, ...], where: range) -> bool:
    named = [word for word, _ in said[: where.start] if word not in _TITLES | _POLITE]
    before = [word for word in named if word not in _WITH | _WANTED]
    # "anybody but Ayu" refuses her, "the same time but with Ayu" does not
    is_joined = before[-1:] == _BUT != named[-1:]
    return tuple(before[-2:]) in _NOT_PAIRS or (bool(before) and before[-1] in _NOT and not is_joined)


def _around(said: tuple[_Word, ...], where: range) -> tuple[list[str], list[str], bool]:
    """What stands before the name and its title, what behind it, and whether it has a title."""
    before = [word for word, _ in said[: where.start]]
    has_title = False
    while before and before[-1] in _TITLES | _POLITE:
        has_title = before.pop() in _TITLES or has_title
    return before, [word for word, _ in said[where.stop :]], has_title


def _is_asked_for(before: list[str], after: list[str]) -> bool:
    """Whether the words next to a name say that it is wished."""
    is_free = bool(after) and after[0] in _FREE
    is_wanted = bool(before) and before[-1] in _WITH | _WANTED
    is_instead = bool(before) and before[-1] in _INTO and not _CHANGING.isdisjoint(before)
    # "ganti Ayu aja", which without its last word may as well be somebody else than Ayu
    is_instead = is_instead or (bool(before) and before[-1] in _CHANGING and after[:1] in (["aja"], ["saja"]))
    return is_free or is_wanted or is_instead or tuple(before[-3:]) in _MAY_HAVE or tuple(before[-2:]) in _GIVE_ME


def _is_outright(said: tuple[_Word, ...], where: range) -> bool:
    """Whether one who is wished is surely not spoken to, or of."""
    before, after, has_title = _around(said, where)
    return _is_asked_for(before, after) or (not before and (bool(after) or not has_title))


def _is_meant(said: tuple[_Word, ...], where: range) -> bool:
    before, after, has_title = _around(said, where)
    if _is_asked_for(before, after):
        return True
    if before and before[-1] in _INTRODUCING:
        return False
    if _CALLING.issuperset(before) and not _THANKS.isdisjoint(before):
        return False
    is_word_of_every_day = all(said[index][0] in ADDS_NOTHING for index in where)
    around = all(word in ADDS_NOTHING | _TITLES | _TRADES or word[0].isdigit() for word in (*before, *after))
    return has_title or (around and not is_word_of_every_day)


def _names(provider: ServiceProvider) -> tuple[tuple[_Word, ...], ...]:
    return tuple(_name_words(name) for name in _written(provider.name))


def _written(words: LocalizedText) -> Iterable[str]:
    return dict.fromkeys(name for name in (words.en, words.id, words.vi) if name)


@lru_cache(maxsize=_NAMES_KEPT)
def _name_words(name: str) -> tuple[_Word, ...]:
    """The words of a name of ours; what customers wrote is kept elsewhere, and not for long."""
    return spelt(name)


def _common(business: Business) -> frozenset[str]:
    """Words that name no single provider: of the trade, of what is sold, of the house and its places."""
    names = [business.name]
    texts = [one.name for one in business.services] + [one.name for one in business.places]
    for text in (*texts, *(one.name for one in business.areas)):
        names += _written(text)
    for service in business.services:
        names += service.keywords
    return _TRADES | _TITLES | {word for name in names for word, _ in _name_words(name)}
