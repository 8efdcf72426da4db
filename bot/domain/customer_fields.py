"""What the house asks of its customers besides what a booking needs: kept with the customer, asked once.

They stand in the lead, whose state is sealed under the customer's own key and gone with it. No record of the audit, no
read model and no log has what was answered.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

MOST_FIELDS: Final = 20
"""So many a customer can have."""
LONGEST_ANSWER: Final = 1000
"""Characters that are kept of an answer."""


@dataclass(frozen=True, slots=True)
class CustomerField:
    """One answer of one customer."""

    name: str
    """As `rules[].ask` of the business file calls it."""
    value: str = field(repr=False)
    at: datetime
    """When it was given last."""


def with_field(known: tuple[CustomerField, ...], given: CustomerField) -> tuple[CustomerField, ...]:
    """The fields with that one put in, or put in the place of an older answer; the oldest answers are forgotten."""
    older = next((one for one in known if one.name == given.name), given)
    others = tuple(one for one in known if one.name != given.name)
    kept = sorted((*others, max(older, given, key=lambda one: one.at)), key=lambda one: (one.at, one.name))
    return tuple(kept[-MOST_FIELDS:])
