"""Open alarms of all customers, the one that has waited longest first; read from what `leads` says of each in plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.domain.alarms import LeadAlarm
from bot.domain.ids import LeadId
from bot.store.driver import Collection, Database, Document, aggregate

_ALARMS: TypeAdapter[LeadAlarm] = TypeAdapter(LeadAlarm)
_LISTED: Final[Document] = {"alarms.since": {"$type": "date"}, "merged_into": None, "erased": {"$ne": True}}
"""By the type too: the index has only leads with an alarm, and is used by who says so."""


@dataclass(frozen=True, slots=True)
class AlarmOfLead:
    """An alarm and whose it is."""

    lead: LeadId
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
    """Reads the collection `leads`."""

    def __init__(self, database: Database) -> None:
        self._leads: Collection = database["leads"]

    async def page(self, limit: int, cursor: str | None) -> AlarmPage:
        """The alarms that are open, earliest first."""
        skip = int(cursor) if cursor is not None and cursor.isdigit() else 0
        rows = await aggregate(
            self._leads,
            [
                {"$match": _LISTED},
                {"$project": {"alarms": 1}},
                {"$unwind": "$alarms"},
                {"$sort": {"alarms.since": 1, "_id": 1, "alarms.reason": 1, "alarms.subject": 1}},
                {"$skip": skip},
                {"$limit": limit + 1},
            ],
        )
        found = tuple(alarm for row in rows[:limit] if (alarm := _read(row)) is not None)
        return AlarmPage(found, str(skip + limit) if len(rows) > limit else None)


def _read(row: Mapping[str, Any]) -> AlarmOfLead | None:
    """A row of the list; one that cannot be read hides none of the others."""
    try:
        return AlarmOfLead(LeadId(row["_id"]), _ALARMS.validate_python(row["alarms"]))
    except ValidationError:
        return None
