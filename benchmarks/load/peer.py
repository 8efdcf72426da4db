"""The peer beside which we are measured, installed from its lock into an environment of its own."""

import asyncio
import hashlib
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.load.processes import CannotRun, Child, bare_environment, free_port, listening, spawn
from benchmarks.load.whatsapp import APP_SECRET, NUMBER

HERE: Final = Path(__file__).parent
ENVIRONMENTS: Final = HERE.parent.parent / ".janji" / "bench"
"""Ignored by git; `make clean` takes it away."""


def environment(name: str, lock: Path) -> Path:
    """The `bin` of a virtual environment with exactly what that lock names, made when there is none or it is old."""
    home, wanted = ENVIRONMENTS / name, hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = home / ".lock-sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"bench: setting up {name} from {lock.name} (once)", file=sys.stderr, flush=True)
        shutil.rmtree(home, ignore_errors=True)
        home.parent.mkdir(parents=True, exist_ok=True)
        _run(sys.executable, "-m", "venv", str(home))
        pip = (str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(*pip, "--require-hashes", "-r", str(lock))
        stamp.write_text(wanted)
    return home / "bin"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{' '.join(command[:4])} …: {done.stderr[-1500:]}")


@dataclass(slots=True)
class Peer:
    """A running peer."""

    port: int
    child: Child
    screen: Path
    """What its form answers; written before the first request of a form."""

    async def ready(self) -> None:
        """Wait until it listens."""
        await listening(self.port, self.child)


@asynccontextmanager
async def running(directory: Path, flow_private_key: str) -> AsyncIterator[Peer]:
    """The peer on loopback, with the same secrets and the same Flow key as ours."""
    binaries = await asyncio.to_thread(environment, "peer", HERE / "peer.lock")
    port, screen = free_port(), directory / "screen.json"
    settings = bare_environment(
        PEER_PORT=str(port),
        PEER_NUMBER=NUMBER,
        PEER_APP_SECRET=APP_SECRET,
        PEER_FLOW_PRIVATE_KEY=flow_private_key,
        PEER_SCREEN=str(screen),
    )
    child = await spawn("peer", [str(binaries / "python"), "-P", str(HERE / "peer_app.py")], settings, directory)
    try:
        # it is waited for by whoever needs it first
        yield Peer(port, child, screen)
    finally:
        await child.stop()
