"""`janji money`: does every unit hold, and does the provider say the same."""

import json
from datetime import timedelta
from typing import Annotated, Any

import typer

from webhooks.cli import money_steps
from webhooks.cli.disputes import disputes
from webhooks.cli.payees import payees
from webhooks.cli.payouts import opened_cashier, payouts
from webhooks.cli.refunds import refunds
from webhooks.cli.terminal import Json, fail, run, settings_for, uri_of
from webhooks.settings import Settings

money = typer.Typer(no_args_is_help=True, help="The books, payouts, payees and alarms.")
money.add_typer(payouts, name="payouts")
money.add_typer(payees, name="payees")
money.add_typer(refunds, name="refunds")
money.add_typer(disputes, name="disputes")
money.command("refund")(money_steps.refund)
money.command("receive")(money_steps.receive)
money.command("deposit")(money_steps.deposit)
refunds.command("account")(money_steps.account)


@money.command("check")
def check(*, as_json: Json = False) -> None:
    """Every posting balances, ledger and records agree, and bookings with their money; exit 1 when not."""
    settings = settings_for("mongodb_uri", "secret_key")
    found = run(_checked(settings))
    if as_json:
        typer.echo(json.dumps(found))
    else:
        typer.echo(
            f"{'the money holds' if found['holds'] else 'the money does NOT hold'}, {found['bookings']} bookings"
        )
        for wrong in found["differences"]:
            typer.echo(_difference(wrong))
    raise typer.Exit(0 if found["holds"] else 1)


async def _checked(settings: Settings) -> dict[str, Any]:
    from bot.store.driver import close, database, open_client
    from webhooks import wiring
    from webhooks.api.money import views

    # No more than the database: the books can be checked where no provider is set up.
    client = open_client(uri_of(settings))
    try:
        opened = wiring.booking_check(settings, database(client, settings.mongodb_database))
        return views.checked(await opened.whole())
    finally:
        await close(client)


def _difference(wrong: dict[str, Any]) -> str:
    return f"✗ {wrong['reference']} {wrong['term']} {wrong['currency']}: {wrong['in_ledger']} / {wrong['in_records']}"


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
    found = run(_reconciled(timedelta(days=days), accept, dry_run=dry_run))
    if as_json:
        typer.echo(json.dumps(found))
    else:
        if found["unknown"] is not None:
            typer.echo(f"✗ there is no row {found['unknown']} that waits to be accepted")
        typer.echo(f"{found['rows']} rows of the provider read")
        for line in found["balances"]:
            typer.echo(f"{line['currency']} {line['account']}: ours {line['ours']}, the provider's {line['theirs']}")
        for sentence in found["in_words"]:
            typer.echo(f"✗ {sentence}")
        for row in found["strays"]:
            typer.echo(f"✗ nobody here ordered {row}; `janji money reconcile --accept {row}` books it")
        for transfer in found["moving"]:
            typer.echo(f"  on its way: {transfer}")
        for wrong in found["differences"]:
            typer.echo(_difference(wrong))
        typer.echo("the books hold" if found["holds"] else "the books do NOT hold")
    raise typer.Exit(0 if found["holds"] else 1)


async def _reconciled(span: timedelta, accept: str | None, *, dry_run: bool) -> dict[str, Any]:
    from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
    from payments.services.cashier import money_check
    from webhooks.api.money import views

    async with opened_cashier() as (cashier, now):
        try:
            unknown = accept is not None and not await cashier.statement.accept(accept, now, dry_run=dry_run)
            if dry_run:
                rows, look = 0, await cashier.books.compare(now)
            else:
                found = await cashier.books.reconcile(now, span)
                rows, look = found.rows, found.look
            # After the reconciliation, which may have written postings of its own.
            checked = views.checked(await money_check(cashier.store))
        except (TemporaryError, OutcomeUnknown) as error:
            raise fail(f"the provider does not answer now ({error}); nothing is lost, try again") from None
        except PermanentError as error:
            raise fail(f"the provider refuses: {error.code}") from None
    holds = look.holds and checked["holds"] and not unknown
    return {
        **checked,
        "rows": rows,
        **views.reconciled(look),
        "unknown": accept if unknown else None,
        "holds": holds,
    }


@money.command("alarms")
def alarms(*, as_json: Json = False) -> None:
    """What a person should look at, as long as it is not over."""
    from webhooks.api.money import views

    async def listed() -> list[dict[str, Any]]:
        async with opened_cashier() as (cashier, _):
            return [views.alarm(known) for known in await cashier.alarms.listed()]

    found = run(listed())
    if as_json:
        typer.echo(json.dumps({"items": found}))
        return
    for known in found:
        facts = ", ".join(f"{name} {value}" for name, value in known["facts"].items())
        typer.echo(f"{known['opened_at']}  {known['kind']}  {known['subject']}  {facts}".rstrip())
    typer.echo(f"{len(found)} alarms")
