"""`/api/v1/callers`: booking for somebody on the phone."""

from collections.abc import Sequence

from quart import Blueprint, Response

from bot.business.catalogue import PlaceId, Service
from bot.business.contacts import Roles
from bot.business.definition import Business
from bot.domain import window
from bot.domain.callers import PhoneCaller
from bot.domain.users import Act
from bot.engine.callers import KnownNumber, Rehearsal
from bot.engine.parts import Parts
from bot.engine.staff_actions import Done
from bot.lifecycle.rules.rule import Reason
from bot.replies import reasons as reason_words
from bot.store.claims import TooBusy
from payments.domain.money import Money
from webhooks.api.bookings import views
from webhooks.api.bookings.door import BookingsDoor
from webhooks.api.callers import models, operations
from webhooks.edge.guard import ApiGuard, able
from webhooks.edge.models import AmountShown, Nothing, rfc3339
from webhooks.edge.operations import AnyCall, Call, EdgeAnswer, mount
from webhooks.edge.problems import RequestRefused, problem


class CallersDoor:
    """Asks the desk for callers; bookings are shown as the door of bookings shows them."""

    def __init__(self, parts: Parts, guard: ApiGuard, bookings: BookingsDoor) -> None:
        self._parts = parts
        self._guard = guard
        self._bookings = bookings

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.SHOW.handled_by(self.get_caller),
                operations.QUOTE.handled_by(self.get_quote),
                operations.BOOK.handled_by(self.post_booking),
            ],
            "callers",
            self._guard,
        )
        routes.register_error_handler(TooBusy, _too_busy)
        return routes

    async def get_caller(self, call: Call[Nothing, models.CallerQuery, Nothing]) -> EdgeAnswer:
        """Who has that number."""
        now = await self._parts.clock.business_now()
        found = await self._parts.callers.known(call.query.phone, now)
        return EdgeAnswer(shown(call.query.phone, found, self._parts.timezone))

    async def get_quote(self, call: Call[Nothing, models.CallerQuoteQuery, Nothing]) -> EdgeAnswer | Response:
        """What it would mean; nothing is done."""
        asked, business = call.query, await self._business()
        service = _service(business, asked.service)
        who = PhoneCaller(asked.phone, "", asked.language)
        place = PlaceId(asked.place or "") or None
        by, why = (call.who.asks, None) if asked.override is None else (able(call.who, Act.OVERRIDE), "")
        guests = asked.guests or service.min_guests
        found = await self._parts.callers.rehearse(who, service, asked.slot_id, guests, place, by, why)
        if not isinstance(found, Rehearsal):
            return _refused(call, found, asked.language)
        booking = found.booking
        return EdgeAnswer(
            models.CallerQuoteShown(
                state=booking.state,
                price=_amount(booking.price),
                to_pay=_amount(found.to_pay),
                pay_by=views.moment(booking.pay_by, business),
                start=views.local(found.slot.start, business),
                end=views.local(found.slot.end, business),
                words=found.words,
                template=found.as_template,
                cost=_amount(found.cost),
                timezone=business.timezone,
            )
        )

    async def post_booking(self, call: Call[Nothing, Nothing, models.CallerBooking]) -> EdgeAnswer | Response:
        """201 with the booking, 409 with reasons."""
        asked, business = call.body, await self._business()
        service = _service(business, asked.service)
        by, why = call.who.asks, None
        if asked.override is not None:
            by, why = able(call.who, Act.OVERRIDE), asked.override.reason
        outcome = await self._parts.callers.book(
            PhoneCaller(asked.phone, asked.name, asked.language),
            service,
            asked.slot_id,
            asked.guests or service.min_guests,
            PlaceId(asked.place or "") or None,
            by,
            # so that a call made twice is one booking
            call.key or self._parts.new_id(),
            why,
        )
        if not isinstance(outcome, Done):
            return _refused(call, outcome, asked.language)
        return EdgeAnswer(await self._bookings.shown(outcome.found), 201 if outcome.settled else 202)

    async def _business(self) -> Business:
        return self._parts.context(await self._parts.clock.business_now()).business


def shown(number: str, found: KnownNumber, timezone: str) -> models.CallerShown:
    """Who has a number."""
    lead = found.lead
    return models.CallerShown(
        phone=number,
        lead_id=None if lead is None else lead.id,
        name=None if lead is None else lead.name,
        language=None if lead is None else lead.language,
        opted_out=lead is not None and lead.conversation.opted_out,
        window_expires_at=None if lead is None else rfc3339(window.expires_at(lead)),
        partner=None if found.roles is None else _partner(found.roles),
        timezone=timezone,
    )


def _partner(roles: Roles) -> models.PartnerNamed:
    known = {"provider": roles.providers, "place": roles.places, "staff": roles.staff, "on_call": roles.on_call}
    return models.PartnerNamed(name=roles.name, roles=[role for role, names in known.items() if names])


def _service(business: Business, wanted: str) -> Service:
    service = business.service(wanted)
    if service is None:
        raise RequestRefused(problem(422, "no-such-service", "There is no such service."))
    return service


def _refused(call: AnyCall, reasons: Sequence[Reason], language: str) -> Response:
    words = reason_words.in_words(reasons, call.language(language))
    kind = "wants-no-messages" if any(one.rule == "messages" for one in reasons) else "time-not-available"
    return problem(409, kind, "; ".join(reason.fact for reason in words), words)


def _amount(money: Money | None) -> AmountShown | None:
    return None if money is None else AmountShown(amount=money.amount, currency=money.currency)


async def _too_busy(error: TooBusy) -> Response:
    return problem(503, "too-busy", "Many want this time at this moment; please try again.")
