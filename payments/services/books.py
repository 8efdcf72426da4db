"""Compares the ledger with the records it was written from, and with the provider's balances."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from payments.domain import check, ids, reconciliation, statement_cursor
from payments.domain.alarm import Alarm, AlarmKind
from payments.domain.check import Difference, MoneyCheck, MoneyRecords
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
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
    """Compares and reports; it corrects nothing by itself."""

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

    async def next_at(self) -> datetime | None:
        """When they are to be compared again; none where they never were."""
        last = await self._store.reconciliations.last({"currency": self._currency})
        return None if last is None else last.next_at

    async def reconcile(self, now: datetime, overlap: timedelta = statement_cursor.LONG_OVERLAP) -> ReconciliationRun:
        """Brings our books up to date with the provider, compares them with its balances, and stores the result."""
        # First what the provider has booked, then what is on its way: a payout's end brings its fee with it.
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
            since = None if look.since is None else look.since.isoformat()
            for line in look.lines:
                if line.difference:
                    facts = (
                        ("currency", look.currency),
                        ("account", line.account),
                        ("difference", line.difference),
                        ("since", since),
                        ("strays", len(look.unmatched)),
                    )
                    alarms += (Alarm(AlarmKind.BOOKS_DIFFER, facts),)
        return ReconciliationRun(rows, look, alarms)

    async def compare(self, now: datetime) -> Reconciliation:
        """Both books as they are, read twice where they differ, since others may write while we read."""
        look = await self._compared(now)
        return look if look.holds else await self._compared(now)

    async def _compared(self, now: datetime) -> Reconciliation:
        good = await self._store.reconciliations.last({"currency": self._currency, "verdict": BalanceVerdict.HOLDS})
        unmatched = await self._store.movements.find({UNMATCHED: True})
        on_the_way: list[Payout | Refund] = [*await self._moving_payouts(), *await self._moving_refunds()]
        sent = {out.id: out.send.asked_at if out.send else None for out in on_the_way}
        # One that has been out for too long explains no difference any more: somebody has to look at it.
        fresh = tuple(out.id for out in on_the_way if now < (sent[out.id] or out.made_at) + EXCUSED_FOR)
        return reconciliation.compare(
            await self._store.ledger.position(self._currency),
            await self._gateway.balance(self._currency, "CASH"),
            await self._gateway.balance(self._currency, "HOLDING"),
            now,
            since=None if good is None else good.at,
            moving=fresh,
            unmatched=tuple(row.id for row in unmatched if row.amount.currency == self._currency),
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


async def check_all(store: Store) -> MoneyCheck:
    """The ledger against itself and the records, in batches: memory does not grow with the years."""
    differences, count = list[Difference](), 0
    after: str | None = ""
    while after is not None:
        invoices = await store.invoices.page({}, after, BATCH)
        references = [invoice.reference for invoice in invoices.records]
        part = await _booked_now(store, references)
        # Read twice where it seems not to hold, since others may write while we read.
        part = part if part.holds else await _booked_now(store, references)
        differences += part.differences
        differences += [_unreadable(store.invoices.name, row) for row in invoices.unreadable]
        count += part.bookings
        after = invoices.following
    after = ""
    while after is not None:
        page = await store.credits.page({}, after, BATCH)
        part = await _credits_now(store, [one.id for one in page.records])
        part = part if part.holds else await _credits_now(store, [one.id for one in page.records])
        differences += part.differences
        differences += [_unreadable(store.credits.name, row) for row in page.unreadable]
        after = page.following
    after = ""
    while after is not None:
        movements = await store.movements.page({}, after, BATCH)
        # Read after the movements: what is posted in between is there, what is not yet marks its movement.
        written = await store.ledger.these(check.keys_of(movements.records))
        differences += check.check(written, MoneyRecords((), (), (), (), movements.records)).differences
        differences += [_unreadable(store.movements.name, row) for row in movements.unreadable]
        after = movements.following
    strangers = await _unrecorded(store)
    differences += strangers.differences
    return MoneyCheck(not differences, count + strangers.bookings, tuple(differences))


async def _unrecorded(store: Store) -> MoneyCheck:
    """Postings that no record stands for: of no invoice of ours, or outside bookings and of nothing."""
    differences, unknown_bookings = list[Difference](), set[str]()
    after: str | None = ""
    while after is not None:
        page = await store.ledger.page(after, BATCH)
        references = {posting.reference for posting in page.records if posting.reference is not None}
        unknown = references - await store.invoices.known(references) - await store.credits.known(references)
        strange = [posting for posting in page.records if posting.reference in unknown]
        differences += check.check(strange, MoneyRecords((), (), (), ())).differences
        # Of no booking: a movement's, or the fee of a payout or refund, named in the posting's key.
        outside = [posting for posting in page.records if posting.reference is None]
        subjects = {posting.key.partition(":")[2] for posting in outside}
        bases = {ids.base_of(subject) for subject in subjects}
        payouts, refunds = await store.payouts.these(bases), await store.refunds.these(bases)
        records = MoneyRecords((), (), payouts, refunds, await store.movements.these(subjects))
        differences += check.unmatched_postings(outside, records)
        differences += [_unreadable("ledger", row) for row in page.unreadable]
        unknown_bookings |= unknown
        after = page.following
    return MoneyCheck(not differences, len(unknown_bookings), tuple(differences))


async def _credits_now(store: Store, ids_: Sequence[str]) -> MoneyCheck:
    """The books of these credits, and both ends of what went from and to them."""
    known = await store.credits.these(ids_)
    of_books = check.check(await store.ledger.of_all(ids_), MoneyRecords((), (), (), (), credits=known))
    orders = {order.id: order for order in await store.orders.these({one.origin[0] for one in known})}
    names = {name for one in known for name in (*one.origin, *(use.account for use in one.uses))}
    invoices = {invoice.reference: invoice for invoice in await store.invoices.these(names)}
    still = [
        one
        for one in known
        if not one.dirty
        and (one.origin[0] not in orders or orders[one.origin[0]].next_at is None)
        and not any(invoices[use.account].dirty for use in one.uses if use.account in invoices)
    ]
    differences = (*of_books.differences, *check.transfers(still, list(invoices.values())))
    return MoneyCheck(not differences, 0, differences)


def _unreadable(collection: str, row: Unreadable) -> Difference:
    """What cannot be read cannot be checked, and is said instead."""
    return Difference(row.id, f"unreadable in {collection}: {row.problem}", "", 0, 0)


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
