"""How a wished time stands to the one spoken of before: "same time", "the later one", "a bit earlier"."""

from __future__ import annotations

import re
from typing import Final

from intents import wordlists
from intents.dates.tokens import fold
from intents.understanding import Relation

_LONGEST: Final = 300


def relations(text: str) -> tuple[Relation, ...]:
    """Every relation a message names, each once."""
    words = wordlists.pattern("relations", "none").sub(" ", re.sub(r"[^\w\s]", " ", fold(text[:_LONGEST])))
    words = re.sub(r"\s+", " ", words).strip()
    return tuple(each for each in Relation if wordlists.pattern("relations", each.value).search(words))
