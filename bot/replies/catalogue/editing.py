"""Language files brought up to date with the English one: new keys empty, old ones gone, comments as they are now."""

from collections.abc import Sequence
from io import BytesIO
from textwrap import wrap
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from bot.domain.language_files import SOURCE, forms_of, key_of

ENGLISH: Final = "English: "
"""How the comment begins that shows a translator the English text."""
FUZZY: Final = "fuzzy"
"""The flag of a translation that somebody has to look at again."""
_WIDTH: Final = 74


def updated(english: bytes, code: str, translated: bytes = b"") -> bytes:
    """The file of that language with every key of the English one, translated as far as it was before.

    A translation of an English text that has changed since is marked fuzzy: somebody has to look at it.
    """
    source = read_po(BytesIO(english), abort_invalid=True)
    former = read_po(BytesIO(translated or _header(code, *get_plural(code)).encode()), abort_invalid=True)
    header = _header(code, former.num_plurals, former.plural_expr).encode()
    # a catalogue knows its plural forms from a header only
    catalog = read_po(BytesIO(header))
    for message in source:
        if message.id:
            _add(catalog, message, former.get(key_of(message)), code)
    written = BytesIO()
    # one line a sentence: a change of a word is a change of one line
    write_po(written, catalog, width=0, omit_header=True)
    return header + written.getvalue().rstrip() + b"\n"


def english_comments(forms: Sequence[str]) -> tuple[str, ...]:
    """What stands next to a translation to show the English text."""
    shown = " / ".join(forms).replace("\n", " ⏎ ")
    return tuple(wrap(f"{ENGLISH}{shown}", _WIDTH, break_long_words=False, break_on_hyphens=False))


def from_english(comments: Sequence[str]) -> tuple[str, ...]:
    """The English text in the comments of a translation, to their end: it is the last of them."""
    start = next((number for number, line in enumerate(comments) if line.startswith(ENGLISH)), len(comments))
    return tuple(comments[start:])


def _add(catalog: Catalog, message: Message, former: Message | None, code: str) -> None:
    forms = forms_of(former) if former is not None else ("",) * catalog.num_plurals
    comments, flags = list(message.auto_comments), set(message.flags)
    before: tuple[str, ...] = ()
    if former is not None:
        before = from_english(former.auto_comments)
        flags |= former.flags & {FUZZY}
    if code != SOURCE:
        now = english_comments(forms_of(message))
        comments += now
        flags |= {FUZZY} if before and before != now else set()
    text = forms[0] if isinstance(message.id, str) else forms
    own = () if former is None else former.user_comments
    catalog.add(message.id, text, flags=flags, auto_comments=comments, user_comments=own)


def _header(code: str, forms: int, rule: str) -> str:
    lines = (
        f"Language: {code}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: nplurals={forms}; plural={rule};",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"
