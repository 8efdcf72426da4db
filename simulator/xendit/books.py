"""The simulator's own books: every movement of cash and pending money, never changed once written."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purse(StrEnum):
    """The kinds of balance (reference: xendit 9.2): HOLDING is not yet settled, gross of fees."""

    CASH = "CASH"
    HOLDING = "HOLDING"
    TAX = "TAX"


class Cause(StrEnum):
    """Why money moved."""

    CAPTURED = "captured"
    SETTLED = "settled"
    FEE = "fees"
    REFUNDED = "refunded"
    PAID_OUT = "paid_out"
    PAYOUT_FEE = "payout_fees"
    TOPPED_UP = "topped_up"
    WITHDRAWN = "withdrawn"
    ADJUSTED = "adjusted"
    CHARGED_BACK = "charged_back"
    OTHER_FEE = "other_fees"


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement in minor units; `about` is the external_id or the payout's reference."""

    at: datetime
    purse: Purse
    currency: str
    amount: int
    cause: Cause
    about: str


class Books:
    """An append-only list of entries; every figure is a sum over it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def post(self, entry: Entry) -> None:
        """Writes one movement down; nothing is written for a movement of nothing."""
        if entry.amount:
            self.entries.append(entry)

    def balance(self, purse: Purse, currency: str, at: datetime | None = None) -> int:
        """What the purse held at that moment, or holds now."""
        return sum(
            entry.amount
            for entry in self.entries
            if entry.purse is purse and entry.currency == currency and (at is None or entry.at <= at)
        )

    def total(self, cause: Cause, currency: str, about: str | None = None) -> int:
        """What came or went for that cause, signed: in is positive."""
        return sum(
            entry.amount
            for entry in self.entries
            if entry.cause is cause and entry.currency == currency and about in (None, entry.about)
        )

    def currencies(self) -> tuple[str, ...]:
        """Every currency that ever moved."""
        return tuple(sorted({entry.currency for entry in self.entries}))

    def subjects(self, currency: str) -> tuple[str, ...]:
        """Every external_id and payout reference that ever moved money in that currency, oldest first."""
        return tuple(dict.fromkeys(entry.about for entry in self.entries if entry.currency == currency))


@dataclass(frozen=True, slots=True)
class Figures:
    """The books of one currency (or one subject in it): minor units, positive but for `adjusted`."""

    cash: int
    pending: int
    captured: int
    fees: int
    paid_out: int
    refunded: int
    payout_fees: int
    topped_up: int
    withdrawn: int
    adjusted: int
    """Signed: positive in our favour."""
    charged_back: int
    other_fees: int
    """Of withdrawals and chargebacks."""

    @property
    def holds(self) -> bool:
        """Whether what is there is what came less what went."""
        came = self.captured + self.topped_up + self.adjusted
        went = self.fees + self.refunded + self.paid_out + self.payout_fees
        went += self.withdrawn + self.charged_back + self.other_fees
        return self.cash + self.pending == came - went


def figures(books: Books, currency: str, about: str | None = None) -> Figures:
    """The books of a currency, or of one subject in it."""

    def held(purse: Purse) -> int:
        return sum(
            entry.amount
            for entry in books.entries
            if entry.purse is purse and entry.currency == currency and about in (None, entry.about)
        )

    return Figures(
        cash=held(Purse.CASH),
        pending=held(Purse.HOLDING),
        captured=books.total(Cause.CAPTURED, currency, about),
        fees=-books.total(Cause.FEE, currency, about),
        paid_out=-books.total(Cause.PAID_OUT, currency, about),
        refunded=-books.total(Cause.REFUNDED, currency, about),
        payout_fees=-books.total(Cause.PAYOUT_FEE, currency, about),
        topped_up=books.total(Cause.TOPPED_UP, currency, about),
        withdrawn=-books.total(Cause.WITHDRAWN, currency, about),
        adjusted=books.total(Cause.ADJUSTED, currency, about),
        charged_back=-books.total(Cause.CHARGED_BACK, currency, about),
        other_fees=-books.total(Cause.OTHER_FEE, currency, about),
    )
