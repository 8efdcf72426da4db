"""The queue: what waits for a person, taken, given back and dealt with."""

from collections.abc import Awaitable, Mapping
from typing import Final

from quart import Blueprint, Response, request

from bot.domain.attention import Attention, Severity
from bot.domain.change import Requester
from bot.domain.users import role_for
from bot.engine.parts import Parts
from bot.lifecycle.attention import AttentionRefusal, AttentionRefused
from bot.replies.attention import why
from bot.store.paging import BadCursor
from webhooks.console import words
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.inbox.colleagues import Colleagues
from webhooks.console.pages import QUEUE
from webhooks.console.queue.rows import ASKS, EVERYBODYS, MOST, PAGE, TABS, QueueAsked, QueueReader, is_theirs
from webhooks.console.rendering import Renderer, language_here

_REFUSED: Final = {
    AttentionRefusal.NO_SUCH: "queue.refused.gone",
    AttentionRefusal.CLOSED: "queue.refused.gone",
    AttentionRefusal.TAKEN: "queue.refused.taken",
    AttentionRefusal.NOT_TAKEN: "queue.refused.not_taken",
    AttentionRefusal.ENDS_BY_ITSELF: "queue.refused.ends_by_itself",
}


class QueuePage:
    """Reads and steps through the desk that the API steps through; a row's own button is an act of the API."""

    link = QUEUE

    def __init__(self, parts: Parts, render: Renderer, colleagues: Colleagues) -> None:
        self._parts = parts
        self._render = render
        self._colleagues = colleagues
        self._read = QueueReader(parts, colleagues)

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        for path, view in (("", self.get_queue), ("/rows", self.get_rows), ("/bell", self.get_bell)):
            routes.add_url_rule(f"/queue{path}", f"queue_{view.__name__}", view)
        routes.add_url_rule("/queue/<wanted>/ask", "queue_get_ask", self.get_ask)
        for path, step in (("take", self.post_take), ("release", self.post_release), ("seen", self.post_seen)):
            routes.add_url_rule(f"/queue/<wanted>/{path}", f"queue_{step.__name__}", step, methods=["POST"])

    @may(Act.LOOK)
    async def get_queue(self) -> Response:
        """The whole page."""
        listed = await self._read.listed(signed_in(), _asked(request.args), language_here())
        return self._render.page("queue/page.html", self.link, listed=listed, tabs=TABS)

    @may(Act.LOOK)
    async def get_rows(self) -> Response:
        """The list alone: after a change, of another filter, or the next rows."""
        asked = _asked(request.args)
        try:
            listed = await self._read.listed(signed_in(), asked, language_here())
        except BadCursor:
            # a place of another list: from its beginning
            listed = await self._read.listed(signed_in(), QueueAsked(asked.tab, asked.severity), language_here())
        template = "queue/more_rows.html" if listed.asked.cursor else "queue/list.html"
        return self._render.fragment(template, listed=listed, tabs=TABS)

    @may(Act.LOOK)
    async def get_bell(self) -> Response:
        """What rings: mine, and what is critical and nobody's."""
        now, me, business = await self._parts.clock.business_now(), signed_in(), await self._read.business()
        rows = sorted(await self._parts.attention.rows.open_rows(), key=lambda row: (row.due_by, row.id))
        ringing = [
            (row, "critical" if row.owner is None else "mine", row.due_by <= now)
            for row in rows
            if is_theirs(row, me, business) or (row.owner is None and row.severity is Severity.CRITICAL)
        ]
        language = language_here()
        bells = [(row.id, kind, late, why(row.cause.reason, language)) for row, kind, late in ringing]
        return self._render.fragment("queue/bell.html", bells=bells)

    @may(Act.LOOK)
    async def get_ask(self, wanted: str) -> Response:
        """What a button asks before it is done."""
        language = language_here()
        row = await self._read.one(signed_in(), wanted[:100], language)
        asks = None if row is None or not row.button.allowed else ASKS.get(row.button.key)
        if row is None or asks is None:
            return self._render.fragment("queue/ask_over.html", 409)
        people = self._read.workers(await self._read.business(), language)
        return self._render.fragment("queue/ask.html", row=row, asks=asks, people=people)

    @may(Act.SEE_TO)
    async def post_take(self, wanted: str) -> Response:
        """It is theirs."""
        return await self._stepped(self._parts.attention.take(wanted[:100], signed_in().id, _me()))

    @may(Act.SEE_TO)
    async def post_release(self, wanted: str) -> Response:
        """It is everybody's again."""
        return await self._stepped(self._parts.attention.release(wanted[:100], _me()))

    @may(Act.SEE_TO)
    async def post_seen(self, wanted: str) -> Response:
        """They have seen to it."""
        return await self._stepped(self._parts.attention.see(wanted[:100], _me()))

    async def _stepped(self, step: Awaitable[Attention]) -> Response:
        """The list as it is then, with what was in the way."""
        problem, status = None, 200
        try:
            await step
        except AttentionRefused as refused:
            owner = None if refused.row is None else refused.row.owner
            name = "" if owner is None else await self._colleagues.named(owner)
            problem, status = words.say(_REFUSED[refused.why], language_here(), name=name), 409
        asked = _asked({**request.args, **await request.form})
        listed = await self._read.listed(signed_in(), asked, language_here(), problem)
        return self._render.fragment("queue/list.html", status, listed=listed, tabs=TABS)


def _me() -> Requester:
    """Who does it, in the first role of theirs that may."""
    person = signed_in()
    role = role_for(person.user.roles, Act.SEE_TO)
    assert role is not None, "the route is for who may"
    return Requester(person.id, role.value)


def _asked(given: Mapping[str, str]) -> QueueAsked:
    """What the address asks for; what makes no sense asks for what is usual."""
    tab, severity, limit = given.get("owner", ""), given.get("severity", ""), given.get("limit", "")
    return QueueAsked(
        tab=tab if tab in TABS else EVERYBODYS,
        severity=Severity(severity) if severity in set(Severity) else None,
        reason=given.get("reason", "")[:100],
        cursor=given.get("cursor", "")[:400] or None,
        limit=min(MOST, max(1, int(limit))) if limit.isdecimal() and len(limit) < 6 else PAGE,
    )
