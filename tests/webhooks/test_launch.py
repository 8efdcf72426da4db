"""The long-running commands: what ends by itself is begun anew or ends the process, never dies in silence."""

import asyncio
import secrets
import socket

import pytest
import structlog

from tests.journeys.world import QUICK, settings_for, simulated
from webhooks import launch
from webhooks.launch import CannotListen, PartEnded
from webhooks.local.ports import free_port
from webhooks.processes import worker
from webhooks.processes.worker import Worker, kept_up
from webhooks.settings import Settings

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]


def settings_at(port: int) -> Settings:
    """Of a process whose outside world is not there."""
    return settings_for(simulated(""), "http://127.0.0.1:1", port, f"parts_{secrets.token_hex(6)}")


async def dies(self: Worker) -> None:
    """A worker with a mistake of ours in it."""
    raise ZeroDivisionError


async def leaves(self: Worker) -> None:
    """A worker that thinks it is done."""


@pytest.mark.parametrize(("end", "why"), [(dies, "ZeroDivisionError"), (leaves, "it ended by itself")])
async def test_doors_do_not_stay_open_without_a_worker(
    mongodb_uri: str, monkeypatch: pytest.MonkeyPatch, end: object, why: str
) -> None:
    monkeypatch.setattr(Worker, "run", end)
    with pytest.raises(PartEnded, match=f"the worker: {why}"):
        await asyncio.wait_for(launch.up(settings_at(free_port()), mongodb_uri, None), 30)


async def test_an_error_inside_is_told_as_it_is_and_everything_ends(mongodb_uri: str) -> None:
    settings = settings_at(free_port())

    async def fails() -> None:
        async with launch.running(settings, mongodb_uri, terms=QUICK) as process:
            await process.client.drop_database(settings.mongodb_database)
            raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        await fails()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", settings.port)) != 0


async def test_doors_that_cannot_be_opened_are_told_with_their_address(mongodb_uri: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"PORT: 127.0.0.1:{port} is taken"):
            await asyncio.wait_for(launch.up(settings_at(port), mongodb_uri, None), 30)


async def test_a_part_of_the_worker_that_fails_or_ends_is_told_of_and_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "RESTART_AFTER", 0)
    begun, third = [0], asyncio.Event()

    async def part() -> None:
        begun[0] += 1
        if begun[0] == 1:
            raise ZeroDivisionError
        if begun[0] == 3:
            third.set()
            await asyncio.Event().wait()

    with structlog.testing.capture_logs() as logs:
        task = asyncio.create_task(kept_up("listen", part))
        await asyncio.wait_for(third.wait(), 30)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [(one["event"], one["part"]) for one in logs] == [
        ("worker_part_failed", "listen"),
        ("worker_part_ended", "listen"),
    ]
