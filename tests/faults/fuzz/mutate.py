"""Structure-aware mutation: a value that is right becomes one that is nearly right, or quite wrong.

Everything comes from one seeded generator, so that a printed seed repeats the whole run.
"""

import copy
import json
import random
from collections.abc import Callable, Sequence
from typing import Any, Final

CANARY: Final = "canary4c1f"
"""Stands in every foreign text we make, so that it is recognised wherever it turns up."""

_NASTY: Final = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\u202e\u2066evil\u2069",
    "\x1b[2J\x1b[31m",
    "line\nbreak\r\n2026-12-01 [error] forged",
    "$where",
    "a.b.$c",
    "__proto__",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "'; DROP TABLE leads; --",
    "../../../../etc/passwd",
    "%00%0a%s%n",
    "ﷺ" * 40,
    "e\u0301" * 60,
    "👩\u200d👩\u200d👧" * 20,
    "²³",
    "٣٤٥",
    "١٢:٣٠",
    "NaN",
    "-0",
    "1e400",
    "1" * 5000,
    " ",
    "",
    "\ufeff",
)
_NUMBERS: Final = (
    *(0, -1, 1, 2**31, -(2**31), 2**53 + 1, 2**63, -(2**63) - 1, 10**24, 10**400),
    *(0.5, -0.0, 1e308, 425000.4, 1e-9),
)
_STAMPS: Final = (
    *("0", "1", "-1", "9999999999", "99999999999999", "253402300799", "253402300800", "1795000000"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-02-30T10:00:00Z", "2026-11-20T05:05:00+99:00"),
)


class Mutator:
    """Makes inputs out of examples, and out of words that mean something to who reads them."""

    def __init__(self, seed: int, words: Sequence[str] = ()) -> None:
        self.random = random.Random(seed)
        self.words = list(words)
        """Ids, tokens, references that are known where the inputs go."""

    def text(self) -> str:
        """A foreign text."""
        kind = self.random.randrange(8)
        if kind == 0 and self.words:
            return self.random.choice(self.words)
        if kind <= 3:
            return f"{CANARY} {self.random.choice(_NASTY)} {CANARY}"
        if kind == 4:
            return self.random.choice(_NASTY)
        if kind == 5:
            return self.random.choice(_STAMPS)
        if kind == 6:
            letters = [chr(self.random.choice((32, 0x80, 0x300, 0x600, 0x1F600)) + self.random.randrange(96))]
            return CANARY + "".join(letters * self.random.randrange(1, 40))
        return CANARY * self.random.choice((1, 3, 40, 400))

    def scalar(self) -> Any:
        """Something that is no object and no list."""
        kind = self.random.randrange(6)
        if kind == 0:
            return self.random.choice(_NUMBERS)
        if kind == 1:
            return self.random.choice((None, True, False))
        return self.text()

    def value(self, depth: int = 0) -> Any:
        """Anything."""
        kind = self.random.randrange(8)
        if kind == 0 and depth < 3:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        if kind == 1 and depth < 3:
            return {self.text(): self.value(depth + 1) for _ in range(self.random.randrange(4))}
        return self.scalar()

    def mutated(self, example: Any) -> Any:
        """The example with one to four changes somewhere inside."""
        changed = copy.deepcopy(example)
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 4))):
            changed = self._changed(changed)
        return changed

    def _changed(self, tree: Any) -> Any:
        places = list(_places(tree))
        if not places:
            return self.value()
        path = self.random.choice(places)
        change = self.random.choice(self._changes)
        return _at(tree, path, lambda found: change(self, found))

    def _other_value(self, _: Any) -> Any:
        return self.value()

    def _other_scalar(self, found: Any) -> Any:
        if isinstance(found, bool):
            return not found
        if isinstance(found, int | float) and abs(found) < 1e100:
            return self.random.choice((-found, found * 10, found + 0.4, found + 1, str(found), *_NUMBERS[:4]))
        if isinstance(found, str):
            return self._other_text(found)
        return self.scalar()

    def _other_text(self, found: str) -> str:
        kind = self.random.randrange(6)
        if kind == 0:
            return found + self.random.choice(_NASTY)
        if kind == 1:
            return found.upper() if found.islower() else found.lower()
        if kind == 2:
            return found[: self.random.randrange(len(found) + 1)]
        if kind == 3 and self.words:
            return self.random.choice(self.words)
        if kind == 4:
            return f"{CANARY}{found}"
        return self.text()

    def _gone(self, found: Any) -> Any:
        if isinstance(found, dict) and found:
            found.pop(self.random.choice(list(found)))
        elif isinstance(found, list) and found:
            found.pop(self.random.randrange(len(found)))
        else:
            return None
        return found

    def _more(self, found: Any) -> Any:
        if isinstance(found, dict):
            found[self.text()] = self.value()
        elif isinstance(found, list):
            found.insert(self.random.randrange(len(found) + 1), self.value())
        else:
            return [found]
        return found

    def _twice(self, found: Any) -> Any:
        if isinstance(found, list) and found:
            return found * self.random.choice((2, 3, 30))
        return {"data": found} if isinstance(found, dict) else found

    def _deep(self, found: Any) -> Any:
        for _ in range(self.random.choice((2, 20, 120))):
            found = [found] if self.random.random() < 0.5 else {"value": found}
        return found

    _changes: tuple[Callable[["Mutator", Any], Any], ...] = (
        _other_value,
        _other_scalar,
        _other_scalar,
        _other_scalar,
        _gone,
        _more,
        _twice,
        _deep,
    )

    def packed(self, value: Any) -> bytes:
        """JSON as bytes: mostly as a sender writes it, sometimes broken on the way."""
        try:
            body = json.dumps(value, ensure_ascii=self.random.random() < 0.5, allow_nan=True)
        except (ValueError, RecursionError):
            body = "[" * 2000
        raw = body.encode("utf-8", "surrogatepass")
        kind = self.random.randrange(24)
        if kind == 0:
            return raw[: self.random.randrange(len(raw) + 1)]
        if kind == 1 and raw:
            at = self.random.randrange(len(raw))
            return raw[:at] + bytes([self.random.randrange(256)]) + raw[at + 1 :]
        if kind == 2:
            return b"\xef\xbb\xbf" + raw
        if kind == 3:
            return self.random.choice((b"", b"null", b"[]", b"{}", b"0", b'"x"', b"[" * 100_000, b'{"a":' * 5000))
        return raw


def _places(tree: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    if isinstance(tree, dict):
        for key, held in tree.items():
            yield from _places(held, (*path, key))
    elif isinstance(tree, list):
        for index, held in enumerate(tree):
            yield from _places(held, (*path, index))


def _at(tree: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(tree)
    tree[path[0]] = _at(tree[path[0]], path[1:], change)
    return tree
