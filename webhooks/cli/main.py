"""`janji`: the command line. Exit 0 done, 1 it did not hold or failed, 2 wrong use."""

import json
import os
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from bot.business.definition import Business
from bot.business.file import json_schema
from bot.business.keys import as_markdown
from bot.replies.catalogue import checks
from webhooks.business import BusinessFileWrong, load_business
from webhooks.cli import catalogue, flows, templates, trial, unread_keys
from webhooks.cli.alarms import alarms
from webhooks.cli.attention import attention
from webhooks.cli.blocks import blocks
from webhooks.cli.complaints import complaints
from webhooks.cli.leads import lead
from webhooks.cli.money import money
from webhooks.cli.partners import partners
from webhooks.cli.places import places
from webhooks.cli.rules import rules
from webhooks.cli.tasks import tasks
from webhooks.cli.terminal import DryRun, Json, fail, misused, run, run_until_stopped, settings_for, uri_of
from webhooks.cli.users import users
from webhooks.cli.words import notes, words
from webhooks.settings import (
    NEEDED_TO_SERVE,
    SettingsProblems,
    load,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
deliveries = typer.Typer(no_args_is_help=True, help="What came in at the doors.")
clock = typer.Typer(no_args_is_help=True, help="Business time (demo and tests).")
app.add_typer(deliveries, name="deliveries")
app.add_typer(lead, name="lead")
app.add_typer(clock, name="clock")
app.add_typer(money, name="money")
app.add_typer(blocks, name="blocks")
app.add_typer(places, name="places")
app.add_typer(tasks, name="tasks")
app.add_typer(partners, name="partners")
app.add_typer(complaints, name="complaints")
app.add_typer(users, name="users")
app.add_typer(attention, name="attention")
app.add_typer(rules, name="rules")
app.command("alarms")(alarms)
app.command("words")(words)
app.add_typer(flows.app, name="flows")
app.add_typer(templates.app, name="templates")
app.add_typer(catalogue.app, name="catalogue")
trial.register(app)


def main() -> None:
    """The entry point."""
    try:
        app()
    finally:
        # a closed terminal, a pipe that nobody reads: what is still to be flushed must not decide the exit code
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@app.callback()
def common(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="The demo that runs here: its MongoDB and its settings.")
    ] = False,
) -> None:
    """An open WhatsApp booking backend."""
    if demo:
        from webhooks.local.demo_note import NoDemo, adopt

        try:
            adopt()
        except NoDemo as none:
            raise fail(str(none)) from None


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
    """Bring the database to this version; what an earlier one left for a person gets its alarm."""
    from webhooks.cli import admin

    settings = settings_for("mongodb_uri", "secret_key")
    had, has, alarms_opened = run(admin.migrate(settings, uri_of(settings), dry_run=dry_run))
    typer.echo(f"schema {had} -> {has}{' (nothing done)' if dry_run else ''}")
    if alarms_opened:
        typer.echo(f"{alarms_opened} alarms opened; `janji alarms` lists them")


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A business file, checked alone; everything when left out.")
    ] = None,
    *,
    keys: Annotated[bool, typer.Option("--keys", help="Print every key of a business file, and its default.")] = False,
    as_json: Json = False,
) -> None:
    """Settings, business file, keys, languages, templates, flows: every problem at once, with line and fix."""
    if keys:
        typer.echo(as_markdown(json_schema()), nl=False)
        return
    problems: list[str] = []
    if file is not None:
        business = _business_in(file, str(file), problems)
    else:
        try:
            settings = load(NEEDED_TO_SERVE)
        except SettingsProblems as wrong:
            problems += wrong.problems
            settings = wrong.readable
        business = _business_in(settings.business_file, "BUSINESS_FILE", problems)
        problems += [*flows.key_problems(), *unread_keys.problems()]
        # forms and templates are made of the words in the language files, and cannot be built where some are missing
        problems += checks.problems() or [*flows.problems(), *templates.problems(business)]
    told = [] if business is None else notes(business)
    if as_json:
        typer.echo(json.dumps({"ok": not problems, "problems": problems, "notes": told}))
        raise typer.Exit(1 if problems else 0)
    for note in told:
        typer.echo(f"note: {note}")
    if problems:
        raise fail(*problems)
    typer.echo("all is well")


def _business_in(file: Path | None, name: str, problems: list[str]) -> Business | None:
    try:
        return load_business(file, name)
    except BusinessFileWrong as wrong:
        problems += wrong.problems
        return None


@app.command()
def understand(
    text: Annotated[str | None, typer.Argument(help="One text; without it JSON lines on standard input.")] = None,
) -> None:
    """What a text means: intents, dates, numbers, language, as JSON; exit 1 when a line could not be read."""
    from bot.store.clock import real_now
    from intents import embedded
    from intents.lines import answered

    embeds = embedded.shipped()
    lines = [json.dumps({"text": text}).encode()] if text is not None else sys.stdin.buffer
    unreadable: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        # an answer for each line, so that the two files stay side by side
        answer = answered(line.decode(errors="surrogateescape"), real_now(), embeds)
        sys.stdout.write(answer + "\n")
        if problem := json.loads(answer).get("error"):
            unreadable.append(f"line {number}: {problem}")
    sys.stdout.flush()
    if unreadable:
        raise fail(*unreadable)


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
    from bot.store.delivery import DeliveryState
    from webhooks.cli import admin

    if state not in set(DeliveryState):
        raise misused(f"--state is one of {', '.join(DeliveryState)}")
    settings = settings_for("mongodb_uri", "secret_key")
    rows = run(admin.deliveries(settings, uri_of(settings), DeliveryState(state)))
    if as_json:
        typer.echo(json.dumps({"items": rows, "next_cursor": None}))
        return
    for row in rows:
        what = f"{row['source']:8}  {row['kind']:8}"
        typer.echo(f"{row['received_at']}  {row['state']:6}  {what}  {row['id']}  {row['reason'] or ''}")


@deliveries.command("notices")
def deliveries_notices(
    *,
    seen: Annotated[bool, typer.Option("--seen", help="Mark all of them as looked at.")] = False,
    as_json: Json = False,
) -> None:
    """What the operator should know: bans, templates, forms, groups; newest first."""
    from webhooks.cli import admin

    settings = settings_for("mongodb_uri", "secret_key")
    rows = run(admin.notices(settings, uri_of(settings), mark_seen=seen))
    if as_json:
        typer.echo(json.dumps({"items": rows, "next_cursor": None}))
        return
    for row in rows:
        facts = ", ".join(f"{name}={value}" for name, value in row["facts"].items())
        typer.echo(f"{row['at']}  {row['gravity']:8}  {row['kind']:18}  {'' if row['is_seen'] else 'new  '}{facts}")


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
