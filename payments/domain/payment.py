"""Money that came in once: how it is recognised when it is reported again, and what becomes known of it later."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from payments.domain import settlement
from payments.domain.events import InvoicePaid, TransactionSeen
from payments.domain.fees import Tariff
from payments.domain.ids import ExternalId, PaymentKey
from payments.domain.money import Money


class ReceiptWay(StrEnum):
    """How money came in without the provider."""

    CASH = "cash"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that a person of finance has received; `id` is the name of the call, so that it counts once."""

    id: str
    amount: Money
    way: ReceiptWay
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One arrival of money on one attempt.

    `late` is money after the deadline. `fee_estimate` is fixed when the payment is first seen, `fee`, `net`
    and `settled_at` when the provider's transaction has settled.
    """

    key: PaymentKey
    external_id: ExternalId
    amount: Money
    seen_at: datetime
    fee_estimate: Money
    expected_settled_at: datetime
    paid_at: datetime | None = None
    payment_id: str | None = None
    channel: str | None = None
    late: bool = False
    product_id: str | None = None
    transaction_id: str | None = None
    fee: Money | None = None
    net: Money | None = None
    settled_at: datetime | None = None
    receipt: Receipt | None = None
    """Where a person received it: the provider knows nothing of it."""
    credit: str | None = None
    """Which credit paid it, where one did: it came from another booking, and the provider knows nothing of it."""

    @property
    def is_with_provider(self) -> bool:
        """Whether it came in by a link, so that the provider has a row of it."""
        return self.receipt is None and self.credit is None

    def is_same_as(self, news: InvoicePaid) -> bool:
        """Whether this news tells of this payment again: a callback names the payment, a look-up only its
        moment.

        Key by reference: xendit 3.3 (payment_id or paid_at; one code can be paid twice).
        """
        if news.external_id != self.external_id or news.paid != self.amount:
            return False
        # The same name may come with its prefix or without, by the way it was asked for.
        if news.payment_id and self.payment_id:
            return bare(news.payment_id) == bare(self.payment_id)
        if news.payment_id and self.product_id and bare(news.payment_id) == self.product_id:
            return True
        if news.paid_at and self.paid_at:
            return news.paid_at == self.paid_at
        return True  # one of the two does not say when: the careful reading is that it is the same

    def enriched(self, news: InvoicePaid) -> "Payment":
        """The same payment with what the news adds; what is known stays."""
        return replace(
            self,
            # What was known first stays: postings are made of it already.
            paid_at=self.paid_at or news.paid_at,
            payment_id=self.payment_id or news.payment_id,
            channel=self.channel or news.channel,
        )

    def is_booked_as(self, row: TransactionSeen) -> bool:
        """Whether the provider's row names this payment; product_id is the payment id without its prefix
        (reference: xendit 9.1)."""
        if self.transaction_id:
            return self.transaction_id == row.transaction_id
        return self.is_named_by(row.product_id)

    def is_named_by(self, name: str | None) -> bool:
        """Whether this is the payment's name, with its prefix or without."""
        known = {bare(one) for one in (self.payment_id, self.product_id) if one}
        return bool(name) and bare(name or "") in known

    def booked(self, row: TransactionSeen, now: datetime) -> "Payment":
        """With what the provider's books say: known, and once settled with its fee, for good."""
        known = replace(
            self,
            transaction_id=self.transaction_id or row.transaction_id,
            product_id=self.product_id or row.product_id,
            channel=self.channel or row.channel,
        )
        # A fee that is still pending would be booked for good, and the true one never.
        if self.settled_at or not row.is_settled or not row.is_final_fee:
            return known
        return replace(known, fee=row.fee, net=row.net, settled_at=now)

    @property
    def fee_so_far(self) -> Money:
        """The true fee once it is known, else what was accrued."""
        return self.fee_estimate if self.fee is None else self.fee

    def is_settled(self, now: datetime) -> bool:
        """In our balance: by the provider's row, or by the channel's table while no row has been seen."""
        if self.settled_at or self.transaction_id:
            # Once a row has been seen, the provider says when it settles; the table is no longer asked.
            return self.settled_at is not None
        return self.expected_settled_at <= now


def bare(payment_id: str) -> str:
    """`ewc_1-2` is `1-2` in the provider's transactions."""
    return payment_id.partition("_")[2] or payment_id


def key_of(news: InvoicePaid) -> PaymentKey:
    """The name under which this money is booked for good."""
    # Not the invoice's id: one code can be paid twice, and both are money (reference: xendit 3.3).
    name = news.payment_id or (news.paid_at.isoformat() if news.paid_at else "unstated")
    return PaymentKey(f"{news.external_id}|{name}")


def payment_of(news: InvoicePaid, now: datetime, tariff: Tariff, *, is_late: bool) -> Payment:
    """The payment this news tells of for the first time, with its fee by tariff and when to expect it."""
    currency, paid_at = news.paid.currency, news.paid_at or now
    return Payment(
        key=key_of(news),
        external_id=news.external_id,
        amount=news.paid,
        seen_at=now,
        fee_estimate=tariff.estimate(news.paid),
        expected_settled_at=settlement.expected_at(currency, news.channel, paid_at),
        paid_at=news.paid_at,
        payment_id=news.payment_id,
        channel=news.channel,
        late=is_late,
    )
