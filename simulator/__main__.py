"""`python -m simulator`: the outside world as a process; prints its address and its page's as one JSON line.

Settings come from flags, from SIMULATOR_… in the environment and from a JSON object in a file (`--settings FILE`, `-`
for one line of standard input); the first of these that names one wins. Secrets belong in the latter two, since flags
are shown to everybody on the machine.
"""

import argparse
import asyncio
import errno
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import urlsplit

from simulator.server import serve
from simulator.settings import Settings

PREFIX: Final = "SIMULATOR_"
STANDARD_INPUT: Final = "-"
LARGEST_PORT: Final = 65_535
_KINDS: Final = {one.name: one.type for one in fields(Settings)}
_FLAGS: Final = tuple(name for name in _KINDS if name not in {"pair_rate", "allowed_hosts"})


class WrongSettings(Exception):
    """What it was started with cannot be used; the text says which and why."""


def read_settings(
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    standard_input: TextIO | None = None,
) -> tuple[Settings, bool]:
    """Settings, and whether the process ends with its standard input; WrongSettings."""
    given = _parser().parse_args(arguments)
    flags = {name: value for name, value in vars(given).items() if name in _KINDS and value is not None}
    told: dict[str, Any] = {}
    if given.settings is not None:
        told = _from_file(given.settings, standard_input or sys.stdin)
    for name, value in (os.environ if environment is None else environment).items():
        known = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and known in _KINDS:
            told[known] = value
    settings = Settings(**{name: _value(name, value) for name, value in {**told, **flags}.items()})
    _check(settings)
    return settings, bool(given.end_with_stdin)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for name in _FLAGS:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar=name.upper())
    parser.add_argument("--allow-host", dest="allowed_hosts", action="append", help="a further name it answers to")
    parser.add_argument("--no-pair-rate", dest="pair_rate", action="store_false", default=None)
    parser.add_argument("--settings", metavar="FILE", help="a JSON object of settings; - for a line of standard input")
    parser.add_argument(
        "--end-with-stdin", action="store_true", help="end when standard input is closed, as by a death"
    )
    return parser


def _from_file(name: str, standard_input: TextIO) -> dict[str, Any]:
    try:
        text = standard_input.readline() if name == STANDARD_INPUT else Path(name).read_text("utf-8")
        found = json.loads(text)
    except OSError as wrong:
        raise WrongSettings(f"--settings {name}: {wrong.strerror}") from None
    except (ValueError, RecursionError):
        raise WrongSettings(f"--settings {name}: is not JSON") from None
    if not isinstance(found, dict):
        raise WrongSettings(f"--settings {name}: is no JSON object")
    unknown = sorted(set(found) - set(_KINDS))
    if unknown:
        raise WrongSettings(f"--settings {name}: no setting is named {unknown[0]!r}")
    return found


def _value(name: str, value: Any) -> Any:
    """A setting in its own type; what came from flags or the environment is text."""
    kind = _KINDS[name]
    try:
        match name:
            case "allowed_hosts":
                return tuple(value.split(",") if isinstance(value, str) else map(str, value))
            case "pair_rate":
                return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).casefold()]
            case "port":
                return int(value)
            case "seed":
                return None if value is None else int(value)
            case _:
                return float(value) if kind is float else str(value)
    except (KeyError, TypeError, ValueError):
        # not the value itself: it may be a secret in the wrong place
        raise WrongSettings(f"{name}: cannot be read") from None


def _check(settings: Settings) -> None:
    if not 0 <= settings.port <= LARGEST_PORT:
        raise WrongSettings(f"port: {settings.port} is none; 0 takes a free one")
    for name in ("app_url", "public_url"):
        address = getattr(settings, name)
        try:
            parts = urlsplit(address)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if address and not usable:
            raise WrongSettings(f"{name}: {address!r} is no address like http://127.0.0.1:8000")


async def run(settings: Settings, *, end_with_stdin: bool = False) -> None:
    """Serves until SIGTERM or Ctrl-C, or until standard input is closed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    if end_with_stdin:
        loop.add_reader(sys.stdin.fileno(), _ends_at_eof, stop)
    async with serve(settings) as url:
        sys.stdout.write(json.dumps({"url": url, "page": f"{url}/phone/"}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _ends_at_eof(stop: asyncio.Event) -> None:
    """Whoever held the other end is gone, however it died; anything that is said there is not for us."""
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop.set()


def main() -> int:
    """Runs the simulator; 0 when told to stop, 1 where it cannot listen, 2 where its settings are wrong."""
    try:
        settings, end_with_stdin = read_settings()
        asyncio.run(run(settings, end_with_stdin=end_with_stdin))
    except WrongSettings as wrong:
        return _told(str(wrong), 2)
    except (OSError, UnicodeError) as wrong:
        return _told(_why(settings, wrong), 1)
    return 0


def _why(settings: Settings, wrong: Exception) -> str:
    address = f"{settings.host}:{settings.port}"
    if isinstance(wrong, OSError) and wrong.errno == errno.EADDRINUSE:
        return f"{address} is taken; choose another --port, or 0 for a free one"
    if isinstance(wrong, socket.gaierror | UnicodeError):
        return f"{settings.host!r} is no address of any machine; --host is 127.0.0.1 or 0.0.0.0"
    reason = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else type(wrong).__name__
    return f"cannot listen on {address}: {reason}"


def _told(why: str, status: int) -> int:
    sys.stderr.write(f"simulator: {why}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
