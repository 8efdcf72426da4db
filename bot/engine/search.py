"""Finds conversations by one box of words: references first, then numbers, names, sums, days, and words said."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from bot.business.context import Context
from bot.domain.ids import BookingReference, LeadId
from bot.domain.outbox import StoredLead
from bot.domain.search import SearchKind, SearchWish, wish_of
from bot.engine.living import living
from bot.store import search_terms as terms
from bot.store.bookings import Bookings
from bot.store.clock import Clock
from bot.store.leads import Leads
from bot.store.messages import Messages, TranscriptLine
from bot.store.paging import BadCursor

_KINDS: Final = tuple(SearchKind)
LANGUAGES: Final = ("en", "id", "vi")


@dataclass(frozen=True, slots=True)
class Hit:
    """One conversation, and by what it was found."""

    kind: SearchKind
    stored: StoredLead
    booking: BookingReference | None = None
    line: TranscriptLine | None = None


@dataclass(frozen=True, slots=True)
class HitPage:
    """Some of what was found; `next_cursor` goes on where it ends."""

    hits: tuple[Hit, ...]
    next_cursor: str | None
    opens: LeadId | None = None
    """The one that an exact reference names."""


@dataclass(frozen=True, slots=True)
class _Part:
    hits: list[Hit]
    following: str | None = None


@dataclass(frozen=True, slots=True)
class ConversationSearch:
    """Each way of finding has an index; a page goes through them in order and remembers where it was."""

    leads: Leads
    bookings: Bookings
    messages: Messages
    clock: Clock
    context: Callable[[datetime], Context]

    async def find(self, text: str, limit: int, cursor: str | None = None) -> HitPage:
        """What these words find, the surest first; BadCursor."""
        now = await self.clock.business_now()
        business = self.context(now).business
        wish = wish_of(text, business.currency, business.zone, now, LANGUAGES)
        at, inner = _place(cursor)
        found: list[Hit] = []
        while at < len(_KINDS):
            part = await self._part(_KINDS[at], wish, limit - len(found), inner, now)
            found += part.hits
            if part.following is None:
                at, inner = at + 1, None
            else:
                inner = part.following
            if len(found) >= limit:
                break
        following = None if at >= len(_KINDS) else f"{_KINDS[at].value}.{inner or ''}"
        opens = next((hit.stored.lead.id for hit in found if hit.kind is SearchKind.REFERENCE), None)
        return HitPage(tuple(found), following, opens)

    async def _part(self, kind: SearchKind, wish: SearchWish, limit: int, cursor: str | None, now: datetime) -> _Part:
        match kind:
            case SearchKind.REFERENCE:
                if wish.reference is None:
                    return _Part([])
                found = await self.bookings.find(BookingReference(wish.reference))
                rows = [] if found is None else [(found.booking.reference, found.lead)]
                return _Part(await self._of_bookings(kind, rows))
            case SearchKind.NUMBER:
                return await self._of_leads(kind, terms.asked_number(wish.text), limit, cursor)
            case SearchKind.NAME:
                return await self._of_leads(kind, terms.asked_name(wish.text), limit, cursor)
            case SearchKind.AMOUNT:
                if wish.amount is None:
                    return _Part([])
                rows, following = await self.bookings.of_amount(wish.amount, limit, cursor)
                return _Part(await self._of_bookings(kind, rows), following)
            case SearchKind.DAY:
                if not wish.days:
                    return _Part([])
                zone = self.context(now).business.zone
                day = wish.days[0]
                begin = datetime.combine(day, time(), zone)
                rows, following = await self.bookings.of_day(begin, begin + timedelta(days=1), limit, cursor)
                return _Part(await self._of_bookings(kind, rows), following)
            case SearchKind.WORDS:
                asked = terms.asked_text(wish.text)
                if not asked:
                    return _Part([])
                lines, following = await self.messages.with_words(asked, limit, cursor)
                stored = await asyncio.gather(*(living(self.leads, found.lead) for found in lines))
                hits = [
                    Hit(kind, lead, line=found.line)
                    for found, lead in zip(lines, stored, strict=True)
                    if lead is not None
                ]
                return _Part(hits, following)

    async def _of_leads(
        self, kind: SearchKind, asked: Sequence[tuple[str, str]], limit: int, cursor: str | None
    ) -> _Part:
        if not asked:
            return _Part([])
        page = await self.leads.found_by(asked, limit, cursor)
        return _Part([Hit(kind, stored) for stored in page.leads], page.next_cursor)

    async def _of_bookings(self, kind: SearchKind, rows: Sequence[tuple[BookingReference, LeadId]]) -> list[Hit]:
        stored = await asyncio.gather(*(living(self.leads, lead) for _, lead in rows))
        return [
            Hit(kind, lead, booking=reference)
            for (reference, _), lead in zip(rows, stored, strict=True)
            if lead is not None
        ]


def _place(cursor: str | None) -> tuple[int, str | None]:
    """Which way of finding goes on, and where."""
    if cursor is None:
        return 0, None
    kind, _, inner = cursor.partition(".")
    if kind not in set(SearchKind):
        raise BadCursor(cursor[:80])
    return _KINDS.index(SearchKind(kind)), inner or None
