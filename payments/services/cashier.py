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

from payments.domain import news
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
from payments.domain.ledger import Books, books_of
from payments.domain.news import News, PaymentNews, PayoutNews, RefundNews
from payments.domain.payables import Payable
from payments.domain.payout import PayeeAccount, Payout, PayoutPace
from payments.domain.refund import Refund
from payments.gateway import PaymentGateway
from payments.services.balance import BalanceReservations, ReservePolicy
from payments.services.books import BooksService, check_all
from payments.services.invoices import InvoiceService
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
    """The services of money over one store and one gateway, and the sweeps that finish what is due."""

    def __init__(self, store: Store, gateway: PaymentGateway, settings: CashierSettings | None = None) -> None:
        chosen = settings or CashierSettings()
        reservations = BalanceReservations(store, gateway, chosen.keeping)
        self._store = store
        self._gateway = gateway
        self.invoices = InvoiceService(store, gateway, chosen.tariffs)
        self.payouts = PayoutService(store, gateway, reservations, chosen.pace)
        self.refunds = RefundService(store, gateway, reservations)
        self.statement = StatementService(store, gateway, self.invoices, chosen.currency)
        self.books = BooksService(store, gateway, self.statement, self.payouts, self.refunds, chosen.currency)
        self._unread_until: datetime | None = None
        """The provider did not show its books; not asked again before then."""

    async def apply_callback(self, body: bytes | Mapping[str, Any], now: datetime) -> CallbackResult:
        """What a callback's subject now is, told again each time; raises TemporaryError when it cannot be
        confirmed now."""
        event = self._gateway.read_callback(body)
        match event:
            case InvoicePaid() | InvoicePending() | InvoiceExpired() | InvoiceFailed():
                invoice = await self.invoices.apply(event, now)
                return _result(invoice, news.of_invoice)
            case PayoutChanged():
                return await self._apply_payout(event, now)
            case RefundChanged():
                return _result(await self.refunds.apply(event, now), news.of_refund)
            case UnknownCallback():
                return CallbackResult(CallbackOutcome.UNKNOWN_KIND, reason=event.kind)
            case MalformedCallback():
                return CallbackResult(CallbackOutcome.MALFORMED, reason=event.reason)
            case _:
                assert_never(event)

    async def _apply_payout(self, event: PayoutChanged, now: datetime) -> CallbackResult:
        payout = await self.payouts.apply(event, now)
        if payout is not None:
            return _result(payout, news.of_payout)
        return _result(await self.refunds.apply(event, now), news.of_refund)

    async def tick(self, now: datetime) -> SweepResult:
        """One sweep: what was stored and not posted, then what is due, then new payouts; safe to run at any
        time."""
        troubles: list[Trouble] = []
        await self._post_all(troubles, now)
        await self._each(
            self._store.invoices, await self._store.invoices.due(now), self.invoices.advance, now, troubles
        )
        await self._post_all(troubles, now)
        await self._each(self._store.refunds, await self._store.refunds.due(now), self.refunds.advance, now, troubles)
        try:
            await self.payouts.make(now)
        except TemporaryError as error:
            troubles.append(Trouble("payouts", str(error)))
        await self._each(self._store.payouts, await self._store.payouts.due(now), self.payouts.advance, now, troubles)
        alarms = await self._lay_books(troubles, now)
        return SweepResult(await self._unacknowledged(), tuple(troubles), alarms)

    async def _lay_books(self, troubles: list[Trouble], now: datetime) -> tuple[Alarm, ...]:
        """The provider's statement read on, and once a day its balances laid against ours."""
        if self._unread_until is not None and now < self._unread_until:
            return ()
        try:
            return (*await self.statement.sweep(now), *await self.books.sweep(now))
        except TemporaryError as error:
            self._unread_until = now + error.delay
        except PermanentError as error:
            troubles.append(Trouble("statement", error.code))
            self._unread_until = now + AFTER_REFUSAL
        return ()

    async def _post_all(self, troubles: list[Trouble], now: datetime) -> None:
        dirty = {"dirty": True}
        invoices, payouts, refunds = self._store.invoices, self._store.payouts, self._store.refunds
        await self._each(invoices, await invoices.find(dirty), _timeless(self.invoices.post), now, troubles)
        await self._each(payouts, await payouts.find(dirty), _timeless(self.payouts.post), now, troubles)
        await self._each(refunds, await refunds.find(dirty), _timeless(self.refunds.post), now, troubles)
        movements = self._store.movements
        await self._each(movements, await movements.find(dirty), _timeless(self.statement.post), now, troubles)

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

    async def register_payee(self, account: PayeeAccount) -> None:
        """Where this payee is paid from now on; payouts under way keep the account they were made for."""
        await self._store.payees.put(account)

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
