"""People who are signed in to the console, as a browser or a test client holds them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bot.domain.users import Role
from bot.engine.account_links import LinkPurpose
from bot.engine.accounts import Stranger
from bot.store import driver
from webhooks.edge.sessions import PLAIN_COOKIE
from webhooks.wiring import Process

PASSWORD = "a sentence by the sea"
HERE = Stranger("127.0.0.1", "127.0.0.*", "a test")


async def token_of(process: Process, name: str, *roles: Role) -> str:
    """The cookie of somebody who was invited, set a password and signed in."""
    accounts, now = process.accounts, await driver.server_now(process.database)
    email = f"{name.lower()}@example.com"
    _, link = await accounts.add(email, name, roles, now)
    await accounts.set_password(link, LinkPurpose.INVITE, PASSWORD, now)
    _, token = await accounts.sign_in(email, PASSWORD, HERE, now)
    return token


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody before the console, as a test client."""

    browser: httpx.AsyncClient
    csrf: str
    id: str

    async def get(self, path: str, *, part: bool = False) -> httpx.Response:
        """A page, or the part of it that htmx asks for."""
        headers = {"HX-Request": "true", "HX-Request-Type": "partial"} if part else {}
        return await self.browser.get(f"/console{path}", headers=headers)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """A form of the page, sent as htmx does."""
        headers = {"HX-Request": "true", "HX-Request-Type": "partial", "X-CSRF-Token": self.csrf}
        return await self.browser.post(f"/console{path}", data=fields, headers=headers)


@asynccontextmanager
async def colleague(process: Process, url: str, name: str = "Dewi", *roles: Role) -> AsyncIterator[Colleague]:
    """Somebody who is signed in, sales where nothing else is said."""
    token = await token_of(process, name, *(roles or (Role.SALES,)))
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=url, headers=headers, cookies={PLAIN_COOKIE: token}, timeout=30) as browser:
        page = await browser.get("/console/account")
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        assert found, page.text
        who = await process.accounts.check(token, await driver.server_now(process.database))
        assert who is not None
        yield Colleague(browser, found[1], who.id)
