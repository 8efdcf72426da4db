"""A small shop behind a Flow door, in memory: sessions by version, holds by slot, and faults on demand.

It is the shell that `flows.exchange` describes, no more; the real one lives behind the HTTP door.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import httpx

from flows.booking import booking_flow
from flows.definition import EDITION, JsonObject
from flows.envelope import ReplyKey, admit, seal_response
from flows.errors import FlowRefused, TokenExpired
from flows.exchange import (
    Answered,
    FlowOrder,
    HoldOutcome,
    HoldSlot,
    ReleaseHold,
    SubmitForm,
    acknowledge,
    after_hold,
    decide_exchange,
    needs,
)
from flows.keys import FlowKeys, load_key
from flows.reply import closing_body
from flows.request import ErrorNotification, FormOpened, FormRequest, Ping, parse_request
from flows.session import Answers, FlowSession, FlowToken, HoldId, Purpose
from flows.view import ANYONE, BookingView, Choice, Days, GuestChoice, Review, SlotId
from simulator.flow_client.client import FlowClient
from tests.flows.vectors import recorded_keys

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HOLD_LIFE = timedelta(minutes=10)
SERVICES = (
    Choice("balinese", "Balinese massage", "90 minutes", "Rp450.000"),
    Choice("facial", "Facial", "60 minutes", "Rp300.000"),
)
DAYS = Days(date(2026, 11, 23), date(2026, 12, 20), (date(2026, 11, 25),))
PLACES = (Choice("melati", "Villa Melati", "Seminyak"), Choice("padi", "Villa Padi", "Ubud"))
"""Where the massage is given, in a shop that goes to villas; the facial is always at home."""
HOURS = ("10:00", "12:00", "14:00")
PEOPLE = (Choice(ANYONE, "Anyone"), Choice("ayu", "Ayu Spa"), Choice("komang", "Komang Wellness"))
"""Who gives the massage, in a shop that lets choose."""
HOURS_OF = {"ayu": HOURS[:2], "komang": HOURS[2:]}
KOMANG_IS_AWAY = date(2026, 11, 24)
TOKEN = FlowToken("booking~n0nce~lead-1.signature")
KEYS = FlowKeys(load_key(recorded_keys()["pkcs8"]))
SECRET = "app-secret"


def session_of(token: FlowToken = TOKEN, lead_id: str = "lead-1") -> FlowSession:
    """A form just sent to a customer."""
    return FlowSession(
        token=token,
        lead_id=lead_id,
        purpose=Purpose.BOOKING,
        hold_id=HoldId(f"hold-{token}"),
        expires_at=NOW + timedelta(days=2),
    )


def slot_of(service_id: str, day: date, hour: str) -> SlotId:
    """A slot's id."""
    return SlotId(f"{service_id}|{day.isoformat()}|{hour}")


@dataclass(frozen=True, slots=True)
class Claim:
    """One held slot."""

    hold_id: HoldId
    until: datetime


@dataclass(slots=True)
class Shop:
    """The door, the stores, and what goes wrong with them."""

    language: str = "en"
    now: datetime = NOW
    keys: FlowKeys = KEYS
    sessions: dict[str, FlowSession] = field(default_factory=lambda: {TOKEN: session_of()})
    claims: dict[SlotId, Claim] = field(default_factory=dict)
    submissions: list[FlowToken] = field(default_factory=list)
    errors: list[ErrorNotification] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    services: tuple[Choice, ...] = SERVICES
    places: tuple[Choice, ...] = ()
    people: tuple[Choice, ...] = ()
    edition: int = EDITION
    """In which the form is published."""
    crash_before_save: bool = False
    crash_after_save: bool = False
    lose_answer: bool = False
    spoil: bytes | None = None
    rival_takes: SlotId | None = None

    async def serve(self, request: httpx.Request) -> httpx.Response:
        """The HTTP door, faults included."""
        self.bodies.append(request.content)
        status, body = self.door(request.content)
        if self.lose_answer:
            raise httpx.ReadTimeout("the answer is lost on the way")
        return httpx.Response(status, text=body)

    def door(self, raw: bytes) -> tuple[int, str]:
        """Status and body for one raw request."""
        reply_key: ReplyKey | None = None
        try:
            opened = admit(raw, is_signed=True, keys=self.keys)
            reply_key = opened.reply_key
            return 200, seal_response(self.spoil or self.answer(opened.plaintext), opened.reply_key)
        except TokenExpired as closed:
            assert reply_key is not None
            return closed.status, seal_response(closing_body(closed.error_msg).encode(), reply_key)
        except FlowRefused as refused:
            return refused.status, ""
        except InterruptedError:
            return 500, ""

    def answer(self, plaintext: bytes) -> bytes:
        """Everything between opening and sealing."""
        request = parse_request(plaintext)
        if isinstance(request, Ping | ErrorNotification):
            if isinstance(request, ErrorNotification):
                self.errors.append(request)
            return acknowledge(request).plaintext
        return self.exchange(request).reply.plaintext

    def exchange(self, request: FormRequest) -> Answered:
        """Load, decide, hold, save and tell in one, perform."""
        session = self.sessions.get(request.token)
        if session is not None and isinstance(request, FormOpened):
            session = session.opened(self.edition)
        view = self.view(needs(session, request), session)
        decided = decide_exchange(session, request, view, self.now)
        if self.rival_takes is not None:
            self.take_by_others(self.rival_takes)
        if not isinstance(decided, Answered):
            self.release(decided.orders[0])
            decided = after_hold(decided, self.hold(decided.orders[1]), view, self.now)
        if self.crash_before_save:
            raise InterruptedError
        self.sessions[request.token] = replace(decided.session, version=decided.session.version + 1)
        self.submissions += [order.token for order in decided.orders if isinstance(order, SubmitForm)]
        if self.crash_after_save:
            raise InterruptedError
        for order in decided.orders:
            self.perform(order)
        return decided

    def perform(self, order: FlowOrder) -> None:
        """One order."""
        if isinstance(order, ReleaseHold):
            self.release(order)
        elif isinstance(order, HoldSlot):
            self.hold(order)

    def hold(self, order: HoldSlot) -> HoldOutcome:
        """Claim, or say that somebody else has it."""
        there = self.claims.get(order.slot_id)
        if there and there.hold_id != order.hold_id and there.until > self.now:
            return HoldOutcome.TAKEN
        self.claims[order.slot_id] = Claim(order.hold_id, self.now + HOLD_LIFE)
        return HoldOutcome.HELD

    def release(self, order: ReleaseHold) -> None:
        """Let go."""
        self.claims = {
            slot: claim
            for slot, claim in self.claims.items()
            if claim.hold_id != order.hold_id or slot == order.keeping
        }

    def is_free(self, slot: SlotId, hold_id: HoldId | None) -> bool:
        """Whether a form with this hold id may be offered the slot."""
        claim = self.claims.get(slot)
        return claim is None or claim.hold_id == hold_id or claim.until <= self.now

    def view(self, answers: Answers, session: FlowSession | None) -> BookingView:
        """What can be offered for these picks."""
        hold_id = session.hold_id if session else None
        view = BookingView(self.language, self.services)
        if answers.service_id not in {service.id for service in self.services}:
            return view
        guests = tuple(Choice(str(number), f"{number}") for number in (1, 2, 3))
        if session is not None and session.edition > 1 and answers.service_id == SERVICES[0].id:
            view = replace(view, places=self.places)
        if view.places and answers.place_id not in {place.id for place in view.places}:
            return view
        view = replace(view, days=DAYS, party=GuestChoice(guests, "Ayu"))
        if session is not None and session.edition > 2 and answers.service_id == SERVICES[0].id:
            view = replace(view, providers=self.people)
        if view.providers and (answers.provider_id or answers.wished.provider_id) == "komang":
            view = replace(view, days=replace(DAYS, unavailable=(*DAYS.unavailable, KOMANG_IS_AWAY)))
        if answers.day is None or view.days is None or not view.days.allows(answers.day):
            return view
        hours = HOURS_OF.get(str(answers.provider_id), HOURS) if view.providers else HOURS
        slots = [slot_of(str(answers.service_id), answers.day, hour) for hour in hours]
        times = tuple(Choice(slot, slot[-5:]) for slot in slots if self.is_free(slot, hold_id))
        hour = "" if answers.wished.minute is None else f"{answers.wished.minute // 60:02}:00"
        wished = next((SlotId(time.id) for time in times if time.title == hour), None)
        view = replace(view, times=times, wished_time=wished)
        if answers.slot_id is None or answers.guests is None:
            return view
        return replace(view, review=Review(str(answers.slot_id), f"Rp{answers.guests * 450}.000", "Terms"))

    def take_by_others(self, slot: SlotId) -> None:
        """Somebody else gets in first, if the slot is free."""
        if self.is_free(slot, None):
            self.claims[slot] = Claim(HoldId("others"), self.now + timedelta(days=365))

    def held_by_forms(self) -> dict[SlotId, HoldId]:
        """Live claims of forms."""
        return {
            slot: claim.hold_id
            for slot, claim in self.claims.items()
            if claim.hold_id != "others" and claim.until > self.now
        }

    def phone(self, http: httpx.AsyncClient, token: str = TOKEN, flow: JsonObject | None = None) -> FlowClient:
        """A customer's phone with the form, as it is published now or as it is given."""

        async def public_key() -> str:
            return recorded_keys()["public"]

        async def no_pause(_: float) -> None:
            return None

        return FlowClient(
            flow=booking_flow(self.language).as_json() if flow is None else flow,
            endpoint_url="http://door.test/webhooks/flows",
            token=token,
            app_secret=SECRET,
            public_key=public_key,
            http=http,
            pause=no_pause,
        )

    def line(self) -> httpx.AsyncClient:
        """The network between phone and door."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self.serve))
