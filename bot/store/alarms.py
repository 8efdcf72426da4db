"""Open alarms of all customers and partners, and of work that belongs to none, the one that has waited longest first;
read from what their documents say of each in plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.domain.alarms import LeadAlarm
from bot.domain.ids import LeadId
from bot.store.driver import Collection, Database, Document, aggregate
from bot.store.paging import PlaceInOrder, cursor_of, place_of

_ALARMS: TypeAdapter[LeadAlarm] = TypeAdapter(LeadAlarm)
_LISTED: Final[Document] = {"alarms.since": {"$type": "date"}, "merged_into": None, "erased": {"$ne": True}}
"""By the type too: the index has only leads with an alarm, and is used by who says so."""


_PARTNERS: Final = "partners"
_TASKS: Final = "tasks"


@dataclass(frozen=True, slots=True)
class AlarmOfLead:
    """An alarm and whose it is; nobody's, where it is about work of the house."""

    lead: LeadId | None
    alarm: LeadAlarm


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """Some alarms of a long list, and where the next ones begin."""

    alarms: tuple[AlarmOfLead, ...]
    next_cursor: str | None


def alarm_document(alarm: LeadAlarm) -> Document:
    """An alarm in plain: nothing in it is personal."""
    plain = {"reason": alarm.named or alarm.reason.value, "subject": alarm.subject, "since": alarm.since}
    return plain if alarm.due is None else plain | {"due": alarm.due}


class OpenAlarms:
    """Reads the collections `leads`, `partners` and `tasks`."""

    def __init__(self, database: Database) -> None:
        self._leads: Collection = database["leads"]

    async def page(self, limit: int, cursor: str | None) -> AlarmPage:
        """The alarms that are open, earliest first; BadCursor."""
        place = None if cursor is None else place_of(cursor, 3)
        # a lead of the page before may have a later one, too
        listed = _LISTED if place is None else {"$and": [_LISTED, {"alarms.since": {"$gte": place.at}}]}
        rows = await aggregate(
            self._leads,
            [
                {"$match": listed},
                {"$project": {"alarms": 1}},
                {"$unionWith": {"coll": _PARTNERS, "pipeline": [{"$match": listed}, {"$project": {"alarms": 1}}]}},
                {
                    "$unionWith": {
                        "coll": _TASKS,
                        "pipeline": [{"$match": listed}, {"$project": {"alarms": 1, "is_work": {"$literal": True}}}],
                    }
                },
                {"$unwind": "$alarms"},
                *([] if place is None else [{"$match": _behind(place)}]),
                {"$sort": {"alarms.since": 1, "_id": 1, "alarms.reason": 1, "alarms.subject": 1}},
                {"$limit": limit + 1},
            ],
        )
        found = tuple(alarm for row in rows[:limit] if (alarm := _read(row)) is not None)
        return AlarmPage(found, _cursor(rows[limit - 1]) if len(rows) > limit else None)


def _cursor(row: Mapping[str, Any]) -> str:
    alarm = row["alarms"]
    return cursor_of(alarm["since"], row["_id"], str(alarm.get("reason")), str(alarm.get("subject")))


def _behind(place: PlaceInOrder) -> Document:
    """What comes after that place: later, or as early and further by the other columns of the order."""
    lead, reason, subject = place.keys
    now: Document = {"alarms.since": place.at}
    return {
        "$or": [
            {"alarms.since": {"$gt": place.at}},
            now | {"_id": {"$gt": lead}},
            now | {"_id": lead, "alarms.reason": {"$gt": reason}},
            now | {"_id": lead, "alarms.reason": reason, "alarms.subject": {"$gt": subject}},
        ]
    }


def _read(row: Mapping[str, Any]) -> AlarmOfLead | None:
    """A row of the list; one that cannot be read hides none of the others."""
    try:
        lead = None if row.get("is_work") else LeadId(row["_id"])
        return AlarmOfLead(lead, _ALARMS.validate_python(row["alarms"]))
    except ValidationError:
        return None
