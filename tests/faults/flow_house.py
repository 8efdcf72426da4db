"""The form desk over a real `mongod`, with the real door and phones in front, and faults on demand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import httpx

from bot.domain.commands import SendFlow
from bot.domain.ids import EffectId, LeadId
from bot.domain.lead import Address, Lead
from bot.engine.flow_service import FORM, FlowService
from bot.slots import claims as claiming
from bot.slots.slot import Slot, read_slot_id
from bot.store.claims import Claimant, Claims, Held, HoldId
from bot.store.driver import Database
from bot.store.flow_sessions import FlowSessions, Form
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.migrations import migrate
from bot.store.published_flows import PublishedFlows
from bot.store.ratings import Ratings
from bot.store.received import Received
from bot.store.scores_lately import ScoresLately
from bot.store.sealing import MasterKeys
from bot.store.vault import Vault
from flows.booking import booking_flow
from simulator.flow_client.choices import typed
from simulator.flow_client.client import FlowClient, Outcome
from simulator.flow_client.inputs import CannotTap
from tests.bot.business.makers import sample
from tests.flows.shop import KEYS, SECRET
from tests.flows.vectors import recorded_keys
from webhooks.doors.flows import PATH, FlowsDoor
from webhooks.edge.raw import RawDoors

NOW: Final = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PAGES: Final[dict[str, dict[str, str]]] = {
    "SERVICE": {"service": "sunrise-yoga"},
    "PLACE": {"place": "#1"},
    "DAY": {"day": "#1"},
    "TIME": {"time": "#1"},
    "DETAILS": {"guests": "#2", "name": "Ayu", "notes": ""},
    "REVIEW": {},
}
FLOW: Final[dict[str, Any]] = dict(booking_flow("en").as_json())


class Crash(Exception):
    """The process died here."""


@dataclass(slots=True)
class Clock:
    """Business time, moved by hand."""

    now: datetime = NOW

    async def business_now(self) -> datetime:
        return self.now


class FlakySessions(FlowSessions):
    """Sessions that die before or after a save, when asked to."""

    dies = ""
    frozen: asyncio.Event | None = None
    """The next load waits here with what it has read: a process that sleeps in the middle of an exchange."""
    asleep: asyncio.Event | None = None

    async def load(self, token: str) -> Form | None:
        form = await super().load(token)
        gate, self.frozen = self.frozen, None
        if gate is not None:
            assert self.asleep is not None
            self.asleep.set()
            await gate.wait()
        return form

    async def save(self, form: Form, transaction: Any = None) -> bool:
        if self.dies == "before":
            self.dies = ""
            raise Crash
        saved = await super().save(form, transaction)
        if self.dies == "after":
            self.dies = ""
            raise Crash
        return saved


Done = TypeVar("Done")


class FlakyClaims(Claims):
    """Claims whose process dies right after a transaction is committed, when asked to."""

    dies = False

    async def together(self, once: Callable[[Any], Awaitable[Done]]) -> Done:
        outcome = await super().together(once)
        if self.dies:
            self.dies = False
            raise Crash
        return outcome


@dataclass(slots=True)
class FlowHouse:
    """One house, one customer, one form."""

    db: Database
    desk: FlowService
    sessions: FlakySessions
    claims: FlakyClaims
    clock: Clock
    lead: Lead
    http: httpx.AsyncClient
    token: str = ""
    bodies: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    async def invite(self, effect: str = "event:0", lead: Lead | None = None) -> str:
        """Send a form; its token."""
        order = SendFlow("body", "Book", "flow", "en")
        return (await self.desk.invited(lead or self.lead, EffectId(effect), 0, order)).token

    def phone(self, token: str = "") -> FlowClient:
        """A phone with the form."""

        async def public_key() -> str:
            return recorded_keys()["public"]

        async def no_pause(_: float) -> None:
            return None

        return FlowClient(
            flow=FLOW,
            endpoint_url=f"http://door.test{PATH}",
            token=token or self.token,
            app_secret=SECRET,
            public_key=public_key,
            http=self.http,
            pause=no_pause,
        )

    async def again(self, index: int) -> httpx.Response:
        """Any earlier request, word for word."""
        body, headers = self.bodies[index % len(self.bodies)]
        return await self.http.post(f"http://door.test{PATH}", content=body, headers=headers)

    async def form(self, token: str = "") -> Form:
        """The form as it is stored."""
        form = await self.sessions.load(token or self.token)
        assert form is not None
        return form

    async def held(self) -> dict[str, int]:
        """What forms hold alive: claims by hold id."""
        now = self.clock.now
        rows = await self.db["claims"].find({"hold": {"$regex": "^form:"}, "expires_at": {"$gt": now}}).to_list(None)
        found: dict[str, int] = {}
        for row in rows:
            found[row["hold"]] = found.get(row["hold"], 0) + 1
        return found

    async def told(self) -> int:
        """How often leads were told that a form was sent."""
        count: int = await self.db["received"].count_documents({"kind": FORM})
        return count

    async def take(self, slot_id: str, guests: int | None = None, hold: str = "rival") -> bool:
        """Somebody else takes so many seats of that time, or all."""
        business, name = sample(), read_slot_id(slot_id)
        assert name is not None
        service = business.service(name.service)
        assert service is not None
        slot = Slot(name.service, name.provider, name.place, name.start, name.start + service.duration)
        needs = claiming.needs_of(business, service, slot, guests or service.capacity)
        claimant = Claimant(HoldId(hold), LeadId("somebody"))
        until = self.clock.now + timedelta(days=365)
        return isinstance(await self.desk.claims.claim(claimant, needs, now=self.clock.now, expires_at=until), Held)


async def step(phone: FlowClient, **changes: str) -> Outcome | None:
    """Fill the screen on top as usual and tap its button; nothing where a phone would not let it."""
    try:
        top = phone.top
        wanted = {**PAGES[top.screen], **changes}
        return await phone.submit(**typed(FLOW, top.screen, top.data, wanted))
    except CannotTap:
        return None


async def go_to(phone: FlowClient, screen: str) -> None:
    """Open the form and walk to that screen."""
    await phone.open()
    while phone.top.screen != screen:
        before = phone.top.screen
        await step(phone)
        assert phone.top.screen != before


@asynccontextmanager
async def opened(db: Database) -> AsyncIterator[FlowHouse]:
    """A house over that database."""
    await migrate(db)
    vault = Vault(db, MasterKeys.from_secret("a secret of the tests"))
    clock, sessions, claims = Clock(), FlakySessions(db, vault), FlakyClaims(db)
    business = sample()
    desk = FlowService(
        sessions,
        claims,
        Received(db),
        Messages(db, vault),
        Leads(db, vault),
        vault,
        PublishedFlows(db),
        clock,
        lambda: business,
        ("a secret key of the tests",),
        ScoresLately(Ratings(db)),
    )
    door = FlowsDoor(_surviving(desk), KEYS, app_secret=SECRET)
    lead = Lead(LeadId("lead-1"), Address(wa_id="6281234567890"), name="Ayu")
    await desk.leads.create(lead)
    inside = httpx.ASGITransport(app=RawDoors(door.routes(), nothing_beyond))
    house = FlowHouse(db, desk, sessions, claims, clock, lead, httpx.AsyncClient())
    house.http = httpx.AsyncClient(transport=_Recorded(inside, house))
    await desk.published.set_ids({"en": "flow"})
    house.token = await house.invite()
    try:
        yield house
    finally:
        await house.http.aclose()
        door.close()


async def nothing_beyond(*_: Any) -> None:
    """The only doors there are."""
    raise AssertionError("asked for another path")


def _surviving(desk: FlowService) -> Any:
    """A death of the process is no answer: what the phone sees is a time-out."""

    async def exchange(request: Any) -> Any:
        try:
            return await desk.exchange(request)
        except Crash:
            raise TimeoutError from None

    return exchange


class _Recorded(httpx.AsyncBaseTransport):
    """The network, which remembers every request."""

    def __init__(self, inside: httpx.AsyncBaseTransport, house: FlowHouse) -> None:
        self._inside = inside
        self._house = house

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        signature = request.headers.get("X-Hub-Signature-256", "")
        self._house.bodies.append((body, {"X-Hub-Signature-256": signature}))
        return await self._inside.handle_async_request(request)


async def together(*calls: Any) -> list[Any]:
    """All at once."""
    return list(await asyncio.gather(*calls))


def later(house: FlowHouse, minutes: float) -> None:
    """Business time passes."""
    house.clock.now = house.clock.now + timedelta(minutes=minutes)
