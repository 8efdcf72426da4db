"""What reports read: the audit, the read model, the transcript without its words, and tasks, each of one period.

A period is everything from its first moment on and before its last one. What cannot be read is left out and logged, and
no period yields more rows than a process can hold: beyond that it has to be a shorter one.
"""

from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from bot.domain.booking import Booking
from bot.domain.states import State
from bot.domain.task import Task
from bot.reports.messages import MessageFact
from bot.reports.stories import BookingStory, Noted, StoryMove
from bot.store.bookings import Recorded, listed
from bot.store.driver import Collection, Database, Document
from bot.store.task_rows import readable

log = structlog.get_logger(__name__)

MOST_ROWS: Final = 200_000
"""So many rows of one kind are read for one report."""
MOVED: Final = "booking_moved"
_BATCH: Final = 1000


class TooManyRows(Exception):
    """The period has more rows than one report reads."""


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """A period: from its first moment on, before its last one."""

    first: datetime
    last: datetime

    def query(self) -> Document:
        """As MongoDB asks for it."""
        return {"$gte": self.first, "$lt": self.last}


class ReportReads:
    """Reads the collections `audit`, `bookings`, `messages` and `tasks`."""

    def __init__(self, database: Database) -> None:
        self._audit: Collection = database["audit"]
        self._bookings: Collection = database["bookings"]
        self._messages: Collection = database["messages"]
        self._tasks: Collection = database["tasks"]

    async def create_indexes(self) -> None:
        """Audit lines of one kind, and lines of the transcript, by their moment."""
        await self._audit.create_index([("what", 1), ("at", 1)])
        await self._messages.create_index([("at", 1)])

    async def stories(self, span: ReportSpan) -> tuple[BookingStory, ...]:
        """The bookings that were begun in that period, each with all that became of it, by the moment of their
        beginning."""
        begun = {"what": MOVED, "at": span.query(), "facts": ["from", ""]}
        first = [noted for row in await self._rows(self._audit, begun) if (noted := _noted(row)) is not None]
        moves: dict[str, list[Noted]] = {one.fact("booking"): [] for one in first if one.fact("booking")}
        # a merge leaves the audit where it was, so what came after is found by its booking and not by its lead
        later = {"what": MOVED, "at": {"$gte": span.first}}
        async for row in self._audit.find(later):
            noted = _noted(row)
            if noted is not None and noted.fact("booking") in moves:
                moves[noted.fact("booking")].append(noted)
        known = await self.recorded(moves)
        told = [_story(reference, ordered(found), known.get(reference)) for reference, found in moves.items()]
        return tuple(sorted((one for one in told if one is not None), key=lambda one: (one.begun_at, one.reference)))

    async def noted(self, what: Names[str], span: ReportSpan) -> tuple[Noted, ...]:
        """The audit lines of these kinds, oldest first."""
        rows = await self._rows(self._audit, {"what": {"$in": sorted(what)}, "at": span.query()})
        return tuple(ordered([noted for row in rows if (noted := _noted(row)) is not None]))

    async def messages(self, span: ReportSpan) -> tuple[MessageFact, ...]:
        """Lines of the transcript, oldest first, without their words."""
        columns = {"lead": 1, "author": 1, "at": 1, "tick": 1, "template": 1, "category": 1, "country": 1}
        rows = await self._rows(self._messages, {"at": span.query()}, columns)
        lines = [line for row in rows if (line := _line(row)) is not None]
        return tuple(sorted(lines, key=lambda line: (line.at, line.id)))

    async def tasks(self, span: ReportSpan) -> tuple[Task, ...]:
        """The tasks that are due in that period, the first due first."""
        tasks = readable(await self._rows(self._tasks, {"due_at": span.query()}))
        return tuple(sorted(tasks, key=lambda task: (task.planned.due_at, task.id)))

    async def starting(self, span: ReportSpan) -> tuple[Recorded, ...]:
        """The bookings whose time begins in that period, ended or not, the first to begin first."""
        rows = await self._rows(self._bookings, {"start": span.query()})
        known = [recorded for row in rows if (recorded := listed(row)) is not None]
        return tuple(sorted(known, key=_start))

    async def rated(self, span: ReportSpan) -> tuple[BookingStory, ...]:
        """The bookings that began in that period and were rated."""
        known = [recorded for recorded in await self.starting(span) if recorded.booking.rating is not None]
        return tuple(BookingStory(one.booking.reference, one.lead, (_as_it_is(one),), one.booking) for one in known)

    async def recorded(self, references: Names[str]) -> Mapping[str, Recorded]:
        """These bookings as they stand."""
        wanted, found = sorted(references), dict[str, Recorded]()
        for begin in range(0, len(wanted), _BATCH):
            async for row in self._bookings.find({"_id": {"$in": wanted[begin : begin + _BATCH]}}):
                recorded = listed(row)
                if recorded is not None:
                    found[str(row["_id"])] = recorded
        return found

    async def _rows(
        self, collection: Collection, query: Document, columns: Mapping[str, Any] | None = None
    ) -> Sequence[Document]:
        rows: list[Document] = await collection.find(query, columns).to_list(MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            raise TooManyRows
        return rows


def ordered(noted: Sequence[Noted]) -> list[Noted]:
    """Oldest first; what one event recorded stays in the order of its effects."""

    def place(one: Noted) -> tuple[datetime, str, int]:
        event, _, number = one.id.rpartition(":")
        return (one.at, event, int(number)) if number.isdecimal() else (one.at, one.id, 0)

    return sorted(noted, key=place)


def _start(recorded: Recorded) -> tuple[datetime, str]:
    slot = recorded.booking.chosen
    return (recorded.updated_at if slot is None else slot.start, recorded.booking.reference)


def _as_it_is(recorded: Recorded) -> StoryMove:
    return StoryMove(recorded.updated_at, recorded.booking.state, "")


def _story(reference: str, moves: Sequence[Noted], recorded: Recorded | None) -> BookingStory | None:
    try:
        steps = tuple(StoryMove(one.at, State(one.fact("to")), one.by, int(one.fact("slots") or 0)) for one in moves)
    except ValueError:
        log.error("booking_history_unreadable", booking=reference)
        return None
    booking: Booking | None = None if recorded is None else recorded.booking
    # a merge moved it to another customer's thread
    lead = moves[0].lead if recorded is None else str(recorded.lead)
    return BookingStory(reference, lead, steps, booking)


def _noted(row: Document) -> Noted | None:
    try:
        if not isinstance(row["at"], datetime):
            raise TypeError("a column of another kind")
        facts = tuple((str(key), str(value)) for key, value in row["facts"])
        return Noted(str(row["_id"]), str(row["what"]), row["at"], str(row["lead"]), str(row["by"]), facts)
    except (KeyError, ValueError, TypeError) as error:
        log.error("audit_entry_unreadable", problem=type(error).__name__)
        return None


def _line(row: Document) -> MessageFact | None:
    try:
        if not isinstance(row["at"], datetime):
            raise TypeError("a column of another kind")
        tick, template = row.get("tick"), row.get("template")
        return MessageFact(
            str(row["_id"]),
            str(row["lead"]),
            str(row["author"]),
            row["at"],
            None if tick is None else str(tick),
            None if template is None else str(template),
            str(row.get("category") or ""),
            str(row.get("country") or ""),
        )
    except (KeyError, TypeError) as error:
        log.error("line_unreadable", problem=type(error).__name__)
        return None
