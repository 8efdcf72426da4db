"""A visit that takes the place of one that went wrong: nothing to pay for the guest, and who pays its provider."""

from dataclasses import dataclass

from payments.domain.money import Money
from payments.domain.splits import Party
from payments.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Redo:
    """In whose place a booking was made, and the money of that one as it was when it was promised."""

    of: str
    """The booking that went wrong."""
    service: str
    guests: int
    """The same service for so many is free; anything else has its price."""
    charged: Party
    """Out of whose share whoever delivers it now is paid."""
    accounts: tuple[str, ...] = ()
    keep: Money | None = None
    price: Money | None = None
    terms: Terms | None = None
    """Accounts, what stays on them, price and parties of the booking that was paid; none where nothing was paid with
    us."""
    at_fault: str = ""
    """The payee who made it wrong: again at their own cost, if they are charged."""

    def is_free(self, service: str | None, guests: int | None) -> bool:
        """Whether that is what was promised."""
        return service == self.service and (guests or 1) <= self.guests
