"""Who is signed in, and what a page needs: nothing under `/console` is there without saying so.

    @may(Act.READ_CONVERSATIONS)
    async def get_inbox(self) -> Response: ...

`@may()` is for whoever is signed in, `@for_strangers` for who is not yet. A route without either is refused when the
application is put together, and once more when it is asked for.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import quote

from quart import Quart, Response, g, request

from bot.domain.users import Act
from bot.engine.accounts import SignedIn
from webhooks.edge.guard import may_not
from webhooks.edge.problems import RequestRefused, problem
from webhooks.edge.rates import PERSON, UNKNOWN_ADDRESS, RateLimits
from webhooks.edge.sessions import READS, SessionReader, require_bounded

PREFIX: Final = "/console"
SIGN_IN: Final = f"{PREFIX}/sign-in"
_NEEDS: Final = "__janji_needs__"
_STRANGERS: Final = "strangers"

View = TypeVar("View", bound=Callable[..., Any])

__all__ = ["Act", "ConsoleGuard", "SignedIn", "csrf_token", "for_strangers", "may", "signed_in"]


class UndeclaredRoute(Exception):
    """A route under `/console` says nobody who may; the application is not put together."""


def may(*acts: Act) -> Callable[[View], View]:
    """The route needs somebody who is signed in and may all of these."""

    def declared(view: View) -> View:
        setattr(view, _NEEDS, acts)
        return view

    return declared


def for_strangers(view: View) -> View:
    """The route is for who is not signed in too: it does its own checks."""
    setattr(view, _NEEDS, _STRANGERS)
    return view


def needs_of(view: Callable[..., Any]) -> tuple[Act, ...] | None:
    """What a route needs; none where it is for strangers. UndeclaredRoute."""
    needs = getattr(view, _NEEDS, None)
    if needs is None:
        raise UndeclaredRoute(getattr(view, "__qualname__", repr(view)))
    return None if needs == _STRANGERS else needs


def signed_in() -> SignedIn:
    """Who asks; only in a route that is for nobody else."""
    found = who_asks()
    if found is None:
        raise RuntimeError("nobody is signed in here: the route is for strangers")
    return found


def who_asks() -> SignedIn | None:
    """Who asks; none where the route is for strangers."""
    found: SignedIn | None = g.get("signed_in")
    return found


def csrf_token() -> str:
    """What a form of this page carries as `csrf`, and htmx as `X-CSRF-Token`."""
    return signed_in().csrf


class ConsoleGuard:
    """Stands before every route under `/console`."""

    def __init__(self, reader: SessionReader, rates: RateLimits) -> None:
        self.reader = reader
        self._rates = rates

    def watch(self, app: Quart) -> None:
        """Stand there; raises UndeclaredRoute. To be called when every blueprint is registered."""
        for rule in app.url_map.iter_rules():
            if is_console(rule.rule):
                needs_of(app.view_functions[rule.endpoint])

        async def before() -> Response | None:
            return await self._refused(app) if is_console(request.path) else None

        app.before_request(before)

    async def still_welcome(self, who: SignedIn, *acts: Act) -> bool:
        """Whether that session still stands and may: for answers that last."""
        session = await self.reader.accounts.sessions.find(who.session.id)
        if session is None or not session.stands(self.reader.now()):
            return False
        user = await self.reader.accounts.find(who.id)
        return user is not None and not user.is_revoked and all(user.may(act) for act in acts)

    async def _refused(self, app: Quart) -> Response | None:
        """The answer to who may not; none where they may."""
        if request.url_rule is None:
            return None  # no such page: 404, or 405, for everybody alike
        if request.method not in READS:
            require_bounded(request)
        address = f"address:{request.remote_addr}"
        needs = needs_of(app.view_functions[request.url_rule.endpoint])
        if needs is None:
            if not request.path.startswith(f"{PREFIX}/static/"):
                self._rates.take(address, UNKNOWN_ADDRESS)
            if request.method not in READS:
                self.reader.require_own_page(request)
            return None
        who = await self.reader.signed_in(request)
        if who is None:
            self._rates.take(address, UNKNOWN_ADDRESS)
            return self._to_sign_in()
        # known from here on, for the log too; what they may do is asked next, and no view runs before
        g.signed_in = who
        self._rates.take(f"user:{who.id}", PERSON)
        if request.method not in READS:
            await self.reader.require_csrf(request, who)
        missing = next((act for act in needs if not who.may(act)), None)
        if missing is not None:
            raise RequestRefused(may_not(missing))
        return None

    def _to_sign_in(self) -> Response:
        is_page = request.method in READS and "text/html" in request.headers.get("Accept", "")
        if is_page and request.headers.get("HX-Request") != "true":
            place = quote(request.full_path.rstrip("?"), safe="/")
            return Response(status=303, headers={"Location": f"{SIGN_IN}?next={place}"})
        # part of a page that is open: what was typed there stays, and the person is told
        response = problem(401, "signed-out", "You are signed out. Sign in in another tab, then send it once more.")
        response.headers["WWW-Authenticate"] = "Cookie"
        return response


def is_console(path: str) -> bool:
    """Whether that is under `/console`."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")
