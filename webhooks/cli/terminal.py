"""What every command shares: settings or their problems, a task run to its end, problems said in red, exit codes."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Annotated, Any, Final, TypeVar

import httpx
import typer
from pymongo.errors import ConfigurationError, PyMongoError
from rich.console import Console

from flows.keys import KeyUnreadable
from webhooks import logs
from webhooks.business import BusinessFileWrong
from webhooks.settings import Settings, SettingsProblems, load

T = TypeVar("T")

err = Console(stderr=True)

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, an operator or a supervisor, a terminal that is closed."""

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
        # Without markup: a problem may quote a file, and `[/x]` in it would be an error of the printer.
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
    """What the task yields; what ends it is said in one line. One that is interrupted did not hold: exit 1."""
    try:
        return _until_the_end(task)
    except _Interrupted:
        raise typer.Exit(1) from None


def run_until_stopped(task: Coroutine[Any, Any, T]) -> T:
    """The same for a task that a person ends: Ctrl-C, SIGTERM or a closed terminal is its end, exit 0."""
    try:
        return _until_the_end(task)
    except _Interrupted:
        raise typer.Exit(0) from None


class _Interrupted(Exception):
    """A signal ended it."""


def _until_the_end(task: Coroutine[Any, Any, T]) -> T:
    # late: the first import of the doors costs half a second, which `janji version` need not wait for
    from webhooks.launch import CannotListen, PartEnded
    from webhooks.processes.older_versions import OlderIsAlive

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(_stoppable(task))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise _Interrupted from None
    except BusinessFileWrong as wrong:
        raise fail(*wrong.problems) from None
    except KeyUnreadable as wrong:
        raise fail(f"FLOW_PRIVATE_KEY: {wrong}") from None
    except (PartEnded, CannotListen, OlderIsAlive) as ended:
        raise fail(str(ended)) from None
    except ConfigurationError as wrong:
        # its words may quote the address, and the password in it
        raise fail(f"MONGODB_URI: is no address of a MongoDB ({type(wrong).__name__})") from None
    except PyMongoError as gone:
        raise fail(f"MONGODB_URI: the database does not answer as it should ({type(gone).__name__})") from None
    except httpx.HTTPError as gone:
        try:
            address = f"{gone.request.url.scheme}://{gone.request.url.netloc.decode()}"
        except RuntimeError:  # httpx: it failed before there was a request
            address = "the other side"
        raise fail(f"{address}: does not answer ({type(gone).__name__})") from None
    except OSError as wrong:
        where = f"{wrong.filename}: " if wrong.filename else ""
        raise fail(f"{where}{wrong.strerror or type(wrong).__name__}") from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The fast loop where there is one; uvicorn would choose it by itself, but our worker does not run under it."""
    try:
        import uvloop
    except ImportError:  # not made for this platform
        return None
    return uvloop.new_event_loop


async def _stoppable(task: Coroutine[Any, Any, T]) -> T:
    """The task, cancelled by the first signal that asks for its end; what it has open is closed in order."""
    from webhooks.launch import on_signals

    running = asyncio.ensure_future(task)
    with on_signals(partial(_cancel_once, running), *ENDING):
        return await running


def _cancel_once(running: "asyncio.Task[Any]") -> None:
    # a second signal (a closing terminal sends two) must not interrupt the putting in order; that has its own ends
    if not running.cancelling():
        running.cancel()


@contextmanager
def ending_in_order() -> Iterator[None]:
    """While inside, SIGTERM and a closed terminal end what goes on as Ctrl-C does, so that what was started is
    stopped. A signal that is ignored here (nohup) stays ignored."""
    asked: list[int] = []

    def interrupt(sign: int, _: FrameType | None) -> None:
        asked.append(sign)
        # Once only: a second signal must not break off the stopping of what was started.
        if len(asked) == 1:
            raise KeyboardInterrupt

    signs = [sign for sign in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(sign) is not signal.SIG_IGN]
    before = {sign: signal.signal(sign, interrupt) for sign in signs}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def uri_of(settings: Settings) -> str:
    """Where the database is, or exit 1."""
    if settings.mongodb_uri is None:
        raise fail("MONGODB_URI: is not set; set it to the MongoDB of this house")
    return settings.mongodb_uri.get_secret_value()
