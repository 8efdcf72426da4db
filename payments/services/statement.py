"""Reads the provider's own statement: payments without a callback, chargebacks, and money that moves outside bookings.

Rows are read again and again; each is booked under the provider's id of it, so that reading twice books once.
A crash between the rows and the bookmark reads them again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from payments.domain import ids, postings, statement_cursor
from payments.domain.alarm import Alarm, AlarmKind
from payments.domain.allocations import ChargebackOutcome
from payments.domain.events import MovementKind, MovementSeen, RowStatus, TransactionSeen, UnreadableRow
from payments.domain.invoice import Invoice
from payments.domain.matching import taken_back
from payments.domain.movement import Movement, movement_of, opening
from payments.domain.statement_cursor import StatementCursor
from payments.gateway import PaymentGateway
from payments.services.alarms import AlarmService
from payments.services.invoices import InvoiceService
from payments.store.records import Stale
from payments.store.store import Store


class StatementService:
    """Everything that changes a movement."""

    def __init__(
        self, store: Store, gateway: PaymentGateway, invoices: InvoiceService, alarms: AlarmService, currency: str
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._invoices = invoices
        self._alarms = alarms
        self._currency = currency

    async def sweep(self, now: datetime) -> tuple[Alarm, ...]:
        """What was booked since the last time, read at most every quarter of an hour."""
        bookmark = await self._bookmark(now)
        if now < bookmark.next_at:
            return ()
        return (await self._read(bookmark, now, statement_cursor.OVERLAP))[1]

    async def next_at(self) -> datetime | None:
        """When it is to be read again; none where it never was."""
        found = await self._store.readings.load(statement_cursor.THE_ONE)
        return None if found is None else found.next_at

    async def read(self, now: datetime, overlap: timedelta) -> tuple[int, tuple[Alarm, ...]]:
        """Everything up to now, whenever it was last read; how many rows there were, and what to look at."""
        return await self._read(await self._bookmark(now), now, overlap)

    async def _bookmark(self, now: datetime) -> StatementCursor:
        found = await self._store.readings.load(statement_cursor.THE_ONE)
        if found is not None:
            return found
        # Where nothing of ours can be there yet, the moment is fixed first and the balance of that moment booked.
        is_new = not await self._store.invoices.find({}, most=1)
        begun = (
            StatementCursor(now, now, now) if is_new else StatementCursor(now - statement_cursor.FIRST_LOOK_BACK, now)
        )
        await self._store.readings.insert(begun)
        return await self._store.readings.load(statement_cursor.THE_ONE) or begun

    async def _read(
        self, bookmark: StatementCursor, now: datetime, overlap: timedelta
    ) -> tuple[int, tuple[Alarm, ...]]:
        count, alarms = 0, list[Alarm]()
        if bookmark.opened_at is not None and not bookmark.has_opening:
            # What lay with the provider before us is booked once, under an id made of the currency alone.
            cash = await self._gateway.balance(self._currency, "CASH", bookmark.opened_at)
            pending = await self._gateway.balance(self._currency, "HOLDING", bookmark.opened_at)
            before = opening(cash, pending, bookmark.opened_at)
            if cash or pending:
                await self._store.movements.insert(before)
                await self.post(await self._store.movements.load(before.id) or before)
            bookmark = await self._saved(replace(bookmark, has_opening=True))
        for since, until in bookmark.spans(now, overlap):
            # The provider's clock may run ahead of ours, and its rows with it.
            rows = await self._gateway.statement(since, until + statement_cursor.SKEW)
            for row in rows:
                if isinstance(row, UnreadableRow):
                    await self._alarms.open(AlarmKind.ROW_UNREADABLE, row.transaction_id, now)
            # Payments before all else: a chargeback may be of a payment that no callback has told of.
            alarms += await self._settle([row for row in rows if isinstance(row, TransactionSeen)], now)
            for row in rows:
                if not isinstance(row, MovementSeen):
                    continue
                # What was booked before our first moment is in the opening balance already.
                if bookmark.opened_at is None or row.created_at is None or row.created_at > bookmark.opened_at:
                    alarms += await self._move(row, now)
            count += len(rows)
            # Moved on after the rows are booked: a crash in between reads them again, which books nothing twice.
            further = max(until, bookmark.read_until)
            next_at = now + statement_cursor.EVERY if until == now else now
            bookmark = await self._saved(replace(bookmark, read_until=further, next_at=next_at))
        return count, tuple(alarms)

    async def _saved(self, bookmark: StatementCursor) -> StatementCursor:
        try:
            return await self._store.readings.save(bookmark)
        except Stale:  # another cashier reads as well
            return await self._store.readings.load(statement_cursor.THE_ONE) or bookmark

    async def _settle(self, rows: Sequence[TransactionSeen], now: datetime) -> tuple[Alarm, ...]:
        """Payments of ours are settled; money of other links in the same account is unmatched."""
        alarms: list[Alarm] = []
        of_links: dict[str, list[TransactionSeen]] = {}
        for row in rows:
            reference = ids.reference_of(row.external_id or "")
            if reference is not None and await self._store.invoices.load(reference) is not None:
                of_links.setdefault(reference, []).append(row)
            elif row.is_settled:
                unmatched = MovementSeen(
                    row.transaction_id,
                    MovementKind.UNMATCHED,
                    "PAYMENT",
                    row.net,
                    RowStatus.DONE,
                    reference=row.external_id,
                )
                alarms += await self._booked(unmatched, now)
        # All rows of a booking in one go: which of two equal sums is which payment shows only among them all.
        for reference in sorted(of_links):
            await self._invoices.settle(reference, tuple(of_links[reference]), now)
        return tuple(alarms)

    async def _move(self, row: MovementSeen, now: datetime) -> tuple[Alarm, ...]:
        if row.kind is not MovementKind.CHARGEBACK:
            base = ids.base_of(row.reference or "")
            may_be_ours = row.kind is MovementKind.UNMATCHED and row.word in {"DISBURSEMENT", "REFUND"} and base
            # Our own payouts and refunds are booked from their records, not from the statement.
            if may_be_ours and (await self._store.payouts.load(base) or await self._store.refunds.load(base)):
                return ()
            return await self._booked(row, now)
        reference = ids.reference_of(row.reference or "")
        before = await self._store.invoices.load(reference) if reference else None
        is_known = before is not None and _outcome(before, row) is not None
        if before is None or not (is_known or taken_back(before.payments, row)):
            return await self._booked(replace(row, kind=MovementKind.UNMATCHED), now)
        after = await self._invoices.charged_back(before.reference, row, now)
        outcome = _outcome(after, row)
        # The same row is read many times; a person hears of its turns only.
        if _outcome(before, row) is outcome:
            return ()
        facts = (
            ("account", after.reference),
            ("outcome", outcome and outcome.value),
            ("currency", row.amount.currency),
            ("amount", -row.amount.amount),
            ("transaction", row.transaction_id),
        )
        return (Alarm(AlarmKind.CHARGEBACK, facts),)

    async def _booked(self, row: MovementSeen, now: datetime) -> tuple[Alarm, ...]:
        fresh = movement_of(row, now)
        if await self._store.movements.insert(fresh):
            stored = await self._store.movements.load(fresh.id) or fresh
        else:
            stored = await self._store.movements.change(fresh.id, lambda known: known.with_row(row, now)) or fresh
        await self.post(stored)
        # Only whoever stored it first tells of it; read again it keeps the moment it was first seen.
        if stored.seen_at != fresh.seen_at or stored.kind is not MovementKind.UNMATCHED:
            return ()
        facts = (
            ("transaction", stored.id),
            ("type", stored.word),
            ("currency", stored.amount.currency),
            ("amount", stored.amount.amount),
        )
        return (Alarm(AlarmKind.UNMATCHED_SEEN, facts),)

    async def post(self, movement: Movement) -> Movement:
        """Writes what a changed movement stands for; safe to do again."""
        if not movement.dirty:
            return movement
        await self._store.ledger.post(postings.of_movement(movement))
        # Changed again while this was written: it stays marked, and the next reading writes what is new.
        seen = movement.version
        clean = await self._store.movements.change(
            movement.id, lambda known: replace(known, dirty=False) if known.version == seen else known
        )
        assert clean is not None, "a movement is never deleted"
        return clean

    async def accept(self, transaction_id: str, now: datetime, *, by: str | None = None, dry_run: bool = False) -> bool:
        """A person knows what a row of the provider was that nobody here ordered: it enters the books. False where
        no such row waits."""
        movement = await self._store.movements.load(transaction_id)
        if movement is None or not movement.is_unmatched:
            return False
        accepted = (
            None if dry_run else await self._store.movements.change(transaction_id, lambda m: m.accepted(now, by))
        )
        if accepted is not None:
            await self.post(accepted)
        return True


def _outcome(invoice: Invoice, row: MovementSeen) -> ChargebackOutcome | None:
    return next((dispute.outcome for dispute in invoice.chargebacks if dispute.id == row.transaction_id), None)
