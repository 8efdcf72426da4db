"""The word tables of the three languages, joined for mixed messages and folded for people who type no diacritics."""

from __future__ import annotations

from functools import cache

from intents.dates import words_en, words_id, words_vi
from intents.dates.tokens import Lexicon, Sense, fold, lexicon_of
from intents.dates.values import Language

Words = dict[Sense, str]


def _read(words: Words) -> dict[str, dict[Sense, int]]:
    """`"besok bsk=1, lusa=2"` style lines: phrases parted by `|`, a value after `=` holds for the phrases before it."""
    table: dict[str, dict[Sense, int]] = {}
    for sense, line in words.items():
        for group in line.split(";"):
            phrases, _, value = group.partition("=")
            for phrase in phrases.split("|"):
                if phrase.strip():
                    table.setdefault(phrase.strip(), {})[sense] = int(value or 1)
    return table


def _joined(*tables: dict[str, dict[Sense, int]]) -> dict[str, dict[Sense, int]]:
    """Earlier tables win a word whole: a borrowed word never changes a native one."""
    joined: dict[str, dict[Sense, int]] = {}
    for table in reversed(tables):
        joined.update(table)
    return joined


def _without(table: dict[str, dict[Sense, int]], risky: str) -> dict[str, dict[Sense, int]]:
    banned = set(risky.split())
    return {phrase: senses for phrase, senses in table.items() if phrase.rstrip(".") not in banned}


@cache
def lexicon_for(language: Language, with_diacritics: bool) -> Lexicon:
    """The words to read a message of `language` by; Vietnamese has one table for each way of typing."""
    return lexicon_of(_table(language, with_diacritics))


def _table(language: Language, with_diacritics: bool) -> dict[str, dict[Sense, int]]:
    english, indonesian = _dotted(_read(words_en.WORDS)), _dotted(_read(words_id.WORDS))
    vietnamese = _read(words_vi.WORDS)
    match language:
        case Language.EN:
            return _joined(english, _without(indonesian, words_id.RISKY_ELSEWHERE))
        case Language.ID:
            return _joined(indonesian, _without(english, words_en.RISKY_ELSEWHERE))
        case Language.VI:
            borrowed = _without(english, words_en.RISKY_ELSEWHERE + " " + words_en.RISKY_IN_VIETNAMESE)
            folded: dict[str, dict[Sense, int]] = {}
            for phrase, senses in vietnamese.items():
                # Words that differ only by marks fall together here: the sense that was there first stays.
                folded[fold(phrase)] = senses | folded.get(fold(phrase), {})
            bare = {phrase: senses for phrase, senses in folded.items() if phrase not in words_vi.OTHER_WHEN_FOLDED}
            if not with_diacritics:
                return _joined(bare, borrowed)
            return _joined(vietnamese, _without(bare, words_vi.RISKY_FOLDED), borrowed)


def _dotted(table: dict[str, dict[Sense, int]]) -> dict[str, dict[Sense, int]]:
    """Short names of months and weekdays may end with a full stop ("Nov. 7", "Wed. 8 March")."""
    short = {
        f"{phrase}.": senses
        for phrase, senses in table.items()
        if len(phrase) <= 4 and phrase.isalpha() and (Sense.MONTH in senses or Sense.WEEKDAY in senses)
    }
    return short | table
