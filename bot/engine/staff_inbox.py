"""What staff do with a conversation besides speaking in it: each act is one event, decided and committed at once.

What is refused is refused by the state it was decided for, so that of two at once the second is told of the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue import inbox, later
from bot.domain.ids import AgentId, EffectId, EventId, LeadId
from bot.domain.inbox import DraftKind, LaterSend, Snooze, SnoozeKind, StaffDraft
from bot.domain.inbox_events import (
    AgentAssigned,
    AnswerNoted,
    AssignedWhy,
    ConversationRead,
    ConversationSnoozed,
    DraftSaved,
    InboxEvent,
    LaterSendDropped,
    LaterSendPlanned,
    NoteWritten,
)
from bot.domain.lead import Lead
from bot.domain.notes import RecordNote
from bot.engine.decisions import Decisions
from bot.engine.living import living
from bot.engine.takeover import NoSuchLead
from bot.store.clock import Clock
from bot.store.leads import Leads
from bot.store.messages import Messages


class InboxRefused(Exception):
    """It was not done; `why` is a stable word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class DraftChanged(Exception):
    """Somebody saved another draft meanwhile, or threw it away; `current` is what stands."""

    def __init__(self, current: StaffDraft | None) -> None:
        super().__init__("draft changed")
        self.current = current


@dataclass(frozen=True, slots=True)
class StaffInbox:
    """Acts of people in the inbox of customers."""

    leads: Leads
    messages: Messages
    clock: Clock
    decisions: Decisions
    new_id: Callable[[], str]

    async def read(self, lead: LeadId, by: AgentId, *, unread: bool = False) -> None:
        """They have seen all of it, or want it to look unseen; NoSuchLead."""
        stored = await living(self.leads, lead)
        if stored is None:
            raise NoSuchLead(lead)
        entry = stored.lead.inbox
        # opening a conversation that is read already is no write
        if unread or entry.unread or entry.woke_at is not None:
            await self._tell(lead, ConversationRead(self._id("read"), await self._now(), by, unread))

    async def save_draft(self, lead: LeadId, by: AgentId, kind: DraftKind, text: str, base: int) -> StaffDraft | None:
        """What is being written from now on; empty words throw it away. DraftChanged, NoSuchLead."""
        event = DraftSaved(self._id("draft"), await self._now(), by, kind, text, base)
        before = await self._tell(lead, event)
        if inbox.is_stale(before, event):
            raise DraftChanged(before.inbox.draft(kind))
        return inbox.after_saving(before, event).draft(kind)

    async def note(self, lead: LeadId, by: AgentId, text: str, mentions: tuple[AgentId, ...], name: str) -> str:
        """A line among the staff; its id. The same name is the same note. NoSuchLead."""
        event = NoteWritten(EventId(f"note:{name}"), await self._now(), by, text, mentions)
        before = await self._tell(lead, event)
        # the worker would write it as well, under the same id: so it is there when this returns
        effect = EffectId(f"{event.id}:0")
        await self.messages.record_note(
            before.id, effect, RecordNote(text, str(by), event.at, tuple(map(str, mentions)))
        )
        return effect

    async def note_answer(self, lead: LeadId, by: AgentId, field: str, value: str, name: str) -> None:
        """What a customer answered to a question of the house; the same name is the same answer. NoSuchLead."""
        await self._tell(lead, AnswerNoted(EventId(f"answer:{name}"), await self._now(), by, field, value))

    async def assign(self, lead: LeadId, by: AgentId, agent: AgentId | None) -> None:
        """It is that person's, or nobody's; NoSuchLead."""
        await self._tell(lead, AgentAssigned(self._id("assign"), await self._now(), by, agent))

    async def assign_for(self, lead: LeadId, by: AgentId, agent: AgentId | None, why: AssignedWhy) -> bool:
        """The house gives it to somebody, or takes it back; whether it was still asked for."""
        event = AgentAssigned(self._id("assign"), await self._now(), by, agent, why)
        return not inbox.is_out_of_date(await self._tell(lead, event), event)

    async def snooze(
        self, lead: LeadId, by: AgentId, kind: SnoozeKind, until: datetime | None = None, booking: str = ""
    ) -> None:
        """Put it off; InboxRefused with the reason of `bot.dialogue.later`, NoSuchLead."""
        now = await self._now()
        wanted = Snooze(kind, by, now, until, booking)
        before = await self._tell(lead, ConversationSnoozed(self._id("snooze"), now, by, wanted))
        why = later.cannot_sleep(before, wanted, now)
        if why is not None:
            raise InboxRefused(why)

    async def wake(self, lead: LeadId, by: AgentId) -> None:
        """Take it up again; NoSuchLead."""
        await self._tell(lead, ConversationSnoozed(self._id("snooze"), await self._now(), by, None))

    async def plan(
        self, lead: LeadId, by: AgentId, body: str, at: datetime, booking: str = "", name: str = ""
    ) -> LaterSend:
        """Words that go at a time; the same name is the same message. InboxRefused, NoSuchLead."""
        planned = name or self.new_id()
        event = LaterSendPlanned(EventId(f"plan:{planned}"), await self._now(), by, planned, body, at, booking)
        before = await self._tell(lead, event)
        known = before.inbox.later_of(planned)
        why = later.cannot_plan(before, event)
        if known is None and why is not None:
            raise InboxRefused(why)
        return known or LaterSend(planned, by, body, at, booking)

    async def drop(self, lead: LeadId, by: AgentId, planned: str) -> None:
        """A planned message does not go, or one that was stopped has been seen to; InboxRefused, NoSuchLead."""
        before = await self._tell(lead, LaterSendDropped(self._id("drop"), await self._now(), by, planned))
        if before.inbox.later_of(planned) is None:
            raise InboxRefused("no-such-message")

    async def _tell(self, lead: LeadId, event: InboxEvent) -> Lead:
        """The lead it was decided for."""
        stored = await living(self.leads, lead)
        before = None if stored is None else await self.decisions.tell(stored.lead.id, event)
        if before is None:
            raise NoSuchLead(lead)
        return before.lead

    async def _now(self) -> datetime:
        return await self.clock.business_now()

    def _id(self, what: str) -> EventId:
        return EventId(f"{what}:{self.new_id()}")
