"""What every command shares: settings or their problems, a task run to its end, problems said in red, exit codes."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from flows.keys import KeyUnreadable
from webhooks import logs
from webhooks.business import BusinessFileWrong
from webhooks.settings import Settings, SettingsProblems, load

T = TypeVar("T")

err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


def fail(*problems: str) -> typer.Exit:
    """The problems, said; the exit 1 to raise."""
    _say(problems)
    return typer.Exit(1)


def misused(problem: str) -> typer.Exit:
    """How the command is used, said; the exit 2 to raise."""
    _say([problem])
    return typer.Exit(2)


def _say(problems: Iterable[str]) -> None:
    for problem in problems:
        err.print(f"✗ {problem}", style="red", markup=False, highlight=False, soft_wrap=True)


def settings_for(*needed: str, demo: bool = False) -> Settings:
    """The settings, or every problem with them and exit 1."""
    try:
        settings = load(needed, demo=demo)
    except SettingsProblems as wrong:
        raise fail(*wrong.problems) from None
    logs.set_up(settings.log_level, settings.log_format)
    return settings


def run(task: Coroutine[Any, Any, T]) -> T:
    """What the task yields; what ends it is said. One that is interrupted did not hold: exit 1."""
    # late: the first import of the doors costs half a second, which `janji version` need not wait for
    from webhooks.launch import PartEnded

    try:
        return asyncio.run(task)
    except BusinessFileWrong as wrong:
        raise fail(*wrong.problems) from None
    except KeyUnreadable as wrong:
        raise fail(f"FLOW_PRIVATE_KEY: {wrong}") from None
    except PartEnded as ended:
        raise fail(str(ended)) from None


def run_until_stopped(task: Coroutine[Any, Any, T]) -> T:
    """The same for a task that a person ends: Ctrl-C is its end, exit 0."""
    try:
        return run(task)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def uri_of(settings: Settings) -> str:
    """Where the database is, or exit 1."""
    if settings.mongodb_uri is None:
        raise fail("MONGODB_URI: is not set; set it to the MongoDB of this house")
    return settings.mongodb_uri.get_secret_value()
