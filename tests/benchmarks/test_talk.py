"""The score of conversations: a sample of the scripted customers is played through the real doors."""

from collections import Counter

import pytest

from benchmarks.talk.play import Customer, Score, customers, play_all, report
from tests.journeys.world import opened

LANGUAGES, MOODS = ("en", "id", "vi"), ("hurried", "chatty", "changing", "angry", "badly", "mixing")


def test_there_are_enough_customers_of_every_mood_in_every_language() -> None:
    who = customers()
    assert len(who) >= 60
    of = Counter((one.language, one.mood) for one in who)
    assert all(of[language, mood] >= 2 for language in LANGUAGES for mood in MOODS)
    assert len({one.says for one in who}) == len(who)


def test_a_sentence_that_is_said_twice_is_counted_and_a_short_one_is_not() -> None:
    score = Score(customers()[0], bubbles=["x" * 30 + "\nok", "y" * 40 + "\nok", "x" * 30])
    assert score.repeated == 1


def test_what_was_wanted_has_to_come_of_it() -> None:
    who = Customer(1, "en", "angry", "said are automatic", ("hi",))
    assert Score(who, bubbles=["We ARE Automatic here"]).is_right
    assert not Score(who, bubbles=["Hello"]).is_right
    assert not Score(Customer(1, "en", "angry", "person", ("hi",)), came="booked").is_right


@pytest.mark.mongo
@pytest.mark.timeout(180)
async def test_a_sample_of_customers_ends_as_it_should(mongodb_uri: str) -> None:
    """One of each language for three moods: a floor, not the score (`make talk` plays all of them)."""
    wanted = {("hurried", 1), ("changing", 1), ("angry", 1)}
    seen: Counter[tuple[str, str]] = Counter()
    sample = []
    for one in customers():
        seen[one.language, one.mood] += 1
        if (one.mood, seen[one.language, one.mood]) in wanted:
            sample.append(one)
    async with opened(mongodb_uri) as world:
        scores = await play_all(world.simulator_url, tuple(sample), at_once=len(sample))
    figures = report(scores)
    wrong = ["\n".join(score.transcript) for score in scores if not score.is_right]
    assert figures["right"] == 1.0, wrong
    assert figures["dead ends"] == 0.0
    # the receipt says again what was booked; anything beyond that is the bot repeating itself
    assert figures["repeated sentences"] <= 3.0
