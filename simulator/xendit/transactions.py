"""The statement: one row per movement, its fee, and whether it has settled (reference: xendit 9.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from simulator.xendit.errors import not_found


class Kind(StrEnum):
    """`type`, the ones that the simulator makes."""

    PAYMENT = "PAYMENT"
    DISBURSEMENT = "DISBURSEMENT"
    REFUND = "REFUND"
    TOPUP = "TOPUP"
    WITHDRAWAL = "WITHDRAWAL"
    ADJUSTMENT_ADD = "ADJUSTMENT_ADD"
    ADJUSTMENT_DEDUCT = "ADJUSTMENT_DEDUCT"
    CHARGEBACK = "CHARGEBACK"


class Status(StrEnum):
    """`status` of a row."""

    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    VOIDED = "VOIDED"
    REVERSED = "REVERSED"


class FeeStatus(StrEnum):
    """`fee.status` of a row."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"
    REVERSED = "REVERSED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Settlement(StrEnum):
    """`settlement_status` of money that came in."""

    PENDING = "PENDING"
    SETTLED = "SETTLED"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row of the statement, sums in minor units."""

    id: str
    kind: Kind
    status: Status
    product_id: str
    reference_id: str
    channel_category: str
    channel_code: str | None
    account_identifier: str | None
    currency: str
    amount: int
    fee: int
    vat: int
    fee_status: FeeStatus
    created: datetime
    updated: datetime
    settlement: Settlement | None = None
    settles_at: datetime | None = None

    @property
    def is_money_in(self) -> bool:
        """Whether it made the balance grow."""
        return self.kind in (Kind.PAYMENT, Kind.TOPUP, Kind.ADJUSTMENT_ADD)

    @property
    def net(self) -> int:
        """In: less the fee and its tax; out: with them."""
        charges = self.fee + self.vat
        return self.amount - charges if self.is_money_in else self.amount + charges


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of GET /transactions; empty means all."""

    kinds: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    reference_id: str | None = None
    product_id: str | None = None
    account_identifier: str | None = None
    currency: str | None = None
    amount: int | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    limit: int = 10
    after_id: str | None = None
    before_id: str | None = None

    def has(self, row: Transaction) -> bool:
        """Whether the row passes every filter."""
        return (
            (not self.kinds or row.kind in self.kinds)
            and (not self.statuses or row.status in self.statuses)
            and (not self.categories or row.channel_category in self.categories)
            and self.reference_id in (None, row.reference_id)
            and self.product_id in (None, row.product_id)
            and self.account_identifier in (None, row.account_identifier)
            and self.currency in (None, row.currency)
            and self.amount in (None, row.amount)
            and _within(row.created, self.created_from, self.created_to)
            and _within(row.updated, self.updated_from, self.updated_to)
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first, and whether older ones follow."""

    rows: tuple[Transaction, ...]
    has_more: bool


def _within(moment: datetime, first: datetime | None, last: datetime | None) -> bool:
    return (first is None or first <= moment) and (last is None or moment <= last)


def page(rows: Iterable[Transaction], wanted: Wanted) -> Page:
    """The page asked for: newest first, after (older than) or before (newer than) a row's id."""
    found = [row for row in reversed(list(rows)) if wanted.has(row)]
    ids = [row.id for row in found]
    if wanted.after_id is not None:
        found = found[_place(ids, wanted.after_id) + 1 :]
    elif wanted.before_id is not None:
        newer = found[: _place(ids, wanted.before_id)]
        return Page(tuple(newer[-wanted.limit :]), len(newer) > wanted.limit)
    return Page(tuple(found[: wanted.limit]), len(found) > wanted.limit)


def _place(ids: list[str], wanted: str) -> int:
    if wanted not in ids:
        raise not_found("the transaction")
    return ids.index(wanted)
