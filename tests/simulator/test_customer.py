"""The scripted customer, and the feeds a browser page can follow."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from simulator.customer import Act, Expect, NothingCame, Phone, Refused, Say, Tap, play
from tests.simulator import makers
from tests.simulator.conftest import Backend, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def answer_each(graph: Graph, backend: Backend, sari: str) -> None:
    """A bot of two answers."""
    for body in (makers.buttons("Yes", "No"), {"type": "text", "text": {"body": "Booked!"}}):
        await backend.came.wait()
        backend.came.clear()
        await graph.post({"to": sari, **body})


async def test_a_script_is_played_to_its_end(graph: Graph, backend: Backend) -> None:
    await graph.sim("PATCH", "/manners", {"statuses": {"mode": "off"}})
    async with Phone(graph.url, name="Sari", wa_id="628123") as phone:
        bot = asyncio.create_task(answer_each(graph, backend, "628123"))
        lines = await play(
            phone, [Say("A massage please"), Expect("buttons", "which"), Tap("yes"), Expect("text", "booked")]
        )
        await bot
        assert [line.bubble.kind for line in lines if line.bubble] == ["buttons", "text"]
        assert [bubble.text for bubble in await phone.bubbles()] == ["Which one?", "Booked!"]
    assert [message["type"] for message in backend.all("messages")] == ["text", "interactive"]


async def test_what_never_comes_is_said_with_what_came(graph: Graph) -> None:
    async with Phone(graph.url, wa_id="628123") as phone:
        await phone.say("Hi")
        await graph.text("628123", "Something else")
        with pytest.raises(NothingCame, match="Something else"):
            await phone.expect("Booked", timeout=1)


async def test_each_bubble_is_waited_for_once(graph: Graph) -> None:
    async with Phone(graph.url, wa_id="628123") as phone:
        await phone.say("Hi")
        for words in ("One", "Two"):
            await graph.text("628123", words)
        assert (await phone.wait_for(lambda bubble: True)).text == "One"
        assert (await phone.wait_for(lambda bubble: True)).text == "Two"


async def test_a_phone_can_do_only_what_it_shows(graph: Graph) -> None:
    async with Phone(graph.url) as phone:
        with pytest.raises(Refused):
            await phone.tap("Yes")
        await play(phone, [Act("location", {"latitude": -8.6, "longitude": 115.1})])


async def test_a_long_poll_ends_when_a_bubble_arrives(graph: Graph, sari: str) -> None:
    poll = asyncio.create_task(graph.sim("GET", f"/customers/{sari}/bubbles?after=0&wait=0.9"))
    await graph.text(sari, "there you are")
    assert [bubble["text"] for bubble in (await poll)["items"]] == ["there you are"]


async def test_the_event_stream_tells_what_happens_and_where_to_resume(graph: Graph, sari: str) -> None:
    last = (await graph.sim("GET", "/events"))["last"]
    await graph.sim("POST", f"/customers/{sari}/say", {"text": "Hello?"})
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(last)}
    async with graph.client.stream("GET", "/sim/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        found = [line async for line in _until_blank_twice(lines)]
    assert "event: said" in found
    data = next(json.loads(line[6:]) for line in found if line.startswith("data: "))
    assert (data["seq"], data["kind"], data["type"]) == (last + 1, "said", "text")


async def _until_blank_twice(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    blanks = 0
    async for line in lines:
        yield line
        blanks += not line
        if blanks == 2:
            return
