"""What the engine works with, put together once by `webhooks.wiring`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.business.context import Context
from bot.domain.events import Media
from bot.engine.channel import Channel
from bot.engine.flow_service import FlowService
from bot.engine.relay import Relay
from bot.store.aliases import Aliases
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.businesses import Businesses
from bot.store.claims import Claims
from bot.store.clock import Clock
from bot.store.heartbeats import Heartbeats
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.outbox_pause import OutboxPause
from bot.store.published_flows import PublishedFlows
from bot.store.received import Received
from bot.store.vault import Vault
from intents.head import Embeds
from intents.said import Answer, ModelQuestion
from intents.understanding import ExpectedAnswer, Language, Understanding

BURST_QUIET = timedelta(seconds=1.2)
"""Free text waits this long after its last bubble …"""
BURST_AT_MOST = timedelta(seconds=3)
"""… and never longer than this after the first."""

QUESTIONS_A_DAY = 40


class LostRace(Exception):
    """Somebody else was faster; look again and go on."""


class Understands(Protocol):
    """Words in, meaning out; pure, never raises."""

    def __call__(
        self,
        text: str,
        expecting: ExpectedAnswer,
        today: date,
        now: datetime,
        language: Language | None,
        vector: Sequence[float] | None = None,
    ) -> Understanding:
        """What these words mean to somebody who waits for that; `now` is in the business's zone."""


class Asks(Protocol):
    """A language model: asked in time or not at all, and nothing is ever raised."""

    async def ask(self, question: ModelQuestion) -> Answer:
        """What it says of a message, or why it says nothing."""


class Listens(Protocol):
    """Somebody who writes down voice notes: in time or not at all, and nothing is ever raised."""

    async def words_of(self, note: Media) -> str | None:
        """The words, or none."""


@dataclass(slots=True)
class Parts:
    """Stores, clock, relay and the pure functions they serve."""

    leads: Leads
    received: Received
    aliases: Aliases
    messages: Messages
    audit: Audit
    heartbeats: Heartbeats
    pause: OutboxPause
    published_flows: PublishedFlows
    bookings: Bookings
    claims: Claims
    vault: Vault
    forms: FlowService
    clock: Clock
    relay: Relay
    channel: Channel
    understand: Understands
    context: Callable[[datetime], Context]
    """What is known now of business and forms; what a lead needs beside is added by `bot.engine.decision_context`."""
    businesses: Businesses
    number: str
    """Our `phone_number_id`; what comes for another number is stored and not answered."""
    new_id: Callable[[], str]
    timezone: str
    """The business's, IANA name."""
    lease_seconds: float = 30.0
    embeds: Embeds | None = None
    """The small embedded model, where the extra `nlu` is installed; some 25 ms, called from a thread."""
    model: Asks | None = None
    """None where no model is configured: understanding is then local alone."""
    voice: Listens | None = None
    """None where nobody writes down voice notes: a person listens to them."""
    questions_a_day: int = QUESTIONS_A_DAY
    """How often a model may be asked about one conversation in 24 hours."""
    burst_quiet: timedelta = field(default=BURST_QUIET)
    burst_at_most: timedelta = field(default=BURST_AT_MOST)
