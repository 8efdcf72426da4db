"""The owner's morning: what waits for a person, the bookings of the day and the money of yesterday, in one message.

A delivery under day and person, so of two processes that send it one does; what it says is looked up when it is told,
and where there is nothing to say nothing is sent.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from bot.domain.attention import Attention, Severity
from bot.domain.attention_news import OwnerDigestTold, WaitingReason
from bot.domain.ids import EventId
from bot.engine.attention_desk import AttentionDesk
from bot.engine.internal import internal
from bot.engine.partner_directory import PartnerDirectory
from bot.lifecycle.attention import is_digest_time
from bot.lifecycle.place_notices import day_starts
from bot.store.bookings import Bookings
from bot.store.received import Received
from bot.store.vault import Vault
from payments.domain.ledger import LedgerAccount, Posting
from payments.domain.money import Money

log = structlog.get_logger(__name__)

OWNER_DIGEST: Final = "owner_digest"

PostingsBetween = Callable[[datetime, datetime], AsyncIterator[Posting]]


@dataclass(slots=True)
class OwnerDigests:
    """The queue, bookings and the ledger in one hand, the owner's thread in the other."""

    desk: AttentionDesk
    bookings: Bookings
    postings: PostingsBetween
    directory: PartnerDirectory
    received: Received
    vault: Vault
    _sent: date | None = field(default=None, init=False)
    """The day that this process has sent last; what is sent again is known by its name."""

    async def sweep(self, now: datetime) -> int:
        """Send today's, once its hour has come; to how many."""
        business = self.desk.context(now).business
        day = now.astimezone(business.zone).date()
        if not business.on_call or self._sent == day or not is_digest_time(business, now):
            return 0
        partner = await self.directory.thread_of(business.on_call[0].phone)
        real_now = await self.directory.threads.server_now()
        name = f"{day}:{partner}"
        await self.received.record([await internal(self.vault, OWNER_DIGEST, day.isoformat(), partner, real_now, name)])
        self._sent = day
        return 1

    async def event_of(self, delivery: str, body: bytes, now: datetime) -> OwnerDigestTold | None:
        """What it says; none where its hours are over, however long it was on its way."""
        business, day = self.desk.context(now).business, date.fromisoformat(body.decode())
        if day != now.astimezone(business.zone).date() or not is_digest_time(business, now):
            return None
        await self.desk.refresh()
        today, tomorrow = (day_starts(day + timedelta(days=ahead), business.zone) for ahead in (0, 1))
        # the query leaves both ends out
        booked = await self.bookings.standing_between(today - timedelta(microseconds=1), tomorrow)
        sums = Counter[tuple[LedgerAccount, str]]()
        async for posting in self.postings(day_starts(day - timedelta(days=1), business.zone), today):
            for entry in posting.entries:
                sums[entry.account, posting.currency] += entry.amount
        return OwnerDigestTold(
            EventId(delivery),
            now,
            day,
            waiting_of(await self.desk.rows.open_rows(), now),
            len(booked),
            _amounts(sums, LedgerAccount.CAPTURED),
            _amounts(sums, LedgerAccount.REFUNDED),
            _amounts(sums, LedgerAccount.PAID_OUT),
        )


def waiting_of(rows: list[Attention], now: datetime) -> tuple[WaitingReason, ...]:
    """What waits, by reason: what is critical first, then what there is most of."""
    counts, overdue = Counter(row.cause.reason for row in rows), Counter[str]()
    amounts: dict[str, Counter[str]] = {}
    critical = {row.cause.reason for row in rows if row.severity is Severity.CRITICAL}
    for row in rows:
        overdue[row.cause.reason] += row.due_by <= now
        if row.cause.amount is not None:
            sums = amounts.setdefault(row.cause.reason, Counter())
            sums[row.cause.amount.currency] += row.cause.amount.amount
    order = sorted(counts, key=lambda reason: (reason not in critical, -counts[reason], reason))
    return tuple(
        WaitingReason(
            reason,
            counts[reason],
            overdue[reason],
            tuple(Money(amount, currency) for currency, amount in sorted(amounts.get(reason, Counter()).items())),
        )
        for reason in order
    )


def _amounts(sums: Counter[tuple[LedgerAccount, str]], account: LedgerAccount) -> tuple[Money, ...]:
    # `captured` is written with the opposite sign
    sign = -1 if account is LedgerAccount.CAPTURED else 1
    found = sorted((currency, sign * amount) for (known, currency), amount in sums.items() if known is account)
    return tuple(Money(amount, currency) for currency, amount in found if amount)
