"""The cashier: what the rest of the house may ask about money, and the sweeps that finish what is due.

Nothing here is lost by a crash: records are stored before a call, what they stand for is written from them
afterwards (`dirty` finds what was not), and what is next is a time in the record (`next_at`). Two cashiers
may run side by side.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar, assert_never

from payments.domain import news
from payments.domain.alarm import Alarm, AlarmKind, Fact, OpenAlarm
from payments.domain.check import MoneyCheck
from payments.domain.credit import Credit
from payments.domain.errors import PermanentError, TemporaryError, UnreadableMoney
from payments.domain.events import (
    InvoiceExpired,
    InvoiceFailed,
    InvoicePaid,
    InvoicePending,
    Malformed,
    MalformedCallback,
    NotUsed,
    PayoutChanged,
    RefundChanged,
    UnknownCallback,
)
from payments.domain.fees import Tariffs
from payments.domain.invoice import Invoice
from payments.domain.ledger import Books, books_of
from payments.domain.money import Money
from payments.domain.news import CreditNews, News, PaymentNews, PayoutNews, RefundNews
from payments.domain.payables import Payable
from payments.domain.payees import CHANGE_WAIT
from payments.domain.payout import Payout, PayoutPace
from payments.domain.refund import Refund
from payments.gateway import PaymentGateway
from payments.services.alarms import AlarmService
from payments.services.balance import BalanceReservations, ReservePolicy
from payments.services.books import BooksService, check_all
from payments.services.corrections import CorrectionService
from payments.services.credits import CreditService
from payments.services.invoices import InvoiceService, NotConfirmed
from payments.services.payee_notices import PayeeCourier, PayeeNoticeService
from payments.services.payees import PayeeService
from payments.services.payouts import PayoutService
from payments.services.queues import AFTER_REFUSAL, Queue, QueueRunner, Result, Tally, Trouble
from payments.services.refunds import RefundService
from payments.services.statement import StatementService
from payments.store.store import UNACKNOWLEDGED, Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CashierSettings:
    """How this business pays out and accrues, and the currency its account with the provider is kept in."""

    currency: str = "IDR"
    pace: PayoutPace = PayoutPace.DAILY
    tariffs: Tariffs = field(default_factory=Tariffs)
    keeping: ReservePolicy = field(default_factory=ReservePolicy)
    payee_change_wait: timedelta = CHANGE_WAIT
    approve_refunds_above: Money | None = None
    """A larger refund waits for a person's yes; none: no refund does."""


class CallbackOutcome(StrEnum):
    """What became of a callback; all but a raised TemporaryError are final."""

    APPLIED = "applied"
    UNKNOWN_SUBJECT = "unknown_subject"
    UNKNOWN_KIND = "unknown_kind"
    NOT_CONFIRMED = "not_confirmed"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class CallbackResult:
    """What became of a callback, with what its subject now is."""

    outcome: CallbackOutcome
    news: News | None = None
    reason: NotUsed | Malformed | None = None


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep has to tell: news not yet acknowledged, what went wrong, what a person should hear, and how many
    rows of each queue came to what."""

    news: tuple[News, ...]
    troubles: tuple[Trouble, ...]
    alarms: tuple[Alarm, ...] = ()
    kept_alarms: tuple[OpenAlarm, ...] = ()
    rows: Mapping[tuple[Queue, Result], int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to do and there is nothing to tell."""
        return not (self.news or self.troubles or self.alarms or self.kept_alarms or self.rows)


@dataclass(frozen=True, slots=True)
class BookingMoney:
    """All that is known of one booking's money."""

    reference: str
    books: tuple[Books, ...]
    invoice: Invoice | None
    payables: tuple[Payable, ...]
    payouts: tuple[Payout, ...]
    refunds: tuple[Refund, ...]


class Cashier:
    """The services of money over one store and one gateway, and the sweeps that finish what is due."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        settings: CashierSettings | None = None,
        courier: PayeeCourier | None = None,
    ) -> None:
        chosen = settings or CashierSettings()
        reservations = BalanceReservations(store, gateway, chosen.keeping)
        self.store = store
        self._gateway = gateway
        self.alarms = AlarmService(store)
        self.payees = PayeeService(store, self.alarms, chosen.payee_change_wait)
        self.payee_notices = PayeeNoticeService(store, self.alarms, courier)
        self.invoices = InvoiceService(store, gateway, self.alarms, chosen.tariffs, chosen.approve_refunds_above)
        self.payouts = PayoutService(store, gateway, reservations, self.alarms, chosen.pace)
        self.refunds = RefundService(store, gateway, reservations, self.alarms)
        self.corrections = CorrectionService(store, self.invoices)
        self.credits = CreditService(store)
        self.statement = StatementService(store, gateway, self.invoices, self.alarms, chosen.currency)
        self.books = BooksService(store, gateway, self.statement, self.payouts, self.refunds, chosen.currency)
        self._runner = QueueRunner(store, self.alarms)
        self._unread_until: datetime | None = None
        """The provider did not show its books; not asked again before then."""

    async def apply_callback(self, body: bytes | Mapping[str, Any], now: datetime) -> CallbackResult:
        """What a callback's subject now is, by what the provider says when it is asked; the same each time.

        Raises TemporaryError or OutcomeUnknown when it cannot be asked now. What a person must see raises an alarm.
        """
        event = self._gateway.read_callback(body)
        try:
            match event:
                case InvoicePaid() | InvoicePending() | InvoiceExpired() | InvoiceFailed():
                    return _result(await self.invoices.hear(event, now), news.of_invoice)
                case PayoutChanged():
                    # Refunds go out as payouts too; whose it is shows in the key.
                    payout = await self.payouts.hear(event, now)
                    if payout is not None:
                        return _result(payout, news.of_payout)
                    return _result(await self.refunds.hear(event, now), news.of_refund)
                case RefundChanged():
                    return _result(await self.refunds.hear(event, now), news.of_refund)
                case UnknownCallback():
                    return CallbackResult(CallbackOutcome.UNKNOWN_KIND, reason=event.reason)
                case MalformedCallback():
                    subject = _digest(body)
                    await self.alarms.open(AlarmKind.CALLBACK_UNREADABLE, subject, now, ("reason", event.reason))
                    return CallbackResult(CallbackOutcome.MALFORMED, reason=event.reason)
                case _:
                    assert_never(event)
        except NotConfirmed as error:
            facts: tuple[Fact, ...] = (("about", str(error)),)
            if isinstance(event, InvoicePaid):
                facts += (("amount", event.paid.amount), ("currency", event.paid.currency))
            await self.alarms.open(AlarmKind.CALLBACK_NOT_CONFIRMED, _digest(body), now, *facts)
            return CallbackResult(CallbackOutcome.NOT_CONFIRMED)
        except UnreadableMoney:
            await self.alarms.open(AlarmKind.MONEY_UNREADABLE, _digest(body), now)
            return CallbackResult(CallbackOutcome.NOT_CONFIRMED)

    async def tick(self, now: datetime) -> SweepResult:
        """One sweep: what was stored and not posted, then what is due, then new payouts; safe to run at any time.
        Each queue runs to its end by itself, whatever another one meets."""
        tally, runner, store = Tally(), self._runner, self.store
        # What a crash left unwritten comes first: payables and postings decide what may be paid out below.
        await self._post_all(tally, now)
        await runner.due(Queue.PAYEES, store.proposals, self.payees.advance, now, tally)
        await runner.due(Queue.PAYEE_NOTICES, store.payee_notices, self.payee_notices.advance, now, tally)
        await runner.due(Queue.INVOICES, store.invoices, self.invoices.advance, now, tally)
        await runner.due(Queue.SETTLEMENTS, store.orders, self.corrections.advance, now, tally)
        await runner.due(Queue.CREDITS, store.credits, self.credits.advance, now, tally)
        # Posted once more for what the steps above changed; of scarce money the guests' goes first.
        if tally.rows:
            await self._post_all(tally, now)
        await runner.due(Queue.REFUNDS, store.refunds, self.refunds.advance, now, tally)
        async with runner.guarded(Queue.PAYABLES, tally):
            for payee in await self.payouts.make(now):
                tally.troubles.append(Trouble(Queue.PAYABLES, payee, "no payout could be made"))
        await runner.due(Queue.PAYOUTS, store.payouts, self.payouts.advance, now, tally)
        alarms: tuple[Alarm, ...] = ()
        async with runner.guarded(Queue.STATEMENT, tally):
            try:
                if self._unread_until is None or now >= self._unread_until:
                    alarms = (*await self.statement.sweep(now), *await self.books.sweep(now))
            except TemporaryError as error:
                self._unread_until = now + error.delay
            except PermanentError as error:
                tally.troubles.append(Trouble(Queue.STATEMENT, None, error.code))
                self._unread_until = now + AFTER_REFUSAL
        found: tuple[News, ...] = ()
        kept: tuple[OpenAlarm, ...] = ()
        async with runner.guarded(Queue.NEWS, tally):
            found = await self._unacknowledged(tally, now)
            kept = await self.alarms.unannounced()
        with suppress(Exception):  # the database itself is away: readiness says so by itself
            await store.heartbeats.write()
        return SweepResult(found, tuple(tally.troubles), alarms, kept, dict(tally.rows))

    async def next_due(self, now: datetime) -> datetime:
        """When the next sweep has something to do, unless somebody writes of money before; in the past where a step is
        due that the last sweep could not take."""
        store = self.store
        queues = (store.proposals, store.payee_notices, store.invoices, store.orders, store.refunds, store.payouts)
        found = [await kind.earliest() for kind in queues]
        found.append(await store.credits.earliest())
        found.append(await self.payouts.next_due())
        books = min(await self.statement.next_at() or now, await self.books.next_at() or now)
        # what the provider does not show now is not asked for before it may
        found.append(books if self._unread_until is None else max(books, self._unread_until))
        return min(moment for moment in found if moment is not None)

    async def _post_all(self, tally: Tally, now: datetime) -> None:
        queue, store, runner = Queue.POSTINGS, self.store, self._runner
        async with runner.guarded(queue, tally):
            await runner.found(queue, store.invoices, "dirty", _timeless(self.invoices.post), now, tally)
        async with runner.guarded(queue, tally):
            await runner.found(queue, store.payouts, "dirty", _timeless(self.payouts.post), now, tally)
        async with runner.guarded(queue, tally):
            await runner.found(queue, store.refunds, "dirty", _timeless(self.refunds.post), now, tally)
        async with runner.guarded(queue, tally):
            await runner.found(queue, store.credits, "dirty", _timeless(self.credits.post), now, tally)
        async with runner.guarded(queue, tally):
            await runner.found(queue, store.movements, "dirty", _timeless(self.statement.post), now, tally)

    async def _unacknowledged(self, tally: Tally, now: datetime) -> tuple[News, ...]:
        found: list[News] = []

        async def invoice(record: Invoice, _: datetime) -> None:
            found.append(news.of_invoice(record))

        async def payout(record: Payout, _: datetime) -> None:
            found.append(news.of_payout(record))

        async def refund(record: Refund, _: datetime) -> None:
            found.append(news.of_refund(record))

        async def credit(record: Credit, _: datetime) -> None:
            found.append(news.of_credit(record))

        queue, store, runner = Queue.NEWS, self.store, self._runner
        await runner.found(queue, store.invoices, UNACKNOWLEDGED, invoice, now, tally)
        await runner.found(queue, store.payouts, UNACKNOWLEDGED, payout, now, tally)
        await runner.found(queue, store.refunds, UNACKNOWLEDGED, refund, now, tally)
        await runner.found(queue, store.credits, UNACKNOWLEDGED, credit, now, tally)
        return tuple(found)

    async def acknowledge(self, item: News) -> None:
        """The caller has this news for good; anything newer will still come."""
        match item:
            case PaymentNews():
                await self.store.invoices.change(item.reference, lambda i: i.acknowledge(item.revision))
            case PayoutNews():
                await self.store.payouts.change(item.payout, lambda p: p.acknowledge(item.revision))
            case RefundNews():
                await self.store.refunds.change(item.refund, lambda r: r.acknowledge(item.revision))
            case CreditNews():
                await self.store.credits.change(item.credit, lambda c: c.acknowledge(item.revision))
            case _:
                assert_never(item)

    async def money_of(self, reference: str) -> BookingMoney:
        """Everything about one booking's money."""
        return (await self.money_of_all([reference]))[reference]

    async def money_of_all(self, references: Collection[str]) -> dict[str, BookingMoney]:
        """Everything about the money of these bookings, in as many questions as for one of them."""
        among = {"$in": sorted(references)}
        books = books_of(await self.store.ledger.of_all(references))
        invoices = {invoice.reference: invoice for invoice in await self.store.invoices.these(references)}
        payables = await self.store.payables.every({"reference": among})
        payouts = await self.store.payouts.every({"references": among})
        refunds = await self.store.refunds.every({"reference": among})
        return {
            reference: BookingMoney(
                reference,
                tuple(book for book in books if book.reference == reference),
                invoices.get(reference),
                tuple(payable for payable in payables if payable.reference == reference),
                tuple(out for out in payouts if any(line.reference == reference for line in out.lines)),
                tuple(refund for refund in refunds if refund.reference == reference),
            )
            for reference in references
        }


def _digest(body: bytes | Mapping[str, Any]) -> str:
    """A name for a callback in which nothing of it can be read."""
    raw = body if isinstance(body, bytes) else json.dumps(body, sort_keys=True).encode()
    return hashlib.sha256(raw).hexdigest()[:16]


async def money_check(store: Store) -> MoneyCheck:
    """Does every unit stand where the ledger says, and does every record say the same?"""
    return await check_all(store)


def _result(subject: T | None, news_of: Callable[[T], News]) -> CallbackResult:
    if subject is None:
        return CallbackResult(CallbackOutcome.UNKNOWN_SUBJECT)
    return CallbackResult(CallbackOutcome.APPLIED, news_of(subject))


def _timeless(step: Callable[[T], Awaitable[object]]) -> Callable[[T, datetime], Awaitable[object]]:
    async def at(record: T, _: datetime) -> object:
        return await step(record)

    return at
