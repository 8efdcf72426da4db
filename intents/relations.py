"""How a wished time stands to the one spoken of before: "same time", "the later one", "a bit earlier"."""

from __future__ import annotations

import re
from typing import Final

from intents.dates.tokens import fold
from intents.understanding import Relation

_LONGEST: Final = 300
_PATTERNS: Final = (
    (
        Relation.SAME_TIME,
        re.compile(
            r"\b(?:(?:at )?(?:the )?same (?:time|hour|slot)|(?:jam|jamnya|waktu) (?:yang |yg )?sama|jamnya (?:tetap|sama|tetep)|"
            r"jam (?:tetap|tetep)|(?:cung|van) (?:khung )?gio(?: do| cu| nay)?|gio (?:cu|giu nguyen|van vay|nhu cu|khong doi)|giu nguyen gio)\b"
        ),
    ),
    (
        Relation.SAME_DAY,
        re.compile(
            r"\b(?:(?:on )?(?:the )?same (?:day|date)|hari(?:nya)? (?:yang |yg )?(?:sama|tetap|tetep)|tanggal(?:nya)? (?:yang |yg )?(?:sama|tetap|tetep)|"
            r"(?:cung|van) (?:ngay|hom)(?: do| cu)?|ngay (?:cu|giu nguyen|van vay)|giu nguyen ngay)\b"
        ),
    ),
    (
        Relation.EARLIER,
        re.compile(
            r"\b(?:earlier|sooner|lebih (?:awal|pagi|cepat|cepet)|agak (?:pagian|cepetan|awal)|(?:di)?maju(?:in|kan)|majuan|"
            r"som hon|som mot chut|bring (?:it |that )?forward)\b"
        ),
    ),
    (
        Relation.LATER,
        re.compile(
            r"\b(?:(?:a (?:bit|little) |much |any |something |anything |an hour |one hour |the |slightly )?later(?! (?:today|tonight|this|on)\b)(?= (?:one|slot|time|please|than|in the|if|is|instead)|\W*$)|"
            r"push (?:it |that )?back|lebih (?:siang|sore|malam|lambat)|agak (?:siangan|sorean|maleman)|(?:di)?mundur(?:in|kan)?|mundurin|"
            r"muon hon|tre hon|lui lai)\b"
        ),
    ),
)
_NO_TIME: Final = re.compile(
    r"\b(?:no later than|see you later|talk (?:to you )?later|pay later|maybe later|sooner or later|later on|later gator)\b"
)


def relations(text: str) -> tuple[Relation, ...]:
    """Every relation a message names, each once."""
    words = _NO_TIME.sub(" ", re.sub(r"[^\w\s]", " ", fold(text[:_LONGEST])))
    words = re.sub(r"\s+", " ", words).strip()
    return tuple(relation for relation, pattern in _PATTERNS if pattern.search(words))
