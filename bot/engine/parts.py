"""What one process is put together of: stores, and the engine's services over them.

Made once by `webhooks.wiring`. Doors, commands and processes take from it the two or three things they need; nothing in
the engine is given the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.business.context import Context
from bot.domain.lead import Lead
from bot.domain.partner import Partner
from bot.engine.attention_desk import AttentionDesk
from bot.engine.block_sweep import BlockSweep
from bot.engine.callers import CallerDesk
from bot.engine.channel import Channel
from bot.engine.decisions import Decisions
from bot.engine.digest import DigestCourier
from bot.engine.escalations import EscalationCarrier
from bot.engine.fair_share import FairShare
from bot.engine.findable import FindableBackfill
from bot.engine.flow_service import FlowService
from bot.engine.inbound import Inbound
from bot.engine.offer_desk import OfferDesk
from bot.engine.on_call import OnCallDesk
from bot.engine.orphans import Orphans
from bot.engine.owner_digest import OwnerDigests
from bot.engine.partner_numbers import PartnerNumbers
from bot.engine.photo_keeper import PhotoKeeper
from bot.engine.relay import Relay
from bot.engine.routing import Router
from bot.engine.search import ConversationSearch
from bot.engine.staff_actions import StaffActions
from bot.engine.staff_changes import StaffChanges
from bot.engine.staff_inbox import StaffInbox
from bot.engine.staff_money import StaffMoney
from bot.engine.staff_sender import StaffSender
from bot.engine.takeover import Takeovers
from bot.engine.task_carrier import TaskCarrier
from bot.engine.task_desk import TaskDesk
from bot.engine.thread_worker import ThreadWorker
from bot.engine.understanding import Interpreter
from bot.engine.waiting_sweep import WaitingSweep
from bot.store.alarms import OpenAlarms
from bot.store.aliases import Aliases
from bot.store.audit import Audit
from bot.store.availability import Availabilities
from bot.store.bookings import Bookings
from bot.store.businesses import Businesses
from bot.store.claims import Claims
from bot.store.clock import Clock
from bot.store.heartbeats import Heartbeats
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.operator_notices import OperatorNotices
from bot.store.outbox_pause import OutboxPause
from bot.store.partners import Partners
from bot.store.place_codes import PlaceCodes
from bot.store.presence import Presence
from bot.store.published_flows import PublishedFlows
from bot.store.received import Received
from bot.store.set_aside import SetAsideCounts
from bot.store.tasks import Tasks
from bot.store.vault import Vault


@dataclass(slots=True)
class Parts:
    """One process' worth of them."""

    # stores
    leads: Leads
    received: Received
    aliases: Aliases
    alarms: OpenAlarms
    messages: Messages
    audit: Audit
    bookings: Bookings
    businesses: Businesses
    claims: Claims
    place_codes: PlaceCodes
    tasks: Tasks
    partners: Partners
    vault: Vault
    heartbeats: Heartbeats
    pause: OutboxPause
    published_flows: PublishedFlows
    notices: OperatorNotices
    set_aside: SetAsideCounts
    presence: Presence
    availabilities: Availabilities
    clock: Clock
    # services
    channel: Channel
    forms: FlowService
    interpreter: Interpreter
    decisions: Decisions
    router: Router
    inbound: Inbound
    relay: Relay
    lead_worker: ThreadWorker[Lead]
    partner_worker: ThreadWorker[Partner]
    staff: StaffActions
    callers: CallerDesk
    staff_changes: StaffChanges
    staff_money: StaffMoney
    takeovers: Takeovers
    staff_inbox: StaffInbox
    staff_sender: StaffSender
    fair_share: FairShare
    search: ConversationSearch
    findable: FindableBackfill
    partner_numbers: PartnerNumbers
    orphans: Orphans
    blocks: BlockSweep
    waiting: WaitingSweep
    task_desk: TaskDesk
    digests: DigestCourier
    offers: OfferDesk
    task_carrier: TaskCarrier
    photos: PhotoKeeper
    attention: AttentionDesk
    on_call: OnCallDesk
    owner_digests: OwnerDigests
    escalations: EscalationCarrier
    # facts
    context: Callable[[datetime], Context]
    """What is known now of business and forms; what a lead needs besides is added by `Decisions`."""
    number: str
    """Our `phone_number_id`; what comes for another number is stored and not answered."""
    new_id: Callable[[], str]
    timezone: str
    """The business's, IANA name."""
