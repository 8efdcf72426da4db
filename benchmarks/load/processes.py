"""What runs during a benchmark: a `mongod`, the product's own processes out of any checkout, the simulator.

The product is reached as an operator reaches it: the console script and the Procfile of its checkout, settings in the
environment, HTTP. So a checkout from before or after a renaming can be measured with the same benchmark.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

CLOCK_TICK = os.sysconf("SC_CLK_TCK")
START_WITHIN = 60.0
STOP_WITHIN = 30.0
LOG_TAIL = 2000


class CannotRun(Exception):
    """Something a benchmark needs is missing or ended; the message says what, with the end of its log."""


@dataclass(slots=True)
class Child:
    """A process of ours with everything it forked: it leads a session of its own."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        """Its process id, which is its session's too."""
        return self.process.pid

    def processor_seconds(self) -> float:
        """User and system time of the whole session so far."""
        return sum(_session_ticks(self.pid)) / CLOCK_TICK

    def resident_mb(self) -> float:
        """Resident memory of the whole session now."""
        return sum(_resident_kb(pid) for pid, _ in _session(self.pid)) / 1024

    def check(self) -> None:
        """CannotRun when it ended."""
        if self.process.returncode is not None:
            raise CannotRun(f"{self.name} ended with {self.process.returncode}: {self.last_words()}")

    def last_words(self) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return self.log.read_text(errors="replace")[-LOG_TAIL:]
        return ""

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL for the whole session when that is not heard."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_WITHIN):
                    await self.process.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                await self.process.wait()


def _session(leader: int) -> list[tuple[int, list[str]]]:
    """Every living process of a session: its id, and the fields of its stat file behind the command's name."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError):
            # the name is in parentheses and may hold any character, also a parenthesis
            fields = Path(f"/proc/{entry}/stat").read_text().rpartition(") ")[2].split()
            if int(fields[3]) == leader:
                found.append((int(entry), fields))
    return found


def _session_ticks(leader: int) -> list[int]:
    # utime and stime of each; of the leader also those of children it has waited for
    return [
        int(fields[11]) + int(fields[12]) + (int(fields[13]) + int(fields[14]) if pid == leader else 0)
        for pid, fields in _session(leader)
    ]


def _resident_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


async def spawn(
    name: str, command: Sequence[str], environment: Mapping[str, str], directory: Path, *, capture: bool = False
) -> Child:
    """Start a process with its log in that directory; with `capture` its output can be read instead."""
    log = directory / f"{name}.log"
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=directory,
            env=dict(environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if capture else file,
            stderr=file,
            start_new_session=True,
        )
    return Child(name, process, log)


def free_port() -> int:
    """A port of loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def bare_environment(**more: str) -> dict[str, str]:
    """No setting of whoever runs the benchmark reaches what is measured."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONUNBUFFERED": "1"} | more


# mongod ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Mongod:
    """A one-member replica set on loopback."""

    child: Child
    uri: str
    client: "MongoClient[dict[str, object]]"


def find_mongod() -> Path:
    """The `mongod` of the extra `embedded`, else the one on PATH; CannotRun."""
    spec = find_spec("fiftyone")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (bundled := Path(place) / "db" / "bin" / "mongod").is_file():
            return bundled
    on_path = shutil.which("mongod")
    if on_path is None:
        raise CannotRun("there is no mongod: install the extra `embedded`, or put one on PATH")
    return Path(on_path)


@asynccontextmanager
async def mongod(directory: Path, cache_gb: float) -> AsyncIterator[Mongod]:
    """A fresh server with the cache and limits of the product's embedded one; stopped and forgotten at the end."""
    port, data = free_port(), directory / "data"
    data.mkdir()
    command = [str(find_mongod()), "--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(port)]
    command += ["--nounixsocket", "--replSet", "bench", "--oplogSize", "990", "--quiet"]
    command += ["--wiredTigerCacheSizeGB", str(cache_gb), "--setParameter", "transactionLifetimeLimitSeconds=10"]
    child = await spawn("mongod", command, bare_environment(), directory)
    uri = f"mongodb://127.0.0.1:{port}/?replicaSet=bench"
    # heartbeats of this client are commands too; once an hour they are none to speak of
    client: MongoClient[dict[str, object]] = MongoClient(
        "127.0.0.1", port, directConnection=True, heartbeatFrequencyMS=3_600_000, serverSelectionTimeoutMS=1000
    )
    try:
        await _primary(client, child, f"127.0.0.1:{port}")
        yield Mongod(child, uri, client)
    finally:
        client.close()
        await child.stop()
        shutil.rmtree(data, ignore_errors=True)


async def _primary(client: "MongoClient[dict[str, object]]", child: Child, member: str) -> None:
    ends, asked = time.monotonic() + START_WITHIN, False
    while time.monotonic() < ends:
        child.check()
        with contextlib.suppress(PyMongoError):
            if not asked:
                config = {"_id": "bench", "members": [{"_id": 0, "host": member}]}
                await asyncio.to_thread(client.admin.command, "replSetInitiate", config)
                asked = True
            if (await asyncio.to_thread(client.admin.command, "hello")).get("isWritablePrimary"):
                return
        await asyncio.sleep(0.1)
    raise CannotRun(f"mongod did not become primary: {child.last_words()}")


# the product ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Product:
    """A checkout of the product and how to run it."""

    tree: Path
    directory: Path
    """Where it runs and logs; no `.env` is there."""
    environment: dict[str, str]
    port: int
    preamble: str = ""
    """Python its long-running processes run before their own code."""
    running: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where its doors are."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str) -> list[str]:
        """A command line of the checkout's own `janji`, whichever module it lives in."""
        project = tomllib.loads((self.tree / "pyproject.toml").read_text("utf-8"))["project"]
        module, _, function = project["scripts"]["janji"].partition(":")
        begin = self.preamble if arguments[0] in {words[0] for words in self.processes().values()} else ""
        code = f"{begin}import sys; sys.argv[0] = 'janji'; from {module} import {function}; sys.exit({function}())"
        return [str(python_of(self.tree)), "-c", code, *arguments]

    def processes(self) -> dict[str, list[str]]:
        """The long-running processes of its Procfile with their arguments."""
        lines = (self.tree / "Procfile").read_text("utf-8").splitlines()
        named = dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))
        return {name: words.split()[1:] for name, words in named.items() if name != "release"}

    async def run(self, *arguments: str, **more: str) -> str:
        """Run a command to its end; what it printed. CannotRun when it failed."""
        child = await spawn("once", self.command(*arguments), self.environment | more, self.directory, capture=True)
        told, _ = await child.process.communicate()
        if child.process.returncode:
            raise CannotRun(f"janji {' '.join(arguments)}: {told.decode()[-LOG_TAIL:]}{child.last_words()}")
        return told.decode()

    async def start(self, *names: str, **more: str) -> list[Child]:
        """Start these processes of the Procfile (all when none is named), and wait until the doors answer."""
        wanted = self.processes()
        started = []
        for name in names or wanted:
            environment = self.environment | {"JANJI_SAMPLES": str(self.samples(name))} | more
            started.append(await spawn(name, self.command(*wanted[name]), environment, self.directory))
        self.running += started
        if any(child.name == "web" for child in started):
            await _answers(self.port, next(child for child in started if child.name == "web"))
        return started

    def samples(self, name: str) -> Path:
        """Where a process that is profiled writes."""
        return self.directory / f"{name}.speedscope.json"

    def child(self, name: str) -> Child:
        """A running process by its name in the Procfile."""
        return next(child for child in self.running if child.name == name)

    async def stop(self, *names: str) -> None:
        """Stop these, or all; the doors first, as an operator would."""
        leaving = [child for child in self.running if not names or child.name in names]
        for child in leaving:
            await child.stop()
        self.running = [child for child in self.running if child not in leaving]


def python_of(tree: Path) -> Path:
    """The checkout's own interpreter, else this one."""
    own = tree / ".venv" / "bin" / "python"
    return own if own.exists() else Path(sys.executable)


async def _answers(port: int, child: Child) -> None:
    ends = time.monotonic() + START_WITHIN
    while time.monotonic() < ends:
        child.check()
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    raise CannotRun(f"{child.name} did not listen: {child.last_words()}")


async def listening(port: int, child: Child) -> None:
    """Wait until that process listens there; CannotRun."""
    await _answers(port, child)


@asynccontextmanager
async def simulator(product: Product, arguments: Sequence[str]) -> AsyncIterator[str]:
    """The product's simulated outside world as a process of its own; its address."""
    command = product.command("simulate", "--app-url", product.url, "--port", "0", *arguments)
    child = await spawn("simulator", command, product.environment, product.directory, capture=True)
    try:
        assert child.process.stdout is not None
        line = await asyncio.wait_for(child.process.stdout.readline(), START_WITHIN)
        if not line:
            raise CannotRun(f"the simulator ended: {child.last_words()}")
        yield str(json.loads(line)["url"])
    finally:
        await child.stop()
