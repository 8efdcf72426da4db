"""While the majority is lost nothing is stored and no duplicate was seen: the door says 503, never a false 200."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from bot.store import driver
from bot.store.delivery import NotStored, RecordingResult
from bot.store.received import Received
from tests.conftest import DRIVERS, cannot_run, connected
from tests.contracts.makers import delivery
from webhooks.local import mongod

pytestmark = [pytest.mark.mongo, pytest.mark.processes]

NAME = "majority"
WITHIN = 60.0
SECONDARY = 2
ALREADY_INITIALIZED = 23
NEVER = 24 * 3600 * 1000
"""Election timeout in milliseconds: the primary stays primary though it hears of nobody."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two members: writes go to the first, the majority needs both."""

    uri: str
    second: int
    """Process id of the secondary."""

    @contextlib.contextmanager
    def second_frozen(self) -> Iterator[None]:
        """While inside, the secondary does nothing at all."""
        os.kill(self.second, signal.SIGSTOP)
        try:
            _until(lambda: _is_stopped(self.second))
            yield
        finally:
            os.kill(self.second, signal.SIGCONT)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    binary, problems = mongod.find_mongod(), mongod.problems_here()
    if binary is None or problems:
        cannot_run(" ".join(problems))
    with contextlib.ExitStack() as members:
        places = [tmp_path_factory.mktemp(f"member-{number}") for number in range(2)]
        (first, _), (second, pid) = [members.enter_context(_member(binary, place)) for place in places]
        client: MongoClient[dict[str, Any]] = members.enter_context(
            MongoClient(f"mongodb://127.0.0.1:{first}/?directConnection=true", serverSelectionTimeoutMS=1000)
        )
        _join(client, first, second)
        yield Pair(f"mongodb://127.0.0.1:{first}/?replicaSet={NAME}&directConnection=true", pid)


@contextlib.contextmanager
def _member(binary: Path, place: Path) -> Iterator[tuple[int, int]]:
    """A mongod on loopback: its port and process id; gone at the end, frozen or not."""
    port = _free_port()
    (place / "data").mkdir()
    command = [
        str(binary),
        *("--dbpath", str(place / "data"), "--logpath", str(place / "mongod.log")),
        *("--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket", "--replSet", NAME),
        *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield port, process.pid
        finally:
            process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _join(client: MongoClient[dict[str, Any]], first: int, second: int) -> None:
    """One member is initiated; the second joins it with a vote."""
    config = {
        "_id": NAME,
        "members": [{"_id": 0, "host": f"127.0.0.1:{first}", "priority": 10}],
        "settings": {"electionTimeoutMillis": NEVER},
    }
    _until(lambda: _accepted(client, {"replSetInitiate": config}))
    _until(lambda: bool(client.admin.command("hello").get("isWritablePrimary")))
    _until(lambda: _accepted(client, {"replSetReconfig": _with(client, second)}))
    _until(lambda: _is_secondary(client))


def _with(client: MongoClient[dict[str, Any]], port: int) -> dict[str, Any]:
    config: dict[str, Any] = client.admin.command("replSetGetConfig")["config"]
    member = {"_id": 1, "host": f"127.0.0.1:{port}", "priority": 0, "votes": 1}
    return config | {"version": config["version"] + 1, "members": [config["members"][0], member]}


def _accepted(client: MongoClient[dict[str, Any]], command: dict[str, Any]) -> bool:
    """Whether the command is done; a member that is not listening yet refuses it."""
    try:
        client.admin.command(command)
    except OperationFailure as refusal:
        return refusal.code == ALREADY_INITIALIZED
    except PyMongoError:
        return False
    return True


def _is_secondary(client: MongoClient[dict[str, Any]]) -> bool:
    members = client.admin.command("replSetGetStatus")["members"]
    return len(members) == 2 and members[1]["state"] == SECONDARY


def _is_stopped(pid: int) -> bool:
    """Whether every thread of it stands still, as the kernel says."""
    tasks = list(Path(f"/proc/{pid}/task").iterdir())
    return all((one / "stat").read_text().rpartition(")")[2].split()[0] == "T" for one in tasks)


def _until(true: Callable[[], bool]) -> None:
    """Asks again until it is so; fails when it is not in time."""
    deadline = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < deadline, "not in time"


@pytest.mark.parametrize("driver_name", DRIVERS)
async def test_without_the_majority_nothing_is_stored_and_nothing_was_seen(pair: Pair, driver_name: str) -> None:
    async with connected(pair.uri, driver_name) as client:
        received = Received(driver.database(client, f"test_{driver_name}"))
        old, new = delivery("old"), delivery("new")
        assert await received.record([old]) == (RecordingResult.STORED,)
        with pair.second_frozen():
            for one in (new, old, new):
                with pytest.raises(NotStored):
                    await received.record([one])
        assert await received.record([new, old, delivery("later")]) == (
            RecordingResult.SEEN,
            RecordingResult.SEEN,
            RecordingResult.STORED,
        )
