"""What a customer may use later instead of money: given for a visit that went wrong, out of the shares of whoever is
charged, and used to pay for other bookings.

A credit has a book of its own under its id. Its units come there from the booking it was given for, and leave it for
the bookings it pays for; what is never used is the platform's.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from payments.domain.corrections import Credited
from payments.domain.ids import RefundId
from payments.domain.money import Money, total

AT_LEAST_AFTER_RETURN: Final = timedelta(days=30)
"""So long what comes back can be used at least: it was not the customer's to use in the meantime."""
GRACE: Final = timedelta(hours=1)
"""A credit that was promised in its last minute may be asked for some minutes later."""


@dataclass(frozen=True, slots=True)
class CreditReturn:
    """What of it came back from a booking it had paid for, known by the mark on that booking's money."""

    mark: RefundId
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class CreditUse:
    """What it pays of one account; nothing where nothing was left for it."""

    account: str
    amount: Money
    at: datetime
    returns: tuple[CreditReturn, ...] = ()

    @property
    def net(self) -> Money:
        """What of it has not come back."""
        return self.amount - total((one.amount for one in self.returns), self.amount.currency)


@dataclass(frozen=True, slots=True)
class CreditExpiry:
    """What of it nobody can use any more."""

    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit; `origin` are the accounts of the booking it was given for."""

    id: str
    origin: tuple[str, ...]
    amount: Money
    until: datetime
    """The first moment at which it can be used no more."""
    granted_at: datetime
    uses: tuple[CreditUse, ...] = ()
    expiries: tuple[CreditExpiry, ...] = ()
    revision: int = 0
    acknowledged: int = 0
    next_at: datetime | None = None
    dirty: bool = False
    version: int = 0

    @property
    def left(self) -> Money:
        """What can still be used of it."""
        return self.amount - self.used - self.expired

    @property
    def used(self) -> Money:
        """What pays for bookings now."""
        return total((use.net for use in self.uses), self.amount.currency)

    @property
    def returned(self) -> Money:
        """All that ever came back."""
        return total((one.amount for use in self.uses for one in use.returns), self.amount.currency)

    @property
    def expired(self) -> Money:
        """What was never used."""
        return total((one.amount for one in self.expiries), self.amount.currency)

    def use_of(self, account: str) -> CreditUse | None:
        """What it was asked to pay there, if it was."""
        return next((use for use in self.uses if use.account == account), None)

    def taken(self, account: str, wanted: Money, at: datetime, *, is_usable: bool = True) -> "Credit":
        """With as much of that as is left paid there; asked again for the same account, nothing changes."""
        if self.use_of(account) is not None:
            return self
        can_pay = is_usable and at < self.until and wanted.currency == self.amount.currency
        amount = min(wanted, self.left) if can_pay else Money(0, self.amount.currency)
        return self._revised(uses=(*self.uses, CreditUse(account, amount, at)))

    def given_back(self, account: str, mark: RefundId, amount: Money, at: datetime) -> "Credit":
        """With so much come back from there; told again, nothing changes."""
        use = self.use_of(account)
        if use is None or any(one.mark == mark for one in use.returns):
            return self
        grown = replace(use, returns=(*use.returns, CreditReturn(mark, amount, at)))
        until = max(self.until, at + AT_LEAST_AFTER_RETURN)
        others = tuple(grown if one is use else one for one in self.uses)
        return replace(self._revised(uses=others), until=until, next_at=until + GRACE)

    def looked_at(self, now: datetime) -> "Credit":
        """Expired, once its day is over."""
        if now < self.until + GRACE:
            return replace(self, next_at=self.until + GRACE)
        return self.ended(now)

    def ended(self, now: datetime) -> "Credit":
        """With nothing left to use: its day is over, or a bank took back the money it was given out of."""
        if not self.left:
            return replace(self, next_at=None)
        return replace(self._revised(expiries=(*self.expiries, CreditExpiry(self.left, now))), next_at=None)

    def acknowledge(self, revision: int) -> "Credit":
        """The caller knows everything up to this revision."""
        known = min(revision, self.revision)
        return self if known <= self.acknowledged else replace(self, acknowledged=known)

    def _revised(
        self, uses: tuple[CreditUse, ...] | None = None, expiries: tuple[CreditExpiry, ...] | None = None
    ) -> "Credit":
        return replace(
            self,
            uses=self.uses if uses is None else uses,
            expiries=self.expiries if expiries is None else expiries,
            revision=self.revision + 1,
            dirty=True,
        )


def granted(origin: tuple[str, ...], given: Credited) -> Credit:
    """The credit that an order gives."""
    return Credit(given.id, origin, given.amount, given.until, given.at, next_at=given.until + GRACE, dirty=True)
