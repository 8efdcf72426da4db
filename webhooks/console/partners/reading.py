"""What the partners' part of the inbox reads: everybody we have a thread with, and one of these threads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from bot.business.contacts import Roles, roles_of
from bot.domain.commands import ChatCommand
from bot.domain.contents import Media
from bot.domain.ids import LeadId
from bot.domain.outbox import Status, StoredThread
from bot.domain.partner import Partner, is_partner
from bot.domain.users import Act
from bot.engine.accounts import SignedIn
from bot.engine.parts import Parts
from bot.engine.takeover import NoSuchLead
from bot.replies.plain_text import as_text
from webhooks.console import words
from webhooks.console.inbox.bubbles import ThreadBubble, ThreadFacts, bubbles_of
from webhooks.console.inbox.contents import MessageContents
from webhooks.console.inbox.moments import Reader
from webhooks.console.inbox.rows import NameOf, WindowClock, alarm_words, window_clock
from webhooks.edge.masked import Personal

LINES: Final = 60
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


class PartnerComposer(StrEnum):
    """What can be written to a partner now."""

    OPEN = "open"
    LOCKED = "locked"
    """The bot has the thread."""
    TAKEN = "taken"
    """A colleague has it."""
    WINDOW_CLOSED = "window_closed"
    DOUBTED = "doubted"
    """Their number was seen with somebody else."""
    READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner in the list, and as the head of their thread."""

    id: str
    name: str
    roles: tuple[str, ...]
    """Of provider, place, staff, on_call; none of whom the business file does not have any more."""
    language: str
    number: str
    at: str | None
    at_words: str
    owner: str | None
    is_mine: bool
    is_with_agent: bool
    alarm: str | None
    window: WindowClock


@dataclass(frozen=True, slots=True)
class PartnerThread:
    """What was said with them about their work."""

    row: PartnerRow
    bubbles: Sequence[ThreadBubble]
    bot_drafts: Sequence[str]
    """What the bot has to tell them once it has the thread again."""
    earlier: str | None
    customer: str | None
    """Their own thread as a customer."""
    owner_id: str
    state: PartnerComposer


@dataclass(frozen=True, slots=True)
class PartnerReader:
    """Reads for whoever is signed in."""

    parts: Parts
    name_of: NameOf

    async def rows(self, who: SignedIn, language: str) -> list[PartnerRow]:
        """Everybody there is a thread with, whoever wrote last first."""
        reader = await self._reader(language)
        known = await self.parts.partners.everybody()
        known.sort(key=lambda one: (one.last_inbound_at or _LONG_AGO, one.id), reverse=True)
        return [self._row(one, reader, who) for one in known]

    async def stored(self, thread: str) -> StoredThread[Partner]:
        """That thread; NoSuchLead."""
        stored = await self.parts.partners.load(LeadId(thread)) if is_partner(thread) else None
        if stored is None:
            raise NoSuchLead(thread)
        return stored

    async def thread(self, who: SignedIn, thread: str, language: str, cursor: str | None = None) -> PartnerThread:
        """Its last lines, or those before the cursor; NoSuchLead."""
        stored, reader = await self.stored(thread), await self._reader(language)
        partner = stored.thread
        page = await self.parts.messages.page(partner.id, LINES, cursor)
        row = self._row(partner, reader, who)
        held = await self._contents.readable(partner.id, f"/console/partners/{partner.id}", page.lines, language)
        bubbles = bubbles_of(page.lines, reader, self.name_of, ThreadFacts(readable=held))
        return PartnerThread(
            row,
            # a failed word is written again by hand: what it says here may be over
            [replace(one, failure=None) for one in bubbles],
            [
                as_text(queued.effect.command)
                for queued in stored.outbox
                if queued.status is Status.DRAFT and isinstance(queued.effect.command, ChatCommand)
            ],
            page.next_cursor,
            await self.parts.partner_numbers.directory.customer_of(partner),
            partner.agent or "",
            _state(partner, row, who),
        )

    async def media(self, thread: str, line: str) -> Media | None:
        """The file that a line of that thread holds, as far as it is known; NoSuchLead."""
        return await self._contents.file((await self.stored(thread)).thread.id, line)

    @property
    def _contents(self) -> MessageContents:
        parts = self.parts
        return MessageContents(parts.received, parts.vault, parts.channel, parts.messages)

    async def _reader(self, language: str) -> Reader:
        now = await self.parts.clock.business_now()
        return Reader(now, self.parts.context(now).business.zone, language)

    def _row(self, partner: Partner, reader: Reader, who: SignedIn) -> PartnerRow:
        roles = roles_of(self.parts.context(reader.now).business, partner.phone)
        sees = who.may(Act.SEE_CONTACT)
        name = words.say("partners.unknown", reader.language) if roles is None else roles.name
        oldest = min(partner.alarms, key=lambda alarm: alarm.since, default=None)
        last = partner.last_inbound_at
        return PartnerRow(
            id=partner.id,
            name=name if sees else Personal.NAME.hide(name),
            roles=() if roles is None else _named(roles),
            language="" if roles is None else roles.language,
            number=partner.phone if sees else Personal.NUMBER.hide(partner.phone),
            at=None if last is None else last.isoformat(),
            at_words="" if last is None else reader.short(last),
            owner=None if partner.agent is None else self.name_of(partner.agent),
            is_mine=partner.agent == who.id,
            is_with_agent=partner.is_with_agent,
            alarm=None if oldest is None else alarm_words(oldest.named or oldest.reason.value, reader.language),
            window=window_clock(partner, reader),
        )


def _named(roles: Roles) -> tuple[str, ...]:
    known = {"provider": roles.providers, "place": roles.places, "staff": roles.staff, "on_call": roles.on_call}
    return tuple(role for role, names in known.items() if names)


def _state(partner: Partner, row: PartnerRow, who: SignedIn) -> PartnerComposer:
    if not who.may(Act.WRITE_CONVERSATIONS):
        return PartnerComposer.READ_ONLY
    if partner.is_locked:
        return PartnerComposer.DOUBTED
    if not row.is_with_agent:
        return PartnerComposer.LOCKED
    if not row.is_mine:
        return PartnerComposer.TAKEN
    return PartnerComposer.OPEN if row.window.is_open else PartnerComposer.WINDOW_CLOSED
