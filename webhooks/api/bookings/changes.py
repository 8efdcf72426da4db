"""Changes of a booking through the API: quoted, confirmed, withdrawn, or done at once; and what can be done now."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from quart import Response

from bot.business.context import Context
from bot.dialogue.overrides import OVERRIDE
from bot.domain.change import CUSTOMER, ChangeKind, ChangeQuote, Requester
from bot.domain.events import StaffAction
from bot.domain.lead import Lead
from bot.domain.users import Act, Role, role_for
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.engine.staff_actions import Done, FoundBooking
from bot.engine.staff_changes import ChangeAnswer, ChangeDone, ChangeOutdated, ChangeRefused, Words
from bot.engine.takeover import NoSuchLead
from bot.lifecycle.actions import Action, actions
from bot.lifecycle.quotes import NoChange
from bot.lifecycle.rules.rule import Reason
from bot.replies import booking as booking_words
from bot.replies import changes as change_words
from bot.replies import reasons as reason_words
from bot.replies import times
from bot.replies.words import say
from payments.domain.money import Money, zero
from webhooks.api.bookings import acting, models, operations, views
from webhooks.api.bookings.models import BookingPath, BookingShown, ChangePath
from webhooks.edge.guard import able, may_not
from webhooks.edge.models import AmountShown, Nothing
from webhooks.edge.operations import AnyCall, AnyRoute, Call, EdgeAnswer
from webhooks.edge.problems import RequestRefused, problem

_STATUS: Final = {NoChange.MAY_NOT_OVERRIDE: 403, NoChange.NO_REASON: 422}
"""The others are 409: how things stand, not how it was asked."""
_OF_ITS_OWN: Final = frozenset({"by", OVERRIDE})
"""Of a request, what its words have in another way."""
_NAMES_A_TIME: Final = frozenset({"slot_id", "service", "provider", "place"})
_STAFF: Final = ("sales", "operations", "support", "admin")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A booking, its lead, and in which words its answer is."""

    found: FoundBooking
    lead: Lead
    context: Context
    language: str


class ChangeDesk:
    """The part of the bookings' door where standing bookings are changed."""

    def __init__(self, parts: Parts, shown: Callable[[FoundBooking], Awaitable[BookingShown]]) -> None:
        self._parts = parts
        self._shown = shown

    def routes(self) -> Sequence[AnyRoute]:
        """Its routes."""
        return (
            operations.RESCHEDULE.handled_by(self.post_reschedule),
            operations.CANCEL.handled_by(self.post_cancel),
            operations.CHANGE.handled_by(self.post_change),
            operations.CONFIRM_CHANGE.handled_by(self.post_confirm_change),
            operations.WITHDRAW_CHANGE.handled_by(self.delete_change),
            operations.ACTIONS.handled_by(self.get_actions),
        )

    async def post_reschedule(self, call: Call[BookingPath, Nothing, models.AnotherTime]) -> EdgeAnswer | Response:
        """Move it to the time that is named, at once, or let the customer choose one."""
        return await self._at_once(call, StaffAction.RESCHEDULE, _overriding(call, call.body))

    async def post_cancel(self, call: Call[BookingPath, Nothing, acting.Because]) -> EdgeAnswer | Response:
        """Call it off, at once."""
        return await self._at_once(call, StaffAction.CANCEL, _said(call.body))

    async def post_change(self, call: Call[BookingPath, Nothing, models.WishedChange]) -> EdgeAnswer | Response:
        """Quote it: 201 with what it costs, nothing done yet."""
        here = await self._here(call.path.reference, call)
        answer = await self._ask(StaffAction.CHANGE, here, call, _overriding(call, call.body))
        if isinstance(answer, ChangeDone):
            return EdgeAnswer(_change(answer, here), 201 if answer.done.settled else 202)
        return _refused(answer, here)

    async def post_confirm_change(self, call: Call[ChangePath, Nothing, models.QuoteAgreed]) -> EdgeAnswer | Response:
        """The yes: the booking as it is then, or 409 with the quote that holds now."""
        here = await self._here(call.path.reference, call)
        answer = await self._parts.staff_changes.answer(
            StaffAction.CONFIRM_CHANGE, here.found, _said(call.body), self._name(call), call.path.change
        )
        return await self._changed(answer, here)

    async def delete_change(self, call: Call[ChangePath, acting.Acting, Nothing]) -> EdgeAnswer | Response:
        """Take it back."""
        here = await self._here(call.path.reference, call)
        answer = await self._parts.staff_changes.answer(
            StaffAction.WITHDRAW_CHANGE, here.found, _said(call.query), self._name(call), call.path.change
        )
        return EdgeAnswer(_change(answer, here)) if isinstance(answer, ChangeDone) else _refused(answer, here)

    async def get_actions(self, call: Call[BookingPath, models.ActionsQuery, Nothing]) -> EdgeAnswer:
        """What can be done now, by whom that role is, with its price."""
        here = await self._here(call.path.reference, call)
        role = call.query.role
        found = actions(here.found.booking, here.context, Requester(CUSTOMER if role == CUSTOMER else role, role))
        return EdgeAnswer(models.ActionList(items=[_action(one, here) for one in found], next_cursor=None))

    async def _at_once(
        self, call: Call[BookingPath, Nothing, acting.Because], action: StaffAction, said: Words
    ) -> EdgeAnswer | Response:
        here = await self._here(call.path.reference, call)
        return await self._changed(await self._ask(action, here, call, said), here)

    async def _ask(self, action: StaffAction, here: _Asked, call: AnyCall, said: Words) -> ChangeAnswer | Done:
        return await self._parts.staff_changes.ask(action, here.found, here.lead, said, self._name(call))

    async def _changed(self, answer: ChangeAnswer | Done, here: _Asked) -> EdgeAnswer | Response:
        """The booking after it, with the change and the quote it was done at."""
        if isinstance(answer, ChangeOutdated | ChangeRefused):
            return _refused(answer, here)
        done = answer.done if isinstance(answer, ChangeDone) else answer
        shown = await self._shown(done.found)
        change = answer if isinstance(answer, ChangeDone) else None
        quoted = None if change is None else _change(change, here)
        body = models.BookingChanged(
            **dict(shown),
            change=None if change is None else change.change,
            change_state=None if change is None else change.stands,
            quote=None if quoted is None else quoted.quote,
        )
        return EdgeAnswer(body, 200 if done.settled else 202)

    async def _here(self, reference: str, call: AnyCall) -> _Asked:
        found = await self._parts.staff.find(reference)
        stored = await living(self._parts.leads, found.lead)
        if stored is None:
            raise NoSuchLead(found.lead)
        now = await self._parts.clock.business_now()
        # with the file it was sold under, as its decisions are made
        context = await self._parts.decisions.context_for(stored.lead, now)
        return _Asked(found, stored.lead, context, call.language(stored.lead.language))

    def _name(self, call: AnyCall) -> str:
        """The call's name, so that a call made twice is one event."""
        return call.key or self._parts.new_id()


def _said(body: acting.Acting) -> dict[str, str]:
    """What the request says, as the words of its event; `by` is the person."""
    given: dict[str, Any] = body.model_dump(mode="json", exclude_none=True)
    return {name: str(value) for name, value in given.items() if name not in _OF_ITS_OWN} | {"person": body.person}


def _overriding(call: AnyCall, body: models.AnotherTime | models.WishedChange) -> Words:
    """The same with what does not count, in the role that may say so; RequestRefused where nothing is overridden."""
    said = _said(body)
    if body.override is None:
        return said
    # a person acts in whichever role of theirs may, a machine in the one it names
    by = able(call.who, Act.OVERRIDE) if call.who.is_person else Requester(body.person, body.role.value)
    if role_for((Role(by.role),), Act.OVERRIDE) is None:
        raise RequestRefused(may_not(Act.OVERRIDE))
    if _NAMES_A_TIME.isdisjoint(said):
        raise RequestRefused(problem(422, "no-time", "override is of a time: slot_id names it."))
    return {**said, "role": by.role, OVERRIDE: body.override.reason}


def _refused(answer: ChangeAnswer | Done, here: _Asked) -> Response:
    """Why nothing was changed: by the quote's own reason, by the rules, or since another quote holds now."""
    if isinstance(answer, ChangeOutdated):
        body = models.QuoteOutdated(
            type="urn:janji:problem:quote-outdated",
            title="Conflict",
            status=409,
            detail=say("change.outdated", here.language),
            quote=_quote(answer.quote, answer.change, answer.kind, here),
        )
        return Response(body.model_dump_json(exclude_none=True), 409, content_type="application/problem+json")
    why = answer.why if isinstance(answer, ChangeRefused) else NoChange.CLOSED
    if why is None and isinstance(answer, ChangeRefused):
        words = reason_words.in_words(answer.reasons, here.language)
        return problem(409, "step-blocked", "; ".join(reason.fact for reason in words), words)
    assert why is not None
    facts = booking_words.facts(here.lead, here.found.booking, here.context)
    said = say(f"change.denied.{why.value}", here.language, **facts)
    kind = "change-open" if why is NoChange.ANOTHER_OPEN else "change-denied"
    return problem(_STATUS.get(why, 409), kind, said, [Reason(why.value, said, "", _STAFF)])


def _change(answer: ChangeDone, here: _Asked) -> models.ChangeShown:
    return models.ChangeShown(
        id=answer.change,
        booking=str(here.found.booking.reference),
        state=answer.stands,
        quote=None if answer.quote is None else _quote(answer.quote, answer.change, answer.kind, here),
    )


def _quote(given: ChangeQuote, change: str | None, kind: str, here: _Asked) -> models.QuoteShown:
    """The quote on the wire; the policy in the reader's words."""
    reader = here.lead.conversing(language=here.language)
    return models.QuoteShown(
        id=change,
        number=given.number,
        kind=ChangeKind(kind),
        price_before=_amount(given.price_before),
        price_after=_amount(given.price_after),
        fee=_amount(given.fee),
        keep=_amount(given.keep),
        to_pay=_amount(given.to_pay),
        to_refund=_amount(given.to_refund),
        to_credit=_amount(given.to_credit or zero(given.to_refund.currency)),
        by_way=given.by_way,
        borne_by=given.borne_by,
        policy=change_words.policy_sentence(reader, given.policy, here.context),
        policy_clause=given.policy.clause,
        valid_until=views.local(given.valid_until, here.context.business),
        apology=given.apology,
    )


def _action(action: Action, here: _Asked) -> models.ActionShown:
    zone = here.context.business.zone
    facts = {} if action.amount is None else {"amount": times.money(action.amount, here.language)}
    facts |= {} if action.until is None else {"until": times.short_moment(action.until, zone, here.language)}
    # a quote of its own is that of a cancellation; that of an open change is of its kind
    open_change = here.found.booking.change
    kind = ChangeKind.CANCEL if open_change is None or action.change is None else open_change.kind
    return models.ActionShown(
        type=action.type,
        label=say(action.label, here.language),
        description=say(action.description, here.language, **facts),
        urgent=action.urgent,
        needs_yes=action.needs_yes,
        amount=None if action.amount is None else _amount(action.amount),
        until=views.moment(action.until, here.context.business),
        change=action.change,
        quote=None if action.quote is None else _quote(action.quote, action.change, kind.value, here),
    )


def _amount(money: Money) -> AmountShown:
    return AmountShown(amount=money.amount, currency=money.currency)
