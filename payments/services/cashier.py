"""The cashier: what the rest of the house may ask about money, and the sweeps that finish what is due.

Nothing here is lost by a crash: records are stored before a call, what they stand for is written from them
afterwards (`dirty` finds what was not), and what is next is a time in the record (`next_at`). Two cashiers
may run side by side.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar, assert_never

from payments.domain import news, statement_cursor
from payments.domain.alarm import Alarm
from payments.domain.check import MoneyCheck
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.events import (
    InvoiceExpired,
    InvoiceFailed,
    InvoicePaid,
    InvoicePending,
    MalformedCallback,
    PayoutChanged,
    RefundChanged,
    UnknownCallback,
)
from payments.domain.fees import Tariffs
from payments.domain.invoice import Invoice
from payments.domain.ledger import Books, Position, books_of
from payments.domain.news import News, PaymentNews, PayoutNews, RefundNews
from payments.domain.payables import Payable
from payments.domain.payout import Destination, PayeeAccount, Payout, PayoutPace
from payments.domain.reconciliation import Reconciliation
from payments.domain.refund import Refund
from payments.gateway import PaymentGateway
from payments.services.balance import BalanceReservations, ReservePolicy
from payments.services.books import BooksService, ReconciliationRun, check_all
from payments.services.invoices import Demand, InvoiceService, OpenedLink
from payments.services.payouts import PayoutService
from payments.services.refunds import RefundService
from payments.services.statement import StatementService
from payments.store import records
from payments.store.store import UNACKNOWLEDGED, Store

T = TypeVar("T")
AFTER_TROUBLE = timedelta(minutes=5)
AFTER_REFUSAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CashierSettings:
    """How this business pays out and accrues, and the currency its account with the provider is kept in."""

    currency: str = "IDR"
    pace: PayoutPace = PayoutPace.DAILY
    tariffs: Tariffs = field(default_factory=Tariffs)
    keeping: ReservePolicy = field(default_factory=ReservePolicy)


class CallbackOutcome(StrEnum):
    """What became of a callback; all but a raised TemporaryError are final."""

    APPLIED = "applied"
    UNKNOWN_SUBJECT = "unknown_subject"
    UNKNOWN_KIND = "unknown_kind"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class CallbackResult:
    """What became of a callback, with what its subject now is."""

    outcome: CallbackOutcome
    news: News | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A record whose step failed; it is tried again later."""

    record: str
    error: str


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep has to tell: news not yet acknowledged, what went wrong, and what a person should hear."""

    news: tuple[News, ...]
    troubles: tuple[Trouble, ...]
    alarms: tuple[Alarm, ...] = ()


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
    """The one door to money."""

    def __init__(self, store: Store, gateway: PaymentGateway, settings: CashierSettings | None = None) -> None:
        chosen = settings or CashierSettings()
        reservations = BalanceReservations(store, gateway, chosen.keeping)
        self._store = store
        self._gateway = gateway
        self._invoices = InvoiceService(store, gateway, chosen.tariffs)
        self._payouts = PayoutService(store, gateway, reservations, chosen.pace)
        self._refunds = RefundService(store, gateway, reservations)
        self._statement = StatementService(store, gateway, self._invoices, chosen.currency)
        self._books = BooksService(store, gateway, self._statement, self._payouts, self._refunds, chosen.currency)
        self._unread_until: datetime | None = None
        """The provider did not show its books; not asked again before then."""

    async def open_invoice(
        self, demand: Demand, attempt_no: int, now: datetime, methods: tuple[str, ...] = ()
    ) -> OpenedLink:
        """The link of this attempt, opened once.

        Raises TemporaryError (call again), PermanentError (refused), NotOpen (paid or closed),
        SharesDoNotFit, and OutsideLimits or NotWholeUnits (both PermanentError) before anything is stored.
        """
        return await self._invoices.open(demand, attempt_no, methods, now)

    async def apply_callback(self, body: bytes | Mapping[str, Any], now: datetime) -> CallbackResult:
        """What a callback's subject now is, told again each time; raises TemporaryError when it cannot be
        confirmed now."""
        event = self._gateway.read_callback(body)
        match event:
            case InvoicePaid() | InvoicePending() | InvoiceExpired() | InvoiceFailed():
                invoice = await self._invoices.apply(event, now)
                return _result(invoice, news.of_invoice)
            case PayoutChanged():
                return await self._apply_payout(event, now)
            case RefundChanged():
                return _result(await self._refunds.apply(event, now), news.of_refund)
            case UnknownCallback():
                return CallbackResult(CallbackOutcome.UNKNOWN_KIND, reason=event.kind)
            case MalformedCallback():
                return CallbackResult(CallbackOutcome.MALFORMED, reason=event.reason)
            case _:
                assert_never(event)

    async def _apply_payout(self, event: PayoutChanged, now: datetime) -> CallbackResult:
        payout = await self._payouts.apply(event, now)
        if payout is not None:
            return _result(payout, news.of_payout)
        return _result(await self._refunds.apply(event, now), news.of_refund)

    async def tick(self, now: datetime) -> SweepResult:
        """One sweep: what was stored and not posted, then what is due, then new payouts; safe to run at any
        time."""
        troubles: list[Trouble] = []
        await self._post_all(troubles, now)
        await self._each(
            self._store.invoices, await self._store.invoices.due(now), self._invoices.advance, now, troubles
        )
        await self._post_all(troubles, now)
        await self._each(self._store.refunds, await self._store.refunds.due(now), self._refunds.advance, now, troubles)
        try:
            await self._payouts.make(now)
        except TemporaryError as error:
            troubles.append(Trouble("payouts", str(error)))
        await self._each(self._store.payouts, await self._store.payouts.due(now), self._payouts.advance, now, troubles)
        alarms = await self._lay_books(troubles, now)
        return SweepResult(await self._unacknowledged(), tuple(troubles), alarms)

    async def _lay_books(self, troubles: list[Trouble], now: datetime) -> tuple[Alarm, ...]:
        """The provider's statement read on, and once a day its balances laid against ours."""
        if self._unread_until is not None and now < self._unread_until:
            return ()
        try:
            return (*await self._statement.sweep(now), *await self._books.sweep(now))
        except TemporaryError as error:
            self._unread_until = now + error.delay
        except PermanentError as error:
            troubles.append(Trouble("statement", error.code))
            self._unread_until = now + AFTER_REFUSAL
        return ()

    async def _post_all(self, troubles: list[Trouble], now: datetime) -> None:
        dirty = {"dirty": True}
        invoices, payouts, refunds = self._store.invoices, self._store.payouts, self._store.refunds
        await self._each(invoices, await invoices.find(dirty), _timeless(self._invoices.post), now, troubles)
        await self._each(payouts, await payouts.find(dirty), _timeless(self._payouts.post), now, troubles)
        await self._each(refunds, await refunds.find(dirty), _timeless(self._refunds.post), now, troubles)
        movements = self._store.movements
        await self._each(movements, await movements.find(dirty), _timeless(self._statement.post), now, troubles)

    async def _each(
        self,
        kind: "records.Records[records.R]",
        due: Iterable["records.R"],
        step: Callable[["records.R", datetime], Awaitable[object]],
        now: datetime,
        troubles: list[Trouble],
    ) -> None:
        """Every record gets its step; one that fails does not hold up the others."""
        for record in due:
            try:
                await step(record, now)
            except (TemporaryError, OutcomeUnknown) as error:
                delay = error.delay if isinstance(error, TemporaryError) else AFTER_TROUBLE
                await kind.postpone(record, now + delay)
            except Exception as error:  # our own fault: shown, and tried again, while the others go on
                troubles.append(Trouble(kind.id_of(record), f"{type(error).__name__}: {error}"))
                await kind.postpone(record, now + AFTER_TROUBLE)

    async def _unacknowledged(self) -> tuple[News, ...]:
        waiting = {UNACKNOWLEDGED: True}
        invoices = await self._store.invoices.find(waiting)
        payouts = await self._store.payouts.find(waiting)
        refunds = await self._store.refunds.find(waiting)
        found: list[News] = [news.of_invoice(invoice) for invoice in invoices]
        found += [news.of_payout(payout) for payout in payouts]
        found += [news.of_refund(refund) for refund in refunds]
        return tuple(found)

    async def acknowledge(self, item: News) -> None:
        """The caller has this news for good; anything newer will still come."""
        match item:
            case PaymentNews():
                await self._store.invoices.change(item.reference, lambda i: i.acknowledge(item.revision))
            case PayoutNews():
                await self._store.payouts.change(item.payout, lambda p: p.acknowledge(item.revision))
            case RefundNews():
                await self._store.refunds.change(item.refund, lambda r: r.acknowledge(item.revision))
            case _:
                assert_never(item)

    async def close_invoice(self, reference: str, now: datetime) -> PaymentNews:
        """Given up, live links ended; money from now on is late. A paid invoice stays paid, and the news
        says so."""
        return news.of_invoice(await self._invoices.close(reference, now))

    async def accept_late_money(self, reference: str, now: datetime) -> PaymentNews:
        """The slot was still free: late money is shared out like any other."""
        return news.of_invoice(await self._invoices.accept_late(reference, now))

    async def refund_open_money(self, reference: str, now: datetime) -> tuple[str, ...]:
        """Money of undecided owner (late, double, surplus) goes back whole; the refunds' ids."""
        return await self._invoices.set_aside_for_refund(reference, now)

    async def send_refund_to(self, refund_id: str, destination: Destination, now: datetime) -> RefundNews | None:
        """The guest named an account for a refund the channel cannot return."""
        refund = await self._refunds.send_to(refund_id, destination, now)
        return None if refund is None else news.of_refund(refund)

    async def release_shares(self, reference: str, at: datetime) -> None:
        """The parties' shares may leave from this moment on (confirmed, completed, days after)."""
        await self._invoices.release(reference, at)

    async def register_payee(self, account: PayeeAccount) -> None:
        """Where this payee is paid from now on; payouts under way keep the account they were made for."""
        await self._store.payees.put(account)

    async def retry_payout(self, payout_id: str, now: datetime) -> PayoutNews | None:
        """A person has looked: send it again, to the payee's account of today."""
        payout = await self._payouts.retry(payout_id, now)
        return None if payout is None else news.of_payout(payout)

    async def void_payout(self, payout_id: str, reason: str) -> PayoutNews | None:
        """A person has looked: do not send it; its payables are owed again."""
        payout = await self._payouts.give_up(payout_id, reason)
        return None if payout is None else news.of_payout(payout)

    async def money_of(self, reference: str) -> BookingMoney:
        """Everything about one booking's money."""
        return BookingMoney(
            reference,
            books_of(await self._store.ledger.of(reference)),
            await self._store.invoices.load(reference),
            await self._store.payables.find({"reference": reference}),
            await self._store.payouts.find({"references": reference}),
            await self._store.refunds.find({"reference": reference}),
        )

    async def position(self, currency: str) -> Position:
        """What the ledger expects to lie with the provider."""
        return await self._store.ledger.position(currency)

    async def reconcile(self, now: datetime, overlap: timedelta = statement_cursor.LONG_OVERLAP) -> ReconciliationRun:
        """Our books brought up to the provider's rows of this span, laid against its balances, and the result
        kept."""
        return await self._books.reconcile(now, overlap)

    async def compare_books(self, now: datetime) -> Reconciliation:
        """The same without reading a row or keeping anything."""
        return await self._books.compare(now)

    async def accept_unmatched(self, transaction_id: str, now: datetime, *, dry_run: bool = False) -> bool:
        """A person knows what a row of the provider was that nobody here ordered: it enters the books. False
        where no such row waits."""
        stray = await self._store.movements.load(transaction_id)
        if stray is None or not stray.is_unmatched:
            return False
        if not dry_run:
            await self._statement.accept(transaction_id, now)
        return True


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
