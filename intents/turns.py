"""Turns of a conversation that a list of words tells better than chances do: taking back, keeping, wanting the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from intents import wordlists
from intents.commitment import has_vietnamese_marks
from intents.dates.tokens import fold


def _is(head: str, text: str) -> bool:
    return wordlists.pattern("turns", head).search(text) is not None


def _folded(text: str) -> str:
    return re.sub(r"[^\w\s]+", " ", fold(re.sub(r"(?<=\w)['’](?=\w)", "", text))).strip()


def is_correction(text: str) -> bool:
    """Whether the message takes back something said before ("eh, Sunday I mean")."""
    return _is("correction", text)


def keeps_booking(text: str) -> bool:
    """Whether a cancel in it is refused: "don't cancel my booking", "jangan dibatalin", "đừng hủy nhé"."""
    if has_vietnamese_marks(text):
        return (_is("keeps_marked", text)) and not _is("was_cancelled", _folded(text))
    clauses = [" ".join(_folded(part).split()) for part in re.split(r"[,.;!?\n]", text)]
    return any(_is("keeps", part) and not _is("was_cancelled", part) for part in clauses)


def refuses_something(text: str) -> bool:
    """Whether it opens with something that is not to be done: "don't send the driver"; it wishes for nothing new."""
    marked = unicodedata.normalize("NFC", text.lower())
    if has_vietnamese_marks(text):
        return _is("refuses_marked", re.sub(r"[^\w\s]+", " ", marked).strip())
    return _is("refuses", _folded(text)) or _is("refuses_plain", _folded(text))


def cancels(text: str) -> bool:
    """Whether a clause of it calls something off."""
    return any(_is("cancels", _folded(part)) for part in re.split(r"[,.;!\n]", text))


def cancels_for_another(text: str, days: Sequence[str]) -> bool:
    """Whether something else is wished with the cancel: "cancel that, Thursday is better"; `days` as they stood."""
    clauses = [_folded(part) for part in re.split(r"[,.;!\n]|\b(?:and|but|dan|tapi|trus|terus|và|nhưng|rồi)\b", text)]
    if not any(_is("cancels", part) for part in clauses):
        return False
    named = [_folded(day) for day in days]
    for part in clauses:
        of_day = any(day in part for day in named)
        if part and of_day and not _is("cancels", part) and not _is("cannot", part):
            alone = len(part.split()) <= max(len(day.split()) for day in named) + 1
            if _is("other_wish", part) or alone:
                return True
    return False


def names_existing_booking(text: str) -> bool:
    """Whether it speaks of a booking that the customer has: "I've got a table on Friday"."""
    words = " ".join(_folded(re.sub(r"(?i)\b(i|we)['’]ve\b", r"\1 have", text)).split())
    return (_is("has_booking", words)) and not _is(
        "asks_to_have", words.split(" roi ")[0] if " roi " in words else words
    )


def moves_it(text: str) -> bool:
    """Whether what is there is to be moved: "move it to Villa Karang", "pindahin ke jumat", "dời lịch sang mai"."""
    return _is("moves_it", " ".join(_folded(text).split()) + " ")


def says_it_changed(text: str) -> bool:
    """Whether something about it is different now: "we'll be six now"."""
    return _is("now_different", " ".join(_folded(text).split()))


def wants_form(text: str) -> bool:
    """Whether the form is asked for by its name: "form", "formulir", "biểu mẫu"."""
    words = " ".join(_folded(text).split())
    return len(words.split()) <= 12 and (_is("form", words)) and not _is("no_form", words)
