"""Whole sentences written apart from the grammar stay read, every value and nothing beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.understanding import blind, score
from intents.dates.values import Language

_LEAST = 150


@pytest.mark.parametrize("way", score.WAYS, ids=lambda way: way[0])
def test_blind_sentences_stay_above_the_promise(way: tuple[str, Language, Callable[[str], str]]) -> None:
    _, language, change = way
    found = blind.score_sentences(language, "blind_dates", change)
    assert found.phrases >= _LEAST
    assert found.exact >= 0.95, found.misses
