"""A process of ours that dies by SIGKILL at the n-th step it takes towards the outside.

Steps are generated: after every write that changed something in the database, before and after every HTTP request that
orders something. Between two of them a process only reads, thinks, and writes what stands there already (a duplicate, a
claim of nothing): dying there leaves the same world behind. Heartbeats are no steps of a message's path.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

import httpx
import urllib3
from pymongo import monitoring

from webhooks import launch, logs
from webhooks.settings import Settings
from webhooks.wiring import Timings

WRITES: Final = frozenset({"insert", "update", "delete", "findAndModify", "commitTransaction"})
BEATS: Final = "house"
ATTENTION: Final = "attention"
"""Rows of the queue follow what happens at a pace of their own; their deaths are test_escalation_deaths."""
ROUNDS: Final = "cashier"
"""How each queue of money fares: as much a heartbeat as the others."""


class Tripwire:
    """Counts steps, notes each, and dies at the one it was told."""

    def __init__(self, dies_at: int | None, notes: Path) -> None:
        self._dies_at = dies_at
        self._count = 0
        self._notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def step(self, name: str) -> None:
        """One step further."""
        self._count += 1
        os.write(self._notes, f"{name}\n".encode())
        if self._count == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


class Commands(monitoring.CommandListener):
    """Steps after writes."""

    def __init__(self, wire: Tripwire) -> None:
        self._wire = wire
        self._running: dict[int, str] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """It is sent."""
        if event.command_name in WRITES and not _is_beat(event.command):
            self._running[event.request_id] = f"{event.command_name} {event.command.get(event.command_name)}"

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Right after it was answered."""
        name = self._running.pop(event.request_id, None)
        if name is not None and _has_changed(event.command_name, event.reply):
            self._wire.step(f"after {name}")

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """It was answered with an error, and has changed nothing."""
        self._running.pop(event.request_id, None)


def _has_changed(command: str, reply: Any) -> bool:
    match command:
        case "update":
            return bool(reply["nModified"] or reply.get("upserted"))
        case "findAndModify":
            return bool(reply["lastErrorObject"]["n"])
        case "commitTransaction":
            return True
        case _:
            return bool(reply["n"])


def _is_beat(command: Any) -> bool:
    # of a findAndModify `update` is what it writes, and may be a list
    written = str(next((command[name] for name in ("findAndModify", "update", "insert") if name in command), ""))
    if written in {ATTENTION, ROUNDS}:
        return True
    if command.get("update") != BEATS:
        return False
    return any(str(one["q"].get("_id")).partition(":")[0] in {"door", "worker"} for one in command["updates"])


def _trip_requests(wire: Tripwire) -> None:
    """This process is ours alone and about to die: its HTTP transport may be wrapped for good."""
    plain = httpx.AsyncHTTPTransport.handle_async_request

    async def tripped(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await plain(self, request)
        wire.step("before request")
        response = await plain(self, request)
        wire.step("after request")
        return response

    httpx.AsyncHTTPTransport.handle_async_request = tripped  # type: ignore[method-assign]
    _trip_orders(wire)


def _trip_orders(wire: Tripwire) -> None:
    """The payment provider's SDK does not go through httpx: its calls are steps too."""
    plain = urllib3.PoolManager.urlopen

    def tripped(self: urllib3.PoolManager, method: str, url: str, *args: Any, **options: Any) -> Any:
        if method == "GET":
            return plain(self, method, url, *args, **options)
        wire.step(f"before {method} provider")
        reply = plain(self, method, url, *args, **options)
        wire.step(f"after {method} provider")
        return reply

    urllib3.PoolManager.urlopen = tripped  # type: ignore[method-assign]


def run(role: str, settings: Settings, uri: str, terms: Timings, dies_at: int | None, notes: Path) -> None:
    """`web` or `worker`, until told to stop or until the wire is tripped; runs in a process of its own."""
    # told to stop before our own handlers are there, it simply goes: nothing is begun yet
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logs.set_up("error", "json")
    wire = Tripwire(dies_at, notes)
    monitoring.register(Commands(wire))
    _trip_requests(wire)
    main = launch.serve if role == "web" else launch.work
    asyncio.run(main(settings, uri, terms))
