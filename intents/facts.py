"""Facts that are no dates: people, nights, sums of money, phone numbers, e-mail, a name, "the second one"."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from itertools import islice

import phonenumbers

from intents.dates.tokens import fold
from intents.understanding import Amount, Expecting, Language

_LONGEST = 1000
_MOST_NUMBERS = 4
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+")
_PHONE = re.compile(r"(?<![\w.])\+?\d[\d\s().\-]{7,18}\d(?!\w)")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_REGIONS = {Language.EN: "ID", Language.ID: "ID", Language.VI: "VN"}

_WORD_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10,
}  # fmt: skip
_COUNT = r"(\d{1,3}|" + "|".join(_WORD_NUMBERS) + r")"
_GUESTS = re.compile(
    rf"\b{_COUNT}\s*(?:-\s*{_COUNT}\s*)?(?:people|persons?|pax|guests?|adults?|of us|friends|ladies|guys|"
    rf"orang|org|orng|tamu|dewasa|"
    rf"nguoi|ng|khach)\b"
)
_GUESTS_AFTER = re.compile(
    rf"\b(?:party of|group of|table for|room for|for|berdua\b|untuk|buat)\s+{_COUNT}\b"
    r"(?!\s*(?:am|pm|a\.m|p\.m|o'?clock|h\b|jam|hours?|days?|hari|minggu|weeks?|nights?|malam|minutes?|"
    r"menit|[:/.]\d|"
    r"(?:jan|feb|mar|apr|may|mei|jun|jul|aug|agu|sep|oct|okt|nov|dec|des)))"
)
_GUEST_WORDS = (
    (re.compile(r"\b(sendirian|just me|only me|by myself|solo|mot minh|saya sendiri)\b"), 1),
    (re.compile(r"\b(berdua|the two of us|me and my (?:wife|husband|friend|partner|boyfriend|girlfriend)|"
                r"couples?|hai vo chong|"
                r"sepasang)\b"), 2),
    (re.compile(r"\b(bertiga|the three of us)\b"), 3),
    (re.compile(r"\b(berempat|the four of us)\b"), 4),
    (re.compile(r"\b(berlima)\b"), 5),
)  # fmt: skip
_NIGHTS = re.compile(rf"\b{_COUNT}\s*(?:nights?|malam|mlm|malem|dem)\b")
_BARE = re.compile(
    rf"^\W*(?:just|only|cuma|chi|we are|kami|kita)?\s*{_COUNT}\s*(?:aja|saja|ya|kak|please|a|nhe|thoi|ppl|"
    rf"p)?\W*$"
)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _WORD_NUMBERS[word]


def guests(text: str, expecting: Expecting) -> int | None:
    """How many people: by word anywhere, by a bare number only when that was asked."""
    folded = fold(text[:_LONGEST])
    counted = _GUESTS.search(folded) or _GUESTS_AFTER.search(folded)
    if counted:
        return _number(counted[2]) if counted.lastindex == 2 and counted[2] else _number(counted[1])
    for words, number in _GUEST_WORDS:
        if words.search(folded):
            return number
    bare = _BARE.match(folded) if expecting is Expecting.GUESTS else None
    return _number(bare[1]) if bare else None


def nights(text: str) -> int | None:
    """How many nights ("3 malam"); "jam 3 malam" is a time and counts none."""
    folded = fold(text[:_LONGEST])
    for match in _NIGHTS.finditer(folded):
        before = folded[max(0, match.start() - 8) : match.start()].split()
        if not before or before[-1] not in _CLOCK_WORDS:
            return _number(match[1])
    return None


_CLOCK_WORDS = frozenset({"jam", "pukul", "pkl", "jm", "setengah", "luc", "kurang", "lewat"})
_SCALES = {
    "rb": 1_000, "ribu": 1_000, "rbu": 1_000, "k": 1_000, "nghin": 1_000, "ngan": 1_000, "thousand": 1_000,
    "jt": 1_000_000, "juta": 1_000_000, "tr": 1_000_000, "trieu": 1_000_000, "cu": 1_000_000, "m": 1_000_000,
    "million": 1_000_000, "ty": 1_000_000_000, "miliar": 1_000_000_000,
}  # fmt: skip
_SCALE_CURRENCY = dict.fromkeys(("rb", "ribu", "rbu", "jt", "juta", "miliar"), "IDR") | dict.fromkeys(
    ("tr", "trieu", "nghin", "ngan", "cu", "ty"), "VND"
)
_SIGNS = {
    "rp": "IDR", "idr": "IDR", "rupiah": "IDR", "vnd": "VND", "d": "VND", "dong": "VND", "₫": "VND", "$": "USD",
    "usd": "USD", "dollars": "USD", "dollar": "USD", "bucks": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR",
    "aud": "AUD", "sgd": "SGD",
}  # fmt: skip
_WHOLE_UNITS = frozenset({"IDR", "VND"})
_FIGURE = r"\d{1,3}(?:[.,\s]\d{3})+|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?P<sign>\brp\.?|\bidr|\bvnd|[$€₫]|\busd|\beur|\baud|"
    rf"\bsgd)?\s*(?<![\d.,/:])(?P<figure>{_FIGURE})(?![\d/:])"
    r"\s*(?P<scale>rb|ribu|rbu|jt|juta|tr|trieu|nghin|ngan|cu|k|million|thousand|miliar|"
    r"ty)?(?P<rest>\d{1,3})?(?![a-z0-9])"
    r"\s*(?P<unit>rupiah|idr|vnd|dong|d|usd|dollars?|bucks|eur|euro|aud|sgd|[₫$€])?(?![a-z])"
)


def money(text: str) -> tuple[Amount, ...]:
    """Sums with a sign or a scale: "500rb", "Rp 1.500.000", "1,5jt", "2tr5", "$40"; a bare figure is none."""
    folded = fold(text[:_LONGEST])
    found = (_amount(match) for match in _MONEY.finditer(folded))
    return tuple(amount for amount in found if amount is not None)


def _amount(match: re.Match[str]) -> Amount | None:
    sign = (match["sign"] or match["unit"] or "").strip(".")
    scale = match["scale"]
    if not sign and not scale:
        return _grouped(match)
    currency = _SIGNS.get(sign) or _SCALE_CURRENCY.get(scale or "")
    try:
        value = _decimal(match["figure"], scaled=bool(scale)) * _SCALES.get(scale or "", 1)
    except InvalidOperation:
        return None
    if match["rest"]:
        if scale not in {"tr", "trieu", "jt", "juta", "cu"}:
            return None
        value += int(match["rest"]) * Decimal(1_000_000) / 10 ** len(match["rest"])
    minor = value if currency in _WHOLE_UNITS or currency is None else value * 100
    return Amount(int(minor), currency)


def _grouped(match: re.Match[str]) -> Amount | None:
    """A figure grouped by thousands ("350.000") is money even without a sign."""
    figure = match["figure"]
    is_grouped = re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*", figure) and figure.endswith("00")
    return Amount(int(re.sub(r"\D", "", figure))) if is_grouped else None


def _decimal(figure: str, *, scaled: bool) -> Decimal:
    if re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+", figure) and not (scaled and len(figure) <= 7 and "," in figure):
        return Decimal(re.sub(r"\D", "", figure))
    return Decimal(figure.replace(",", "."))


def phones(text: str, language: Language) -> tuple[str, ...]:
    """Valid phone numbers in E.164; local ones are read as of the language's country."""
    found: dict[str, None] = {}
    for match in islice(_PHONE.finditer(text[:_LONGEST]), _MOST_NUMBERS):
        for region in dict.fromkeys((_REGIONS[language], "ID", "VN")):
            number = _parsed(match[0], region)
            if number is not None:
                found[number] = None
                break
    return tuple(found)


def _parsed(text: str, region: str) -> str | None:
    if sum(ch.isdigit() for ch in text) < 9:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def emails(text: str) -> tuple[str, ...]:
    """E-mail addresses, as typed."""
    return tuple(dict.fromkeys(_EMAIL.findall(text[:_LONGEST])))


def without_numbers_of_other_kinds(text: str) -> str:
    """The message with links, e-mail, phone numbers and sums blanked, letter for letter, before dates are read."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    blanked = _PHONE.sub(_blank_if_phone, _EMAIL.sub(blank, _LINK.sub(blank, text)))
    folded = fold(blanked)
    if len(folded) != len(blanked):
        return blanked
    pieces = list(blanked)
    for match in _MONEY.finditer(folded):
        if _amount(match) is not None:
            pieces[match.start() : match.end()] = " " * len(match[0])
    return "".join(pieces)


def _blank_if_phone(match: re.Match[str]) -> str:
    digits = sum(ch.isdigit() for ch in match[0])
    looks_dated = re.search(r"\d{1,2}[.\-]\d{1,2}[.\-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d\s*-\s*\d{1,2}\b", match[0])
    return match[0] if digits < 9 or looks_dated else " " * len(match[0])


_ORDINALS = (
    (
        1,
        (
            r"first( one)?|1st|(yang |yg )?(pertama|ke-?\s?1|kesatu)|(cai |so |khung )?(dau tien|thu nhat)|"
            r"so (1|mot)|nomor (1|satu)|no\.? ?1|option (1|one|a)|number (1|one)|slot 1|opsi (1|a)|"
            r"pilihan (1|pertama)|lua chon (1|dau)|#1|earliest|paling awal|som nhat|cai dau"
        ),
    ),
    (
        2,
        (
            r"second( one)?|2nd|(yang |yg )?(kedua|ke-?\s?2)|(cai |so |khung )?thu hai|so (2|hai)|"
            r"nomor (2|dua)|no\.? ?2|option (2|two|b)|number (2|two)|slot 2|opsi (2|b)|pilihan (2|kedua)|"
            r"lua chon (2|hai)|#2|cai thu 2"
        ),
    ),
    (
        3,
        (
            r"third( one)?|3rd|(yang |yg )?(ketiga|ke-?\s?3)|(cai |khung )thu ba|so (3|ba)|nomor (3|tiga)|"
            r"no\.? ?3|option (3|three|c)|number (3|three)|slot 3|opsi (3|c)|pilihan (3|ketiga)|"
            r"lua chon (3|ba)|#3|cai thu 3"
        ),
    ),
    (
        4,
        (
            r"fourth( one)?|4th|(yang |yg )?(keempat|ke-?\s?4)|so (4|bon)|nomor (4|empat)|no\.? ?4|"
            r"option (4|four|d)|number (4|four)|slot 4|#4"
        ),
    ),
    (
        5,
        (
            r"fifth( one)?|5th|(yang |yg )?(kelima|ke-?\s?5)|so 5|nomor (5|lima)|no\.? ?5|option (5|five)|"
            r"number (5|five)|slot 5|#5"
        ),
    ),
    (
        -1,
        (
            r"the last( one)?|last one|last option|(yang |yg )?terakhir|paling akhir|(cai |khung )?cuoi cung|"
            r"latest one|cai cuoi"
        ),
    ),
)
_ORDINAL_WORDS = tuple((value, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for value, words in _ORDINALS)
_FULL_ORDINAL = re.compile(
    r"\W*(\d|" + "|".join(_WORD_NUMBERS) + r")\W*(?:ya|aja|saja|kak|please|pls|nhe|nha|a|di|dong|deh)?\W*"
)


def ordinal(text: str, expecting: Expecting) -> int | None:
    """Which of the offered ones: "the second", "yang kedua", "cái đầu tiên"; a bare figure only where one picks."""
    folded = fold(text[:_LONGEST])
    if expecting in {Expecting.SLOT, Expecting.SERVICE}:
        bare = _FULL_ORDINAL.fullmatch(folded)
        if bare and 1 <= _number(bare[1]) <= 10:
            return _number(bare[1])
    found = [(match.start(), value) for value, words in _ORDINAL_WORDS for match in words.finditer(folded)]
    if not found or (expecting is not Expecting.SLOT and expecting is not Expecting.SERVICE and len(folded) > 60):
        return None
    return min(found)[1]


_NAME_IS = re.compile(
    r"(?:my name is|my name's|name is|i am called|under the name(?: of)?|atas nama|nama saya|namaku|nama ku|"
    r"nama aku|nama:|an\.|a\.n\.?|"
    r"a/n|tên (?:tôi|mình|em|anh|chị) là|(?:tôi|mình|em) tên(?: là)?|tên là|ten (?:toi|minh|em|anh|chi) la|"
    r"(?:toi|minh|em) ten(?: la)?|"
    r"tên:|name:|ten:)\s*(?P<name>[^\W\d_][^\d_,.!?\n;()]{0,60})",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(
    r"\s+(?:and|for|dan|untuk|mau|ya|và|nhé|nha|ạ|muốn|muon|please|pls|but|on|at|i|kak|mas|mbak|tomorrow|"
    r"besok|ngày|lúc|booking|"
    r"saya|hp|nomor|phone|sđt|sdt|email|ingin)\b.*$",
    re.IGNORECASE,
)


_POLITE_END = re.compile(r"\s+(?:ạ|nhé|nha|ya|kak|mas|mbak|please|nhe)$", re.IGNORECASE)


def name(text: str, expecting: Expecting) -> str | None:
    """A person's name: after "my name is", or the whole short message when a name was asked."""
    said = _NAME_IS.search(text[:_LONGEST])
    if said:
        return _NAME_ENDS.sub("", said["name"]).strip(" '-") or None
    if expecting is not Expecting.NAME:
        return None
    bare = re.sub(
        r"^(?:it's|its|i'm|im|saya|aku|mình là|tôi là|em là|anh là|chị là|this is|dengan)\s+",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    bare = _POLITE_END.sub("", bare.strip(" .,!:;'\""))
    is_name = re.fullmatch(r"[^\W\d_]+(?:[ .'\-][^\W\d_]+){0,5}\.?", bare)
    return bare if is_name and len(bare) <= 60 and "?" not in text else None
