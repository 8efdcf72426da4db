"""A score of one to five in what a customer writes: "5 stars", "bintang 5", "4 sao", or a bare number when asked.

A star word makes a number a score; a question, a hotel of five stars, "not five stars", "less than 3 stars" and
"4 or 5" are none.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LEAST: Final = 1
MOST: Final = 5

_WORDS: Final = (
    ("one", "two", "three", "four", "five"),
    ("satu", "dua", "tiga", "empat", "lima"),
    ("một", "hai", "ba", "bốn", "năm"),
    ("mot", "hai", "ba", "bon", "nam"),
)
_NUMBERS: Final = {word: value for words in _WORDS for value, word in enumerate(words, LEAST)}
_NUMBER: Final = rf"\d+(?:[.,]\d+)?|{'|'.join(_NUMBERS)}"
_STAR: Final = r"(?:stars?|bintang|bintangnya|sao)"
_AHEAD: Final = r"(?<![\w.,/\u2010-\u2015\u2212-])"
"""No number goes on from before, and no minus stands there."""
_WITH_STARS: Final = re.compile(
    rf"{_AHEAD}(?P<before>{_NUMBER})(?: ?/ ?5)?[ -]?{_STAR}\b|\bbintang ?(?P<after>{_NUMBER})(?![\w/.,-]*\d)"
)
_OUT_OF: Final = re.compile(
    rf"{_AHEAD}(?P<of>{_NUMBER}) (?:out of|dari|trên) (?:5|five|lima|năm)\b"
    r"(?! (?:people|persons?|guests?|pax|of|orang|kamar|hari|người|khách|ngày))"
)
_STARS: Final = "\u2b50\u2605\U0001f31f"
_SYMBOLS: Final = re.compile(rf"(?:[{_STARS}]\ufe0f? ?)+")
_HOUSE: Final = r"(?:hotels?|resorts?|villas?|vila|penginapan|khách sạn|restoran|restaurants?|nhà hàng)"
_OF_A_HOUSE: Final = re.compile(
    rf"\b{_HOUSE} (?:of |with )?(?:bintang ?)?(?:{_NUMBER})\b|(?:{_NUMBER})[ -]?{_STAR}[ -]{_HOUSE}\b"
)
"""How good a house is by its stars says nothing of what was delivered."""
_DENIED: Final = re.compile(
    r"\b(?:not|no|isn't|wasn't|can't|cannot|couldn't|don't|won't|would|would've|could|almost|nearly"
    r"|bukan|tidak|tak|gak|ga|nggak|ngga|belum|hampir|nyaris|harusnya|seharusnya|tadinya"
    r"|không|ko|chẳng|chưa|gần|suýt|đáng lẽ|lẽ ra)\b(?: [^\s,.;!]+){0,3} ?$"
)
"""Right before a number of stars these take it back."""
_BOUNDED: Final = re.compile(
    r"\b(?:minus|negative|negatif|less than|fewer than|lower than|under|below|more than|higher than|above|at least"
    r"|at most|up to|kurang(?: dari)?|lebih(?: dari)?|di ?bawah|di ?atas|minimal|maksimal|paling (?:sedikit|banyak)"
    r"|âm|trừ|dưới|duoi|trên|tren|hơn|hon|ít nhất|it nhat|nhiều nhất|nhieu nhat|tối đa|toi da|tối thiểu|toi thieu"
    r"|(?:không|khong|ko|chưa|chua) (?:tới|toi|đến|den|đạt|dat|quá|qua))"
    r"(?: (?:a|only|just|cuma|hanya|chỉ|bintang|được|duoc))* ?$"
)
"""Right before a number of stars these make it a bound or a sum, and no score."""
_OR_LESS: Final = re.compile(
    r"^(?: (?:or|and|atau|hoặc|hoac))? (?:less|fewer|lower|below|under|more|higher|above|kurang|lebih"
    r"|ke (?:bawah|atas)|trở (?:xuống|lên)|tro (?:xuong|len)|minus)\b"
)
"""Right behind them the same."""
_SEVERAL: Final = re.compile(rf"\d ?(?:-|–|or|to|atau|sampai|hay|hoặc|đến) ?\d? ?(?:{_NUMBER})[ -]?{_STAR}\b")
_BARE: Final = re.compile(
    rf"(?:i give|i'd say|it was|saya kasih|kasih|aku kasih|mình cho|cho|em cho)? ?(?P<bare>{_NUMBER})"
    r"(?: ?/ ?5| of 5| dari 5| trên 5)?(?: (?:ya|kak|deh|dong|min|ạ|nhé|nha|điểm|please|points?|poin|nilai))*[ .!]*"
)


@dataclass(frozen=True, slots=True)
class SaidScore:
    """A score somebody gave; no value where it is none of one to five."""

    value: int | None


def read_score(text: str, *, is_asked: bool = False) -> SaidScore | None:
    """The score in these words; none where no score is said, or more than one."""
    said = " ".join(unicodedata.normalize("NFC", text.casefold().replace("\u2019", "'")).split())
    if is_asked and (bare := _BARE.fullmatch(said)) is not None:
        return _value(bare["bare"])
    if "?" in said or _OF_A_HOUSE.search(said) or _SEVERAL.search(said):
        return None
    # "4 out of 5 stars" is four: the five with its stars is what there is to have
    out_of = list(_OUT_OF.finditer(said))
    ends = {end for of in out_of for end in range(of.start(), of.end())}
    with_stars = [one for one in _WITH_STARS.finditer(said) if one.start() not in ends]
    found = [(one.start(), one.end(), one["before"] or one["after"]) for one in with_stars]
    found += [(one.start(), one.end(), one["of"]) for one in out_of]
    drawn = list(_SYMBOLS.finditer(said))
    if not found and len(drawn) == 1:
        number = sum(mark in _STARS for mark in drawn[0][0])
        # one star with words is mere warmth
        found = [(drawn[0].start(), drawn[0].end(), str(number))] if number > 1 or _SYMBOLS.fullmatch(said) else []
    if any(_DENIED.search(said[:start]) for start, _, _ in found):
        return None
    if any(_BOUNDED.search(said[:start]) or _OR_LESS.search(said[end:]) for start, end, _ in found):
        return None
    named = [number for _, _, number in found]
    scores = {_value(number) for number in named}
    return scores.pop() if len(scores) == 1 else None


def _value(number: str) -> SaidScore:
    value = _NUMBERS.get(number, int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 0)
    return SaidScore(value if LEAST <= value <= MOST else None)
