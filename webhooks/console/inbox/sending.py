"""A person's words on their way: stored now, sent by a worker, once; or why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import window
from bot.domain.commands import SendTemplate
from bot.domain.ids import AgentId, LeadId
from bot.domain.inbox import IN_THE_APP
from bot.domain.lead import Lead
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.engine.takeover import NoSuchLead
from bot.replies import canned
from bot.replies.templates import FittingTemplate, fitting
from bot.store.delivery import NotStored


class WhyNotSent(StrEnum):
    """Why words of a person did not go."""

    NOT_TAKEN_OVER = "not_taken_over"
    TAKEN_BY = "taken_by"
    """A colleague has it."""
    WINDOW_CLOSED = "window_closed"
    NOT_READ = "not_read"
    """Somebody wrote since they looked."""
    NOT_STORED = "not_stored"
    DOES_NOT_FIT = "does_not_fit"
    """A fact of the template is missing, or no longer true."""
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BLANK = "blank"
    """A ready text went in, and what nobody knew of it is not filled in yet."""


class WordsRefused(Exception):
    """They did not go, and are still a draft."""

    def __init__(self, why: WhyNotSent, who: tuple[str, ...] = ()) -> None:
        super().__init__(why.value)
        self.why = why
        self.who = who


def require_filled(text: str) -> None:
    """That no blank of a ready text is left in it; WordsRefused."""
    if blanks := canned.blanks_in(text):
        raise WordsRefused(WhyNotSent.BLANK, blanks)


@dataclass(frozen=True, slots=True)
class StaffWords:
    """Sends what people write."""

    parts: Parts

    async def send(self, lead_id: LeadId, agent: AgentId, text: str, seen: int | None, name: str) -> None:
        """Store it to be sent; the same name is the same message. WordsRefused, NoSuchLead."""
        require_filled(text)
        lead = await self._ready(lead_id, agent, seen)
        if not window.is_open(lead, await self.parts.clock.business_now()):
            raise WordsRefused(WhyNotSent.WINDOW_CLOSED)
        await self._store(lead, agent, text, name, seen)

    async def send_template(self, lead_id: LeadId, agent: AgentId, template: str, seen: int | None, name: str) -> None:
        """The same of a template that fits, filled with what is true now. WordsRefused, NoSuchLead."""
        lead = await self._ready(lead_id, agent, seen)
        chosen = next((one for one in await self.fitting(lead) if one.order.name == template), None)
        if chosen is None:
            raise WordsRefused(WhyNotSent.DOES_NOT_FIT)
        await self._store(lead, agent, chosen.text, name, seen, chosen.order)

    async def fitting(self, lead: Lead) -> Sequence[FittingTemplate]:
        """The templates that may go now."""
        now = await self.parts.clock.business_now()
        return fitting(lead, lead.open_booking, self.parts.context(now).business, now)

    async def _ready(self, lead_id: LeadId, agent: AgentId, seen: int | None) -> Lead:
        stored = await living(self.parts.leads, lead_id)
        if stored is None:
            raise NoSuchLead(lead_id)
        lead, owner = stored.lead, stored.lead.conversation.agent
        if not lead.is_with_agent or owner is None:
            raise WordsRefused(WhyNotSent.NOT_TAKEN_OVER)
        if owner not in {agent, IN_THE_APP}:
            raise WordsRefused(WhyNotSent.TAKEN_BY, (owner,))
        others = await self.parts.staff_sender.unread(lead, agent, seen)
        if others is not None:
            raise WordsRefused(WhyNotSent.NOT_READ, others)
        return lead

    async def _store(
        self, lead: Lead, agent: AgentId, text: str, name: str, seen: int | None, template: SendTemplate | None = None
    ) -> None:
        try:
            await self.parts.staff_sender.send(lead.id, agent, text, name, seen, template)
        except NotStored as error:
            raise WordsRefused(WhyNotSent.NOT_STORED) from error
