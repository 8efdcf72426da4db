"""`janji money disputes`: what banks took back, and what there is to answer with."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import typer

from webhooks.cli.terminal import Json, fail, run, settings_for, uri_of

if TYPE_CHECKING:
    from webhooks.api.money.disputes import DisputeDesk

disputes = typer.Typer(no_args_is_help=True, help="Payments that banks took back.")


@asynccontextmanager
async def _desk() -> "AsyncIterator[DisputeDesk]":
    from webhooks import wiring
    from webhooks.api.money.disputes import DisputeDesk

    settings = settings_for("mongodb_uri", "secret_key")
    async with wiring.opened(settings, uri_of(settings)) as process:
        store = wiring.money_store(settings, process.database)
        yield DisputeDesk(store, process.parts.bookings, process.parts.audit)


@disputes.command("list")
def list_disputes(*, as_json: Json = False) -> None:
    """All of them by account, with the day until when a person must have answered."""

    async def listed() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async with _desk() as desk:
            cursor: str | None = None
            while True:
                page = await desk.listed(cursor)
                found += [one.model_dump(mode="json") for one in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    return found

    told = run(listed())
    if as_json:
        typer.echo(json.dumps({"items": told}))
        return
    for known in told:
        typer.echo(_in_words(known))
    typer.echo(f"{len(told)} disputes")


@disputes.command("show")
def show(dispute_id: str, *, as_json: Json = False) -> None:
    """One of them: where its evidence stands, and what it did to the books."""

    async def found() -> dict[str, Any] | None:
        async with _desk() as desk:
            whole = await desk.whole(dispute_id)
            return None if whole is None else whole.model_dump(mode="json")

    known = run(found())
    if known is None:
        raise fail("there is no such dispute")
    if as_json:
        typer.echo(json.dumps(known))
        return
    typer.echo(_in_words(known))
    for one in known["evidence"]:
        typer.echo(f"  {one['kind']:10}  {one['ref']}  {one['what'] or ''}".rstrip())
    for posting in known["postings"]:
        entries = ", ".join(f"{account} {amount}" for account, amount in posting["entries"].items())
        typer.echo(f"  {posting['at'][:19]}  {posting['key']}  {entries}")


def _in_words(known: dict[str, Any]) -> str:
    due = "" if known["evidence_due_at"] is None else f"  answer until {known['evidence_due_at'][:19]}"
    sum_ = known["amount"]
    return f"{known['id']}  {known['status']}  {sum_['amount']} {sum_['currency']}  {known['account']}{due}"
