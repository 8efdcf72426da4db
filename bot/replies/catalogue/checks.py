"""What is wrong in the language files, each with its remedy: asked by the tests and before a start."""

from collections.abc import Iterator
from importlib import resources
from typing import Final

from bot.domain import language_files as files
from bot.domain.language_files import SOURCE, Catalogue, LanguageFile, Sentence
from bot.replies.catalogue.editing import FUZZY, english_comments, from_english

FOLDERS: Final = ("bot/replies/catalogue", "flows/catalogue")
"""Where language files stand: what the chat says, and what the screens of the booking form say."""
_UPDATE: Final = "python -m bot.replies.catalogue"


def problems() -> list[str]:
    """Everything wrong in the language files of the product; nothing when all is well."""
    read = {folder: _read(folder) for folder in FOLDERS}
    found = [f"{folder}/{problem}" for folder, catalogue in read.items() for problem in problems_of(catalogue)]
    spoken = sorted({code for catalogue in read.values() for code in catalogue.languages})
    for folder, catalogue in read.items():
        lost = [code for code in spoken if code not in catalogue.languages]
        found += [f"{folder}/{code}{files.SUFFIX}: is missing; `{_UPDATE} {code}` begins it" for code in lost]
    return found


def _read(folder: str) -> Catalogue:
    package, _, inside = folder.partition("/")
    return files.read(resources.files(package).joinpath(inside))


def problems_of(catalogue: Catalogue) -> Iterator[str]:
    """Everything wrong in one folder's files."""
    yield from catalogue.unreadable
    source = catalogue.languages.get(SOURCE)
    if source is None:
        yield f"{SOURCE}{files.SUFFIX}: cannot be read, and every other file is compared with it"
        return
    for file in catalogue.languages.values():
        for problem in _against(file, source):
            yield f"{file.code}{files.SUFFIX}: {problem}"


def _against(file: LanguageFile, source: LanguageFile) -> Iterator[str]:
    for key in source.sentences.keys() - file.sentences.keys():
        yield f"{key} is missing; `{_UPDATE} {file.code}` adds it, then translate it"
    for key in file.sentences.keys() - source.sentences.keys():
        yield f"{key} is not in {SOURCE}{files.SUFFIX}; take it out, or add it there"
    for key, sentence in file.sentences.items():
        english = source.sentences.get(key)
        if english is not None:
            yield from (f"{key} {problem}" for problem in _wrong(sentence, english, file))


def _wrong(sentence: Sentence, english: Sentence, file: LanguageFile) -> Iterator[str]:
    if not all(text.strip() for text in sentence.forms):
        yield "is empty; translate it"
        return
    wanted = file.plural_forms if english.is_plural else 1
    if sentence.is_plural != english.is_plural or len(sentence.forms) != wanted:
        yield f"has {len(sentence.forms)} forms, {wanted} are needed; write one for each"
        return
    if FUZZY in sentence.flags:
        yield "is marked fuzzy: the English text has changed; look at it and take the mark away"
    shown = from_english(sentence.comments)
    if shown and shown != english_comments(english.forms):
        yield f"shows an older English text; `{_UPDATE} {file.code}`, then look at it"
    try:
        fields, own = files.fields_of_all(english.forms), files.fields_of_all(sentence.forms)
    except ValueError as error:
        yield f"has a field that cannot be filled in ({error}); a field is a name in curly brackets"
        return
    if fields != own:
        named = ", ".join(sorted(fields ^ own))
        yield f"has not the same fields as the English text: {named}"
    for text in sentence.forms:
        if english.limit is not None and len(text) > english.limit:
            yield f"has {len(text)} characters, {english.limit} are allowed; say it shorter"
