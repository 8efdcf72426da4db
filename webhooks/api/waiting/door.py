"""`/api/v1/waiting`: who waits for a time, in which order and why, and off the list for who asks a person."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from quart import Blueprint

from bot.business.definition import Business
from bot.domain.ids import EventId
from bot.domain.languages import ENGLISH
from bot.domain.waiting import TakenOffList, WaitEnd, WaitingEntry, WhyPassed
from bot.engine.parts import Parts
from bot.store.waiting import WaitingRow
from webhooks.api.bookings import views
from webhooks.api.bookings.acting import Acting
from webhooks.api.waiting import models, operations
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.problems import RequestRefused, problem

_ENDED: Final[Mapping[WaitEnd, str]] = {
    WaitEnd.SERVED: "They booked the time that was kept for them.",
    WaitEnd.BOOKED: "They booked another time in its place.",
    WaitEnd.LEFT: "They left the list.",
    WaitEnd.STOPPED: "They want no messages (STOP).",
    WaitEnd.OVER: "The day passed, and nothing became free that fits.",
    WaitEnd.REPLACED: "They wait for the same thing, or for enough others, already.",
}
_PASSED: Final[Mapping[WhyPassed, str]] = {
    WhyPassed.DECLINED: "They did not want the time that was kept for them.",
    WhyPassed.LATE: "They did not answer in time, and it went to the next in line.",
}
_NOTHING_YET: Final = "Nothing has become free that fits."
_NOTHING_OF_THEIRS: Final = "Nothing with {names} has become free that fits; they asked for nobody else's time."
_KEPT: Final = "A time is kept for them until they answer."


class WaitingDoor:
    """Shows the list, and takes somebody off it."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The routes."""
        return mount(
            [operations.LIST.handled_by(self.get_waiting), operations.LEAVE.handled_by(self.delete_waiting)],
            "waiting",
            self._guard,
        )

    async def get_waiting(self, call: Call[Nothing, models.WaitingQuery, Nothing]) -> EdgeAnswer:
        """Who waits, or whose wait is over."""
        return EdgeAnswer(models.WaitingList(items=await list_waiting(self._parts, call.query), next_cursor=None))

    async def delete_waiting(self, call: Call[models.WaitingPath, Acting, Nothing]) -> EdgeAnswer:
        """They wait no more."""
        parts, name = self._parts, call.path.entry
        row = await parts.waiting.rows.find(name)
        if row is None or not row.is_open:
            raise RequestRefused(problem(404, "not-waiting", "Nobody waits under that name."))
        now = await parts.clock.business_now()
        event = TakenOffList(EventId(f"off:{parts.new_id()}"), now, name, call.query.person, call.query.role.value)
        await parts.decisions.tell(row.lead, event)
        # the row itself is written by the lead's next visit
        over = replace(row, entry=replace(row.entry, ended=WaitEnd.LEFT))
        return EdgeAnswer(_shown(over, None, parts.context(now).business))


async def list_waiting(parts: Parts, asked: models.WaitingQuery) -> list[models.WaitingEntryShown]:
    """By rank, each service with a line of its own."""
    business = parts.context(await parts.clock.business_now()).business
    if asked.ended:
        return [_shown(row, None, business) for row in await parts.waiting.rows.ended_rows()]
    lines: dict[str, int] = {}
    shown = []
    for row in await parts.waiting.rows.open_rows():
        lines[row.entry.service] = lines.get(row.entry.service, 0) + 1
        shown.append(_shown(row, lines[row.entry.service], business))
    return shown


def _nothing_yet(entry: WaitingEntry, business: Business) -> str:
    known = (business.provider(name) for name in entry.who.named)
    names = " or ".join(provider.name.say(ENGLISH) for provider in known if provider is not None)
    return _NOTHING_OF_THEIRS.format(names=names) if names else _NOTHING_YET


def _shown(row: WaitingRow, rank: int | None, business: Business) -> models.WaitingEntryShown:
    entry, wish, pending = row.entry, row.entry.wish, row.pending
    if entry.ended is not None:
        why = _ENDED[entry.ended]
    elif pending is not None:
        why = _KEPT
    else:
        why = _nothing_yet(entry, business) if entry.why_passed is None else _PASSED[entry.why_passed]
    kept = row.kept or entry.kept
    return models.WaitingEntryShown(
        id=entry.id,
        lead_id=row.lead,
        booking=entry.booking,
        service=entry.service,
        place=entry.place,
        guests=entry.guests,
        nights=entry.nights,
        first_day=None if wish.first_day is None else wish.first_day.isoformat(),
        last_day=None if wish.last_day is None else wish.last_day.isoformat(),
        from_minute=wish.from_minute,
        until_minute=wish.until_minute,
        providers=list(entry.who.named),
        without_provider=entry.who.refused,
        joined_at=views.local(entry.joined_at, business),
        rank=rank,
        state="over" if entry.ended is not None else "waiting" if pending is None else "offered",
        offered_start=None if kept is None else views.local(kept.slot.start, business),
        offered_until=None if pending is None else views.moment(pending.slot.held_until, business),
        why=why,
    )
