"""With the extra `nlu`: collected only where it is installed (tests/intents/conftest.py; `make nlu`)."""

from __future__ import annotations

import json

import pytest

from benchmarks.understanding import score
from intents import embedded, head
from intents.lines import answered
from intents.understanding import Language


def test_a_text_becomes_a_vector_of_the_heads_width_and_always_the_same() -> None:
    assert len(embedded.vector("besok jam 3")) == head.WIDTH
    assert list(embedded.vector("besok jam 3")) == list(embedded.vector("besok jam 3"))


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 900, "a" * 5000, "\ud800"])
def test_any_string_has_a_vector(text: str) -> None:
    assert len(embedded.vector(text)) == head.WIDTH


def test_a_line_is_read_with_the_model_where_it_is_given() -> None:
    line = json.dumps({"text": "could you do my nails tomorrow", "language": "en"})
    assert answered(line, embeds=embedded.vector) != answered(line)


@pytest.mark.parametrize(
    ("language", "floor"), [(Language.EN, 0.82), (Language.ID, 0.80), (Language.VI, 0.80)], ids=str
)
def test_the_score_with_the_model_stays_above_what_is_promised(language: Language, floor: float) -> None:
    found = score.score_intents(language, written="blind", embeds=embedded.vector)
    assert found.accuracy >= floor
    assert found.out_of_scope_recall >= 0.75
    assert found.wrong_rejection <= 0.06


@pytest.mark.parametrize("text", ["move it to villa karang in six days at 4pm", "change it to villa karang"])
def test_what_is_moved_is_no_new_booking_with_the_model_either(text: str) -> None:
    line = json.dumps({"text": text, "language": "en", "expecting": "booking"})
    assert json.loads(answered(line, embeds=embedded.vector))["intent"] == "reschedule"
