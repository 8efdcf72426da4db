"""The score of conversations: a sample of the scripted customers is played through the real doors."""

from collections import Counter

import pytest

from benchmarks.talk.model import ModelMind
from benchmarks.talk.play import Customer, Score, customers, line_of, play_all, report
from bot.replies.words import say
from tests.journeys.world import opened
from tests.model_server import Json, Server, running

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


# a day on which everybody of the sample works: on another one somebody rests
WISHES = {
    "en": "hi, a massage 60 min on friday at 3pm at villa kamboja please",
    "id": "kak mau pijat bali 60 menit hari jumat jam 11 pagi di villa senja",
    "vi": "cho mình massage bali 60 phút thứ sáu 5h chiều ở villa padi",
}
YES = {"en": "yes please", "id": "iya kak", "vi": "đồng ý"}


def plays(asked: Json) -> str:
    """What a small model says in a customer's place, by what it was told and by the bot's last words."""
    told, seen = (message["content"] for message in asked["messages"])
    language = next(code for code in WISHES if f"messages in {code}." in told)
    if "angry" in told:
        return "your driver was so rude, this is unacceptable"
    if "write first" in seen:
        return f"{WISHES[language]}\n(the model goes on talking to itself)"
    return YES[language] if say("booking.button.confirm", language) in seen else WISHES[language]


@pytest.mark.mongo
@pytest.mark.timeout(180)
async def test_customers_played_by_a_model_go_through_the_doors_and_end_in_the_report(mongodb_uri: str) -> None:
    who = [Customer(900 + n, code, "hurried", "booked", (WISHES[code],)) for n, code in enumerate(LANGUAGES)]
    who.append(Customer(910, "en", "angry", "person", ("complain about the driver",)))
    async with opened(mongodb_uri) as world, running(Server(replies=plays)) as server:
        scores = await play_all(world.simulator_url, tuple(who), at_once=4, mind=ModelMind(server.url, "small"))
    assert [score.came for score in scores] == [*["booked"] * 3, "person"], [score.transcript for score in scores]
    assert line_of("model", scores).startswith("model        4 conversations · right 100%")
    # every word of the customers is the model's, one line of it at a time, and it saw what the bot had said
    assert [score.transcript[0] for score in scores[:3]] == [f"customer: {WISHES[code]}" for code in LANGUAGES]
    assert {asked["model"] for asked in server.asked} == {"small"}
    assert any("bot: " in asked["messages"][-1]["content"] for asked in server.asked)


@pytest.mark.mongo
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "server", [Server(status=500), Server(raw=b"{}"), Server(dies=True)], ids=["500", "{}", "dead"]
)
async def test_a_model_that_gives_no_answer_is_a_dead_end_and_the_report_is_made(
    mongodb_uri: str, server: Server
) -> None:
    who = (Customer(920, "en", "hurried", "booked", ("hi",)),)
    async with opened(mongodb_uri) as world, running(server):
        scores = await play_all(world.simulator_url, who, mind=ModelMind(server.url, "small"))
    assert report(scores)["dead ends"] == 1.0
    assert report(scores)["right"] == 0.0
    assert "small gave no answer" in scores[0].transcript[0]
