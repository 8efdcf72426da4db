"""How many: people and nights, and the spelled numbers they come with."""

from __future__ import annotations

import re

from intents.dates.tokens import fold
from intents.understanding import ExpectedAnswer

LONGEST = 1000

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11, "seratus": 100, "mot": 1, "hai": 2, "ba": 3, "bon": 4,
    "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_OPENS = "|".join([*_UNITS, *_TENS, "muoi"])
_FOLLOWS = "|".join([*_UNITS, *_TENS, "muoi", "belas", "puluh", "ratus", "tram", "hundred"])
SPELLED = rf"(?:{_OPENS})(?:[ \-](?:{_FOLLOWS})){{0,4}}"
"""A pattern of numbers in words, folded, under a thousand."""
_COUNT = rf"(\d{{1,3}}|{SPELLED})"


def number_of(words: str) -> int:
    """The number a match of `SPELLED` or of figures names: "dua puluh lima", "mười hai", "twenty one"."""
    if words.isdecimal():
        return int(words)
    total = current = 0
    for word in re.split(r"[ \-]", words):
        if word == "belas":
            current += 10
        elif word in {"puluh", "muoi"} and current:
            total, current = total + 10 * current, 0
        elif word in {"ratus", "tram", "hundred"}:
            total, current = total + 100 * (current or 1), 0
        elif word in _TENS or word == "muoi":
            total += _TENS.get(word, 10)
        else:
            total, current = total + current, _UNITS.get(word, 0)
    return total + current


_RANGE = r"\s{0,2}(?:-|–|or|to|atau|sampai|sampe|hingga|den|hoac|hay)\s{0,2}"
_PEOPLE = (
    r"orang dewasa|people|persons?|pax|ppl|peeps|guests?|adults?|of us|friends|ladies|guys|girls|orang|"
    r"org|orng|tamu|dewasa|"
    r"nguoi lon|nguoi|ng|khach"
)
_CHILDREN = (
    r"child(?:ren)?|kids?|kiddos?|teens?|teenagers?|newborns?|bab(?:y|ies)|infants?|toddlers?|anak(?: kecil)?|balita|"
    r"bayi|tre em|tre con|em be|be|tre"
)
_BESIDE = r"(?:,|and|with|plus|dan|sama|beserta|va|voi|cung|cong|them|\+|&)"
_GUESTS = re.compile(rf"(?<![\w.,:/]){_COUNT}(?:{_RANGE}{_COUNT})?\s{{0,2}}(?:{_PEOPLE})\b")
_A_COUNT = rf"(\d{{1,3}}|{SPELLED}|an?|our|my|the|seorang|satu|se|mot|dua)"
_AND_CHILDREN = re.compile(
    rf"[\s,]{{0,3}}{_BESIDE}?\s{{0,2}}(?:{_A_COUNT}\s{{0,2}})?(?:small |little |young )?"
    rf"({_CHILDREN}|son|daughter|con|con nho|con gai|con trai|chau|nhoc|anakku|anak saya|anak kami)\b"
)
_GUESTS_AFTER = re.compile(
    rf"\b(?:party of|group of|family of|table for|room for|we are|we're|"
    rf"we(?:'ll| will|ll) be|there (?:are|will be)|for|untuk|buat)\s{{1,2}}"
    rf"{_COUNT}\b"
    r"(?!\s{0,2}(?:am|pm|a\.m|p\.m|o'?clock|h\b|jam|hours?|hrs?|days?|hari|minggu|weeks?|nights?|malam|min(?:ute)?s?\b|"
    r"menit|months?|bulan|years?|tahun|rooms?|massages?|sessions?|slots?|kamar|sesi|paket|villas?|times?|more|%|k\b|rb|"
    r"ribu|jt|juta|usd|dollars?|bucks|bookings?|treatments?|tickets?|tiket|bikes?|scooters?|boards?|st\b|nd\b|rd\b|th\b|"
    r"of\b|late\b|available|sure|[:/.,\-]\s?\d|"
    r"(?:jan|feb|mar|apr|may|mei|jun|jul|aug|agu|sep|oct|okt|nov|dec|des)))"
)
_GUESTS_AT_END = re.compile(rf"\b(?:cho|di)\s{{1,2}}{_COUNT}(?=\s{{0,2}}(?:$|[,.!?]|nhe\b|nha\b|a\b|thoi\b|em\b))")
_COUPLES = re.compile(
    rf"\b{_COUNT}\s{{0,2}}(?:couples|pairs|pasang|pasangan|pasutri|cap doi|cap vo chong|cap|doi vo chong)\b"
    r"(?! (?:giay|tat|of (?:shoes|socks|gloves)))"
)
_WITH_ME = re.compile(
    rf"\b(?:me and|aku dan|saya dan|minh voi|minh va)\s{{1,2}}{_COUNT}\s{{0,2}}(?:{_PEOPLE}|ban|teman)\b"
)
_AND_ME = re.compile(r"\s{0,2}(?:and|plus|\+|&)\s{0,2}(?:me|myself)\b")
_TOGETHER = re.compile(r"\bber(?:-|\s)?(dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|\d{1,2})\b")
_GUEST_WORDS = (
    (re.compile(r"\b(sendirian|seorang diri|sendiri (?:aja|saja)|cuma sendiri|just me|only me|by myself|solo|mot minh|"
                r"saya sendiri|aku sendiri|seorang saja|un? on my own|on my own)\b"), 1),
    (re.compile(r"\b(the two of us|both of us|(?:just )?us two|me and my (?:wife|husband|friend|partner|boyfriend|"
                r"girlfriend|mum|mom|sister|brother|daughter|son)|my (?:wife|husband|partner|girlfriend|boyfriend) "
                r"and (?:i|me)|couples?|a pair|"
                r"(?:hai|2|hai vo) ?vo chong|hai vc|2 vc|vo chong (?:minh|toi|em|anh|chi|tui)?|"
                r"sepasang|suami istri|(?:saya|aku) (?:dan|sama|bareng|berdua) (?:suami|istri|pacar|teman|pasangan)|"
                r"(?:minh|toi|em) (?:va|voi|cung) (?:vo|chong|ban gai|ban trai|nguoi yeu|me|ba|bo)|"
                r"pasutri)\b"), 2),
    (re.compile(r"\b(the three of us)\b"), 3),
    (re.compile(r"\b(the four of us)\b"), 4),
)  # fmt: skip
_BARE = re.compile(
    rf"^\W{{0,5}}(?:just |only |cuma |chi |we are |kami |kita |we're )?{_COUNT}\s{{0,2}}"
    r"(?:aja|saja|ya|kak|please|pls|a|nhe|nha|thoi|ppl|p)?\W{0,5}$"
)


def guests(text: str, expecting: ExpectedAnswer) -> int | None:
    """How many people, children with them: by word anywhere, by a bare number only when that was asked."""
    folded = fold(text[:LONGEST])
    found = _guests_by_word(folded)
    # A bare number may be anything; it counts people only as an answer to that question.
    if found is None and expecting is ExpectedAnswer.GUESTS:
        bare = _BARE.match(folded)
        found = number_of(bare[1]) if bare else None
    return found or None


def _guests_by_word(folded: str) -> int | None:
    couples = _COUPLES.search(folded)
    if couples:
        return 2 * number_of(couples[1]) + _others(folded[couples.end() :])
    with_me = _WITH_ME.search(folded)
    if with_me:
        return 1 + number_of(with_me[1])
    counted = _GUESTS.search(folded)
    if counted:
        return number_of(counted[2] or counted[1]) + _others(folded[counted.end() :])
    together = _TOGETHER.search(folded)
    if together:
        return number_of(together[1]) + _others(folded[together.end() :])
    pair = next(((found, number) for words, number in _GUEST_WORDS if (found := words.search(folded))), None)
    if pair is not None and (more := _others(folded[pair[0].end() :])):
        return pair[1] + more
    after = _GUESTS_AFTER.search(folded) or _GUESTS_AT_END.search(folded)
    if after:
        return number_of(after[1])
    children = _CHILDREN_ALONE.search(folded)
    if children:
        return number_of(children[1])
    return None if pair is None else pair[1]


_CHILDREN_ALONE = re.compile(
    rf"(?<![\w.,:/]){_COUNT}\s{{0,2}}(?:children|kids|babies|toddlers|anak kecil|balita|tre em|em be)\b"
    r"(?! (?:menu|club|room|seat|chair))"
)
_MOST_GROUPS = 3


def _others(rest: str) -> int:
    """Those counted behind the first: "2 adults, 2 kids and a baby", "hai vợ chồng và một bé", "and me"."""
    total = 0
    for _ in range(_MOST_GROUPS):
        children = _AND_CHILDREN.match(rest)
        if not children:
            break
        if children[1] is None and not re.match(rf"[\s,]*{_BESIDE}", rest):
            break
        words = children[1]
        total += 1 if words is None or words in _ONE_WORDS else number_of(words)
        rest = rest[children.end() :]
    return total + (1 if _AND_ME.match(rest) else 0)


_ONE_WORDS = frozenset({"a", "an", "our", "my", "the", "seorang", "se", "satu", "mot"})


_NIGHTS = re.compile(rf"(?<![\w.:/]){_COUNT}(?:{_RANGE}{_COUNT})?\s{{0,2}}(?:nights?|malam|mlm|malem|dem)\b")
_SHORT_NIGHTS = re.compile(r"\b\d{1,2}\s?[dh]\s?(\d{1,2})\s?[nmd]\b")
_A_NIGHT = re.compile(r"\b(?:for|just|only|stay) a night\b|\bsatu malam\b|\bmot dem\b")
_NO_COUNT_AFTER = frozenset(
    {"jam", "pukul", "pkl", "jm", "setengah", "luc", "kurang", "lewat", "tgl", "tanggal", "thu", "mung", "mong", "at"}
)


def nights(text: str) -> int | None:
    """How many nights ("3 malam", "3D2N"); "jam 3 malam" is a time and counts none."""
    folded = fold(text[:LONGEST])
    for match in _NIGHTS.finditer(folded):
        before = folded[max(0, match.start() - 10) : match.start()].split()
        if not before or before[-1] not in _NO_COUNT_AFTER:
            return number_of(match[2] or match[1]) or None
    short = _SHORT_NIGHTS.search(folded)
    if short:
        return int(short[1]) or None
    return 1 if _A_NIGHT.search(folded) else None
