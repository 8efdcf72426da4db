"""Runs a real `mongod` for demo, tests and trial: a one-member replica set with a password, on loopback only.

Every user of a directory holds a shared lock on it. The first one in starts the server, later ones attach,
the last one out stops it; a server whose owner was killed is found and used again by the next start. The
locks are the kernel's, so that no kill leaves a stale one.

Nobody gets in while there is no user yet: the localhost exception is off from the first second, and the set
is initiated and its user made by the internal `__system` user, whose secret is the key file.
"""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from webhooks.local.mongod import NO_MONGOD, find_mongod, problems_here
from webhooks.local.replica_set import SET_NAME, USER, is_primary, make_user

START_WITHIN = 60.0  # seconds: a cold disk and one busy core; two is usual
STOP_WITHIN = 15.0  # seconds, then it is killed: the journal bears that
TRIAL_ONLY = (
    "Embedded MongoDB is for demo, tests and trial on this machine only; "
    "set MONGODB_URI to a supported MongoDB for business."
)
# Asks the kernel to end the server with the process (the thread) that started it, then becomes the server.
_DYING_WITH_PARENT = (
    "import ctypes, os, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGTERM); os.execv(sys.argv[1], sys.argv[1:])"
)


class CannotStart(Exception):
    """The embedded MongoDB cannot run here; each problem says what is missing and how to put it right."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("Embedded MongoDB cannot start: " + " ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the server's user may do, and what differs for tests."""

    roles: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    dies_with_parent: bool = False


EVERYDAY = Tuning(roles=("readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor"))
# Tests may set fail points (`configureFailPoint`), read everything, and must leave no server behind. Each makes clients
# of its own, and each client derives a key from the password: in a third of the usual rounds. Nobody reads what the
# server measures of itself every second.
FOR_TESTS = Tuning(
    ("root",),
    ("enableTestCommands=1", "scramSHA256IterationCount=5000", "diagnosticDataCollectionEnabled=false"),
    dies_with_parent=sys.platform == "linux",
)


class _Running(NamedTuple):
    """A server of ours as its note on disk tells it."""

    pid: int
    port: int


@dataclass(slots=True)
class Embedded:
    """A running server, ours until `stop`; `uri` bears the password, `repr` does not."""

    uri: str
    version: str
    pid: int
    directory: Path
    attached: bool
    _share: IO[str] | None

    def __repr__(self) -> str:
        return f"Embedded(version={self.version!r}, pid={self.pid}, attached={self.attached})"

    def stop(self) -> None:
        """Lets go of the server; the last one to let go stops it. A second call does nothing."""
        share, self._share = self._share, None
        if share is None:
            return
        with _locked(self.directory / "start.lock"):
            share.close()
            with (self.directory / "users.lock").open("a") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return  # somebody else still holds a share
            _stop_server(self.directory)


def start(directory: Path, tuning: Tuning = EVERYDAY) -> Embedded:
    """Starts the server of `directory`, or attaches to the one that runs there; blocks until it is primary."""
    directory = directory.resolve()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(directory / "start.lock"):
        running = _found(directory)
        attached = running is not None
        if running is None:
            running = _launch(directory, tuning)
        try:
            version = _made_ready(directory, running, tuning.roles, fresh=not attached)
        except BaseException:
            # One that was running already serves others, and is theirs to stop.
            if not attached:
                _stop_server(directory)
            raise
        # Taken before the start lock is given back: nobody who stops meanwhile finds the server without a user.
        share = (directory / "users.lock").open("a")
        fcntl.flock(share, fcntl.LOCK_SH)
    password = _secret_file(directory, "password").read_text()
    uri = f"mongodb://{USER}:{password}@127.0.0.1:{running.port}/?replicaSet={SET_NAME}&authSource=admin"
    return Embedded(uri, version, running.pid, directory, attached, share)


@contextlib.contextmanager
def running(directory: Path, tuning: Tuning = EVERYDAY) -> Iterator[Embedded]:
    """The server of `directory` for the length of a block."""
    server = start(directory, tuning)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone in this directory's start and stop; the kernel frees it however we end."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _launch(directory: Path, tuning: Tuning) -> _Running:
    binary = find_mongod()
    if (problems := problems_here()) or binary is None:
        raise CannotStart(problems or (NO_MONGOD,))
    (directory / "data").mkdir(exist_ok=True, mode=0o700)
    last, port = _note(directory), 0
    # Its last port if that is free, since a member that keeps its address needs no new configuration; else any.
    for wanted in (last.port if last else 0, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as mongod will
            probe.bind(("127.0.0.1", wanted))
            port = int(probe.getsockname()[1])
            break
    if not port:
        raise CannotStart(("there is no free port on 127.0.0.1.",))
    # a process killed inside a claim's transaction must not keep that time from others for a minute
    parameters = ("enableLocalhostAuthBypass=false", "transactionLifetimeLimitSeconds=10", *tuning.parameters)
    command = [
        str(binary),
        *("--dbpath", str(directory / "data"), "--logpath", str(directory / "mongod.log"), "--logappend"),
        *("--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket"),
        *("--replSet", SET_NAME, "--keyFile", str(_secret_file(directory, "keyfile"))),
        *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "990"),
        *(word for parameter in parameters for word in ("--setParameter", parameter)),
    ]
    if tuning.dies_with_parent:
        command = [sys.executable, "-I", "-S", "-c", _DYING_WITH_PARENT, *command]
    # A session of its own: Ctrl-C in the terminal is for us, and we stop it when our work is put down.
    # posix_spawn leaves no object behind that minds the server outliving us when others are attached.
    quiet = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(directory / "output"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    # The port is noted first: killed before the pid is noted, we still find the server by its own lock file.
    _write(directory / "running.json", json.dumps({"pid": 0, "port": port}))
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=quiet, setsid=True)
    _write(directory / "running.json", json.dumps({"pid": pid, "port": port}))
    return _Running(pid, port)


def _secret_file(directory: Path, name: str) -> Path:
    path = directory / name
    if not path.exists():
        _write(path, secrets.token_hex(48))
    return path


def _write(path: Path, text: str) -> None:
    """Writes a file only we may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    # Renamed once it is on the disk: whoever reads meets the old file or the whole new one.
    fresh.replace(path)


def _note(directory: Path) -> _Running | None:
    try:
        note = json.loads((directory / "running.json").read_text())
        return _Running(pid=int(note["pid"]), port=int(note["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _found(directory: Path) -> _Running | None:
    """The server of ours that runs on this directory, left over or in use; a wrong pid is never trusted."""
    note = _note(directory)
    if note is None:
        return None
    # Whoever started it may have been killed before the pid was noted: the server's own lock file has it too.
    written = 0
    with contextlib.suppress(OSError, ValueError):
        written = int((directory / "data" / "mongod.lock").read_text() or 0)
    return next((_Running(pid, note.port) for pid in (note.pid, written) if pid and _is_ours(pid, directory)), None)


def _is_ours(pid: int, directory: Path) -> bool:
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:  # our child, ended: this reaps it
            return False
    # A pid is given again to anybody: what it runs says whether it is ours.
    shown = b""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            shown = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    else:
        command = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
        shown = subprocess.run(command, capture_output=True, check=False).stdout
    return str(directory / "data") in shown.decode(errors="replace")


def _stop_server(directory: Path) -> None:
    # Found again before each signal: in between its pid may have become somebody else's.
    for sign in (signal.SIGTERM, signal.SIGKILL):
        found = _found(directory)
        if found is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, sign)
        _wait_while(lambda pid: _is_ours(pid, directory), found.pid, STOP_WITHIN)
        _wait_while(_exists, found.pid, 1.0)  # it has lost its name, not yet its port and its lock


def _wait_while(holds: Callable[[int], bool], pid: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while holds(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _made_ready(directory: Path, running: _Running, roles: tuple[str, ...], fresh: bool) -> str:
    """Waits until the server has its set and its user and takes writes; answers its version."""
    deadline = time.monotonic() + START_WITHIN
    client: MongoClient[dict[str, Any]] = MongoClient(
        "127.0.0.1",
        running.port,
        directConnection=True,
        username="__system",
        password=_secret_file(directory, "keyfile").read_text(),
        authSource="local",
        authMechanism="SCRAM-SHA-256",
        serverSelectionTimeoutMS=500,
        connectTimeoutMS=2000,
    )
    last: PyMongoError | None = None
    with client:
        while True:
            try:
                if is_primary(client, running.port):
                    make_user(client, _secret_file(directory, "password").read_text(), roles, fresh)
                    return str(client.server_info()["version"])
            except PyMongoError as error:  # not listening yet, or not primary yet
                last = error
            if not _is_ours(running.pid, directory):
                # Its fatal log line says most (a full disk, a lock), else its output (a missing library).
                said = []
                for name in ("output", "mongod.log"):
                    with contextlib.suppress(OSError):
                        said += (directory / name).read_text(errors="replace").strip().splitlines()[-50:]
                fatal = [line for line in said if '"s":"F"' in line or '"s":"E"' in line]
                words = ((fatal or said)[-1:] or ["nothing"])[0][:400]
                where = f"(all of it: {directory / 'mongod.log'})"
                raise CannotStart((f"mongod ended at its start: {words} {where}",))
            if time.monotonic() > deadline:
                late = f"mongod was not ready in {START_WITHIN:.0f} s ({last}): see {directory / 'mongod.log'}"
                raise CannotStart((late,))
            time.sleep(0.02)
