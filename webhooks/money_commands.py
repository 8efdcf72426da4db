"""`janji money`: does every unit hold, and does the provider say the same."""

import asyncio
import json
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.console import Console

from webhooks import logs
from webhooks.settings import Settings, SettingsProblems, load

money = typer.Typer(no_args_is_help=True, help="The books.")
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def _settings(*needed: str) -> Settings:
    try:
        settings = load(("mongodb_uri", "secret_key", *needed))
    except SettingsProblems as wrong:
        for problem in wrong.problems:
            err.print(f"✗ {problem}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    logs.set_up(settings.log_level, settings.log_format)
    return settings


def _uri(settings: Settings) -> str:
    return "" if settings.mongodb_uri is None else settings.mongodb_uri.get_secret_value()


@money.command("check")
def check(*, as_json: AsJson = False) -> None:
    """Every posting balances, and ledger and records say the same; exit 1 when not."""
    settings = _settings()
    found = asyncio.run(_checked(settings))
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
    from payments.cashier import money_check
    from webhooks import money_views, wiring

    client = open_client(_uri(settings))
    try:
        store = wiring.money_store(settings, database(client, settings.mongodb_database))
        return money_views.checked(await money_check(store))
    finally:
        await close(client)


@money.command("reconcile")
def reconcile(
    *,
    days: Annotated[int, typer.Option(min=1, max=90, help="How far back the provider's rows are read.")] = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare balances only; book nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lay the provider's own rows against our invoices, then its balances against our books."""
    settings = _settings("xendit_secret_key")
    told = asyncio.run(_reconciled(settings, timedelta(days=days), dry_run=dry_run))
    if as_json:
        typer.echo(json.dumps(told))
    else:
        typer.echo(f"{told['rows']} rows are ours")
        for one in told["balances"]:
            typer.echo(f"{one['currency']} {one['account']}: ours {one['ours']}, the provider's {one['theirs']}")
    raise typer.Exit(0 if told["holds"] else 1)


async def _reconciled(settings: Settings, span: timedelta, *, dry_run: bool) -> dict[str, Any]:
    from bot.clock import BusinessClock
    from payments.cashier import money_check
    from webhooks import money_views, wiring

    async with wiring.opened(settings, _uri(settings)) as process:
        assert process.money is not None
        held = process.money
        now = await BusinessClock(process.database).business_now()
        rows = 0 if dry_run else await held.cashier.reconcile(now - span, now, now)
        currency = process.business.currency
        position = await held.cashier.position(currency)
        pairs = (("CASH", position.cash), ("HOLDING", position.pending))
        balances = [
            {
                "currency": currency,
                "account": account,
                "ours": ours,
                "theirs": (await held.provider.balance(currency, account)).amount,
            }
            for account, ours in pairs
        ]
        checked = money_views.checked(await money_check(held.store))
    return {"rows": rows, "balances": balances, **checked}
