"""The product as it is deployed: `janji serve` and `janji work` as processes of their own, beside a simulated world.

They are watched from outside: whether they live, how much memory they hold, what they write into their logs.
"""

import asyncio
import json
import os
import re
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from pydantic import SecretStr

from simulator import server
from tests.faults.fuzz.mutate import CANARY
from tests.journeys.flow_world import keys
from tests.journeys.world import API_TOKEN, World, settings_for, simulated, until
from webhooks.local.ports import free_port
from webhooks.settings import Settings
from webhooks.wiring import opened as opened_parts

JANJI: Final = (sys.executable, "-c", "from webhooks.cli.main import main; main()")
ROOT: Final = Path(__file__).parents[3]
KEPT: Final = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
ROLES: Final = ("serve", "work")
UNPRINTABLE: Final = re.compile(
    rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]"
)
"""Control characters and marks that turn a line around, as UTF-8; a line of a log has none but its end."""


@dataclass(slots=True)
class Running:
    """The two processes and the world they are in; `world.process` is this test's own look into the database."""

    world: World
    children: dict[str, subprocess.Popen[bytes]]
    logs: dict[str, Path]

    def dead(self) -> dict[str, int | None]:
        """Who ended by itself, with its exit code."""
        return {role: child.poll() for role, child in self.children.items() if child.poll() is not None}

    def memory(self) -> dict[str, int]:
        """Resident memory of each, in MiB."""
        return {role: _resident(child.pid) for role, child in self.children.items()}

    def complaints(self) -> list[str]:
        """What the logs show that no log may: tracebacks, foreign text as it came, words of customers."""
        found: Counter[str] = Counter()
        for role, path in self.logs.items():
            for line in path.read_bytes().split(b"\n"):
                for problem in _wrong_in(line):
                    found[f"{role}: {problem}"] += 1
        return [f"{count} times {problem}" for problem, count in found.most_common()]


def _wrong_in(line: bytes) -> list[str]:
    problems = []
    if UNPRINTABLE.search(line):
        problems.append(f"unprintable characters: {line[:300]!r}")
    if CANARY.encode() in line:
        problems.append(f"foreign text: {line[:300]!r}")
    if not line:
        return problems
    try:
        event = json.loads(line)
    except ValueError:
        return [*problems, f"no event: {line[:300]!r}"]
    if "exception" in event:
        problems.append(f"traceback of {event['event']}: {_summary(event['exception'])}")
    return problems


def _summary(traceback: str) -> str:
    """The last of our own frames and what was raised: the same mistake is the same line."""
    lines = traceback.splitlines()
    ours = [line.strip() for line in lines if "File" in line and str(ROOT) in line and ".venv" not in line]
    place = re.sub(re.escape(str(ROOT)) + "/?", "", ours[-1]) if ours else "?"
    return f"{lines[-1][:300]} at {place}"


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


@asynccontextmanager
async def running(uri: str, folder: Path) -> AsyncIterator[Running]:
    """Everything up, and down again; the database is dropped at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    simulator = simulated(url, webhook_timeout=5.0)
    private, public = keys()
    async with AsyncExitStack() as stack:
        simulator_url = await stack.enter_async_context(server.serve(simulator))
        settings = settings_for(simulator, simulator_url, port, f"fuzz_{secrets.token_hex(6)}").with_changes(
            flow_private_key=SecretStr(private)
        )
        process = await stack.enter_async_context(opened_parts(settings, uri))
        stack.push_async_callback(process.client.drop_database, settings.mongodb_database)
        bearer = {"Authorization": f"Bearer {API_TOKEN}"}
        api = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"{url}/api/v1", headers=bearer, trust_env=False, timeout=60)
        )
        control = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"{simulator_url}/sim", trust_env=False, timeout=60)
        )
        graph = f"{simulator_url}/{settings.graph_api_version}/{simulator.phone_number_id}"
        published = await control.post(
            f"{graph}/whatsapp_business_encryption",
            headers={"Authorization": f"Bearer {simulator.token}"},
            data={"business_public_key": public},
        )
        published.raise_for_status()
        phones = await stack.enter_async_context(AsyncExitStack())
        world = World(url, simulator_url, settings, simulator, process, api, control, phones)
        up = Running(world, {}, {role: folder / f"{role}.log" for role in ROLES})
        stack.push_async_callback(_ended, up)
        for role in ROLES:
            up.children[role] = _started(role, settings, uri, up.logs[role], folder)
            await until(lambda: _is_up(up), timeout=60, what=f"janji {role} up", poll=0.2) if role == "work" else None
        await process.parts.published_flows.set_ids({"en": "flow-en", "id": "flow-id", "vi": "flow-vi"})
        yield up


async def _is_up(up: Running) -> bool:
    assert not up.dead(), {role: path.read_text()[-2000:] for role, path in up.logs.items()}
    try:
        answer = await up.world.api.get(f"{up.world.url}/readyz")
    except httpx.TransportError:
        return False
    return answer.is_success


async def _ended(up: Running) -> None:
    for child in up.children.values():
        child.terminate()
    for child in up.children.values():
        try:
            await asyncio.to_thread(child.wait, 30)
        except subprocess.TimeoutExpired:
            child.kill()


def _started(role: str, settings: Settings, uri: str, log: Path, folder: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as written:
        return subprocess.Popen(
            [*JANJI, role],
            cwd=folder,
            env=_environment(settings, uri),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
        )


def _environment(settings: Settings, uri: str) -> dict[str, str]:
    """Nothing of this process' own but where programs are."""
    given = {name: os.environ[name] for name in KEPT if name in os.environ}
    for name in type(settings).model_fields:
        value: Any = getattr(settings, name)
        if value is not None and value != type(settings).model_fields[name].default:
            given[name.upper()] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return given | {
        "PYTHONPATH": str(ROOT),
        "MONGODB_URI": uri,
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "info",
        "PYTHONFAULTHANDLER": "1",
    }
