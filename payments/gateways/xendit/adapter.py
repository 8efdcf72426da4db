"""The provider over HTTP: the official SDK behind a bounded thread pool, httpx for what the SDK cannot say.

Every call has a deadline, every reply is read raw and by our own models, and every call ends in one of four
ways: its value, TemporaryError (nothing happened), PermanentError (refused), OutcomeUnknown (read before
asking again). The SDK's own parsing can raise after the money moved (reference: xendit 1.5), so it never
sees a reply.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import urllib3

from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError, UnreadableMoney
from payments.domain.events import (
    CallbackEvent,
    InvoiceEvent,
    PayoutChanged,
    RefundChanged,
    StatementRow,
    TransactionSeen,
    TransferCost,
)
from payments.domain.ids import InvoiceId
from payments.domain.money import FractionOfMinorUnit, Money, UnknownCurrency
from payments.gateway import InvoiceRequest, PayoutRequest, RefundRequest
from payments.gateways.xendit import callbacks, replies, requests
from payments.gateways.xendit.shapes import NotPositive

T = TypeVar("T")
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect and to wait for a reply."""

    connect: float = 3.0
    read: float = 25.0


class _Refused(Exception):
    """An answer outside 2xx, with what the SDK's exception would leave out."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body


class _Door:
    """Stands in for the SDK's pool manager: reads whole replies, and keeps the status and headers of
    refusals."""

    def __init__(self, pool: urllib3.PoolManager) -> None:
        self._pool = pool

    def request(self, method: str, url: str, **options: Any) -> urllib3.BaseHTTPResponse:
        options["preload_content"] = True
        reply = self._pool.request(method, url, **options)
        if not 200 <= reply.status <= 299:
            raise _Refused(reply.status, reply.headers, reply.data)
        return reply

    def clear(self) -> None:
        self._pool.clear()


class XenditClient:
    """One account of the provider; closes with `async with`."""

    def __init__(self, base_url: str, secret_key: str, timeouts: Timeouts | None = None, most_at_once: int = 8) -> None:
        # 0.2 s and 19 MB, so only where a client is really made (reference: xendit 1.6).
        from xendit import ApiClient, Configuration, apis

        self._timeouts = timeouts or Timeouts()
        configuration = Configuration(host=base_url.rstrip("/"), api_key=secret_key)
        configuration.retries = False  # whether to try again is decided by us, as data
        self._sdk = ApiClient(configuration)
        self._door = _Door(self._sdk.rest_client.pool_manager)
        self._sdk.rest_client.pool_manager = self._door
        self._invoices = apis.InvoiceApi(self._sdk)
        self._payouts = apis.PayoutApi(self._sdk)
        self._refunds = apis.RefundApi(self._sdk)
        self._balance = apis.BalanceApi(self._sdk)
        self._transactions = apis.TransactionApi(self._sdk)
        self._threads = ThreadPoolExecutor(most_at_once, thread_name_prefix="xendit")
        self._http = httpx.AsyncClient(
            base_url=base_url.rstrip("/"),
            auth=(secret_key, ""),
            # httpx slows with many hot connections (reference: xendit 1.7).
            timeout=httpx.Timeout(self._timeouts.read, connect=self._timeouts.connect),
            limits=httpx.Limits(max_connections=most_at_once),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connections and the threads."""
        await self._http.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._door.clear()

    def check_invoice(self, request: InvoiceRequest) -> None:
        """Raises NotWholeUnits or OutsideLimits for a link the provider would refuse."""
        requests.check_invoice(request)

    def read_callback(self, body: bytes | Mapping[str, Any]) -> CallbackEvent:
        """What a callback says; never raises."""
        return callbacks.parse(body)

    async def create_invoice(self, request: InvoiceRequest) -> InvoiceEvent | None:
        """Opens a payment link; after OutcomeUnknown look it up by external_id."""
        from xendit.invoice.model.create_invoice_request import CreateInvoiceRequest

        requests.check_invoice(request)
        body = CreateInvoiceRequest(**requests.invoice_fields(request))
        reply = await self._ask(self._invoices.create_invoice, body, moves=True)
        return _read(lambda body: replies.invoice(body).event(), reply, moves=True)

    async def find_invoices(self, external_id: str) -> tuple[InvoiceEvent, ...]:
        """Every link of this attempt; the provider lets there be several (reference: xendit 2.2)."""
        reply = await self._ask(self._invoices.get_invoices, external_id=external_id)
        found = _read(lambda body: [shape.event() for shape in replies.invoices(body)], reply)
        return tuple(event for event in found if event is not None)

    async def invoice(self, invoice: InvoiceId) -> InvoiceEvent | None:
        """What a link is now."""
        reply = await self._ask(self._invoices.get_invoice_by_id, invoice_id=invoice)
        return _read(lambda body: replies.invoice(body).event(), reply)

    async def expire_invoice(self, invoice: InvoiceId) -> InvoiceEvent | None:
        """Ends a link; ended already, the provider refuses and PermanentError says so."""
        reply = await self._ask(self._invoices.expire_invoice, invoice_id=invoice)
        return _read(lambda body: replies.invoice(body).event(), reply)

    async def create_payout(self, request: PayoutRequest) -> PayoutChanged:
        """Sends money out under its key; the same key never sends twice."""
        from xendit.payout.model.create_payout_request import CreatePayoutRequest
        from xendit.payout.model.digital_payout_channel_properties import DigitalPayoutChannelProperties

        requests.check_payout(request)
        account = DigitalPayoutChannelProperties(
            account_number=request.destination.account_number,
            account_holder_name=request.destination.account_holder_name,
        )
        body = CreatePayoutRequest(channel_properties=account, **requests.payout_fields(request))
        reply = await self._ask(
            self._payouts.create_payout, idempotency_key=request.key, create_payout_request=body, moves=True
        )
        return _read(replies.payout, reply, moves=True).event()

    async def payout(self, provider_id: str) -> PayoutChanged:
        """Where a payout stands."""
        return _read(replies.payout, await self._ask(self._payouts.get_payout_by_id, id=provider_id)).event()

    async def find_payouts(self, key: str) -> tuple[PayoutChanged, ...]:
        """Every payout under this reference."""
        reply = await self._ask(self._payouts.get_payouts, reference_id=key)
        return tuple(shape.event() for shape in _read(replies.payouts, reply))

    async def payout_minimums(self, currency: str) -> Mapping[str, int]:
        """The least each payout channel takes, in minor units."""
        reply = await self._ask(self._payouts.get_payout_channels, currency=currency)
        return {channel.channel_code: channel.least for channel in _read(replies.channels, reply)}

    async def create_refund(self, request: RefundRequest) -> RefundChanged | None:
        """Sends money back under its key."""
        from xendit.refund.model.create_refund import CreateRefund

        body = CreateRefund(**requests.refund_fields(request))
        call = partial(self._refunds.create_refund, idempotency_key=request.key, create_refund=body)
        return _read(replies.refund, await self._ask(call, moves=True), moves=True).event()

    async def refund(self, provider_id: str) -> RefundChanged | None:
        """Where a refund stands."""
        reply = await self._ask(self._refunds.get_refund, refund_id=provider_id)
        return _read(replies.refund, reply).event()

    async def find_refunds(self, invoice: InvoiceId) -> tuple[RefundChanged, ...]:
        """Every refund of ours on this link."""
        reply = await self._ask(self._refunds.get_all_refunds, invoice_id=invoice)
        found = (shape.event() for shape in _read(replies.refunds, reply))
        return tuple(event for event in found if event is not None)

    async def balance(self, currency: str, kind: str = "CASH", at: datetime | None = None) -> Money:
        """What is ours with the provider, now or then: CASH to spend, HOLDING not yet settled."""
        moment: dict[str, Any] = {} if at is None else {"at_timestamp": at}
        reply = await self._ask(self._balance.get_balance, account_type=kind, currency=currency, **moment)
        return _read(partial(replies.balance, currency=currency), reply)

    async def transactions_of(self, external_id: str) -> tuple[TransactionSeen, ...]:
        """The provider's own rows of the payments on this attempt."""
        reply = await self._ask(self._transactions.get_all_transactions, reference_id=external_id, limit=float(_PAGE))
        found = (row.seen() for row in _read(replies.transactions, reply).rows)
        return tuple(seen for seen in found if seen is not None)

    async def cost_of(self, key: str) -> tuple[TransferCost, ...]:
        """What the transfers under this reference cost."""
        reply = await self._ask(self._transactions.get_all_transactions, reference_id=key, limit=float(_PAGE))
        found = (row.cost() for row in _read(replies.transactions, reply).rows)
        return tuple(cost for cost in found if cost is not None)

    async def statement(self, since: datetime, until: datetime) -> tuple[StatementRow, ...]:
        """Every row that changed in this span; the SDK cannot ask for a span (reference: xendit 1.5)."""
        found: list[StatementRow] = []
        query = {"updated[gte]": since.isoformat(), "updated[lte]": until.isoformat(), "limit": str(_PAGE)}
        more = True
        while more:
            try:
                reply = await self._http.get("/transactions", params=query)
            except httpx.HTTPError as error:
                raise TemporaryError(type(error).__name__) from error  # a reading moves nothing: it is tried again
            if reply.is_error:
                raise _meaning(_Refused(reply.status_code, reply.headers, reply.content), moves=False)
            page = _read(replies.transactions, reply.content)
            # a page that begins where the last one began would be asked for without end
            more = page.last is not None and page.last != query.get("after_id")
            found += [row for shape in page.rows if (row := shape.row()) is not None]
            found += page.unreadable
            query |= {} if page.last is None else {"after_id": page.last}
        return tuple(found)

    async def _ask(self, call: Callable[..., Any], *arguments: Any, moves: bool = False, **named: Any) -> bytes:
        options = {
            "_preload_content": False,
            "_request_timeout": (self._timeouts.connect, self._timeouts.read),
        }
        work = partial(call, *arguments, **named, **options)
        try:
            reply = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except _Refused as refused:
            raise _meaning(refused, moves) from refused
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            raise TemporaryError(type(error).__name__) from error  # before the first byte
        except urllib3.exceptions.HTTPError as error:
            raise _cut_off(type(error).__name__, moves) from error
        body: bytes = reply.data
        return body


def _read(model: Callable[[bytes], T], body: bytes, moves: bool = False) -> T:
    try:
        return model(body)
    except (FractionOfMinorUnit, UnknownCurrency, NotPositive) as error:
        raise OutcomeUnknown("unreadable money") if moves else UnreadableMoney() from error
    except (ValueError, ArithmeticError) as error:  # not JSON, cut in the middle, or of another shape
        raise _cut_off("unreadable reply", moves) from error


def _cut_off(reason: str, moves: bool) -> Exception:
    return OutcomeUnknown(reason) if moves else TemporaryError(reason)


def _meaning(refused: _Refused, moves: bool) -> Exception:
    code, message = replies.error(refused.body)
    if refused.status == 429:
        return TemporaryError(code, _reset_after(refused.headers))
    if refused.status == 425:  # the same transfer is being worked on (reference: xendit 5.1)
        return TemporaryError(code)
    # The work may have been done all the same: a call that moves money is looked up, not made again.
    if refused.status >= 500 or refused.status == 408:
        return _cut_off(f"{refused.status} {code}", moves)
    return PermanentError(code, message, refused.status)


def _reset_after(headers: Mapping[str, str]) -> timedelta:
    """Seconds with a fraction until the limit resets (reference: xendit 8)."""
    try:
        return timedelta(seconds=min(max(float(headers.get("Rate-Limit-Reset", "30")), 0.1), 600.0))
    except ValueError:
        return timedelta(seconds=30)
