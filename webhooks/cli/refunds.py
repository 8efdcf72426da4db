"""`janji money refunds`: what goes back only when a person says yes, and that yes."""

import json
from typing import Any

import typer

from webhooks.cli.payouts import MAX_WORDS, By, opened_cashier
from webhooks.cli.terminal import DryRun, Json, fail, misused, run

refunds = typer.Typer(no_args_is_help=True, help="Money back to customers.")


@refunds.command("list")
def list_refunds(*, as_json: Json = False) -> None:
    """Refunds above the limit that wait for a person's yes."""
    from webhooks.api.money import views

    async def listed() -> list[dict[str, Any]]:
        async with opened_cashier() as (cashier, _):
            return [views.waiting_refund(known) for known in await cashier.refunds.awaiting_approval()]

    found = run(listed())
    if as_json:
        typer.echo(json.dumps({"items": found}))
        return
    for known in found:
        typer.echo(in_words(known))
    typer.echo(f"{len(found)} refunds")


@refunds.command("approve")
def approve(refund_id: str, *, by: By, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Say yes to a refund above the limit; it leaves with the sum that was promised."""
    from payments.domain.refund import NoApproval, Refund
    from webhooks.api.money import views

    if not by.strip():
        raise misused("--by: a name is needed")

    async def approved() -> Refund | NoApproval:
        async with opened_cashier() as (cashier, now):
            return await cashier.refunds.approve(refund_id, by.strip()[:MAX_WORDS], now, dry_run=dry_run)

    found = run(approved())
    if isinstance(found, NoApproval):
        raise fail(found.value)
    shown = views.waiting_refund(found)
    typer.echo(json.dumps(shown) if as_json else in_words(shown))


def in_words(known: dict[str, Any]) -> str:
    """One line about a refund."""
    sum_ = known["amount"]
    return f"{known['id']}  {known['status']}  {sum_['amount']} {sum_['currency']}  {known['account']}"
