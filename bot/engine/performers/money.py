"""The till: performs what a lead ordered about money through the cashier, and brings its news back to the lead.

Every call may be made again: links are opened under their own number, closing and accepting twice is once. News goes
through `received` like everything else, under an id made of what it says, so that nothing is lost between two saves.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

import structlog
from pydantic import TypeAdapter

from bot.domain.commands import AcceptLateMoney, CloseInvoice, MoneyCommand, OpenInvoice, RefundLateMoney
from bot.domain.events import (
    Event,
    InvoiceClosed,
    InvoiceNotOpened,
    InvoiceOpened,
)
from bot.domain.ids import BookingReference, DeliveryId, EffectId, EventId
from bot.domain.money_news import CreditNewsCame, PaymentNewsCame, PayoutStuck, PayoutWentOn, RefundNewsCame
from bot.domain.money_orders import GrantCredit, PayRedo, ReceiveMoney, ReleaseShares, SendRefundTo, Settle
from bot.engine.payout_courier import PayoutCourier
from bot.store.bookings import Bookings
from bot.store.delivery import Delivery
from bot.store.received import Received
from bot.store.vault import Vault
from payments.domain import news
from payments.domain.corrections import Credited, Redone, SettleOrder
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.invoice import NotOpen
from payments.domain.news import CreditNews, News, PaymentNews, PayoutNews, RefundNews
from payments.domain.payees import Destination
from payments.domain.payment import Receipt
from payments.services.cashier import CallbackOutcome, Cashier, SweepResult
from payments.services.invoices import Demand

log = structlog.get_logger(__name__)

PAYMENT_NEWS: Final = "payment_news"
REFUND_NEWS: Final = "refund_news"
CREDIT_NEWS: Final = "credit_news"
PAYOUT_NEWS: Final = "payout_news"
PAYOUT_WENT_ON: Final = "payout_went_on"
"""A kind of its own: to a version that knows only the other one, news of a payout means that it is stuck."""
KINDS: Final = frozenset({PAYMENT_NEWS, REFUND_NEWS, CREDIT_NEWS, PAYOUT_NEWS, PAYOUT_WENT_ON})

_PAYMENT: TypeAdapter[PaymentNews] = TypeAdapter(PaymentNews)
_REFUND: TypeAdapter[RefundNews] = TypeAdapter(RefundNews)
_CREDIT: TypeAdapter[CreditNews] = TypeAdapter(CreditNews)
_PAYOUT: TypeAdapter[PayoutNews] = TypeAdapter(PayoutNews)


class NotUsable(Exception):
    """A callback that tells us nothing we can use; the reason says why."""


@dataclass(frozen=True, slots=True)
class MoneyPerformer:
    """The cashier in one hand, the leads' door in the other."""

    cashier: Cashier
    received: Received
    bookings: Bookings
    vault: Vault
    payouts: PayoutCourier

    async def perform(self, effect: EffectId, order: MoneyCommand, now: datetime) -> Event | None:
        """Do it; the event that tells the lead what came of it, none where news will tell."""
        match order:
            case OpenInvoice():
                return await self._open(effect, order, now)
            case CloseInvoice():
                known = await self._closed(order.account, now)
                return InvoiceClosed(EventId(f"done:{effect}"), now, order.account, known)
            case AcceptLateMoney():
                try:
                    invoice = await self.cashier.invoices.accept_late(order.account, now)
                except KeyError:
                    return None
                return PaymentNewsCame(EventId(f"done:{effect}"), now, news.of_invoice(invoice))
            case RefundLateMoney():
                try:
                    await self.cashier.invoices.refund_open(order.account, now)
                except KeyError:
                    log.error("no_money_to_refund", account=order.account)
                return None
            case SendRefundTo():
                # The account is set; the sweep sends it, and news tells what became of it.
                destination = Destination(order.channel, order.number, order.holder)
                if await self.cashier.refunds.send_to(order.refund, destination, now) is None:
                    log.error("no_refund_to_send", refund=order.refund)
                return None
            case Settle() | PayRedo() | GrantCredit() | ReleaseShares():
                await self._settled(order, now)
                return None
            case ReceiveMoney():
                demand = Demand(order.account, order.due, order.pay_by, order.terms, order.description, order.locale)
                demand = replace(demand, credits=order.credits)
                receipt = Receipt(order.receipt, order.amount, order.way, order.by, order.note)
                invoice = await self.cashier.invoices.receive(demand, receipt, now)
                return PaymentNewsCame(EventId(f"done:{effect}"), now, news.of_invoice(invoice))
            case _:
                assert_never(order)

    async def _settled(self, order: Settle | PayRedo | GrantCredit | ReleaseShares, now: datetime) -> None:
        """What money that is there is whose; nothing is told of it before it has moved."""
        match order:
            case Settle():
                settled = SettleOrder(
                    order.accounts,
                    order.keep,
                    order.change,
                    order.price,
                    order.terms,
                    order.ordered_at,
                    order.is_end,
                    order.ordered_by,
                    order.charged,
                )
                await self.cashier.corrections.settle(settled, now)
            case PayRedo(accounts=accounts, keep=keep, price=price, terms=terms):
                standing = SettleOrder(accounts, keep, f"redo:{order.by}", price, terms, order.ordered_at)
                one = Redone(order.by, order.payee, order.amount, order.charged)
                await self.cashier.corrections.redo(standing, one, now)
            case GrantCredit(accounts=accounts, keep=keep, price=price, terms=terms):
                change = f"credit:{order.credit}"
                standing = SettleOrder(accounts, keep, change, price, terms, order.ordered_at, order.is_end)
                given = Credited(order.credit, order.amount, order.charged, order.until, order.ordered_at)
                await self.cashier.corrections.grant(standing, given, now)
            case ReleaseShares():
                await self.cashier.corrections.release(order.accounts, order.at)
            case _:
                assert_never(order)

    async def _open(self, effect: EffectId, order: OpenInvoice, now: datetime) -> Event | None:
        done = EventId(f"done:{effect}")
        demand = Demand(order.account, order.due, order.pay_by, order.terms, order.description, order.locale)
        demand = replace(demand, credits=order.credits)
        try:
            opened = await self.cashier.invoices.open(demand, order.attempt, now, order.methods)
        except NotOpen as error:
            invoice = (await self.cashier.money_of(order.account)).invoice
            if order.credits and invoice is not None and invoice.is_paid:
                # credits pay all of it: there is no link, and nothing to wait for
                return PaymentNewsCame(done, now, news.of_invoice(invoice))
            log.warning("invoice_waits", account=order.account, attempt=order.attempt, why=str(error))
            return None
        except (TemporaryError, OutcomeUnknown) as error:
            # the attempt is stored: the sweep goes on with it, and news tells what became of it
            log.warning("invoice_waits", account=order.account, attempt=order.attempt, why=str(error))
            return None
        except (PermanentError, ValueError) as error:
            reason = error.code if isinstance(error, PermanentError) else type(error).__name__
            log.error("invoice_refused", account=order.account, attempt=order.attempt, reason=reason)
            return InvoiceNotOpened(done, now, order.account, order.attempt, reason)
        return InvoiceOpened(done, now, order.account, order.attempt, opened.url, opened.amount, order.why)

    async def _closed(self, account: str, now: datetime) -> PaymentNews | None:
        """Closed; where nobody can say whether a link ended, what we know: money after the deadline is late anyway."""
        for _ in range(2):
            try:
                return news.of_invoice(await self.cashier.invoices.close(account, now))
            except (TemporaryError, OutcomeUnknown) as error:
                log.warning("invoice_not_closed", account=account, why=str(error))
            except KeyError:
                log.info("no_invoice_to_close", account=account)
                return None
        invoice = (await self.cashier.money_of(account)).invoice
        return None if invoice is None else news.of_invoice(invoice)

    async def hear(self, delivery: Delivery, now: datetime, server_now: datetime) -> None:
        """A callback: applied, and what its subject now is forwarded; NotUsable, or TemporaryError to try again."""
        body = await self.vault.open_inbound(delivery.id, delivery.body)
        result = await self.cashier.apply_callback(body, now)
        if result.outcome is not CallbackOutcome.APPLIED or result.news is None:
            raise NotUsable(result.outcome if result.reason is None else f"{result.outcome}: {result.reason}")
        await self.tell(result.news, server_now)

    async def sweep(self, now: datetime, server_now: datetime) -> SweepResult:
        """What is due about money, and its news forwarded; what is left to tell a person."""
        swept = await self.cashier.tick(now)
        for item in swept.news:
            try:
                await self.tell(item, server_now)
            except Exception as error:  # it is forwarded by a later sweep; the news behind it goes on
                log.error("money_news_waits", kind=type(item).__name__, about=_name(item), problem=type(error).__name__)
        return swept

    async def tell(self, item: News, server_now: datetime) -> None:
        """Forward it to the lead it is about, and only then acknowledge it."""
        match item:
            case PaymentNews():
                body = _PAYMENT.dump_json(item, by_alias=True)
                found = [await self._delivery(item.reference, PAYMENT_NEWS, body, item, server_now)]
            case RefundNews():
                body = _REFUND.dump_json(item, by_alias=True)
                found = [await self._delivery(item.reference, REFUND_NEWS, body, item, server_now)]
            case CreditNews():
                body = _CREDIT.dump_json(item, by_alias=True)
                found = [await self._delivery(item.credit, CREDIT_NEWS, body, item, server_now)]
            case PayoutNews():
                accounts = item.references if item.needs_person or item.was_stuck else ()
                kind = PAYOUT_NEWS if item.needs_person else PAYOUT_WENT_ON
                body = _PAYOUT.dump_json(item, by_alias=True)
                found = [await self._delivery(account, kind, body, item, server_now) for account in accounts]
                await self.payouts.tell(item, server_now)
            case _:
                assert_never(item)
        await self.received.record([one for one in found if one is not None])
        await self.cashier.acknowledge(item)

    async def _delivery(
        self, account: str, kind: str, body: bytes, item: News, server_now: datetime
    ) -> Delivery | None:
        booking = await self.bookings.find(BookingReference(account.partition("~")[0]))
        lead = None if booking is None else booking.lead
        if lead is None:
            log.error("money_of_no_booking", account=account, kind=kind)
            return None
        delivery_id = DeliveryId(f"internal:{kind}:{_name(item)}:{account}:{item.revision}")
        return Delivery(
            id=delivery_id,
            source="internal",
            kind=kind,
            body=await self.vault.seal_inbound(delivery_id, body),
            fingerprint="",
            aliases=(),
            received_at=server_now,
            due_at=server_now,
            sent_at=server_now,
            lead=lead,
        )


def _name(item: News) -> str:
    match item:
        case PaymentNews():
            return "invoice"
        case RefundNews():
            return item.refund
        case CreditNews():
            return item.credit
        case PayoutNews():
            return item.payout
        case _:
            assert_never(item)


def event_of(delivery: Delivery, body: bytes, now: datetime) -> Event | None:
    """The event forwarded news tells; none when it is no news of money."""
    event = EventId(delivery.id)
    match delivery.kind:
        case kind if kind == PAYMENT_NEWS:
            return PaymentNewsCame(event, now, _PAYMENT.validate_json(body))
        case kind if kind == REFUND_NEWS:
            return RefundNewsCame(event, now, _REFUND.validate_json(body))
        case kind if kind == CREDIT_NEWS:
            return CreditNewsCame(event, now, _CREDIT.validate_json(body))
        case kind if kind == PAYOUT_WENT_ON:
            return PayoutWentOn(event, now, _PAYOUT.validate_json(body).payout)
        case kind if kind == PAYOUT_NEWS:
            stuck = _PAYOUT.validate_json(body)
            account = delivery.id.split(":")[-2]
            return PayoutStuck(event, now, stuck.payout, account, stuck.reason or stuck.state.value)
        case _:
            return None
