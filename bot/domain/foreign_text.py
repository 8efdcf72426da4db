"""Foreign text made safe, once, where it comes in: what no person typed and no reader sees does not travel on.

Lone surrogates cannot be stored, NUL and control characters cannot be sent, direction marks make words lie about their
order, and a string of a megabyte is nobody's message.
"""

import math
import re
from typing import Any, Final

TEXT_CHARS: Final = 16_384
"""Four times the longest message."""
NAME_CHARS: Final = 60
DEPTH: Final = 32
_LONG: Final = frozenset({"response_json"})
"""Fields that may be long: a form's answers."""
_LONG_CHARS: Final = 65_536
_INTEGER: Final = 2**63

# surrogates; C0 and C1 controls but line break and tab; direction marks, embeddings, overrides and isolates
_UNSAFE: Final = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_MARKUP: Final = re.compile(r"[*_~`<>\[\]{}|]+")


def clean(text: str, most: int = TEXT_CHARS) -> str:
    """The text without what cannot be stored, sent or seen, and no longer than that."""
    if len(text) <= most and text.isprintable():
        # nothing of _UNSAFE and no line break is printable: nearly every text of a webhook ends here
        return text
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:most]


def is_seen(text: str) -> bool:
    """Whether anybody who reads it sees anything."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def clean_name(text: str) -> str | None:
    """A name as it may stand in a sentence of ours: one line, no markup; none when nothing is left of it."""
    name = " ".join(_MARKUP.sub(" ", clean(text)).split())[:NAME_CHARS].strip()
    return name if any(character.isalnum() for character in name) else None


def clean_json(value: Any, field: str = "", depth: int = 0) -> Any:
    """The same value with every string in it clean, as deep and as large as anything real is."""
    if isinstance(value, str):
        return clean(value, _LONG_CHARS if field in _LONG else TEXT_CHARS)
    if isinstance(value, dict | list) and depth >= DEPTH:
        return None
    if isinstance(value, dict):
        return {clean(str(key), 256): clean_json(one, str(key), depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [clean_json(one, field, depth + 1) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and not -_INTEGER <= value < _INTEGER:
        return None
    return value
