"""Turns of a conversation that a list of words tells better than chances do: taking back, keeping, wanting the form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from intents.commitment import has_vietnamese_marks
from intents.dates.tokens import fold

_MARKED_CORRECTION: Final = r"à nhầm|nhầm|ý (?:mình|tôi|em) là|lộn"
_CORRECTION: Final = re.compile(
    r"\b(?:i mean|i meant|actually|no wait|sorry i|correction|rather|instead|scratch that|on second thought|eh|"
    r"maksud(?:ku| saya|nya)|ralat|salah,|bukan,|eh salah|"
    rf"{_MARKED_CORRECTION}|nham|y (?:minh|toi|em) la)\b",
    re.IGNORECASE,
)
_KEEPS: Final = re.compile(
    r"\b(?:(?:do not|dont|not|never|please dont|didnt|wont|doesnt|not going|without) (?:\w+ ){0,2}?(?:cancel\w*|call off)|"
    r"(?:jangan|jgn|bukan|tidak|tdk|gak|ga|nggak|ngga|enggak)(?: usah| perlu| mau| jadi| pernah| ingin| minta)?(?: di| saya| aku)? ?(?:di)?(?:batal\w*|cancel\w*)|"
    r"(?:khong|ko|dung|dung co|chua)(?: \w+){0,2}? huy|keep (?:my|the|our) (?:booking|appointment|reservation|slot|table))\b"
)
_PLAIN_HUY_IS_NO_CANCEL: Final = re.compile(
    r"\b(?:đừng|không|ko|chưa|đừng có)(?: \w+){0,2}? h(?:ủy|uỷ)\b", re.IGNORECASE
)
_WAS_CANCELLED: Final = re.compile(r"\b(?:why|was|is|been|got|did you|have you|kenapa|kok|sao|vi sao|tai sao)\b")
_CANNOT: Final = re.compile(
    r"\b(?:cant|cannot|can not|not|wont|unable|gak|ga|tidak|nggak|tdk|khong|ko|ban|sick|sakit|sorry|maaf|xin loi|tomorrow i)\b"
)
_CANCELS: Final = re.compile(r"\b(?:cancel\w*|call\w* off|batal\w*|dibatal\w*|huy|bo)\b")
_OTHER_WISH: Final = re.compile(
    r"\b(?:better|instead|rather|make it|prefer|take|works|want|move|switch|then|please book|is fine|is good|"
    r"aja|saja|jadi|mending|lebih baik|ganti|pindah|maunya|bisanya|ambil|"
    r"thi hon|tot hon|lay|chon|doi|di|nhe|thoi|chuyen|sang|hop hon)\b"
)
_HAS_BOOKING: Final = re.compile(
    r"\b(?:(?:i|we)(?: ve| have|ve)(?: already| just)?(?: got| made| booked| reserved)? (?:a|an|my|our|the|this|one) (?:\w+ ){0,3}?"
    r"(?:table|booking|appointment|reservation|massage|session|slot|facial|dinner|tour|class|lesson|treatment|room|villa)\b|"
    r"(?:i|we) (?:have |had |ve )?(?:already )?(?:booked|reserved)\b|(?:my|our) (?:existing |current )?(?:booking|appointment|reservation)\b|"
    r"(?:i am|im|we are|were) (?:already )?booked\b|booked (?:a|for|on)\b|"
    r"(?:saya|aku|kami|kita)? ?(?:sudah|udah|udh|sdh|kemarin|kmrn|kan) (?:ada |punya )?(?:pesan|booking|book|reservasi|janji|bookingan|pesanan|jadwal|dapat jadwal|daftar)\b|"
    r"(?:saya|aku|kami|kita) (?:ada|punya) (?:booking|bookingan|reservasi|janji|pesanan|jadwal)\b|"
    r"(?:booking|pesanan|reservasi|janji|bookingan|jadwal) (?:saya|aku|kami|kita|ku|gue)\b|"
    r"da (?:\w+ )?(?:dat|book|hen|giu)\b|(?:dat|book|giu cho|hen) (?:\w+ ){0,6}?roi\b|(?:co|dang co) (?:lich|hen|ban|dat cho|lich hen)\b|"
    r"(?:lich|lich hen|don|ban|cho) (?:cua )?(?:minh|em|toi|chi|anh|tui) (?:da|dat)\b|lich (?:hen )?cua (?:minh|em|toi|chi|anh|tui)\b)"
)
_ASKS_TO_HAVE: Final = re.compile(
    r"\b(?:can|could|may|shall|do|did|should|will|would) (?:i|we)\b|\bif (?:i|we)\b|\b(?:want|like|need|love|hoping) to\b|"
    r"\b(?:bisa|boleh|mau|pengen|ingin|kalau|kalo)\b|\b(?:muon|can|neu|cho minh dat|co the)\b"
)
_NOW_DIFFERENT: Final = re.compile(
    r"\b(?:now|instead|change|more|less|fewer|another|extra|add|will be|well be|we are going to be|going to be|make it|move|only|no longer|become|becomes|rather|different|later|earlier|too|with us|joining|"
    r"jadi|jadinya|tambah|nambah|kurang|berkurang|ganti|pindah|ubah|sekarang|skrg|ternyata|cuma|menjadi|"
    r"thanh|them|bot|gio|doi|chuyen|thay|con|hoa ra|chi con|thay vi|len)\b"
)
_FORM: Final = re.compile(
    r"\b(?:the |a |your |booking |send |fill (?:in |out |up )?)?forms?\b|\bformulir(?:nya)?\b|\bformnya\b|\bbieu mau\b|\bphieu(?: dang ky| dat lich| dat)\b|\bmau dang ky\b|\bmau dat lich\b|\bform\b|\bisi data\b|\bdien (?:form|don|phieu)\b",
)
_NO_FORM: Final = re.compile(
    r"\b(?:no|not|without|dont|tanpa|gak|ga|tidak|nggak|jangan|khong|ko|dung) (?:\w+ ){0,3}?(?:form|formulir|bieu mau|phieu)\b|"
    r"\b(?:in (?:top |good |great |fine )?form|any form of|form of|dress form|top form|form a|bad form|good form)\b|\b(?:visa|tax|claim|insurance|medical|consent) form\b"
)


def _folded(text: str) -> str:
    return re.sub(r"[^\w\s]+", " ", fold(re.sub(r"(?<=\w)['’](?=\w)", "", text))).strip()


def is_correction(text: str) -> bool:
    """Whether the message takes back something said before ("eh, Sunday I mean")."""
    return bool(_CORRECTION.search(text))


def keeps_booking(text: str) -> bool:
    """Whether a cancel in it is refused: "don't cancel my booking", "jangan dibatalin", "đừng hủy nhé"."""
    if has_vietnamese_marks(text):
        return bool(_PLAIN_HUY_IS_NO_CANCEL.search(text)) and not _WAS_CANCELLED.search(_folded(text))
    clauses = [" ".join(_folded(part).split()) for part in re.split(r"[,.;!?\n]", text)]
    return any(_KEEPS.search(part) and not _WAS_CANCELLED.search(part) for part in clauses)


def cancels_for_another(text: str, days: Sequence[str]) -> bool:
    """Whether something else is wished beside the cancel: "cancel that, Thursday is better"; `days` as they stood."""
    clauses = [_folded(part) for part in re.split(r"[,.;!\n]|\b(?:and|but|dan|tapi|trus|terus|và|nhưng|rồi)\b", text)]
    if not any(_CANCELS.search(part) for part in clauses):
        return False
    named = [_folded(day) for day in days]
    for part in clauses:
        of_day = any(day in part for day in named)
        if part and of_day and not _CANCELS.search(part) and not _CANNOT.search(part):
            alone = len(part.split()) <= max(len(day.split()) for day in named) + 1
            if _OTHER_WISH.search(part) or alone:
                return True
    return False


def names_existing_booking(text: str) -> bool:
    """Whether it speaks of a booking that the customer has: "I've got a table on Friday"."""
    words = " ".join(_folded(re.sub(r"(?i)\b(i|we)['’]ve\b", r"\1 have", text)).split())
    return bool(_HAS_BOOKING.search(words)) and not _ASKS_TO_HAVE.search(
        words.split(" roi ")[0] if " roi " in words else words
    )


def says_it_changed(text: str) -> bool:
    """Whether something about it is different now: "we'll be six now"."""
    return bool(_NOW_DIFFERENT.search(" ".join(_folded(text).split())))


def wants_form(text: str) -> bool:
    """Whether the form is asked for by its name: "form", "formulir", "biểu mẫu"."""
    words = " ".join(_folded(text).split())
    return len(words.split()) <= 12 and bool(_FORM.search(words)) and not _NO_FORM.search(words)
