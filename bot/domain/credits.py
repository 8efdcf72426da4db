"""What a customer may use later instead of money, as their lead and their bookings know of it; the truth of it is the
cashier's (`payments/domain/credit.py`)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from payments.domain.money import Money, total
from payments.domain.news import CreditNews

MOST_CREDITS: Final = 20
"""So many a lead remembers; those with nothing left are forgotten first."""


@dataclass(frozen=True, slots=True)
class SpentCredit:
    """What of a booking a credit pays, on one of its accounts."""

    credit: str
    account: str
    amount: Money
    """What it pays now: less once it has come back."""
    at: datetime
    """When it was set aside."""
    ordered: Money
    """What it was asked to pay, the same for good."""


@dataclass(frozen=True, slots=True)
class CustomerCredit:
    """One credit of this customer; nobody else can use it."""

    id: str
    amount: Money
    until: datetime
    """The first moment at which it can be used no more."""
    uses: tuple[tuple[str, Money], ...] = ()
    """By account what it pays there: as it was ordered, and from the cashier's news on as it is."""
    returned: Money | None = None
    """All that ever came back of it."""
    expired: Money | None = None
    revision: int = 0
    """Of the last news."""

    @property
    def left(self) -> Money:
        """What can still be used of it."""
        gone = total((used for _, used in self.uses), self.amount.currency)
        return self.amount - gone - (self.expired or Money(0, self.amount.currency))

    def using(self, account: str, amount: Money) -> "CustomerCredit":
        """With so much ordered to pay of that account."""
        others = tuple(one for one in self.uses if one[0] != account)
        return replace(self, uses=(*others, (account, amount)))

    def freed(self, account: str) -> "CustomerCredit":
        """Without what was ordered for an account that was never opened."""
        return replace(self, uses=tuple(one for one in self.uses if one[0] != account))

    def told(self, news: CreditNews) -> "CustomerCredit":
        """As the cashier says that it is; what was ordered and is not known there yet stays. Older news change
        nothing."""
        if news.revision <= self.revision:
            return self
        known = dict(news.uses)
        waiting = tuple(one for one in self.uses if one[0] not in known)
        return replace(
            self,
            until=news.until,
            uses=(*news.uses, *waiting),
            returned=news.returned,
            expired=news.expired,
            revision=news.revision,
        )


def of_news(news: CreditNews) -> CustomerCredit:
    """A credit that the lead did not remember."""
    return CustomerCredit(news.credit, news.amount, news.until).told(news)


def with_credit(known: tuple[CustomerCredit, ...], one: CustomerCredit) -> tuple[CustomerCredit, ...]:
    """With that credit put in, or put in the place of its former self; of two the one that was told of last."""
    before = next((other for other in known if other.id == one.id), None)
    newest = before if before is not None and before.revision > one.revision else one
    kept = [*(other for other in known if other.id != one.id), newest]
    kept.sort(key=lambda credit: (credit.left.amount > 0, credit.until, credit.id))
    return tuple(kept[-MOST_CREDITS:])
