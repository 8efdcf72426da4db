"""The published score may grow and must not fall under what the product promises without a model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.understanding import score
from intents.understanding import Language


@pytest.mark.parametrize("way", score.WAYS, ids=lambda way: way[0])
def test_the_score_stays_above_its_floor(way: tuple[str, Language, Callable[[str], str]]) -> None:
    _, language, change = way
    intents, dates = score.score_intents(language, change), score.score_dates(language, change)
    assert intents.accuracy >= 0.74
    assert intents.out_of_scope_recall >= 0.75
    assert dates.exact >= 0.95


def test_every_language_has_the_promised_number_of_phrases() -> None:
    for language in Language:
        assert len(score.intent_phrases(language)) >= 300
        assert len(score.date_phrases(language)) >= 200
