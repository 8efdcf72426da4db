"""Reports put together: what each reads, and over which days. The sums are made in `bot.reports`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from bot.business.definition import Business
from bot.business.inbox import template_price
from bot.dialogue.denials import DENIED
from bot.dialogue.failed_payments import FAILED
from bot.domain.users import Act
from bot.reports import agents, bookings, messages, money, volume, work
from bot.reports.figures import Figure, FigureUnit, ReportName, ReportRow, RowKind
from bot.store.alarms import OpenAlarms
from bot.store.report_rows import ReportReads, ReportSpan
from payments.domain.allocations import ChargebackOutcome
from payments.domain.refund import RefundState
from payments.store.report_rows import MoneyReads
from payments.store.store import CHARGEBACK_ID, Store
from webhooks.api.rights import REPORTS
from webhooks.edge.guard import may_not
from webhooks.edge.problems import RequestRefused

USUAL: Final = timedelta(days=29)
LONGEST: Final = timedelta(days=366)
_PAGE: Final = 200
_MOST_ALARMS: Final = 5_000


class BadPeriod(Exception):
    """The days asked for are none that a report is made of; the sentence says why."""


@dataclass(frozen=True, slots=True)
class ReportDays:
    """Some days of the business, both included."""

    first: date
    last: date
    business: Business

    @property
    def span(self) -> ReportSpan:
        """As moments."""
        return ReportSpan(self._begin(self.first), self._begin(self.last + timedelta(days=1)))

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.business.zone)


def period(first: date | None, last: date | None, business: Business, now: datetime) -> ReportDays:
    """The days that were asked for; BadPeriod."""
    today = now.astimezone(business.zone).date()
    end = last or max(today, first or today)
    begin = first or end - USUAL
    if end < begin:
        raise BadPeriod("to is from or later.")
    if end - begin > LONGEST:
        raise BadPeriod(f"A report covers {LONGEST.days} days at most.")
    return ReportDays(begin, end, business)


def is_for(name: ReportName, sees_money: bool) -> bool:
    """Whether somebody who may look may have that report."""
    return sees_money or REPORTS[name] is not Act.SEE_MONEY


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """Reads for each report what it needs, and has it summed up."""

    reads: ReportReads
    money_store: Store
    alarms: OpenAlarms

    async def figures(self, name: ReportName, asked: ReportDays, now: datetime, sees_money: bool) -> tuple[Figure, ...]:
        """The report's figures, without sums for who sees no money; RequestRefused, TooManyRows."""
        if not is_for(name, sees_money):
            raise RequestRefused(may_not(REPORTS[name]))
        made: Mapping[ReportName, Callable[[ReportDays, datetime], Awaitable[tuple[Figure, ...]]]] = {
            ReportName.FUNNEL: self._funnel,
            ReportName.OUTCOMES: self._outcomes,
            ReportName.TIMING: self._timing,
            ReportName.SLOTS: self._slots,
            ReportName.ORDERS: self._orders,
            ReportName.VOLUME: self._volume,
            ReportName.MESSAGES: self._messages,
            ReportName.MONEY: self._money,
            ReportName.AGENTS: self._agents,
            ReportName.WORK: self._work,
        }
        figures = await made[name](asked, now)
        return tuple(figure for figure in figures if sees_money or figure.unit is not FigureUnit.MONEY)

    async def _funnel(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        return bookings.funnel(await self.reads.stories(asked.span))

    async def _outcomes(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        return bookings.outcomes(await self.reads.stories(asked.span))

    async def _timing(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        return bookings.timing(await self.reads.stories(asked.span))

    async def _slots(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        stories, denied, starting = await asyncio.gather(
            self.reads.stories(asked.span), self.reads.noted({DENIED}, asked.span), self.reads.starting(asked.span)
        )
        return bookings.slots(stories, denied, [one.booking for one in starting])

    async def _orders(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        stories = await self.reads.stories(asked.span)
        # a link of the last day may die on the day after
        after = ReportSpan(asked.span.first, max(asked.span.last, now))
        return bookings.orders(stories, await self.reads.noted({FAILED}, after))

    async def _volume(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        stories, (open_, late), disputes, refunds = await asyncio.gather(
            self.reads.stories(asked.span), self._open_alarms(now), self._disputes(), self._refunds()
        )
        return volume.volume(stories, open_, late, disputes, refunds, now, asked.business.zone)

    async def _messages(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        lines, business = await self.reads.messages(asked.span), asked.business
        prices = business.message_prices
        return messages.messages(lines, partial(template_price, prices) if prices else None, business.currency)

    async def _agents(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        noted, lines = await asyncio.gather(
            self.reads.noted(agents.READ_FOR_AGENTS, asked.span), self.reads.messages(asked.span)
        )
        return agents.agents(noted, lines)

    async def _work(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        tasks, rated = await asyncio.gather(self.reads.tasks(asked.span), self.reads.rated(asked.span))
        return work.work(tasks, rated)

    async def _money(self, asked: ReportDays, now: datetime) -> tuple[Figure, ...]:
        reads, span = MoneyReads(self.money_store), asked.span
        postings, invoices, payouts, refunds = await asyncio.gather(
            reads.postings(span.first, span.last),
            reads.invoices(span.first, span.last),
            reads.payouts(span.first, span.last),
            reads.refunds(span.first, span.last),
        )
        links = [
            money.LinkFact(invoice.reference, attempt)
            for invoice in invoices
            for attempt in invoice.attempts
            if span.first <= attempt.created_at < span.last
        ]
        captured = await reads.captured({line.reference for payout in payouts for line in payout.lines})
        return money.money(money.MoneyFacts(postings, links, payouts, captured, refunds))

    async def _open_alarms(self, now: datetime) -> tuple[list[ReportRow], list[ReportRow]]:
        """Those that are open, and of them those past their hour."""
        rows: list[ReportRow] = []
        late: list[ReportRow] = []
        cursor: str | None = None
        while len(rows) < _MOST_ALARMS:
            page = await self.alarms.page(_PAGE, cursor)
            for found in page.alarms:
                alarm = found.alarm
                id_ = f"{alarm.named or alarm.reason.value}:{alarm.subject}"
                row = ReportRow(RowKind.ALARM, id_, alarm.since, found.lead)
                rows.append(row)
                if alarm.due is not None and alarm.due < now:
                    late.append(row)
            cursor = page.next_cursor
            if cursor is None:
                break
        return rows, late

    async def _disputes(self) -> list[ReportRow]:
        found = await self.money_store.invoices.every({CHARGEBACK_ID: {"$type": "string"}})
        return [
            ReportRow(RowKind.BOOKING, invoice.reference, taken.opened_at, booking=invoice.reference)
            for invoice in found
            for taken in invoice.chargebacks
            if taken.outcome is ChargebackOutcome.OPEN
        ]

    async def _refunds(self) -> list[ReportRow]:
        states = [state.value for state in RefundState if state is not RefundState.SUCCEEDED]
        found = await self.money_store.refunds.every({"state": {"$in": states}})
        return [ReportRow(RowKind.REFUND, one.id, one.made_at, booking=one.reference) for one in found]
