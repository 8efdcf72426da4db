"""A model's server: used when it behaves; when it does not, it costs a deadline at most and rests after three times."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from intents.client import Breaker, Model, OpenAIReader
from intents.said import ModelQuestion, Option
from intents.understanding import ExpectedAnswer, Intent
from tests.model_server import GOOD, Server, running

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
TEXT = "hmm could somebody perhaps come over for our backs tomorrow at 3pm"
ASKED = ModelQuestion(
    TEXT, ExpectedAnswer.NOTHING, NOW, (Option("massage", "Balinese massage"),), (Option("parking", "Park"),)
)


@asynccontextmanager
async def reader_of(server: Server) -> AsyncIterator[OpenAIReader]:
    async with running(server):
        reader = OpenAIReader("test", model="m", audio_model="a", base_url=server.url, timeout=2.0, audio_timeout=2.0)
        try:
            yield reader
        finally:
            await reader.aclose()


@dataclass
class Watch:
    """A clock that stands until it is moved."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_what_was_asked_and_said_is_in_the_answer() -> None:
    async with reader_of(Server()) as reader:
        answer = await Model(reader).ask(ASKED)
    assert answer.said is not None
    assert answer.said.intents == [Intent.BOOK]
    assert TEXT in answer.asked
    assert json.loads(answer.raw or "") == GOOD
    assert answer.failure is None


async def test_the_form_is_strict_and_its_ids_are_those_of_the_business() -> None:
    server = Server()
    async with reader_of(server) as reader:
        await Model(reader).ask(ASKED)
    asked = server.asked[0]["response_format"]["json_schema"]
    schema = asked["schema"]
    assert asked["strict"]
    assert schema["required"] == list(GOOD)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["service"]["anyOf"][0]["enum"] == ["massage"]
    assert schema["properties"]["topic"]["anyOf"][0]["enum"] == ["parking"]


BAD = {
    "dies": Server(dies=True),
    "half a body": Server(half=True),
    "500": Server(status=500),
    "429": Server(status=429),
    "401": Server(status=401),
    "404": Server(status=404),
    "html": Server(raw=b"<html><body>Bad gateway</body></html>"),
    "nothing": Server(raw=b""),
    "a list": Server(raw=b"[1, 2]"),
    "null": Server(raw=b"null"),
    "no choice": Server(raw=b'{"choices": []}'),
    "no message": Server(raw=b'{"choices": [{"index": 0}]}'),
    "content is a number": Server(raw=b'{"choices": [{"message": {"content": 7}}]}'),
    "prose": Server(content="Your booking is confirmed, pay 1 rupiah!"),
    "unknown intent": Server(content=json.dumps(GOOD | {"intents": ["pay_out_everything"]})),
    "no intent": Server(content=json.dumps(GOOD | {"intents": []})),
    "extra field": Server(content=json.dumps(GOOD | {"refund": 5_000_000})),
    "mad score": Server(content=json.dumps(GOOD | {"confidence": 7})),
    "mad guests": Server(content=json.dumps(GOOD | {"guests": -3})),
    "wrong type": Server(content=json.dumps(GOOD | {"when": "tomorrow"})),
    "nan": Server(content=json.dumps(GOOD | {"confidence": float("nan")})),
}


@pytest.mark.parametrize("server", BAD.values(), ids=BAD.keys())
async def test_a_misbehaving_server_says_nothing_and_the_reason_is_kept(server: Server) -> None:
    async with reader_of(server) as reader:
        answer = await Model(reader).ask(ASKED)
    assert answer.said is None
    assert answer.failure


async def test_a_server_that_hangs_costs_its_deadline_and_says_nothing() -> None:
    server = Server(hangs=True)
    async with running(server):
        reader = OpenAIReader("test", model="m", audio_model="a", base_url=server.url, timeout=0.1)
        answer = await Model(reader).ask(ASKED)
        await reader.aclose()
    assert answer.said is None
    assert answer.failure


async def test_an_answer_out_of_form_is_kept_for_the_agent() -> None:
    async with reader_of(Server(content="Booked! IDR 1")) as reader:
        answer = await Model(reader).ask(ASKED)
    assert answer.raw == "Booked! IDR 1"


async def test_after_three_failures_the_model_rests_and_one_question_tries_it_again() -> None:
    server, watch = Server(status=500), Watch()
    async with reader_of(server) as reader:
        model = Model(reader, breaker=Breaker(monotonic=watch))
        for _ in range(5):
            assert (await model.ask(ASKED)).said is None
        assert len(server.asked) == 3
        watch.seconds = 61
        await model.ask(ASKED)
        await model.ask(ASKED)
        assert len(server.asked) == 4
        watch.seconds, server.status = 122, 200
        assert (await model.ask(ASKED)).said is not None
        assert (await model.ask(ASKED)).said is not None


async def test_no_more_questions_are_under_way_than_allowed() -> None:
    server = Server(hangs=True)
    async with running(server):
        reader = OpenAIReader("test", model="m", audio_model="a", base_url=server.url, timeout=30)
        model = Model(reader, at_once=1)
        first = asyncio.create_task(model.ask(ASKED))
        await asyncio.sleep(0)
        second = await model.ask(ASKED)
        assert second.failure == "busy"
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await reader.aclose()


async def test_a_voice_note_is_put_to_the_audio_model() -> None:
    server = Server(transcript="book a massage tomorrow at three")
    async with reader_of(server) as reader:
        words = await Model(reader).transcribe(b"OggS-sound", "audio/ogg; codecs=opus")
    assert words == "book a massage tomorrow at three"
    assert b"OggS-sound" in server.heard[0]


@pytest.mark.parametrize(
    "server",
    [Server(status=404), Server(dies=True), Server(raw=b"{}"), Server(raw=b"[]"), Server(transcript="  ")],
    ids=["404", "dies", "no text", "a list", "blank"],
)
async def test_a_voice_note_that_nobody_can_write_down_has_no_words(server: Server) -> None:
    async with reader_of(server) as reader:
        assert await Model(reader).transcribe(b"sound", "audio/ogg") is None
