"""Holds the books against the records they were written from, and against the provider's balances."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from payments.domain import check, ids, reconciliation, statement_cursor
from payments.domain.alarm import Alarm, AlarmKind
from payments.domain.check import Difference, MoneyCheck, MoneyRecords
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.ledger import Posting
from payments.domain.payout import Payout, PayoutState
from payments.domain.reconciliation import EXCUSED_FOR, BalanceVerdict, Reconciliation
from payments.domain.refund import Refund, RefundState
from payments.gateway import PaymentGateway
from payments.services.payouts import PayoutService
from payments.services.refunds import RefundService
from payments.services.statement import StatementService
from payments.store.records import Unreadable
from payments.store.store import UNMATCHED, Store

BATCH: Final = 100
"""Bookings, postings or movements held in memory at once."""
_PAYOUTS_OUT: Final = (PayoutState.UNKNOWN, PayoutState.ACCEPTED)
_PAYOUTS_THERE: Final = (PayoutState.SUCCEEDED, PayoutState.REVERSED)
_REFUNDS_OUT: Final = (RefundState.UNKNOWN, RefundState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class ReconciliationRun:
    """One reconciliation: how many rows of the provider were read for it, what it found, what to look at."""

    rows: int
    look: Reconciliation
    alarms: tuple[Alarm, ...] = ()


class BooksService:
    """Compares; what it finds it stores and tells, and mends nothing by itself."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        statement: StatementService,
        payouts: PayoutService,
        refunds: RefundService,
        currency: str,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._statement = statement
        self._payouts = payouts
        self._refunds = refunds
        self._currency = currency

    async def sweep(self, now: datetime) -> tuple[Alarm, ...]:
        """The reconciliation of the day, sooner again where the last one did not hold."""
        last = await self._store.reconciliations.last({"currency": self._currency})
        if last is not None and now < last.next_at:
            return ()
        return (await self.reconcile(now, statement_cursor.LONG_OVERLAP)).alarms

    async def reconcile(self, now: datetime, overlap: timedelta = statement_cursor.LONG_OVERLAP) -> ReconciliationRun:
        """Ours brought up to what the provider has, then laid against its balances, and stored."""
        rows, alarms = await self._statement.read(now, overlap)
        for payout in await self._moving_payouts():
            with suppress(TemporaryError, OutcomeUnknown, PermanentError):  # the sweep goes on with it
                await self._payouts.advance(payout, now)
        for refund in await self._moving_refunds():
            with suppress(TemporaryError, OutcomeUnknown, PermanentError):
                await self._refunds.advance(refund, now)
        look = await self.compare(now)
        await self._store.reconciliations.insert(look)
        if look.verdict is BalanceVerdict.DIFFERS:
            alarms += tuple(_differing(look))
        return ReconciliationRun(rows, look, alarms)

    async def compare(self, now: datetime) -> Reconciliation:
        """Both books as they are, read twice where they differ, since others may write while we read."""
        look = await self._compared(now)
        return look if look.holds else await self._compared(now)

    async def _compared(self, now: datetime) -> Reconciliation:
        good = await self._store.reconciliations.last({"currency": self._currency, "verdict": BalanceVerdict.HOLDS})
        unmatched = await self._store.movements.find({UNMATCHED: True})
        on_the_way: list[Payout | Refund] = [*await self._moving_payouts(), *await self._moving_refunds()]
        return reconciliation.compare(
            await self._store.ledger.position(self._currency),
            await self._gateway.balance(self._currency, "CASH"),
            await self._gateway.balance(self._currency, "HOLDING"),
            now,
            since=None if good is None else good.at,
            moving=tuple(one.id for one in on_the_way if _is_fresh(one, now)),
            unmatched=tuple(one.id for one in unmatched if one.amount.currency == self._currency),
        )

    async def _moving_payouts(self) -> tuple[Payout, ...]:
        """Sent and without an answer, or arrived and without their cost."""
        out = await self._store.payouts.find({"state": {"$in": _PAYOUTS_OUT}})
        costs = {"state": {"$in": _PAYOUTS_THERE}, "next_at": {"$ne": None}}
        return (*out, *await self._store.payouts.find(costs))

    async def _moving_refunds(self) -> tuple[Refund, ...]:
        out = await self._store.refunds.find({"state": {"$in": _REFUNDS_OUT}})
        costs = {"state": RefundState.SUCCEEDED, "next_at": {"$ne": None}}
        return (*out, *await self._store.refunds.find(costs))


def _is_fresh(transfer: Payout | Refund, now: datetime) -> bool:
    """Whether it may still explain a difference."""
    sent_at = transfer.send.asked_at if transfer.send else None
    return now < (sent_at or transfer.made_at) + EXCUSED_FOR


def _differing(look: Reconciliation) -> Iterable[Alarm]:
    for line in look.lines:
        if line.difference:
            facts = (
                ("currency", look.currency),
                ("account", line.account),
                ("difference", line.difference),
                ("since", None if look.since is None else look.since.isoformat()),
                ("strays", len(look.unmatched)),
            )
            yield Alarm(AlarmKind.BOOKS_DIFFER, facts)


async def check_all(store: Store) -> MoneyCheck:
    """The ledger against itself and the records, in batches: memory does not grow with the years."""
    found = [await _bookings(store), await _movements(store), await _unrecorded(store)]
    differences = tuple(one for part in found for one in part.differences)
    return MoneyCheck(not differences, sum(part.bookings for part in found), differences)


async def _bookings(store: Store) -> MoneyCheck:
    """Every invoice with all that was written for its booking."""
    differences, count = list[Difference](), 0
    after: str | None = ""
    while after is not None:
        page = await store.invoices.page({}, after, BATCH)
        part = await _booked(store, [invoice.reference for invoice in page.records])
        differences += part.differences
        differences += [_unreadable(store.invoices.name, row) for row in page.unreadable]
        count += part.bookings
        after = page.following
    return MoneyCheck(not differences, count, tuple(differences))


def _unreadable(collection: str, row: Unreadable) -> Difference:
    """What cannot be read cannot be checked, and is said instead."""
    return Difference(row.id, f"unreadable in {collection}: {row.problem}", "", 0, 0)


async def _booked(store: Store, references: Sequence[str]) -> MoneyCheck:
    """Read twice where it seems not to hold, since others may write while we read."""
    found = await _booked_now(store, references)
    return found if found.holds else await _booked_now(store, references)


async def _booked_now(store: Store, references: Sequence[str]) -> MoneyCheck:
    mine = {"$in": list(references)}
    return check.check(
        await store.ledger.of_all(references),
        MoneyRecords(
            await store.invoices.these(references),
            await store.payables.every({"reference": mine}),
            await store.payouts.every({"references": mine}),
            await store.refunds.every({"reference": mine}),
        ),
    )


async def _movements(store: Store) -> MoneyCheck:
    """Every movement beside bookings has its postings."""
    differences = list[Difference]()
    after: str | None = ""
    while after is not None:
        page = await store.movements.page({}, after, BATCH)
        written = await store.ledger.these(check.keys_of(page.records))
        differences += check.check(written, MoneyRecords((), (), (), (), page.records)).differences
        differences += [_unreadable(store.movements.name, row) for row in page.unreadable]
        after = page.following
    return MoneyCheck(not differences, 0, tuple(differences))


async def _unrecorded(store: Store) -> MoneyCheck:
    """Postings that no record stands for: of no invoice of ours, or beside bookings and of nothing."""
    differences, unknown_bookings = list[Difference](), set[str]()
    after: str | None = ""
    while after is not None:
        page = await store.ledger.page(after, BATCH)
        references = {posting.reference for posting in page.records if posting.reference is not None}
        unknown = references - await store.invoices.known(references)
        strange = [posting for posting in page.records if posting.reference in unknown]
        differences += check.check(strange, MoneyRecords((), (), (), ())).differences
        differences += await _beside(store, [posting for posting in page.records if posting.reference is None])
        differences += [_unreadable("ledger", row) for row in page.unreadable]
        unknown_bookings |= unknown
        after = page.following
    return MoneyCheck(not differences, len(unknown_bookings), tuple(differences))


async def _beside(store: Store, written: Sequence[Posting]) -> tuple[Difference, ...]:
    subjects = {posting.key.partition(":")[2] for posting in written}
    bases = {ids.base_of(subject) for subject in subjects}
    payouts, refunds = await store.payouts.these(bases), await store.refunds.these(bases)
    movements = await store.movements.these(subjects)
    return tuple(check.unmatched_postings(written, MoneyRecords((), (), payouts, refunds, movements)))
