"""`/api/v1/inbox` and what staff do in a conversation besides speaking in it."""

import asyncio

from quart import Blueprint, Response

from bot.domain import window
from bot.domain.commands import Author, SendTemplate
from bot.domain.ids import AgentId, LeadId
from bot.domain.inbox import StaffDraft
from bot.domain.outbox import StoredLead
from bot.engine.parts import Parts
from bot.engine.staff_inbox import DraftChanged, InboxRefused
from bot.engine.staff_sender import retry_name
from bot.replies import canned, templates
from bot.store.delivery import NotStored
from bot.store.inbox_views import InboxFilter, InboxOrder, InboxTab, InboxView
from bot.store.messages import DeliveryStatus
from webhooks.api.conversations import door as conversations
from webhooks.api.conversations import leads
from webhooks.api.conversations.models import LeadPath, Queued
from webhooks.api.inbox import models, operations, views
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import AmountShown, Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.problems import problem

_ORDERS = {
    models.OrderAsked.NEWEST: InboxOrder.NEWEST,
    models.OrderAsked.WAITING: InboxOrder.WAITING,
    models.OrderAsked.DEADLINE: InboxOrder.DEADLINE,
}
REFUSALS = {
    "not-in-the-future": "That time has passed already.",
    "no-such-booking": "They have no such booking that is open.",
    "paid-already": "That booking is paid already.",
    "not-taken-over": "Take the conversation over first: the bot is in charge.",
    "too-many-planned": "Ten messages are planned here already; take one back first.",
    "no-such-message": "There is no such planned message.",
}
"""Why an act in the inbox is refused, by its stable word."""


class InboxDoor:
    """Reads the leads' own rows; writes through the engine."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.ROWS.handled_by(self.get_rows),
                operations.COUNTS.handled_by(self.get_counts),
                operations.SEARCH.handled_by(self.get_search),
                operations.MENTIONS.handled_by(self.get_mentions),
                operations.ON_DUTY.handled_by(self.get_availability),
                operations.SAY_DUTY.handled_by(self.post_availability),
                operations.ENTRY.handled_by(self.get_entry),
                operations.READ.handled_by(self.post_read),
                operations.DRAFT.handled_by(self.post_draft),
                operations.NOTE.handled_by(self.post_note),
                operations.ASSIGN.handled_by(self.post_assign),
                operations.SNOOZE.handled_by(self.post_snooze),
                operations.WAKE.handled_by(self.delete_snooze),
                operations.PLAN.handled_by(self.post_later),
                operations.DROP.handled_by(self.delete_later),
                operations.LOOK.handled_by(self.post_presence),
                operations.LEAVE.handled_by(self.delete_presence),
                operations.REPLIES.handled_by(self.get_replies),
                operations.TEMPLATES.handled_by(self.get_templates),
                operations.SEND_TEMPLATE.handled_by(self.post_template),
                operations.RETRY.handled_by(self.post_retry),
            ],
            "inbox",
            self._guard,
        )
        routes.register_error_handler(InboxRefused, _refused)
        return routes

    async def get_rows(self, call: Call[Nothing, models.InboxRowsQuery, Nothing]) -> EdgeAnswer:
        """A part of the inbox."""
        asked, now = call.query, await self._parts.clock.business_now()
        view = InboxView(asked.tab, call.who.agent, now, _ORDERS[asked.order], asked.only)
        page = await self._parts.leads.page(view, asked.limit, asked.cursor)
        return EdgeAnswer(
            models.InboxRows(items=await views.rows_of(self._parts, page.leads), next_cursor=page.next_cursor)
        )

    async def get_counts(self, call: Call[Nothing, models.CountsQuery, Nothing]) -> EdgeAnswer:
        """How many there are of each tab, and of each filter in the tab that is looked at."""
        now, tab, count = await self._parts.clock.business_now(), call.query.tab, self._parts.leads.count

        def of(
            of_tab: InboxTab, only: InboxFilter = InboxFilter.EVERY, order: InboxOrder = InboxOrder.NEWEST
        ) -> InboxView:
            return InboxView(of_tab, call.who.agent, now, order, only)

        views_of = {
            "mine": of(InboxTab.MINE),
            "unassigned": of(InboxTab.UNASSIGNED),
            "all": of(InboxTab.ALL),
            "waiting": of(tab, order=InboxOrder.WAITING),
            "unread": of(tab, InboxFilter.UNREAD),
            "customer_last": of(tab, InboxFilter.CUSTOMER_LAST),
            "closing": of(tab, InboxFilter.CLOSING),
            "snoozed": of(tab, InboxFilter.SNOOZED),
        }
        # eight counts of a thousand rows at most each: one after the other they are the slowest answer of the inbox
        found = await asyncio.gather(*map(count, views_of.values()))
        return EdgeAnswer(models.InboxCounts(**dict(zip(views_of, found, strict=True))))

    async def get_search(self, call: Call[Nothing, models.SearchQuery, Nothing]) -> EdgeAnswer:
        """What is found by one box of words."""
        page = await self._parts.search.find(call.query.q, call.query.limit, call.query.cursor)
        rows = await views.rows_of(self._parts, [hit.stored for hit in page.hits])
        items = [
            models.Found(
                why=models.FoundWhy(hit.kind.value),
                booking=hit.booking,
                line=None if hit.line is None else conversations.line_shown(hit.line),
                row=row,
            )
            for hit, row in zip(page.hits, rows, strict=True)
        ]
        return EdgeAnswer(models.FoundList(items=items, next_cursor=page.next_cursor, opens=page.opens))

    async def get_mentions(self, call: Call[Nothing, models.MentionsQuery, Nothing]) -> EdgeAnswer:
        """Notes that call the caller."""
        found, following = await self._parts.messages.mentioning(call.who.agent, call.query.limit, call.query.cursor)
        items = [models.MentionShown(lead_id=one.lead, line=conversations.line_shown(one.line)) for one in found]
        return EdgeAnswer(models.MentionList(items=items, next_cursor=following))

    async def get_availability(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """Everybody who ever said whether they are on duty."""
        said = await self._parts.availabilities.every()
        loads = await self._parts.leads.load_of([one.agent for one in said])
        items = [
            models.AvailabilityShown(
                agent=one.agent,
                on_duty=one.on_duty,
                since=one.since.isoformat(),
                capacity=one.capacity,
                waiting=loads.get(one.agent, 0),
            )
            for one in said
        ]
        return EdgeAnswer(models.AvailabilityList(items=items, next_cursor=None))

    async def post_availability(self, call: Call[Nothing, Nothing, models.OnDuty]) -> EdgeAnswer:
        """What the caller says of their own time; what waits for who goes is in the queue at once."""
        now = await self._parts.clock.business_now()
        said = await self._parts.fair_share.say(
            call.who.agent, now, on_duty=call.body.on_duty, capacity=call.body.capacity
        )
        loads = await self._parts.leads.load_of([call.who.agent])
        return EdgeAnswer(
            models.AvailabilityShown(
                agent=said.agent,
                on_duty=said.on_duty,
                since=said.since.isoformat(),
                capacity=said.capacity,
                waiting=loads.get(call.who.agent, 0),
            )
        )

    async def get_entry(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """One conversation's row with its drafts and what is planned."""
        stored = await leads.of_id(self._parts, call.path.lead_id)
        (row,) = await views.rows_of(self._parts, [stored])
        entry = stored.lead.inbox
        return EdgeAnswer(
            models.InboxEntryShown(
                **row.model_dump(),
                drafts=list(map(views.draft, entry.drafts)),
                later=list(map(views.later, entry.later)),
            )
        )

    async def post_read(self, call: Call[LeadPath, Nothing, models.Reading]) -> EdgeAnswer:
        """The caller has seen it."""
        await self._parts.staff_inbox.read(LeadId(call.path.lead_id), call.who.agent, unread=call.body.unread)
        return EdgeAnswer(models.ConversationNamed(id=call.path.lead_id))

    async def post_draft(self, call: Call[LeadPath, Nothing, models.DraftWritten]) -> EdgeAnswer | Response:
        """What the caller is writing."""
        lead, body = LeadId(call.path.lead_id), call.body
        try:
            kept = await self._parts.staff_inbox.save_draft(lead, call.who.agent, body.kind, body.text, body.base)
        except DraftChanged as changed:
            return problem(409, "draft-changed", _changed(changed.current))
        return EdgeAnswer(models.DraftKept(draft=None if kept is None else views.draft(kept)))

    async def post_note(self, call: Call[LeadPath, Nothing, models.NewNote]) -> EdgeAnswer:
        """A line among the staff."""
        mentions = tuple(AgentId(name) for name in dict.fromkeys(call.body.mentions))
        name = call.key or self._parts.new_id()
        line = await self._parts.staff_inbox.note(
            LeadId(call.path.lead_id), call.who.agent, call.body.text, mentions, name
        )
        return EdgeAnswer(models.NoteKept(id=line), 201)

    async def post_assign(self, call: Call[LeadPath, Nothing, models.Assignment]) -> EdgeAnswer:
        """Whose it is."""
        agent = None if call.body.agent is None else AgentId(call.body.agent)
        await self._parts.staff_inbox.assign(LeadId(call.path.lead_id), call.who.agent, agent)
        return EdgeAnswer(models.ConversationNamed(id=call.path.lead_id))

    async def post_snooze(self, call: Call[LeadPath, Nothing, models.Snoozing]) -> EdgeAnswer:
        """Put it off."""
        body = call.body
        await self._parts.staff_inbox.snooze(
            LeadId(call.path.lead_id), call.who.agent, body.kind, body.until, body.booking or ""
        )
        return EdgeAnswer(models.ConversationNamed(id=call.path.lead_id))

    async def delete_snooze(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """Take it up again."""
        await self._parts.staff_inbox.wake(LeadId(call.path.lead_id), call.who.agent)
        return EdgeAnswer(models.ConversationNamed(id=call.path.lead_id))

    async def post_later(self, call: Call[LeadPath, Nothing, models.LaterWritten]) -> EdgeAnswer:
        """Words that go at a time."""
        body = call.body
        planned = await self._parts.staff_inbox.plan(
            LeadId(call.path.lead_id), call.who.agent, body.text, body.at, body.booking or "", call.key or ""
        )
        return EdgeAnswer(views.later(planned), 201)

    async def delete_later(self, call: Call[models.LaterPath, Nothing, Nothing]) -> EdgeAnswer:
        """They do not go."""
        await self._parts.staff_inbox.drop(LeadId(call.path.lead_id), call.who.agent, call.path.later_id)
        return EdgeAnswer(models.ConversationNamed(id=call.path.lead_id))

    async def post_presence(self, call: Call[LeadPath, Nothing, models.LookingAt]) -> EdgeAnswer:
        """The caller looks at it."""
        stored = await leads.thread_of(self._parts, call.path.lead_id)
        await self._parts.presence.seen(stored.thread.id, call.who.agent, is_typing=call.body.typing)
        return EdgeAnswer(models.ConversationNamed(id=call.path.lead_id))

    async def delete_presence(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """The caller looks at something else."""
        await self._parts.presence.left(LeadId(call.path.lead_id), call.who.agent)
        return EdgeAnswer(models.ConversationNamed(id=call.path.lead_id))

    async def get_replies(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """The house's ready words for this customer."""
        stored = await leads.of_id(self._parts, call.path.lead_id)
        business = self._parts.context(await self._parts.clock.business_now()).business
        items = [
            models.CannedShown(
                id=one.id, title=one.title, text=one.text, blanks=list(one.blanks), language=one.language
            )
            for one in canned.all_filled(stored.lead, stored.lead.open_booking, business)
        ]
        return EdgeAnswer(models.CannedList(items=items, next_cursor=None))

    async def get_templates(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """The templates that fit now."""
        stored = await leads.of_id(self._parts, call.path.lead_id)
        items = [
            models.TemplateShown(
                name=one.order.name,
                language=one.order.language,
                text=one.text,
                category=one.category,
                cost=None if one.cost is None else AmountShown(amount=one.cost.amount, currency=one.cost.currency),
            )
            for one in await self._fitting(stored)
        ]
        return EdgeAnswer(models.TemplateList(items=items, next_cursor=None))

    async def post_template(self, call: Call[LeadPath, Nothing, models.TemplateChosen]) -> EdgeAnswer | Response:
        """Send one of them, filled with what is true now."""
        stored = await leads.of_id(self._parts, call.path.lead_id)
        if not stored.lead.is_with_agent:
            return problem(409, "not-taken-over", REFUSALS["not-taken-over"])
        if await self._parts.staff_sender.unread(stored.lead, call.who.agent, call.body.seen) is not None:
            return problem(409, "not-read", "Somebody wrote since; read it, then send again.")
        chosen = next((one for one in await self._fitting(stored) if one.order.name == call.body.name), None)
        if chosen is None:
            return problem(409, "does-not-fit", "This template does not fit: a fact is missing or no longer true.")
        name, agent = call.key or self._parts.new_id(), call.who.agent
        return await self._said(stored, agent, chosen.text, name, call.body.seen, chosen.order)

    async def post_retry(self, call: Call[models.LinePath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """A failed message once more: under an id of its own, which is the same however often it is asked."""
        stored = await leads.of_id(self._parts, call.path.lead_id)
        line = await self._parts.messages.line(stored.lead.id, call.path.message_id)
        if line is None or line.author != Author.AGENT.value:
            return problem(404, "no-such-message", "There is no such message of a person's here.")
        if line.tick not in {DeliveryStatus.FAILED, DeliveryStatus.PERHAPS}:
            return problem(409, "not-failed", "That message has not failed.")
        if not stored.lead.is_with_agent:
            return problem(409, "not-taken-over", REFUSALS["not-taken-over"])
        if not window.is_open(stored.lead, await self._parts.clock.business_now()):
            return problem(409, "window-closed", "The customer wrote more than 24 hours ago; only a template may go.")
        return await self._said(stored, call.who.agent, line.text, retry_name(line.id), None, None)

    async def _fitting(self, stored: StoredLead) -> tuple[templates.FittingTemplate, ...]:
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        return templates.fitting(stored.lead, stored.lead.open_booking, business, now)

    async def _said(
        self,
        stored: StoredLead,
        agent: AgentId,
        text: str,
        name: str,
        seen: int | None,
        template: SendTemplate | None,
    ) -> EdgeAnswer | Response:
        """A person's words, stored for a worker to send; under the same name they are the same."""
        try:
            delivery = await self._parts.staff_sender.send(stored.lead.id, agent, text, name, seen, template)
        except NotStored:
            return problem(503, "not-stored", "It could not be stored; please send it again.")
        return EdgeAnswer(Queued(id=str(delivery)), 202)


def _changed(current: StaffDraft | None) -> str:
    """What happened to a draft meanwhile."""
    if current is None:
        return "This draft was sent or thrown away meanwhile."
    return f"{current.by} saved another draft meanwhile (revision {current.revision}); read it and save again."


async def _refused(error: InboxRefused) -> Response:
    return problem(404 if error.why == "no-such-message" else 409, error.why, REFUSALS[error.why])
