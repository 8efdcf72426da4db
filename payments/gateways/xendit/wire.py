"""What callbacks and replies have in common: tolerant shapes, amounts and times as the provider writes them.

Unknown fields are ignored, unknown words kept as text, numbers taken as exact decimals, also where they
come as text (reference: xendit 3.1, 5.1, 8).
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from payments.domain.money import Money, of_units

_MOMENT = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$")


class Shape(BaseModel):
    """A body of the provider: what we do not use is ignored."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=False)


def _exact(value: Any) -> Any:
    """A float is taken by its shortest writing, so that 0.1 stays 0.1."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _moment(value: Any) -> Any:
    """Fractions have 0 to 9 digits; we keep milliseconds, as the database does."""
    if not isinstance(value, str):
        return value
    found = _MOMENT.match(value.strip())
    if found is None:
        return None
    whole, fraction, zone = found.groups()
    millis = (fraction or "").ljust(3, "0")[:3]
    return datetime.fromisoformat(f"{whole}.{millis}{'+00:00' if zone in {None, 'Z'} else zone}").astimezone(UTC)


def _word(value: Any) -> Any:
    """An empty text stands for none in refunds (reference: xendit 6)."""
    return None if value == "" else value


Units = Annotated[Decimal, BeforeValidator(_exact), PlainSerializer(float)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Word = Annotated[str | None, BeforeValidator(_word)]


def money(units: Decimal, currency: str | None) -> Money:
    """A sum on the wire; raises FractionOfMinorUnit or UnknownCurrency, both ValueErrors."""
    return of_units(units, currency or "IDR")
