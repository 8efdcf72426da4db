"""The provider's replies read by our own models: tolerant, so that a word added tomorrow never hides money
that moved today."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter

from payments.domain.events import UnreadableRow
from payments.domain.money import Money
from payments.gateways.xendit.shapes import InvoiceShape, PayoutShape, RefundShape, TransactionShape
from payments.gateways.xendit.wire import Code, Id, Shape, Units, Word, money

S = TypeVar("S", bound=Shape)


class ChannelLimits(Shape):
    """The least and the most a payout channel takes."""

    minimum: Units | None = None
    maximum: Units | None = None


class ChannelShape(Shape):
    """One row of the payout channels."""

    channel_code: str
    currency: str
    amount_limits: ChannelLimits | None = None

    @property
    def least(self) -> int:
        """The smallest payout in minor units."""
        limits = self.amount_limits
        return money(limits.minimum, self.currency).amount if limits and limits.minimum is not None else 0


class _Balance(Shape):
    balance: Units


class _Error(Shape):
    error_code: Code = None
    message: Word = None
    error_message: Word = None


class _TransactionPage(Shape):
    data: tuple[dict[str, Any], ...] = ()
    has_more: bool = False


def invoice(body: bytes) -> InvoiceShape:
    """One invoice."""
    return InvoiceShape.model_validate(_parsed(body))


def invoices(body: bytes) -> tuple[InvoiceShape, ...]:
    """All invoices of an external_id."""
    return tuple(TypeAdapter(list[InvoiceShape]).validate_python(_parsed(body)))


def payout(body: bytes) -> PayoutShape:
    """One payout."""
    return PayoutShape.model_validate(_parsed(body))


def payouts(body: bytes) -> tuple[PayoutShape, ...]:
    """All payouts of a reference: bare, or under `data` (reference: xendit 4.2)."""
    return _listed(PayoutShape, body)


def refund(body: bytes) -> RefundShape:
    """One refund."""
    return RefundShape.model_validate(_parsed(body))


def refunds(body: bytes) -> tuple[RefundShape, ...]:
    """All refunds of an invoice."""
    return _listed(RefundShape, body)


def channels(body: bytes) -> tuple[ChannelShape, ...]:
    """The payout channels."""
    return _listed(ChannelShape, body)


def balance(body: bytes, currency: str) -> Money:
    """A balance; fractions below the minor unit, which fees may leave, are not ours to spend."""
    found = _Balance.model_validate(_parsed(body)).balance
    scale = Decimal(1).scaleb(-len(str(money(Decimal(0), currency).units).partition(".")[2]))
    return money((found // scale) * scale, currency)


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """One page of transactions; `last` is the id after which the next one begins, none on the last page."""

    rows: tuple[TransactionShape, ...]
    unreadable: tuple[UnreadableRow, ...]
    last: str | None


def transactions(body: bytes) -> TransactionPage:
    """One page: a row that cannot be read hides none of the others."""
    page = _TransactionPage.model_validate(_parsed(body))
    rows, unreadable = list[TransactionShape](), list[UnreadableRow]()
    for raw in page.data:
        try:
            row = TransactionShape.model_validate(raw)
            row.row()
            row.cost()
        except (ValueError, ArithmeticError):
            try:
                name = TypeAdapter(Id).validate_python(raw.get("id"))
            except ValueError:  # its own name is what cannot be read
                name = "unnamed"
            unreadable.append(UnreadableRow(name))
        else:
            rows.append(row)
    last = page.data[-1].get("id") if page.data and page.has_more else None
    return TransactionPage(tuple(rows), tuple(unreadable), last if isinstance(last, str) else None)


def error(body: bytes) -> tuple[str, str]:
    """The code and the words of a refusal; a page that is not JSON has neither."""
    try:
        found = _Error.model_validate(_parsed(body))
    except ValueError:
        return "UNREADABLE", ""
    return found.error_code or "UNNAMED", found.message or found.error_message or ""


def _parsed(body: bytes) -> Any:
    """Read by the standard library: pydantic refuses a whole page for one lone surrogate in a text of it."""
    try:
        return json.loads(body, parse_float=Decimal)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _listed(shape: type[S], body: bytes) -> tuple[S, ...]:
    found: Any = _parsed(body)
    rows = found.get("data", []) if isinstance(found, dict) else found
    return tuple(TypeAdapter(list[shape]).validate_python(rows))  # type: ignore[valid-type] # a type made at run time
