"""`janji money refund|receive|deposit`, `janji money refunds account`: money that a person moves by their word."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ValidationError

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

By = Annotated[str, typer.Option("--by", help="Who says so; it stands on record.")]
RoleName = Annotated[str, typer.Option("--role", help="In which role.")]
Amount = Annotated[int, typer.Option("--amount", min=1, help="Whole minor units of the booking's currency.")]


def refund(
    reference: str,
    *,
    amount: Amount,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands on record.")],
    by: By,
    role: RoleName = "operations",
    borne_by: Annotated[
        str | None, typer.Option("--borne-by", help="provider, place, referrer or platform: who alone bears it.")
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give money back without a change, never more than is paid and has not gone back."""
    from webhooks.api.money import models, steps

    given = {"amount": amount, "reason": reason, "by": by, "role": role, "borne_by": borne_by, "dry_run": dry_run}
    asked = _read(models.GiveBack, given)
    told = _done(lambda process: steps.give_back(process.parts.staff_money, reference, asked, steps.call_name()))
    _say(told, f"{told['id']}  {told['amount']['amount']} {told['amount']['currency']} back", as_json=as_json)


def receive(
    reference: str,
    *,
    amount: Amount,
    way: Annotated[str, typer.Option("--way", help="cash or bank.")],
    by: By,
    note: Annotated[str, typer.Option("--note", help="For the record.")] = "",
    role: RoleName = "finance",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put down money that was received in cash or at the bank; the booking goes on as by any payment."""
    from webhooks.api.money import models, steps

    given = {"amount": amount, "way": way, "note": note, "by": by, "role": role, "dry_run": dry_run}
    asked = _read(models.Receive, given)
    told = _done(lambda process: steps.receive(process.parts.staff_money, reference, asked, steps.call_name()))
    line = f"{told['id']}  {told['amount']['amount']} {told['amount']['currency']} received on {told['account']}"
    _say(told, line, as_json=as_json)


def deposit(
    account: str,
    receipt: str,
    *,
    by: By,
    role: RoleName = "finance",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Received money is in the provider's account now: its shares may leave."""
    from bot.store.clock import BusinessClock
    from webhooks.api.money import models, steps

    given = {"account": account, "receipt": receipt, "by": by, "role": role, "dry_run": dry_run}
    asked = _read(models.Deposit, given)

    async def done(process: Any) -> BaseModel:
        return await steps.deposit(process.money.cashier, asked, await BusinessClock(process.database).business_now())

    told = _done(done, "xendit_secret_key")
    _say(told, f"{told['account']}  {told['receipt']} deposited", as_json=as_json)


def account(
    refund_id: str,
    *,
    channel: Annotated[str, typer.Option("--channel", help="The bank or wallet, like ID_BCA.")],
    number: Annotated[str, typer.Option("--number")],
    holder: Annotated[str, typer.Option("--holder", help="The name it is kept under.")],
    by: By,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Send a refund to the account that the customer told a person; they are asked for none any more."""
    from webhooks.api.money import models, steps

    given = {"channel": channel, "number": number, "holder": holder, "by": by, "role": role, "dry_run": dry_run}
    asked = _read(models.RefundAccount, given)

    async def done(process: Any) -> BaseModel:
        desk, store = process.parts.staff_money, process.money.cashier.store
        return await steps.name_account(desk, store, refund_id, asked, steps.call_name())

    told = _done(done, "xendit_secret_key")
    named = told["account"]
    _say(told, f"{told['refund']}  {named['channel']} {named['number']}", as_json=as_json)


def _read(model: Any, given: dict[str, Any]) -> Any:
    """The request as the API takes it; exit 2 with the field that is wrong."""
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise misused("; ".join(f"--{error['loc'][0]}: {error['msg']}" for error in wrong.errors())) from None


def _done(act: Callable[[Any], Awaitable[BaseModel]], *needs: str) -> dict[str, Any]:
    """What comes of it over a connection of its own; exit 1 with the reason where it cannot be done."""
    from bot.engine.staff_actions import NoSuchBooking
    from webhooks.api.money.steps import MoneyDenied
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key", *needs)

    async def doing() -> dict[str, Any]:
        async with opened(settings, uri_of(settings)) as process:
            return (await act(process)).model_dump(mode="json")

    try:
        return run(doing())
    except MoneyDenied as denied:
        raise fail(denied.detail) from None
    except NoSuchBooking:
        raise fail("There is no such booking.") from None


def _say(told: dict[str, Any], line: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else line)
