"""Codes of places: a short signed word in a link, which binds who sends it to the place it was printed for.

A code is made of nothing but a keyed digest, so it says neither which place it is for nor anything else. A place has
one code at a time, and so has each of its rooms; revoking it counts its number up, and the next code is another one.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: who reads a code from paper takes them for others."""
_GROUPS, _LETTERS = 3, 4
_BITS: Final = 5
_GROUP: Final = rf"[{_ALPHABET}]{{{_LETTERS}}}"
_CODE: Final = re.compile(rf"(?<!\w)place\s*[:=]\s*({_GROUP}(?:-{_GROUP}){{{_GROUPS - 1}}})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BoundPlace:
    """Where a customer is, as the code they sent says, and until when that is taken to be so."""

    place: str
    until: datetime
    room: str | None = None
    """Where the code is a room's."""

    def room_at(self, place: str | None, at: datetime) -> str | None:
        """In which room of that place they are then, as far as is known."""
        return self.room if place == self.place and at < self.until else None


def code_subject(place: str, room: str | None = None) -> str:
    """What a code is for: a place, or a room of one. The id of a place holds no stroke."""
    return place if room is None else f"{place}/{room}"


def place_and_room(subject: str) -> tuple[str, str | None]:
    """The place and room that a code is for."""
    place, stroke, room = subject.partition("/")
    return place, room if stroke else None


def code_in(text: str) -> str | None:
    """What looks like a code in a message, in capitals; whether it is one is for the keys to say."""
    found = _CODE.search(text)
    return None if found is None else found.group(1).upper()


def without(text: str) -> str:
    """The message without what looks like a code: what is left is what the customer wants."""
    return _CODE.sub(" ", text).strip()


def code_of(place: str, number: int, secret: str) -> str:
    """The code of that place after so many revocations, under that key."""
    digest = hmac.new(secret.encode(), f"janji.place-code|{place}|{number}".encode(), hashlib.sha256).digest()
    drawn = int.from_bytes(digest, "big")
    letters = "".join(_ALPHABET[drawn >> _BITS * at & 31] for at in range(_GROUPS * _LETTERS))
    return "-".join(letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS))


def place_of(code: str, numbers: Mapping[str, int], secrets: Iterable[str]) -> str | None:
    """The place whose code this is; `numbers` says of each place how often its code was revoked. A code under a former
    key still counts: what is printed outlives a change of keys."""
    keys = tuple(secrets)
    for place, number in numbers.items():
        if any(hmac.compare_digest(code_of(place, number, key).encode(), code.encode()) for key in keys):
            return place
    return None


def was_revoked(code: str, numbers: Mapping[str, int], secrets: Iterable[str]) -> bool:
    """Whether it was the code of one of these places before."""
    keys = tuple(secrets)
    earlier = ({place: before} for place, number in numbers.items() for before in range(number))
    return any(place_of(code, one, keys) is not None for one in earlier)


def link(number: str, hello: str, code: str) -> str:
    """The address that opens the chat with these words and the code filled in."""
    return f"https://wa.me/{number}?text={quote(f'{hello} place:{code}')}"
