"""`/api/v1/attention`: the queue of what waits for a person; the command line goes the same way."""

from typing import Final

from quart import Blueprint, Response

from bot.domain.alarms import AlarmReason
from bot.domain.attention import Attention, AttentionCause
from bot.domain.change import Requester
from bot.domain.languages import ENGLISH
from bot.engine.parts import Parts
from bot.lifecycle.attention import AttentionRefusal, AttentionRefused
from bot.replies.attention import why
from bot.replies.words import say
from bot.store.attention import AttentionQuery
from webhooks.api.attention import models, operations
from webhooks.api.attention.fixes import fix_of
from webhooks.api.bookings.acting import Acting
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import AmountShown, Nothing
from webhooks.edge.operations import AnyCall, Call, EdgeAnswer, mount
from webhooks.edge.problems import problem

_SENTENCES: Final = {
    AttentionRefusal.NO_SUCH: "There is no such row.",
    AttentionRefusal.CLOSED: "It has ended already ({ended}); nothing was changed.",
    AttentionRefusal.TAKEN: "{owner} has it; they release it first, or it comes back by itself.",
    AttentionRefusal.NOT_TAKEN: "Nobody has it.",
    AttentionRefusal.ENDS_BY_ITSELF: "It ends as soon as its cause is gone: deal with that.",
}


def sentence_of(refused: AttentionRefused) -> str:
    """What was in the way."""
    row = refused.row
    ended = "" if row is None or row.ended is None else row.ended.value
    return _SENTENCES[refused.why].format(ended=ended, owner="" if row is None else row.owner)


async def list_attention(parts: Parts, asked: models.AttentionListQuery, language: str) -> models.AttentionList:
    """A page of what is open."""
    is_unowned = asked.owner == models.NOBODY
    query = AttentionQuery(None if is_unowned else asked.owner, (), is_unowned, asked.severity, asked.reason)
    page = await parts.attention.page(query, asked.limit, asked.cursor)
    items = [await shown(parts, row, language) for row in page.rows]
    return models.AttentionList(items=items, next_cursor=page.next_cursor)


async def current(parts: Parts, wanted: str) -> Attention:
    """The row as its cause is now, also after it ended. AttentionRefused."""
    await parts.attention.refresh()
    row = await parts.attention.rows.find(wanted)
    if row is None:
        raise AttentionRefused(AttentionRefusal.NO_SUCH)
    return row


async def shown(parts: Parts, row: Attention, language: str) -> models.AttentionShown:
    """A row as the API shows it."""
    cause, fix, brief = row.cause, fix_of(row), await parts.on_call.brief(row)
    return models.AttentionShown(
        id=row.id,
        reason=cause.reason,
        sentence=why(cause.reason, language),
        severity=row.severity,
        subject=models.AttentionAbout(kind=cause.about, id=cause.subject, name=brief.who),
        lead_id=cause.thread,
        amount=None
        if cause.amount is None
        else AmountShown(amount=cause.amount.amount, currency=cause.amount.currency),
        facts=await _facts(parts, cause),
        since=cause.since.isoformat(timespec="seconds"),
        due_by=row.due_by.isoformat(timespec="seconds"),
        next_look_at=row.next_at.isoformat(timespec="seconds") if row.is_open else None,
        owner=None
        if row.owner is None
        else models.AttentionOwner(
            id=row.owner,
            role=row.role,
            taken_at=None if row.taken_at is None else row.taken_at.isoformat(timespec="seconds"),
        ),
        told=[
            models.AttentionTelling(name=one.who, at=one.at.isoformat(timespec="seconds"))
            for one in row.asked
            if one.stage
        ],
        fix=models.AttentionFixShown(
            key=fix.key,
            label=say(f"attention.fix.{fix.key}", language),
            method="POST" if fix.path else None,
            path=fix.path or None,
            body={},
            needs=list(fix.needs),
            command=fix.command or None,
        ),
        closed_at=None if row.closed_at is None else row.closed_at.isoformat(timespec="seconds"),
        ended=row.ended,
        timezone=parts.timezone,
    )


async def _facts(parts: Parts, cause: AttentionCause) -> dict[str, str]:
    """What is known of it, and of work that nobody has taken who could do it yet, or when somebody could."""
    if cause.reason != AlarmReason.TASK_UNFILLED.value:
        return dict(cause.facts)
    task = await parts.tasks.find(cause.subject)
    return {**dict(cause.facts), **({} if task is None else await parts.offers.could_have(task))}


class AttentionDoor:
    """Lists rows, and lets people take, release and end them."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.LIST.handled_by(self.get_attention),
                operations.SHOW.handled_by(self.get_one),
                operations.TAKE.handled_by(self.post_take),
                operations.RELEASE.handled_by(self.post_release),
                operations.SEEN.handled_by(self.post_seen),
            ],
            "attention",
            self._guard,
        )
        routes.register_error_handler(AttentionRefused, _refused)
        return routes

    async def get_attention(self, call: Call[Nothing, models.AttentionListQuery, Nothing]) -> EdgeAnswer:
        """A page of them."""
        return EdgeAnswer(await list_attention(self._parts, call.query, self._language(call)))

    async def get_one(self, call: Call[models.AttentionPath, Nothing, Nothing]) -> EdgeAnswer:
        """One of them."""
        return await self._answer(await current(self._parts, call.path.id), self._language(call))

    async def post_take(self, call: Call[models.AttentionPath, Nothing, models.AttentionTaking]) -> EdgeAnswer:
        """Somebody looks at it."""
        asked = call.body
        owner = asked.who or asked.by or asked.role.value
        row = await self._parts.attention.take(call.path.id, owner, _who(asked))
        return await self._answer(row, self._language(call))

    async def post_release(self, call: Call[models.AttentionPath, Nothing, Acting]) -> EdgeAnswer:
        """It is everybody's again."""
        return await self._answer(
            await self._parts.attention.release(call.path.id, _who(call.body)), self._language(call)
        )

    async def post_seen(self, call: Call[models.AttentionPath, Nothing, Acting]) -> EdgeAnswer:
        """A person has seen to it."""
        return await self._answer(await self._parts.attention.see(call.path.id, _who(call.body)), self._language(call))

    def _language(self, call: AnyCall) -> str:
        return call.language(ENGLISH)

    async def _answer(self, row: Attention, language: str) -> EdgeAnswer:
        return EdgeAnswer(await shown(self._parts, row, language))


def _who(asked: Acting) -> Requester:
    return Requester(asked.person, asked.role.value)


async def _refused(error: AttentionRefused) -> Response:
    return problem(404 if error.why is AttentionRefusal.NO_SUCH else 409, error.why, sentence_of(error))
