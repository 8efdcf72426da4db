"""The calendar put together: who and what is taken when, read from bookings, claims, blocks and tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.business.definition import Business
from bot.domain.blocks import PLACE, PROVIDER, STAFF
from bot.domain.booking import Booking
from bot.domain.states import RESCHEDULABLE, State
from bot.domain.task import Task, TaskKind, TaskState
from bot.engine.parts import Parts
from bot.slots.claims import QUANTUM, Resource
from bot.store.bookings import Recorded
from bot.store.claims import HoldId
from bot.store.report_rows import ReportReads, ReportSpan
from webhooks.api.bookings import views
from webhooks.api.calendar.models import CalendarBy, CalendarItem, CalendarKind, CalendarShown, ColumnShown

MOST_DAYS: Final = 35
LONGEST_STAY: Final = timedelta(days=60)
"""So long before its first day the calendar looks for stays that reach into it."""


class BadDays(Exception):
    """The days asked for are none that a calendar shows; the sentence says why."""


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """What is asked for: days of the business, both included, and what the columns are."""

    first: date
    last: date
    by: CalendarBy
    business: Business
    language: str

    @property
    def begin(self) -> datetime:
        """Their first moment."""
        return datetime.combine(self.first, time.min, self.business.zone)

    @property
    def end(self) -> datetime:
        """The first moment after them."""
        return datetime.combine(self.last + timedelta(days=1), time.min, self.business.zone)

    def columns(self) -> list[ColumnShown]:
        """Everybody, or every place, in the order of the business file."""
        business, language = self.business, self.language
        if self.by is CalendarBy.PLACES:
            return [ColumnShown(id=f"{PLACE}{one.id}", name=one.name.say(language)) for one in business.places]
        people = [ColumnShown(id=f"{PROVIDER}{one.id}", name=one.name.say(language)) for one in business.providers]
        return people + [ColumnShown(id=f"{STAFF}{one.id}", name=one.name) for one in business.staff]


def days(
    first: date | None, last: date | None, by: CalendarBy, business: Business, now: datetime, language: str
) -> CalendarDays:
    """The days that were asked for; BadDays."""
    begin = first or now.astimezone(business.zone).date()
    end = last or begin
    if end < begin:
        raise BadDays("to is from or later.")
    if (end - begin).days >= MOST_DAYS:
        raise BadDays(f"A calendar shows {MOST_DAYS} days at most.")
    return CalendarDays(begin, end, by, business, language)


@dataclass(frozen=True, slots=True)
class CalendarDesk:
    """Reads what a calendar shows."""

    parts: Parts
    reads: ReportReads

    async def shown(self, asked: CalendarDays, now: datetime) -> CalendarShown:
        """All of it, the first to begin first."""
        before = ReportSpan(asked.begin - LONGEST_STAY, asked.end)
        found = [one for one in await self.reads.starting(before) if _reaches(one.booking, asked)]
        columns = asked.columns()
        items = [item for one in found for item in _booking(one, asked)]
        items += await self._holds(asked, columns, found, now)
        items += await self._blocks(asked)
        tasks = await self.reads.tasks(ReportSpan(asked.begin, asked.end))
        items += [_task(one, asked) for one in tasks if _is_shown(one)]
        known = {column.id for column in columns}
        mine = [item for item in items if item.column is None or item.column in known]
        return CalendarShown(
            from_=asked.first.isoformat(),
            to=asked.last.isoformat(),
            timezone=asked.business.timezone,
            by=asked.by,
            columns=columns,
            items=sorted(mine, key=lambda item: (item.start, item.id)),
        )

    async def _holds(
        self, asked: CalendarDays, columns: Sequence[ColumnShown], booked: Sequence[Recorded], now: datetime
    ) -> list[CalendarItem]:
        """What is kept for somebody and not booked yet, from its first piece to its last."""
        resources = [Resource(column.id) for column in columns if not column.id.startswith(STAFF)]
        taken, _ = await self.parts.claims.taken_by_hold(resources, asked.first, asked.last, now=now)
        mine = {one.booking.booked_hold for one in booked}
        pieces: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
        for key, hold in taken:
            resource, quantum, _ = key.rsplit("|", 2)
            piece = _piece(quantum, asked.business)
            if hold not in mine and asked.begin < piece[1] and piece[0] < asked.end:
                pieces.setdefault((hold, resource), []).append(piece)
        items: list[CalendarItem] = []
        for (hold, resource), found in sorted(pieces.items()):
            known = await self.parts.claims.holding(HoldId(hold))
            if known is not None and not known.is_booked:
                begin, end = min(start for start, _ in found), max(end for _, end in found)
                items.append(
                    CalendarItem(
                        id=f"hold:{hold}:{resource}",
                        kind=CalendarKind.HOLD,
                        column=resource,
                        start=views.local(begin, asked.business),
                        end=views.local(end, asked.business),
                        title="",
                        state="held",
                        booking=None if known.booking is None else str(known.booking),
                        lead_id=str(known.lead),
                        can_move=False,
                    )
                )
        return items

    async def _blocks(self, asked: CalendarDays) -> list[CalendarItem]:
        found = await self.parts.claims.blocks.all()
        return [
            CalendarItem(
                id=f"block:{block.id}",
                kind=CalendarKind.BLOCK,
                column=block.resource,
                start=views.local(max(block.start, asked.begin), asked.business),
                end=views.local(min(block.end, asked.end), asked.business),
                title=block.reason,
                state="blocked",
                booking=None,
                lead_id=None,
                can_move=False,
            )
            for block in found
            if block.lifted_at is None and block.overlaps(asked.begin, asked.end)
        ]


def _piece(quantum: str, business: Business) -> tuple[datetime, datetime]:
    """The time of one claim: five minutes, or a night from noon to noon."""
    if "T" in quantum:
        begin = datetime.fromisoformat(quantum)
        return begin, begin + QUANTUM
    night = datetime.combine(date.fromisoformat(quantum), time(12), business.zone)
    return night, night + timedelta(days=1)


def _reaches(booking: Booking, asked: CalendarDays) -> bool:
    """Whether it stands or took place, and any of it is on these days."""
    slot = booking.chosen
    if slot is None or not (slot.start < asked.end and asked.begin < slot.end):
        return False
    return booking.booked_hold is not None and booking.state not in {State.CANCELLED, State.ABANDONED}


def _booking(recorded: Recorded, asked: CalendarDays) -> Iterator[CalendarItem]:
    """The booking in its column: its provider's, or its place's."""
    booking, business = recorded.booking, asked.business
    slot = booking.chosen
    assert slot is not None
    whose = slot.place if asked.by is CalendarBy.PLACES else slot.provider
    if asked.by is CalendarBy.PLACES and whose is None:
        return
    service = business.service(booking.service or "")
    yield CalendarItem(
        id=f"booking:{booking.reference}",
        kind=CalendarKind.BOOKING,
        column=None if whose is None else f"{PLACE if asked.by is CalendarBy.PLACES else PROVIDER}{whose}",
        start=views.local(slot.start, business),
        end=views.local(slot.end, business),
        title=(booking.service or "") if service is None else service.name.say(asked.language),
        state=booking.state.value,
        booking=str(booking.reference),
        lead_id=str(recorded.lead),
        can_move=booking.state in RESCHEDULABLE,
    )


def _task(task: Task, asked: CalendarDays) -> CalendarItem:
    """The task, ending when it is due; a booking's own service is shown as its booking."""
    planned, business = task.planned, asked.business
    titles = dict(planned.title)
    who = task.assignee
    if asked.by is CalendarBy.PLACES:
        column = None if planned.place is None else f"{PLACE}{planned.place}"
    elif who is None:
        column = None
    else:
        column = f"{PROVIDER if business.provider(who) is not None else STAFF}{who}"
    return CalendarItem(
        id=f"task:{task.id}",
        kind=CalendarKind.TASK,
        column=column,
        start=views.local(planned.due_at - timedelta(minutes=planned.minutes), business),
        end=views.local(planned.due_at, business),
        title=titles.get(asked.language) or titles.get("en") or planned.template,
        state=task.state.value,
        booking=None if task.booking is None else str(task.booking),
        lead_id=None,
        can_move=False,
    )


def _is_shown(task: Task) -> bool:
    return task.state is not TaskState.WITHDRAWN and task.planned.kind is not TaskKind.SERVICE
