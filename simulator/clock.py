"""The simulator's own time and its seeded chance: the only places where either comes from."""

import base64
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")


class Clock:
    """World time: real time plus an offset that only moves when told to."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    @property
    def offset(self) -> timedelta:
        """How far world time is ahead of real time."""
        return self._offset

    def now(self) -> datetime:
        """World time, aware UTC."""
        return datetime.now(UTC) + self._offset

    def monotonic(self) -> float:
        """Seconds that never run backwards and that no `move` changes."""
        return time.monotonic()

    def move(self, by: timedelta) -> None:
        """Moves world time, forwards or backwards."""
        self._offset += by

    def reset(self) -> None:
        """World time is real time again."""
        self._offset = timedelta(0)


class Chance:
    """Ids and shuffles: the same seed gives the same ones in the same order, no seed gives fresh ones.

    The sequence never starts again: a backend that keeps its database would take an id it has met for
    a duplicate.
    """

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)

    def wamid(self) -> str:
        """A message id as Meta makes them: `wamid.` and base64."""
        return "wamid." + base64.b64encode(self._random.randbytes(30)).decode()

    def digits(self, length: int = 15) -> str:
        """An id of digits that does not start with a nought (media, BSUIDs)."""
        return str(self._random.randrange(10 ** (length - 1), 10**length))

    def trace_id(self) -> str:
        """An `fbtrace_id`."""
        return "A" + base64.urlsafe_b64encode(self._random.randbytes(12)).decode().rstrip("=")

    def token(self) -> str:
        """An unguessable-looking piece of a media address."""
        return self._random.randbytes(12).hex()

    def shuffled(self, items: Sequence[T]) -> tuple[T, ...]:
        """The items in any order."""
        shuffled = list(items)
        self._random.shuffle(shuffled)
        return tuple(shuffled)
