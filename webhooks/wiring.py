"""The composition root: settings in; stores, engine, doors and worker out."""

import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version as installed_version

from argon2 import PasswordHasher

from bot.adapters.escalation.client import EscalationClient
from bot.adapters.task_system.client import TaskSystemClient
from bot.adapters.whatsapp.channel import WhatsAppChannel
from bot.adapters.whatsapp.client import PhoneNumberLine
from bot.business.context import Context
from bot.business.definition import Business
from bot.engine.accounts import Accounts
from bot.engine.attention_desk import AttentionDesk
from bot.engine.block_sweep import BlockSweep
from bot.engine.booking_check import BookingCheck
from bot.engine.callers import CallerDesk
from bot.engine.channel import Channel
from bot.engine.decisions import Decisions
from bot.engine.escalations import EscalationCarrier
from bot.engine.fair_share import FairShare
from bot.engine.findable import FindableBackfill
from bot.engine.flow_service import FlowService
from bot.engine.front_desk import FrontDesk
from bot.engine.inbound import BURST_AT_MOST, BURST_QUIET, Addresses, BurstTimings, Inbound
from bot.engine.job_book import JobBook
from bot.engine.job_news import JobCourier
from bot.engine.merge import Belongings, Merges
from bot.engine.money_causes import MoneyCauses
from bot.engine.offer_desk import OfferDesk
from bot.engine.on_call import OnCallDesk
from bot.engine.orphans import Orphans
from bot.engine.owner_digest import OwnerDigests
from bot.engine.partner_directory import PartnerDirectory
from bot.engine.partner_threads import partner_threads
from bot.engine.parts import Parts
from bot.engine.payout_courier import PayoutCourier
from bot.engine.performers.chat import ChatPerformer, SendGate, SendTimings
from bot.engine.performers.money import MoneyPerformer
from bot.engine.performers.records import RecordPerformer
from bot.engine.performers.slot_moves import SlotMoves
from bot.engine.performers.slots import SlotPerformer
from bot.engine.photo_keeper import PhotoKeeper
from bot.engine.place_courier import PlaceCourier
from bot.engine.read_messages import ReadMessages
from bot.engine.relay import Relay
from bot.engine.routing import People, Router
from bot.engine.search import ConversationSearch
from bot.engine.staff_actions import StaffActions
from bot.engine.staff_changes import StaffChanges
from bot.engine.staff_inbox import StaffInbox
from bot.engine.staff_money import StaffMoney
from bot.engine.staff_sender import StaffSender
from bot.engine.takeover import Takeovers
from bot.engine.task_carrier import TaskCarrier
from bot.engine.task_desk import TaskDesk
from bot.engine.template_gate import TemplateGate
from bot.engine.thread_worker import ThreadWorker
from bot.engine.understanding import Interpreter
from bot.engine.voice_notes import ModelVoice
from bot.engine.waiting_sweep import WaitingSweep
from bot.engine.word_courier import WordCourier
from bot.replies.words import spoken_with
from bot.store.alarms import OpenAlarms
from bot.store.aliases import Aliases
from bot.store.attention import AttentionRows
from bot.store.audit import Audit
from bot.store.availability import Availabilities
from bot.store.backfills import Backfills
from bot.store.bookings import Bookings
from bot.store.businesses import Businesses
from bot.store.carried_tasks import CarriedTasks
from bot.store.causes import StoredCauses
from bot.store.claim_moves import ClaimMoves
from bot.store.claims import Claims
from bot.store.clock import BusinessClock
from bot.store.driver import Client, Database, close, database, open_client
from bot.store.flow_sessions import FlowSessions
from bot.store.heartbeats import Heartbeats, ToldBy
from bot.store.key_ages import KeyAges
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.operator_notices import OperatorNotices
from bot.store.outbox_pause import OutboxPause
from bot.store.outboxes import LEASE_SECONDS
from bot.store.partners import Partners
from bot.store.photos import SealedPhotos
from bot.store.place_codes import PlaceCodes
from bot.store.presence import Presence
from bot.store.published_flows import PublishedFlows
from bot.store.ratings import Ratings
from bot.store.received import Received
from bot.store.scores_lately import ScoresLately
from bot.store.sealing import MasterKeys
from bot.store.send_budget import SendBudget
from bot.store.set_aside import SetAsideCounts
from bot.store.sign_in_tries import SignInTries
from bot.store.tasks import Tasks
from bot.store.template_standings import TemplateStandings
from bot.store.user_sessions import UserSessions
from bot.store.users import Users
from bot.store.vault import Vault
from bot.store.waiting import WaitingRows
from intents import embedded
from intents.understand import understand
from payments.domain.money import Money
from payments.gateways.xendit.adapter import Timeouts, XenditClient
from payments.services.cashier import Cashier, CashierSettings
from payments.services.payees import earnings_of
from payments.services.payout_disputes import PayoutDisputeService
from payments.store.store import Store
from webhooks.business import load_business
from webhooks.keys import secret
from webhooks.processes.language_model import reader_of
from webhooks.processes.payee_courier import WhatsAppCourier
from webhooks.processes.payments import EVERY, CashierRounds, PayeeCodec
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
    accounts: Accounts
    embedded_notice: str | None = None
    money: MoneyParts | None = None
    """None where no payment provider is set up."""

    @property
    def key_ages(self) -> KeyAges:
        """Since when each secret of the settings is what it is."""
        return KeyAges(self.database, self.parts.vault)

    def worker(self) -> Worker:
        """The worker of this process."""
        return Worker(self.parts, self.database, self.name, None if self.money is None else self.money.rounds)


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
            token=secret(settings.whatsapp_token) or "",
        )
    )
    money: MoneyParts | None = None
    reader = reader_of(settings)
    shared = secret(settings.task_system_secret)
    outside = TaskSystemClient(settings.task_system_url, shared) if settings.task_system_url and shared else None
    signs = secret(settings.escalation_secret)
    pager = EscalationClient(settings.escalation_url, signs) if settings.escalation_url and signs else None
    try:
        db = database(client, settings.mongodb_database)
        clock = BusinessClock(db)
        parts = _parts(settings, db, clock, channel, business, terms or Timings())
        money = _money(settings, db, parts, business, terms or Timings())
        # Set afterwards: the cashier needs the stores of the parts, and the parts' relay needs the cashier.
        parts.relay.money = None if money is None else money.till
        parts.task_carrier.system = outside
        parts.escalations.webhook, parts.attention.is_carried = pager, pager is not None
        if reader is not None:
            from intents.client import Model

            # With a breaker of its own: each process learns for itself that a server is down.
            model = Model(reader)
            parts.interpreter.model, parts.interpreter.voice = model, ModelVoice(channel, model)
        parts.interpreter.questions_a_day = settings.openai_questions_a_day
        name = secrets.token_hex(4)
        accounts = Accounts(
            Users(db, parts.vault), UserSessions(db), SignInTries(db), _secret_keys(settings), PasswordHasher()
        )
        # what is said outside a decision (a form's screens, a sheet for a room) is said in the house's words too
        with spoken_with(business.words):
            yield Process(settings, client, db, parts, clock, business, name, accounts, embedded_notice, money)
    finally:
        # The database last: what ends before it may still have something to store.
        if money is not None:
            await money.provider.close()
        if reader is not None:
            await reader.aclose()
        if outside is not None:
            await outside.close()
        if pager is not None:
            await pager.close()
        await channel.close()
        await close(client)


def _parts(
    settings: Settings, db: Database, clock: BusinessClock, channel: Channel, business: Business, terms: Timings
) -> Parts:
    keys = _secret_keys(settings)
    number, vault = settings.whatsapp_phone_number_id or "", Vault(db, MasterKeys.from_secret(keys[0], keys[1:]))
    leads, messages, audit, aliases = Leads(db, vault), Messages(db, vault), Audit(db), Aliases(db)
    bookings, claims, received, ratings = Bookings(db), Claims(db), Received(db), Ratings(db)
    tasks = Tasks(db, are_carried=settings.task_system_url is not None)
    heartbeats = Heartbeats(db, ToldBy(installed_version("janji"), socket.gethostname(), os.getpid()))
    pause, published, photos, waiting = OutboxPause(db), PublishedFlows(db), SealedPhotos(db, vault), WaitingRows(db)
    businesses, notices, sessions = Businesses(db, vault), OperatorNotices(db), FlowSessions(db, vault)
    scores = ScoresLately(ratings)
    forms = FlowService(
        sessions, claims, received, messages, leads, vault, published, clock, lambda: business, keys, scores
    )
    context = partial(_context, business, forms)
    decisions = Decisions(leads, businesses, context)
    forms.context_for = decisions.context_for
    interpreter = Interpreter(received, vault, leads, understand, context, business.timezone, embeds=embedded.shipped())
    read, addresses = ReadMessages(), Addresses(aliases, vault)
    gate = SendGate(number, SendBudget(db), pause, heartbeats)
    meta = TemplateGate(TemplateStandings(db), lambda: business)
    chat = ChatPerformer(leads, messages, channel, gate, terms.sending, forms, meta)
    moves = SlotMoves(claims, ClaimMoves(claims, db), lambda: business, ratings)
    slots = SlotPerformer(claims, lambda: business, moves, ratings)
    directory = PartnerDirectory(Partners(db, vault), aliases, vault, lambda: business)
    courier = JobCourier(tasks, received, vault, directory)
    places = PlaceCourier(bookings, leads, received, vault, directory)
    words = WordCourier(tasks, bookings, leads, received, vault, directory)
    records = RecordPerformer(audit, messages, bookings, tasks, ratings, photos, waiting, places=places, words=words)
    relay = Relay(leads, chat, records, slots)
    burst, codes = BurstTimings(terms.burst_quiet, terms.burst_at_most), PlaceCodes(db, lambda: business, keys)
    inbound = Inbound(received, leads, vault, messages, channel, forms, interpreter, read, addresses, codes, burst)
    merges = Merges(
        leads, Belongings(aliases, received, messages, bookings, sessions, claims, photos), vault, decisions
    )
    people = People(leads, aliases, received, vault, decisions, _new_id)
    staff = StaffActions(leads, bookings, claims, audit, clock, decisions)
    desk, lease = TaskDesk(tasks, staff, received, vault, context, courier), terms.lease_seconds
    offers = OfferDesk(desk, ClaimMoves(claims, db))
    # set afterwards: recording needs who offers work, who needs what is put together here
    relay.records = replace(records, partners=offers)
    monies = money_store(settings, db)
    attention = AttentionDesk(
        AttentionRows(db), StoredCauses(db), MoneyCauses(monies), context, clock, Availabilities(db), audit
    )
    on_call = OnCallDesk(attention, directory, leads, received, vault)
    earnings, front = partial(earnings_of, monies), FrontDesk(staff, context)
    disputes = PayoutDisputeService(monies)
    book = JobBook(desk, staff, channel, context, earnings, front, offers, places, words, photos, on_call, disputes)
    mornings = OwnerDigests(attention, bookings, monies.ledger.between, directory, received, vault)
    of_partners = partner_threads(received, vault, clock, directory, decisions, relay, book, mornings, _new_id, lease)
    routing, most = of_partners.routing, burst.at_most
    availabilities, inbox = Availabilities(db), StaffInbox(leads, messages, clock, decisions, _new_id)
    router = Router(
        people, received, messages, vault, clock, channel, interpreter, read, notices, pause, most, routing, meta
    )
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
        presence=Presence(db),
        availabilities=availabilities,
        clock=clock,
        channel=channel,
        forms=forms,
        interpreter=interpreter,
        decisions=decisions,
        router=router,
        inbound=inbound,
        relay=relay,
        lead_worker=ThreadWorker(leads, received, clock, inbound, decisions, relay, _new_id, merges, lease),
        partner_worker=of_partners.worker,
        staff=staff,
        callers=CallerDesk(aliases, vault, staff, _new_id),
        staff_changes=StaffChanges(staff, claims),
        staff_money=StaffMoney(staff),
        takeovers=Takeovers(
            leads, messages, clock, decisions, _new_id, directory.threads, of_partners.routing.decisions
        ),
        staff_inbox=inbox,
        staff_sender=StaffSender(leads, received, vault),
        search=ConversationSearch(leads, bookings, messages, clock, context),
        findable=FindableBackfill(leads, messages, Backfills(db)),
        fair_share=FairShare(leads, inbox, availabilities, context),
        partner_numbers=of_partners.numbers,
        orphans=Orphans(claims, leads, bookings),
        blocks=BlockSweep(claims, bookings, leads, received, vault, context, tasks),
        waiting=WaitingSweep(waiting, claims, leads, received, vault, lambda: business, ratings),
        tasks=tasks,
        partners=directory.threads,
        task_desk=desk,
        digests=of_partners.digests,
        offers=offers,
        task_carrier=TaskCarrier(CarriedTasks(db), tasks, bookings, context),
        photos=PhotoKeeper(photos, channel),
        attention=attention,
        on_call=on_call,
        owner_digests=mornings,
        escalations=EscalationCarrier(attention),
        context=context,
        number=number,
        new_id=_new_id,
        timezone=business.timezone,
    )


def _secret_keys(settings: Settings) -> tuple[str, ...]:
    return (secret(settings.secret_key) or "", *settings.former_secrets)


def _new_id() -> str:
    return secrets.token_urlsafe(12)


def money_store(settings: Settings, db: Database) -> Store:
    """Everything of money that is stored, also where no provider is set up."""
    return Store(db, PayeeCodec(secret(settings.secret_key) or "", settings.former_secrets))


def booking_check(settings: Settings, db: Database) -> BookingCheck:
    """Whether bookings and books agree; needs no more than the database."""
    vault = Vault(db, MasterKeys.from_secret(secret(settings.secret_key) or "", settings.former_secrets))
    return BookingCheck(Bookings(db), Leads(db, vault), money_store(settings, db))


def _money(settings: Settings, db: Database, parts: Parts, business: Business, terms: Timings) -> MoneyParts | None:
    key = secret(settings.xendit_secret_key)
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
    payouts = PayoutCourier(parts.received, parts.vault, parts.router.partners.directory)
    till = MoneyPerformer(cashier, parts.received, parts.bookings, parts.vault, payouts)
    rounds = CashierRounds(till, store, parts.received, parts.leads, parts.clock, business, terms.cashier_every)
    return MoneyParts(store, cashier, till, rounds, provider)


def _context(business: Business, forms: FlowService, now: datetime) -> Context:
    # The forms are read at each decision: one that is published while this runs is offered from then on.
    return Context(now=now, business=business, forms=tuple(forms.ids().items()))
