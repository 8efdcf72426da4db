"""What callbacks and replies have in common: tolerant shapes, amounts and times as the provider writes them.

Unknown fields are ignored, unknown words kept as text, numbers taken as exact decimals, also where they
come as text (reference: xendit 3.1, 5.1, 8).
"""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints

from payments.domain.money import Money, of_units

MAX_TEXT = 255
MAX_UNITS = Decimal(10) ** 15
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")
_MOMENT = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$")


class Shape(BaseModel):
    """A body of the provider: what we do not use is ignored."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=False)


def _exact(value: Any) -> Any:
    """A float is taken by its shortest writing, so that 0.1 stays 0.1."""
    # Decimal(0.1) would be 0.1000000000000000055.
    return Decimal(repr(value)) if isinstance(value, float) else value


def _countable(value: Decimal) -> Decimal:
    """A number of a size that money has: written out, 1e999999999 would fill the memory."""
    if not value.is_finite() or abs(value) >= MAX_UNITS:
        raise ValueError("no sum of money")
    return value


def _moment(value: Any) -> Any:
    """Fractions have 0 to 9 digits; we keep milliseconds, as the database does."""
    if not isinstance(value, str):
        return value
    found = _MOMENT.match(value.strip())
    if found is None:
        return None
    whole, fraction, zone = found.groups()
    # Two readings of one moment must be equal, so the digits the database would drop are dropped here.
    millis = (fraction or "").ljust(3, "0")[:3]
    try:
        return datetime.fromisoformat(f"{whole}.{millis}{'+00:00' if zone in {None, 'Z'} else zone}").astimezone(UTC)
    except (ValueError, OverflowError):  # no day of the calendar
        return None


def _cleaned(value: Any) -> Any:
    """Foreign text as it may be stored and shown: without lone surrogates, control and direction marks, and short."""
    if not isinstance(value, str):
        return value
    return "".join(char for char in value[:MAX_TEXT] if unicodedata.category(char) not in _HIDDEN)


def _word(value: Any) -> Any:
    """An empty text stands for none in refunds (reference: xendit 6)."""
    return _cleaned(value) or None if isinstance(value, str) else value


def _code(value: Any) -> Any:
    """A code is of the provider's list or unreadable; what a customer's bank writes in its place is not repeated."""
    if not isinstance(value, str) or not value:
        return None
    return value.upper() if _CODE.fullmatch(value) else "UNREADABLE"


Text = Annotated[str, BeforeValidator(_cleaned)]
"""Any text of theirs."""
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$")]
"""An id of theirs, which becomes a part of addresses."""
Code = Annotated[str | None, BeforeValidator(_code)]
Units = Annotated[Decimal, BeforeValidator(_exact), AfterValidator(_countable), PlainSerializer(float)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Word = Annotated[str | None, BeforeValidator(_word)]


def money(units: Decimal, currency: str | None) -> Money:
    """A sum on the wire; raises FractionOfMinorUnit or UnknownCurrency, both ValueErrors."""
    return of_units(units, currency or "IDR")
