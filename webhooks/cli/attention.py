"""`janji attention`: what waits for a person, taken, released and ended as the API does it."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

attention = typer.Typer(no_args_is_help=True, help="What waits for a person, earliest deadline first.")

Row = Annotated[str, typer.Argument(help="As the list names it.")]


def _done(act: Callable[[Any], Awaitable[BaseModel]]) -> Any:
    """What comes of it over a connection of its own; exit 1 with the reason where it cannot be done."""
    from bot.lifecycle.attention import AttentionRefused
    from webhooks.api.attention.door import sentence_of
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key")

    async def doing() -> Any:
        async with opened(settings, uri_of(settings)) as process:
            return (await act(process.parts)).model_dump(mode="json", by_alias=True)

    try:
        return run(doing())
    except AttentionRefused as refused:
        raise fail(sentence_of(refused)) from None


def _line(row: dict[str, Any]) -> str:
    subject = " ".join(filter(None, (row["subject"]["name"], row["subject"]["id"])))
    owner = row["owner"]["id"] if row["owner"] else "nobody"
    ended = "" if row["closed_at"] is None else "  ended"
    return f"{row['due_by'][:16]}  {row['severity']:8}  {owner:12}  {row['id']}  {row['sentence']}  {subject}{ended}"


def _print(row: dict[str, Any], *, as_json: bool) -> None:
    typer.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row).rstrip())


@attention.command("list")
def listed(
    *,
    owner: Annotated[str | None, typer.Option(help="Who has it; none: nobody has.")] = None,
    severity: Annotated[str | None, typer.Option(help="critical or mild.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; docs/attention.md lists them.")] = None,
    as_json: Json = False,
) -> None:
    """What is open."""
    from pydantic import ValidationError

    from webhooks.api.attention.door import list_attention
    from webhooks.api.attention.models import AttentionList, AttentionListQuery

    given = {"owner": owner, "severity": severity, "reason": reason, "limit": 200}
    try:
        asked = AttentionListQuery.model_validate(given)
    except ValidationError as wrong:
        raise misused("; ".join(f"--{one['loc'][0]}: {one['msg']}" for one in wrong.errors())) from None

    async def whole(parts: Any) -> AttentionList:
        page = await list_attention(parts, asked, "en")
        found = list(page.items)
        while page.next_cursor is not None:
            page = await list_attention(parts, asked.model_copy(update={"cursor": page.next_cursor}), "en")
            found += page.items
        return AttentionList(items=found, next_cursor=None)

    told = _done(whole)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in told["items"]:
        typer.echo(_line(row).rstrip())
    typer.echo(f"{len(told['items'])} wait for a person")


def _stepped(row: str, step: Callable[[Any], Awaitable[Any]], *, dry_run: bool, as_json: bool) -> None:
    from webhooks.api.attention.door import current, shown

    async def act(parts: Any) -> BaseModel:
        # in a dry run how it stands, where there is such a row
        return await shown(parts, await (current(parts, row) if dry_run else step(parts)), "en")

    _print(_done(act), as_json=as_json)


@attention.command()
def take(
    row: Row,
    who: Annotated[str, typer.Argument(help="Whose it is from now on.")],
    *,
    role: Annotated[str, typer.Option(help="In which role.")] = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Somebody looks at it: nobody else is told."""
    from bot.domain.change import Requester

    _stepped(row, lambda parts: parts.attention.take(row, who, Requester(who, role)), dry_run=dry_run, as_json=as_json)


@attention.command()
def release(row: Row, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Whoever has it gives it back, and others are told."""
    from bot.engine.staff_actions import MACHINE

    _stepped(row, lambda parts: parts.attention.release(row, MACHINE), dry_run=dry_run, as_json=as_json)


@attention.command()
def seen(row: Row, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """You have seen to what nothing else ends."""
    from bot.engine.staff_actions import MACHINE

    _stepped(row, lambda parts: parts.attention.see(row, MACHINE), dry_run=dry_run, as_json=as_json)
