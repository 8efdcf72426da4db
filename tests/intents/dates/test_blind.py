"""Whole sentences written apart from the grammar stay read, every value and nothing beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.understanding import blind, score
from intents.dates.values import Language

_LEAST = {
    "blind_dates": 150,
    "fresh_dates": 50,
    "third_dates": 40,
    "fourth_dates": 35,
    "fifth_dates": 26,
    "sixth_dates": 52,
    "seventh_dates": 70,
    "eighth_dates": 80,
    "ninth_dates": 80,
    "tenth_dates": 100,
}


_SHARE = 0.95


@pytest.mark.parametrize("stem", list(_LEAST))
@pytest.mark.parametrize("way", score.WAYS, ids=lambda way: way[0])
def test_blind_sentences_stay_above_the_promise(way: tuple[str, Language, Callable[[str], str]], stem: str) -> None:
    _, language, change = way
    found = blind.score_sentences(language, stem, change)
    assert found.phrases >= _LEAST[stem]
    assert found.exact >= _SHARE, found.misses
