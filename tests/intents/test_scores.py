"""A score of one to five in somebody's words: what is one, what only looks like one, and what is none of the five."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.scores import LEAST, MOST, SaidScore, read_score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5 bintang", 5),
        ("massage was great, 5 stars", 5),
        ("Three Stars.", 3),
        ("4/5 stars", 4),
        ("4 out of 5", 4),
        ("5-star service!", 5),
        ("1 star", 1),
        ("not bad at all, 5 stars", 5),
        ("we loved our villa, 5 stars", 5),
        ("bintang 5 kak", 5),
        ("kasih lima bintang deh", 5),
        ("gak nyesel, 5 bintang", 5),
        ("4 dari 5", 4),
        ("5 sao nhé", 5),
        ("năm sao", 5),
        ("5 sao cho dịch vụ massage", 5),
        ("4 out of 5 stars", 4),
        ("4 dari 5 bintang", 4),
        ("4 trên 5 sao", 4),
        ("overall 5 stars", 5),
        ("5 stars, more than happy", 5),
        ("lebih bagus dari dulu, 5 bintang", 5),
        ("⭐⭐⭐⭐", 4),
        ("⭐", 1),
    ],
)
def test_a_star_word_makes_a_number_a_score(text: str, score: int) -> None:
    assert read_score(text) == SaidScore(score)


@pytest.mark.parametrize(
    "text",
    [
        "do you have a 5 star villa?",
        "hotel bintang 5",
        "khách sạn 5 sao",
        "not 5 stars",
        "I can't give you 5 stars",
        "gak 5 bintang",
        "gần 5 sao",
        "4-5 stars",
        "3 atau 4 bintang",
        "massage 5 stars, driver 2 stars",
        "thanks ⭐",
        "4/5",
        "5 stars for the massage, 4 out of 5 for the driver",
        "minus five stars",
        "-5 stars",
        "−5 stars",
        "–5 bintang",
        "minus 5 bintang",
        "negative 5 stars",
        "trừ 5 sao",
        "less than 3 stars",
        "I'd say less than 3 stars",
        "under 3 stars",
        "more than 4 stars",
        "at least 4 stars",
        "3 stars or less",
        "kurang dari 3 bintang",
        "kurang dari bintang 3",
        "di bawah 3 bintang",
        "lebih dari 4 bintang",
        "3 bintang ke bawah",
        "dưới 3 sao",
        "duoi 3 sao",
        "không tới 3 sao",
        "chua toi 3 sao",
        "hơn 4 sao",
        "3 sao trở xuống",
        "tomorrow at 5",
        "4 dari 5 orang",
        "5",
    ],
)
def test_what_only_looks_like_a_score_is_none(text: str) -> None:
    assert read_score(text) is None


@pytest.mark.parametrize("text", ["6 stars", "0 bintang", "4.5 stars", "10 sao"])
def test_a_number_that_is_none_of_the_five_is_told_apart(text: str) -> None:
    assert read_score(text) == SaidScore(None)


@pytest.mark.parametrize(("text", "score"), [("5", 5), ("4!", 4), ("kasih 5", 5), ("lima kak", 5), ("năm điểm ạ", 5)])
def test_a_bare_number_is_a_score_only_where_it_was_asked_for(text: str, score: int) -> None:
    assert read_score(text) is None
    assert read_score(text, is_asked=True) == SaidScore(score)


BOUNDS = ["-5", "−5", "minus 5", "less than 3", "3 or less", "kurang dari 3", "dưới 3"]


@pytest.mark.parametrize("text", [*BOUNDS, "5 jam", "jam 5", "2 people", "yes"])
def test_other_answers_are_no_score_even_then(text: str) -> None:
    assert read_score(text, is_asked=True) is None


@given(st.text(max_size=80), st.booleans())
def test_any_text_can_be_asked(text: str, is_asked: bool) -> None:
    said = read_score(text, is_asked=is_asked)
    assert said is None or said.value is None or LEAST <= said.value <= MOST
