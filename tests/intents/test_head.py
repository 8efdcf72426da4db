"""What the embedded model's vector adds to the local classifier's chances."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from intents import head, model
from intents.features import features
from intents.understand import understand
from intents.understanding import ExpectedAnswer, Intent, Language

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
ZEROS = [0.0] * len(head.CLASSES)


def leaning(intent: Intent) -> list[list[float]]:
    """Rows of a head that the first number of a vector turns to an intent."""
    return [[9.0 if one is intent else 0.0 for one in head.CLASSES], *[ZEROS] * head.WIDTH]


def pointing(first: float) -> list[float]:
    return [first] + [0.0] * (head.WIDTH - 1)


def test_a_packed_head_comes_back() -> None:
    read = head.unpacked(head.packed(leaning(Intent.CANCEL)))
    chances = head.probabilities(pointing(1.0), read)
    assert max(chances, key=chances.__getitem__) is Intent.CANCEL
    assert sum(chances.values()) == pytest.approx(1)


def test_chances_by_both_sum_to_one() -> None:
    local = model.probabilities(features("could you do something about it"))
    assert sum(
        head.joined("could you do something about it", Language.EN, local, pointing(0.1)).values()
    ) == pytest.approx(1)


def test_vietnamese_without_its_marks_is_left_to_the_local_classifier() -> None:
    text = "cho minh dat lich chieu mai nha shop"
    local = model.probabilities(features(text))
    assert head.joined(text, None, local, pointing(5.0)) == local
    assert not head.is_readable(text, None)
    assert head.is_readable("cho mình đặt lịch chiều mai nha shop", Language.VI)
    assert head.is_readable("could you book me in tomorrow", Language.VI)


def test_a_rule_stands_whatever_the_vector_says() -> None:
    found = understand("STOP", ExpectedAnswer.NOTHING, NOW.date(), NOW, Language.EN, pointing(100.0))
    assert found.intent is Intent.OPT_OUT
