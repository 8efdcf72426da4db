"""Hands out what waits for a person, and takes back what waits for somebody who is off duty.

Each step is an event decided for the conversation as it is then: a person who takes it at the same moment has it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from bot.business.context import Context
from bot.domain.ids import AgentId
from bot.domain.inbox_events import AssignedWhy
from bot.domain.notes import SYSTEM
from bot.engine.staff_inbox import StaffInbox
from bot.lifecycle.fair_share import Room, choose
from bot.store.availability import Availabilities, Availability
from bot.store.driver import is_outage
from bot.store.leads import Leads

log = structlog.get_logger(__name__)

AT_ONCE: Final = 50
"""Conversations of one round; what is left is found by the next."""


@dataclass(frozen=True, slots=True)
class FairShare:
    """The queue in one hand, who is on duty in the other."""

    leads: Leads
    staff: StaffInbox
    availabilities: Availabilities
    context: Callable[[datetime], Context]

    async def sweep(self, now: datetime) -> int:
        """One round; how many conversations changed their owner."""
        said = await self.availabilities.every()
        moved = 0
        for one in said:
            if not one.on_duty:
                moved += await self.give_back(one.agent)
        usual = self.context(now).business.agents.capacity
        limits = {one.agent: limit for one in said if one.on_duty and (limit := one.capacity or usual) is not None}
        return moved + (await self._hand_out(limits) if limits else 0)

    async def say(self, agent: AgentId, now: datetime, *, on_duty: bool, capacity: int | None = None) -> Availability:
        """What a person says of their own time; what waits for who goes is in the queue at once."""
        said = await self.availabilities.say(agent, now, on_duty=on_duty, capacity=capacity)
        if not on_duty:
            await self.give_back(agent)
        return said

    async def give_back(self, agent: AgentId) -> int:
        """What waits for somebody who is off duty is in the queue again; the rest of theirs when it needs somebody."""
        moved = 0
        for lead in await self.leads.waiting_for(agent, AT_ONCE):
            try:
                moved += await self.staff.assign_for(lead, agent, None, AssignedWhy.OFF_DUTY)
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("not_given_back", lead=lead, problem=type(error).__name__)
        return moved

    async def _hand_out(self, limits: dict[AgentId, int]) -> int:
        loads = await self.leads.load_of(list(limits))
        rooms = {agent: Room(loads.get(agent, 0), limit) for agent, limit in limits.items()}
        moved = 0
        for stored in await self.leads.unowned(AT_ONCE):
            chosen = choose(rooms, stored.lead.inbox.last_owner)
            if chosen is None:
                break
            agent, why = chosen
            try:
                given = await self.staff.assign_for(stored.lead.id, AgentId(SYSTEM), agent, why)
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("not_handed_out", lead=stored.lead.id, problem=type(error).__name__)
                continue
            if given:
                moved += 1
                rooms[agent] = replace(rooms[agent], load=rooms[agent].load + 1)
        return moved
