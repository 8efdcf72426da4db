"""Threads with partners, in the inbox: read, taken over, answered and handed back; each leads to the thread that the
same person has as a customer."""

from typing import Any

from quart import Blueprint, Response, request

from bot.domain import message_limits as limits
from bot.domain.foreign_text import clean
from bot.domain.ids import AgentId, LeadId
from bot.engine.parts import Parts
from bot.store.delivery import NotStored
from webhooks.console import words
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.inbox.colleagues import Colleagues
from webhooks.console.inbox.media import file_answer
from webhooks.console.pages import INBOX
from webhooks.console.partners.reading import PartnerComposer, PartnerReader
from webhooks.console.rendering import Renderer, is_partial, language_here


class PartnerThreadsPage:
    """A part of the inbox; what is done goes through the engine as with customers."""

    def __init__(self, parts: Parts, render: Renderer, colleagues: Colleagues) -> None:
        self._parts = parts
        self._render = render
        self._colleagues = colleagues
        self._read = PartnerReader(parts, colleagues.name_of)

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        for path, view in (
            ("", self.get_partners),
            ("/rows", self.get_partner_rows),
            ("/<thread>", self.get_partner),
            ("/<thread>/thread", self.get_partner_thread),
            ("/<thread>/earlier", self.get_earlier_of_partner),
            ("/<thread>/media/<path:line>", self.get_media_of_partner),
        ):
            routes.add_url_rule(f"/partners{path}", view.__name__, view)
        for act, done in (
            ("take", self.post_take_of_partner),
            ("hand-back", self.post_hand_back_of_partner),
            ("send", self.post_send_to_partner),
        ):
            routes.add_url_rule(f"/partners/<thread>/{act}", done.__name__, done, methods=["POST"])

    @may(Act.READ_CONVERSATIONS)
    async def get_partners(self) -> Response:
        """Everybody, and nobody chosen."""
        await self._colleagues.refresh()
        rows = await self._read.rows(signed_in(), language_here())
        return self._render.page("partners/page.html", INBOX, rows=rows, thread=None, here_id=None)

    @may(Act.READ_CONVERSATIONS)
    async def get_partner_rows(self) -> Response:
        """The list alone, after something changed."""
        await self._colleagues.refresh()
        rows = await self._read.rows(signed_in(), language_here())
        return self._render.fragment("partners/list.html", rows=rows, here_id=request.args.get("here"))

    @may(Act.READ_CONVERSATIONS)
    async def get_partner(self, thread: str) -> Response:
        """A thread, with the list where it is not there yet."""
        await self._colleagues.refresh()
        who, language = signed_in(), language_here()
        shown = await self._read.thread(who, thread, language)
        facts: dict[str, Any] = {"thread": shown, "problem": None, "text": ""}
        if is_partial():
            return self._render.fragment("partners/conversation.html", **facts)
        rows = await self._read.rows(who, language)
        return self._render.page("partners/page.html", INBOX, rows=rows, here_id=shown.row.id, **facts)

    @may(Act.READ_CONVERSATIONS)
    async def get_partner_thread(self, thread: str) -> Response:
        """The lines, after something was said; what is being written is left alone."""
        await self._colleagues.refresh()
        shown = await self._read.thread(signed_in(), thread, language_here())
        return self._render.fragment("partners/thread.html", thread=shown)

    @may(Act.READ_CONVERSATIONS)
    async def get_earlier_of_partner(self, thread: str) -> Response:
        """The lines before those that are there."""
        await self._colleagues.refresh()
        cursor = request.args.get("cursor", "")[:400]
        shown = await self._read.thread(signed_in(), thread, language_here(), cursor)
        return self._render.fragment("partners/earlier.html", thread=shown)

    @may(Act.READ_CONVERSATIONS, Act.SEE_CONTACT)
    async def get_media_of_partner(self, thread: str, line: str) -> Response:
        """The file of that line."""
        return await file_answer(self._parts.channel, await self._read.media(thread, line))

    @may(Act.WRITE_CONVERSATIONS)
    async def post_take_of_partner(self, thread: str) -> Response:
        """It is theirs; what the bot has to tell waits until it is handed back."""
        stored, form = await self._read.stored(thread), await request.form
        owner = stored.thread.agent
        if owner is not None and owner not in {self._me, form.get("instead_of")}:
            said = self._say("inbox.refused.taken_by", name=await self._colleagues.named(owner))
            return await self._answer(thread, said, 409)
        role = signed_in().role_for(Act.WRITE_CONVERSATIONS)
        await self._parts.takeovers.take_over(LeadId(thread), self._me, role="" if role is None else role.value)
        return await self._answer(thread)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_hand_back_of_partner(self, thread: str) -> Response:
        """The bot has it again, and tells what waited."""
        await self._read.stored(thread)
        await self._parts.takeovers.release(LeadId(thread), self._me)
        return await self._answer(thread)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_send_to_partner(self, thread: str) -> Response:
        """Their words go, inside the partner's 24 hours; refused, they still stand there."""
        form = await request.form
        text, name = clean(form.get("text", ""), 65_536).strip("\n"), form.get("name", "")[:60]
        shown = await self._read.thread(signed_in(), thread, language_here())
        why = None if shown.state is PartnerComposer.OPEN else f"partners.refused.{shown.state.value}"
        if not text.strip():
            why = "inbox.refused.empty"
        elif len(text) > limits.TEXT:
            why = "inbox.refused.too_long"
        if why is not None:
            said = self._say(why, name=shown.row.owner or "", most=limits.TEXT)
            return await self._answer(thread, said, 409, text)
        once = f"{self._me}:{name or self._parts.new_id()}"
        try:
            await self._parts.staff_sender.send(LeadId(thread), self._me, text, once)
        except NotStored:
            return await self._answer(thread, self._say("inbox.refused.not_stored"), 503, text)
        return await self._answer(thread)

    @property
    def _me(self) -> AgentId:
        return AgentId(signed_in().id)

    def _say(self, key: str, **fields: str | int) -> str:
        return words.say(key, language_here(), **fields)

    async def _answer(self, thread: str, problem: str | None = None, status: int = 200, text: str = "") -> Response:
        await self._colleagues.refresh()
        shown = await self._read.thread(signed_in(), thread, language_here())
        return self._render.fragment("partners/conversation.html", status, thread=shown, problem=problem, text=text)
