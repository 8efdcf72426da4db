"""The phone in a terminal."""

import asyncio
import sys

import pytest

from simulator.chat import drawn
from simulator.customer import read_bubble
from tests.simulator.conftest import Backend, Graph
from tests.simulator.makers import buttons

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.processes
async def test_a_person_chats_in_a_terminal(graph: Graph, backend: Backend) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator.chat", "--url", graph.url, "--number", "628123456789"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"Halo\n")
    await asyncio.wait_for(backend.came.wait(), 10)
    await graph.post({"to": "628123456789", **buttons("Today", "Tomorrow", body="When?")})
    shown = [(await asyncio.wait_for(process.stdout.readline(), 10)).decode() for _ in range(3)]
    assert [line.strip() for line in shown] == ["◂ [?] When?", "◂   1. Today", "◂   2. Tomorrow"]
    backend.came.clear()
    process.stdin.write(b"2\n/quit\n")
    assert await asyncio.wait_for(process.wait(), 10) == 0
    await graph.idle()
    replies = [message for message in backend.all("messages") if message["type"] == "interactive"]
    assert replies[0]["interactive"]["button_reply"]["title"] == "Tomorrow"


async def test_a_link_is_drawn_with_its_address(graph: Graph, sari: str) -> None:
    action = {"name": "cta_url", "parameters": {"display_text": "Pay", "url": "https://pay.example/1"}}
    content = {"type": "cta_url", "body": {"text": "Please pay"}, "action": action}
    await graph.post({"to": sari, "type": "interactive", "interactive": content})
    (shown,) = (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"]
    assert drawn(read_bubble(shown)) == "◂ [link] Please pay\n◂   1. Pay https://pay.example/1"
