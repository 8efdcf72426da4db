"""Words that are passed between two people through us, without what would lead them past us: numbers and links.

What is a price, a time or a date stays. Whoever writes a number in words, or a digit a message, gets it through; the
transcript has it.
"""

import re
import unicodedata
from typing import Final

import phonenumbers

MASK: Final = "•••"
_FEWEST: Final = 8
"""Digits of a telephone number, at least; fewer are times, prices and house numbers."""

# one digit after the other, with anything between them that is neither letter nor line break
_RUN: Final = re.compile(rf"\+?\d(?:[^\w\n]{{0,3}}_?\d){{{_FEWEST - 1},}}")
_LINK: Final = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)*"
    r"|(?<!\w)@\w{3,}"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|biz|io|me|id|vn|co|app|link|ly|gg|xyz|online|shop|site|tv|ai|dev|page)"
    r"\b(?:/\S*)?",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"(?<![\d.:/-])(?:"
    r"[0-3]?\d[./-][01]?\d[./-](?:19|20)\d\d|(?:19|20)\d\d[./-][01]?\d[./-][0-3]?\d"  # a date
    r"|(?:[01]?\d|2[0-3])[.:][0-5]\d(?:\s?[–-]\s?(?:[01]?\d|2[0-3])[.:][0-5]\d)?"  # the hours
    r")(?![.:/-]?\d)"
)
_SUM: Final = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3}){1,3}")


def without_contacts(text: str) -> str:
    """The same words, masked where they hold a number or a link."""
    # digits of another script or width are digits; what no reader sees parts none of them
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    plain = _LINK.sub(MASK, unicodedata.normalize("NFC", plain))
    parts, last = [], 0
    for moment in _TIME.finditer(plain):
        parts += [_RUN.sub(_masked, plain[last : moment.start()]), moment.group()]
        last = moment.end()
    return "".join((*parts, _RUN.sub(_masked, plain[last:])))


def _masked(found: re.Match[str]) -> str:
    return found.group() if _SUM.fullmatch(found.group()) else MASK


def country_of(number: str | None) -> str | None:
    """The country's digits of a number without its plus, which say nothing about whose it is; none where it has none
    that is known."""
    try:
        return None if number is None else str(phonenumbers.parse(f"+{number}").country_code)
    except phonenumbers.NumberParseException:
        return None
