"""Sums of money as people type them: "500rb", "1,5jt", "2tr5", "hai triệu rưỡi", "Rp 1.500.000", "IDR 1.2m", "$40"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from intents.counts import LONGEST, SPELLED, number_of
from intents.dates.tokens import fold
from intents.understanding import Amount

_SCALES = {
    "rb": 1_000, "ribu": 1_000, "rbu": 1_000, "rebu": 1_000, "k": 1_000, "nghin": 1_000, "ngan": 1_000,
    "thousand": 1_000, "jt": 1_000_000, "juta": 1_000_000, "tr": 1_000_000, "trieu": 1_000_000, "cu": 1_000_000,
    "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "mil": 1_000_000, "million": 1_000_000,
    "ty": 1_000_000_000, "miliar": 1_000_000_000, "milyar": 1_000_000_000,
}  # fmt: skip
_ONLY_SIGNED = frozenset({"m", "mn", "mio", "mil"})
"""Scales that are lengths, minutes or names unless a currency stands with them."""
_WITH_REST = frozenset({"tr", "trieu", "jt", "juta", "cu"})
_RUPIAH, _DONG = (
    ("rb", "ribu", "rbu", "rebu", "jt", "juta", "miliar", "milyar"),
    ("tr", "trieu", "nghin", "ngan", "cu", "ty"),
)
_SCALE_CURRENCY = dict.fromkeys(_RUPIAH, "IDR") | dict.fromkeys(_DONG, "VND")
_SIGNS = {
    "rp": "IDR", "idr": "IDR", "rupiah": "IDR", "vnd": "VND", "d": "VND", "dong": "VND", "₫": "VND", "$": "USD",
    "us$": "USD", "usd": "USD", "dollars": "USD", "dollar": "USD", "bucks": "USD", "€": "EUR", "eur": "EUR",
    "euro": "EUR", "euros": "EUR", "aud": "AUD", "a$": "AUD", "sgd": "SGD", "s$": "SGD",
}  # fmt: skip
_WHOLE_UNITS = frozenset({"IDR", "VND"})
_LEAST_DONG = 1_000
_FIGURE = r"\d{1,3}(?:[.,]\d{3}){1,4}(?![.,]?\d)|\d{1,3}(?: \d{3}){2,4}(?! ?\d)|\d{1,12}(?:[.,]\d{1,2})?(?!\d)"
_SCALE_WORDS = "rebu|ribu|rbu|rb|juta|jt|trieu|tr|nghin|ngan|cu|k|million|thousand|miliar|milyar|mio|mil|mn|m|ty"
_UNIT_WORDS = r"rupiah|idr|vnd|dong|d|usd|dollars?|bucks|euros?|eur|aud|sgd|[₫$€]"
_MONEY = re.compile(
    r"(?:(?P<sign>\brp\.?|\bidr|\bvnd|\bus\$|\bs\$|\ba\$|[$€₫]|\busd|\beur|\baud|\bsgd)\s{0,2})?"
    rf"(?<![\d.,/:])(?:(?P<first>{_FIGURE})\s?[-–]\s?)?(?P<figure>{_FIGURE})(?![/:]\d)"
    rf"(?:\s{{0,2}}(?P<scale>{_SCALE_WORDS})(?![a-z])(?:(?P<rest>\d{{1,3}})|(?P<half>\s(?:ruoi|setengah)))?)?"
    rf"(?:\s{{0,2}}(?P<unit>{_UNIT_WORDS}))?(?![a-z0-9])"
)
_SPELLED_MONEY = re.compile(
    rf"(?<!\w)(?P<count>(?P<half>setengah|nua|half a)|{SPELLED}|(?=se(?:juta|ribu)))"
    r"\s{0,2}(?P<scale>sejuta|seribu|ribu|rebu|juta|miliar|milyar|trieu|nghin|ngan|thousand|million)(?![a-z])"
    r"(?P<more>\s(?:ruoi|setengah))?(?:\s{1,2}(?P<unit>rupiah|dong|vnd|idr|dollars?|usd))?(?!\w)"
)
_COUNTED = re.compile(r"\s{0,2}(?:orang|org|tamu|people|guests|nguoi|khach|km|m2|kali|views|followers|meter|steps)\b")


def money(text: str) -> tuple[Amount, ...]:
    """Sums with a sign or a scale; a bare figure is none."""
    return tuple(amount for _, _, amounts in _found(fold(text[:LONGEST])) for amount in amounts)


def without_sums(text: str) -> str:
    """The message with its sums blanked, letter for letter; as it came where folding changes its length."""
    folded = fold(text)
    if len(folded) != len(text):
        return text
    pieces = list(text)
    for start, end, _ in _found(folded):
        pieces[start:end] = " " * (end - start)
    return "".join(pieces)


def _found(folded: str) -> Iterator[tuple[int, int, list[Amount]]]:
    sums = [(m.start(), m.end(), _amounts(m, folded)) for m in _MONEY.finditer(folded)]
    spelled = [(m.start(), m.end(), _spelled(m)) for m in _SPELLED_MONEY.finditer(folded)]
    kept = [each for each in sums if each[2]]
    taken = [(start, end) for start, end, _ in kept]
    kept += [each for each in spelled if each[2] and not any(each[0] < end and start < each[1] for start, end in taken)]
    return iter(_added(sorted(kept), folded))


def _added(sums: list[tuple[int, int, list[Amount]]], folded: str) -> list[tuple[int, int, list[Amount]]]:
    """ "2 juta 500 ribu" is one sum."""
    joined: list[tuple[int, int, list[Amount]]] = []
    for start, end, amounts in sums:
        last = joined[-1] if joined else None
        millions = last[2][0] if last is not None and len(last[2]) == 1 else None
        rest = amounts[0] if len(amounts) == 1 else None
        # Only whole millions are followed by their thousands; "500 ribu 2 juta" are two sums.
        if (
            last is not None
            and millions is not None
            and rest is not None
            and folded[last[1] : start].isspace()
            and millions.currency is not None
            and millions.currency == rest.currency
            and millions.minor % 1_000_000 == 0
            and 1_000 <= rest.minor < 1_000_000 <= millions.minor
        ):
            joined[-1] = (last[0], end, [Amount(millions.minor + rest.minor, rest.currency)])
        else:
            joined.append((start, end, amounts))
    return joined


def _amounts(match: re.Match[str], folded: str) -> list[Amount]:
    sign, scale = (match["sign"] or match["unit"] or "").strip("."), match["scale"] or ""
    if not sign and not scale:
        # A figure grouped by thousands ("350.000") is money even without a sign, unless it counts something.
        figure = match["figure"]
        is_grouped = re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*", figure) and figure.endswith("00")
        if not is_grouped or _COUNTED.match(folded, match.end()):
            return []
        return [Amount(int(re.sub(r"\D", "", figure)))]
    # "5 k" may be five of something or a short "kak"; "5k" is money.
    apart = scale == "k" and match.string[match.start("scale") - 1].isspace()
    if apart or (scale in _ONLY_SIGNED and not sign) or (scale and _COUNTED.match(folded, match.end()) and not sign):
        return []
    currency = _SIGNS.get(sign) or _SCALE_CURRENCY.get(scale)
    # In "300-500k" the scale and the sign belong to both ends.
    last = _amount(match["figure"], scale, currency, match["rest"], half=bool(match["half"]))
    if last is None or (sign == "d" and last.minor < _LEAST_DONG):
        return []
    first = _amount(match["first"], scale, currency) if match["first"] else None
    # A first figure that is not the smaller one opens no range.
    return [last] if first is None or first.minor >= last.minor else [first, last]


def _amount(
    figure: str, scale: str, currency: str | None, rest: str | None = None, *, half: bool = False
) -> Amount | None:
    by = _SCALES.get(scale, 1)
    # A comma before a scale is a decimal one ("1,500 juta"); elsewhere both signs part thousands.
    is_decimal = bool(scale) and len(figure) <= 7 and "," in figure
    is_grouped = re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+", figure) and not is_decimal
    try:
        value = Decimal(re.sub(r"\D", "", figure) if is_grouped else figure.replace(",", ".")) * by
    except InvalidOperation:
        return None
    if rest and scale not in _WITH_REST:
        return None
    value += Decimal(by) * int(rest) / 10 ** len(rest) if rest else 0
    value += Decimal(by) / 2 if half else 0
    return Amount(int(value if currency in _WHOLE_UNITS or currency is None else value * 100), currency)


def _spelled(match: re.Match[str]) -> list[Amount]:
    """ "sejuta", "dua ratus ribu", "hai triệu rưỡi", "setengah juta"."""
    scale = match["scale"].removeprefix("se") if match["scale"] in {"sejuta", "seribu"} else match["scale"]
    if match["more"] and scale not in {"juta", "trieu", "million"}:
        return []
    by = _SCALES[scale]
    counted = number_of(match["count"]) if match["count"] and not match["half"] else 1
    value = by // 2 if match["half"] else by * counted
    value += by // 2 if match["more"] else 0
    currency = _SIGNS.get(match["unit"] or "") or _SCALE_CURRENCY.get(scale)
    return [Amount(value if currency in _WHOLE_UNITS or currency is None else value * 100, currency)]
