"""News for open pages: each told once, in order, after sleep too; who never reads harms nobody."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import pytest

from bot.store.changes import Changed, ChangeFeed, FeedBroken
from tests.conftest import Database
from tests.journeys.world import until
from webhooks.console.live import KEPT, WAITING, LiveHub


class Script:
    """A feed that says what it is told to."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[Changed | None] = asyncio.Queue()

    async def heard(self) -> AsyncGenerator[Changed, None]:
        while (changed := await self.said.get()) is not None:
            yield changed
        raise FeedBroken("ended")


def place(number: int) -> str:
    return f"{number:08X}"


class Running:
    """A hub over a script, and what pages hear."""

    def __init__(self) -> None:
        self.script = Script()
        self.hub = LiveHub(self.script)  # type: ignore[arg-type]
        self.task = asyncio.create_task(self.hub.run())
        self.welcome = True

    async def says(self, *numbers: int) -> None:
        for number in numbers:
            await self.script.said.put(Changed(place(number), "message", f"m{number}", "lead"))
        await until(self.all_said, what="the script was read")

    async def all_said(self) -> bool:
        await asyncio.sleep(0)
        return self.script.said.empty()

    async def opens(self) -> None:
        first = self.page()
        await line(first)
        await self.script.said.put(Changed(place(0)))
        await until(self.all_said, what="the stream is open")
        await first.aclose()

    async def still_welcome(self) -> bool:
        return self.welcome

    def page(self, last: str = "", heartbeat: float = 60) -> Any:
        return self.hub.listen(last, self.still_welcome, heartbeat)


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    one = Running()
    await one.opens()
    yield one
    one.task.cancel()
    await asyncio.gather(one.task, return_exceptions=True)


async def line(page: Any) -> str:
    async with asyncio.timeout(10):
        said: bytes = await anext(page)
    return said.decode()


async def test_a_page_hears_what_changes_with_its_place(running: Running) -> None:
    page = running.page()
    assert (await line(page)).startswith(":")
    assert "event: hello" in await line(page)
    await running.says(1)
    assert await line(page) == f'id: {place(1)}\nevent: message\ndata: {{"about":"m1","lead":"lead"}}\n\n'


async def test_who_slept_is_told_each_event_that_was_missed_and_no_other(running: Running) -> None:
    await running.says(1, 2, 3)
    page = running.page(last=place(1))
    await line(page)
    assert ["m2" in await line(page), "m3" in await line(page)] == [True, True]
    await running.says(4)
    assert "m4" in await line(page)


async def test_who_slept_too_long_is_told_to_look_at_everything(running: Running) -> None:
    await running.says(*range(1, KEPT + 2))
    page = running.page(last=place(0))
    await line(page)
    assert "event: refresh" in await line(page)
    near = running.page(last=place(KEPT))
    await line(near)
    assert f"m{KEPT + 1}" in await line(near)


async def test_who_heard_of_a_stream_before_ours_is_told_to_look(running: Running) -> None:
    await running.says(7)
    await running.script.said.put(None)
    await until(running.all_said, what="the stream broke")
    late = running.page(last=place(7))
    await line(late)
    assert "event: refresh" in await line(late)


async def test_a_page_that_never_reads_is_let_go_and_the_others_hear_all(running: Running) -> None:
    deaf, other = running.page(), running.page()
    await line(deaf)
    for _ in range(2):
        await line(other)
    assert running.hub.listeners == 2
    for number in range(1, WAITING + 3):
        await running.says(number)
        assert f"m{number}" in await line(other)
    assert running.hub.listeners == 1
    # it is told nothing more: its stream ends
    rest = [one.decode() async for one in deaf]
    assert len(rest) <= 2


async def test_a_burst_that_no_queue_could_hold_reaches_who_reads(running: Running) -> None:
    page, told = running.page(), ""
    await line(page)
    for number in range(1, 3 * WAITING):
        await running.script.said.put(Changed(place(number), "message", f"m{number}", "lead"))
    while f'"m{3 * WAITING - 1}"' not in told:
        told += await line(page)
    assert told.count("event: message") == 3 * WAITING - 1
    assert running.hub.listeners == 1


async def test_silence_is_filled_and_who_may_no_more_is_told_and_let_go(running: Running) -> None:
    page = running.page(heartbeat=0.01)
    await line(page)
    await line(page)
    assert await line(page) == ": beat\n\n"
    running.welcome = False
    while "signed_out" not in await line(page):
        pass
    with pytest.raises(StopAsyncIteration):
        await line(page)
    assert running.hub.listeners == 0


async def test_a_hub_that_ends_lets_every_page_go(running: Running) -> None:
    page = running.page()
    await line(page)
    await line(page)
    running.hub.close()
    with pytest.raises(StopAsyncIteration):
        await line(page)


async def test_the_feed_of_a_real_database_names_lead_and_line(database: Database) -> None:
    feed = ChangeFeed(database).heard()
    first = await anext(feed)
    assert first.topic is None
    assert first.place

    async def written() -> None:
        await database["leads"].insert_one({"_id": "l1", "version": 1})
        await database["leads"].update_one({"_id": "l1"}, {"$set": {"lease": {"token": "x"}}})
        await database["messages"].insert_one({"_id": "m1", "lead": "l1"})
        await database["messages"].update_one({"_id": "m1"}, {"$set": {"tick": "read"}})
        await database["leads"].update_one({"_id": "l1"}, {"$set": {"version": 2}})

    async with asyncio.timeout(20):
        writing = asyncio.create_task(written())
        heard = [await anext(feed) for _ in range(4)]
        await writing
    told = [(one.topic, one.about, one.lead) for one in heard]
    assert told == [
        ("conversation", "l1", "l1"),
        ("message", "m1", "l1"),
        ("message", "m1", "l1"),
        ("conversation", "l1", "l1"),
    ]
    places = [first.place, *(one.place for one in heard)]
    assert places == sorted(places)
    await feed.aclose()
