"""Which days and times of a message are not wished, and which are limits: "any day but Tuesday", "before six"."""

from __future__ import annotations

import re
from typing import Final

from intents.dates.tokens import fold
from intents.dates.values import Bound

_PAUSE: Final = re.compile(r"[.,;:!?\n]|\b(?:and|dan)\b")
_SMALL: Final = (
    r"(?:on|for|the|at|in|it|that|this|next|be|to|a|any|hari|yang|yg|pas|di|di hari|pada|tanggal|tgl|jam|"
    r"vào|vao|ngày|ngay|hôm|hom|là|la|cái|cai|lúc|luc|buổi|buoi)"
)
_BEFORE_IT: Final = re.compile(
    r"(?:\b(?:not|no|except|excluding|excl|other than|besides|apart from|rather than|instead of|anything but|never|without|"
    r"(?:any|every|all|some|each|another)(?: \w+){0,2} but|(?:anything|anytime|whenever) but|but not|cant (?:do|make|come)|"
    r"cannot (?:do|make|come)|(?:dont|do not|didnt) (?:want|mean|like|do|say)|not free|not available|busy|"
    r"wont work|unavailable|neither|skip|avoid|"
    r"selain|kecuali|bukan|jangan|jgn|asal bukan|asal jangan|daripada|gak bisa|ga bisa|tidak bisa|nggak bisa|gabisa|"
    r"gak mau|ga mau|tidak mau|bukannya|sibuk|"
    rf"trừ|ngoại trừ|trừ ra|ngoài|đừng|không phải|không|thay vì|chứ không phải|bận|tru|ngoai tru|khong phai|thay vi))(?: {_SMALL})*$"
)
_AND_MORE: Final = re.compile(r"(?:or|atau|hay|hoặc|hoac|nor|/)$")
_BEHIND_IT: Final = re.compile(
    r"^(?:doesnt work|does not work|dont work|wont work|isnt possible|is not possible|is no good|isnt good|is not good|is bad|"
    r"is impossible|is out|is too (?:early|late|soon|far)|not possible|no good|im busy|i am busy|i cant|we cant|i cannot|"
    r"(?:saya |aku |kami )?(?:ga|gak|nggak|ngga|tidak|tdk) (?:bisa|jadi|cocok|mau)|jangan|sibuk|"
    r"(?:thì |thi )?(?:mình |minh |em |tôi |toi )?(?:không|khong|ko|hông) (?:được|duoc|rảnh|ranh|đi được|tiện|tien)|(?:thì |thi )?(?:mình |em |minh )?(?:bận|kẹt))\b"
)
_LIMITS: Final = (
    (
        Bound.NOT_AFTER,
        re.compile(
            r"(?:\b(?:before|by|until|till|no later than|not later than|not after|latest|at the latest|prior to|earlier than|"
            r"sebelum|sblm|paling lambat|paling telat|selambatnya|maksimal|max|sampai|tidak lewat|"
            r"trước|truoc|chậm nhất|cham nhat|muộn nhất|muon nhat|trễ nhất|không quá|khong qua))"
            rf"(?: {_SMALL}| is)*$"
        ),
    ),
    (
        Bound.NOT_BEFORE,
        re.compile(
            r"(?:\b(?:after|from|past|not before|no earlier than|not earlier than|earliest|later than|starting|any time after|"
            r"setelah|sesudah|habis|di atas|diatas|paling cepat|lewat dari|mulai|dari|"
            r"sau|từ|tu|sớm nhất|som nhat|kể từ))"
            rf"(?: {_SMALL}| is)*$"
        ),
    ),
)


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)['’](?=\w)", "", text.lower()))


def is_excluded(before: str, words: str, after: str) -> bool:
    """Whether what stands around a day or time says that it is not wished; "Tuesday ga bisa ya?" only asks."""
    is_question = "?" in re.split(r"[.,;!\n]", after)[0]
    if any(pattern.match(_bare(words)) for pattern in _OPENING.values()):
        return False
    left, right = _bare(before), _bare(after)
    left = _PAUSE.split(left)[-1].strip()
    if _limit_of(left) is not None and re.search(r"\bnot (?:before|after|later|earlier)\b", left):
        return False
    if _BEFORE_IT.search(left) is not None:
        return True
    return not is_question and _BEHIND_IT.search(right.lstrip()) is not None


def goes_on(between: str) -> bool:
    """Whether an excluded day takes the next one with it: "not Tuesday or Wednesday"."""
    return _AND_MORE.search(_bare(between).strip()) is not None


def is_unmarked_dont(before: str) -> bool:
    """Whether "dung" stands before it, which without marks is "not" as often as "exactly"."""
    return fold(before).split()[-1:] == ["dung"] and before.split()[-1:] == ["dung"]


def bound_of(before: str, words: str) -> Bound | None:
    """The side of a limit, by the words before it and those it begins with ("before six", "after 3 on Friday")."""
    left = _PAUSE.split(_bare(before))[-1].strip()
    opened = next((bound for bound, pattern in _OPENING.items() if pattern.match(_bare(words))), None)
    if opened is not None:
        return _OTHER_SIDE[opened] if _NOT.search(left) else opened
    return _limit_of(left)


_NOT: Final = re.compile(r"\b(?:not|jangan|bukan|tidak|đừng|không|khong)$")
_OTHER_SIDE: Final = {Bound.NOT_AFTER: Bound.NOT_BEFORE, Bound.NOT_BEFORE: Bound.NOT_AFTER}


_OPENING: Final = {
    Bound.NOT_AFTER: re.compile(r"(?:before|by|until|till|sebelum|trước|truoc)\b"),
    Bound.NOT_BEFORE: re.compile(r"(?:after|past|setelah|sesudah|sau)\b"),
}


def _limit_of(left: str) -> Bound | None:
    return next((bound for bound, pattern in _LIMITS if pattern.search(left)), None)
