"""Booking for somebody on the phone: who calls, what, when and where; then the price and the words they will read; then
the yes. One dialog, from a free time of the calendar, from its button and from the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from quart import Blueprint, Response, request

from bot.business.catalogue import PlaceId, ProviderId, Service, ServiceId, Venue
from bot.business.definition import Business
from bot.dialogue.overrides import OVERRIDE
from bot.domain.callers import PhoneCaller, read_number
from bot.domain.change import Requester
from bot.domain.languages import CODES
from bot.domain.masking import without_contacts
from bot.domain.overrides import RulesOverridden
from bot.engine.callers import KnownNumber, Rehearsal
from bot.engine.parts import Parts
from bot.engine.staff_actions import Done
from bot.lifecycle.rules.rule import Reason
from bot.replies import reasons as reason_words
from bot.replies import times
from bot.slots.free import Search
from bot.slots.slot import at_place
from webhooks.console import against_rules, words
from webhooks.console.against_rules import RefusedTime
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge.masked import Personal

_MOST_TIMES: Final = 80
_MOST_DAYS: Final = 400
_FIELDS: Final = (
    "phone",
    "name",
    "language",
    "service",
    "day",
    "at",
    "column",
    "guests",
    "nights",
    "place",
    "slot_id",
    "once",
    against_rules.AT,
    against_rules.WITH,
    OVERRIDE,
)


@dataclass(frozen=True, slots=True)
class CallForm:
    """What is filled in so far, as far as it makes sense."""

    business: Business
    given: Mapping[str, str]
    number: str | None
    known: KnownNumber
    services: tuple[Service, ...]
    """Those of the column that was pressed; all where none was."""
    service: Service
    day: date
    guests: int
    nights: int
    place: str

    @property
    def name(self) -> str:
        """How they are called."""
        lead = self.known.lead
        return (None if lead is None else lead.name) or self.given["name"].strip()[:80]

    @property
    def language(self) -> str:
        """In which they are written to."""
        if self.known.lead is not None:
            return self.known.lead.language
        return self.given["language"] if self.given["language"] in CODES else CODES[0]

    @property
    def slot_id(self) -> str:
        """The time that was filled in next to the list, else what was chosen there."""
        places = self.business.places_of(self.service)
        somewhere = str(places[0].id) if places and self.service.venue is not Venue.ONLINE else ""
        other = against_rules.slot_of(
            self.business, self.service, self.given, self.day, self.place or somewhere, self.nights
        )
        return other or self.given["slot_id"]

    @property
    def override(self) -> str | None:
        """Why the rules of the house do not count; none where they do."""
        return against_rules.reason_in(self.given)

    @property
    def caller(self) -> PhoneCaller:
        """Who calls; their number was read."""
        return PhoneCaller(self.number or "", self.name, self.language)


class CallerDialogs:
    """The dialog's parts; all that is asked goes in bodies, so that no number stands in an address."""

    def __init__(self, parts: Parts, render: Renderer) -> None:
        self._parts = parts
        self._render = render

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        routes.add_url_rule("/callers/new", "get_caller_form", self.get_form)
        for path, view in (
            ("form", self.post_form),
            ("who", self.post_who),
            ("times", self.post_times),
            ("quote", self.post_quote),
            ("book", self.post_book),
        ):
            routes.add_url_rule(f"/callers/{path}", f"{view.__name__}_of_caller", view, methods=["POST"])

    @may(Act.CREATE)
    async def get_form(self) -> Response:
        """Nothing filled in but the time that was pressed."""
        given = dict(request.args)
        return await self._asking(await self._read({**given, "phone": "", "once": self._parts.new_id()}))

    @may(Act.CREATE)
    async def post_form(self) -> Response:
        """Back from the price, with all that was filled in."""
        return await self._asking(await self._read(await request.form))

    @may(Act.CREATE)
    async def post_who(self) -> Response:
        """Who has the number that was typed."""
        form = await self._read(await request.form)
        return self._render.fragment("callers/who.html", form=form, **self._who(form))

    @may(Act.CREATE)
    async def post_times(self) -> Response:
        """The free times of what was chosen."""
        form = await self._read(await request.form)
        return self._render.fragment("callers/times.html", form=form, **await self._choices(form))

    @may(Act.CREATE)
    async def post_quote(self) -> Response:
        """What it means, before the yes."""
        form, language = await self._read(await request.form), language_here()
        missing = self._missing(form)
        if missing is not None:
            return await self._asking(form, words.say(missing, language), 422)
        wanted, why = (form.service, form.slot_id, form.guests, PlaceId(form.place) or None), form.override
        by = _by() if why is None else against_rules.overrider()
        found = await self._parts.callers.rehearse(form.caller, *wanted, by, why)
        if not isinstance(found, Rehearsal):
            against = None if why else await self._parts.callers.would_override(form.caller, *wanted, by)
            if against is None:
                return await self._asking(form, _why(found, language), 409)
            return against_rules.page(self._render, form.business, self._refused(form, against))
        return self._render.fragment("callers/quote.html", form=form, **self._quoted(form, found))

    @may(Act.CREATE)
    async def post_book(self) -> Response:
        """The yes; pressed twice it is one booking."""
        form, language = await self._read(await request.form), language_here()
        missing = self._missing(form)
        if missing is not None:
            return await self._asking(form, words.say(missing, language), 422)
        by = _by() if form.override is None else against_rules.overrider()
        once = form.given["once"] or self._parts.new_id()
        made = await self._parts.callers.book(
            form.caller,
            form.service,
            form.slot_id,
            form.guests,
            PlaceId(form.place) or None,
            by,
            f"{by.person}:{once}",
            form.override,
        )
        if not isinstance(made, Done):
            return await self._asking(form, _why(made, language), 409)
        lead = made.found.lead if signed_in().may(Act.READ_CONVERSATIONS) else None
        booking = made.found.booking.reference
        return self._render.fragment("callers/booked.html", lead=lead, booking=booking, name=_shown(form.name))

    # What is filled in ----------------------------------------------------------------------------------------------

    async def _read(self, form: Mapping[str, str]) -> CallForm:
        given = {name: str(form.get(name, ""))[:300] for name in _FIELDS}
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        number = read_number(given["phone"])
        known = KnownNumber(None, None) if number is None else await self._parts.callers.known(number, now)
        services = _of_column(business, given["column"])
        service = next((one for one in services if one.id == given["service"]), services[0])
        least = 1 if service.nights is None else service.nights.least
        places = [] if service.venue is Venue.ONLINE else [place.id for place in business.places_of(service)]
        place = given["place"] if given["place"] in places else ""
        if not place and places and service.venue is Venue.GUEST_PLACE:
            place = next((one for one in places if given["column"] == f"place:{one}"), places[0])
        return CallForm(
            business,
            given,
            number,
            known,
            services,
            service,
            _day(given["day"], now.astimezone(business.zone).date()),
            _count(given["guests"], service.min_guests, service.max_guests),
            # also fewer than are sold: the list has none of them, and the rules say so to whoever wishes it
            _count(given["nights"], 1, 60) if given["nights"] else least,
            place,
        )

    def _missing(self, form: CallForm) -> str | None:
        """What is not filled in as it has to be, as the key of its sentence."""
        if form.number is None:
            return "callers.bad_number"
        if not form.name:
            return "callers.no_name"
        return None if form.slot_id else "callers.no_time"

    def _refused(self, form: CallForm, against: RulesOverridden) -> RefusedTime:
        slot_id = at_place(form.slot_id, PlaceId(form.place)) if form.place else form.slot_id
        return RefusedTime(
            "caller",
            words.say("callers.title", language_here()),
            slot_id,
            form.guests,
            against,
            "/console/callers/quote",
            "/console/callers/form",
            form.given,
        )

    # What is shown --------------------------------------------------------------------------------------------------

    async def _asking(self, form: CallForm, refused: str | None = None, status: int = 200) -> Response:
        language = language_here()
        return self._render.fragment(
            "callers/form.html",
            status,
            form=form,
            services=[(one.id, one.name.say(language)) for one in form.services],
            refused=refused,
            **self._who(form),
            **await self._choices(form),
        )

    def _who(self, form: CallForm) -> dict[str, Any]:
        lead, roles = form.known.lead, form.known.roles
        return {
            "is_typed": bool(form.given["phone"].strip()),
            "name": _shown(form.name),
            "lead": None if lead is None else lead.id,
            "opted_out": lead is not None and lead.conversation.opted_out,
            "partner": None if roles is None else roles.name,
            "languages": CODES,
            "reads": signed_in().may(Act.READ_CONVERSATIONS),
        }

    async def _choices(self, form: CallForm) -> dict[str, Any]:
        language, now = language_here(), await self._parts.clock.business_now()
        business, service = form.business, form.service
        provider = (
            form.given["column"].removeprefix("provider:") if form.given["column"].startswith("provider:") else ""
        )
        search = Search(
            ServiceId(service.id),
            form.day,
            form.day,
            PlaceId(form.place) if form.place else None,
            ProviderId(provider) if provider else None,
            form.guests,
            form.nights,
        )
        slots = (await self._parts.staff.free(search, now))[:_MOST_TIMES]
        shown = []
        for slot in slots:
            who = business.provider(slot.provider)
            where = None if form.place else business.place(slot.place)
            named = [one.name.say(language) for one in (who, where) if one is not None]
            hours = times.hours(slot.start, slot.end, business.zone, language)
            shown.append((str(slot.id), " · ".join([hours, *named])))
        ids = [slot.id for slot in slots]
        chosen = form.given["slot_id"] if form.given["slot_id"] in ids else None
        pressed = next(
            (one.id for one in slots if f"{one.start.astimezone(business.zone):%H:%M}" >= form.given["at"]), None
        )
        return {
            "times": shown,
            "chosen": chosen or (pressed if form.given["at"] else None) or (ids[0] if ids else None),
            "day": form.day.isoformat(),
            "places": [
                (place.id, place.name.say(language))
                for place in (() if service.venue is Venue.ONLINE else business.places_of(service))
            ],
            "needs_place": service.venue is Venue.GUEST_PLACE,
            "givers": against_rules.providers_of(business, service, language),
            "giver": form.given[against_rules.WITH] or provider,
        }

    def _quoted(self, form: CallForm, found: Rehearsal) -> dict[str, Any]:
        language, business = language_here(), form.business
        provider, place = business.provider(found.slot.provider), business.place(found.slot.place)
        named = [one.name.say(language) for one in (provider, place) if one is not None]
        override = found.booking.override
        price = None if not found.booking.price else times.money(found.booking.price, language)
        return {
            "service": form.service.name.say(language),
            "time": times.long_day(found.slot.start, business.zone, language)
            + ", "
            + times.hours(found.slot.start, found.slot.end, business.zone, language),
            "with_whom": " · ".join(named),
            "price": price,
            "to_pay": None if not found.to_pay else times.money(found.to_pay, language),
            "pay_by": None
            if found.booking.pay_by is None
            else times.short_moment(found.booking.pay_by, business.zone, language),
            "name": _shown(form.name),
            "against": override and against_rules.with_reason(business, override, form.service, form.guests, language),
            "told": found.words if signed_in().may(Act.SEE_CONTACT) else without_contacts(found.words),
            "as_template": found.as_template,
            "cost": None if found.cost is None else times.money(found.cost, language),
        }


def _of_column(business: Business, column: str) -> tuple[Service, ...]:
    """What can be booked with that person, or at that place; all where the column has nothing to sell."""
    kind, _, name = column.partition(":")
    match kind:
        case "provider":
            mine = [one for one in business.services if name in {who.id for who in business.providers_of(one.id, None)}]
        case "place":
            mine = [
                one
                for one in business.services
                if one.venue is not Venue.ONLINE and name in {place.id for place in business.places_of(one)}
            ]
        case _:
            mine = []
    return tuple(mine) or tuple(business.services)


def _by() -> Requester:
    role = signed_in().role_for(Act.CREATE)
    assert role is not None, "the guard let them in"
    return Requester(signed_in().id, role.value)


def _shown(name: str) -> str:
    """A name as they may see it."""
    return name if signed_in().may(Act.SEE_CONTACT) or not name else Personal.NAME.hide(name)


def _why(reasons: Sequence[Reason], language: str) -> str:
    return "; ".join(f"{reason.fact}. {reason.fix}" for reason in reason_words.in_words(reasons, language))


def _day(given: str, today: date) -> date:
    try:
        day = date.fromisoformat(given[:10])
    except ValueError:
        return today
    return day if today <= day <= today + timedelta(days=_MOST_DAYS) else today


def _count(given: str, least: int, most: int) -> int:
    return min(max(int(given), least), most) if given.isascii() and given.isdecimal() and len(given) < 4 else least
