"""`janji money payouts`: what left, what waits for a person, and a person's word about it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

if TYPE_CHECKING:
    from payments.domain.payout import Denial, Payout
    from payments.services.cashier import Cashier

payouts = typer.Typer(no_args_is_help=True, help="Money to the parties of bookings.")
MAX_WORDS = 200
By = Annotated[str, typer.Option("--by", help="Who decides; it is kept with the payout.")]


@asynccontextmanager
async def opened_cashier() -> "AsyncIterator[tuple[Cashier, datetime]]":
    """The cashier of this house, and business time."""
    from bot.store.clock import BusinessClock
    from webhooks import wiring

    settings = settings_for("mongodb_uri", "secret_key", "xendit_secret_key")
    async with wiring.opened(settings, uri_of(settings)) as process:
        assert process.money is not None
        yield process.money.cashier, await BusinessClock(process.database).business_now()


@payouts.command("list")
def list_payouts(
    *, state: Annotated[str | None, typer.Option("--state", help="For example PERSON.")] = None, as_json: Json = False
) -> None:
    """Payouts, by id; `--state PERSON` shows those nothing will happen to by itself."""
    from payments.domain.payout import PayoutState
    from webhooks.api.money import views

    if state is not None and state.lower() not in set(PayoutState):
        raise misused(f"--state: one of {', '.join(known.upper() for known in PayoutState)}")

    async def listed() -> list[dict[str, Any]]:
        async with opened_cashier() as (cashier, _):
            chosen = () if state is None else (PayoutState(state.lower()),)
            return [views.payout(known) for known in await cashier.payouts.listed(chosen)]

    found = run(listed())
    if as_json:
        typer.echo(json.dumps({"items": found}))
        return
    for known in found:
        typer.echo(in_words(known))
    typer.echo(f"{len(found)} payouts")


@payouts.command("retry")
def retry(payout_id: str, *, by: By, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Send a payout that waits for a person again, to the payee's account in effect."""
    _decide(lambda cashier, now: cashier.payouts.retry(payout_id, _name(by), now, dry_run=dry_run), as_json)


@payouts.command("void")
def void(
    payout_id: str,
    *,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why it is not sent; kept with the payout.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give up a payout that has not left; its payables are owed again."""
    # Kept in the payout for good, and shown in lists: a pasted page is cut.
    why = reason[:MAX_WORDS]
    _decide(lambda cashier, now: cashier.payouts.void(payout_id, _name(by), why, now, dry_run=dry_run), as_json)


def _name(by: str) -> str:
    if not by.strip():
        raise misused("--by: a name is needed")
    return by.strip()[:MAX_WORDS]


def _decide(step: "Callable[[Cashier, datetime], Awaitable[Payout | Denial]]", as_json: bool) -> None:
    from payments.domain.payout import Denial
    from webhooks.api.money import views

    async def decided() -> "Payout | Denial":
        async with opened_cashier() as (cashier, now):
            return await step(cashier, now)

    found = run(decided())
    if isinstance(found, Denial):
        raise fail(found.value)
    typer.echo(json.dumps(views.payout(found)) if as_json else in_words(views.payout(found)))


def in_words(known: dict[str, Any]) -> str:
    """One line about a payout."""
    sum_, to = known["amount"], known["account"]
    line = f"{known['id']}  {known['status']}  {sum_['amount']} {sum_['currency']}  {known['payee']}"
    return f"{line}  {to['channel']} {to['number']}" + (f"  ({known['reason']})" if known["reason"] else "")
