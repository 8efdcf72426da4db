"""`janji places`: the codes that bind a guest to the place they are at."""

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

if TYPE_CHECKING:
    from bot.business.definition import Business
    from webhooks.wiring import Process

places = typer.Typer(no_args_is_help=True, help="Where guests are.")


@places.callback()
def _about() -> None:
    """Where guests are."""


@places.command()
def codes(
    place: Annotated[str | None, typer.Option(help="This place alone.")] = None,
    revoke: Annotated[
        str | None, typer.Option(help="A code that binds nobody any more; its place or room gets another.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(help="The QR codes, one page a place and room.")] = None,
    number: Annotated[
        str | None, typer.Option(help="Our WhatsApp number with its country; WhatsApp is asked when left out.")
    ] = None,
    *,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """The link of each place and room: who opens it is taken to be there, so nobody asks where."""
    digits = None if number is None else "".join(letter for letter in number if letter.isdigit())
    if digits is not None and not 8 <= len(digits) <= 15:
        raise misused("--number is a telephone number with its country, like +6281234567890")
    rows = _with_process(lambda process: _coded(process, place, revoke, digits, dry_run=dry_run))
    if pdf is not None and not dry_run:
        from webhooks.cli.place_sheet import PlacePage, sheet

        pages = [PlacePage(row["business"], row["name"], row["link"], row["code"]) for row in rows]
        try:
            pdf.write_bytes(sheet(pages))
        except OSError as wrong:
            raise fail(f"{pdf}: {wrong.strerror}") from None
    if as_json:
        shown = [{key: row[key] for key in ("place", "room", "name", "code", "link")} for row in rows]
        typer.echo(json.dumps({"items": shown, "next_cursor": None}, ensure_ascii=False))
        return
    for row in rows:
        where = row["place"] if row["room"] is None else f"{row['place']}/{row['room']}"
        typer.echo(f"{where}  {row['code']}  {row['link']}")


def _with_process(act: Callable[["Process"], Awaitable[list[dict[str, Any]]]]) -> list[dict[str, Any]]:
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key")

    async def doing() -> list[dict[str, Any]]:
        async with opened(settings, uri_of(settings)) as process:
            return await act(process)

    return run(doing())


async def _coded(
    process: "Process", place: str | None, revoke: str | None, number: str | None, *, dry_run: bool
) -> list[dict[str, Any]]:
    from webhooks.meta.number import NumberUnknown, own_number

    business, known = process.business, process.parts.place_codes
    if not business.places:
        raise fail("BUSINESS_FILE: has no places")
    if place is not None and business.place(place) is None:
        raise misused(f"--place is one of {', '.join(str(one.id) for one in business.places)}")
    if revoke is not None:
        code = revoke.upper()
        if await known.place_of(code) is None:
            why = "is revoked already" if await known.was_revoked(code) else "is no code of ours"
            raise fail(f"{revoke}: {why}; `janji places codes` lists those that hold")
        if not dry_run:
            await known.revoke(code, await process.parts.clock.business_now())
    try:
        number = number or await own_number(process.settings)
    except NumberUnknown as unknown:
        raise fail(f"{unknown}; name it with --number") from None
    return coded_rows(business, await known.codes(), number, place)


def coded_rows(
    business: "Business", codes: Mapping[str, str], number: str, place: str | None = None
) -> list[dict[str, Any]]:
    """What is told of each place, or that one, and of each of its rooms."""
    from bot.domain.place_codes import code_subject, link
    from bot.replies.words import say

    hello, language = say("talk.code_hello", business.languages[0]), business.languages[0]
    found = [(one, room) for one in business.places if place in {None, str(one.id)} for room in (None, *one.rooms)]
    return [
        {
            "business": business.name,
            "place": str(one.id),
            "room": room,
            "name": " · ".join(filter(None, (one.name.say(language), room))),
            "code": codes[code_subject(str(one.id), room)],
            "link": link(number, hello, codes[code_subject(str(one.id), room)]),
        }
        for one, room in found
    ]
