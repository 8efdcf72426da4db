"""`janji users`: the people who sign in to the console; a command prints links, never a password."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

if TYPE_CHECKING:
    from bot.domain.users import Role, User
    from bot.engine.accounts import Accounts

users = typer.Typer(no_args_is_help=True, help="The people who sign in to the console.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Their address; it is what they sign in with.")]
Roles = Annotated[
    list[str], typer.Option("--role", help="sales, operations, finance, support or admin; may be given several times.")
]
Told = dict[str, Any]


@users.command()
def add(
    email: Email,
    *,
    role: Roles,
    name: Annotated[str, typer.Option(help="As colleagues call them.")] = "",
    language: Annotated[str | None, typer.Option(help="Of their pages; else as their browser asks.")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Ask somebody in: prints the link, good once and for three days, by which they set their password."""
    from bot.domain.languages import CODES
    from bot.engine.account_links import LinkPurpose

    roles = _roles(role)
    if language is not None and language not in CODES:
        raise misused(f"--language is one of {', '.join(CODES)}")

    async def asked_in(accounts: "Accounts", now: datetime, link: Callable[[str, str], str]) -> Told:
        if dry_run:
            return _shown(await accounts.would_add(email, name, roles, now, language))
        user, signed = await accounts.add(email, name, roles, now, language)
        return {**_shown(user), "link": link(LinkPurpose.INVITE, signed)}

    _say(_done(asked_in), as_json=as_json)


@users.command()
def passwd(email: Email, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """A link, good once and for four hours, that sets another password and ends every session."""
    from bot.engine.account_links import LinkPurpose

    async def reset(accounts: "Accounts", now: datetime, link: Callable[[str, str], str]) -> Told:
        if dry_run:
            return _shown(await accounts.named(email))
        user, signed = await accounts.reset(email, now)
        purpose = LinkPurpose.RESET if user.has_password else LinkPurpose.INVITE
        return {**_shown(user), "link": link(purpose, signed)}

    _say(_done(reset), as_json=as_json)


@users.command("roles")
def set_roles(email: Email, *, role: Roles, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Other roles, in place of those they have, from their next click on."""
    wanted = _roles(role)

    async def changed(accounts: "Accounts", now: datetime, link: Callable[[str, str], str]) -> Told:
        if dry_run:
            return _shown(replace(await accounts.named(email), roles=tuple(wanted)))
        return _shown(await accounts.set_roles(email, wanted))

    _say(_done(changed), as_json=as_json)


@users.command("list")
def listed(*, as_json: Json = False) -> None:
    """Everybody who signs in or did, with their roles and how many sessions stand."""

    async def all_of_them(accounts: "Accounts", now: datetime, link: Callable[[str, str], str]) -> Told:
        items = [
            {**_shown(user), "sessions": len(await accounts.sessions.of(user.id, now))} for user in await accounts.all()
        ]
        return {"items": items, "next_cursor": None}

    told = _done(all_of_them)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for user in told["items"]:
        typer.echo(f"{_line(user)}  {user['sessions']} sessions")
    typer.echo(f"{len(told['items'])} users")


@users.command()
def revoke(email: Email, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Account and every session, at once. Asked in again later, they begin without password and second factor."""

    async def revoked(accounts: "Accounts", now: datetime, link: Callable[[str, str], str]) -> Told:
        user = await accounts.named(email)
        if dry_run:
            return {**_shown(user), "sessions_ended": len(await accounts.sessions.of(user.id, now))}
        user, ended = await accounts.revoke(email, now)
        found = await accounts.find(user.id)
        return {**_shown(found or user), "sessions_ended": ended}

    _say(_done(revoked), as_json=as_json)


def _done(act: "Callable[[Accounts, datetime, Callable[[str, str], str]], Awaitable[Told]]") -> Told:
    """What comes of it over a connection of its own; exit 1 with the reason where it cannot be done."""
    from bot.engine.accounts import BadAccount, NoSuchUser
    from bot.store.driver import server_now
    from bot.store.users import UserExists
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key")

    def link(purpose: str, signed: str) -> str:
        return f"{settings.link_base}/console/{purpose}/{signed}"

    async def doing() -> Told:
        async with opened(settings, uri_of(settings)) as process:
            # the clock that sessions and links are judged by
            return await act(process.accounts, await server_now(process.database), link)

    try:
        return run(doing())
    except NoSuchUser as wrong:
        raise fail(f"{wrong}: nobody who signs in has this address; `janji users list` shows them") from None
    except UserExists:
        raise fail("there is a user with this address; `janji users passwd` gives them another link") from None
    except BadAccount as wrong:
        raise fail(f"{wrong}: this is no address of a person") from None


def _roles(given: list[str]) -> "list[Role]":
    from bot.domain.users import SIGNS_IN, Role

    known = [role for role in Role if role in SIGNS_IN]
    if "provider" in given:
        raise misused("a provider works in WhatsApp, and does not sign in")
    if not given or not set(given) <= set(known):
        raise misused(f"--role is one or more of {', '.join(known)}")
    return [Role(role) for role in dict.fromkeys(given)]


def _shown(user: "User") -> Told:
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "roles": list(user.roles),
        "state": "revoked" if user.is_revoked else "active" if user.has_password else "invited",
        "second_factor": user.has_totp,
    }


def _say(told: Told, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(_line(told))
    if "link" in told:
        typer.echo(told["link"])
    if "sessions_ended" in told:
        typer.echo(f"{told['sessions_ended']} sessions ended")


def _line(user: Told) -> str:
    factor = "  2FA" if user["second_factor"] else ""
    return f"{user['email']}  {user['state']:8}  {', '.join(user['roles'])}  {user['name']}{factor}"
