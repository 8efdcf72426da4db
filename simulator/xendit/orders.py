"""What the control door is told to do, parsed and checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.xendit.amounts import EXPONENTS, from_units
from simulator.xendit.errors import FieldProblem, invalid
from simulator.xendit.faults import CallbackFault, CallFault, Fault
from simulator.xendit.fields import Fields, read_object
from simulator.xendit.settings import Habits


@dataclass(frozen=True, slots=True)
class PayOrder:
    """Pay this invoice (id or external_id) so; what is not said is the invoice's own."""

    invoice: str
    channel: str
    units: Decimal | None
    currency: str | None
    waits: bool


@dataclass(frozen=True, slots=True)
class FailOrder:
    """Let a try on this invoice fail for that reason."""

    invoice: str
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class MovementOrder:
    """Move this much, in minor units, beside all payments; the fee comes on top."""

    amount: int
    currency: str
    fee: int
    is_deduction: bool


@dataclass(frozen=True, slots=True)
class ChargebackOrder:
    """Take this payment (its id, or its invoice's) back, or so much of it."""

    payment: str
    units: Decimal | None
    fee: Decimal


def _body(raw: bytes) -> Fields:
    return read_object(raw or b"{}")


def read_pay(raw: bytes) -> PayOrder:
    """POST /sim/xendit/pay."""
    fields = _body(raw)
    order = PayOrder(
        invoice=fields.text("invoice", 1000),
        channel=fields.text_or_none("channel", 50) or "QRIS",
        units=fields.number("amount") if "amount" in fields.value else None,
        currency=_currency(fields),
        waits=fields.flag("wait"),
    )
    fields.done()
    return order


def read_fail(raw: bytes) -> FailOrder:
    """POST /sim/xendit/fail."""
    fields = _body(raw)
    order = FailOrder(
        fields.text("invoice", 1000),
        fields.text_or_none("channel", 50) or "QRIS",
        fields.text_or_none("reason", 200) or "INSUFFICIENT_BALANCE",
    )
    fields.done()
    return order


def read_name(raw: bytes, name: str) -> str:
    """A body with one required text."""
    fields = _body(raw)
    value = fields.text(name, 1000)
    fields.done()
    return value


def read_movement(raw: bytes, account_currency: str) -> MovementOrder:
    """POST /sim/xendit/topup, /withdraw, /adjust."""
    fields = _body(raw)
    units = fields.number("amount")
    fee = fields.number("fee") if "fee" in fields.value else Decimal(0)
    currency = _currency(fields) or account_currency
    is_deduction = fields.flag("deduct")
    fields.done()
    return MovementOrder(from_units(units, currency), currency, from_units(fee, currency), is_deduction)


def read_chargeback(raw: bytes) -> ChargebackOrder:
    """POST /sim/xendit/chargebacks."""
    fields = _body(raw)
    order = ChargebackOrder(
        fields.text("payment", 1000),
        fields.number("amount") if "amount" in fields.value else None,
        fields.number("fee") if "fee" in fields.value else Decimal(0),
    )
    fields.done()
    return order


def read_decision(raw: bytes) -> bool:
    """POST /sim/xendit/chargebacks/ID/decide: whether the merchant won."""
    fields = _body(raw)
    won = fields.flag("won")
    fields.done()
    return won


def read_moment(raw: bytes, now: datetime) -> datetime:
    """POST /sim/xendit/clock: the moment meant by `advance_seconds` or `to`."""
    fields = _body(raw)
    to = fields.text_or_none("to", 64)
    if to is None:
        span = fields.number("advance_seconds")
        fields.done()
        return now + timedelta(seconds=float(span))
    try:
        moment = datetime.fromisoformat(to)
    except ValueError:
        moment = now.replace(tzinfo=None)
    if moment.tzinfo is None:
        raise invalid(FieldProblem("to", '"to" must be an RFC 3339 time with an offset', "date.format"))
    return moment


def read_fault(raw: bytes) -> Fault:
    """POST /sim/xendit/faults."""
    fields = _body(raw)
    word = fields.text("kind", 50)
    kinds: dict[str, CallFault | CallbackFault] = {kind.value: kind for kind in CallFault}
    kinds |= {kind.value: kind for kind in CallbackFault}
    if word not in kinds:
        fields.complain("kind", f'"kind" must be one of {sorted(kinds)}', "any.only")
    fault = Fault(
        kind=kinds.get(word, CallFault.SLOW),
        on=fields.text_or_none("on", 100) or "*",
        times=int(fields.number("times")) if "times" in fields.value else 1,
        skip=int(fields.number("skip")) if fields.value.get("skip") else 0,
        seconds=float(fields.number("seconds")) if "seconds" in fields.value else None,
        copies=int(fields.number("copies")) if "copies" in fields.value else 2,
        channel=fields.text_or_none("channel", 50) or "QRIS",
    )
    fields.done()
    return fault


def read_failures(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """POST /sim/xendit/failures: codes for the next payouts and the next refunds."""
    fields = _body(raw)
    failures = fields.texts("payouts"), fields.texts("refunds")
    fields.done()
    return failures


_DELAYS = ("payout_delay", "reversal_delay", "refund_delay")
_FLAGS = ("expired_callbacks", "late_callbacks", "reversal_keeps_fee")


def read_habits(raw: bytes, now: Habits) -> Habits:
    """POST /sim/xendit/habits: those named change; delays in seconds, rate_limit a number or null."""
    fields = _body(raw)
    flags = {name: fields.flag(name) for name in _FLAGS if name in fields.value}
    delays = {name: timedelta(seconds=float(fields.number(name))) for name in _DELAYS if name in fields.value}
    limit = now.rate_limit
    if "rate_limit" in fields.value:
        limit = None if fields.value["rate_limit"] is None else int(fields.number("rate_limit"))
    for name in fields.value.keys() - {*_FLAGS, *_DELAYS, "rate_limit"}:
        fields.complain(name, f'"{name}" is not allowed', "any.unknown")
    fields.done()
    return Habits(
        expired_callbacks=flags.get("expired_callbacks", now.expired_callbacks),
        late_callbacks=flags.get("late_callbacks", now.late_callbacks),
        reversal_keeps_fee=flags.get("reversal_keeps_fee", now.reversal_keeps_fee),
        rate_limit=limit,
        payout_delay=delays.get("payout_delay", now.payout_delay),
        reversal_delay=delays.get("reversal_delay", now.reversal_delay),
        refund_delay=delays.get("refund_delay", now.refund_delay),
    )


def _currency(fields: Fields) -> str | None:
    currency = fields.text_or_none("currency", 3)
    if currency is not None and currency not in EXPONENTS:
        fields.complain("currency", '"currency" is not supported', "any.only")
        return None
    return currency
