"""`janji catalogue`: the price book out of a spreadsheet, and into one."""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import typer

from bot.business import source as yaml_source
from bot.business.file import parse
from bot.business.price_sheet import COLUMNS, BookDifference, as_table, difference
from bot.business.problems import BusinessProblem, Mark, Problems
from bot.business.sheet import MOST_BYTES, SheetUnreadable, write_csv
from webhooks.business import BusinessFileWrong, load_business, read_table
from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for

app = typer.Typer(no_args_is_help=True, help="The price book, out of a spreadsheet and into one.")

_PATIENCE: Final = httpx.Timeout(20)
_ADOPT: Final = "write `price_book: prices.csv` into it in place of `prices`"


@app.command()
def pull(
    source: Annotated[str, typer.Argument(help="A CSV or XLSX file, or the address a sheet is published at as CSV.")],
    *,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Read the prices of a spreadsheet, check every cell and what they mean together, show what becomes other, and
    switch the price book in one step; a fault keeps the old one."""
    file = settings_for().business_file
    if file is None:
        raise fail(f"BUSINESS_FILE: is not set, and the sample has no price book; name your file, and {_ADOPT}")
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"BUSINESS_FILE: cannot be read ({error})") from None
    plain = yaml_source.read(text).plain
    named = plain.get("price_book") if isinstance(plain, dict) else None
    if not isinstance(named, str):
        raise fail(f"{file}: names no price book; {_ADOPT} (`janji catalogue push prices.csv` writes those it has now)")
    content = _content_of(source)
    try:
        rows = read_table(content)
    except SheetUnreadable as error:
        whole = BusinessProblem(Mark(1, 1), "(the table)", error.what, error.fix, source)
        raise _told([whole], as_json) from None
    read = parse(text, str(file), lambda _: rows)
    if isinstance(read, Problems):
        raise _told(
            [replace(item, source=source if item.source else str(file)) for item in read.items],
            as_json,
        )
    before: tuple[tuple[str, ...], ...] = (COLUMNS,)
    with suppress(BusinessFileWrong):
        # there is none yet, or it has faults: then every row is new
        before = as_table(load_business(file).prices, read.currency)
    after = as_table(read.prices, read.currency)
    found = difference(before, after)
    book = file.with_name(named)
    is_other = before != after or not book.exists()
    if is_other and not dry_run:
        _switch(book, write_csv(after))
    _say(found, book, switched=is_other and not dry_run, as_json=as_json)


def _told(problems: list[BusinessProblem], as_json: bool) -> typer.Exit:
    """Every fault with its row, column and fix; the old price book stays."""
    if not as_json:
        return fail(*(f"{item.source}:{item}" for item in problems))
    shown = [
        {
            "source": item.source,
            "row": item.mark.line,
            "column": item.mark.column,
            "cell": item.path,
            "what": item.what,
            "fix": item.fix,
        }
        for item in problems
    ]
    typer.echo(json.dumps({"ok": False, "switched": False, "problems": shown}, ensure_ascii=False))
    return typer.Exit(1)


def _say(found: BookDifference, book: Path, *, switched: bool, as_json: bool) -> None:
    if as_json:
        changed = [
            {"id": named, "columns": {name: {"from": was, "to": now} for name, was, now in cells}}
            for named, cells in found.changed
        ]
        told: dict[str, Any] = {"added": list(found.added), "removed": list(found.removed), "changed": changed}
        typer.echo(json.dumps({"ok": True, "switched": switched, "problems": [], **told}, ensure_ascii=False))
        return
    for named in found.added:
        typer.echo(f"+ {named}")
    for named in found.removed:
        typer.echo(f"- {named}")
    for named, cells in found.changed:
        typer.echo(f"~ {named}: " + ", ".join(f"{name} {was or '–'} → {now or '–'}" for name, was, now in cells))
    if switched:
        typer.echo(f"{book} is switched; restart `janji serve` and `janji work` to sell by it")
    elif not (found.added or found.removed or found.changed):
        typer.echo("nothing is other")
    else:
        typer.echo("nothing done")


def _content_of(source: str) -> bytes:
    if "://" not in source:
        path = Path(source)
        try:
            if path.stat().st_size > MOST_BYTES:
                raise fail(f"{source}: has more than {MOST_BYTES // 2**20} MiB")
            return path.read_bytes()
        except OSError as error:
            raise fail(f"{source}: cannot be read ({error.strerror})") from None
    try:
        address = httpx.URL(source)
    except httpx.InvalidURL:
        raise misused(f"{source}: is no address") from None
    if address.scheme != "https" and not (address.scheme == "http" and _is_this_machine(address.host)):
        raise misused(f"{source}: begin it with https://")
    return run(_fetched(address))


def _is_this_machine(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


async def _fetched(address: httpx.URL) -> bytes:
    # a published sheet answers with a redirect to where its content is
    async with (
        httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=True) as client,
        client.stream("GET", address) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            raise fail(f"{address}: answers {answer.status_code}; is the sheet published, and to everybody?")
        content = b""
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > MOST_BYTES:
                raise fail(f"{address}: has more than {MOST_BYTES // 2**20} MiB")
    return content


def _switch(path: Path, content: bytes) -> None:
    """The file with that content in one step: whoever reads it has the whole old one or the whole new one."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    try:
        descriptor, staged = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(staged).chmod(mode)
            Path(staged).replace(path)
        except BaseException:
            Path(staged).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise fail(f"{path}: cannot be written ({error.strerror}); the old one stays") from None


@app.command()
def push(
    target: Annotated[Path, typer.Argument(help="A file to write: .csv or .xlsx.")],
    *,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Write the prices of the business into a table for a spreadsheet, one row a price under its own id."""
    if "://" in str(target) or ":/" in str(target):
        raise misused(f"{target}: a published address can be read only; push to a file, and import that")
    kind = target.suffix.casefold()
    if kind not in {".csv", ".xlsx"}:
        raise misused(f"{target}: end it with .csv or .xlsx")
    try:
        business = load_business(settings_for().business_file)
    except BusinessFileWrong as wrong:
        raise fail(*wrong.problems) from None
    table = as_table(business.prices, business.currency)
    if not dry_run and kind == ".csv":
        _switch(target, write_csv(table))
    elif not dry_run:
        # late, as where it is read (`webhooks.business.read_table`)
        from bot.business.workbook import write_workbook

        _switch(target, write_workbook(table))
    if as_json:
        typer.echo(json.dumps({"ok": True, "file": str(target), "rows": len(table) - 1, "written": not dry_run}))
    else:
        typer.echo(f"{len(table) - 1} prices{' (nothing done)' if dry_run else f' written to {target}'}")
