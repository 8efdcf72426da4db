"""The published score may grow and must not fall under what the product promises without a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import intents
from benchmarks.understanding import score
from intents import phrases
from intents.dates.tokens import fold
from intents.understand import understand
from intents.understanding import Expecting, Language, Sure


@pytest.mark.parametrize("way", score.WAYS, ids=lambda way: way[0])
def test_the_score_stays_above_its_floor(way: tuple[str, Language, Callable[[str], str]]) -> None:
    _, language, change = way
    intents, dates = score.score_intents(language, change), score.score_dates(language, change)
    assert intents.accuracy >= 0.74
    assert intents.out_of_scope_recall >= 0.75
    assert dates.exact >= 0.95


@pytest.mark.parametrize("written", ["blind", "other"])
@pytest.mark.parametrize("way", score.WAYS, ids=lambda way: way[0])
def test_the_blind_set_stays_above_what_is_promised(
    way: tuple[str, Language, Callable[[str], str]], written: str
) -> None:
    _, language, change = way
    found = score.score_intents(language, change, written)
    assert found.accuracy >= 0.82
    assert found.out_of_scope_recall >= 0.75
    assert found.wrong_rejection <= 0.06


def test_a_score_means_what_it_says() -> None:
    doubted, acted = [], []
    for _, language, change in score.WAYS:
        for intent, text in score.intent_phrases(language, "blind"):
            meant = understand(change(text), Expecting.NOTHING, score.NOW.date(), score.NOW, language)
            right = meant.intent is intent
            if meant.sure is Sure.ACT:
                acted.append(right)
            elif meant.sure is Sure.DID_YOU_MEAN:
                doubted.append(right)
    assert sum(acted) / len(acted) >= 0.9
    assert 0.3 <= sum(doubted) / len(doubted) <= 0.85


def test_no_phrase_of_the_benchmark_is_a_seed() -> None:
    for language in Language:
        files = (Path(intents.__file__).parent / "seeds").glob(f"{language}*.txt")
        seeds = {fold(text) for file in files for _, text in phrases.read(language, file.read_text("utf-8")).phrases}
        tested = (
            score.intent_phrases(language)
            + score.intent_phrases(language, "blind")
            + score.intent_phrases(language, "other")
        )
        assert [text for _, text in tested if len(text.split()) > 4 and fold(text) in seeds] == []


def test_every_language_has_the_promised_number_of_phrases() -> None:
    for language in Language:
        assert len(score.intent_phrases(language)) >= 300
        assert len(score.date_phrases(language)) >= 200
