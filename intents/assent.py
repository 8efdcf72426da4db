"""The explicit yes (G-10): a phrase of the list, alone or before polite words; all else is asked again."""

from __future__ import annotations

import re
from typing import Final

from intents import rules
from intents.understanding import ExpectedAnswer, Intent

_MOST_WORDS: Final = 10
_ORDERS: Final = frozenset(
    {"book it", "book this", "pesan", "pesan saja", "pesankan", "dat luon", "dat di", "dat lich di"}
)
"""Said to the question whether to book, as good as a yes."""
_WORDS: Final = """
    yes ok okay sure please pls book it that this one for me us go ahead confirm confirmed thanks thank you do so i the
    booking then now lets perfect great good correct right
    ya iya oke pesan pesankan saja aja dong kak min mas mbak bu pak saya mau jadi itu tolong lanjut konfirmasi terima
    kasih makasih setuju betul benar boleh yang deh sip
    vang da y dat luon nhe nha a em minh toi cho giup lich di xac nhan chot cam on roi duoc shop ban anh chi dung day
    cai nay gio
"""
_BOOK_IT: Final = frozenset(_WORDS.split())
"""Words a yes may be followed by; any other word may take it back."""


def is_explicit_yes(text: str) -> bool:
    """Whether these words say yes and nothing else."""
    if "?" in text or len(text) > 80:
        return False
    if rules.exact(text, ExpectedAnswer.CONFIRMATION) is Intent.CONFIRM:
        return True
    words = rules.stripped(re.sub(r"[,.!;:\n]+", " ", text))[0].split()
    if not words or len(words) > _MOST_WORDS or not all(word in _BOOK_IT for word in words):
        return False
    if " ".join(words) in _ORDERS:
        return True
    return any(
        rules.exact(" ".join(words[:count]), ExpectedAnswer.CONFIRMATION) is Intent.CONFIRM
        for count in range(1, len(words) + 1)
    )
