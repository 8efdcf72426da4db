"""`flow_sessions`: every form in a customer's hands, keyed by its token, saved by version.

What the customer picked and typed is sealed under the customer's key; the columns next to it are what is asked by. A
save can ride in the transaction that moves the form's hold, so that session and hold never tell two stories.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from bot.domain.ids import LeadId
from bot.store.driver import Collection, Database, Document
from bot.store.gathered import GatheredWrite, GatheredWrites, by_id
from bot.store.sealing import KeyDestroyed, Tampered
from bot.store.vault import Vault
from flows.session import FlowSession, FlowToken

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    """A form's session, and what it was sent with."""

    session: FlowSession
    language: str
    known_name: str = ""
    place: str | None = None
    """Where it is to be, when the chat knew that before the form was sent."""
    booking: str = ""
    """Which booking it changes; empty for a new one."""
    owner: LeadId | None = None
    """The lead that took over the one it was sent to; the token goes on naming the first."""
    asks_first: bool = False
    """Whether the house says yes before its customer pays, whatever the service says."""

    @property
    def lead(self) -> LeadId:
        """Whose form it is now."""
        return self.owner or LeadId(self.session.lead_id)


_FORMS: Final[TypeAdapter[Form]] = TypeAdapter(Form)


class FlowSessions:
    """The collection `flow_sessions`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["flow_sessions"]
        self._writes = GatheredWrites(self._collection)
        self._looks = by_id(self._collection)
        self._vault = vault

    async def create(self, form: Form) -> None:
        """A form just sent; sent again under the same token, the first stands."""
        try:
            await self._collection.insert_one({"_id": form.session.token, **await self._document(form)})
        except DuplicateKeyError:
            return

    async def load(self, token: str) -> Form | None:
        """The form of that token; none when there is none, when its customer was erased, or when it cannot be read:
        the customer is told that it has ended and gets another one."""
        row = await self._looks.find(token)
        if row is None:
            return None
        try:
            packed = await self._vault.open(LeadId(row["lead"]), f"form:{token}", bytes(row["packed"]))
            form = _FORMS.validate_json(packed)
            return replace(form, session=replace(form.session, version=row["version"]))
        except KeyDestroyed:
            return None
        except (Tampered, KeyError, ValueError, TypeError) as error:
            log.error("form_unreadable", problem=type(error).__name__)
            return None

    async def save(self, form: Form, transaction: Any = None) -> bool:
        """The form as it stands now, if nobody saved it since it was loaded; its version grows by one."""
        token, saved = form.session.token, await self._document(form, form.session.version + 1)
        query, change = {"_id": token, "version": form.session.version}, {"$set": saved}
        if transaction is not None:
            done = await self._collection.update_one(query, change, session=transaction)
            return bool(done.matched_count)
        if await self._writes.found(GatheredWrite(query, change)):
            return True
        # what was sealed just now is like nothing that anybody else saved
        row = await self._looks.find(token)
        return row is not None and row.get("packed") == saved["packed"]

    async def last_sent_by(self, lead: LeadId) -> FlowToken | None:
        """The form a customer sent last; for clients that send no token with it."""
        query = {"lead": lead, "submitted_at": {"$ne": None}}
        row = await self._collection.find_one(query, {"_id": 1}, sort=[("submitted_at", -1)])
        return None if row is None else FlowToken(row["_id"])

    async def forget_ended(self, before: datetime) -> int:
        """Delete forms that ended before then, sent or not; how many. A token that is not there is one used up."""
        done = await self._collection.delete_many({"expires_at": {"$lt": before}})
        return int(done.deleted_count)

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """Forms of a merged lead are the older one's, sealed again under the older one's key."""
        for row in await self._collection.find({"lead": younger}, {"_id": 1}).to_list(None):
            form = await self.load(row["_id"])
            if form is not None and not await self.save(replace(form, owner=older)):
                await self.reassign(younger, older)
                return

    async def _document(self, form: Form, version: int = 0) -> Document:
        session = form.session
        sealed = await self._vault.seal(form.lead, f"form:{session.token}", _FORMS.dump_json(form))
        return {
            "lead": form.lead,
            "version": version,
            "expires_at": session.expires_at,
            "submitted_at": session.submitted_at,
            "packed": sealed,
        }
