"""`janji templates`: build, lint, push, status."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import httpx
import typer

from bot.adapters.whatsapp import templates
from bot.business.definition import Business
from bot.domain.languages import CODES
from bot.replies.notices import EVERY
from bot.replies.words import spoken_with
from flows.publish import GraphRefused
from webhooks.business import BusinessFileWrong, load_business
from webhooks.cli.terminal import DryRun, Json, fail, run, settings_for
from webhooks.meta import template_push
from webhooks.settings import NEEDED_OUTSIDE_THE_DEMO, Settings

app = typer.Typer(no_args_is_help=True, help="What is said outside the customer's 24 hours (message templates).")


def problems(business: Business | None) -> list[str]:
    """What Meta would turn down in our templates, in the words of that business, for `janji check`."""
    with spoken_with({} if business is None else business.words):
        return [
            f"template {notice.name} {language}: {problem}"
            for notice in EVERY.values()
            for language in CODES
            for problem in templates.problems(notice, language)
        ]


@app.command()
def build(
    *, out: Annotated[Path | None, typer.Option(help="A directory; standard output when left out.")] = None
) -> None:
    """Every template in every language of the business, as Meta is asked to approve it."""
    settings = settings_for()
    business = _business(settings)
    with spoken_with(business.words):
        built = list(template_push.wanted(business, settings.link_base))
    if out is None:
        typer.echo(json.dumps(built, ensure_ascii=False, indent=2))
        return
    out.mkdir(parents=True, exist_ok=True)
    for template in built:
        path = out / f"{template['name']}-{template['language']}.json"
        path.write_text(json.dumps(template, ensure_ascii=False, indent=2) + "\n", "utf-8")
        typer.echo(str(path))


@app.command()
def lint(*, as_json: Json = False) -> None:
    """Every problem that Meta would have with a template of ours."""
    found = problems(_business(settings_for()))
    if as_json:
        typer.echo(json.dumps({"ok": not found, "problems": found}, ensure_ascii=False))
        raise typer.Exit(1 if found else 0)
    if found:
        raise fail(*found)
    typer.echo("all is well")


@app.command()
def push(*, dry_run: DryRun = False) -> None:
    """Ask Meta to approve what is missing, and what reads otherwise than ours; pushing again changes nothing."""
    settings = settings_for(*NEEDED_OUTSIDE_THE_DEMO)
    business = _business(settings)
    if found := problems(business):
        raise fail(*found)
    try:
        with spoken_with(business.words):
            done = run(template_push.push(settings, business, dry_run=dry_run))
    except (GraphRefused, httpx.HTTPError) as refused:
        raise fail(f"Meta: {refused}") from None
    for line in done:
        typer.echo(f"would {line}" if dry_run else line)
    if not done:
        typer.echo("nothing to do")


@app.command()
def status(*, as_json: Json = False) -> None:
    """How each template stands with Meta: approved, waiting, paused, turned down, or as which other category; exit 1
    while one is not approved as it was asked for."""
    settings = settings_for(*NEEDED_OUTSIDE_THE_DEMO)
    business = _business(settings)
    try:
        with spoken_with(business.words):
            found = run(template_push.status(settings, business))
    except (GraphRefused, httpx.HTTPError) as refused:
        raise fail(f"Meta: {refused}") from None
    rows = [asdict(known) for known in found]
    if as_json:
        typer.echo(json.dumps({"items": rows, "next_cursor": None}))
    else:
        for row in rows:
            moved = f"  as {row['category']}" if row["status"] == template_push.RECATEGORISED else ""
            typer.echo(f"{row['status']:13}  {row['language']}  {row['name']}{moved}")
    raise typer.Exit(0 if all(known.status == template_push.APPROVED for known in found) else 1)


def _business(settings: Settings) -> Business:
    try:
        return load_business(settings.business_file)
    except BusinessFileWrong as wrong:
        raise fail(*wrong.problems) from None
