"""Language files: one gettext PO file for each language, named by its code; a new file is a new language.

The msgid is a stable key (`booking.kept`), the msgstr is what people read, with named fields (`{service}`). A sentence
that depends on a number has plural forms, as many as the file's own Plural-Forms say, and the number in `{count}`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from gettext import c2py
from importlib.resources.abc import Traversable
from io import BytesIO
from string import Formatter
from types import MappingProxyType
from typing import Final

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

SOURCE: Final = "en"
"""The language every other one is translated from and compared with."""
SUFFIX: Final = ".po"
COUNT: Final = "count"
"""The field whose number picks the plural form."""
_LIMIT: Final = "max-length:"
"""The flag that says the most characters of a sentence; the name is Weblate's."""
_ENTRY: Final = re.compile(rb'^msgid "', re.MULTILINE)


class UnreadableFile(Exception):
    """A language file that cannot be read; says why."""


class MissingSentence(LookupError):
    """A sentence is asked for that a language does not have; the check of the files finds it before a customer does."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry of a language file: its text, or its plural forms in order."""

    forms: tuple[str, ...]
    is_plural: bool = False
    flags: frozenset[str] = frozenset()
    comments: tuple[str, ...] = ()
    """What is told to translators: where it is shown, its fields, and the English text with a translation."""

    @property
    def limit(self) -> int | None:
        """The most characters it may have."""
        return next((int(flag.removeprefix(_LIMIT)) for flag in self.flags if flag.startswith(_LIMIT)), None)


@dataclass(frozen=True, slots=True)
class LanguageFile:
    """All sentences of one language, by key."""

    code: str
    sentences: Mapping[str, Sentence]
    plural_forms: int
    plural: Callable[[int], int] = field(repr=False)
    """Which form a number takes."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The language files of a folder, the source language first, then by code."""

    languages: Mapping[str, LanguageFile]
    unreadable: tuple[str, ...] = ()
    """Why files were left out."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the source language, in the order of its file."""
        source = self.languages.get(SOURCE)
        return () if source is None else tuple(source.sentences)

    def is_whole(self, code: str) -> bool:
        """Whether that language has every sentence of the source language, and none of them empty."""
        own = self.languages[code].sentences
        return all(key in own and all(text.strip() for text in own[key].forms) for key in self.keys)

    def text(self, key: str, language: str, count: int | None = None) -> str:
        """A sentence with its fields still open, in the form for `count`; raises MissingSentence."""
        file = self.languages.get(language)
        sentence = None if file is None else file.sentences.get(key)
        if file is None or sentence is None:
            raise MissingSentence(f"{key} in {language}")
        if not sentence.is_plural:
            return sentence.forms[0]
        if count is None:
            raise TypeError(f"{key} has plural forms: the field {COUNT} is a number")
        return sentence.forms[file.plural(count)]

    def say(self, key: str, language: str, **fields: str | int) -> str:
        """A sentence with its fields filled in; an empty field leaves no double blank."""
        count = fields.get(COUNT)
        text = self.text(key, language, count if isinstance(count, int) else None)
        return text.format(**fields).replace("  ", " ").strip()


def read(folder: Traversable) -> Catalogue:
    """Every language that has a file in the folder."""
    found: dict[str, LanguageFile] = {}
    unreadable = []
    names = {each.name.removesuffix(SUFFIX): each for each in folder.iterdir() if each.name.endswith(SUFFIX)}
    for code in sorted(names, key=lambda code: (code != SOURCE, code)):
        try:
            found[code] = read_file(code, names[code].read_bytes())
        except UnreadableFile as error:
            unreadable.append(f"{names[code].name}: {error}")
    return Catalogue(MappingProxyType(found), tuple(unreadable))


def read_file(code: str, data: bytes) -> LanguageFile:
    """One language file; raises UnreadableFile."""
    try:
        Locale.parse(code)
        catalog = read_po(BytesIO(data), abort_invalid=True)
        plural = c2py(catalog.plural_expr)
    except (PoFileError, UnknownLocaleError, ValueError, LookupError) as error:
        raise UnreadableFile(str(error)) from error
    if str(catalog.locale_identifier) != code:
        raise UnreadableFile(f"its header says Language: {catalog.locale_identifier}")
    sentences = {key_of(message): _sentence(message) for message in catalog if message.id}
    if len(_ENTRY.findall(data)) - 1 != len(sentences):
        # Babel keeps the first of two silently, which is how a merge of two translators loses one
        raise UnreadableFile("a key stands in it twice, or the header is missing")
    return LanguageFile(code, MappingProxyType(sentences), catalog.num_plurals, plural)


def key_of(message: Message) -> str:
    """The key of an entry; one with plural forms has it twice."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def forms_of(message: Message) -> tuple[str, ...]:
    """Its text, or its plural forms in order."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def fields_of(text: str) -> tuple[str, ...]:
    """The names of the fields of a text, in its order; ValueError for one that cannot be filled in."""
    found = []
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        # a bare name only: `{service.name}` or `{0}` would reach into values, or find none
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}}")
        found.append(name)
    return tuple(dict.fromkeys(found))


def fields_of_all(forms: tuple[str, ...]) -> frozenset[str]:
    """The fields of a sentence; one plural form may say its number in a word ("1 person"). ValueError as above."""
    by_form = [frozenset(fields_of(text)) for text in forms]
    every = frozenset[str]().union(*by_form)
    if any(every - names - {COUNT} for names in by_form):
        raise ValueError("a plural form has fewer fields")
    return every


def _sentence(message: Message) -> Sentence:
    is_plural = not isinstance(message.id, str)
    return Sentence(forms_of(message), is_plural, frozenset(message.flags), tuple(message.auto_comments))
