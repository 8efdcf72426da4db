"""Taking a conversation over: from the answer on, no bot message is handed to Meta.

The new epoch is committed first; then every claimed send is waited for until it is settled or its deadline has
passed; only then comes the answer, which lists what was on its way (DESIGN 3.3).
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.commands import ChatCommand, Lane
from bot.domain.events import AgentReleased, AgentTookOver
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.outbox import SETTLED_WITHIN, QueuedEffect, Status
from bot.engine.lead_worker import tell
from bot.engine.parts import Parts
from bot.replies.plain_text import as_text

POLL = timedelta(milliseconds=25)


class NoSuchLead(Exception):
    """There is no such conversation."""


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A message of the bot that was being handed to Meta when the person came."""

    id: str
    text: str
    arrived: bool
    """Whether Meta took it; false: nobody can say."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The new epoch, and what the customer may have got meanwhile."""

    epoch: int
    on_its_way: tuple[OnItsWay, ...]


async def take_over(parts: Parts, lead_id: LeadId, agent: AgentId) -> TakenOver:
    """Give the conversation to that agent; NoSuchLead when there is none."""
    now = await parts.clock.business_now()
    lead_id = await _living(parts, lead_id)
    before = await tell(parts, lead_id, AgentTookOver(EventId(f"takeover:{parts.new_id()}"), now, agent))
    if before is None:
        raise NoSuchLead(lead_id)
    epoch = before.lead.conversation.epoch + 1
    # what left before with an unknown outcome is told too, but not waited for: nobody is sending it any more
    in_doubt = [one for one in before.in_lane(Lane.CHAT) if one.status is Status.UNKNOWN]
    seen = [*in_doubt, *await _wait_for_claimed(parts, lead_id, epoch)]
    return TakenOver(epoch, tuple([await _described(parts, one) for one in seen]))


async def _living(parts: Parts, lead_id: LeadId) -> LeadId:
    """The lead itself, or the one it was merged into."""
    stored = await parts.leads.load(lead_id)
    if stored is None:
        raise NoSuchLead(lead_id)
    return lead_id if stored.merged_into is None else await _living(parts, LeadId(stored.merged_into))


async def _wait_for_claimed(parts: Parts, lead_id: LeadId, epoch: int) -> list[QueuedEffect]:
    """Until nothing claimed is left, or 15 s: the store itself no longer counts claims older than that."""
    seen: dict[str, QueuedEffect] = {}
    async with asyncio.timeout(SETTLED_WITHIN.total_seconds() + 5):
        while claimed := await parts.leads.on_its_way(lead_id, epoch):
            seen |= {one.effect.id: one for one in claimed}
            await asyncio.sleep(POLL.total_seconds())
    return list(seen.values())


async def _described(parts: Parts, waiting: QueuedEffect) -> OnItsWay:
    order = waiting.effect.command
    text = as_text(order) if isinstance(order, ChatCommand) else ""
    return OnItsWay(waiting.effect.id, text, await parts.messages.has_tick(waiting.effect.id))


async def release(parts: Parts, lead_id: LeadId, agent: AgentId) -> int:
    """Give the conversation back to the bot; the epoch from then on."""
    now = await parts.clock.business_now()
    lead_id = await _living(parts, lead_id)
    if await tell(parts, lead_id, AgentReleased(EventId(f"release:{parts.new_id()}"), now, agent)) is None:
        raise NoSuchLead(lead_id)
    stored = await parts.leads.load(lead_id)
    return 0 if stored is None else stored.lead.conversation.epoch
