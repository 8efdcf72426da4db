"""The classifier's weights, features and seeds."""

from __future__ import annotations

from random import Random

import pytest

from intents import concepts, language, model, phrases
from intents.features import BUCKETS, features
from intents.understanding import Intent, Language


def test_a_message_without_diacritics_has_the_features_of_the_one_with_them_but_for_the_marks() -> None:
    assert set(features("dat lich giup minh nhe")) < set(features("Đặt lịch giúp mình nhé"))


def test_words_that_only_their_marks_tell_apart_are_told_apart() -> None:
    assert set(features("đừng làm")) != set(features("đúng làm"))


def test_chances_sum_to_one_even_for_nothing() -> None:
    for places in ([], [BUCKETS - 1], features("how much is it")):
        assert sum(model.probabilities(places).values()) == pytest.approx(1)


def test_packed_weights_come_back() -> None:
    rows: list[list[float] | None] = [None] * BUCKETS
    rows[3] = [0.5] + [0.0] * (len(model.CLASSES) - 1)
    data = model.packed(rows, 1.0)
    chances = model.probabilities([3], model.unpacked(data))
    assert max(chances, key=chances.__getitem__) is model.CLASSES[0]


def test_a_template_opens_into_its_choices_and_fillers() -> None:
    seeds = phrases.read(Language.EN, "[=day]\nmonday ; friday\n[book]\n(book|reserve) it {day}\nplain\n")
    opened = set(phrases.opened(seeds, Random(1), 50))
    wanted = {f"{verb} it {day}" for verb in ("book", "reserve") for day in ("monday", "friday")}
    assert opened == {(Intent.BOOK, text) for text in (*wanted, "plain")}


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("can you tell me the price", Language.EN),
        ("boleh minta harganya kak", Language.ID),
        ("cho mình xin giá với", Language.VI),
        ("cho minh xin gia voi shop oi", Language.VI),
        ("12345", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_its_small_words(text: str, spoken: Language | None) -> None:
    assert language.detect(text) is spoken


def test_the_last_language_named_counts() -> None:
    assert language.named("not english, tiếng việt please") is Language.VI


@pytest.mark.parametrize("typed", ["my parrot is ill", "burung tetangga kabur", "con vet nha minh biet noi"])
def test_an_everyday_topic_is_known_in_three_languages_and_the_trade_is_none(typed: str) -> None:
    assert "O_ANIMAL" in concepts.topics(typed.split())
    assert concepts.topics(["a", "massage", "for", "two", "tomorrow"]) == []


def test_a_word_of_an_everyday_topic_leans_away_from_the_trade() -> None:
    def outside(text: str) -> float:
        return model.probabilities(features(text))[Intent.OOS]

    assert outside("which dolphin is the best") > outside("which massage is the best")
