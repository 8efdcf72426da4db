"""The names of colleagues by their id, for rows and threads: read now and then, not for each row."""

import asyncio
from collections.abc import Iterable
from typing import Final

from bot.domain.users import Act, User
from bot.engine.accounts import Accounts

KEPT_SECONDS: Final = 20.0


class Colleagues:
    """Whoever has an account here."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._known: dict[str, User] = {}
        self._read_at: float | None = None
        self._strangers: set[str] = set()
        """Ids that were asked for and are no account's: the machine's, and what is on record of before."""

    async def refresh(self) -> None:
        """Read them again, where that is a while ago."""
        now = asyncio.get_running_loop().time()
        if self._read_at is None or now - self._read_at > KEPT_SECONDS:
            self._read_at = now
            self._known = {user.id: user for user in await self._accounts.all()}

    async def know(self, people: Iterable[str]) -> None:
        """Read them again where one of these was not there yet: somebody who came a moment ago has a name too."""
        fresh = {person for person in people if person not in self._known} - self._strangers
        if fresh:
            self._read_at = None
            await self.refresh()
            self._strangers |= fresh - self._known.keys()

    async def named(self, person: str) -> str:
        """The same for who is in the way of somebody: also of whoever came a moment ago."""
        await self.know([person])
        return self.name_of(person)

    def name_of(self, person: str) -> str:
        """As colleagues call them; whoever has no account is called by what is on record."""
        known = self._known.get(person)
        return person if known is None else known.name or person

    def who_write(self) -> list[User]:
        """Whoever a conversation can be given to, by name."""
        found = [user for user in self._known.values() if user.may(Act.WRITE_CONVERSATIONS)]
        return sorted(found, key=lambda user: user.name.casefold())
