"""`/api/v1/services` and `/api/v1/bookings`: what can be booked, what is, and the engine's methods (CONTRACT)."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import orjson
from quart import Blueprint, Response, request

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.definition import Business
from bot.domain.events import StaffAction
from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.engine import staff_actions
from bot.engine.parts import Parts
from bot.engine.staff_actions import Done, FoundBooking, NoSuchBooking
from bot.engine.takeover import NoSuchLead
from bot.lifecycle.rules.rule import Reason
from bot.replies import reasons as reason_words
from bot.slots.free import Search
from bot.store.claims import TooBusy
from intents.understanding import Language
from webhooks.api.bookings import views
from webhooks.api.guard import ApiGuard, RequestRefused, fields
from webhooks.edge.problems import answer, problem

PREFIX: Final = "/api/v1"
MOST_DAYS: Final = 62
MOST: Final = 200
USUAL: Final = 50

Json = dict[str, Any]
MoneyOf = Callable[[str, str], Awaitable[Json]]
"""The money fields of a booking: by the name its money is kept under, in a currency."""


@dataclass(frozen=True, slots=True)
class _Here:
    """A booking and the lead it belongs to."""

    found: FoundBooking
    lead: Lead


class BookingsApi:
    """Reads what is free and booked; writes through the engine, after the rules said yes."""

    def __init__(self, parts: Parts, guard: ApiGuard, money: MoneyOf | None = None) -> None:
        self._parts = parts
        self._guard = guard
        self._money = money

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("bookings", __name__, url_prefix=PREFIX)
        routes.add_url_rule("/services", view_func=self.get_services)
        routes.add_url_rule("/services/<service>/slots", view_func=self.get_slots)
        routes.add_url_rule("/bookings", view_func=self.get_bookings)
        routes.add_url_rule("/bookings", view_func=self.post_booking, methods=["POST"])
        routes.add_url_rule("/bookings/<reference>", view_func=self.get_booking)
        routes.add_url_rule("/bookings/<reference>/verdict", view_func=self.get_verdict)
        routes.add_url_rule("/bookings/<reference>/<step>", view_func=self.post_step, methods=["POST"])
        routes.register_error_handler(NoSuchBooking, _no_such_booking)
        routes.register_error_handler(TooBusy, _too_busy)
        return routes

    async def get_services(self) -> Response:
        """The catalogue."""
        self._guard.require(request)
        business = await self._business()
        items = [views.service(business, one) for one in business.services]
        return answer({"items": items, "next_cursor": None})

    async def get_slots(self, service: str) -> Response:
        """The free times of a service between two local days, both included."""
        self._guard.require(request)
        business, now = await self._business(), await self._parts.clock.business_now()
        known = business.service(service)
        if known is None:
            return problem(404, "no-such-service", "There is no such service.")
        first = _day("from") or now.astimezone(business.zone).date()
        last = _day("to") or first + timedelta(days=7)
        if not 0 <= (last - first).days < MOST_DAYS:
            return problem(400, "bad-range", f"to is from or up to {MOST_DAYS - 1} days later.")
        guests = _number("guests", known.min_guests)
        place, provider = request.args.get("place"), request.args.get("provider")
        search = Search(
            ServiceId(service),
            first,
            last,
            PlaceId(place) if place else None,
            ProviderId(provider) if provider else None,
            guests,
            _number("nights", 1 if known.nights is None else known.nights.least),
        )
        items = [views.slot(business, one, guests) for one in await staff_actions.free(self._parts, search, now)]
        return answer({"items": items, "next_cursor": None})

    async def get_bookings(self) -> Response:
        """Bookings of a lead or in a state, the last changed first; a row leaves money and history out."""
        self._guard.require(request)
        state = request.args.get("state")
        if state is not None and state not in set(State):
            return problem(400, "unknown-state", f"state is one of {', '.join(State)}.")
        limit = min(_number("limit", USUAL), MOST)
        page = await self._parts.bookings.page(request.args.get("lead"), state, limit, request.args.get("cursor"))
        business = await self._business()
        items = [views.booking(business, one.booking, one.lead) for one in page.bookings]
        return answer({"items": items, "next_cursor": page.next_cursor})

    async def get_booking(self, reference: str) -> Response:
        """One booking with all that is known of it."""
        self._guard.require(request)
        return answer(await self._shown(await staff_actions.find(self._parts, reference)))

    async def get_verdict(self, reference: str) -> Response:
        """May it go there, why not, how to mend it, who can."""
        self._guard.require(request)
        target = request.args.get("target", "")
        if target not in set(State):
            return problem(400, "unknown-state", f"target is one of {', '.join(State)}.")
        here = await self._here(reference)
        now = await self._parts.clock.business_now()
        verdict = staff_actions.judged(self._parts, here.found.booking, here.lead, State(target), now)
        told = replace(verdict, reasons=reason_words.in_words(verdict.reasons, _language(here.lead)))
        return answer(views.verdict(told))

    async def post_booking(self) -> Response:
        """A booking by hand: 201 with the booking, 409 with reasons when the time is gone."""
        self._guard.require(request)

        async def act(body: bytes) -> Response:
            given = fields(body, "lead_id", "service", "slot_id")
            service = (await self._business()).service(given["service"])
            if service is None:
                return problem(422, "no-such-service", "There is no such service.")
            guests = _whole(body, "guests", service.min_guests)
            lead = await self._lead(LeadId(given["lead_id"]))
            outcome = await staff_actions.create(self._parts, lead, service, given["slot_id"], guests, self._name(body))
            return await self._answered(outcome, "time-not-available", 201, lead)

        return await self._guard.run_once(request, act)

    async def post_step(self, reference: str, step: str) -> Response:
        """One of the engine's methods: propose, confirm, reschedule, cancel, show-up."""
        self._guard.require(request)
        if step not in {"propose", "confirm", "reschedule", "cancel", "show-up"}:
            return problem(404, "not-found", "There is no such step.")

        async def act(body: bytes) -> Response:
            here = await self._here(reference)
            return await self._answered(await self._step(here, step, body), "step-blocked", 200, here.lead)

        return await self._guard.run_once(request, act)

    async def _step(self, here: _Here, step: str, body: bytes) -> Done | Sequence[Reason]:
        name = self._name(body)
        said: tuple[tuple[str, str], ...] = ()
        match step:
            case "confirm":
                slot_id = fields(body, "slot_id")["slot_id"]
                return await staff_actions.confirm(self._parts, here.found, here.lead, slot_id, name)
            case "reschedule" | "cancel":
                said = (("reason", fields(body, "reason")["reason"]),)
            case "show-up":
                said = (("came", "true" if _yes_or_no(body, "showed_up") else "false"),)
            case _:
                pass
        return await staff_actions.step(self._parts, here.found, here.lead, StaffAction(step), said, name)

    async def _answered(self, outcome: Done | Sequence[Reason], kind: str, status: int, lead: Lead) -> Response:
        if not isinstance(outcome, Done):
            told = reason_words.in_words(outcome, _language(lead))
            return problem(409, kind, "; ".join(one.fact for one in told), told)
        return answer(await self._shown(outcome.found), status if outcome.settled else 202)

    async def _shown(self, found: FoundBooking) -> Json:
        business, booking = await self._business(), found.booking
        currency = business.currency if booking.price is None else booking.price.currency
        money = views.no_money(business, booking)
        if self._money is not None:
            money = await self._money(booking.account, currency)
        entries = await self._parts.audit.of(found.lead)
        history = views.history(entries, booking.reference, business)
        return views.booking(business, booking, found.lead) | money | {"history": history}

    async def _here(self, reference: str) -> _Here:
        found = await staff_actions.find(self._parts, reference)
        return _Here(found, await self._lead(found.lead))

    async def _lead(self, lead_id: LeadId) -> Lead:
        stored = await staff_actions.lead_of(self._parts, lead_id)
        if stored is None:
            raise NoSuchLead(lead_id)
        return stored.lead

    async def _business(self) -> Business:
        return self._parts.context(await self._parts.clock.business_now()).business

    def _name(self, body: bytes) -> str:
        """The call's name: the caller's key and what was asked, so that a call made twice is one event."""
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self._parts.new_id()
        return hashlib.sha256(b"\n".join((request.path.encode(), key.encode(), body))).hexdigest()[:24]


async def _no_such_booking(error: NoSuchBooking) -> Response:
    return problem(404, "no-such-booking", "There is no such booking.")


async def _too_busy(error: TooBusy) -> Response:
    return problem(503, "too-busy", "Many want this time at this moment; please try again.")


def _language(lead: Lead) -> Language:
    """The reader's language: the one they ask for, else the customer's, whom it concerns."""
    found = request.accept_languages.best_match([one.value for one in Language])
    return Language(found) if found else lead.language


def _day(name: str) -> date | None:
    given = request.args.get(name)
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise RequestRefused(problem(400, "bad-day", f"{name} is a day like 2026-12-31.")) from None


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name)
    if given is None:
        return otherwise
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given[:6]) <= 500:
        raise RequestRefused(problem(400, "bad-number", f"{name} is a whole number from 1 to 500."))
    return int(given)


def _whole(body: bytes, name: str, otherwise: int) -> int:
    """A whole number of a JSON object that `fields` has read before."""
    given = orjson.loads(body).get(name, otherwise)
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 500:
        raise RequestRefused(problem(400, "bad-number", f"{name} is a whole number from 1 to 500."))
    return given


def _yes_or_no(body: bytes, name: str) -> bool:
    fields(body)
    given = orjson.loads(body or b"{}").get(name)
    if not isinstance(given, bool):
        raise RequestRefused(problem(400, "missing-field", f"{name} is true or false."))
    return given
