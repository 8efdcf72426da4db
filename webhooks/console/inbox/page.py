"""The inbox: list, conversation, context."""

from enum import StrEnum
from typing import Any, TypeVar

from quart import Blueprint, Response, request

from bot.store.inbox_views import InboxFilter, InboxOrder, InboxTab
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.inbox.acts import InboxActs
from webhooks.console.inbox.changes import ChangeDialogs
from webhooks.console.inbox.colleagues import Colleagues
from webhooks.console.inbox.composer import Composer
from webhooks.console.inbox.media import MediaFiles
from webhooks.console.inbox.reading import Asked, InboxReader
from webhooks.console.pages import INBOX
from webhooks.console.rendering import Renderer, is_partial, language_here

Word = TypeVar("Word", bound=StrEnum)


class InboxPage:
    """Reads from the lead itself; writes through the engine."""

    link = INBOX

    def __init__(
        self,
        read: InboxReader,
        render: Renderer,
        colleagues: Colleagues,
        composer: Composer,
        acts: InboxActs,
        changes: ChangeDialogs,
        media: MediaFiles,
    ) -> None:
        self._read = read
        self._render = render
        self._colleagues = colleagues
        self._composer = composer
        self._acts = acts
        self._changes = changes
        self._media = media

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        for path, view in (
            ("/inbox", self.get_inbox),
            ("/inbox/rows", self.get_rows),
            ("/inbox/<lead>", self.get_conversation),
            ("/inbox/<lead>/thread", self.get_thread),
            ("/inbox/<lead>/earlier", self.get_earlier),
            ("/inbox/<lead>/head", self.get_head),
            ("/inbox/<lead>/composer", self.get_composer),
            ("/inbox/<lead>/context", self.get_context),
        ):
            routes.add_url_rule(path, view.__name__, view)
        self._acts.add_to(routes)
        self._changes.add_to(routes)
        self._media.add_to(routes)

    @may(Act.READ_CONVERSATIONS)
    async def get_inbox(self) -> Response:
        """The list, and nothing chosen."""
        listed = await self._listed()
        return self._render.page("inbox/page.html", self.link, listed=listed, here_id=None, thread=None)

    @may(Act.READ_CONVERSATIONS)
    async def get_rows(self) -> Response:
        """The list alone: another tab, a filter, the next rows, or what changed."""
        listed = await self._listed()
        template = "inbox/more_rows.html" if listed.asked.cursor else "inbox/list.html"
        return self._render.fragment(template, listed=listed, here_id=request.args.get("here"))

    @may(Act.READ_CONVERSATIONS)
    async def get_conversation(self, lead: str) -> Response:
        """A conversation with its context: the whole page, or the two where the list is there already."""
        facts = await self._conversation(lead)
        address = f"{self.link.address}/{facts['thread'].row.id}"
        if is_partial():
            response = self._render.fragment("inbox/opened.html", **facts)
            if facts["thread"].row.id != lead:
                response.headers["HX-Replace-Url"] = address
            return response
        if facts["thread"].row.id != lead:
            # merged since somebody noted that address down: they are led to where it is now
            return Response(status=303, headers={"Location": address})
        listed = await self._listed()
        return self._render.page("inbox/page.html", self.link, listed=listed, here_id=facts["thread"].row.id, **facts)

    async def _conversation(self, lead: str) -> dict[str, Any]:
        await self._colleagues.refresh()
        who, language = signed_in(), language_here()
        thread = await self._read.thread(who, lead, language)
        if who.may(Act.WRITE_CONVERSATIONS):
            await self._acts.has_seen(thread)
        context = await self._read.context(who, thread.row.id, language)
        composer = await self._composer.of(who, thread, language)
        return {"thread": thread, "context": context, "composer": composer, "asked": _asked()}

    @may(Act.READ_CONVERSATIONS)
    async def get_thread(self, lead: str) -> Response:
        """The lines, after something was said."""
        await self._colleagues.refresh()
        thread = await self._read.thread(signed_in(), lead, language_here())
        if signed_in().may(Act.WRITE_CONVERSATIONS) and request.args.get("seen") == "yes":
            await self._acts.has_seen(thread)
        return self._render.fragment("inbox/thread.html", thread=thread)

    @may(Act.READ_CONVERSATIONS)
    async def get_earlier(self, lead: str) -> Response:
        """The lines before those that are there."""
        await self._colleagues.refresh()
        thread = await self._read.thread(signed_in(), lead, language_here(), request.args.get("cursor", "")[:400])
        return self._render.fragment("inbox/earlier.html", thread=thread)

    @may(Act.READ_CONVERSATIONS)
    async def get_head(self, lead: str) -> Response:
        """Who it is, and who has it."""
        await self._colleagues.refresh()
        thread = await self._read.thread(signed_in(), lead, language_here())
        return self._render.fragment("inbox/head.html", thread=thread)

    @may(Act.READ_CONVERSATIONS)
    async def get_composer(self, lead: str) -> Response:
        """What can be written now."""
        await self._colleagues.refresh()
        thread = await self._read.thread(signed_in(), lead, language_here())
        composer = await self._composer.of(signed_in(), thread, language_here())
        return self._render.fragment("inbox/composer.html", thread=thread, composer=composer)

    @may(Act.READ_CONVERSATIONS)
    async def get_context(self, lead: str) -> Response:
        """What is booked."""
        context = await self._read.context(signed_in(), lead, language_here())
        return self._render.fragment("inbox/context.html", context=context)

    async def _listed(self) -> Any:
        await self._colleagues.refresh()
        return await self._read.listed(signed_in(), _asked(), language_here())


def _asked() -> Asked:
    """What the address asks for; what makes no sense asks for what is usual."""
    given = request.args
    order = next((one for one in InboxOrder if one.name.lower() == given.get("order")), InboxOrder.NEWEST)
    return Asked(
        tab=_word(InboxTab, given.get("tab"), InboxTab.UNASSIGNED),
        only=_word(InboxFilter, given.get("only"), InboxFilter.EVERY),
        order=order,
        words=given.get("q", "").strip()[:100],
        cursor=given.get("cursor", "")[:400] or None,
    )


def _word(kind: type[Word], given: str | None, usual: Word) -> Word:
    return next((one for one in kind if one.value == given), usual)
