"""What changed in the database, as names: for pages that are open, which ask for it again by themselves."""

from collections import OrderedDict
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final

from pymongo.errors import PyMongoError

from bot.store.driver import Database, Document, watching

_CONVERSATION: Final = "conversation"
_PRESENCE: Final = "presence"
_ATTENTION: Final = "attention"
_PERSON: Final = "person"
"""Somebody who works here has another role, or none any more."""
_TOPICS: Final = {
    "leads": _CONVERSATION,
    "partners": _CONVERSATION,
    "messages": "message",
    "bookings": "booking",
    "tasks": "task",
    "presence": _PRESENCE,
    "attention": _ATTENTION,
    "users": _PERSON,
    "user_sessions": _PERSON,
}
"""What a change in a collection is called."""
# a lease is taken and given back at every visit, and says nothing that anybody could see
_SEEN: Final[list[Document]] = [
    {"ns.coll": {"$in": list(_TOPICS)}, "operationType": {"$in": ["insert", "replace"]}},
    {"ns.coll": {"$in": ["leads", "partners"]}, "updateDescription.updatedFields.version": {"$exists": True}},
    {"ns.coll": {"$in": ["messages", "bookings", "tasks", "users"]}, "operationType": "update"},
    # that somebody is still there is written every few seconds
    {"ns.coll": "presence", "updateDescription.updatedFields.typing": {"$exists": True}},
    {"ns.coll": "presence", "operationType": "delete"},
    # that a row was carried somewhere changes nothing that is shown
    {"ns.coll": "attention", "updateDescription.updatedFields.revision": {"$exists": True}},
    # and so is when somebody was seen last
    {"ns.coll": "user_sessions", "updateDescription.updatedFields.revoked_at": {"$exists": True}},
]
_NAMED: Final[Document] = {"$project": {"ns.coll": 1, "documentKey": 1, "fullDocument.lead": 1}}
_REMEMBERED: Final = 4096


class FeedBroken(Exception):
    """The stream of changes ended; it has to be opened again."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change: its place in the stream (ordered, the same for everybody who listens) and what it is about; without
    a topic it says that from there on nothing is missed."""

    place: str
    topic: str | None = None
    about: str = ""
    lead: str | None = None


class ChangeFeed:
    """The stream of changes of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # a line of the transcript gets its ticks in seconds: whose it is need not be read each time
        self._leads: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def heard(self) -> AsyncGenerator[Changed, None]:
        """Every change from now on; FeedBroken when no more can be heard."""
        try:
            async with watching(self._database, [{"$match": {"$or": _SEEN}}, _NAMED]) as stream:
                yield Changed(_place(stream.resume_token))
                while True:
                    change = await stream.next()
                    changed = await self._changed(change)
                    if changed is not None:
                        yield changed
        except StopAsyncIteration as ended:
            raise FeedBroken("ended") from ended
        except PyMongoError as error:
            raise FeedBroken(type(error).__name__) from error

    async def _changed(self, change: Document) -> Changed | None:
        collection, about = change["ns"]["coll"], change["documentKey"]["_id"]
        topic = _TOPICS[collection]
        if not isinstance(about, str):
            return None
        place = _place(change["_id"])
        if topic == _PERSON:
            return Changed(place, topic)
        if topic == _PRESENCE:
            return Changed(place, topic, lead=about.partition("|")[0])
        if topic == _ATTENTION:
            return Changed(place, topic, about)
        lead = about if topic == _CONVERSATION else await self._lead_of(collection, about, change)
        return Changed(place, topic, about, lead)

    async def _lead_of(self, collection: str, about: str, change: Document) -> str | None:
        key = (collection, about)
        lead: Any = change.get("fullDocument", {}).get("lead") or self._leads.get(key)
        if lead is None:
            row = await self._database[collection].find_one({"_id": about}, {"lead": 1})
            lead = None if row is None else row.get("lead")
        if not isinstance(lead, str):
            return None
        self._leads[key] = lead
        if len(self._leads) > _REMEMBERED:
            self._leads.popitem(last=False)
        return lead


def _place(token: Any) -> str:
    """The token of the stream as text: hexadecimal, and in the order of what happened."""
    data = token.get("_data", "") if isinstance(token, dict) else ""
    return data if isinstance(data, str) else ""
