"""The doors as the composition root makes them, for the processes that have any."""

from functools import partial

from bot.engine.booking_check import BookingCheck
from bot.store.changes import ChangeFeed
from bot.store.idempotency import Idempotency
from bot.store.report_rows import ReportReads
from webhooks.api.alarms.door import AlarmsDoor
from webhooks.api.attention.door import AttentionDoor
from webhooks.api.blocks.door import BlocksDoor
from webhooks.api.bookings.door import BookingsDoor
from webhooks.api.calendar.desk import CalendarDesk
from webhooks.api.calendar.door import CalendarDoor
from webhooks.api.callers.door import CallersDoor
from webhooks.api.clock.door import ClockDoor
from webhooks.api.complaints.door import ComplaintsDoor
from webhooks.api.conversations.door import ConversationsDoor
from webhooks.api.inbox.door import InboxDoor
from webhooks.api.insight.door import InsightDoor
from webhooks.api.money import views
from webhooks.api.money.disputes import DisputeDesk
from webhooks.api.money.door import MoneyDoor
from webhooks.api.money.ledger_door import LedgerDoor
from webhooks.api.reports.desk import ReportDesk
from webhooks.api.reports.door import ReportsDoor
from webhooks.api.rights import NEEDS_A_PERSON, RIGHTS
from webhooks.api.tasks.door import TasksDoor
from webhooks.api.waiting.door import WaitingDoor
from webhooks.clock import ServerClock
from webhooks.console.books import ConsoleBooks
from webhooks.console.building import console_of
from webhooks.console.guard import ConsoleGuard
from webhooks.doors.flows import FlowsDoor
from webhooks.doors.health import HealthDoor
from webhooks.doors.pay import PayDoor
from webhooks.doors.task_system import TaskSystemDoor
from webhooks.doors.whatsapp import WhatsAppDoor
from webhooks.doors.xendit import XenditDoor
from webhooks.edge.guard import ApiGuard, Rights
from webhooks.edge.rates import RateLimits
from webhooks.edge.sessions import SessionReader
from webhooks.keys import flow_keys, secret
from webhooks.processes.web import Doors
from webhooks.wiring import Process, money_store


def doors_of(process: Process, rates: RateLimits | None = None) -> Doors:
    """The doors of that process."""
    settings, parts = process.settings, process.parts
    clock = ServerClock(process.database)
    once = Idempotency(process.database, parts.vault)
    sessions = SessionReader(process.accounts, clock.now, settings.link_base)
    rates = rates or RateLimits()
    console_guard = ConsoleGuard(sessions, rates)
    guard = ApiGuard(secret(settings.janji_api_token), once, Rights(RIGHTS, NEEDS_A_PERSON), sessions, rates)
    store = money_store(settings, process.database)
    reads = ReportReads(process.database)
    reports, calendar = ReportDesk(reads, store, parts.alarms), CalendarDesk(parts, reads)
    cashier = None if process.money is None else process.money.cashier
    books = ConsoleBooks(store, cashier, reports, calendar)
    money_of = None if process.money is None else partial(views.monies, process.money.cashier)
    bookings = BookingsDoor(parts, guard, money_of)
    return Doors(
        whatsapp=WhatsAppDoor(
            parts.received,
            parts.vault,
            clock,
            app_secret=secret(settings.whatsapp_app_secret) or "",
            verify_token=secret(settings.whatsapp_verify_token) or "",
            number=parts.number,
            burst_quiet=parts.inbound.timings.quiet,
        ),
        flows=FlowsDoor(
            parts.forms.exchange, flow_keys(settings), app_secret=secret(settings.whatsapp_app_secret) or ""
        ),
        xendit=XenditDoor(parts.received, parts.vault, clock, token=secret(settings.xendit_webhook_token) or ""),
        pay=PayDoor(store),
        task_system=TaskSystemDoor(parts.task_desk, once, secret(settings.task_system_secret) or ""),
        conversations=ConversationsDoor(parts, guard),
        bookings=bookings,
        inbox=InboxDoor(parts, guard),
        alarms=AlarmsDoor(parts, guard),
        attention=AttentionDoor(parts, guard),
        blocks=BlocksDoor(parts, guard),
        waiting=WaitingDoor(parts, guard),
        tasks=TasksDoor(parts, guard),
        complaints=ComplaintsDoor(parts, guard),
        insight=InsightDoor(parts, guard, money_of),
        money=MoneyDoor(
            store,
            guard,
            process.clock,
            None if process.money is None else process.money.cashier,
            parts.staff_money,
            BookingCheck(parts.bookings, parts.leads, store),
            DisputeDesk(store, parts.bookings, parts.audit),
        ),
        ledger=LedgerDoor(parts, store, guard, cashier),
        reports=ReportsDoor(parts, guard, reports),
        calendar=CalendarDoor(calendar, guard),
        callers=CallersDoor(parts, guard, bookings),
        business_clock=ClockDoor(process.clock, guard, settings, embedded=process.embedded_notice is not None),
        console=console_of(
            parts,
            ChangeFeed(process.database),
            process.business,
            console_guard,
            bookings,
            books,
            settings,
            process.key_ages,
        ),
        console_guard=console_guard,
        health=HealthDoor(
            process.database,
            parts.heartbeats,
            parts.pause,
            parts.received,
            parts.set_aside,
            process.embedded_notice,
            {"cashier": store.heartbeats.problem},
        ),
        heartbeats=parts.heartbeats,
        clock=clock,
        process=process.name,
    )
