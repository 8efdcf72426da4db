"""The API's calls, each a function from what was asked to what is answered; no HTTP framework in here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from simulator.xendit import payouts, requests, wire
from simulator.xendit.account import Account
from simulator.xendit.amounts import EXPONENTS, to_wire
from simulator.xendit.books import Purse
from simulator.xendit.errors import FieldProblem, invalid, not_found
from simulator.xendit.fields import Query
from simulator.xendit.invoices import Invoice
from simulator.xendit.transactions import page

Json = Mapping[str, object] | list[object]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call as it came: path values, query pairs, raw body, the two headers that matter."""

    name: str
    pairs: tuple[tuple[str, str], ...]
    body: bytes
    idempotency_key: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What is answered with 200, and the id of the thing that was made."""

    value: Json
    made: str | None = None


def create_invoice(account: Account, asked: Asked) -> Answered:
    """POST /v2/invoices."""
    order = requests.read_invoice(asked.body, account.vault.currency)
    opened = account.payins.open(order, asked.now)
    return Answered(wire.invoice(opened, account.vault.business_id), opened.id)


def get_invoice(account: Account, asked: Asked) -> Answered:
    """GET /v2/invoices/{id}."""
    return Answered(wire.invoice(account.payins.find(asked.name), account.vault.business_id))


_INVOICE_MOMENTS = ("created", "paid", "expired", "settled")
_INVOICE_FILTERS = (
    "external_id",
    "statuses",
    "limit",
    "last_invoice",
    "client_types",
    "payment_channels",
    "on_demand_link",
    "recurring_payment_id",
    *(f"{name}_{side}" for name in _INVOICE_MOMENTS for side in ("after", "before")),
)


def list_invoices(account: Account, asked: Asked) -> Answered:
    """GET /v2/invoices: an array, newest first; an external_id may have several."""
    query = Query(asked.pairs, _INVOICE_FILTERS)
    statuses, external_id = query.many("statuses"), query.one("external_id")
    found = [
        invoice
        for invoice in reversed(account.payins.invoices.values())
        if external_id in (None, invoice.order.external_id)
        and (not statuses or invoice.status in statuses)
        and all(_fits(query, name, _moment(invoice, name)) for name in _INVOICE_MOMENTS)
    ]
    last = query.one("last_invoice")
    places = [place for place, invoice in enumerate(found) if invoice.id == last]
    rest = found[places[0] + 1 :] if places else found
    return Answered([wire.invoice(one, account.vault.business_id) for one in rest[: query.limit()]])


def _moment(invoice: Invoice, name: str) -> datetime | None:
    paid = invoice.first_payment
    moments = {
        "created": invoice.created,
        "paid": paid.paid_at if paid else None,
        "settled": paid.settles_at if paid else None,
        "expired": invoice.expires_at if invoice.status == "EXPIRED" else None,
    }
    return moments[name]


def _fits(query: Query, name: str, at: datetime | None) -> bool:
    after, before = query.moment(f"{name}_after"), query.moment(f"{name}_before")
    if at is None:
        return after is None and before is None
    return (after is None or at > after) and (before is None or at < before)


def expire_invoice(account: Account, asked: Asked) -> Answered:
    """POST /invoices/{id}/expire!."""
    return Answered(wire.invoice(account.payins.expire(asked.name, asked.now), account.vault.business_id), asked.name)


def create_payout(account: Account, asked: Asked) -> Answered:
    """POST /v2/payouts."""
    key = requests.read_idempotency_key(asked.idempotency_key)
    made = account.payouts.create(requests.read_payout(asked.body), key, asked.now)
    return Answered(wire.payout(made, account.vault.business_id), made.id)


def get_payout(account: Account, asked: Asked) -> Answered:
    """GET /v2/payouts/{id}."""
    return Answered(wire.payout(account.payouts.find(asked.name), account.vault.business_id))


def list_payouts(account: Account, asked: Asked) -> Answered:
    """GET /v2/payouts?reference_id=: newest first."""
    query = Query(asked.pairs, ("reference_id", "limit", "after_id", "before_id"))
    reference, after, before = query.one("reference_id"), query.one("after_id"), query.one("before_id")
    if reference is None:
        raise invalid(FieldProblem("reference_id", '"reference_id" is required', "any.required", "query"))
    found = list(account.payouts.of_reference(reference))
    ids = [payout.id for payout in found]
    for edge in (after, before):
        if edge is not None and edge not in ids:
            raise not_found("the payout")
    if after is not None:
        found = found[ids.index(after) + 1 :]
    if before is not None:
        found = found[: ids.index(before)]
    limit = query.limit()
    rows = [wire.payout(payout, account.vault.business_id) for payout in found[:limit]]
    links = {"href": "", "rel": "", "method": "GET"}
    return Answered({"data": rows, "has_more": len(found) > limit, "links": links})


def cancel_payout(account: Account, asked: Asked) -> Answered:
    """POST /v2/payouts/{id}/cancel."""
    return Answered(wire.payout(account.payouts.cancel(asked.name, asked.now), account.vault.business_id), asked.name)


def payout_channels(account: Account, asked: Asked) -> Answered:
    """GET /payouts_channels: an array."""
    del account
    query = Query(asked.pairs, ("currency", "channel_category", "channel_code"))
    categories = query.many("channel_category")
    rows = [
        wire.payout_channel(channel)
        for channel in payouts.PAYOUT_CHANNELS
        if query.one("currency") in (None, channel.currency)
        and query.one("channel_code") in (None, channel.code)
        and (not categories or channel.category in categories)
    ]
    return Answered(list[object](rows))


def create_refund(account: Account, asked: Asked) -> Answered:
    """POST /refunds."""
    order = requests.read_refund(asked.body, account.vault.currency)
    made = account.refunds.create(order, asked.idempotency_key, asked.now)
    return Answered(wire.refund(made), made.id)


def get_refund(account: Account, asked: Asked) -> Answered:
    """GET /refunds/{id}."""
    return Answered(wire.refund(account.refunds.find(asked.name)))


def list_refunds(account: Account, asked: Asked) -> Answered:
    """GET /refunds?payment_request_id=|invoice_id=: newest first."""
    names = ("payment_request_id", "invoice_id", "payment_method_type", "channel_code", "limit")
    query = Query(asked.pairs, (*names, "after_id", "before_id"))
    found = account.refunds.of(query.one("payment_request_id"), query.one("invoice_id"))
    limit = query.limit()
    rows = [wire.refund(refund) for refund in found[:limit]]
    return Answered({"data": rows, "has_more": len(found) > limit})


def cancel_refund(account: Account, asked: Asked) -> Answered:
    """POST /refunds/{id}/cancel."""
    return Answered(wire.refund(account.refunds.cancel(asked.name, asked.now)), asked.name)


def balance(account: Account, asked: Asked) -> Answered:
    """GET /balance: CASH, HOLDING (not yet settled) or TAX, now or at a moment."""
    query = Query(asked.pairs, ("account_type", "currency", "at_timestamp"))
    kind, currency = query.one("account_type") or "CASH", query.one("currency") or account.vault.currency
    if kind not in list(Purse):
        raise invalid(FieldProblem("account_type", '"account_type" is not known', "any.only", "query"))
    if currency not in EXPONENTS:
        raise invalid(FieldProblem("currency", '"currency" is not supported', "any.only", "query"))
    held = account.vault.books.balance(Purse(kind), currency, query.moment("at_timestamp"))
    return Answered({"balance": to_wire(held, currency)})


def list_transactions(account: Account, asked: Asked) -> Answered:
    """GET /transactions."""
    wanted = requests.read_wanted(asked.pairs, account.vault.currency)
    found = page(account.vault.transactions.values(), wanted)
    onward = [(key, value) for key, value in asked.pairs if key not in ("after_id", "before_id")]
    last = found.rows[-1].id if found.rows else ""
    next_page = f"/transactions?{urlencode([*onward, ('after_id', last)])}"
    return Answered(wire.transactions(found, account.vault.business_id, next_page))


def get_transaction(account: Account, asked: Asked) -> Answered:
    """GET /transactions/{id}."""
    row = account.vault.transactions.get(asked.name)
    if row is None:
        raise not_found("the transaction")
    return Answered(wire.transaction(row, account.vault.business_id))


Work = Callable[[Account, Asked], Answered]

ROUTES: tuple[tuple[str, str, Work], ...] = (
    ("POST", "/v2/invoices", create_invoice),
    ("POST", "/v2/invoices/", create_invoice),
    ("GET", "/v2/invoices", list_invoices),
    ("GET", "/v2/invoices/", list_invoices),
    ("GET", "/v2/invoices/<name>", get_invoice),
    ("POST", "/invoices/<name>/expire!", expire_invoice),
    ("POST", "/v2/payouts", create_payout),
    ("GET", "/v2/payouts", list_payouts),
    ("GET", "/v2/payouts/<name>", get_payout),
    ("POST", "/v2/payouts/<name>/cancel", cancel_payout),
    ("GET", "/payouts_channels", payout_channels),
    ("POST", "/refunds", create_refund),
    ("GET", "/refunds", list_refunds),
    ("GET", "/refunds/<name>", get_refund),
    ("POST", "/refunds/<name>/cancel", cancel_refund),
    ("GET", "/balance", balance),
    ("GET", "/transactions", list_transactions),
    ("GET", "/transactions/<name>", get_transaction),
)
"""Every call; its name for faults and journal is the function's (reference: xendit 1.3)."""
