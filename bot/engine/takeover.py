"""Taking a conversation over: from the answer on, no bot message is handed to the channel.

The new epoch is committed first; then every claimed send is waited for until it is settled or its deadline has
passed; only then comes the answer, which lists what was on its way (architecture 3.3).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.commands import ChatCommand, Lane
from bot.domain.events import AgentReleased, AgentTookOver
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.outbox import SETTLED_WITHIN, QueuedEffect, Status
from bot.engine.decisions import Decisions
from bot.engine.living import living
from bot.replies.plain_text import as_text
from bot.store.clock import Clock
from bot.store.leads import Leads
from bot.store.messages import Messages

POLL = timedelta(milliseconds=25)


class NoSuchLead(Exception):
    """There is no such conversation."""


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
    """Gives conversations to people and back."""

    leads: Leads
    messages: Messages
    clock: Clock
    decisions: Decisions
    new_id: Callable[[], str]

    async def take_over(self, lead_id: LeadId, agent: AgentId) -> TakenOver:
        """Give the conversation to that agent; NoSuchLead when there is none."""
        now = await self.clock.business_now()
        lead_id = await self._living(lead_id)
        event = AgentTookOver(EventId(f"takeover:{self.new_id()}"), now, agent)
        before = await self.decisions.tell(lead_id, event)
        if before is None:
            raise NoSuchLead(lead_id)
        epoch = before.lead.conversation.epoch + 1
        # what left before with an unknown outcome is told too, but not waited for: nobody is sending it any more
        in_doubt = [queued for queued in before.in_lane(Lane.CHAT) if queued.status is Status.UNKNOWN]
        seen = [*in_doubt, *await self._wait_for_claimed(lead_id, epoch)]
        return TakenOver(epoch, tuple([await self._described(queued) for queued in seen]))

    async def release(self, lead_id: LeadId, agent: AgentId) -> int:
        """Give the conversation back to the bot; the epoch from then on."""
        now = await self.clock.business_now()
        lead_id = await self._living(lead_id)
        event = AgentReleased(EventId(f"release:{self.new_id()}"), now, agent)
        if await self.decisions.tell(lead_id, event) is None:
            raise NoSuchLead(lead_id)
        stored = await self.leads.load(lead_id)
        return 0 if stored is None else stored.lead.conversation.epoch

    async def _living(self, lead_id: LeadId) -> LeadId:
        stored = await living(self.leads, lead_id)
        if stored is None:
            raise NoSuchLead(lead_id)
        return stored.lead.id

    async def _wait_for_claimed(self, lead_id: LeadId, epoch: int) -> list[QueuedEffect]:
        """Until nothing claimed is left, or 15 s: the store itself no longer counts claims older than that."""
        seen: dict[str, QueuedEffect] = {}
        async with asyncio.timeout(SETTLED_WITHIN.total_seconds() + 5):
            while claimed := await self.leads.on_its_way(lead_id, epoch):
                seen |= {queued.effect.id: queued for queued in claimed}
                await asyncio.sleep(POLL.total_seconds())
        return list(seen.values())

    async def _described(self, waiting: QueuedEffect) -> OnItsWay:
        order = waiting.effect.command
        text = as_text(order) if isinstance(order, ChatCommand) else ""
        return OnItsWay(waiting.effect.id, text, await self.messages.has_tick(waiting.effect.id))
