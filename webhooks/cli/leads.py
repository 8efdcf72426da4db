"""`janji lead`: one customer seen, explained, understood again, exported, erased."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any

import typer

from webhooks.cli.terminal import DryRun, Json, fail, run, settings_for, uri_of
from webhooks.settings import Settings

lead = typer.Typer(no_args_is_help=True, help="One customer.")


def _settings() -> Settings:
    return settings_for("mongodb_uri", "secret_key")


def _no_such(lead_id: str) -> typer.Exit:
    return fail(f"{lead_id}: there is no such lead")


def _asked(settings: Settings, read: Callable[[Any], Awaitable[Any]], lead_id: str) -> Any:
    """What is read of that lead over a connection of its own; exit 1 where there is none."""
    from webhooks.wiring import opened

    async def reading() -> Any:
        async with opened(settings, uri_of(settings)) as process:
            return await read(process)

    found = run(reading())
    if found is None:
        raise _no_such(lead_id)
    return found


@lead.command()
def show(lead_id: str, *, as_json: Json = False) -> None:
    """One customer: where they stand, what waits, what was said."""
    from webhooks.cli import admin

    settings = _settings()
    shown = run(admin.lead(settings, uri_of(settings), lead_id))
    if shown is None:
        raise _no_such(lead_id)
    typer.echo(json.dumps(shown, ensure_ascii=False) if as_json else json.dumps(shown, ensure_ascii=False, indent=2))


@lead.command()
def why(
    lead_id: str,
    *,
    last: Annotated[int, typer.Option(min=1, help="How many of the last decisions.")] = 30,
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="With what the customer wrote, and numbers in notes.")
    ] = False,
    as_json: Json = False,
) -> None:
    """The last decisions on record as a story: what moved by whom and what message, which checks passed, what was
    refused, by which rule, and what puts it right; what the customer wrote is masked."""
    from webhooks.cli import lead_records

    if as_json:
        told = _asked(_settings(), lambda process: lead_records.why(process, lead_id, last), lead_id)
        typer.echo(json.dumps({"items": told, "next_cursor": None}, ensure_ascii=False))
        return
    read = partial(lead_records.story, lead_id=lead_id, last=last, is_masked=not unmasked)
    for line in _asked(_settings(), read, lead_id):
        typer.echo(line)


@lead.command()
def replay(lead_id: str, *, as_json: Json = False) -> None:
    """Understand everything they wrote once more, changing nothing; exit 1 where it would mean something else now."""
    from webhooks.cli import lead_records

    told = _asked(_settings(), lambda process: lead_records.replayed(process, lead_id), lead_id)
    differing = lead_records.differing(told)
    if as_json:
        typer.echo(json.dumps({"items": told, "differing": differing}, ensure_ascii=False))
        raise typer.Exit(1 if differing else 0)
    for burst in told:
        if burst["same"] is None:
            typer.echo(f"?  {burst['delivery']}  its words are no longer kept")
            continue
        # With quotes: what a customer wrote must not draw over the terminal.
        typer.echo(f"{'=' if burst['same'] else '≠'}  {burst['at'][:19]}  {burst['intent']:14} {burst['words']!r}")
        for name, change in burst["differences"].items():
            typer.echo(f"     {name}: {change['then']} -> {change['now']}")
    typer.echo(f"{len(told)} understood again, {differing} otherwise")
    raise typer.Exit(1 if differing else 0)


@lead.command()
def export(lead_id: str) -> None:
    """All that is stored of a customer as one JSON document, for them to have."""
    from webhooks.cli import lead_records

    told = _asked(_settings(), lambda process: lead_records.export(process, lead_id), lead_id)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@lead.command()
def erase(lead_id: str, *, dry_run: DryRun = False) -> None:
    """Destroy a customer's key: nothing personal of theirs can be read again."""
    from webhooks.cli import admin

    settings = _settings()
    try:
        found = run(admin.erase(settings, uri_of(settings), lead_id, dry_run=dry_run))
    except admin.StillBooked:
        raise fail(f"{lead_id}: has a booking that stands; cancel or complete it first") from None
    if not found:
        raise _no_such(lead_id)
    typer.echo("would be erased" if dry_run else "erased")
