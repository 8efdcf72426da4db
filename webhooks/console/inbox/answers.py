"""What a customer answered to a question of the house, written down by whoever heard it: a dialog of the booking's
card, where that question is open."""

from quart import Blueprint, Response, request

from bot.domain.customer_fields import LONGEST_ANSWER
from bot.domain.foreign_text import clean, is_seen
from bot.domain.ids import AgentId
from bot.domain.users import Act
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.engine.staff_actions import FoundBooking, NoSuchBooking
from bot.engine.takeover import NoSuchLead
from webhooks.console import words
from webhooks.console.guard import may, signed_in
from webhooks.console.inbox.next_steps import MissingItem, next_step
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge.problems import RequestRefused, problem


class AnswerDialogs:
    """Asks for the answer and notes it; what waited for it goes on by itself."""

    def __init__(self, parts: Parts, render: Renderer) -> None:
        self._parts = parts
        self._render = render

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        for view, method in ((self.get_answer, "GET"), (self.post_answer, "POST")):
            routes.add_url_rule("/bookings/<reference>/answers", view.__name__, view, methods=[method])

    @may(Act.PROPOSE)
    async def get_answer(self, reference: str) -> Response:
        """The question, and the field for its answer."""
        found = await self._found(reference)
        open_item = await self._open(found, request.args.get("field", ""))
        if open_item is None:
            return self._done("answer.over")
        return self._asking(found, open_item)

    @may(Act.PROPOSE)
    async def post_answer(self, reference: str) -> Response:
        """Noted; sent twice it is one answer."""
        form = await request.form
        found = await self._found(reference)
        open_item = await self._open(found, str(form.get("field", "")))
        if open_item is None:
            # answered meanwhile, by its customer or by a colleague: nobody's words are written over
            return self._done("answer.over")
        answer = clean(str(form.get("answer", "")), LONGEST_ANSWER).strip()
        # what nobody can see answers nothing
        if not is_seen(answer):
            return self._asking(found, open_item, words.say("answer.empty", language_here()))
        name = str(form.get("once", ""))[:60] or self._parts.new_id()
        me = AgentId(signed_in().id)
        await self._parts.staff_inbox.note_answer(found.lead, me, open_item.field, answer, name)
        await self._parts.staff.settled(found.lead, found.booking.reference)
        return self._done("answer.noted")

    async def _found(self, reference: str) -> FoundBooking:
        try:
            return await self._parts.staff.find(reference[:60])
        except NoSuchBooking:
            raise RequestRefused(problem(404, "no-such-booking", "There is no such booking.")) from None

    async def _open(self, found: FoundBooking, field: str) -> MissingItem | None:
        """What that question is about, as long as its booking waits for it."""
        stored = await living(self._parts.leads, found.lead)
        if stored is None:
            raise NoSuchLead(found.lead)
        context = await self._parts.decisions.context_for(stored.lead, await self._parts.clock.business_now())
        step = next_step(stored.lead, found.booking, context, language_here())
        missing = () if step is None else step.missing
        return next((item for item in missing if item.field and item.field == field), None)

    def _asking(self, found: FoundBooking, item: MissingItem, refused: str | None = None) -> Response:
        return self._render.fragment(
            "inbox/answer_dialog.html",
            200 if refused is None else 409,
            booking=found.booking.reference,
            item=item,
            refused=refused,
            longest=LONGEST_ANSWER,
            once=self._parts.new_id(),
        )

    def _done(self, key: str) -> Response:
        """The dialog closes, and the page says so."""
        response = self._render.fragment("inbox/dialog_closed.html", said=words.say(key, language_here()))
        response.headers["HX-Trigger"] = "console:changed"
        return response
