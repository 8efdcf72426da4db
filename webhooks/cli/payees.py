"""`janji money payees`: where everybody is paid, and a second person's yes to another account."""

import json
from typing import TYPE_CHECKING, Any

import typer

from webhooks.cli.payouts import By, opened_cashier
from webhooks.cli.terminal import DryRun, Json, fail, run

if TYPE_CHECKING:
    from payments.domain.payees import AccountProposal

payees = typer.Typer(no_args_is_help=True, help="Who is paid, and where.")


@payees.command("list")
def list_payees(*, as_json: Json = False) -> None:
    """Everybody who is paid, with the account in effect and the one that waits."""
    from webhooks.api.money import views

    async def listed() -> list[dict[str, Any]]:
        async with opened_cashier() as (cashier, _):
            return [views.payee(known) for known in await cashier.payees.listed()]

    found = run(listed())
    if as_json:
        typer.echo(json.dumps({"items": found}))
        return
    for known in found:
        to, waiting = known["account"], known["proposal"]
        line = f"{known['payee']}  " + ("no account" if to is None else f"{to['channel']} {to['number']}")
        line += "".join(f"  {one['amount']} {one['currency']} kept" for one in known["kept"])
        if waiting is not None:
            other = waiting["account"]
            line += f"  → {other['channel']} {other['number']} from {waiting['effective_at']}"
        typer.echo(line)


@payees.command("confirm")
def confirm(payee: str, *, by: By, dry_run: DryRun = False, as_json: Json = False) -> None:
    """A second person's yes: the account that waits is in effect at once."""
    from payments.domain.payees import NeedsAnother
    from webhooks.api.money import views

    async def confirmed() -> "AccountProposal | None":
        async with opened_cashier() as (cashier, now):
            return await cashier.payees.confirm(payee, by.strip(), now, dry_run=dry_run)

    try:
        found = run(confirmed())
    # A name typed here is a person's word only; who may run this command is the machine's to guard.
    except NeedsAnother:
        raise fail("somebody else than whoever proposed the account has to confirm it") from None
    if found is None:
        raise fail(f"no account waits for {payee}")
    shown = views.proposal(found)
    other = shown["account"]
    typer.echo(json.dumps(shown) if as_json else f"{payee} is paid to {other['channel']} {other['number']}")
