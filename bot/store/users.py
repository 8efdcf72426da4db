"""Those who sign in: one document each, its address and name sealed, its password and codes as hashes alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bot.domain.users import Role, User
from bot.store.driver import Collection, Database
from bot.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and what proves it is them."""

    user: User
    password: str | None
    """The hash, none before the invitation was taken up."""
    totp: bytes | None
    totp_step: int
    """The half minute of the last code that was taken."""
    recovery: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserLink:
    """What is kept of the one link that sets a password: each new one takes the place of the one before."""

    purpose: str
    nonce: str
    expires_at: datetime


class Users:
    """The collection `users`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["users"]
        self._vault = vault

    def id_of(self, email: str) -> str:
        """The id of whoever has this address."""
        return self._vault.alias("user", email)[:29]

    async def find(self, user: str) -> Credentials | None:
        """That user, revoked or not."""
        row = await self._collection.find_one({"_id": user})
        return None if row is None else await self._read(row)

    async def all(self) -> list[User]:
        """Every user, the oldest first; revoked ones too, for the record names them."""
        rows = await self._collection.find({}).sort([("made_at", 1), ("_id", 1)]).to_list(None)
        return [(await self._read(row)).user for row in rows]

    async def add(
        self, email: str, name: str, roles: Iterable[Role], language: str | None, link: UserLink, now: datetime
    ) -> User:
        """A new user who has no password yet, or one that was revoked and is asked in again; raises UserExists."""
        user = self.id_of(email)
        profile = await self._vault.seal_house(f"user:{user}", orjson.dumps({"email": email, "name": name}))
        values = {
            "profile": profile,
            "roles": [role.value for role in roles],
            "language": language,
            "link": _link(link),
        }
        gone = ("revoked_at", "password", "totp", "totp_step", "recovery")
        # what a revoked user knew opens nothing: password and second factor are set from the start
        back = await self._collection.update_one(
            {"_id": user, "revoked_at": {"$type": "date"}}, {"$set": values, "$unset": dict.fromkeys(gone, "")}
        )
        if not back.matched_count:
            made = await self._collection.update_one(
                {"_id": user}, {"$setOnInsert": {**values, "made_at": now}}, upsert=True
            )
            if made.upserted_id is None:
                raise UserExists(user)
        found = await self.find(user)
        assert found is not None, "no user is ever deleted"
        return found.user

    async def set_roles(self, user: str, roles: Iterable[Role]) -> bool:
        """Other roles from the next request on; whether there is such a user."""
        change = {"$set": {"roles": [role.value for role in roles]}}
        done = await self._collection.update_one({"_id": user, "revoked_at": {"$exists": False}}, change)
        return bool(done.matched_count)

    async def set_link(self, user: str, link: UserLink) -> bool:
        """The one link that sets their password now; whether there is such a user."""
        done = await self._collection.update_one(
            {"_id": user, "revoked_at": {"$exists": False}}, {"$set": {"link": _link(link)}}
        )
        return bool(done.matched_count)

    async def has_link(self, user: str, link: UserLink) -> bool:
        """Whether that link still sets their password."""
        return await self._collection.find_one(_open(user, link), {"_id": 1}) is not None

    async def take_link(self, user: str, link: UserLink, password: str, *, clears_totp: bool) -> bool:
        """Set the password by that link, which is good for nothing afterwards; of two at once the first."""
        gone = {"link": "", **({"totp": "", "totp_step": "", "recovery": ""} if clears_totp else {})}
        done = await self._collection.update_one(_open(user, link), {"$set": {"password": password}, "$unset": gone})
        return bool(done.modified_count)

    async def set_password(self, user: str, was: str, password: str) -> bool:
        """Another hash of theirs, where it is still the one that was checked."""
        done = await self._collection.update_one({"_id": user, "password": was}, {"$set": {"password": password}})
        return bool(done.modified_count)

    async def set_totp(self, user: str, secret: bytes, step: int, recovery: Iterable[str]) -> bool:
        """A second factor from now on, where there was none; of two at once the first."""
        sealed = await self._vault.seal_house(f"totp:{user}", secret)
        change = {"$set": {"totp": sealed, "totp_step": step, "recovery": list(recovery)}}
        done = await self._collection.update_one({"_id": user, "totp": {"$exists": False}}, change)
        return bool(done.modified_count)

    async def clear_totp(self, user: str) -> None:
        """No second factor any more."""
        gone = {"totp": "", "totp_step": "", "recovery": ""}
        await self._collection.update_one({"_id": user}, {"$unset": gone})

    async def use_step(self, user: str, step: int) -> bool:
        """Take the code of that half minute; false where it, or a later one, was taken."""
        done = await self._collection.update_one(
            {"_id": user, "totp_step": {"$lt": step}}, {"$set": {"totp_step": step}}
        )
        return bool(done.modified_count)

    async def use_recovery(self, user: str, code: str) -> bool:
        """Take that recovery code; each is good once."""
        done = await self._collection.update_one({"_id": user, "recovery": code}, {"$pull": {"recovery": code}})
        return bool(done.modified_count)

    async def revoke(self, user: str, now: datetime) -> bool:
        """Nobody signs in as them any more; false where they were revoked or never there."""
        done = await self._collection.update_one(
            {"_id": user, "revoked_at": {"$exists": False}}, {"$set": {"revoked_at": now}, "$unset": {"link": ""}}
        )
        return bool(done.modified_count)

    async def _read(self, row: dict[str, Any]) -> Credentials:
        user = row["_id"]
        profile = orjson.loads(await self._vault.open_house(f"user:{user}", bytes(row["profile"])))
        totp = row.get("totp")
        return Credentials(
            user=User(
                id=user,
                email=profile["email"],
                name=profile["name"],
                # a role that a later version knows gives no rights here
                roles=tuple(Role(role) for role in row["roles"] if role in set(Role)),
                made_at=row["made_at"],
                language=row.get("language"),
                has_password=row.get("password") is not None,
                has_totp=totp is not None,
                revoked_at=row.get("revoked_at"),
            ),
            password=row.get("password"),
            totp=None if totp is None else await self._vault.open_house(f"totp:{user}", bytes(totp)),
            totp_step=row.get("totp_step", 0),
            recovery=tuple(row.get("recovery") or ()),
        )


class UserExists(Exception):
    """There is a user with this address."""


def _link(link: UserLink) -> dict[str, Any]:
    return {"purpose": link.purpose, "nonce": link.nonce, "expires_at": link.expires_at}


def _open(user: str, link: UserLink) -> dict[str, Any]:
    return {
        "_id": user,
        "revoked_at": {"$exists": False},
        "link.purpose": link.purpose,
        "link.nonce": link.nonce,
        "link.expires_at": link.expires_at,
    }
