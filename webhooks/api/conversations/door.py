"""`/api/v1/leads` and `/api/v1/conversations`: who writes, what was said, and taking over."""

from collections.abc import Sequence

from quart import Blueprint, Response

from bot.domain import window
from bot.domain.commands import ChatCommand, SendText
from bot.domain.ids import AgentId, DeliveryId, LeadId
from bot.domain.inbox import CUSTOMER
from bot.domain.lead import Lead
from bot.domain.outbox import Status, StoredThread
from bot.domain.partner import Partner, is_partner
from bot.engine.partner_numbers import NumberNotConfirmed, NumberRefusal
from bot.engine.parts import Parts
from bot.engine.takeover import HeldByColleague
from bot.replies.plain_text import as_text
from bot.store.delivery import NotStored
from bot.store.inbox_views import InboxView
from bot.store.messages import TranscriptLine
from intents.lines import as_object
from webhooks.api.conversations import leads, models, numbers, operations
from webhooks.api.conversations.models import LeadPath
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.problems import problem


class ConversationsDoor:
    """Reads from the lead itself; writes through the engine."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.FIND.handled_by(self.get_leads),
                operations.SHOW.handled_by(self.get_lead),
                operations.INBOX.handled_by(self.get_conversations),
                operations.MESSAGES.handled_by(self.get_messages),
                operations.UNDERSTANDING.handled_by(self.get_understanding),
                operations.SEND.handled_by(self.post_message),
                operations.TAKE_OVER.handled_by(self.post_takeover),
                operations.RELEASE.handled_by(self.post_release),
                operations.CONFIRM_NUMBER.handled_by(self.post_confirm_number),
            ],
            "conversations",
            self._guard,
        )
        routes.register_error_handler(NumberNotConfirmed, _not_confirmed)
        return routes

    async def get_leads(self, call: Call[Nothing, models.LeadsQuery, Nothing]) -> EdgeAnswer:
        """Leads by phone number or user id: none or one for each."""
        asked = call.query
        found = [
            None if asked.phone is None else await leads.of_phone(self._parts, asked.phone),
            None if asked.user_id is None else await leads.of_user(self._parts, asked.user_id),
        ]
        unique = {stored.lead.id: stored for stored in found if stored is not None}
        items = [leads.shown(stored, self._parts.timezone) for stored in unique.values()]
        return EdgeAnswer(models.LeadList(items=items, next_cursor=None))

    async def get_lead(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """One lead."""
        return EdgeAnswer(leads.shown(await leads.of_id(self._parts, call.path.lead_id), self._parts.timezone))

    async def get_conversations(self, call: Call[Nothing, models.InboxQuery, Nothing]) -> EdgeAnswer:
        """The inbox: mine, unassigned (somebody waits for a person) or all; the last customer's word first."""
        asked = call.query
        view = InboxView(asked.tab, call.who.agent, await self._parts.clock.business_now())
        page = await self._parts.leads.page(view, asked.limit, asked.cursor)
        items = [leads.shown(stored, self._parts.timezone) for stored in page.leads]
        return EdgeAnswer(models.LeadList(items=items, next_cursor=page.next_cursor))

    async def get_messages(self, call: Call[LeadPath, models.TranscriptQuery, Nothing]) -> EdgeAnswer:
        """The last lines of the transcript, oldest first, with the drafts that wait for a person; `next_cursor` leads
        to the lines before them."""
        stored = await leads.thread_of(self._parts, call.path.lead_id)
        page = await self._parts.messages.page(stored.thread.id, call.query.limit, call.query.cursor)
        items = [line_shown(line) for line in page.lines]
        turn = stored.thread.inbox.turn if isinstance(stored.thread, Lead) else 0
        shown = models.TranscriptShown(items=items, next_cursor=page.next_cursor, drafts=_drafts(stored), turn=turn)
        return EdgeAnswer(shown)

    async def get_understanding(self, call: Call[models.MessagePath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """How a customer's message was understood, and what a model was asked and said about it."""
        stored = await leads.of_id(self._parts, call.path.lead_id)
        kept = await self._parts.interpreter.kept_about(stored.lead.id, DeliveryId(call.path.message_id))
        if kept is None:
            return problem(404, "not-understood", "No such message, or it is too old, or it came with others as one.")
        said = kept.answer
        model = None if said is None else models.ModelShown(asked=said.asked, said=said.raw, failure=said.failure)
        meant = as_object(kept.understanding)
        return EdgeAnswer(models.UnderstandingShown(**meant, by_model=kept.understanding.by_model, model=model))

    async def post_takeover(self, call: Call[LeadPath, Nothing, models.TakingOver]) -> EdgeAnswer | Response:
        """The conversation is the caller's; from this answer on no bot message is handed to Meta."""
        instead_of = None if call.body.instead_of is None else AgentId(call.body.instead_of)
        try:
            taken = await self._parts.takeovers.take_over(
                LeadId(call.path.lead_id), call.who.agent, instead_of, call.body.draft, call.who.asks.role
            )
        except HeldByColleague as held:
            return problem(409, "taken-by", f"{held.owner} has this conversation; name them in instead_of to take it.")
        way = [models.OnItsWayShown(id=sent.id, text=sent.text, arrived=sent.arrived) for sent in taken.on_its_way]
        return EdgeAnswer(models.TakeoverShown(epoch=taken.epoch, on_its_way=way))

    async def post_release(self, call: Call[LeadPath, Nothing, models.HandingBack]) -> EdgeAnswer:
        """The conversation is the bot's again."""
        epoch = await self._parts.takeovers.release(
            LeadId(call.path.lead_id), call.who.agent, call.body.note, call.who.asks.role
        )
        return EdgeAnswer(models.Epoch(epoch=epoch))

    async def post_confirm_number(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """A partner's number is theirs, whoever has it in WhatsApp now."""
        thread = call.path.lead_id
        if not is_partner(thread):
            raise NumberNotConfirmed(NumberRefusal.UNKNOWN)
        partner = await self._parts.partner_numbers.confirm(thread)
        return EdgeAnswer(models.NumberConfirmed(id=partner.id, phone=partner.phone))

    async def post_message(self, call: Call[LeadPath, Nothing, models.NewMessage]) -> EdgeAnswer | Response:
        """A person's words: stored now, sent by a worker, once."""
        stored = await leads.thread_of(self._parts, call.path.lead_id)
        now = await self._parts.clock.business_now()
        if not stored.thread.is_with_agent:
            return problem(409, "not-taken-over", "Take the conversation over first: the bot is in charge.")
        if not window.is_open(stored.thread, now):
            return problem(409, "window-closed", "The customer wrote more than 24 hours ago; only a template may go.")
        sender, agent, seen = self._parts.staff_sender, call.who.agent, call.body.seen
        others = await sender.unread(stored.thread, agent, seen) if isinstance(stored.thread, Lead) else None
        if others is not None:
            return problem(409, "not-read", f"{_who(others)} wrote since; read it, then send again.")
        # under an id made from the caller's key, so that a call made twice is one message
        name = call.key or self._parts.new_id()
        try:
            delivery = await sender.send(LeadId(call.path.lead_id), agent, call.body.text, name, seen)
        except NotStored:
            return problem(503, "not-stored", "It could not be stored; please send it again.")
        return EdgeAnswer(models.Queued(id=str(delivery)), 202)


async def _not_confirmed(error: NumberNotConfirmed) -> Response:
    return problem(404 if error.why is NumberRefusal.UNKNOWN else 409, error.why.value, numbers.WHY[error.why])


def _who(others: Sequence[str]) -> str:
    """Whose words were not read, in the words of a sentence."""
    return " and ".join("The customer" if who == CUSTOMER else who for who in others) or "The customer"


def line_shown(line: TranscriptLine) -> models.Line:
    """A line of a transcript."""
    return models.Line.model_validate(
        {
            "id": line.id,
            "author": line.author,
            "text": line.text,
            "at": line.at.isoformat(),
            "status": None if line.tick is None else line.tick.value,
            "perhaps_doubled": line.perhaps_doubled,
            "by": line.by,
            "what": line.what,
            "mentions": line.mentions,
            "failure": line.failure or None,
            "code": line.code,
        }
    )


def _drafts(stored: StoredThread[Lead] | StoredThread[Partner]) -> list[models.BotDraftShown]:
    waiting = [queued for queued in stored.outbox if queued.status is Status.DRAFT]
    return [
        models.BotDraftShown(
            id=queued.effect.id, text=as_text(queued.effect.command), source=_source(queued.effect.command)
        )
        for queued in waiting
        if isinstance(queued.effect.command, ChatCommand)
    ]


def _source(command: ChatCommand) -> str:
    """Where in the business file an answer stands; empty for what is no answer of the file."""
    return command.source if isinstance(command, SendText) else ""
