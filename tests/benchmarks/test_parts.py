"""The parts of a benchmark that can be wrong without anybody noticing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.load import figures, page, partners
from benchmarks.load.figures import Figures
from benchmarks.load.sealing import new_key, seal
from benchmarks.load.whatsapp import Graph
from benchmarks.load.wire import Broken, Outcome, Pool, post
from flows.envelope import open_request, seal_response
from flows.keys import load_keys


def test_of_what_partners_got_only_templates_cost_and_each_way_is_told() -> None:
    bubbles = [{"kind": "template"}, {"kind": "buttons"}, {"kind": "template"}, {"kind": "text"}]
    assert partners.templates(bubbles) == 2
    assert partners.told_by_way({"auto": 3, "dispatch": 2, "stay": 3}) == "auto 3, dispatch 2, stay 3"


PAGE = f"words\n\n{page.BEGINS}\n{page.ENDS}\n\nmore words\n"

Serves = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answering(*answers: bytes) -> Serves:
    """A server that gives these answers in turn on one connection, then closes it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]))
            writer.write(answer)
            await writer.drain()
        writer.close()

    return serve


async def asked(serves: Serves, requests: int) -> Outcome:
    """What a load of so many requests on one connection meets there."""
    server = await asyncio.start_server(serves, "127.0.0.1", 0)
    async with server, Pool(server.sockets[0].getsockname()[1], 1) as pool:
        return await pool.closed_loop([post("/", b"{}")] * requests, keep=True)


async def test_answers_with_a_length_and_in_chunks_are_read_alike() -> None:
    met = await asked(
        answering(
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            b"HTTP/1.1 503 No\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        3,
    )
    assert met.bodies == {0: b"hello", 1: b"hello", 2: b""}
    assert met.statuses == {200: 2, 503: 1}
    with pytest.raises(Broken, match="503"):
        met.must_be(200)


async def test_a_server_that_hangs_up_breaks_the_load() -> None:
    with pytest.raises(Broken):
        await asked(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), 2)


def test_a_percentile_is_one_of_the_latencies() -> None:
    met = Outcome(seconds=2.0, latencies=[float(one) for one in range(100, 0, -1)])
    assert (met.percentile(0.5), met.percentile(0.99), met.per_second) == (51.0, 100.0, 50.0)


def test_what_is_sealed_here_is_opened_by_the_door_and_its_answer_here() -> None:
    pem, public = new_key()
    sealed = seal({"action": "ping"}, public)
    opened = open_request(sealed.body, load_keys(pem))
    assert opened.plaintext == b'{"action": "ping"}'
    assert sealed.opened(seal_response(b'{"data": 1}', opened.reply_key).encode()) == {"data": 1}


def test_each_message_of_the_bot_is_told_three_ticks() -> None:
    graph = Graph(door=0)
    answer = graph.take({"to": "6281", "type": "text", "biz_opaque_callback_data": "ours"})
    assert graph.take({"status": "read", "message_id": "x"}) == {"success": True}
    assert (len(graph.said), graph.marks) == (1, 1)
    assert [(tick[1], tick[3], tick[4]) for tick in graph._ticks] == [
        (answer["messages"][0]["id"], tick, "ours") for tick in ("sent", "delivered", "read")
    ]


def test_a_row_is_added_and_one_of_the_same_step_replaced() -> None:
    first = page.with_row(PAGE, "before", Figures(message_ops=64.2))
    second = page.with_row(first, "after", Figures(message_ops=9.0))
    again = page.with_row(second, "before", Figures(message_ops=61.0))
    rows = [line for line in again.splitlines() if line.startswith(("| before", "| after"))]
    assert [(row.split(" | ")[0], "| 61 |" in row, "| 9 |" in row) for row in rows] == [
        ("| before", True, False),
        ("| after", False, True),
    ]
    assert again.startswith("words\n")
    assert again.endswith("more words\n")


def test_a_page_without_its_marks_is_left_alone() -> None:
    with pytest.raises(page.NoMarks):
        page.with_row("words", "before", Figures())


def test_the_table_says_what_is_missed() -> None:
    lines = figures.table(Figures(ack_ratio=2.9, message_ops=14.0)).splitlines()
    assert [line.rsplit("|", 2)[1].strip() for line in lines if "ack_ratio" in line or "message_ops" in line] == [
        "missed",
        "reached",
    ]


def test_the_page_says_of_each_must_that_its_last_row_misses_why() -> None:
    text = page.PAGE.read_text("utf-8")
    inside = text.partition(page.BEGINS)[2].partition(page.ENDS)[0]
    last = [cell.strip() for cell in inside.strip().splitlines()[-1].strip("|").split("|")][1:]
    values = dict(zip(figures.NAMES, last, strict=True))
    why = text.partition("## What is missed, and why")[2].partition("\n## ")[0]
    # what no run has measured yet is missed by nobody
    known = [goal for goal in figures.GOALS if values[goal.name] != "–"]
    missed = [goal.name for goal in known if goal.is_reached(float(values[goal.name])) is False]
    assert [name for name in missed if f"`{name}`" not in why] == []
