"""`janji`: the command line. Exit 0 done, 1 it did not hold or failed, 2 wrong use."""

import asyncio
import json
import os
import sys
from importlib.metadata import version as installed_version
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from webhooks import logs
from webhooks.business import BusinessFileWrong, load_business
from webhooks.cli import flows, templates
from webhooks.cli.leads import lead
from webhooks.cli.money import money
from webhooks.cli.terminal import DryRun, Json, err, fail, misused, run, run_until_stopped, settings_for, uri_of
from webhooks.local import embedded
from webhooks.settings import (
    NEEDED_OUTSIDE_THE_DEMO,
    NEEDED_TO_SERVE,
    Settings,
    SettingsProblems,
    kept_secret_key,
    load,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
deliveries = typer.Typer(no_args_is_help=True, help="What came in at the doors.")
clock = typer.Typer(no_args_is_help=True, help="Business time (demo and tests).")
app.add_typer(deliveries, name="deliveries")
app.add_typer(lead, name="lead")
app.add_typer(clock, name="clock")
app.add_typer(money, name="money")
app.add_typer(flows.app, name="flows")
app.add_typer(templates.app, name="templates")


def main() -> None:
    """The entry point."""
    app()


@app.command()
def demo(
    *,
    headless: Annotated[bool, typer.Option("--headless", help="Scripted customers; ends by itself.")] = False,
    as_json: Json = False,
    port: Annotated[int, typer.Option(help="Where the doors listen; 0 takes a free port.")] = 0,
    seed: Annotated[int | None, typer.Option(help="Repeats the simulator's ids.")] = None,
) -> None:
    """Everything on this machine with a simulated WhatsApp; no account anywhere."""
    from webhooks.local import demo as shows

    settings = settings_for(demo=True)
    logs.set_up("debug" if settings.log_level == "debug" else "warning", settings.log_format)
    if not headless and not as_json:
        err.print(embedded.TRIAL_ONLY, style="yellow")
    console = Console(stderr=as_json)
    try:
        with embedded.running(shows.state_directory()) as mongo:
            if not headless:
                run_until_stopped(_shown(settings, mongo.uri, port, seed))
                return
            result = run(shows.headless(settings, mongo.uri, port=port, seed=seed, console=console))
    except embedded.CannotStart as problem:
        raise fail(*problem.problems) from None
    if as_json:
        sys.stdout.write(result.as_json() + "\n")
    else:
        console.print(f"{result.conversations} conversations, {result.messages_out} messages, {result.seconds:.1f} s")
    raise typer.Exit(0 if result.went_well else 1)


async def _shown(settings: Settings, uri: str, port: int, seed: int | None) -> None:
    from webhooks.local import demo as shows

    async with shows.shown(settings, uri, port=port, seed=seed) as running:
        err.print(shows.addresses(running), highlight=False)
        await asyncio.Event().wait()


@app.command()
def up() -> None:
    """Web and worker on this machine; an embedded MongoDB when MONGODB_URI is unset."""
    from webhooks import launch
    from webhooks.local import demo as shows

    settings = settings_for(*NEEDED_OUTSIDE_THE_DEMO)
    if settings.secret_key is None:
        settings = settings.with_changes(secret_key=kept_secret_key())
    if settings.mongodb_uri is not None:
        run_until_stopped(launch.up(settings, uri_of(settings), None))
        return
    err.print(embedded.TRIAL_ONLY, style="yellow")
    try:
        with embedded.running(shows.state_directory()) as mongo:
            run_until_stopped(launch.up(settings, mongo.uri, embedded.TRIAL_ONLY))
    except embedded.CannotStart as problem:
        raise fail(*problem.problems) from None


@app.command()
def serve() -> None:
    """The doors: WhatsApp's webhooks, the API, health."""
    from webhooks import launch

    settings = settings_for(*NEEDED_TO_SERVE)
    run_until_stopped(launch.serve(settings, uri_of(settings)))


@app.command()
def work() -> None:
    """The worker: answers what came in."""
    from webhooks import launch

    settings = settings_for(*NEEDED_TO_SERVE)
    run_until_stopped(launch.work(settings, uri_of(settings)))


@app.command()
def migrate(*, dry_run: DryRun = False) -> None:
    """Bring the database to this version."""
    from webhooks.cli import admin

    settings = settings_for("mongodb_uri")
    had, has = run(admin.migrate(settings, uri_of(settings), dry_run=dry_run))
    typer.echo(f"schema {had} -> {has}{' (nothing done)' if dry_run else ''}")


@app.command()
def check(*, as_json: Json = False) -> None:
    """Settings and business file: every problem at once, with line and mend."""
    problems: list[str] = []
    try:
        settings = load(NEEDED_TO_SERVE)
    except SettingsProblems as wrong:
        problems += wrong.problems
        settings = wrong.readable
    try:
        load_business(settings.business_file)
    except BusinessFileWrong as wrong:
        problems += wrong.problems
    problems += flows.problems()
    problems += templates.problems()
    if as_json:
        typer.echo(json.dumps({"ok": not problems, "problems": problems}))
        raise typer.Exit(1 if problems else 0)
    if problems:
        raise fail(*problems)
    typer.echo("all is well")


_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(context_settings=_ANYTHING)
def simulate(
    others: typer.Context,
    *,
    app_url: Annotated[str, typer.Option("--app-url", help="The backend to talk to.")] = "http://127.0.0.1:8000",
    port: Annotated[int, typer.Option(help="0 takes a free port.")] = 0,
) -> None:
    """Phone page, Graph API and Xendit alone, against any backend; other options are the simulator's own."""
    _become("simulator", "--app-url", app_url, "--port", str(port), *others.args)


@app.command(context_settings=_ANYTHING)
def chat(
    others: typer.Context,
    *,
    url: Annotated[str, typer.Option(help="A running simulator; without it a demo is started for this chat.")] = "",
) -> None:
    """A WhatsApp phone in the terminal; other options are the phone's own (--name, --number)."""
    if url:
        _become("simulator.chat", "--url", url, *others.args)
    from webhooks.local import demo as shows

    settings = settings_for(demo=True)
    logs.set_up("error", settings.log_format)
    err.print(embedded.TRIAL_ONLY, style="yellow")
    try:
        with embedded.running(shows.state_directory()) as mongo:
            code = run_until_stopped(shows.chatting(settings, mongo.uri, tuple(others.args)))
    except embedded.CannotStart as problem:
        raise fail(*problem.problems) from None
    raise typer.Exit(code)


def _become(module: str, *arguments: str) -> NoReturn:
    """This process goes on as another program of the package, one that no import may reach; signals are its own."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own module: no shell wanted


@app.command()
def understand(
    text: Annotated[str | None, typer.Argument(help="One text; without it JSON lines on standard input.")] = None,
) -> None:
    """What a text means: intents, dates, numbers, language, as JSON."""
    from bot.store.clock import real_now
    from intents import embedded
    from intents.lines import answered

    embeds = embedded.shipped()
    lines = [json.dumps({"text": text})] if text is not None else sys.stdin
    for line in lines:
        if line.strip():
            sys.stdout.write(answered(line, real_now(), embeds) + "\n")


@app.command()
def openapi() -> None:
    """The API's description (OpenAPI 3.1) as JSON."""
    from webhooks.api.openapi import document

    typer.echo(json.dumps(document(), indent=2))


@app.command()
def version() -> None:
    """Which Janji this is."""
    typer.echo(installed_version("janji"))


@deliveries.command("list")
def deliveries_list(
    *,
    state: Annotated[str, typer.Option(help="new, parked or done.")] = "parked",
    as_json: Json = False,
) -> None:
    """Deliveries in a state, newest first."""
    from bot.store.received import DeliveryState
    from webhooks.cli import admin

    if state not in set(DeliveryState):
        raise misused(f"--state is one of {', '.join(DeliveryState)}")
    settings = settings_for("mongodb_uri", "secret_key")
    rows = run(admin.deliveries(settings, uri_of(settings), DeliveryState(state)))
    if as_json:
        typer.echo(json.dumps({"items": rows, "next_cursor": None}))
        return
    for row in rows:
        typer.echo(f"{row['received_at']}  {row['state']:6}  {row['kind']:8}  {row['id']}  {row['reason'] or ''}")


@deliveries.command("replay")
def deliveries_replay(delivery: str, *, dry_run: DryRun = False) -> None:
    """Bring a parked delivery back."""
    from webhooks.cli import admin

    settings = settings_for("mongodb_uri", "secret_key")
    if not run(admin.replay(settings, uri_of(settings), delivery, dry_run=dry_run)):
        raise fail(f"{delivery}: no parked delivery has this id; `janji deliveries list` shows them")
    typer.echo("would be replayed" if dry_run else "replayed")


@clock.command("show")
def clock_show(*, as_json: Json = False) -> None:
    """Business time, and how far it is from real time."""
    from webhooks.cli import admin

    settings = settings_for("mongodb_uri")
    now, offset = run(admin.business_time(settings, uri_of(settings)))
    typer.echo(json.dumps({"now": now, "offset_seconds": offset}) if as_json else f"{now} ({offset:+.0f} s)")


@clock.command("move")
def clock_move(duration: str, *, dry_run: DryRun = False) -> None:
    """Move business time by a duration such as 30m, 2h or 1d; refused where real money is."""
    from webhooks.cli import admin

    by = admin.duration(duration)
    if by is None:
        raise misused("a duration is a number and s, m, h or d: 30m, 2h, 1d")
    settings = settings_for("mongodb_uri")
    if settings.has_live_key:
        raise fail("XENDIT_SECRET_KEY: business time is not moved while a live key is set")
    typer.echo(run(admin.move_clock(settings, uri_of(settings), by, dry_run=dry_run)))


@clock.command("reset")
def clock_reset(*, dry_run: DryRun = False) -> None:
    """Business time is real time again."""
    from webhooks.cli import admin

    settings = settings_for("mongodb_uri")
    if settings.has_live_key:
        raise fail("XENDIT_SECRET_KEY: business time is not moved while a live key is set")
    typer.echo(run(admin.reset_clock(settings, uri_of(settings), dry_run=dry_run)))
