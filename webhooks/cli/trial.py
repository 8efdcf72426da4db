"""What runs on one machine for trial: `demo`, `up`, `chat`, `simulate`."""

import asyncio
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from webhooks import logs
from webhooks.business import CONCIERGE, SAMPLES, sample_path
from webhooks.cli.terminal import (
    Json,
    ending_in_order,
    err,
    fail,
    misused,
    run,
    run_until_stopped,
    settings_for,
    uri_of,
)
from webhooks.local import embedded
from webhooks.settings import NEEDED_OUTSIDE_THE_DEMO, Settings, kept_secret_key

if TYPE_CHECKING:
    from webhooks.local.demo import Ports

_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Make them commands of that program."""
    app.command()(demo)
    app.command()(up)
    app.command(context_settings=_ANYTHING)(simulate)
    app.command(context_settings=_ANYTHING)(chat)


@contextmanager
def _mongod() -> Iterator[embedded.Embedded]:
    """The embedded MongoDB, stopped again however this process is asked to end."""
    from webhooks.local.demo import state_directory

    directory = state_directory()
    with ending_in_order():
        try:
            server = embedded.start(directory)
        except embedded.CannotStart as problem:
            raise fail(*problem.problems) from None
        except OSError as wrong:
            raise fail(f"{wrong.filename or directory}: {wrong.strerror}") from None
        try:
            yield server
        finally:
            server.stop()


def needs_simulator() -> None:
    """Ends with one line where the simulated outside world is not installed: it is not in the production wheel."""
    if importlib.util.find_spec("simulator") is None:
        raise fail("the simulator is not in this installation: run this from a checkout of the repository")


def demo(
    *,
    headless: Annotated[bool, typer.Option("--headless", help="Scripted customers; ends by itself.")] = False,
    as_json: Json = False,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where the doors listen; PORT, else 8000 if it is free.")
    ] = None,
    page_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where the page is; 8600 if it is free.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeats the simulator's ids.")] = None,
    business: Annotated[
        str | None, typer.Option(help=f"A business that ships: {', '.join(SAMPLES)}; BUSINESS_FILE when left out.")
    ] = None,
) -> None:
    """Everything on this machine with a simulated WhatsApp; no account anywhere."""
    from webhooks.local import demo as shows
    from webhooks.local.demo_scripts import customers_of

    needs_simulator()
    path = None if business is None else sample_path(business)
    if business is not None and path is None:
        raise misused(f"--business is one of {', '.join(SAMPLES)}")
    settings = settings_for(demo=True)
    if path is not None:
        settings = settings.with_changes(business_file=path)
    logs.set_up("debug" if settings.log_level == "debug" else "warning", settings.log_format)
    if port is None and "port" in settings.model_fields_set:
        port = settings.port
    if not headless and not as_json:
        err.print(embedded.TRIAL_ONLY, style="yellow")
    console = Console(stderr=as_json)
    with _mongod() as mongo:
        try:
            if not headless:
                ports = shows.Ports(port, page_port)
                run_until_stopped(_shown(settings, mongo.uri, ports, seed))
                return
            # nobody opens a page of it: any ports do, and two at once disturb each other in nothing
            ports = shows.Ports(0 if port is None else port, 0 if page_port is None else page_port)
            customers = customers_of(business or CONCIERGE)
            result = run(shows.headless(settings, mongo.uri, customers, ports=ports, seed=seed, console=console))
        except shows.SimulatorDidNotStart as wrong:
            raise fail(str(wrong)) from None
    if as_json:
        sys.stdout.write(result.as_json() + "\n")
    else:
        console.print(f"{result.conversations} conversations, {result.messages_out} messages, {result.seconds:.1f} s")
    raise typer.Exit(0 if result.went_well else 1)


async def _shown(settings: Settings, uri: str, ports: "Ports", seed: int | None) -> None:
    from webhooks.local import demo as shows

    async with shows.shown(settings, uri, ports=ports, seed=seed) as running:
        err.print(shows.addresses(running), highlight=False)
        await asyncio.Event().wait()


def up() -> None:
    """Web and worker on this machine; an embedded MongoDB when MONGODB_URI is unset."""
    from webhooks import launch

    settings = settings_for(*NEEDED_OUTSIDE_THE_DEMO)
    if settings.secret_key is None:
        settings = settings.with_changes(secret_key=kept_secret_key())
    if settings.mongodb_uri is not None:
        run_until_stopped(launch.up(settings, uri_of(settings), None))
        return
    err.print(embedded.TRIAL_ONLY, style="yellow")
    with _mongod() as mongo:
        run_until_stopped(launch.up(settings, mongo.uri, embedded.TRIAL_ONLY))


def simulate(
    others: typer.Context,
    *,
    app_url: Annotated[str, typer.Option("--app-url", help="The backend to talk to.")] = "http://127.0.0.1:8000",
    port: Annotated[int, typer.Option(help="0 takes a free port.")] = 0,
) -> None:
    """Phone page, Graph API and Xendit alone, against any backend; other options are the simulator's own."""
    needs_simulator()
    _become("simulator", "--app-url", app_url, "--port", str(port), *others.args)


def chat(
    others: typer.Context,
    *,
    url: Annotated[str, typer.Option(help="A running simulator; without it a demo is started for this chat.")] = "",
) -> None:
    """A WhatsApp phone in the terminal; other options are the phone's own (--name, --number)."""
    needs_simulator()
    if url:
        _become("simulator.chat", "--url", url, *others.args)
    from webhooks.local import demo as shows

    settings = settings_for(demo=True)
    logs.set_up("error", settings.log_format)
    err.print(embedded.TRIAL_ONLY, style="yellow")
    with _mongod() as mongo:
        try:
            code = run_until_stopped(shows.chatting(settings, mongo.uri, tuple(others.args)))
        except shows.SimulatorDidNotStart as wrong:
            raise fail(str(wrong)) from None
    raise typer.Exit(code)


def _become(module: str, *arguments: str) -> NoReturn:
    """This process goes on as another program of the package, one that no import may reach; signals are its own."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own module: no shell wanted
