"""What the palette finds by name, number, reference or words, for whoever asks; pages and acts stand in the page."""

from dataclasses import dataclass
from typing import Final

from quart import Blueprint, Response, request

from bot.domain.ids import BookingReference
from bot.domain.search import wish_of
from bot.engine.parts import Parts
from bot.engine.search import LANGUAGES, Hit
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.inbox.rows import shown_name
from webhooks.console.pages import CALENDAR, INBOX
from webhooks.console.rendering import Renderer, language_here

FOUND: Final = 8
LEAST: Final = 2
"""Of fewer letters nothing is asked: they would find everybody."""


@dataclass(frozen=True, slots=True)
class PaletteFind:
    """A conversation or a booking, and where it is read."""

    title: str
    detail: str
    address: str
    icon: str


class PaletteSearch:
    """Its one route."""

    def __init__(self, parts: Parts, render: Renderer) -> None:
        self._parts = parts
        self._render = render

    def add_to(self, routes: Blueprint) -> None:
        """Put it on the console's blueprint."""
        routes.add_url_rule("/palette", "get_palette", self.get_palette)

    @may(Act.LOOK)
    async def get_palette(self) -> Response:
        """What these letters find."""
        asked = request.args.get("q", "").strip()[:100]
        found: list[PaletteFind] = []
        if len(asked) >= LEAST:
            reads = signed_in().may(Act.READ_CONVERSATIONS)
            found = await (self._conversations(asked) if reads else self._booked(asked))
        return self._render.fragment("palette_found.html", found=found)

    async def _conversations(self, asked: str) -> list[PaletteFind]:
        """Each conversation once, as the inbox's own search finds them."""
        page = await self._parts.search.find(asked, FOUND)
        first: dict[str, Hit] = {}
        for hit in page.hits:
            first.setdefault(hit.stored.lead.id, hit)
        return [_conversation(hit) for hit in first.values()]

    async def _booked(self, asked: str) -> list[PaletteFind]:
        """A booking by its reference, on its day: what customers write is not for who asks."""
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        reference = wish_of(asked, business.currency, business.zone, now, LANGUAGES).reference
        kept = None if reference is None else await self._parts.bookings.find(BookingReference(reference))
        if kept is None:
            return []
        service = business.service(kept.booking.service or "")
        detail = "" if service is None else service.name.say(language_here())
        slot = kept.booking.chosen
        day = "" if slot is None else f"?day={slot.start.astimezone(business.zone).date().isoformat()}"
        return [PaletteFind(str(kept.booking.reference), detail, f"{CALENDAR.address}{day}", CALENDAR.icon)]


def _conversation(hit: Hit) -> PaletteFind:
    lead = hit.stored.lead
    name = shown_name(lead, language_here(), sees_contact=signed_in().may(Act.SEE_CONTACT))
    address = f"{INBOX.address}/{lead.id}"
    if hit.booking is not None:
        return PaletteFind(name, str(hit.booking), address, CALENDAR.icon)
    words = "" if hit.line is None else " ".join(hit.line.text.split())[:120]
    return PaletteFind(name, words, address, "message-square-text")
