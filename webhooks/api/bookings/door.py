"""`/api/v1/services` and `/api/v1/bookings`: what can be booked, what is, and the engine's methods."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel
from quart import Blueprint, Response

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.definition import Business
from bot.domain.events import StaffAction
from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.domain.users import Act
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.engine.staff_actions import Done, FoundBooking, NoSuchBooking
from bot.engine.takeover import NoSuchLead
from bot.lifecycle.checklist import checklist, next_state
from bot.lifecycle.rules.rule import Reason
from bot.replies import reasons as reason_words
from bot.replies.checklist import rows
from bot.slots.free import Search
from bot.store.bookings import Recorded
from bot.store.claims import TooBusy
from webhooks.api.bookings import models, operations, verdicts, views
from webhooks.api.bookings.changes import ChangeDesk
from webhooks.api.bookings.models import BookingPath, BookingShown
from webhooks.api.bookings.visits import VisitDesk
from webhooks.api.conversations import leads
from webhooks.api.money import models as money_models
from webhooks.api.money.models import Monies
from webhooks.edge.guard import ApiGuard, able
from webhooks.edge.models import Nothing
from webhooks.edge.operations import AnyCall, Call, EdgeAnswer, mount
from webhooks.edge.problems import problem

WEEK = timedelta(days=7)

MoneyOf = Callable[[Mapping[str, str]], Awaitable[Mapping[str, Monies]]]
"""The money of bookings: by the name it is kept under, each with its currency; all of them in one go."""


@dataclass(frozen=True, slots=True)
class _OwnedBooking:
    """A booking and the lead it belongs to."""

    found: FoundBooking
    lead: Lead


class BookingsDoor:
    """Reads what is free and booked; writes through the engine, after the rules said yes."""

    def __init__(self, parts: Parts, guard: ApiGuard, money: MoneyOf | None = None) -> None:
        self._parts = parts
        self._guard = guard
        self._money = money

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.SERVICES.handled_by(self.get_services),
                operations.SLOTS.handled_by(self.get_slots),
                operations.LIST.handled_by(self.get_bookings),
                operations.CREATE.handled_by(self.post_booking),
                operations.SHOW.handled_by(self.get_booking),
                operations.VERDICT.handled_by(self.get_verdict),
                operations.REQUIRED_ACTIONS.handled_by(self.get_required_actions),
                operations.ANSWER.handled_by(self.post_answer),
                operations.PROPOSE.handled_by(self.post_propose),
                operations.CONFIRM.handled_by(self.post_confirm),
                operations.SHOW_UP.handled_by(self.post_show_up),
                operations.CHECK_IN.handled_by(self.post_check_in),
                operations.CHECK_OUT.handled_by(self.post_check_out),
                operations.COMPLETE.handled_by(self.post_complete),
                *ChangeDesk(self._parts, self.shown).routes(),
                *VisitDesk(self._parts, self.shown).routes(),
            ],
            "bookings",
            self._guard,
        )
        routes.register_error_handler(NoSuchBooking, _no_such_booking)
        routes.register_error_handler(TooBusy, _too_busy)
        return routes

    async def get_services(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """The catalogue."""
        business = await self._business()
        items = [views.service(business, known) for known in business.services]
        return EdgeAnswer(models.ServiceList(items=items, next_cursor=None))

    async def get_slots(self, call: Call[models.ServicePath, models.SlotsQuery, Nothing]) -> EdgeAnswer | Response:
        """The free times of a service between two local days, both included."""
        business, now = await self._business(), await self._parts.clock.business_now()
        known, asked = business.service(call.path.service), call.query
        if known is None:
            return problem(404, "no-such-service", "There is no such service.")
        first = asked.first or now.astimezone(business.zone).date()
        last = asked.to or first + WEEK
        if not 0 <= (last - first).days < models.MAX_DAYS:
            return problem(400, "bad-range", f"to is from or up to {models.MAX_DAYS - 1} days later.")
        guests = asked.guests or known.min_guests
        search = Search(
            ServiceId(known.id),
            first,
            last,
            PlaceId(asked.place) if asked.place else None,
            ProviderId(asked.provider) if asked.provider else None,
            guests,
            asked.nights or (1 if known.nights is None else known.nights.least),
        )
        items = [views.slot(business, found, guests) for found in await self._parts.staff.free(search, now)]
        return EdgeAnswer(models.SlotList(items=items, next_cursor=None))

    async def get_bookings(self, call: Call[Nothing, models.BookingsQuery, Nothing]) -> EdgeAnswer:
        """Bookings of a lead or in a state, the last changed first."""
        asked = call.query
        page = await self._parts.bookings.page(asked.lead, asked.state, asked.limit, asked.cursor)
        return EdgeAnswer(models.BookingList(items=await self._rows(page.bookings), next_cursor=page.next_cursor))

    async def get_booking(self, call: Call[BookingPath, Nothing, Nothing]) -> EdgeAnswer:
        """One booking with all that is known of it."""
        return EdgeAnswer(await self.shown(await self._parts.staff.find(call.path.reference)))

    async def get_verdict(self, call: Call[BookingPath, verdicts.VerdictQuery, Nothing]) -> EdgeAnswer | Response:
        """May it go there, why not, how that is put right, who can."""
        here = await self._here(call)
        now = await self._parts.clock.business_now()
        context, booking = self._parts.context(now), here.found.booking
        target = call.query.target or next_state(booking, context)
        if target is None:
            return problem(409, "booking-ended", "It has ended and goes nowhere by itself: name a target.")
        language = call.language(here.lead.language)
        verdict = self._parts.staff.judged(booking, here.lead, target, now, call.who.asks)
        found = checklist(here.lead, booking, target, context)
        shown = rows(found, here.lead, booking, context, language)
        return EdgeAnswer(verdicts.verdict_of_step(verdict, found, shown, language))

    async def get_required_actions(self, call: Call[BookingPath, Nothing, Nothing]) -> EdgeAnswer:
        """What is missing before it goes on."""
        return EdgeAnswer(await self._required(call))

    async def post_answer(self, call: Call[BookingPath, Nothing, verdicts.NotedAnswer]) -> EdgeAnswer | Response:
        """Note what the customer answered, and say what is still missing."""
        here, body = await self._here(call), call.body
        if body.field not in {rule.ask for rule in (await self._business()).rules}:
            return problem(404, "no-such-question", "No rule of the house asks that.")
        who, name = call.who.agent, self._name(call)
        await self._parts.staff_inbox.note_answer(here.lead.id, who, body.field, body.answer, name)
        await self._parts.staff.settled(here.lead.id, here.found.booking.reference)
        return EdgeAnswer(await self._required(call))

    async def _required(self, call: Call[BookingPath, Nothing, BaseModel]) -> verdicts.RequiredActionList:
        here = await self._here(call)
        context, booking = self._parts.context(await self._parts.clock.business_now()), here.found.booking
        target = next_state(booking, context)
        if target is None:
            return verdicts.RequiredActionList(items=[], next_cursor=None)
        found = checklist(here.lead, booking, target, context)
        shown = rows(found, here.lead, booking, context, call.language(here.lead.language))
        items = verdicts.required_actions(target, shown)
        return verdicts.RequiredActionList(items=items, next_cursor=None)

    async def post_booking(self, call: Call[Nothing, Nothing, models.NewBooking]) -> EdgeAnswer | Response:
        """A booking by hand: 201 with the booking, 409 with reasons when the time is gone."""
        asked = call.body
        service = (await self._business()).service(asked.service)
        if service is None:
            return problem(422, "no-such-service", "There is no such service.")
        lead = await self._customer(asked)
        guests = asked.guests or service.min_guests
        by, why = call.who.asks, None
        if asked.override is not None:
            by, why = able(call.who, Act.OVERRIDE), asked.override.reason
        place = PlaceId(asked.place or "") or None
        outcome = await self._parts.staff.create(
            lead, service, asked.slot_id, guests, self._name(call), place, by, override=why
        )
        return await self._answered(call, lead, outcome, "time-not-available", 201)

    async def post_propose(self, call: Call[BookingPath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """Offer free times."""
        return await self._step(call, StaffAction.PROPOSE)

    async def post_confirm(self, call: Call[BookingPath, Nothing, models.AgreedSlot]) -> EdgeAnswer | Response:
        """Take the time that was agreed to."""
        here = await self._here(call)
        outcome = await self._parts.staff.confirm(
            here.found, here.lead, call.body.slot_id, self._name(call), call.who.asks
        )
        return await self._answered(call, here.lead, outcome, "step-blocked", 200)

    async def post_show_up(self, call: Call[BookingPath, Nothing, models.Came]) -> EdgeAnswer | Response:
        """Record whether the customer came."""
        return await self._step(call, StaffAction.SHOW_UP, ("came", "true" if call.body.showed_up else "false"))

    async def post_check_in(self, call: Call[BookingPath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """The guest of a stay is there."""
        return await self._step(call, StaffAction.CHECK_IN)

    async def post_check_out(self, call: Call[BookingPath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """The guest of a stay has left."""
        return await self._step(call, StaffAction.CHECK_OUT)

    async def post_complete(self, call: Call[BookingPath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """It is over."""
        return await self._step(call, StaffAction.COMPLETE)

    async def _step(
        self, call: Call[BookingPath, BaseModel, BaseModel], step: StaffAction, *facts: tuple[str, str]
    ) -> EdgeAnswer | Response:
        here = await self._here(call)
        outcome = await self._parts.staff.step(here.found, here.lead, step, facts, self._name(call), call.who.asks)
        return await self._answered(call, here.lead, outcome, "step-blocked", 200)

    async def _answered(
        self,
        call: AnyCall,
        lead: Lead,
        outcome: Done | Sequence[Reason],
        kind: str,
        status: int,
    ) -> EdgeAnswer | Response:
        if not isinstance(outcome, Done):
            words = reason_words.in_words(outcome, call.language(lead.language))
            return problem(409, kind, "; ".join(reason.fact for reason in words), words)
        return EdgeAnswer(await self.shown(outcome.found), status if outcome.settled else 202)

    async def shown(self, found: FoundBooking) -> BookingShown:
        """A booking as every answer shows it."""
        recorded = Recorded(found.booking, found.lead, await self._parts.clock.business_now())
        (shown,) = await self._rows([recorded])
        return shown

    async def _rows(self, recorded: Sequence[Recorded]) -> list[BookingShown]:
        """Bookings with their money, history and tasks: read for all of them together, not for each."""
        business = await self._business()
        currencies = {row.booking.account: views.currency_of(business, row.booking) for row in recorded}
        money = {} if self._money is None or not currencies else await self._money(currencies)
        # Money that came late and booked again is the new booking's: shown at both, it would be counted twice.
        owners = await self._parts.bookings.taken_over(list(currencies))
        entries = await self._parts.audit.of_all({row.lead for row in recorded}, views.MOVED)
        tasks = await self._parts.tasks.of_bookings([row.booking.reference for row in recorded])
        slots = {row.booking.reference: row.booking.chosen.slot_id for row in recorded if row.booking.chosen}
        shared = await self._parts.tasks.of_sessions(slots.values())
        return [
            views.booking(
                business,
                row.booking,
                row.lead,
                (
                    money.get(row.booking.account)
                    if owners.get(row.booking.account, row.booking.reference) == row.booking.reference
                    else None
                )
                or money_models.none(currencies[row.booking.account]),
                views.history(entries[row.lead], row.booking.reference, business),
                [
                    *tasks.get(row.booking.reference, ()),
                    # the work of its session is the work around it, too
                    *(one for one in shared if one.session == slots.get(row.booking.reference)),
                ],
            )
            for row in recorded
        ]

    async def _here(self, call: Call[BookingPath, BaseModel, BaseModel]) -> _OwnedBooking:
        found = await self._parts.staff.find(call.path.reference)
        return _OwnedBooking(found, await self._lead(found.lead))

    async def _customer(self, asked: models.NewBooking) -> Lead:
        if asked.lead_id is not None:
            return await self._lead(LeadId(asked.lead_id))
        found = await leads.of_phone(self._parts, asked.phone or "")
        if found is None:
            raise NoSuchLead(asked.phone)
        return found.lead

    async def _lead(self, lead_id: LeadId) -> Lead:
        stored = await living(self._parts.leads, lead_id)
        if stored is None:
            raise NoSuchLead(lead_id)
        return stored.lead

    async def _business(self) -> Business:
        return self._parts.context(await self._parts.clock.business_now()).business

    def _name(self, call: AnyCall) -> str:
        """The call's name, so that a call made twice is one event."""
        return call.key or self._parts.new_id()


async def _no_such_booking(error: NoSuchBooking) -> Response:
    return problem(404, "no-such-booking", "There is no such booking.")


async def _too_busy(error: TooBusy) -> Response:
    return problem(503, "too-busy", "Many want this time at this moment; please try again.")
