"""Accounts of people: asked in and signed in, their sessions, second factor and links.

A password is checked in a thread and by few at a time: each check takes 64 MiB on purpose. Nothing here tells whether
an account exists: an unknown address costs the same work, the same tries and the same answer.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.domain import totp
from bot.domain.users import SIGNS_IN, Act, Role, User, email_of, role_for
from bot.engine.account_links import AccountLinks, LinkPurpose
from bot.store.sign_in_tries import SignInTries
from bot.store.user_sessions import UserSession, UserSessions, session_id
from bot.store.users import Credentials, UserExists, Users

INVITE_FOR: Final = timedelta(hours=72)
RESET_FOR: Final = timedelta(hours=4)
TICKET_FOR: Final = timedelta(minutes=5)
"""How long the page that asks for the second factor may stay open."""
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256
FREE_TRIES: Final = 5
"""Of one account, before each further one has to wait longer than the one before."""
FREE_TRIES_OF_ADDRESS: Final = 40
"""Of one address: a whole office may stand behind it."""
_AT_ONCE: Final = 2
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is there: a user, by which session, and the token their forms carry."""

    user: User
    session: UserSession
    csrf: str

    @property
    def id(self) -> str:
        """Whose doing it is, on record."""
        return self.user.id

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.user.name

    @property
    def language(self) -> str | None:
        """Of the pages, where they chose one."""
        return self.user.language

    def may(self, act: Act) -> bool:
        """Whether any of their roles may."""
        return self.user.may(act)

    def role_for(self, act: Act) -> Role | None:
        """In which of their roles they do it: the first that may."""
        return role_for(self.user.roles, act)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Where somebody comes from who is not signed in yet."""

    address: str
    """The whole address, for counting."""
    shown: str
    """What of it is kept with the session."""
    browser: str


class SignInRefusal(StrEnum):
    """Why somebody is not let in; `WRONG` says as little as it can."""

    WRONG = "wrong"
    CODE_NEEDED = "code_needed"
    """The password is right, and a second factor is set up."""
    CODE_WRONG = "code_wrong"
    TOO_MANY = "too_many"


class NotSignedIn(Exception):
    """Not let in; `until` says when it may be tried again, `ticket` stands for the password that was right."""

    def __init__(self, why: SignInRefusal, until: datetime | None = None, ticket: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.until = until
        self.ticket = ticket


class PasswordWeakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    GUESSED = "guessed"
    """It is the address or the name, or one letter over and over."""


class LinkSpent(Exception):
    """The link was used, replaced by a newer one, is too old, or none of ours."""


class PasswordRefused(Exception):
    """Too weak; `why` says how."""

    def __init__(self, why: PasswordWeakness) -> None:
        super().__init__(why.value)
        self.why = why


class NoSuchUser(Exception):
    """Nobody who stands has this address."""


class BadAccount(Exception):
    """An address that is none, or roles that nobody signs in with."""


class Accounts:
    """All that is done with accounts, by pages, the command line and the demo alike."""

    def __init__(
        self, users: Users, sessions: UserSessions, tries: SignInTries, keys: tuple[str, ...], hasher: PasswordHasher
    ) -> None:
        self._users = users
        self.sessions = sessions
        self._tries = tries
        self._links = AccountLinks(keys)
        self._hasher = hasher
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    # asked in

    async def add(
        self, email: str, name: str, roles: Sequence[Role], now: datetime, language: str | None = None
    ) -> tuple[User, str]:
        """A new user, and the signed text of the link by which they set their password; UserExists, BadAccount."""
        wanted = _wanted(email, name, roles, now, language)
        user = self._users.id_of(wanted.email)
        text, kept = self._links.made(user, LinkPurpose.INVITE, secrets.token_urlsafe(24), now + INVITE_FOR)
        return await self._users.add(wanted.email, wanted.name, roles, language, kept, now), text

    async def begin_with(self, email: str, password: str, now: datetime) -> User | None:
        """The first account of a house, an admin's; none where anybody is there. BadAccount, PasswordRefused."""
        if await self._users.all():
            return None
        wanted = _wanted(email, "", (Role.ADMIN,), now, None)
        weakness = weakness_of(password, wanted)
        if weakness is not None:
            raise PasswordRefused(weakness)
        try:
            user, link = await self.add(email, "", (Role.ADMIN,), now)
        except UserExists:
            return None  # another process was first
        await self.set_password(link, LinkPurpose.INVITE, password, now)
        return user

    async def would_add(
        self, email: str, name: str, roles: Sequence[Role], now: datetime, language: str | None = None
    ) -> User:
        """Who that would be; UserExists, BadAccount."""
        wanted = _wanted(email, name, roles, now, language)
        known = await self.find(self._users.id_of(wanted.email))
        if known is not None and not known.is_revoked:
            raise UserExists(known.id)
        return replace(wanted, id=self._users.id_of(wanted.email))

    async def reset(self, email: str, now: datetime) -> tuple[User, str]:
        """A link that sets another password; the old one works until it is used. NoSuchUser."""
        user = await self.named(email)
        purpose = LinkPurpose.RESET if user.has_password else LinkPurpose.INVITE
        text, kept = self._links.made(user.id, purpose, secrets.token_urlsafe(24), now + RESET_FOR)
        if not await self._users.set_link(user.id, kept):
            raise NoSuchUser(email)
        return user, text

    async def is_open(self, text: str, purpose: LinkPurpose, now: datetime) -> bool:
        """Whether that link can be used; looking uses nothing up."""
        link = self._links.read(text, purpose, now)
        return link is not None and await self._users.has_link(link.user, link.kept)

    async def set_password(self, text: str, purpose: LinkPurpose, password: str, now: datetime) -> User:
        """Take up that link: the password is theirs, every session of before is over. LinkSpent, PasswordRefused."""
        link = self._links.read(text, purpose, now)
        known = None if link is None else await self._users.find(link.user)
        if link is None or known is None or not await self._users.has_link(link.user, link.kept):
            raise LinkSpent
        weakness = weakness_of(password, known.user)
        if weakness is not None:
            raise PasswordRefused(weakness)
        hashed = await self._hashed(password)
        # in one write with the end of the link: of two who hold it, one sets a password
        clears = purpose is LinkPurpose.INVITE
        if not await self._users.take_link(link.user, link.kept, hashed, clears_totp=clears):
            raise LinkSpent
        await self.sessions.revoke_all(link.user, now)
        await self._tries.forget(f"account:{link.user}")
        return known.user

    # known

    async def named(self, email: str) -> User:
        """The user with that address who stands; NoSuchUser."""
        known = email_of(email)
        found = None if known is None else await self._users.find(self._users.id_of(known))
        if found is None or found.user.is_revoked:
            raise NoSuchUser(email)
        return found.user

    async def find(self, user: str) -> User | None:
        """The user of that id, revoked or not."""
        found = await self._users.find(user)
        return None if found is None else found.user

    async def all(self) -> list[User]:
        """Every user there is or was."""
        return await self._users.all()

    async def set_roles(self, email: str, roles: Sequence[Role]) -> User:
        """Other roles, from their next request on; NoSuchUser, BadAccount."""
        if not roles or not SIGNS_IN.issuperset(roles):
            raise BadAccount(email)
        user = await self.named(email)
        await self._users.set_roles(user.id, roles)
        return await self.named(email)

    async def revoke(self, email: str, now: datetime) -> tuple[User, int]:
        """Account and sessions; how many of these there were. NoSuchUser."""
        user = await self.named(email)
        # the account first: a sign-in between the two would outlive the sessions
        await self._users.revoke(user.id, now)
        return user, await self.sessions.revoke_all(user.id, now)

    # signed in

    async def sign_in(self, email: str, password: str, where: Stranger, now: datetime) -> tuple[SignedIn, str]:
        """Who it is, and the token of the new session; NotSignedIn."""
        user = self._users.id_of(email_of(email) or "nobody")
        await self._count(user, where, now)
        known = await self._users.find(user)
        hashed = None if known is None or known.user.is_revoked else known.password
        # an unknown address is checked against a hash of nobody's: the time it takes is the same
        is_right = await self._fits(hashed or await self._hash_of_nobody(), password)
        if known is None or hashed is None or not is_right:
            raise NotSignedIn(SignInRefusal.WRONG)
        if known.totp is not None:
            ticket, _ = self._links.made(user, LinkPurpose.CODE, _fingerprint(hashed), now + TICKET_FOR)
            raise NotSignedIn(SignInRefusal.CODE_NEEDED, ticket=ticket)
        if self._hasher.check_needs_rehash(hashed):
            await self._users.set_password(user, hashed, await self._hashed(password))
        return await self._begin(user, where, now)

    async def sign_in_with_code(self, ticket: str, code: str, where: Stranger, now: datetime) -> tuple[SignedIn, str]:
        """The second step, for who was asked for a code; NotSignedIn."""
        link = self._links.read(ticket, LinkPurpose.CODE, now)
        if link is None:
            raise NotSignedIn(SignInRefusal.WRONG)
        await self._count(link.user, where, now)
        known = await self._users.find(link.user)
        hashed = None if known is None or known.user.is_revoked else known.password
        # a ticket is of the password that was typed: one that was changed since opens nothing
        if known is None or hashed is None or not link.is_of(_fingerprint(hashed)):
            raise NotSignedIn(SignInRefusal.WRONG)
        if known.totp is not None and not await self._takes(known, known.totp, code, now):
            raise NotSignedIn(SignInRefusal.CODE_WRONG, ticket=ticket)
        return await self._begin(link.user, where, now)

    async def _count(self, user: str, where: Stranger, now: datetime) -> None:
        for key, free in ((f"address:{where.address}", FREE_TRIES_OF_ADDRESS), (f"account:{user}", FREE_TRIES)):
            until = await self._tries.count(key, free, now)
            if until is not None:
                raise NotSignedIn(SignInRefusal.TOO_MANY, until)

    async def _begin(self, user: str, where: Stranger, now: datetime) -> tuple[SignedIn, str]:
        await self._tries.forget(f"account:{user}")
        await self._tries.take_back(f"address:{where.address}")
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        session = await self.sessions.begin(token, user, where.shown, where.browser, now)
        # read after the session is there: who was revoked meanwhile is not left with one
        after = await self.check(token, now)
        if after is None:
            await self.sessions.revoke(session.id, now)
            raise NotSignedIn(SignInRefusal.WRONG)
        return after, token

    async def check(self, token: str, now: datetime) -> SignedIn | None:
        """Who that token is; read from the database each time, so that what is revoked is over at once."""
        session = await self.sessions.find(session_id(token))
        if session is None or not session.stands(now):
            return None
        known = await self._users.find(session.user)
        if known is None or known.user.is_revoked:
            return None
        await self.sessions.seen(session, now)
        return SignedIn(known.user, session, csrf_of(token))

    async def sign_out(self, token: str, now: datetime) -> None:
        """The session of that token is over."""
        await self.sessions.revoke(session_id(token), now)

    # second factor

    async def set_up_totp(self, user: User, secret: bytes, code: str, now: datetime) -> tuple[str, ...] | None:
        """A second factor, proven by its first code; the recovery codes, or none when the code is wrong or there is
        one already."""
        step = totp.matching_step(secret, code, now, 0)
        if step is None:
            return None
        codes = tuple(_recovery_code() for _ in range(totp.RECOVERY_CODES))
        is_set = await self._users.set_totp(user.id, secret, step, map(totp.recovery_hash, codes))
        return codes if is_set else None

    async def drop_totp(self, user: User, password: str, now: datetime) -> bool:
        """No second factor any more, for who knows the password; false where they do not, or tried too often."""
        if await self._tries.count(f"account:{user.id}", FREE_TRIES, now) is not None:
            return False
        known = await self._users.find(user.id)
        if known is None or known.password is None or not await self._fits(known.password, password):
            return False
        await self._users.clear_totp(user.id)
        await self._tries.forget(f"account:{user.id}")
        return True

    async def _takes(self, known: Credentials, secret: bytes, code: str, now: datetime) -> bool:
        step = totp.matching_step(secret, code, now, known.totp_step)
        if step is not None:
            return await self._users.use_step(known.user.id, step)
        return await self._users.use_recovery(known.user.id, totp.recovery_hash(code))

    async def _fits(self, hashed: str, password: str) -> bool:
        async with self._turns:
            try:
                return await asyncio.to_thread(self._hasher.verify, hashed, password[: LONGEST_PASSWORD + 1])
            except (VerificationError, InvalidHashError):
                return False

    async def _hashed(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _hash_of_nobody(self) -> str:
        if self._nobody is None:
            self._nobody = await self._hashed(secrets.token_urlsafe(16))
        return self._nobody


def csrf_of(token: str) -> str:
    """What the forms of that session carry: made of its token, which a foreign page cannot read."""
    return hmac.digest(token.encode(), b"janji csrf", hashlib.sha256).hex()


def weakness_of(password: str, user: User) -> PasswordWeakness | None:
    """Why it is not taken; length is what counts, no rules of signs and digits."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordWeakness.SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordWeakness.LONG
    plain = password.casefold()
    if len(set(plain)) < 4 or plain in {user.email, user.name.casefold()}:
        return PasswordWeakness.GUESSED
    return None


def _wanted(email: str, name: str, roles: Sequence[Role], now: datetime, language: str | None) -> User:
    known = email_of(email)
    if known is None or not roles or not SIGNS_IN.issuperset(roles):
        raise BadAccount(email)
    return User("", known, name.strip() or known.partition("@")[0], tuple(roles), now, language)


def _recovery_code() -> str:
    whole = secrets.token_hex(8)
    return "-".join(whole[at : at + 4] for at in range(0, 16, 4))


def _fingerprint(hashed: str) -> str:
    return hashlib.sha256(hashed.encode()).hexdigest()
