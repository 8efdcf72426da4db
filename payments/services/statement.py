"""Reads the provider's own statement: payments without a callback, chargebacks, and all that moves beside bookings.

Rows are read again and again; each is booked under the provider's id of it, so that reading twice books once.
A crash between the rows and the bookmark reads them again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from payments.domain import ids, postings, statement_cursor
from payments.domain.alarm import Alarm, AlarmKind
from payments.domain.allocations import ChargebackOutcome
from payments.domain.events import MovementKind, MovementSeen, RowStatus, StatementRow, TransactionSeen, UnreadableRow
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

    async def _opened(self, bookmark: StatementCursor) -> StatementCursor:
        """What lay with the provider before us is booked, once."""
        if bookmark.opened_at is None or bookmark.has_opening:
            return bookmark
        cash = await self._gateway.balance(self._currency, "CASH", bookmark.opened_at)
        pending = await self._gateway.balance(self._currency, "HOLDING", bookmark.opened_at)
        before = opening(cash, pending, bookmark.opened_at)
        if cash or pending:
            await self._store.movements.insert(before)
            await self.post(await self._store.movements.load(before.id) or before)
        return await self._saved(replace(bookmark, has_opening=True))

    async def _read(
        self, bookmark: StatementCursor, now: datetime, overlap: timedelta
    ) -> tuple[int, tuple[Alarm, ...]]:
        count, alarms = 0, list[Alarm]()
        bookmark = await self._opened(bookmark)
        for since, until in bookmark.spans(now, overlap):
            rows = await self._gateway.statement(since, until + statement_cursor.SKEW)
            alarms += await self._apply(rows, bookmark.opened_at, now)
            count += len(rows)
            bookmark = await self._turned(bookmark, until, now)
        return count, tuple(alarms)

    async def _turned(self, bookmark: StatementCursor, until: datetime, now: datetime) -> StatementCursor:
        further = max(until, bookmark.read_until)
        next_at = now + statement_cursor.EVERY if until == now else now
        return await self._saved(replace(bookmark, read_until=further, next_at=next_at))

    async def _saved(self, bookmark: StatementCursor) -> StatementCursor:
        try:
            return await self._store.readings.save(bookmark)
        except Stale:  # another cashier reads as well
            return await self._store.readings.load(statement_cursor.THE_ONE) or bookmark

    async def _apply(
        self, rows: tuple[StatementRow, ...], opened_at: datetime | None, now: datetime
    ) -> tuple[Alarm, ...]:
        payments = [row for row in rows if isinstance(row, TransactionSeen)]
        others = [row for row in rows if isinstance(row, MovementSeen)]
        for row in rows:
            if isinstance(row, UnreadableRow):
                await self._alarms.open(AlarmKind.ROW_UNREADABLE, row.transaction_id, now)
        alarms = list(await self._settled(tuple(payments), now))
        for row in others:
            if opened_at is None or row.created_at is None or row.created_at > opened_at:
                alarms += await self._moved(row, now)
        return tuple(alarms)

    async def _settled(self, rows: tuple[TransactionSeen, ...], now: datetime) -> tuple[Alarm, ...]:
        """Payments of ours are settled; money of other links in the same account is unmatched."""
        alarms: list[Alarm] = []
        of_links: dict[str, list[TransactionSeen]] = {}
        for row in rows:
            reference = ids.reference_of(row.external_id or "")
            if reference is not None and await self._store.invoices.load(reference) is not None:
                of_links.setdefault(reference, []).append(row)
            elif row.is_settled:
                alarms += await self._booked(_as_unmatched(row), now)
        for reference in sorted(of_links):
            await self._invoices.settle(reference, tuple(of_links[reference]), now)
        return tuple(alarms)

    async def _moved(self, row: MovementSeen, now: datetime) -> tuple[Alarm, ...]:
        match row.kind:
            case MovementKind.CHARGEBACK:
                return await self._charged_back(row, now)
            case MovementKind.UNMATCHED if await self._is_ours(row):
                return ()
            case _:
                return await self._booked(row, now)

    async def _is_ours(self, row: MovementSeen) -> bool:
        """A payout or refund that our own records tell of."""
        base = ids.base_of(row.reference or "")
        if row.word not in {"DISBURSEMENT", "REFUND"} or not base:
            return False
        payout = await self._store.payouts.load(base)
        return payout is not None or await self._store.refunds.load(base) is not None

    async def _charged_back(self, row: MovementSeen, now: datetime) -> tuple[Alarm, ...]:
        reference = ids.reference_of(row.reference or "")
        before = await self._store.invoices.load(reference) if reference else None
        if before is None or not (_knows(before, row) or taken_back(before.payments, row)):
            return await self._booked(replace(row, kind=MovementKind.UNMATCHED), now)
        after = await self._invoices.charged_back(before.reference, row, now)
        return () if _outcome(before, row) is _outcome(after, row) else (_dispute(after, row),)

    async def _booked(self, row: MovementSeen, now: datetime) -> tuple[Alarm, ...]:
        fresh = movement_of(row, now)
        if await self._store.movements.insert(fresh):
            stored = await self._store.movements.load(fresh.id) or fresh
        else:
            stored = await self._store.movements.change(fresh.id, lambda one: one.with_row(row, now)) or fresh
        await self.post(stored)
        is_news = stored.seen_at == fresh.seen_at and stored.kind is MovementKind.UNMATCHED
        return (_unmatched(stored),) if is_news else ()

    async def post(self, movement: Movement) -> Movement:
        """Writes what a changed movement stands for; safe to do again."""
        if not movement.dirty:
            return movement
        await self._store.ledger.post(postings.of_movement(movement))
        seen = movement.version
        clean = await self._store.movements.change(
            movement.id, lambda one: replace(one, dirty=False) if one.version == seen else one
        )
        assert clean is not None, "a movement is never deleted"
        return clean

    async def accept(self, transaction_id: str, now: datetime, *, dry_run: bool = False) -> bool:
        """A person knows what a row of the provider was that nobody here ordered: it enters the books. False where
        no such row waits."""
        movement = await self._store.movements.load(transaction_id)
        if movement is None or not movement.is_unmatched:
            return False
        accepted = None if dry_run else await self._store.movements.change(transaction_id, lambda m: m.accepted(now))
        if accepted is not None:
            await self.post(accepted)
        return True


def _as_unmatched(row: TransactionSeen) -> MovementSeen:
    """A settled payment on a link that is not ours."""
    return MovementSeen(
        row.transaction_id, MovementKind.UNMATCHED, "PAYMENT", row.net, RowStatus.DONE, reference=row.external_id
    )


def _outcome(invoice: Invoice, row: MovementSeen) -> ChargebackOutcome | None:
    return next((one.outcome for one in invoice.chargebacks if one.id == row.transaction_id), None)


def _knows(invoice: Invoice, row: MovementSeen) -> bool:
    return _outcome(invoice, row) is not None


def _dispute(invoice: Invoice, row: MovementSeen) -> Alarm:
    outcome = _outcome(invoice, row)
    facts = (
        ("account", invoice.reference),
        ("outcome", outcome and outcome.value),
        ("currency", row.amount.currency),
        ("amount", -row.amount.amount),
        ("transaction", row.transaction_id),
    )
    return Alarm(AlarmKind.CHARGEBACK, facts)


def _unmatched(movement: Movement) -> Alarm:
    facts = (
        ("transaction", movement.id),
        ("type", movement.word),
        ("currency", movement.amount.currency),
        ("amount", movement.amount.amount),
    )
    return Alarm(AlarmKind.UNMATCHED_SEEN, facts)
