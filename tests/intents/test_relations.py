"""To what was spoken of before: the same time, the later one; and who is counted."""

from __future__ import annotations

import pytest

from intents.counts import guests
from intents.relations import relations
from intents.understanding import ExpectedAnswer, Relation


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("thursday instead, same time", Relation.SAME_TIME),
        ("kamis aja, jam yang sama", Relation.SAME_TIME),
        ("thứ năm nhé, cùng giờ", Relation.SAME_TIME),
        ("same day, just at 5", Relation.SAME_DAY),
        ("harinya tetap, jam 5", Relation.SAME_DAY),
        ("do you have anything earlier", Relation.EARLIER),
        ("lebih pagi ada?", Relation.EARLIER),
        ("sớm hơn được không", Relation.EARLIER),
        ("the later one", Relation.LATER),
        ("a bit later please", Relation.LATER),
        ("bisa mundurin dikit", Relation.LATER),
        ("muộn hơn một chút", Relation.LATER),
    ],
)
def test_a_relation_is_read(text: str, wanted: Relation) -> None:
    assert relations(text) == (wanted,)


@pytest.mark.parametrize("text", ["see you later", "no later than 5", "later today at 5", "I'll tell you later on"])
def test_a_later_that_compares_nothing_is_none(text: str) -> None:
    assert relations(text) == ()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("2 adults and a toddler", 3),
        ("2 adults, 2 kids and a baby", 5),
        ("my husband and I with a baby", 3),
        ("we are two pairs", 4),
        ("two couples", 4),
        ("dua orang dewasa dan dua anak", 4),
        ("kami berdua sama 2 anak", 4),
        ("suami istri dan satu anak", 3),
        ("hai vợ chồng và một bé", 3),
        ("hai vo chong va mot be", 3),
        ("vợ chồng mình với hai con nhỏ", 4),
        ("hai cặp vợ chồng", 4),
        ("family of four", 4),
        ("we're 6 incl 2 kids", 6),
    ],
)
def test_children_couples_and_pairs_are_counted(text: str, people: int) -> None:
    assert guests(text, ExpectedAnswer.NOTHING) == people


@pytest.mark.parametrize("text", ["two pairs of shoes", "kids menu", "couples' favourite at 3pm on the 4th"])
def test_what_counts_nobody_is_no_number_of_people(text: str) -> None:
    assert guests(text, ExpectedAnswer.NOTHING) in {None, 2}
