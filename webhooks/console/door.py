"""`/console`: the pages that people work with, put together."""

import asyncio
from collections.abc import Sequence

from quart import Blueprint, Response, request

from webhooks.console.callers import CallerDialogs
from webhooks.console.duty import DutyControl
from webhooks.console.guard import Act, ConsoleGuard, for_strangers, may, signed_in
from webhooks.console.inbox.answers import AnswerDialogs
from webhooks.console.live import LiveHub
from webhooks.console.pages import ConsolePage
from webhooks.console.palette import PaletteSearch
from webhooks.console.partners.page import PartnerThreadsPage
from webhooks.console.rendering import HEADERS, Renderer
from webhooks.console.sign_in import SignInPages


class ConsoleDoor:
    """The console's blueprint, and what runs behind it."""

    def __init__(
        self,
        render: Renderer,
        guard: ConsoleGuard,
        hub: LiveHub,
        others: Sequence[
            SignInPages | DutyControl | PaletteSearch | CallerDialogs | AnswerDialogs | PartnerThreadsPage
        ],
        pages: Sequence[ConsolePage],
    ) -> None:
        self._render = render
        self._guard = guard
        self.hub = hub
        self._others = others
        self._pages = pages

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("console", __name__, url_prefix="/console")
        routes.add_url_rule("", view_func=self.get_start, endpoint="start")
        routes.add_url_rule("/static/<version>/<path:name>", view_func=self.get_static, endpoint="static")
        routes.add_url_rule("/events", view_func=self.get_events, endpoint="events")
        for page in (*self._others, *self._pages):
            page.add_to(routes)
        return routes

    @may()
    async def get_start(self) -> Response:
        """The first page that they may see; their own account where that is none."""
        person = signed_in()
        links = (page.link for page in self._pages if person.may(page.link.act))
        first = next((link.address for link in links), "/console/account")
        return Response(status=303, headers={"Location": first})

    @for_strangers
    async def get_static(self, version: str, name: str) -> Response:
        """A file of the pages."""
        return self._render.files.answer(version, name)

    @may(Act.LOOK)
    async def get_events(self) -> Response:
        """What changes, as long as the page is open and who has it is signed in."""
        person = signed_in()
        last = request.headers.get("Last-Event-ID", "")[:400]

        async def still_welcome() -> bool:
            return await self._guard.still_welcome(person, Act.LOOK)

        response = Response(self.hub.listen(last, still_welcome), content_type="text/event-stream")
        # it lasts for as long as the page is open, where other answers have a minute
        response.timeout = None
        response.headers.update(HEADERS)
        # nginx would keep the lines back until it has some kilobytes of them
        response.headers["X-Accel-Buffering"] = "no"
        return response


async def run_hub(hub: LiveHub) -> None:
    """The hub, until cancelled; then every page is let go."""
    try:
        await hub.run()
    except asyncio.CancelledError:
        hub.close()
        raise
