"""How many inputs a fuzz makes, and out of which seed: `JANJI_PROVE_INPUTS` and `JANJI_PROVE_SEED`."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

ALL: Final = bool(os.environ.get("JANJI_PROVE_SEEDS"))
"""Whether this is `make prove`, and not `make test`."""
INPUTS: Final = int(os.environ.get("JANJI_PROVE_INPUTS") or 20_000)
SEED: Final = int(os.environ.get("JANJI_PROVE_SEED") or secrets.randbelow(2**31))


def count(share: float, small: int) -> int:
    """So much of all inputs in `make prove`, a few in `make test`."""
    return round(INPUTS * share) if ALL else small


@contextmanager
def told(seed: int, index: int, found: Any) -> Iterator[None]:
    """Says which input it was, when something happens that must not."""
    try:
        yield
    except Exception as error:
        error.add_note(f"input {index} of JANJI_PROVE_SEED={seed}: {found!r:.3000}")
        raise
