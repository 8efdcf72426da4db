"""What the cashier tells of payments, refunds, payouts and credits, as events of a lead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import EventId
from payments.domain.news import CreditNews, PaymentNews, RefundNews


@dataclass(frozen=True, slots=True)
class PaymentNewsCame:
    """What an invoice now is, told again until every crash is outlived. Id: `internal:payment:<account>:<change>`."""

    id: EventId
    at: datetime
    news: PaymentNews
    kind: Literal["payment_news_came"] = "payment_news_came"


@dataclass(frozen=True, slots=True)
class RefundNewsCame:
    """What a refund now is."""

    id: EventId
    at: datetime
    news: RefundNews
    kind: Literal["refund_news_came"] = "refund_news_came"


@dataclass(frozen=True, slots=True)
class PayoutStuck:
    """A payout with this booking's money waits for a person."""

    id: EventId
    at: datetime
    payout: str
    account: str
    reason: str
    kind: Literal["payout_stuck"] = "payout_stuck"


@dataclass(frozen=True, slots=True)
class PayoutWentOn:
    """A payout that waited for a person does so no longer: sent again, arrived, or given up."""

    id: EventId
    at: datetime
    payout: str
    kind: Literal["payout_went_on"] = "payout_went_on"


@dataclass(frozen=True, slots=True)
class CreditNewsCame:
    """What a credit now is."""

    id: EventId
    at: datetime
    news: CreditNews
    kind: Literal["credit_news_came"] = "credit_news_came"
