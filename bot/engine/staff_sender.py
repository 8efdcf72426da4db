"""What a person sends: stored now, sent by a worker, once; whichever door it came through."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from bot.domain.commands import SendTemplate
from bot.domain.ids import AgentId, DeliveryId, LeadId
from bot.domain.lead import Lead
from bot.engine.channel import PartKind
from bot.engine.inbound import AGENT_WROTE
from bot.engine.internal import internal
from bot.store.delivery import Delivery
from bot.store.leads import Leads
from bot.store.received import Received
from bot.store.vault import Vault


@dataclass(frozen=True, slots=True)
class StaffSender:
    """Words and templates of the staff on their way."""

    leads: Leads
    received: Received
    vault: Vault

    async def unread(self, lead: Lead, agent: AgentId, seen: int | None) -> tuple[str, ...] | None:
        """Who wrote since that turn, as far as it is known who; none where nobody did, or nothing was said of it."""
        if seen is None:
            return None
        others = tuple(lead.inbox.spoken_since(seen, agent))
        # what came in and is not decided yet has no turn; the decision itself looks once more
        waiting = await self.received.new_for(lead.id)
        is_new = any(delivery.kind == PartKind.MESSAGE.value for delivery in waiting)
        return others if others or is_new else None

    async def sent_again(self, lines: Sequence[str]) -> frozenset[str]:
        """Which of these lines that failed went once more, under the name of what failed."""
        names = {Delivery.internal_id(AGENT_WROTE, retry_name(line)): line for line in lines}
        found = await self.received.found(list(names)) if names else ()
        return frozenset(names[delivery.id] for delivery in found)

    async def send(
        self,
        thread: LeadId,
        agent: AgentId,
        text: str,
        name: str,
        seen: int | None = None,
        template: SendTemplate | None = None,
    ) -> DeliveryId:
        """Store it to be sent; under the same name it is the same message. NotStored."""
        written: dict[str, object] = {"agent": agent, "body": text, "seen": seen}
        if template is not None:
            written["template"] = {
                "name": template.name,
                "language": template.language,
                "parameters": template.parameters,
                "url_suffix": template.url_suffix,
                "taps": template.taps,
            }
        at = await self.leads.server_now()
        delivery = await internal(self.vault, AGENT_WROTE, orjson.dumps(written).decode(), thread, at, name)
        await self.received.record([delivery])
        return delivery.id


def retry_name(line: str) -> str:
    """What a message is called that goes in place of a line that failed: asked for twice it is one message."""
    return f"retry:{line}"
