"""What the inbox reads: rows, a thread, and the pane next to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

import structlog

from bot.domain.change import Requester
from bot.domain.commands import ChatCommand
from bot.domain.contents import Media
from bot.domain.ids import DeliveryId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import Status, StoredLead
from bot.domain.states import CLOSED
from bot.domain.users import Act
from bot.engine.accounts import SignedIn
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.engine.staff_actions import FoundBooking, NoSuchBooking
from bot.engine.takeover import NoSuchLead
from bot.lifecycle.actions import actions
from bot.replies.plain_text import as_text
from bot.store.inbox_views import InboxFilter, InboxOrder, InboxTab, InboxView
from bot.store.messages import DeliveryStatus, Transcript, TranscriptLine
from webhooks.api.bookings.door import BookingsDoor
from webhooks.console.inbox.booking_cards import MOVES, BookingCard, card_of
from webhooks.console.inbox.bubbles import ThreadBubble, ThreadFacts, bubbles_of
from webhooks.console.inbox.colleagues import Colleagues
from webhooks.console.inbox.contents import MessageContents
from webhooks.console.inbox.moments import Reader
from webhooks.console.inbox.next_steps import next_step
from webhooks.console.inbox.rows import ConversationRow, NameOf, alarm_words, row_of
from webhooks.console.inbox.understood import understood_words

log = structlog.get_logger(__name__)

ROWS: Final = 40
LINES: Final = 60
CARDS: Final = 3
EARLIER: Final = 5
EXPLAINED: Final = 12
"""Of so many of the customer's last words it is shown how they were understood."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the inbox somebody looks at."""

    tab: InboxTab = InboxTab.UNASSIGNED
    only: InboxFilter = InboxFilter.EVERY
    order: InboxOrder = InboxOrder.NEWEST
    words: str = ""
    cursor: str | None = None

    def query(self, **changes: str) -> str:
        """As the end of an address, with these parts changed."""
        parts = {"tab": self.tab.value, "only": self.only.value, "order": self.order.name.lower(), "q": self.words}
        usual = {"tab": "unassigned", "only": "every", "order": "newest", "q": ""}
        kept = {name: value for name, value in (parts | changes).items() if value != usual.get(name)}
        return f"?{urlencode(kept)}" if kept else "?"


@dataclass(frozen=True, slots=True)
class ListShown:
    """The list."""

    asked: Asked
    rows: Sequence[ConversationRow]
    counts: Mapping[str, int]
    next_cursor: str | None
    opens: str | None = None
    """The one conversation that an exact reference names."""


@dataclass(frozen=True, slots=True)
class BotDraft:
    """What the bot would have said."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PlannedWords:
    """Words that go at a time, or were stopped then."""

    id: str
    text: str
    at: str
    stopped: str | None


@dataclass(frozen=True, slots=True)
class ThreadShown:
    """A conversation."""

    row: ConversationRow
    bubbles: Sequence[ThreadBubble]
    earlier: str | None
    """The cursor to the lines before these."""
    bot_drafts: Sequence[BotDraft]
    turn: int
    later: Sequence[PlannedWords]
    stored: StoredLead
    colleagues: Sequence[tuple[str, str]]
    """Id and name of whom it can be given to."""
    partner: str | None = None
    """The thread that the same person has about their work."""

    @property
    def lead(self) -> Lead:
        """Whose it is."""
        return self.stored.lead


@dataclass(frozen=True, slots=True)
class ContextShown:
    """The pane next to it."""

    row: ConversationRow
    alarms: Sequence[tuple[str, str]]
    cards: Sequence[BookingCard]
    earlier: Sequence[tuple[str, str, str]]
    """Reference, service and state of what is over."""


class InboxReader:
    """Reads for whoever is signed in."""

    def __init__(self, parts: Parts, bookings: BookingsDoor, colleagues: Colleagues) -> None:
        self._parts = parts
        self._bookings = bookings
        self._colleagues = colleagues
        self._contents = MessageContents(parts.received, parts.vault, parts.channel, parts.messages)
        self.name_of: NameOf = colleagues.name_of

    async def reader(self, language: str) -> Reader:
        """Who reads, as of now."""
        now = await self._parts.clock.business_now()
        return Reader(now, self._parts.context(now).business.zone, language)

    async def listed(self, who: SignedIn, asked: Asked, language: str) -> ListShown:
        """The list, and how many there are in each tab."""
        reader = await self.reader(language)
        sees = who.may(Act.SEE_CONTACT)
        if asked.words:
            return await self._found(who, asked, reader)
        view = InboxView(asked.tab, who.id, reader.now, asked.order, asked.only)
        page = await self._parts.leads.page(view, ROWS, asked.cursor)
        counts = {
            tab.value: await self._parts.leads.count(InboxView(tab, who.id, reader.now))
            for tab in (InboxTab.MINE, InboxTab.UNASSIGNED)
        }
        present = await self._present([one.lead.id for one in page.leads], who)
        rows = [
            row_of(one.lead, reader, who.id, self.name_of, present.get(one.lead.id, ()), sees_contact=sees)
            for one in page.leads
        ]
        return ListShown(asked, rows, counts, page.next_cursor)

    async def _found(self, who: SignedIn, asked: Asked, reader: Reader) -> ListShown:
        """What the words in the box find, the surest first; each conversation once."""
        page = await self._parts.search.find(asked.words, ROWS, asked.cursor)
        sees, rows = who.may(Act.SEE_CONTACT), {}
        for hit in page.hits:
            if hit.stored.lead.id in rows:
                continue
            row = row_of(hit.stored.lead, reader, who.id, self.name_of, sees_contact=sees)
            if hit.line is not None:
                row = replace(row, preview=" ".join(hit.line.text.split())[:120], speaker="")
            elif hit.booking is not None:
                row = replace(row, preview=str(hit.booking), speaker="")
            rows[hit.stored.lead.id] = row
        return ListShown(asked, list(rows.values()), {}, page.next_cursor, page.opens)

    async def _present(self, leads: Sequence[LeadId], who: SignedIn) -> Mapping[LeadId, Sequence[tuple[str, bool]]]:
        """Which colleagues look at these, and whether they type."""
        found = await self._parts.presence.of(leads)
        await self._colleagues.know(one.agent for present in found.values() for one in present)
        return {
            lead: [(self.name_of(one.agent), one.is_typing) for one in present if one.agent != who.id]
            for lead, present in found.items()
        }

    async def stored(self, lead_id: str) -> StoredLead:
        """That conversation, or the one it was merged into; NoSuchLead."""
        stored = await living(self._parts.leads, LeadId(lead_id))
        if stored is None:
            raise NoSuchLead(lead_id)
        return stored

    async def thread(self, who: SignedIn, lead_id: str, language: str, cursor: str | None = None) -> ThreadShown:
        """The conversation's last lines, or those before the cursor."""
        stored, reader = await self.stored(lead_id), await self.reader(language)
        page = await self._parts.messages.page(stored.lead.id, LINES, cursor)
        failed = [line.id for line in page.lines if line.tick in {DeliveryStatus.FAILED, DeliveryStatus.PERHAPS}]
        facts = ThreadFacts(
            readable=await self._contents.readable(
                stored.lead.id, f"/console/inbox/{stored.lead.id}", page.lines, language
            ),
            understood=await self._understood(stored.lead, page, language),
            sent_again=await self._parts.staff_sender.sent_again(failed),
        )
        sees = who.may(Act.SEE_CONTACT)
        present = (await self._present([stored.lead.id], who)).get(stored.lead.id, ())
        return ThreadShown(
            row=row_of(stored.lead, reader, who.id, self.name_of, present, sees_contact=sees),
            bubbles=bubbles_of(page.lines, reader, self.name_of, facts),
            earlier=page.next_cursor,
            bot_drafts=[
                BotDraft(queued.effect.id, as_text(queued.effect.command))
                for queued in stored.outbox
                if queued.status is Status.DRAFT and isinstance(queued.effect.command, ChatCommand)
            ],
            turn=stored.lead.inbox.turn,
            later=[
                PlannedWords(one.id, one.body, reader.exact(one.at), None if one.stopped is None else one.stopped.value)
                for one in stored.lead.inbox.later
            ],
            stored=stored,
            colleagues=[(user.id, user.name or user.id) for user in self._colleagues.who_write()],
            partner=await self._parts.partner_numbers.directory.partner_of(stored.lead.address),
        )

    async def media(self, lead_id: str, line_id: str) -> Media | None:
        """The file that a line of that conversation holds, as far as it is known."""
        stored = await self.stored(lead_id)
        return await self._contents.file(stored.lead.id, line_id)

    async def _understood(self, lead: Lead, page: Transcript, language: str) -> Mapping[str, tuple[str, ...]]:
        """How the customer's last words were understood, by line."""
        zone = self._parts.context(await self._parts.clock.business_now()).business.zone
        theirs = [line for line in page.lines if line.author == "customer"][-EXPLAINED:]
        found: dict[str, tuple[str, ...]] = {}
        for line in theirs:
            try:
                kept = await self._parts.interpreter.kept_about(lead.id, DeliveryId(line.id))
            except Exception as error:
                # what nobody can read any more hides no message
                log.warning("understanding_unreadable", problem=type(error).__name__)
                continue
            if kept is not None:
                found[line.id] = understood_words(kept.understanding, zone, language)
        return found

    async def line(self, lead_id: str, line_id: str) -> TranscriptLine | None:
        """One line of that conversation."""
        stored = await self.stored(lead_id)
        return await self._parts.messages.line(stored.lead.id, line_id)

    async def context(self, who: SignedIn, lead_id: str, language: str) -> ContextShown:
        """What is booked, what is open, and what was before."""
        stored, reader = await self.stored(lead_id), await self.reader(language)
        lead = stored.lead
        context = await self._parts.decisions.context_for(lead, reader.now)
        first = lead.open_booking
        alive = [one for one in reversed(lead.bookings) if one.state not in CLOSED and one is not first]
        cards = []
        for booking in [*([] if first is None else [first]), *alive][:CARDS]:
            try:
                shown = await self._bookings.shown(FoundBooking(lead.rated(booking), lead.id))
            except NoSuchBooking:
                continue
            role = who.role_for(Act.CHANGE)
            by = Requester(who.id, "" if role is None else role.value)
            found = actions(booking, context, by) if role is not None else ()
            step = next_step(lead, booking, context, language)
            await self._colleagues.know(move.by for move in shown.history[-MOVES:] if move.role is not None)
            cards.append(card_of(booking, shown, found, context, reader, who.may, step, self.name_of))
        page = await self._parts.bookings.page(lead.id, None, EARLIER + CARDS + 1, None)
        here = {str(booking.reference) for booking in lead.bookings if booking.state not in CLOSED}
        earlier = []
        for recorded in page.bookings:
            booking = recorded.booking
            if str(booking.reference) in here:
                continue
            service = context.business.service(booking.service or "")
            day = "" if booking.chosen is None else reader.exact(booking.chosen.start)
            earlier.append((str(booking.reference), "" if service is None else service.name.say(language), day))
        return ContextShown(
            row=row_of(lead, reader, who.id, self.name_of, sees_contact=who.may(Act.SEE_CONTACT)),
            alarms=[
                (alarm_words(alarm.named or alarm.reason.value, language), reader.span(reader.now - alarm.since))
                for alarm in sorted(lead.alarms, key=lambda alarm: alarm.since)
            ],
            cards=cards,
            earlier=earlier[:EARLIER],
        )
