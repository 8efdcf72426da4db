"""Who is signed in, read from a request: the cookie, and whether a write comes from a page of ours."""

import hmac
from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv4Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from quart import Request, Response

from bot.engine.accounts import Accounts, SignedIn, Stranger
from bot.store.user_sessions import LONGEST
from webhooks.edge.problems import RequestRefused, problem

COOKIE: Final = "__Host-janji"
PLAIN_COOKIE: Final = "janji"
"""Where pages are on plain http on this machine (demo, tests): a browser takes `__Host-` over https alone."""
CSRF_HEADER: Final = "X-CSRF-Token"
CSRF_FIELD: Final = "csrf"
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_FORM: Final = 1024 * 1024
"""Bytes of a form of ours: a long message and what stands around it."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_COOKIE: Final = 200


class SessionReader:
    """Reads and sets the cookie; refuses what does not come from us."""

    def __init__(self, accounts: Accounts, now: Callable[[], datetime], base: str) -> None:
        self.accounts = accounts
        self.now = now
        """Real time, of the database server."""
        address = urlsplit(base)
        self._base = base.rstrip("/")
        self._is_plain = address.scheme == "http" and address.hostname in _LOOPBACK
        self._host = address.netloc
        self.cookie = PLAIN_COOKIE if self._is_plain else COOKIE

    def address_of(self, path: str) -> str:
        """The whole address of a page, for who opens it from outside."""
        return f"{self._base}{path}"

    def token_of(self, request: Request) -> str | None:
        """What the cookie says."""
        token: str | None = request.cookies.get(self.cookie)
        return token if token and len(token) <= _LONGEST_COOKIE else None

    async def signed_in(self, request: Request) -> SignedIn | None:
        """Who that is; none without a session that stands."""
        token = self.token_of(request)
        return None if token is None else await self.accounts.check(token, self.now())

    def let_in(self, response: Response, token: str) -> None:
        """The browser keeps that token."""
        response.set_cookie(
            self.cookie,
            token,
            max_age=int(LONGEST.total_seconds()),
            path="/",
            secure=not self._is_plain,
            httponly=True,
            samesite="Lax",
        )

    def forget(self, response: Response) -> None:
        """The browser keeps nothing."""
        response.delete_cookie(self.cookie, path="/", secure=not self._is_plain, httponly=True, samesite="Lax")

    def require_own_page(self, request: Request) -> None:
        """Refuse a write that a browser says comes from elsewhere."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            is_ours = site in {"same-origin", "none"}
        else:
            # older browsers; what is no browser sends neither, and has no cookie of anybody's by accident
            origin = request.headers.get("Origin")
            is_ours = origin is None or urlsplit(origin).netloc in {self._host, request.host}
        if not is_ours:
            raise RequestRefused(problem(403, "foreign-page", "This was sent from another site, and is not done."))

    async def require_csrf(self, request: Request, who: SignedIn) -> None:
        """Refuse a write without the token that only pages of this session have."""
        self.require_own_page(request)
        given = request.headers.get(CSRF_HEADER)
        if given is None and request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            given = (await request.form).get(CSRF_FIELD)
        if given is None or not hmac.compare_digest(given.encode("utf-8", "replace"), who.csrf.encode()):
            detail = "The page is out of date; open it again, and send it once more. Nothing was done."
            raise RequestRefused(problem(403, "csrf", detail))


def require_bounded(request: Request) -> None:
    """Refuse, before a byte of it is read, what is larger than any form of ours or does not say how large it is."""
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        raise RequestRefused(problem(411, "length-required", "Say how long it is, by Content-Length."))
    if (request.content_length or 0) > MAX_FORM:
        raise RequestRefused(problem(413, "body-too-large", f"A form may have {MAX_FORM} bytes. Nothing was done."))


def stranger(request: Request) -> Stranger:
    """Where a request comes from, before anybody is signed in."""
    address = request.remote_addr or "unknown"
    return Stranger(address, shown_address(address), browser_of(request.headers.get("User-Agent", "")))


def shown_address(address: str) -> str:
    """So much of it as tells the office from the café, and not one house from the next."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv4Address):
        return f"{address.rpartition('.')[0]}.*"
    return ":".join(known.exploded.split(":")[:3]) + ":*"


def browser_of(agent: str) -> str:
    """The name of the browser and of what it runs on."""
    names = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
    )
    browser = next((name for mark, name in names if mark in agent), "a browser")
    system = next((name for mark, name in (*systems, ("Linux", "Linux")) if mark in agent), "")
    return f"{browser} on {system}" if system else browser
