"""What every command shares: settings or their problems, a task run to its end, problems said in red, exit codes."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Annotated, Any

import typer
from rich.console import Console

from flows.keys import KeyUnreadable
from webhooks import logs
from webhooks.business import BusinessFileWrong
from webhooks.settings import Settings, SettingsProblems, load

err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


def fail(problems: Iterable[str]) -> typer.Exit:
    """The problems, said; the exit 1 to raise."""
    for problem in problems:
        err.print(f"✗ {problem}", style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(1)


def settings_for(needed: Iterable[str] = (), *, demo: bool = False) -> Settings:
    """The settings, or every problem with them and exit 1."""
    try:
        settings = load(needed, demo=demo)
    except SettingsProblems as wrong:
        raise fail(wrong.problems) from None
    logs.set_up(settings.log_level, settings.log_format)
    return settings


def run(task: Coroutine[Any, Any, Any]) -> Any:
    """What the task yields; what ends it is said."""
    # late: the first import of the doors costs half a second, which `janji version` need not wait for
    from webhooks.processes import PartEnded

    try:
        return asyncio.run(task)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    except BusinessFileWrong as wrong:
        raise fail(str(wrong).splitlines()) from None
    except KeyUnreadable as wrong:
        raise fail([f"FLOW_PRIVATE_KEY: {wrong}"]) from None
    except PartEnded as ended:
        raise fail([str(ended)]) from None


def uri_of(settings: Settings) -> str:
    """Where the database is, or exit 1."""
    if settings.mongodb_uri is None:
        raise fail(["MONGODB_URI: is not set; set it to the MongoDB of this house"])
    return settings.mongodb_uri.get_secret_value()
