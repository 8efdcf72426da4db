"""`janji words`: every sentence of the catalogues that a house may say in its own words."""

import json
from typing import Annotated, Any

import typer

from bot.business.definition import Business
from bot.business.word_checks import NOT_SAID
from bot.domain.languages import CATALOGUE
from bot.replies import notices
from bot.replies.words import keys
from webhooks.business import BusinessFileWrong, load_business
from webhooks.cli.terminal import Json, fail, settings_for


def words(
    start: Annotated[str, typer.Argument(help="How the keys begin, as `reminder.` or `talk.greeting`.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """The sentences people read, by key, in the languages of the business: the catalogue's, and where `words` of the
    business file has another one, that one."""
    try:
        business = load_business(settings_for().business_file)
    except BusinessFileWrong as wrong:
        raise fail(*wrong.problems) from None
    rows: list[dict[str, Any]] = [
        {
            "key": key,
            "language": code,
            "text": list(business.words.get(key, {}).get(code, CATALOGUE.languages[code].sentences[key].forms)),
            "own": code in business.words.get(key, {}),
        }
        for key in keys(start)
        if not key.startswith(NOT_SAID)
        for code in business.languages
    ]
    if not rows:
        raise fail(f"{start}: no key begins so; `janji words` lists all of them")
    if as_json:
        typer.echo(json.dumps({"items": rows, "next_cursor": None}, ensure_ascii=False))
        return
    for row in rows:
        text = " / ".join(row["text"]).replace("\n", " ⏎ ")
        typer.echo(f"{row['key']}  {row['language']}{'  own' if row['own'] else ''}  {text}")


def notes(business: Business) -> list[str]:
    """What an owner should know of their words though nothing is wrong with them."""
    return [
        f"words.{key}.{code}: outside the customer's 24 hours the template {name} says it, in words of its own; "
        f"write words.{template}.{code} too, then `janji templates push`"
        for key, code, template, name in notices.mirrored_otherwise(business.words)
    ]
