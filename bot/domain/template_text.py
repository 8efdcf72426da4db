"""What Meta takes as the text of a template, and what it turns down (reference: whatsapp 3.2)."""

from collections.abc import Iterator
from typing import Final

from bot.domain import message_limits as limits
from bot.domain.language_files import fields_of

_WORDS_A_FIELD: Final = 3
"""A text that is mostly variables is turned down."""


def numbered(text: str) -> str:
    """The text as it is approved: {{1}}, {{2}} … in the order in which its fields stand."""
    return text.format(**{name: f"{{{{{number}}}}}" for number, name in enumerate(fields_of(text), 1)})


def problems(text: str) -> Iterator[tuple[str, str]]:
    """Everything Meta would turn down in it: what is wrong, and its remedy."""
    shown, fields = numbered(text), fields_of(text)
    if len(shown) > limits.BODY:
        yield f"the text has {len(shown)} characters, {limits.BODY} are allowed", "say it shorter"
    if shown.startswith("{{") or shown.endswith("}}"):
        yield "a variable stands at the start or the end", "put a word before or after it"
    if "}}{{" in shown or "}} {{" in shown:
        yield "two variables stand side by side", "put a word between them"
    if len(shown.split()) - len(fields) < _WORDS_A_FIELD * len(fields):
        yield f"{len(fields)} variables are too many for so short a text", "say more around them"
