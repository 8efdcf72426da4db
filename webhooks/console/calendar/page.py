"""The calendar: people or places as columns, a day or a week; a time is blocked, a booking moved at its quote."""

from datetime import date, datetime, timedelta
from typing import Final

import orjson
from quart import Blueprint, Response, request

from bot.domain.foreign_text import clean_json
from bot.domain.users import Role
from bot.engine.parts import Parts
from webhooks.api.blocks.door import BlockRefused, add_block, lift_block
from webhooks.api.blocks.models import NewBlock
from webhooks.api.bookings.acting import Acting
from webhooks.api.calendar.desk import BadDays, CalendarDesk, days
from webhooks.api.calendar.models import CalendarBy, CalendarKind
from webhooks.console import words
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.pages import CALENDAR
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge.problems import RequestRefused, problem

_WEEK: Final = 7


class CalendarPage:
    """Shows what `CalendarDesk` reads; the browser draws it, and a list says the same without drawing."""

    link = CALENDAR

    def __init__(self, parts: Parts, render: Renderer, desk: CalendarDesk) -> None:
        self._parts = parts
        self._render = render
        self._desk = desk

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        routes.add_url_rule("/calendar", view_func=self.get_calendar, endpoint="calendar")
        routes.add_url_rule("/calendar/items", view_func=self.get_items, endpoint="calendar_items")
        routes.add_url_rule("/calendar/block", view_func=self.post_block, endpoint="calendar_block", methods=["POST"])
        routes.add_url_rule("/calendar/lift", view_func=self.post_lift, endpoint="calendar_lift", methods=["POST"])

    @may(Act.LOOK)
    async def get_calendar(self) -> Response:
        """A day, or the week it is in."""
        return await self._shown()

    async def _shown(self, refused: str | None = None, status: int = 200, said: str | None = None) -> Response:
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        today = now.astimezone(business.zone).date()
        day, is_week, by = _day(today), request.args.get("view") == "week", _by()
        first = day - timedelta(days=day.weekday()) if is_week else day
        last = first + timedelta(days=_WEEK - 1) if is_week else day
        asked = days(first, last, by, business, now, language_here())
        shown = await self._desk.shown(asked, now)
        names = {column.id: column.name for column in shown.columns}
        step = timedelta(days=_WEEK if is_week else 1)
        return self._render.page(
            "calendar/page.html",
            self.link,
            status,
            shown=shown,
            names=names,
            day=day.isoformat(),
            today=today.isoformat(),
            before=(day - step).isoformat(),
            after=(day + step).isoformat(),
            is_week=is_week,
            by=by.value,
            offset=_offset(datetime.combine(first, now.time(), business.zone)),
            items=[item for item in shown.items if item.kind != "hold"],
            refused=refused,
            said=said,
            moves=signed_in().may(Act.CHANGE),
            closes=signed_in().may(Act.CLOSE),
            books=signed_in().may(Act.CREATE),
        )

    @may(Act.LOOK)
    async def get_items(self) -> Response:
        """The same for the drawing."""
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        first = _day(now.astimezone(business.zone).date())
        last = first + timedelta(days=_WEEK - 1 if request.args.get("view") == "week" else 0)
        try:
            asked = days(first, last, _by(), business, now, language_here())
        except BadDays as why:
            raise RequestRefused(problem(422, "bad-period", str(why))) from None
        shown = await self._desk.shown(asked, now)
        # the drawing puts these words into the page itself
        body = clean_json(shown.model_dump(mode="json", by_alias=True))
        return Response(orjson.dumps(body), content_type="application/json")

    @may(Act.CLOSE)
    async def post_block(self) -> Response:
        """Nobody is booked there then; who is booked is told by the sweep."""
        form, business = await request.form, self._parts.context(await self._parts.clock.business_now()).business
        try:
            begin = datetime.fromisoformat(form.get("from", "")).replace(tzinfo=business.zone)
            end = datetime.fromisoformat(form.get("to", "")).replace(tzinfo=business.zone)
        except ValueError:
            return await self._shown(words.say("calendar.bad_time", language_here()), 422)
        reason = form.get("reason", "").strip()[:300]
        if not reason or end <= begin:
            return await self._shown(words.say("calendar.bad_time", language_here()), 422)
        role = signed_in().role_for(Act.CLOSE)
        wanted = NewBlock.model_validate(
            {
                "resource": form.get("resource", "")[:200],
                "from": begin.isoformat(),
                "to": end.isoformat(),
                "reason": reason,
                "by": signed_in().id,
                "role": Role.OPERATIONS.value if role is None else role.value,
            }
        )
        try:
            await add_block(self._parts, wanted, "console")
        except BlockRefused as refused:
            return await self._shown(refused.detail, refused.status)
        return await self._shown(said=words.say("calendar.blocked", language_here()))

    @may(Act.CLOSE)
    async def post_lift(self) -> Response:
        """The block is over; who was asked about it and has not answered keeps their time."""
        person = signed_in()
        role = person.role_for(Act.CLOSE)
        assert role is not None, "the route is for who may"
        named = (await request.form).get("block", "")[:300].removeprefix(f"{CalendarKind.BLOCK}:")
        try:
            await lift_block(self._parts, named, Acting(by=person.id, role=role))
        except BlockRefused as refused:
            return await self._shown(refused.detail, refused.status)
        return await self._shown(said=words.say("calendar.lifted", language_here()))


def _day(otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get("day", "")[:10])
    except ValueError:
        return otherwise


def _by() -> CalendarBy:
    return CalendarBy.PLACES if request.args.get("by") == CalendarBy.PLACES.value else CalendarBy.PEOPLE


def _offset(at: datetime) -> str:
    return at.isoformat()[-6:]
