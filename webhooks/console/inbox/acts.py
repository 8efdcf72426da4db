"""What people do in a conversation: take it, write in it, put it off, give it away."""

from datetime import datetime, time, timedelta
from typing import Any, Final

import orjson
import structlog
from quart import Blueprint, Response, request

from bot.domain import message_limits as limits
from bot.domain.foreign_text import clean
from bot.domain.ids import AgentId, LeadId
from bot.domain.inbox import DraftKind, SnoozeKind
from bot.engine.parts import Parts
from bot.engine.staff_inbox import DraftChanged, InboxRefused, StaffInbox
from bot.engine.staff_sender import retry_name
from bot.engine.takeover import HeldByColleague
from bot.store.messages import DeliveryStatus
from webhooks.console import words
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.inbox.bubbles import offered
from webhooks.console.inbox.colleagues import Colleagues
from webhooks.console.inbox.composer import Composer
from webhooks.console.inbox.reading import InboxReader, ThreadShown
from webhooks.console.inbox.sending import StaffWords, WhyNotSent, WordsRefused, require_filled
from webhooks.console.rendering import Renderer, language_here

log = structlog.get_logger(__name__)

MORNING: Final = time(9)


class InboxActs:
    """Each act is one request, and answers what is then to be seen."""

    def __init__(
        self,
        parts: Parts,
        inbox: StaffInbox,
        read: InboxReader,
        render: Renderer,
        colleagues: Colleagues,
        composer: Composer,
    ) -> None:
        self._parts = parts
        self._inbox = inbox
        self._read = read
        self._render = render
        self._colleagues = colleagues
        self._composer = composer
        self._words = StaffWords(parts)

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        for path, view in (
            ("take", self.post_take),
            ("hand-back", self.post_hand_back),
            ("send", self.post_send),
            ("note", self.post_note),
            ("draft", self.post_draft),
            ("retry/<path:line>", self.post_retry),
            ("template", self.post_template),
            ("presence", self.post_presence),
            ("later", self.post_later),
            ("later/<planned>/drop", self.post_drop_later),
            ("unread", self.post_unread),
            ("snooze", self.post_snooze),
            ("wake", self.post_wake),
            ("assign", self.post_assign),
        ):
            routes.add_url_rule(f"/inbox/<lead>/{path}", view.__name__, view, methods=["POST"])

    async def has_seen(self, thread: ThreadShown) -> None:
        """They have it before them."""
        await self._inbox.read(thread.lead.id, AgentId(signed_in().id))

    @may(Act.WRITE_CONVERSATIONS)
    async def post_take(self, lead: str) -> Response:
        """It is theirs, with what they were writing; from this answer on no bot message leaves."""
        form = await _form()
        instead_of = form.get("instead_of", "")[:80]
        draft = form.get("draft") or None
        try:
            taken = await self._parts.takeovers.take_over(
                LeadId(lead), self._me, AgentId(instead_of) if instead_of else None, draft and _text(draft)
            )
        except HeldByColleague as held:
            name = await self._colleagues.named(held.owner)
            return await self._answer(lead, self._say("inbox.refused.taken_by", name=name), 409)
        told = [one.text for one in taken.on_its_way]
        said = self._say("inbox.on_its_way", count=len(told)) if told else None
        return await self._answer(lead, said)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_hand_back(self, lead: str) -> Response:
        """The bot has it again; a note says what colleagues should know."""
        form = await _form()
        await self._parts.takeovers.release(LeadId(lead), self._me, _text(form.get("note", "")))
        return await self._answer(lead)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_send(self, lead: str) -> Response:
        """Their words go; refused, they are still a draft."""
        form = await _form()
        text, name = _text(form.get("text", "")), form.get("name", "")[:60] or self._parts.new_id()
        try:
            if not text.strip():
                raise WordsRefused(WhyNotSent.EMPTY)
            if len(text) > limits.TEXT:
                raise WordsRefused(WhyNotSent.TOO_LONG)
            await self._words.send(LeadId(lead), self._me, text, _number(form.get("seen", "")), name)
        except WordsRefused as refused:
            await self._keep(lead, text, _number(form.get("revision", "")) or 0)
            return await self._answer(lead, await self._why_not(refused), 409)
        return await self._answer(lead, sent=text)

    async def _keep(self, lead: str, text: str, base: int) -> None:
        """What was refused is not lost, whatever becomes of the page."""
        try:
            await self._inbox.save_draft(LeadId(lead), self._me, DraftKind.REPLY, text[: limits.TEXT], base)
        except DraftChanged:
            # somebody saved another one meanwhile: the page still has these words, and shows both
            return

    async def _why_not(self, refused: WordsRefused) -> str:
        language = language_here()
        log.info("words_refused", why=refused.why.value, by=self._me)
        who = [
            self._say("inbox.the_customer") if one == "customer" else await self._colleagues.named(one)
            for one in refused.who
        ]
        name = ", ".join(who) or self._say("inbox.the_customer")
        return words.say(f"inbox.refused.{refused.why.value}", language, name=name, most=limits.TEXT)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_note(self, lead: str) -> Response:
        """A line among colleagues; nobody else ever sees it."""
        form = await _form()
        text = _text(form.get("text", ""))
        if not text.strip():
            return await self._answer(lead, self._say("inbox.refused.empty"), 409)
        if len(text) > limits.TEXT:
            return await self._answer(lead, await self._why_not(WordsRefused(WhyNotSent.TOO_LONG)), 409)
        called = tuple(AgentId(user.id) for user in self._colleagues.who_write() if f"@{user.name}" in text)
        name = form.get("name", "")[:60] or self._parts.new_id()
        await self._inbox.note(LeadId(lead), self._me, text, called, name)
        return await self._answer(lead)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_draft(self, lead: str) -> Response:
        """What they are writing, kept on every device."""
        form = await _form()
        kind = DraftKind.NOTE if form.get("kind") == "note" else DraftKind.REPLY
        text, base = _text(form.get("text", ""))[: limits.TEXT], _number(form.get("base", "")) or 0
        try:
            draft = await self._inbox.save_draft(LeadId(lead), self._me, kind, text, base)
        except DraftChanged as changed:
            current = changed.current
            body = {
                "revision": 0 if current is None else current.revision,
                "text": "" if current is None else current.text,
                "by": "" if current is None else await self._colleagues.named(current.by),
            }
            return _json(body, 409)
        return _json({"revision": 0 if draft is None else draft.revision})

    @may(Act.WRITE_CONVERSATIONS)
    async def post_retry(self, lead: str, line: str) -> Response:
        """Words that did not arrive go once more, as another message; or why they cannot."""
        found = await self._read.line(lead, line)
        if found is None or found.tick not in {DeliveryStatus.FAILED, DeliveryStatus.PERHAPS}:
            return await self._answer(lead, self._say("inbox.refused.nothing_failed"), 409)
        try:
            # under the name of what failed: pressed twice it is one message
            await self._words.send(LeadId(lead), self._me, _once_more(found.text), None, retry_name(line))
        except WordsRefused as refused:
            return await self._answer(lead, await self._why_not(refused), 409)
        return await self._answer(lead, self._say("inbox.retried"))

    @may(Act.WRITE_CONVERSATIONS)
    async def post_template(self, lead: str) -> Response:
        """What may go when free words may not."""
        form = await _form()
        name = form.get("name", "")[:60] or self._parts.new_id()
        try:
            seen = _number(form.get("seen", ""))
            await self._words.send_template(LeadId(lead), self._me, form.get("template", "")[:200], seen, name)
        except WordsRefused as refused:
            return await self._answer(lead, await self._why_not(refused), 409)
        return await self._answer(lead, self._say("inbox.template_sent"))

    @may(Act.WRITE_CONVERSATIONS)
    async def post_presence(self, lead: str) -> Response:
        """They look at it, or type, for the next seconds; or have left."""
        form, stored = await _form(), await self._read.stored(lead)
        if form.get("left"):
            await self._parts.presence.left(stored.lead.id, self._me)
        else:
            await self._parts.presence.seen(stored.lead.id, self._me, is_typing=form.get("typing") == "yes")
        return _nothing({})

    @may(Act.WRITE_CONVERSATIONS)
    async def post_later(self, lead: str) -> Response:
        """Their words go at a time, and are looked at once more then."""
        form, stored = await _form(), await self._read.stored(lead)
        text = _text(form.get("text", ""))
        if len(text) > limits.TEXT:
            return await self._answer(lead, await self._why_not(WordsRefused(WhyNotSent.TOO_LONG)), 409)
        _, at = await self._until("time", form.get("at", ""))
        if at is None or not text.strip():
            return await self._answer(lead, self._say("inbox.refused.not_in_the_future"), 409)
        try:
            require_filled(text)
        except WordsRefused as refused:
            return await self._answer(lead, await self._why_not(refused), 409)
        booking = stored.lead.open_booking
        reference = "" if booking is None else str(booking.reference)
        name = form.get("name", "")[:60]
        try:
            await self._inbox.plan(LeadId(lead), self._me, text, at, reference, name)
        except InboxRefused as refused:
            return await self._answer(lead, self._refusal(refused), 409)
        return await self._answer(lead, sent=text)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_drop_later(self, lead: str, planned: str) -> Response:
        """They do not go after all."""
        try:
            await self._inbox.drop(LeadId(lead), self._me, planned)
        except InboxRefused as refused:
            return await self._answer(lead, self._refusal(refused), 409)
        return await self._answer(lead)

    def _refusal(self, refused: InboxRefused) -> str:
        key = f"inbox.refused.{refused.why.replace('-', '_')}"
        return self._say(key if words.has(key) else "inbox.refused.not_in_the_future", name="", most=0)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_unread(self, lead: str) -> Response:
        """It looks as if nobody had seen it."""
        await self._inbox.read(LeadId(lead), self._me, unread=True)
        return _nothing({"HX-Trigger": "console:marked"})

    @may(Act.WRITE_CONVERSATIONS)
    async def post_snooze(self, lead: str) -> Response:
        """Put it off until something happens."""
        form = await _form()
        stored = await self._read.stored(lead)
        open_booking = stored.lead.open_booking
        booking = "" if open_booking is None else str(open_booking.reference)
        kind, until = await self._until(form.get("until", ""), form.get("at", ""))
        if kind is None:
            return await self._answer(lead, self._say("inbox.refused.not_in_the_future"), 409)
        try:
            await self._inbox.snooze(LeadId(lead), self._me, kind, until, booking)
        except InboxRefused as refused:
            return await self._answer(lead, self._refusal(refused), 409)
        return await self._answer(lead)

    async def _until(self, named: str, at: str) -> tuple[SnoozeKind | None, datetime | None]:
        now = await self._parts.clock.business_now()
        zone = self._parts.context(now).business.zone
        local = now.astimezone(zone)
        match named:
            case "paid" | "before_start" | "answered":
                return SnoozeKind(named), None
            case "hour":
                return SnoozeKind.TIME, now + timedelta(hours=1)
            case "tomorrow":
                return SnoozeKind.TIME, datetime.combine(local.date() + timedelta(days=1), MORNING, zone)
            case "time":
                try:
                    return SnoozeKind.TIME, datetime.fromisoformat(at).replace(tzinfo=zone)
                except ValueError:
                    return None, None
            case _:
                return None, None

    @may(Act.WRITE_CONVERSATIONS)
    async def post_wake(self, lead: str) -> Response:
        """Take it up again."""
        await self._inbox.wake(LeadId(lead), self._me)
        return await self._answer(lead)

    @may(Act.WRITE_CONVERSATIONS)
    async def post_assign(self, lead: str) -> Response:
        """It is that colleague's, or nobody's."""
        wanted = (await _form()).get("agent", "")
        await self._colleagues.refresh()
        if wanted and wanted not in {user.id for user in self._colleagues.who_write()}:
            return await self._answer(lead, self._say("inbox.refused.no_such_colleague"), 409)
        await self._inbox.assign(LeadId(lead), self._me, AgentId(wanted) if wanted else None)
        return await self._answer(lead)

    @property
    def _me(self) -> AgentId:
        return AgentId(signed_in().id)

    def _say(self, key: str, **fields: str | int) -> str:
        return words.say(key, language_here(), **fields)

    async def _answer(
        self, lead: str, problem: str | None = None, status: int = 200, sent: str | None = None
    ) -> Response:
        """Head, thread and composer as they are now; the composer says what went wrong."""
        await self._colleagues.refresh()
        who, language = signed_in(), language_here()
        thread = await self._read.thread(who, lead, language)
        composer = await self._composer.of(who, thread, language, problem)
        return self._render.fragment("inbox/acted.html", status, thread=thread, composer=composer, sent=sent)


def _once_more(text: str) -> str:
    """The words of a line without the buttons that hung on them: a link among those stays."""
    body, _, links = offered(text)
    return "\n".join([body, *links])


async def _form() -> dict[str, str]:
    return {name: value for name, value in (await request.form).items() if isinstance(value, str)}


def _text(given: str) -> str:
    """Words of a form, without what cannot be stored, sent or seen."""
    return clean(given, 65_536).strip("\n")


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")


def _nothing(headers: dict[str, str]) -> Response:
    response = Response(b"", 204)
    response.headers.update(headers)
    return response
