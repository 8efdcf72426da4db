"""The note that a running demo leaves in its folder, so that `janji --demo …` finds both."""

import json
import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from webhooks.settings import STATE_DIRECTORY, Settings

NOTE: Final = STATE_DIRECTORY / "demo.json"
_PID: Final = "pid"


class NoDemo(Exception):
    """No demo runs in this folder."""

    def __init__(self) -> None:
        super().__init__("no demo runs in this folder; start one with `janji demo`, or go to the folder where it runs")


@contextmanager
def noted(settings: Settings, uri: str, note: Path = NOTE) -> Iterator[None]:
    """While inside, the note says where this demo is and how it is set; readable by this user alone."""
    told = settings.with_changes(mongodb_uri=SecretStr(uri))
    set_here: dict[str, str] = {}
    for name, value in told:
        if value not in (None, ""):
            text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            set_here[name.upper()] = text.lower() if isinstance(value, bool) else text
    fresh = note.with_name(f"{note.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({_PID: os.getpid(), "settings": set_here}, file)
    fresh.replace(note)
    try:
        yield
    finally:
        # a later demo in this folder has its own note there by now
        if _read(note).get(_PID) == os.getpid():
            note.unlink(missing_ok=True)


def adopt(environment: MutableMapping[str, str] | None = None, note: Path = NOTE) -> None:
    """Be set as the demo that runs in this folder is; NoDemo."""
    environment = os.environ if environment is None else environment
    known = _read(note)
    pid = known.get(_PID)
    if not isinstance(pid, int):
        raise NoDemo
    # A demo that was killed leaves its note, and its number may be anybody's by now: 0 asks, and sends nothing.
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        raise NoDemo from None
    except PermissionError:
        pass  # another user's: it runs
    for name, value in known["settings"].items():
        environment[name] = value
        environment.pop(f"{name}_FILE", None)


def _read(note: Path) -> dict[str, Any]:
    try:
        found = json.loads(note.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
