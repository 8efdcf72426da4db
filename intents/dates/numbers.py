"""Whole numbers written in figures or words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intents.dates.tokens import Sense, Token


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the token after it."""

    value: int
    after: int
    is_ordinal: bool = False
    is_digits: bool = False


def sense_at(tokens: Sequence[Token], i: int, sense: Sense) -> int | None:
    """The value a token has in one sense; `None` beyond the ends."""
    return tokens[i].senses.get(sense) if 0 <= i < len(tokens) else None


def is_at(tokens: Sequence[Token], i: int, *senses: Sense) -> bool:
    """Whether a token exists and has any of the senses."""
    return 0 <= i < len(tokens) and not tokens[i].senses.keys().isdisjoint(senses)


def read_number(tokens: Sequence[Token], i: int) -> Number | None:
    """The number that starts at token `i`: "21", "twenty one", "dua puluh satu", "hai mươi mốt", "20th"."""
    value = sense_at(tokens, i, Sense.NUM)
    if value is None:
        return None
    if tokens[i].text[0].isdigit():
        return Number(value, i + 1, tokens[i].has(Sense.ORDINAL), is_digits=True)
    if is_at(tokens, i + 1, Sense.TEN_WORD):
        return _with_unit(tokens, i + 2, value * 10)
    if is_at(tokens, i + 1, Sense.TEEN_WORD):
        return Number(value + 10, i + 2)
    if tokens[i].has(Sense.TENS) or tokens[i].has(Sense.TEN_PLUS):
        return _with_unit(tokens, i + 1, value)
    return Number(value, i + 1, tokens[i].has(Sense.ORDINAL))


def _with_unit(tokens: Sequence[Token], i: int, tens: int) -> Number:
    unit = sense_at(tokens, i, Sense.NUM)
    hyphen = is_at(tokens, i, Sense.SEP) and i < len(tokens) and tokens[i].text == "-"
    if unit is None and hyphen:
        unit = sense_at(tokens, i + 1, Sense.NUM)
        i += 1 if unit is not None else 0
    if unit is None or not 0 < unit < 10 or tokens[i].text[0].isdigit():
        return Number(tens, i)
    return Number(tens + unit, i + 1, tokens[i].has(Sense.ORDINAL))
