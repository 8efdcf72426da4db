"""What is wrong with a house's own words, sentence by sentence: each has to say what the catalogue's says."""

from collections.abc import Iterator
from typing import Final

from bot.business.definition import Definition
from bot.business.problems import Path, nearest
from bot.business.rule_checks import REMINDED_TOGETHER
from bot.domain import message_limits as limits
from bot.domain import template_text
from bot.domain.language_files import SOURCE, Sentence, fields_of, fields_of_all
from bot.domain.languages import CATALOGUE, CODES

Finding = tuple[Path, str, str]

LONGEST: Final = {"name": 61, "business": 60, "offers": 400, "list": 360, "also": REMINDED_TOGETHER}
"""The most characters that fields of any length are filled with; others have 40."""
_FIELD: Final = 40
NOT_SAID: Final = ("format.", "language.", "partner.ways_to_ask.", "partner.off.ways.")
"""How the keys begin of what is said to nobody: patterns of dates, and the words that partners ask with."""
_BUTTON: Final = ".button."
_TEMPLATE: Final = "template."


def findings(file: Definition) -> Iterator[Finding]:
    """Every mistake in `words`."""
    known = tuple(key for key in CATALOGUE.keys if not key.startswith(NOT_SAID))
    for key, by_language in file.words.items():
        if key not in known:
            fix = nearest(key, known, "") if _is_like_one(key, known) else "`janji words` lists them"
            yield ("words", key), "there is no sentence of that key", fix
            continue
        if not by_language:
            yield ("words", key), "says nothing", "write it in a language of the business, or take it out"
        for code, forms in by_language.items():
            path: Path = ("words", key, code)
            if code not in CODES:
                yield path, f"there is no language `{code}`", nearest(code, CODES, "take it out")
            elif code not in file.languages:
                fix = f"add `{code}` to languages, or take it out"
                yield path, f"the business does not speak `{code}`", fix
            else:
                yield from ((path, what, fix) for what, fix in _wrong(key, code, forms))


def _is_like_one(key: str, known: tuple[str, ...]) -> bool:
    return nearest(key, known, "").startswith("did you mean")


def _wrong(key: str, code: str, forms: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    file, ours = CATALOGUE.languages[code], CATALOGUE.languages[code].sentences[key]
    wanted = file.plural_forms if ours.is_plural else 1
    if len(forms) != wanted:
        many = f"write a list of {wanted}, one for each number" if wanted > 1 else "write one text"
        yield f"has {len(forms)} forms, {wanted} are needed", many
        return
    if not all(text.strip() for text in forms):
        yield "is empty", "say something, or take it out"
        return
    try:
        own = fields_of_all(forms)
    except ValueError as error:
        yield f"has a field that cannot be filled in ({error})", "a field is a name in curly brackets"
        return
    fields = fields_of_all(ours.forms)
    if missing := sorted(fields - own):
        yield f"leaves out {_named(missing)}", f"say it too: {ours.forms[-1]!r}"
    if foreign := sorted(own - fields):
        known = f"known here: {_named(sorted(fields))}" if fields else "this sentence has no fields"
        yield f"names {_named(foreign)}, which nobody fills here", known
    if own == fields:
        yield from _too_long(key, forms)
        if key.startswith(_TEMPLATE) and _BUTTON not in key:
            yield from _as_template(ours, forms[0])


def _named(fields: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in fields)


def _too_long(key: str, forms: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    limit = CATALOGUE.languages[SOURCE].sentences[key].limit or limits.BODY
    for text in forms:
        if len(text) > limit:
            yield f"has {len(text)} characters, {limit} are allowed", "say it shorter"
            return
        most = len(longest(text))
        # a row of a list holds a service's name besides, which is cut to what is left by who writes the row
        allowed = limit if _BUTTON in key else limits.BODY
        if most > allowed:
            yield f"may have {most} characters with its fields filled in, {allowed} are allowed", "say it shorter"
            return


def longest(text: str) -> str:
    """The text with every field at its longest."""
    return text.format(**{name: "x" * LONGEST.get(name, _FIELD) for name in fields_of(text)})


def _as_template(ours: Sentence, text: str) -> Iterator[tuple[str, str]]:
    """Meta numbers the fields of an approved text in their order; until it has approved the new one, the values fill
    the old one, and have to stand in the same order."""
    order = fields_of(ours.forms[0])
    if fields_of(text) != order:
        yield "names its fields in another order, and they are sent by number", f"keep {_named(list(order))}"
    yield from template_text.problems(text)
