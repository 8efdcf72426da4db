"""Facts that are no dates: phone numbers, e-mail, a name, "the second one" (people: `counts`, money: `sums`)."""

from __future__ import annotations

import re
from itertools import islice

import phonenumbers

from intents import sums
from intents.counts import LONGEST, SPELLED, number_of
from intents.dates.tokens import fold
from intents.understanding import ExpectedAnswer, Language

_MOST_NUMBERS = 4
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+")
_PHONE = re.compile(r"(?<![\w.])\+?\d[\d\s().\-]{7,18}\d(?!\w)")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_REGIONS = {Language.EN: "ID", Language.ID: "ID", Language.VI: "VN"}


def phones(text: str, language: Language) -> tuple[str, ...]:
    """Valid phone numbers in E.164; local ones are read as of the language's country."""
    found: dict[str, None] = {}
    for match in islice(_PHONE.finditer(text[:LONGEST]), _MOST_NUMBERS):
        # Shorter ones are dates or sums, though some countries have numbers of eight digits.
        if sum(ch.isdigit() for ch in match[0]) < 9:
            continue
        for region in dict.fromkeys((_REGIONS[language], "ID", "VN")):
            try:
                number = phonenumbers.parse(match[0], region)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number):
                found[phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)] = None
                break
    return tuple(found)


def emails(text: str) -> tuple[str, ...]:
    """E-mail addresses, as typed."""
    return tuple(dict.fromkeys(_EMAIL.findall(text[:LONGEST])))


def without_numbers_of_other_kinds(text: str) -> str:
    """The message with links, e-mail, phone numbers and sums blanked, letter for letter, before dates are read."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    return sums.without_sums(_PHONE.sub(_blank_if_phone, _EMAIL.sub(blank, _LINK.sub(blank, text))))


def _blank_if_phone(match: re.Match[str]) -> str:
    digits = sum(ch.isdigit() for ch in match[0])
    looks_dated = re.search(r"\d{1,2}[.\-]\d{1,2}[.\-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d\s*-\s*\d{1,2}\b", match[0])
    return match[0] if digits < 9 or looks_dated else " " * len(match[0])


_LATER_WORDS = (
    r"(?!\s+(?:of\b|time|visit|floor|week|day|month|year|kali|lan\b|"
    r"tuan|toi|nay|ngay|sau|sang|chieu|trua|luc|\d))"
)
_NUMBERED = r"(?:nomor|nomer|number|no\.?|nr\.?|so|slot|opsi|option|pilihan|lua chon|phuong an|pil|#)\s?"
_FIRST = (
    r"first(?: one| option)?|1st|(?:yang |yg )?(?:pertama|ke-?\s?1|kesatu)|"
    r"(?:cai |so |khung )?(?:dau tien|thu nhat)|(?:the )?earli(?:est|er)(?: one)?|"
    r"paling (?:awal|pagi)|(?:yang )?lebih (?:awal|pagi)|som (?:nhat|hon)|cai dau|"
    rf"{_NUMBERED}(?:1|one|satu|mot|a)"
)
_SECOND = (
    r"second(?: one| option)?|2nd|(?:yang |yg )?(?:kedua|ke-?\s?2)|(?:cai |so |khung )?thu (?:hai|2)|"
    rf"{_NUMBERED}(?:2|two|dua|hai|b)"
)
_THIRD = (
    r"third(?: one| option)?|3rd|(?:yang |yg )?(?:ketiga|ke-?\s?3)|(?:cai |so |khung )thu (?:ba|3)|"
    rf"{_NUMBERED}(?:3|three|tiga|ba|c)"
)
_FOURTH = (
    r"fourth(?: one| option)?|4th|(?:yang |yg )?(?:keempat|ke-?\s?4)|(?:cai |so |khung )thu (?:tu|4)|"
    rf"{_NUMBERED}(?:4|four|empat|bon|d)"
)
_FIFTH = (
    r"fifth(?: one| option)?|5th|(?:yang |yg )?(?:kelima|ke-?\s?5)|(?:cai |so |khung )thu (?:nam|5)|"
    rf"{_NUMBERED}(?:5|five|lima|nam|e)"
)
_LAST = (
    r"(?:the )?last(?: one| option)?|(?:the )?latest(?: one)?|(?:the )?later one|"
    r"(?:yang |yg )?terakhir|paling akhir|(?:yang )?lebih (?:malam|siang|sore)|"
    r"(?:cai |khung )?cuoi cung|cai cuoi|muon hon|tre hon"
)
_ORDINALS = ((1, _FIRST), (2, _SECOND), (3, _THIRD), (4, _FOURTH), (5, _FIFTH), (-1, _LAST))
_ORDINAL_WORDS = tuple((value, re.compile(rf"(?<!\w)(?:{words})(?!\w){_LATER_WORDS}")) for value, words in _ORDINALS)
_FULL_ORDINAL = re.compile(
    rf"\W{{0,5}}(\d|{SPELLED}|[a-e])\W{{0,5}}(?:ya|aja|saja|kak|please|pls|nhe|nha|a|di|dong|deh|thoi)?\W{{0,5}}"
)
_LETTERS = "abcde"


def ordinal(text: str, expecting: ExpectedAnswer) -> int | None:
    """Which of the offered ones: "the second", "yang kedua", "cái đầu tiên"; a bare figure only where one picks."""
    folded = fold(text[:LONGEST])
    picking = expecting in {ExpectedAnswer.SLOT, ExpectedAnswer.SERVICE}
    if picking:
        bare = _FULL_ORDINAL.fullmatch(folded)
        number = None if bare is None else _LETTERS.find(bare[1]) + 1 or number_of(bare[1])
        if number is not None and 1 <= number <= 10:
            return number
    if not picking and len(folded) > _SHORT_PICK:
        return None
    found = [(match.start(), value) for value, words in _ORDINAL_WORDS for match in words.finditer(folded)]
    return min(found)[1] if found else None


_SHORT_PICK = 60
_NAME_IS = re.compile(
    r"(?:my name is|my name's|the name's|name is|i am called|call me|under the name(?: of)?|atas nama|nama saya|namaku|"
    r"nama ku|nama aku|nama:|panggil (?:saja|aja|aku|saya)|an\.|a\.n\.?|a/n|"
    r"tên (?:tôi|mình|em|anh|chị) là|(?:tôi|mình|em|anh|chị) tên(?: là)?|tên là|ten (?:toi|minh|em|anh|chi) la|"
    r"(?:toi|minh|em) ten(?: la)?|tên:|name:|ten:)(?!\w|['’])\s{0,3}(?P<name>[^\W\d_][^\d_,.!?\n;()]{0,60})",
    re.IGNORECASE,
)
_I_AM = re.compile(
    r"(?:\b[Ii]['’]m|\bI am|\b[Tt]his is|\b[Ss]aya|\b[Aa]ku|"
    r"\b[Mm]ình là|\b[Tt]ôi là|\b[Ee]m là|\b[Aa]nh là|\b[Cc]hị là)"
    r"\s(?P<name>[A-ZĐÀ-Ỹ][^\W\d_]{1,20}(?:\s[A-ZĐÀ-Ỹ][^\W\d_]{1,20}){0,3})"
)
"""Only a capital tells "I'm Anna" from "I'm late"."""
_NAME_ENDS = re.compile(
    r"\s(?:and|for|dan|untuk|mau|ya|và|nhé|nha|ạ|muốn|muon|please|pls|but|on|at|i|kak|mas|mbak|tomorrow|from|dari|"
    r"besok|ngày|lúc|booking|saya|hp|nomor|phone|sđt|sdt|email|ingin|here|di)\b.*$",
    re.IGNORECASE,
)
_POLITE_END = re.compile(r"\s(?:ạ|nhé|nha|ya|kak|mas|mbak|please|nhe)$", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    r"^(?:it's|its|i'm|i am|im|saya|aku|mình là|tôi là|em là|anh là|chị là|this is|dengan|name|nama|tên)\s+",
    re.IGNORECASE,
)
_NO_NAME_WORDS = """
    yes no not ok okay oke need want the is are am what when how can could would to please thanks thank hello hi hey
    sure sorry wait later ya iya tidak ga gak nggak ngga enggak belum mau bisa ingin batal halo hai nama name makasih
    stop cancel book booking không khong vâng vang dạ huỷ hủy huy chào chao tên cảm cám muốn muon được duoc lagi nanti
    dulu apa siapa berapa kapan kenapa why who which tell me my your help back menu
    german french dutch australian american british indonesian vietnamese chinese japanese korean russian indian
    canadian italian spanish muslim vegan vegetarian sick busy late here ready interested
"""
_NO_NAMES = frozenset(_NO_NAME_WORDS.split())


def name(text: str, expecting: ExpectedAnswer) -> str | None:
    """A person's name: after "my name is", a capital after "I'm", or the whole message when a name was asked."""
    said = _NAME_IS.search(text[:LONGEST]) or _I_AM.search(text[:LONGEST])
    if said:
        found = _NAME_ENDS.sub("", said["name"]).strip(" '-")
        return found if found and found.split()[0].lower() not in _NO_NAMES else None
    if expecting is not ExpectedAnswer.NAME or len(text) > _LONGEST_NAME or "?" in text:
        return None
    bare = _POLITE_END.sub("", _BEFORE_NAME.sub("", text.strip()).strip(" .,!:;'\""))
    is_name = re.fullmatch(r"[^\W\d_]+(?:\.?[ '’\-][^\W\d_]+){0,5}\.?", bare)
    return bare if is_name and not _NO_NAMES.intersection(re.split(r"\W+", bare.lower())) else None


_LONGEST_NAME = 80
