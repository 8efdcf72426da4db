"""`janji partners`: those who deliver, and whether their numbers are theirs."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webhooks.cli.terminal import DryRun, Json, fail, run, settings_for, uri_of

if TYPE_CHECKING:
    from bot.domain.partner import Partner
    from webhooks.wiring import Process

partners = typer.Typer(no_args_is_help=True, help="Those who deliver, and whether their numbers are theirs.")


@partners.command("list")
def listed(*, as_json: Json = False) -> None:
    """Partners whose number a person has to look at: seen under another user id, or changed as WhatsApp says."""

    async def doubted(process: "Process") -> list[dict[str, Any]]:
        return [_shown(process, partner) for partner in await process.parts.partner_numbers.doubted()]

    told = _done(doubted)
    if as_json:
        typer.echo(json.dumps({"items": told, "next_cursor": None}, ensure_ascii=False))
        return
    for partner in told:
        typer.echo(_line(partner))
    typer.echo(f"{len(told)} doubted numbers")


@partners.command()
def confirm(
    partner: Annotated[
        str, typer.Argument(metavar="PHONE_OR_ID", help="The number, an id of the business file, or the thread.")
    ],
    *,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Their number is right: whoever writes from it next is them, and their work is told there again."""

    async def confirmed(process: "Process") -> list[dict[str, Any]]:
        known = await process.parts.partner_numbers.confirm(partner, dry_run=dry_run)
        return [_shown(process, known)]

    (told,) = _done(confirmed)
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _line(told))


def _done(act: Callable[["Process"], Awaitable[list[dict[str, Any]]]]) -> list[dict[str, Any]]:
    """What comes of it over a connection of its own; exit 1 with the reason where it cannot be done."""
    from bot.engine.partner_numbers import NumberNotConfirmed
    from webhooks.api.conversations.numbers import WHY
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key")

    async def doing() -> list[dict[str, Any]]:
        async with opened(settings, uri_of(settings)) as process:
            return await act(process)

    try:
        return run(doing())
    except NumberNotConfirmed as refused:
        raise fail(WHY[refused.why]) from None


def _shown(process: "Process", partner: "Partner") -> dict[str, Any]:
    from bot.business.contacts import roles_of

    roles = roles_of(process.business, partner.phone)
    return {
        "id": partner.id,
        "phone": partner.phone,
        "name": None if roles is None else roles.name,
        "locked": partner.is_locked,
        "doubted": partner.is_doubted,
    }


def _line(partner: dict[str, Any]) -> str:
    stands = "locked" if partner["locked"] else "changed" if partner["doubted"] else "confirmed"
    return f"{partner['phone']}  {stands:9}  {partner['name'] or 'not in the business file'}  {partner['id']}"
