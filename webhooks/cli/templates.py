"""`janji templates`: build, lint, push, status."""

import json
from pathlib import Path
from typing import Annotated

import httpx
import typer

from bot.adapters.whatsapp import templates
from bot.business.definition import Business
from bot.domain.languages import CODES
from bot.replies.notices import ALL
from flows.publish import GraphRefused
from webhooks.business import BusinessFileWrong, load_business
from webhooks.cli.terminal import DryRun, Json, fail, run, settings_for
from webhooks.meta import template_push
from webhooks.settings import NEEDED_OUTSIDE_THE_DEMO, Settings

app = typer.Typer(no_args_is_help=True, help="What is said outside the customer's 24 hours (message templates).")


def problems() -> list[str]:
    """What Meta would turn down in our templates, for `janji check`."""
    return [
        f"template {notice.name} {language}: {problem}"
        for notice in ALL
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
    found = problems()
    if as_json:
        typer.echo(json.dumps({"ok": not found, "problems": found}, ensure_ascii=False))
        raise typer.Exit(1 if found else 0)
    if found:
        raise fail(*found)
    typer.echo("all is well")


@app.command()
def push(*, dry_run: DryRun = False) -> None:
    """Ask Meta to approve what is missing, and what reads otherwise than ours; pushing again changes nothing."""
    if found := problems():
        raise fail(*found)
    settings = settings_for(*NEEDED_OUTSIDE_THE_DEMO)
    business = _business(settings)
    try:
        done = run(template_push.push(settings, business, dry_run=dry_run))
    except (GraphRefused, httpx.HTTPError) as refused:
        raise fail(f"Meta: {refused}") from None
    for line in done:
        typer.echo(f"would {line}" if dry_run else line)
    if not done:
        typer.echo("nothing to do")


@app.command()
def status(*, as_json: Json = False) -> None:
    """How far each template is with Meta; exit 1 while one is not approved."""
    settings = settings_for(*NEEDED_OUTSIDE_THE_DEMO)
    business = _business(settings)
    try:
        found = run(template_push.status(settings, business))
    except (GraphRefused, httpx.HTTPError) as refused:
        raise fail(f"Meta: {refused}") from None
    rows = [{"name": known.name, "language": known.language, "status": known.status} for known in found]
    if as_json:
        typer.echo(json.dumps({"items": rows, "next_cursor": None}))
    else:
        for row in rows:
            typer.echo(f"{row['status']:10}  {row['language']}  {row['name']}")
    raise typer.Exit(0 if all(known.status == template_push.APPROVED for known in found) else 1)


def _business(settings: Settings) -> Business:
    try:
        return load_business(settings.business_file)
    except BusinessFileWrong as wrong:
        raise fail(*wrong.problems) from None
