"""The double-entry ledger: postings that each balance, and the terms of the invariant read from them.

Two books lie in one ledger. The *bookings* book says whose the money of a booking is:

    captured = held + platform + paid_out + refunded + fees + open + credits + transferred

per booking and currency, and per credit: `credits` is what customers may use later, and stands in the books of credits
alone; `transferred` is what went from a booking to a credit or came from a credit, and sums to nothing over all.
`captured` is written with the opposite sign, so a posting balances when its entries of this book sum to
zero. The *provider* book says where our money lies: `pending` and `cash` with the provider, `by_hand` with us,
against the `outside`, what payouts cost, and on accounts of their own what moves outside bookings: top-ups,
withdrawals, adjustments, their fees, what the banks dispute, what was there before us, and rows of others that
a person has accepted. Each posting balances in both books by itself, and no term is ever
computed as the difference of others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from payments.domain.money import Money
from payments.domain.splits import Party, Share


class LedgerAccount(StrEnum):
    """Where an entry is written."""

    CAPTURED = "captured"
    HELD = "held"
    PLATFORM = "platform"
    PAID_OUT = "paid_out"
    REFUNDED = "refunded"
    FEES = "fees"
    OPEN = "open"
    CREDITS = "credits"
    """Ours to keep for a customer, who may use it later."""
    TRANSFERRED = "transferred"
    """Between a booking and a credit."""
    PENDING = "pending"
    BY_HAND = "by_hand"
    """Received by a person, in cash or at the bank."""
    CASH = "cash"
    OUTSIDE = "outside"
    PAYOUT_FEES = "payout_fees"
    TOP_UPS = "top_ups"
    WITHDRAWALS = "withdrawals"
    ADJUSTMENTS = "adjustments"
    DISPUTED = "disputed"
    OTHER_FEES = "other_fees"
    OPENING = "opening"
    UNMATCHED = "strangers"


_K = TypeVar("_K")

BOOKINGS_BOOK = frozenset(
    {
        LedgerAccount.CAPTURED,
        LedgerAccount.HELD,
        LedgerAccount.PLATFORM,
        LedgerAccount.PAID_OUT,
        LedgerAccount.REFUNDED,
        LedgerAccount.FEES,
        LedgerAccount.OPEN,
        LedgerAccount.CREDITS,
        LedgerAccount.TRANSFERRED,
    }
)


class Unbalanced(ValueError):
    """The entries of a posting do not sum to zero in one of the two books."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line: so many minor units more (or less) on an account; `held` names the party."""

    account: LedgerAccount
    amount: int
    party: Party | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One fact about money, written once under its key and never changed; `reference` is none outside
    bookings."""

    key: str
    reference: str | None
    currency: str
    at: datetime
    entries: tuple[LedgerEntry, ...]

    def __post_init__(self) -> None:
        of_provider = sum(e.amount for e in self.entries if e.account not in BOOKINGS_BOOK)
        of_bookings = sum(e.amount for e in self.entries if e.account in BOOKINGS_BOOK)
        if of_provider or of_bookings:
            raise Unbalanced(self.key)

    def reversed_as(self, key: str, at: datetime) -> "Posting":
        """The posting that takes this one back."""
        entries = tuple(LedgerEntry(e.account, -e.amount, e.party) for e in self.entries)
        return Posting(key, self.reference, self.currency, at, entries)


@dataclass(frozen=True, slots=True)
class Books:
    """The terms of one booking, or of one credit, in one currency, each summed from its own entries; minor units."""

    reference: str
    currency: str
    captured: int = 0
    held: int = 0
    platform: int = 0
    paid_out: int = 0
    refunded: int = 0
    fees: int = 0
    open: int = 0
    credits: int = 0
    transferred: int = 0
    held_by_party: tuple[Share, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every unit that came in is somewhere."""
        owned = self.held + self.platform + self.paid_out + self.refunded + self.fees + self.open
        return self.captured == owned + self.credits + self.transferred


@dataclass(frozen=True, slots=True)
class Position:
    """What should lie with the provider in one currency, and what moved outside bookings; minor units.

    `disputed` is out for a chargeback that is not decided, `adjusted` is signed: positive in our favour.
    """

    currency: str
    pending: int = 0
    cash: int = 0
    payout_fees: int = 0
    topped_up: int = 0
    withdrawn: int = 0
    adjusted: int = 0
    disputed: int = 0
    other_fees: int = 0
    opening: int = 0
    unmatched: int = 0


def books_of(postings: Iterable[Posting]) -> tuple[Books, ...]:
    """The books of each booking and currency that has postings, in order of reference."""
    sums: dict[tuple[str, str], dict[LedgerAccount, int]] = {}
    held: dict[tuple[str, str], dict[Party, int]] = {}
    for posting in postings:
        if posting.reference is None:
            continue
        where = (posting.reference, posting.currency)
        for entry in posting.entries:
            _add(sums.setdefault(where, {}), entry.account, entry.amount)
            if entry.account is LedgerAccount.HELD and entry.party is not None:
                _add(held.setdefault(where, {}), entry.party, entry.amount)
    books: list[Books] = []
    for reference, currency in sorted(sums):
        book, owed = sums[reference, currency], held.get((reference, currency), {})
        books.append(
            Books(
                reference,
                currency,
                # What comes from outside is a minus in the ledger, so that the entries of a posting sum to nothing.
                captured=-book.get(LedgerAccount.CAPTURED, 0),
                held=book.get(LedgerAccount.HELD, 0),
                platform=book.get(LedgerAccount.PLATFORM, 0),
                paid_out=book.get(LedgerAccount.PAID_OUT, 0),
                refunded=book.get(LedgerAccount.REFUNDED, 0),
                fees=book.get(LedgerAccount.FEES, 0),
                open=book.get(LedgerAccount.OPEN, 0),
                credits=book.get(LedgerAccount.CREDITS, 0),
                transferred=book.get(LedgerAccount.TRANSFERRED, 0),
                held_by_party=tuple(Share(p, Money(owed[p], currency)) for p in Party if owed.get(p)),
            )
        )
    return tuple(books)


def position_of(sums: Mapping[LedgerAccount, int], currency: str) -> Position:
    """What the ledger expects the provider's balances to be, from the sum of each account."""
    return Position(
        currency,
        pending=sums.get(LedgerAccount.PENDING, 0),
        cash=sums.get(LedgerAccount.CASH, 0),
        payout_fees=sums.get(LedgerAccount.PAYOUT_FEES, 0),
        topped_up=-sums.get(LedgerAccount.TOP_UPS, 0),
        withdrawn=sums.get(LedgerAccount.WITHDRAWALS, 0),
        adjusted=-sums.get(LedgerAccount.ADJUSTMENTS, 0),
        disputed=sums.get(LedgerAccount.DISPUTED, 0),
        other_fees=sums.get(LedgerAccount.OTHER_FEES, 0),
        opening=-sums.get(LedgerAccount.OPENING, 0),
        unmatched=-sums.get(LedgerAccount.UNMATCHED, 0),
    )


def _add(sums: dict[_K, int], key: _K, amount: int) -> None:
    sums[key] = sums.get(key, 0) + amount
