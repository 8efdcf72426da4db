"""Taking a conversation over: from the answer on, no bot message is handed to the channel.

The new epoch is committed first; then every claimed send is waited for until it is settled or its deadline has
passed; only then comes the answer, which lists what was on its way (architecture 3.3).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.dialogue import takeover
from bot.domain.commands import ChatCommand, Lane
from bot.domain.events import AgentReleased, AgentTookOver
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import SETTLED_WITHIN, QueuedEffect, Status
from bot.domain.partner import Partner, is_partner
from bot.engine.decisions import Decisions, ThreadDecisions
from bot.engine.living import living
from bot.replies.plain_text import as_text
from bot.store.clock import Clock
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.partners import Partners

POLL = timedelta(milliseconds=25)


class NoSuchLead(Exception):
    """There is no such conversation."""


class HeldByColleague(Exception):
    """Another person has it, and whoever wants it did not know: `owner` is theirs to be told."""

    def __init__(self, owner: AgentId) -> None:
        super().__init__(owner)
        self.owner = owner


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A message of the bot that was being handed over when the person came."""

    id: str
    text: str
    arrived: bool
    """Whether the channel took it; false: nobody can say."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The new epoch, and what the customer may have got meanwhile."""

    epoch: int
    on_its_way: tuple[OnItsWay, ...]


@dataclass(frozen=True, slots=True)
class Takeovers:
    """Gives conversations to people and back: a customer's, or a partner's about their work."""

    leads: Leads
    messages: Messages
    clock: Clock
    decisions: Decisions
    new_id: Callable[[], str]
    partners: Partners
    of_partners: ThreadDecisions[Partner]

    async def take_over(
        self,
        lead_id: LeadId,
        agent: AgentId,
        instead_of: AgentId | None = None,
        draft: str | None = None,
        role: str = "",
    ) -> TakenOver:
        """Give the conversation to that agent, with what they were writing; NoSuchLead when there is none,
        HeldByColleague when a person has it who is not named."""
        now = await self.clock.business_now()
        lead_id = await self._living(lead_id)
        event = AgentTookOver(EventId(f"takeover:{self.new_id()}"), now, agent, instead_of, draft, role)
        before = await self._decisions(lead_id).tell(lead_id, event)
        if before is None:
            raise NoSuchLead(lead_id)
        # what was decided was decided for this very state: whoever came second reads here who came first
        owner = takeover.holder(before.thread, event) if isinstance(before.thread, Lead) else None
        if owner is not None:
            raise HeldByColleague(owner)
        epoch = before.thread.epoch + 1
        # what left before with an unknown outcome is told too, but not waited for: nobody is sending it any more
        in_doubt = [queued for queued in before.in_lane(Lane.CHAT) if queued.status is Status.UNKNOWN]
        seen = [*in_doubt, *await self._wait_for_claimed(lead_id, epoch)]
        return TakenOver(epoch, tuple([await self._described(queued) for queued in seen]))

    async def release(self, lead_id: LeadId, agent: AgentId, note: str = "", role: str = "") -> int:
        """Give the conversation back to the bot; the epoch from then on."""
        now = await self.clock.business_now()
        lead_id = await self._living(lead_id)
        event = AgentReleased(EventId(f"release:{self.new_id()}"), now, agent, note, role)
        if await self._decisions(lead_id).tell(lead_id, event) is None:
            raise NoSuchLead(lead_id)
        stored = await self._threads(lead_id).load(lead_id)
        return 0 if stored is None else stored.thread.epoch

    def _threads(self, thread: LeadId) -> Leads | Partners:
        return self.partners if is_partner(thread) else self.leads

    def _decisions(self, thread: LeadId) -> Decisions | ThreadDecisions[Partner]:
        return self.of_partners if is_partner(thread) else self.decisions

    async def _living(self, lead_id: LeadId) -> LeadId:
        partners = self.partners if is_partner(lead_id) else None
        stored = await living(self.leads, lead_id) if partners is None else await partners.load(lead_id)
        if stored is None:
            raise NoSuchLead(lead_id)
        return stored.thread.id

    async def _wait_for_claimed(self, lead_id: LeadId, epoch: int) -> list[QueuedEffect]:
        """Until nothing claimed is left, or 15 s: the store itself no longer counts claims older than that."""
        seen: dict[str, QueuedEffect] = {}
        async with asyncio.timeout(SETTLED_WITHIN.total_seconds() + 5):
            while claimed := await self._threads(lead_id).on_its_way(lead_id, epoch):
                seen |= {queued.effect.id: queued for queued in claimed}
                await asyncio.sleep(POLL.total_seconds())
        return list(seen.values())

    async def _described(self, waiting: QueuedEffect) -> OnItsWay:
        order = waiting.effect.command
        text = as_text(order) if isinstance(order, ChatCommand) else ""
        return OnItsWay(waiting.effect.id, text, await self.messages.has_tick(waiting.effect.id))
