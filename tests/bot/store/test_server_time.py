"""The database server's time: asked for now and then, counted on from there, never ahead of the server."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store.clock import SERVER_TIME_GOOD_FOR, ServerClockReading

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@dataclass
class ClockServer:
    """A database whose clock and whose slowness the test sets; asked for nothing else."""

    now: datetime = NOON
    monotonic: float = 100.0
    takes: float = 0.0
    asked: int = 0
    away: list[Exception] = field(default_factory=list)

    async def command(self, name: str, **_: Any) -> dict[str, datetime]:
        """`hello`, as the driver gives it."""
        assert name == "hello"
        self.asked += 1
        if self.away:
            raise self.away.pop()
        told = self.now
        self.pass_time(self.takes)
        return {"localTime": told}

    def pass_time(self, seconds: float) -> None:
        """Both clocks go on."""
        self.now += timedelta(seconds=seconds)
        self.monotonic += seconds

    def reading(self) -> ServerClockReading:
        """A process that reads it."""
        return ServerClockReading(self, lambda: self.monotonic)


async def test_the_servers_time_is_asked_for_once_and_counted_on_for_half_a_minute() -> None:
    server = ClockServer()
    clock = server.reading()
    assert await clock.now() == NOON
    for seconds in (0.5, 9.5, SERVER_TIME_GOOD_FOR - 10):
        server.pass_time(seconds)
        assert await clock.now() == server.now
    assert server.asked == 1
    server.pass_time(0.001)
    assert await clock.now() == server.now
    assert server.asked == 2


async def test_a_clock_that_runs_differently_is_followed_after_half_a_minute_at_most() -> None:
    server = ClockServer()
    clock = server.reading()
    await clock.now()
    server.now += timedelta(seconds=2)
    server.pass_time(SERVER_TIME_GOOD_FOR)
    assert server.now - await clock.now() == timedelta(seconds=2)
    server.pass_time(0.001)
    assert await clock.now() == server.now


async def test_a_slow_answer_never_puts_the_reading_ahead_of_the_server() -> None:
    server = ClockServer(takes=0.8)
    clock = server.reading()
    assert server.now - timedelta(seconds=0.8) <= await clock.now() <= server.now
    server.pass_time(5)
    assert timedelta(0) <= server.now - await clock.now() <= timedelta(seconds=0.8)


async def test_a_server_that_is_away_is_asked_again_by_the_next() -> None:
    server = ClockServer(away=[ConnectionError("away")])
    clock = server.reading()
    with pytest.raises(ConnectionError):
        await clock.now()
    assert await clock.now() == NOON


async def test_all_who_ask_at_the_same_moment_share_one_question() -> None:
    server = ClockServer()
    clock = server.reading()
    assert set(await asyncio.gather(*(clock.now() for _ in range(30)))) == {NOON}
    assert server.asked == 1
