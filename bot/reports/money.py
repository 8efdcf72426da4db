"""What came in, went back and went out in a period, by the ledger; and how long money took."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.reports.figures import Figure, FigureUnit, ReportRow, RowKind, average, count, seconds, share, total
from payments.domain.attempt import Attempt, AttemptState
from payments.domain.ledger import LedgerAccount, Posting
from payments.domain.payout import Payout, PayoutState
from payments.domain.refund import Refund, RefundState

_HOUR: Final = Decimal(3600)
_TERMS: Final = (
    ("revenue", LedgerAccount.CAPTURED, -1),
    ("refunded", LedgerAccount.REFUNDED, 1),
    ("fees", LedgerAccount.FEES, 1),
    ("paid_out", LedgerAccount.PAID_OUT, 1),
    ("platform", LedgerAccount.PLATFORM, 1),
)


@dataclass(frozen=True, slots=True)
class LinkFact:
    """One payment link, and whose booking it was for."""

    reference: str
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """All that the report is made of; `captured` are the captures of every booking in `payouts`, whenever."""

    postings: Sequence[Posting]
    links: Sequence[LinkFact]
    payouts: Sequence[Payout]
    captured: Sequence[Posting]
    refunds: Sequence[Refund]


def money(facts: MoneyFacts) -> tuple[Figure, ...]:
    """Each sum by currency, from the postings of the period alone; shares of links that were made in it."""
    figures: list[Figure] = []
    for currency in sorted({posting.currency for posting in facts.postings if posting.reference is not None}):
        mine = [one for one in facts.postings if one.currency == currency and one.reference is not None]
        for name, account, sign in _TERMS:
            figures.append(total(name, currency, _lines(mine, account, sign)))
        net = [*_lines(mine, LedgerAccount.CAPTURED, -1), *_lines(mine, LedgerAccount.REFUNDED, -1)]
        figures.append(total("net_revenue", currency, net))
    asked = [one for one in facts.links if one.attempt.state is not AttemptState.CREATING]
    paid = [one for one in asked if one.attempt.state is AttemptState.PAID]
    return (
        *figures,
        count("links", map(_link, asked)),
        count("links_paid", map(_link, paid)),
        share("payment_success_rate", map(_link, paid), len(asked)),
        average("payout_time", FigureUnit.HOURS, _payout_times(facts)),
        average("refund_time", FigureUnit.HOURS, _refund_times(facts.refunds)),
        count("refunds", (_refund(one) for one in facts.refunds)),
    )


def _lines(postings: Iterable[Posting], account: LedgerAccount, sign: int) -> list[ReportRow]:
    """The postings that move that account, each with its sum there."""
    found: list[ReportRow] = []
    for posting in postings:
        entries = [entry.amount for entry in posting.entries if entry.account is account]
        if entries:
            value = Decimal(sign * sum(entries))
            row = ReportRow(RowKind.POSTING, posting.key, posting.at, booking=posting.reference, value=value)
            found.append(row)
    return found


def _link(link: LinkFact) -> ReportRow:
    attempt = link.attempt
    return ReportRow(RowKind.LINK, attempt.external_id, attempt.created_at, booking=link.reference)


def _refund(refund: Refund, value: Decimal | None = None) -> ReportRow:
    return ReportRow(RowKind.REFUND, refund.id, refund.made_at, booking=refund.reference, value=value)


def _payout_times(facts: MoneyFacts) -> list[ReportRow]:
    """From a booking's first money to the payout of its share, once for each line of a payout that arrived."""
    came: dict[str, datetime] = {}
    for posting in facts.captured:
        if posting.key.startswith("captured:") and posting.reference is not None:
            came[posting.reference] = min(posting.at, came.get(posting.reference, posting.at))
    rows: list[ReportRow] = []
    for payout in facts.payouts:
        left = [send.accepted_at for send in payout.sends if send.accepted_at is not None and send.is_out]
        if payout.state is not PayoutState.SUCCEEDED or not left:
            continue
        for line in payout.lines:
            if line.reference in came and line.amount.amount > 0:
                took = seconds(came[line.reference], left[-1]) / _HOUR
                rows.append(ReportRow(RowKind.PAYOUT, payout.id, left[-1], booking=line.reference, value=took))
    return rows


def _refund_times(refunds: Sequence[Refund]) -> list[ReportRow]:
    done = [one for one in refunds if one.state is RefundState.SUCCEEDED]
    left = [(one, [send.accepted_at for send in one.sends if send.accepted_at is not None]) for one in done]
    return [_refund(one, seconds(one.made_at, moments[-1]) / _HOUR) for one, moments in left if moments]
