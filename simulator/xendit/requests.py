"""What the API is asked, parsed and checked: payloads die here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from simulator.xendit import channels
from simulator.xendit.amounts import CUTS_DECIMALS, EXPONENTS, from_units, is_exact
from simulator.xendit.errors import FieldProblem, Refused, bad, invalid
from simulator.xendit.fields import Fields, Query, canonical, read_object
from simulator.xendit.invoices import InvoiceOrder
from simulator.xendit.payouts import PayoutOrder
from simulator.xendit.refunds import REASONS, RefundOrder
from simulator.xendit.transactions import Wanted

_DAY = 86_400
_YEAR = 365 * _DAY

_INVOICE_EXTRAS = (
    "customer",
    "customer_notification_preference",
    "should_authenticate_credit_card",
    "mid_label",
    "items",
    "fees",
    "channel_properties",
    "metadata",
)


def read_invoice(raw: bytes, account_currency: str) -> InvoiceOrder:
    """A create call's body (reference: xendit 2.2, 2.5)."""
    fields = read_object(raw)
    external_id = fields.text("external_id", 1000)
    units = fields.number("amount")
    duration = _duration(fields)
    fields.longest_list("items", 75)
    fields.longest_list("fees", 10)
    fields.metadata()
    order = InvoiceOrder(
        external_id=external_id,
        amount=0,
        currency=fields.text_or_none("currency", 3) or account_currency,
        duration=duration,
        payment_methods=fields.texts("payment_methods"),
        locale=fields.text_or_none("locale", 10) or "en",
        description=fields.text_or_none("description", 10_000),
        payer_email=fields.text_or_none("payer_email", 320),
        should_send_email=fields.flag("should_send_email"),
        success_redirect_url=_url(fields, "success_redirect_url"),
        failure_redirect_url=_url(fields, "failure_redirect_url"),
        extras=fields.verbatim(_INVOICE_EXTRAS),
    )
    _check_reminder(fields)
    if order.currency not in EXPONENTS:
        raise bad("UNSUPPORTED_CURRENCY", f"The currency {order.currency} is not supported")
    # Plugins met this refusal wherever decimals came (reference: xendit 2.5); only IDR cuts them off.
    if order.currency not in CUTS_DECIMALS and units % 1:
        fields.complain("amount", "Amount must be integer", "number.integer")
    fields.done()
    _check_choices(order)
    return _with_amount(order, from_units(int(units), order.currency))


def _with_amount(order: InvoiceOrder, amount: int) -> InvoiceOrder:
    if not amount:
        raise invalid(FieldProblem("amount", '"amount" must be larger than 0', "number.min"))
    return replace(order, amount=amount)


def _duration(fields: Fields) -> timedelta:
    if fields.value.get("invoice_duration") is None:
        return timedelta(seconds=_DAY)
    seconds = fields.number("invoice_duration")
    if not 1 <= seconds <= _YEAR:
        fields.complain("invoice_duration", '"invoice_duration" must be 1 s to 1 year', "number.max")
        return timedelta(seconds=_DAY)
    return timedelta(seconds=int(seconds))


def _url(fields: Fields, name: str) -> str | None:
    value = fields.text_or_none(name, 2000)
    if value is not None and not value.startswith(("http://", "https://")):
        fields.complain(name, f'"{name}" must be a valid uri', "string.uri")
    return value


def _check_reminder(fields: Fields) -> None:
    time, unit = fields.value.get("reminder_time"), fields.value.get("reminder_time_unit")
    if time is not None and (unit not in ("days", "hours") or not isinstance(time, int) or time < 1):
        raise bad("INVALID_REMINDER_TIME", "reminder_time and its unit (days, hours) do not fit")


def _check_choices(order: InvoiceOrder) -> None:
    if order.payer_email is not None and "@" not in order.payer_email[1:-1]:
        raise bad("EMAIL_FORMAT_ERROR", "Email format is invalid")
    unknown = [code for code in order.payment_methods if not channels.is_known(code)]
    if unknown:
        raise bad("UNAVAILABLE_PAYMENT_METHOD_ERROR", f"Payment method {unknown[0]} is not available")


def read_payout(raw: bytes) -> PayoutOrder:
    """A payout's body (reference: xendit 4.1)."""
    fields = read_object(raw)
    receiver = fields.inner("channel_properties")
    currency = fields.text("currency", 3)
    units = fields.number("amount")
    fields.metadata()
    if currency and currency not in EXPONENTS:
        fields.complain("currency", '"currency" is not supported', "any.only")
    elif currency and not is_exact(units, currency):
        fields.complain("amount", '"amount" has too many decimals', "number.precision")
    order = PayoutOrder(
        reference_id=fields.text("reference_id", 255),
        channel_code=fields.text("channel_code", 100),
        account_number=receiver.text("account_number", 100),
        account_holder_name=receiver.text("account_holder_name", 100),
        amount=from_units(units, currency) if currency in EXPONENTS else 0,
        currency=currency,
        text=canonical(fields.value),
        description=fields.text_or_none("description", 100),
        extras=fields.verbatim(("receipt_notification", "metadata")),
    )
    fields.done()
    return order


def read_idempotency_key(value: str | None) -> str:
    """The required header of a payout: 1 to 100 characters."""
    if value is None or not 1 <= len(value) <= 100:
        problem = '"idempotency-key" is required, 1 to 100 characters'
        raise invalid(FieldProblem("idempotency-key", problem, "any.required", "header"))
    return value


def read_refund(raw: bytes, account_currency: str) -> RefundOrder:
    """A refund's body (reference: xendit 6)."""
    fields = read_object(raw)
    payment, invoice = fields.text_or_none("payment_request_id", 255), fields.text_or_none("invoice_id", 255)
    currency = fields.text_or_none("currency", 3)
    reason = fields.text_or_none("reason", 100) or "OTHERS"
    amount = _refund_amount(fields, currency or account_currency)
    if payment is None and invoice is None:
        fields.complain("payment_request_id", '"payment_request_id" is required', "any.required")
    if reason not in REASONS:
        fields.complain("reason", f'"reason" must be one of {sorted(REASONS)}', "any.only")
    fields.metadata()
    order = RefundOrder(
        payment_request_id=payment,
        invoice_id=invoice,
        amount=amount,
        currency=currency,
        reason=reason,
        reference_id=fields.text_or_none("reference_id", 255),
        text=canonical(fields.value),
        metadata=canonical(fields.value.get("metadata") or {}),
    )
    fields.done()
    return order


def _refund_amount(fields: Fields, currency: str) -> int | None:
    if fields.value.get("amount") is None:
        return None
    units = fields.number("amount")
    if currency not in EXPONENTS:
        fields.complain("currency", '"currency" is not supported', "any.only")
        return None
    if not is_exact(units, currency):
        fields.complain("amount", '"amount" has too many decimals', "number.precision")
    return from_units(units, currency)


_FILTERS = (
    "types",
    "statuses",
    "channel_categories",
    "reference_id",
    "product_id",
    "account_identifier",
    "currency",
    "amount",
    "created[gte]",
    "created[lte]",
    "updated[gte]",
    "updated[lte]",
    "limit",
    "after_id",
    "before_id",
)


def read_wanted(pairs: Iterable[tuple[str, str]], account_currency: str) -> Wanted:
    """The filters of GET /transactions (reference: xendit 9.1)."""
    query = Query(pairs, _FILTERS)
    units, currency = query.decimal("amount"), query.one("currency")
    if currency is not None and currency not in EXPONENTS:
        raise invalid(FieldProblem("currency", '"currency" is not supported', "any.only", "query"))
    return Wanted(
        kinds=query.many("types"),
        statuses=query.many("statuses"),
        categories=query.many("channel_categories"),
        reference_id=query.one("reference_id"),
        product_id=query.one("product_id"),
        account_identifier=query.one("account_identifier"),
        currency=currency,
        amount=None if units is None else from_units(units, currency or account_currency),
        created_from=query.moment("created[gte]"),
        created_to=query.moment("created[lte]"),
        updated_from=query.moment("updated[gte]"),
        updated_to=query.moment("updated[lte]"),
        limit=query.limit(),
        after_id=query.one("after_id"),
        before_id=query.one("before_id"),
    )


def refuse_unauthorized() -> Refused:
    """401 in Xendit's words."""
    return Refused(401, "INVALID_API_KEY", "API key is not authorized for this API service")
