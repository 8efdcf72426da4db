"""WhatsApp's marks as a phone shows them: *bold*, _italic_, ~struck~, `code` and ```monospace```.

Everything else of the words is escaped: no mark of a customer's makes an element that is not named here.
"""

import re
from bisect import bisect_left
from typing import Final

from markupsafe import Markup, escape

_ELEMENTS: Final = {
    "*": Markup("<strong>{}</strong>"),
    "_": Markup("<em>{}</em>"),
    "~": Markup("<s>{}</s>"),
    "`": Markup("<code>{}</code>"),
}
_BLOCK: Final = re.compile(r"```(?=[^`])([^`]+)```")
_CODE: Final = Markup("<code>{}</code>")


def marked(text: str) -> Markup:
    """The words with their marks as elements."""
    said, at = Markup(), 0
    for block in _BLOCK.finditer(text):
        said += _lines(text[at : block.start()]) + _CODE.format(block[1].strip("\n"))
        at = block.end()
    return said + _lines(text[at:])


def _lines(text: str) -> Markup:
    # a mark that is opened on one line is not closed on another
    return Markup("\n").join(map(_line, text.split("\n")))


def _line(text: str) -> Markup:
    """One line, in one pass for each kind of mark: no line of a customer's takes long to read."""
    closers = {
        mark: [at for at, letter in enumerate(text) if letter == mark and _closes(text, at)] for mark in _ELEMENTS
    }
    said, plain, at = Markup(), 0, 0
    while at < len(text):
        mark = text[at]
        end = _end_of(closers[mark], at) if mark in closers and _opens(text, at) else None
        if end is None:
            at += 1
            continue
        inner = text[at + 1 : end]
        said += escape(text[plain:at]) + _ELEMENTS[mark].format(inner if mark == "`" else _line(inner))
        at = plain = end + 1
    return said + escape(text[plain:])


def _opens(text: str, at: int) -> bool:
    """A word begins behind it, and none ends before it: 5*4*3 is a sum."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(after.strip()) and not before.isalnum()


def _closes(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before.strip()) and not after.isalnum()


def _end_of(closers: list[int], at: int) -> int | None:
    """The first that closes it with something in between."""
    found = bisect_left(closers, at + 2)
    return closers[found] if found < len(closers) else None
