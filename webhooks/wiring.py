"""The composition root: settings in; stores, engine, doors and worker out."""

import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version as installed_version

from bot.adapters.task_system.client import TaskSystemClient
from bot.adapters.whatsapp.channel import WhatsAppChannel
from bot.adapters.whatsapp.client import PhoneNumberLine
from bot.business.context import Context
from bot.business.definition import Business
from bot.engine.block_sweep import BlockSweep
from bot.engine.booking_check import BookingCheck
from bot.engine.channel import Channel
from bot.engine.decisions import Decisions
from bot.engine.flow_service import FlowService
from bot.engine.inbound import BURST_AT_MOST, BURST_QUIET, Addresses, BurstTimings, Inbound
from bot.engine.job_book import JobBook
from bot.engine.job_news import JobCourier
from bot.engine.merge import Belongings, Merges
from bot.engine.orphans import Orphans
from bot.engine.partner_directory import PartnerDirectory
from bot.engine.partner_threads import partner_threads
from bot.engine.parts import Parts
from bot.engine.performers.chat import ChatPerformer, SendGate, SendTimings
from bot.engine.performers.money import MoneyPerformer
from bot.engine.performers.records import RecordPerformer
from bot.engine.performers.slot_moves import SlotMoves
from bot.engine.performers.slots import SlotPerformer
from bot.engine.read_messages import ReadMessages
from bot.engine.relay import Relay
from bot.engine.routing import People, Router
from bot.engine.staff_actions import StaffActions
from bot.engine.staff_changes import StaffChanges
from bot.engine.staff_money import StaffMoney
from bot.engine.takeover import Takeovers
from bot.engine.task_carrier import TaskCarrier
from bot.engine.task_desk import TaskDesk
from bot.engine.thread_worker import ThreadWorker
from bot.engine.understanding import Interpreter
from bot.engine.voice_notes import ModelVoice
from bot.store.alarms import OpenAlarms
from bot.store.aliases import Aliases
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.businesses import Businesses
from bot.store.carried_tasks import CarriedTasks
from bot.store.claim_moves import ClaimMoves
from bot.store.claims import Claims
from bot.store.clock import BusinessClock
from bot.store.driver import Client, Database, close, database, open_client
from bot.store.flow_sessions import FlowSessions
from bot.store.heartbeats import Heartbeats, ToldBy
from bot.store.idempotency import Idempotency
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.operator_notices import OperatorNotices
from bot.store.outbox_pause import OutboxPause
from bot.store.outboxes import LEASE_SECONDS
from bot.store.partners import Partners
from bot.store.place_codes import PlaceCodes
from bot.store.published_flows import PublishedFlows
from bot.store.ratings import Ratings
from bot.store.received import Received
from bot.store.sealing import MasterKeys
from bot.store.send_budget import SendBudget
from bot.store.set_aside import SetAsideCounts
from bot.store.tasks import Tasks
from bot.store.vault import Vault
from flows.keys import FlowKeys, load_keys
from intents import embedded
from intents.understand import understand
from payments.domain.money import Money
from payments.gateways.xendit.adapter import Timeouts, XenditClient
from payments.services.cashier import Cashier, CashierSettings
from payments.services.payees import earnings_of
from payments.store.store import Store
from webhooks.api.alarms.door import AlarmsDoor
from webhooks.api.blocks.door import BlocksDoor
from webhooks.api.bookings.door import BookingsDoor
from webhooks.api.clock.door import ClockDoor
from webhooks.api.conversations.door import ConversationsDoor
from webhooks.api.insight.door import InsightDoor
from webhooks.api.money import views
from webhooks.api.money.disputes import DisputeDesk
from webhooks.api.money.door import MoneyDoor
from webhooks.api.tasks.door import TasksDoor
from webhooks.business import load_business
from webhooks.clock import ServerClock
from webhooks.doors.flows import FlowsDoor
from webhooks.doors.health import HealthDoor
from webhooks.doors.pay import PayDoor
from webhooks.doors.task_system import TaskSystemDoor
from webhooks.doors.whatsapp import WhatsAppDoor
from webhooks.doors.xendit import XenditDoor
from webhooks.edge.guard import ApiGuard
from webhooks.processes.language_model import reader_of
from webhooks.processes.payee_courier import WhatsAppCourier
from webhooks.processes.payments import EVERY, CashierRounds, PayeeCodec
from webhooks.processes.web import Doors
from webhooks.processes.worker import Worker
from webhooks.settings import Settings

PROVIDER_SECONDS = 15.0
"""How long a call to the payment provider may take before its outcome counts as unknown."""


@dataclass(frozen=True, slots=True)
class Timings:
    """How patient the processes are; production keeps the defaults, fault tests shorten them."""

    lease_seconds: float = LEASE_SECONDS
    sending: SendTimings = field(default_factory=SendTimings)
    burst_quiet: timedelta = BURST_QUIET
    burst_at_most: timedelta = BURST_AT_MOST
    cashier_every: float = EVERY


@dataclass(frozen=True, slots=True)
class MoneyParts:
    """What one process holds of money."""

    store: Store
    cashier: Cashier
    till: MoneyPerformer
    rounds: CashierRounds
    provider: XenditClient


@dataclass(slots=True)
class Process:
    """Everything one process holds open."""

    settings: Settings
    client: Client
    database: Database
    parts: Parts
    clock: BusinessClock
    business: Business
    name: str
    embedded_notice: str | None = None
    money: MoneyParts | None = None
    """None where no payment provider is set up."""

    def worker(self) -> Worker:
        """The worker of this process."""
        return Worker(self.parts, self.database, self.name, None if self.money is None else self.money.rounds)

    def doors(self) -> Doors:
        """The doors of this process."""
        settings, parts = self.settings, self.parts
        clock = ServerClock(self.database)
        once = Idempotency(self.database, parts.vault)
        guard = ApiGuard(_secret(settings.janji_api_token), once)
        store = money_store(settings, self.database)
        money_of = None if self.money is None else partial(views.monies, self.money.cashier)
        return Doors(
            whatsapp=WhatsAppDoor(
                parts.received,
                parts.vault,
                clock,
                app_secret=_secret(settings.whatsapp_app_secret) or "",
                verify_token=_secret(settings.whatsapp_verify_token) or "",
                number=parts.number,
                burst_quiet=parts.inbound.timings.quiet,
            ),
            flows=FlowsDoor(
                parts.forms.exchange, flow_keys(settings), app_secret=_secret(settings.whatsapp_app_secret) or ""
            ),
            xendit=XenditDoor(parts.received, parts.vault, clock, token=_secret(settings.xendit_webhook_token) or ""),
            pay=PayDoor(store),
            task_system=TaskSystemDoor(parts.task_desk, once, _secret(settings.task_system_secret) or ""),
            conversations=ConversationsDoor(parts, guard),
            bookings=BookingsDoor(parts, guard, money_of),
            alarms=AlarmsDoor(parts, guard),
            blocks=BlocksDoor(parts, guard),
            tasks=TasksDoor(parts, guard),
            insight=InsightDoor(parts, guard, money_of),
            money=MoneyDoor(
                store,
                guard,
                self.clock,
                None if self.money is None else self.money.cashier,
                parts.staff_money,
                BookingCheck(parts.bookings, parts.leads, store),
                DisputeDesk(store, parts.bookings, parts.audit),
            ),
            business_clock=ClockDoor(self.clock, guard, settings, embedded=self.embedded_notice is not None),
            health=HealthDoor(
                self.database,
                parts.heartbeats,
                parts.pause,
                parts.received,
                parts.set_aside,
                self.embedded_notice,
                {"cashier": store.heartbeats.problem},
            ),
            heartbeats=parts.heartbeats,
            clock=clock,
            process=self.name,
        )


@asynccontextmanager
async def opened(
    settings: Settings, uri: str, terms: Timings | None = None, embedded_notice: str | None = None
) -> AsyncIterator[Process]:
    """Everything of one process, closed at the end."""
    business = load_business(settings.business_file)
    client = open_client(uri)
    channel = WhatsAppChannel(
        PhoneNumberLine(
            base_url=settings.graph_api_base_url,
            version=settings.graph_api_version,
            phone_number_id=settings.whatsapp_phone_number_id or "",
            token=_secret(settings.whatsapp_token) or "",
        )
    )
    money: MoneyParts | None = None
    reader = reader_of(settings)
    secret = _secret(settings.task_system_secret)
    outside = TaskSystemClient(settings.task_system_url, secret) if settings.task_system_url and secret else None
    try:
        db = database(client, settings.mongodb_database)
        clock = BusinessClock(db)
        parts = _parts(settings, db, clock, channel, business, terms or Timings())
        money = _money(settings, db, parts, business, terms or Timings())
        # Set afterwards: the cashier needs the stores of the parts, and the parts' relay needs the cashier.
        parts.relay.money = None if money is None else money.till
        parts.task_carrier.system = outside
        if reader is not None:
            from intents.client import Model

            # With a breaker of its own: each process learns for itself that a server is down.
            model = Model(reader)
            parts.interpreter.model, parts.interpreter.voice = model, ModelVoice(channel, model)
        parts.interpreter.questions_a_day = settings.openai_questions_a_day
        yield Process(settings, client, db, parts, clock, business, secrets.token_hex(4), embedded_notice, money)
    finally:
        # The database last: what ends before it may still have something to store.
        if money is not None:
            await money.provider.close()
        if reader is not None:
            await reader.aclose()
        if outside is not None:
            await outside.close()
        await channel.close()
        await close(client)


def _parts(
    settings: Settings, db: Database, clock: BusinessClock, channel: Channel, business: Business, terms: Timings
) -> Parts:
    keys = (_secret(settings.secret_key) or "", *settings.former_secrets)
    number, vault = settings.whatsapp_phone_number_id or "", Vault(db, MasterKeys.from_secret(keys[0], keys[1:]))
    leads, messages, audit, aliases = Leads(db, vault), Messages(db, vault), Audit(db), Aliases(db)
    bookings, claims, received = Bookings(db), Claims(db), Received(db)
    tasks = Tasks(db, are_carried=settings.task_system_url is not None)
    heartbeats = Heartbeats(db, ToldBy(installed_version("janji"), socket.gethostname(), os.getpid()))
    pause, published = OutboxPause(db), PublishedFlows(db)
    businesses, notices, sessions = Businesses(db, vault), OperatorNotices(db), FlowSessions(db, vault)
    forms = FlowService(sessions, claims, received, messages, leads, vault, published, clock, lambda: business, keys)
    context = partial(_context, business, forms)
    decisions = Decisions(leads, businesses, context)
    forms.context_for = decisions.context_for
    interpreter = Interpreter(received, vault, leads, understand, context, business.timezone, embeds=embedded.shipped())
    read, addresses = ReadMessages(), Addresses(aliases, vault)
    gate = SendGate(number, SendBudget(db), pause, heartbeats)
    chat = ChatPerformer(leads, messages, channel, gate, terms.sending, forms)
    moves, ratings = SlotMoves(claims, ClaimMoves(claims, db), lambda: business), Ratings(db)
    slots = SlotPerformer(claims, lambda: business, moves, ratings)
    relay = Relay(leads, chat, RecordPerformer(audit, bookings, tasks, ratings), slots)
    burst, codes = BurstTimings(terms.burst_quiet, terms.burst_at_most), PlaceCodes(db, lambda: business, keys)
    inbound = Inbound(received, leads, vault, messages, channel, forms, interpreter, read, addresses, codes, burst)
    merges = Merges(leads, Belongings(aliases, received, messages, bookings, sessions, claims), vault, decisions)
    people = People(leads, aliases, received, vault, decisions, _new_id)
    staff = StaffActions(leads, bookings, claims, audit, clock, decisions)
    directory = PartnerDirectory(Partners(db, vault), aliases, vault, lambda: business)
    courier = JobCourier(tasks, received, vault, directory)
    # set afterwards: recording needs the courier, who needs what is put together here
    relay.records = RecordPerformer(audit, bookings, tasks, ratings, courier)
    desk, lease_seconds = TaskDesk(tasks, staff, received, vault, context, courier), terms.lease_seconds
    book = JobBook(desk, staff, channel, context, partial(earnings_of, money_store(settings, db)))
    of_partners = partner_threads(received, vault, clock, directory, decisions, relay, book, _new_id, lease_seconds)
    return Parts(
        leads=leads,
        received=received,
        aliases=aliases,
        alarms=OpenAlarms(db),
        messages=messages,
        audit=audit,
        bookings=bookings,
        businesses=businesses,
        claims=claims,
        place_codes=codes,
        vault=vault,
        heartbeats=heartbeats,
        pause=pause,
        published_flows=published,
        notices=notices,
        set_aside=SetAsideCounts(db),
        clock=clock,
        channel=channel,
        forms=forms,
        interpreter=interpreter,
        decisions=decisions,
        router=Router(
            people,
            received,
            messages,
            vault,
            clock,
            channel,
            interpreter,
            read,
            notices,
            pause,
            burst.at_most,
            of_partners.routing,
        ),
        inbound=inbound,
        relay=relay,
        lead_worker=ThreadWorker(leads, received, clock, inbound, decisions, relay, _new_id, merges, lease_seconds),
        partner_worker=of_partners.worker,
        staff=staff,
        staff_changes=StaffChanges(staff, claims),
        staff_money=StaffMoney(staff),
        takeovers=Takeovers(leads, messages, clock, decisions, _new_id),
        orphans=Orphans(claims, leads, bookings),
        blocks=BlockSweep(claims, bookings, leads, received, vault, context),
        tasks=tasks,
        partners=directory.threads,
        task_desk=desk,
        task_carrier=TaskCarrier(CarriedTasks(db), tasks, bookings, context),
        context=context,
        number=number,
        new_id=_new_id,
        timezone=business.timezone,
    )


def _new_id() -> str:
    return secrets.token_urlsafe(12)


def money_store(settings: Settings, db: Database) -> Store:
    """Everything of money that is stored, also where no provider is set up."""
    return Store(db, PayeeCodec(_secret(settings.secret_key) or "", settings.former_secrets))


def booking_check(settings: Settings, db: Database) -> BookingCheck:
    """Whether bookings and books agree; needs no more than the database."""
    vault = Vault(db, MasterKeys.from_secret(_secret(settings.secret_key) or "", settings.former_secrets))
    return BookingCheck(Bookings(db), Leads(db, vault), money_store(settings, db))


def _money(settings: Settings, db: Database, parts: Parts, business: Business, terms: Timings) -> MoneyParts | None:
    key = _secret(settings.xendit_secret_key)
    if key is None:
        return None
    provider = XenditClient(settings.xendit_base_url, key, Timeouts(connect=3.0, read=PROVIDER_SECONDS))
    store = money_store(settings, db)
    wait = timedelta(hours=business.sop.payee_change_wait_hours)
    courier = WhatsAppCourier(parts.channel, business)
    above = business.sop.refund.approve_above
    limit = None if above is None else Money(above, business.currency)
    settings_of = CashierSettings(currency=business.currency, payee_change_wait=wait, approve_refunds_above=limit)
    cashier = Cashier(store, provider, settings_of, courier)
    till = MoneyPerformer(cashier, parts.received, parts.bookings, parts.vault)
    rounds = CashierRounds(till, store, parts.received, parts.leads, parts.clock, business, terms.cashier_every)
    return MoneyParts(store, cashier, till, rounds, provider)


def _context(business: Business, forms: FlowService, now: datetime) -> Context:
    # The forms are read at each decision: one that is published while this runs is offered from then on.
    return Context(now=now, business=business, forms=tuple(forms.ids().items()))


def flow_keys(settings: Settings) -> FlowKeys | None:
    """The keys of the Flow door, none when none is set; raises KeyUnreadable."""
    current = _secret(settings.flow_private_key)
    if current is None:
        return None
    return load_keys(
        current, _secret(settings.flow_private_key_passphrase), _secret(settings.flow_private_key_previous)
    )


def _secret(value: object) -> str | None:
    """A secret's text; settings hold them so that they are never printed."""
    reveal = getattr(value, "get_secret_value", None)
    return str(reveal()) if reveal is not None else None if value is None else str(value)
