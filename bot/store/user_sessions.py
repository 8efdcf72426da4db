"""Who is signed in: one document a session, known by the hash of its token, ended by time, by hand or with its user."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.store.driver import Collection, Database

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=7)
SEEN_EVERY: Final = timedelta(minutes=1)
"""How often a session that is used is written down as seen, at most."""


@dataclass(frozen=True, slots=True)
class UserSession:
    """A browser in which somebody signed in."""

    id: str
    """Hash of the token: known to us, good for nothing to anybody else."""
    user: str
    made_at: datetime
    seen_at: datetime
    address: str
    """Roughly from where, without the last part of the address."""
    browser: str
    revoked_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """When it ends by itself if it is not used again."""
        return min(self.seen_at + IDLE, self.made_at + LONGEST)

    def stands(self, now: datetime) -> bool:
        """Whether it lets its user in."""
        return self.revoked_at is None and now < self.ends_at


def session_id(token: str) -> str:
    """Under which id a token's session is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class UserSessions:
    """The collection `user_sessions`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["user_sessions"]

    async def create_indexes(self) -> None:
        """By user; and what ended a month ago is of no use to anybody."""
        await self._collection.create_index([("user", 1), ("seen_at", -1)])
        # retention, not meaning: whether a session stands is judged when it is used
        await self._collection.create_index([("made_at", 1)], expireAfterSeconds=37 * 86400)

    async def begin(self, token: str, user: str, address: str, browser: str, now: datetime) -> UserSession:
        """Somebody signed in."""
        session = UserSession(session_id(token), user, now, now, address, browser)
        await self._collection.insert_one(
            {
                "_id": session.id,
                "user": user,
                "made_at": now,
                "seen_at": now,
                "address": address,
                "browser": browser,
            }
        )
        return session

    async def find(self, session: str) -> UserSession | None:
        """The session of that id, whether it stands or not."""
        row = await self._collection.find_one({"_id": session})
        return None if row is None else _read(row)

    async def seen(self, session: UserSession, now: datetime) -> None:
        """It is in use; written once a minute at most."""
        if now - session.seen_at >= SEEN_EVERY:
            await self._collection.update_one({"_id": session.id}, {"$max": {"seen_at": now}})

    async def of(self, user: str, now: datetime) -> Sequence[UserSession]:
        """Those of that user that stand, the last used first."""
        rows = await self._collection.find({"user": user}).sort([("seen_at", -1)]).to_list(None)
        return [session for session in map(_read, rows) if session.stands(now)]

    async def revoke(self, session: str, now: datetime) -> bool:
        """That one lets nobody in any more; false where it did not."""
        done = await self._collection.update_one(
            {"_id": session, "revoked_at": {"$exists": False}}, {"$set": {"revoked_at": now}}
        )
        return bool(done.modified_count)

    async def revoke_all(self, user: str, now: datetime, but: str | None = None) -> int:
        """None of theirs lets anybody in any more, but for one; how many did."""
        done = await self._collection.update_many(
            {"user": user, "revoked_at": {"$exists": False}, "_id": {"$ne": but}}, {"$set": {"revoked_at": now}}
        )
        return int(done.modified_count)


def _read(row: dict[str, Any]) -> UserSession:
    return UserSession(
        row["_id"],
        row["user"],
        row["made_at"],
        row["seen_at"],
        row.get("address", ""),
        row.get("browser", ""),
        row.get("revoked_at"),
    )
