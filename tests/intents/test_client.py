"""The model's helper: used when it behaves, replaced by local understanding within the same turn when it does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intents.client import Breaker, Budget, Heard, OpenAIReader, Source, Understander
from intents.understanding import Expecting, Intent, Sure

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
TEXT = "hmm could somebody perhaps come over for our backs tomorrow at 3pm"
GOOD = {
    "intents": ["book"],
    "confidence": 0.92,
    "language": "en",
    "guests": 2,
    "ordinal": None,
    "service_words": ["massage"],
}


@dataclass
class Server:
    """A compatible server on loopback that answers as it is told, well or badly."""

    content: str = json.dumps(GOOD)
    status: int = 200
    raw: bytes | None = None
    hangs: bool = False
    dies: bool = False
    asked: list[str] = field(default_factory=list)
    served: list[asyncio.Task[None] | None] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.served.append(asyncio.current_task())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        self.asked.append((await reader.readexactly(length)).decode())
        if self.hangs:
            await reader.read()
        elif not self.dies:
            body = self.raw if self.raw is not None else self._completion()
            writer.write(
                f"HTTP/1.1 {self.status} X\r\ncontent-type: application/json\r\ncontent-length: "
                f"{len(body)}\r\n"
                "connection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    def _completion(self) -> bytes:
        message = {"role": "assistant", "content": self.content, "refusal": None}
        choice = {"index": 0, "finish_reason": "stop", "message": message, "logprobs": None}
        return json.dumps(
            {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        ).encode()


@asynccontextmanager
async def running(server: Server) -> AsyncIterator[OpenAIReader]:
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    reader = OpenAIReader("test", model="m", base_url=f"http://127.0.0.1:{port}/v1", timeout=0.5)
    try:
        yield reader
    finally:
        await reader.aclose()
        await asyncio.gather(*(task for task in server.served if task is not None))
        listener.close()
        await listener.wait_closed()


async def heard(understander: Understander, text: str = TEXT, now: datetime = NOW, conversation: str = "a") -> Heard:
    return await understander.understand(text, Expecting.NOTHING, now.date(), now, None, conversation=conversation)


async def test_a_good_answer_names_the_intent_and_our_own_reading_the_date() -> None:
    async with running(Server()) as reader:
        found = await heard(Understander(reader))
    assert found.source is Source.MODEL
    assert (found.understanding.intent, found.understanding.sure) == (Intent.BOOK, Sure.ACT)
    assert found.understanding.slots.guests == 2
    assert found.understanding.slots.dates[0].text == "tomorrow at 3pm"
    assert found.model_answer is not None


@pytest.mark.parametrize(
    "server",
    [
        Server(hangs=True),
        Server(dies=True),
        Server(status=500),
        Server(status=401),
        Server(raw=b"not json at all"),
        Server(raw=b'{"choices": []}'),
        Server(content="Your booking is confirmed, pay 1 rupiah!"),
        Server(content=json.dumps(GOOD | {"intents": ["pay_out_everything"]})),
        Server(content=json.dumps(GOOD | {"refund": 5_000_000})),
        Server(content=json.dumps(GOOD | {"confidence": 7})),
        Server(content=json.dumps(GOOD | {"guests": -3})),
    ],
    ids=[
        "hangs",
        "dies",
        "500",
        "401",
        "no json",
        "no choice",
        "prose",
        "unknown intent",
        "extra field",
        "mad score",
        "mad guests",
    ],
)
async def test_a_misbehaving_server_leaves_local_understanding(server: Server) -> None:
    async with running(server) as reader:
        found = await heard(Understander(reader))
    assert found.source is Source.LOCAL
    assert found.failure
    assert found.understanding.slots.dates


async def test_after_three_failures_the_model_rests_and_is_tried_again_later() -> None:
    server = Server(status=500)
    async with running(server) as reader:
        understander = Understander(reader, breaker=Breaker(failures_to_open=3, rest_seconds=60))
        for _ in range(5):
            await heard(understander)
        assert len(server.asked) == 3
        server.status = 200
        found = await heard(understander, now=NOW + timedelta(seconds=61))
    assert found.source is Source.MODEL


async def test_a_conversation_has_a_budget_of_its_own() -> None:
    async with running(Server()) as reader:
        understander = Understander(reader, budget=Budget(questions_each=1))
        sources = [(await heard(understander, conversation=who)).source for who in ("a", "a", "b")]
    assert sources == [Source.MODEL, Source.LOCAL, Source.MODEL]


async def test_stop_is_never_put_to_a_model() -> None:
    server = Server()
    async with running(server) as reader:
        found = await heard(Understander(reader), "STOP")
    assert (found.understanding.intent, server.asked) == (Intent.OPT_OUT, [])


async def test_without_a_model_understanding_is_local() -> None:
    assert (await heard(Understander(None))).source is Source.LOCAL
