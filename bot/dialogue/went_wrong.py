"""What guests write when something went wrong, without anger: heard as a complaint only shortly after a visit.

Before one the same words may be about anything.
"""

import re
import unicodedata
from typing import Final

from bot.dialogue.matching import says_one_of

_SAID: Final = (
    *("was dirty", "were dirty", "was filthy", "was rude", "were rude", "came late", "arrived late", "minutes late"),
    *("hour late", "hours late", "left early", "finished early", "ended early", "cut short", "was cold"),
    *("were cold", "was too hot", "burned my", "burnt my", "burned me", "hurt me", "hurt my", "it hurt", "bruised"),
    *("bruises", "a rash", "allergic reaction", "was broken", "broke my", "damaged my", "ruined my", "stained my"),
    *("was stolen", "stole my", "went missing", "not what i booked", "not what we booked", "not what i paid for"),
    *("not as described", "not as promised", "waste of money", "was terrible", "was awful", "was horrible"),
    *("was very bad", "was so bad", "was really bad", "was disappointing", "poor quality", "went wrong"),
    *("not satisfied", "dissatisfied", "not good at all"),
    *("kotor banget", "kotor sekali", "sangat kotor", "kamarnya kotor", "tempatnya kotor", "kurang bersih"),
    *("datang telat", "datangnya telat", "telat datang", "terapisnya telat", "terlambat datang", "datang terlambat"),
    *(
        "selesai lebih cepat",
        "pulang lebih cepat",
        "memar",
        "lecet",
        "melepuh",
        "kecurian",
        "dicuri",
        "barang saya hilang",
    ),
    *("tidak sesuai", "ga sesuai", "gak sesuai", "nggak sesuai", "kurang puas", "tidak puas", "ga puas", "gak puas"),
    *("nggak puas", "kurang memuaskan", "tidak memuaskan", "jelek banget", "bau banget"),
    *(
        "bị rát",
        "bị bỏng",
        "bị bầm",
        "bị xước",
        "bị mất đồ",
        "bị mất cắp",
        "bị hỏng",
        "không giống như",
        "không đúng như",
    ),
    *(
        "không như đã",
        "không như quảng cáo",
        "tệ lắm",
        "rất tệ",
        "tệ quá",
        "không vừa ý",
        "chưa hài lòng",
        "làm qua loa",
    ),
)
_MONEY_BACK: Final = (
    *("refund", "my money back", "our money back"),
    *("uang kembali", "uang saya kembali", "kembalikan uang", "balikin uang", "uangnya dikembalikan"),
    *("hoàn tiền", "hoàn lại tiền", "trả lại tiền", "đòi lại tiền"),
)
"""Asked for, it may be a question."""
_DIRTY_VI: Final = re.compile(r"\bbẩn\b")
"""Only with its marks: without them it is "bạn" (you) and "bận" (busy)."""
_LATE: Final = re.compile(
    r"\b(?:telat|terlambat|trễ|muộn|tre|muon) (?:gần |hampir )?\d+ ?(?:menit|jam|phút|phut|tiếng|tieng)\b"
)
_THEMSELVES: Final = re.compile(
    r"\b(?:i|we|i'm|i am|we are|saya|aku|kami|kita|mình|em|tôi|chúng tôi|bọn mình)"
    r"(?: \w+){0,4} (?:late|telat|terlambat|trễ|muộn|tre|muon)\b"
)
"""Whoever came late themselves complains of nobody."""


def says_so(text: str) -> bool:
    """Whether these words say that something went wrong, or ask for the money back."""
    if says_one_of(text, _MONEY_BACK):
        return True
    if "?" in text:
        return False
    written = unicodedata.normalize("NFC", text.lower())
    if _THEMSELVES.search(written) is not None:
        return False
    return says_one_of(text, _SAID) or bool(_LATE.search(written)) or bool(_DIRTY_VI.search(written))
