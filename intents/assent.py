"""The explicit yes to one thing that was asked; the theory is in `intents.commitment`."""

from __future__ import annotations

from intents.commitment import CommitmentKind, CommitmentVerdict, commitment
from intents.dates.values import Language


def is_explicit_yes(text: str, language: Language | None = None, kind: CommitmentKind = CommitmentKind.BOOK) -> bool:
    """Whether these words say yes to that and nothing else; without a language a word that is a no in any is no yes."""
    return commitment(text, language, kind) is CommitmentVerdict.YES
