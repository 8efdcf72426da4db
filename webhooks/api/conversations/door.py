"""`/api/v1/leads` and `/api/v1/conversations`: who writes, what was said, and taking over (CONTRACT)."""

import hashlib
from datetime import datetime
from typing import Any

import orjson
from quart import Blueprint, Response, request

from bot.domain import message_limits as limits
from bot.domain import window
from bot.domain.commands import ChatCommand, SendText
from bot.domain.ids import AgentId, DeliveryId, LeadId
from bot.domain.outbox import Status, StoredLead
from bot.engine import takeover, understanding
from bot.engine.inbound import AGENT_WROTE
from bot.engine.parts import Parts
from bot.engine.routing import internal
from bot.engine.takeover import NoSuchLead
from bot.replies.plain_text import as_text
from bot.store.leads import Page
from bot.store.messages import BadCursor, TranscriptLine
from bot.store.received import NotStored
from intents.lines import as_object
from webhooks.api.guard import ApiGuard, RequestRefused, fields
from webhooks.edge.problems import answer, problem

PREFIX = "/api/v1"
PAGE = 50
MOST = 200


class ConversationsApi:
    """Reads from the lead itself; writes through the engine."""

    def __init__(self, parts: Parts, guard: ApiGuard, agent: str = "api") -> None:
        self._parts = parts
        self._guard = guard
        self._agent = AgentId(agent)

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("conversations", __name__, url_prefix=PREFIX)
        routes.add_url_rule("/leads", view_func=self.get_leads)
        routes.add_url_rule("/leads/<lead_id>", view_func=self.get_lead)
        routes.add_url_rule("/conversations", view_func=self.get_conversations)
        routes.add_url_rule("/conversations/<lead_id>/messages", view_func=self.get_messages)
        routes.add_url_rule(
            "/conversations/<lead_id>/messages/<path:message_id>/understanding", view_func=self.get_understanding
        )
        for name, act in (
            ("takeover", self.post_takeover),
            ("release", self.post_release),
            ("messages", self.post_message),
        ):
            routes.add_url_rule(f"/conversations/<lead_id>/{name}", view_func=act, methods=["POST"])
        return routes

    async def get_leads(self) -> Response:
        """Leads by phone number or user id: none or one."""
        self._guard.require(request)
        asked = (("wa_id", request.args.get("phone")), ("user_id", request.args.get("user_id")))
        found = []
        for kind, value in asked:
            digits = value.lstrip("+") if value and kind == "wa_id" else value
            lead = await self._parts.aliases.find(self._parts.vault.alias(kind, digits)) if digits else None
            if lead is not None:
                found.append(lead)
        items = [_lead(await self._stored(lead), self._timezone) for lead in dict.fromkeys(found)]
        return answer({"items": items, "next_cursor": None})

    async def get_lead(self, lead_id: str) -> Response:
        """One lead."""
        self._guard.require(request)
        return answer(_lead(await self._stored(LeadId(lead_id)), self._timezone))

    async def get_conversations(self) -> Response:
        """The inbox: mine, unassigned (somebody waits for a person) or all; the last customer's word first."""
        self._guard.require(request)
        tab = request.args.get("tab", "all")
        if tab not in {"mine", "unassigned", "all"}:
            raise RequestRefused(problem(400, "unknown-tab", "tab is mine, unassigned or all."))
        limit = _limit(request.args.get("limit"))
        page = await self._parts.leads.page(tab, self._agent, limit, _cursor(request.args.get("cursor")))
        return answer({"items": self._rows(page), "next_cursor": page.next_cursor})

    def _rows(self, page: Page) -> list[dict[str, Any]]:
        return [_lead(stored, self._timezone) for stored in page.leads]

    async def get_messages(self, lead_id: str) -> Response:
        """The last lines of the transcript, oldest first, with the drafts that wait for a person; `next_cursor` leads
        to the lines before them."""
        self._guard.require(request)
        stored = await self._stored(LeadId(lead_id))
        limit, cursor = _limit(request.args.get("limit"), MOST), request.args.get("cursor")
        try:
            page = await self._parts.messages.page(stored.lead.id, limit, cursor)
        except BadCursor:
            raise RequestRefused(_bad_cursor()) from None
        items = [_line(line) for line in page.lines]
        return answer({"items": items, "next_cursor": page.next_cursor, "drafts": _drafts(stored)})

    async def get_understanding(self, lead_id: str, message_id: str) -> Response:
        """How a customer's message was understood, and what a model was asked and said about it."""
        self._guard.require(request)
        stored = await self._stored(LeadId(lead_id))
        kept = await understanding.kept_about(self._parts, stored.lead.id, DeliveryId(message_id))
        if kept is None:
            return problem(404, "not-understood", "No such message, or it is too old, or it came with others as one.")
        said = kept.answer
        model = None if said is None else {"asked": said.asked, "said": said.raw, "failure": said.failure}
        return answer({**as_object(kept.understanding), "by_model": kept.understanding.by_model, "model": model})

    async def post_takeover(self, lead_id: str) -> Response:
        """The conversation is the caller's; from this answer on no bot message is handed to Meta."""
        self._guard.require(request)

        async def act(body: bytes) -> Response:
            taken = await takeover.take_over(self._parts, LeadId(lead_id), self._agent)
            way = [{"id": one.id, "text": one.text, "arrived": one.arrived} for one in taken.on_its_way]
            return answer({"epoch": taken.epoch, "on_its_way": way})

        return await self._guard.run_once(request, act)

    async def post_release(self, lead_id: str) -> Response:
        """The conversation is the bot's again."""
        self._guard.require(request)

        async def act(body: bytes) -> Response:
            return answer({"epoch": await takeover.release(self._parts, LeadId(lead_id), self._agent)})

        return await self._guard.run_once(request, act)

    async def post_message(self, lead_id: str) -> Response:
        """A person's words: stored now, sent by a worker, once."""
        self._guard.require(request)

        async def act(body: bytes) -> Response:
            text = fields(body, "text")["text"]
            refusal = await self._refusal(LeadId(lead_id), text)
            return refusal or await self._record(LeadId(lead_id), text, request.headers.get("Idempotency-Key"))

        return await self._guard.run_once(request, act)

    async def _refusal(self, lead_id: LeadId, text: str) -> Response | None:
        stored = await self._stored(lead_id)
        now = await self._parts.clock.business_now()
        if len(text) > limits.TEXT:
            return problem(422, "text-too-long", f"A text has at most {limits.TEXT} characters.")
        if not stored.lead.is_with_agent:
            return problem(409, "not-taken-over", "Take the conversation over first: the bot is in charge.")
        if not window.is_open(stored.lead, now):
            return problem(409, "window-closed", "The customer wrote more than 24 hours ago; only a template may go.")
        return None

    async def _record(self, lead_id: LeadId, text: str, key: str | None) -> Response:
        """Under an id made from the caller's key, so that a call made twice is one message."""
        name = hashlib.sha256(f"{lead_id}\n{key}".encode()).hexdigest()[:32] if key else self._parts.new_id()
        told = orjson.dumps({"agent": self._agent, "body": text}).decode()
        now = await self._parts.leads.server_now()
        delivery = await internal(self._parts, AGENT_WROTE, told, lead_id, now, name)
        try:
            await self._parts.received.record([delivery])
        except NotStored:
            return problem(503, "not-stored", "It could not be stored; please send it again.")
        return answer({"id": str(delivery.id), "status": "queued"}, 202)

    async def _stored(self, lead_id: LeadId) -> StoredLead:
        stored = await self._parts.leads.load(lead_id)
        if stored is not None and stored.merged_into is not None:
            return await self._stored(LeadId(stored.merged_into))
        if stored is None:
            raise NoSuchLead(lead_id)
        return stored

    @property
    def _timezone(self) -> str:
        return self._parts.timezone


def _limit(given: str | None, most: int = PAGE) -> int:
    if given is None:
        return most
    if not _is_count(given) or int(given) < 1:
        raise RequestRefused(problem(400, "bad-limit", "limit is a whole number from 1."))
    return min(int(given), MOST)


def _cursor(given: str | None) -> str | None:
    if given is not None and not _is_count(given):
        raise RequestRefused(_bad_cursor())
    return given


def _bad_cursor() -> Response:
    return problem(400, "bad-cursor", "cursor is the next_cursor of the page before.")


def _is_count(given: str) -> bool:
    """Plain digits, few enough to be a number of ours (`isdigit` alone takes `²`)."""
    return given.isascii() and given.isdigit() and len(given) <= 9


def _lead(stored: StoredLead, timezone: str) -> dict[str, Any]:
    lead, talk = stored.lead, stored.lead.conversation
    booking = lead.open_booking
    return {
        "id": lead.id,
        "wa_id": lead.address.wa_id,
        "user_id": lead.address.user_id,
        "name": lead.name,
        "referrer": lead.referrer,
        "language": lead.language.value,
        "mode": talk.mode.value,
        "epoch": talk.epoch,
        "owner": talk.agent,
        "waits_for_person": talk.waits_for_person,
        "opted_out": talk.opted_out,
        "last_inbound_at": _time(talk.last_inbound_at),
        "window_expires_at": _time(window.expires_at(lead)),
        "open_booking": None if booking is None else booking.reference,
        "timezone": timezone,
    }


def _line(line: TranscriptLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "author": line.author,
        "text": line.text,
        "at": _time(line.at),
        "status": None if line.tick is None else line.tick.value,
        "perhaps_doubled": line.perhaps_doubled,
    }


def _drafts(stored: StoredLead) -> list[dict[str, str]]:
    waiting = [one for one in stored.outbox if one.status is Status.DRAFT]
    return [
        {"id": one.effect.id, "text": as_text(one.effect.command), "source": _source(one.effect.command)}
        for one in waiting
        if isinstance(one.effect.command, ChatCommand)
    ]


def _source(order: ChatCommand) -> str:
    """Where in the business file an answer stands; empty for what is no answer of the file."""
    return order.source if isinstance(order, SendText) else ""


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
