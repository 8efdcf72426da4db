"""`janji money`: does every unit hold, and does the provider say the same."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

import typer

from webhooks.cli.terminal import Json, run, settings_for, uri_of
from webhooks.settings import Settings

money = typer.Typer(no_args_is_help=True, help="The books.")


@money.command("check")
def check(*, as_json: Json = False) -> None:
    """Every posting balances, and ledger and records say the same; exit 1 when not."""
    settings = settings_for("mongodb_uri", "secret_key")
    found = run(_checked(settings))
    if as_json:
        typer.echo(json.dumps(found))
    else:
        typer.echo(
            f"{'the money holds' if found['holds'] else 'the money does NOT hold'}, {found['bookings']} bookings"
        )
        for one in found["differences"]:
            typer.echo(
                f"✗ {one['reference']} {one['term']} {one['currency']}: {one['in_ledger']} / {one['in_records']}"
            )
    raise typer.Exit(0 if found["holds"] else 1)


async def _checked(settings: Settings) -> dict[str, Any]:
    from bot.store.driver import close, database, open_client
    from payments.services.cashier import money_check
    from webhooks import wiring
    from webhooks.api.money import views

    client = open_client(uri_of(settings))
    try:
        store = wiring.money_store(settings, database(client, settings.mongodb_database))
        return views.checked(await money_check(store))
    finally:
        await close(client)


@money.command("reconcile")
def reconcile(
    *,
    days: Annotated[int, typer.Option(min=1, max=90, help="How far back the provider's rows are read again.")] = 1,
    accept: Annotated[
        str | None, typer.Option(help="A row of the provider that nobody here ordered, by its id: book it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare only; read, book and keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Lay the provider's own rows, then its balances, against our books; exit 1 when they differ."""
    settings = settings_for("mongodb_uri", "secret_key", "xendit_secret_key")
    found = run(_reconciled(settings, timedelta(days=days), accept, dry_run=dry_run))
    if as_json:
        typer.echo(json.dumps(found))
    else:
        for line in _in_words(found):
            typer.echo(line)
    raise typer.Exit(0 if found["holds"] else 1)


async def _reconciled(settings: Settings, span: timedelta, accept: str | None, *, dry_run: bool) -> dict[str, Any]:
    from bot.store.clock import BusinessClock
    from payments.services.cashier import money_check
    from webhooks import wiring
    from webhooks.api.money import views

    async with wiring.opened(settings, uri_of(settings)) as process:
        assert process.money is not None
        cashier, now = process.money.cashier, await BusinessClock(process.database).business_now()
        unknown = accept is not None and not await cashier.statement.accept(accept, now, dry_run=dry_run)
        if dry_run:
            rows, look = 0, await cashier.books.compare(now)
        else:
            found = await cashier.books.reconcile(now, span)
            rows, look = found.rows, found.look
        checked = views.checked(await money_check(process.money.store))
    holds = look.holds and checked["holds"] and not unknown
    return {
        **checked,
        "rows": rows,
        **views.reconciled(look),
        "unknown": accept if unknown else None,
        "holds": holds,
    }


def _in_words(found: dict[str, Any]) -> Iterator[str]:
    if found["unknown"] is not None:
        yield f"✗ there is no row {found['unknown']} that waits to be accepted"
    yield f"{found['rows']} rows of the provider read"
    for one in found["balances"]:
        yield f"{one['currency']} {one['account']}: ours {one['ours']}, the provider's {one['theirs']}"
    for sentence in found["in_words"]:
        yield f"✗ {sentence}"
    for row in found["strays"]:
        yield f"✗ nobody here ordered {row}; `janji money reconcile --accept {row}` books it"
    for transfer in found["moving"]:
        yield f"  on its way: {transfer}"
    for one in found["differences"]:
        yield f"✗ {one['reference']} {one['term']} {one['currency']}: {one['in_ledger']} / {one['in_records']}"
    yield "the books hold" if found["holds"] else "the books do NOT hold"
