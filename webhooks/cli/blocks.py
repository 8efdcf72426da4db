"""`janji blocks`: who is ill and what is closed."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

By = Annotated[str | None, typer.Option(help="Who says so.")]
RoleName = Annotated[str, typer.Option("--role", help="In which role.")]

blocks = typer.Typer(no_args_is_help=True, help="Who is ill and what is closed; everybody who is hit is told.")


def _done(act: Callable[[Any], Awaitable[BaseModel]]) -> Any:
    """What comes of it over a connection of its own; exit 1 with the reason where it cannot be done."""
    from webhooks.api.blocks.door import BlockRefused
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key")

    async def doing() -> Any:
        async with opened(settings, uri_of(settings)) as process:
            return (await act(process.parts)).model_dump(mode="json", by_alias=True)

    try:
        return run(doing())
    except BlockRefused as refused:
        raise fail(refused.detail) from None


def _line(block: dict[str, Any]) -> str:
    by = f" by {block['lifted_by']} ({block['lifted_role']})" if block["lifted_by"] else ""
    stands = f"lifted{by}" if block["lifted_at"] else "stands"
    counts = "  ".join(f"{name} {block[name]}" for name in ("told", "waiting", "moved", "cancelled"))
    return f"{block['id']}  until {block['to']}  {stands}  {counts}"


def _say(told: Any, *, as_json: bool) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _line(told))


@blocks.command()
def add(
    resource: Annotated[str, typer.Argument(help="provider:ID, place:ID or staff:ID.")],
    start: Annotated[str, typer.Option("--from", help="A moment with its offset, like 2026-12-31T09:00:00+08:00.")],
    to: Annotated[str, typer.Option(help="The same.")],
    reason: Annotated[str, typer.Option(help="For the record.")],
    by: By = None,
    *,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Somebody is ill or something is closed: every booking that is hit is told once."""
    from webhooks.api.blocks.door import add_block
    from webhooks.api.blocks.models import NewBlock
    from webhooks.cli.acting import acting

    try:
        moments = [datetime.fromisoformat(text) for text in (start, to)]
    except ValueError:
        raise misused("--from and --to are moments, like 2026-12-31T09:00:00+08:00") from None
    if any(moment.tzinfo is None for moment in moments):
        raise misused("--from and --to need their offset, like +08:00")
    who = acting(by, role)
    given = {"resource": resource, "from": start, "to": to, "reason": reason, "dry_run": dry_run}
    asked = NewBlock.model_validate({**given, "by": who.by, "role": who.role})
    _say(_done(lambda parts: add_block(parts, asked, "command")), as_json=as_json)


@blocks.command("list")
def listed(*, as_json: Json = False) -> None:
    """All blocks, the last made first, with how far everybody who is hit has come."""
    from webhooks.api.blocks.door import list_blocks

    told = _done(list_blocks)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for block in told["items"]:
        typer.echo(_line(block))


@blocks.command()
def lift(block: str, *, by: By = None, role: RoleName = "operations", as_json: Json = False) -> None:
    """It is over: who has not answered keeps their time, and hears so."""
    from webhooks.api.blocks.door import lift_block
    from webhooks.cli.acting import acting

    asked = acting(by, role)
    _say(_done(lambda parts: lift_block(parts, block, asked)), as_json=as_json)
