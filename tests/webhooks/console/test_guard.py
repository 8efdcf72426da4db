"""Default deny under `/console`: what says nobody who may is not there, and each route lets in whom it says."""

from typing import Any

import pytest
from quart import Blueprint, Quart, Response

from bot.domain.users import Act
from webhooks.console.guard import ConsoleGuard, UndeclaredRoute, for_strangers, may, needs_of
from webhooks.edge.rates import RateLimits


def app_with(view: Any) -> Quart:
    app, routes = Quart("test"), Blueprint("console", __name__, url_prefix="/console")
    routes.add_url_rule("/inbox", "inbox", view)
    app.register_blueprint(routes)
    return app


class Nobody:
    """No session is asked for before the application stands."""


async def undeclared() -> Response:
    return Response("secret")


def test_a_route_that_says_nobody_who_may_keeps_the_application_from_starting() -> None:
    guard = ConsoleGuard(Nobody(), RateLimits())  # type: ignore[arg-type]
    with pytest.raises(UndeclaredRoute, match="undeclared"):
        guard.watch(app_with(undeclared))
    guard.watch(app_with(may(Act.LOOK)(undeclared)))


def test_a_route_says_what_it_needs() -> None:
    class Pages:
        @may(Act.LOOK, Act.SEE_MONEY)
        async def get_money(self) -> None: ...

        @may()
        async def get_account(self) -> None: ...

        @for_strangers
        async def get_sign_in(self) -> None: ...

    pages = Pages()
    assert needs_of(pages.get_money) == (Act.LOOK, Act.SEE_MONEY)
    assert needs_of(pages.get_account) == ()
    assert needs_of(pages.get_sign_in) is None
