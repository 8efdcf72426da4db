"""`/api/v1/leads/{id}/insight` and `/api/v1/lifecycle`: the inside of one customer, for who asks what happened.

Read from the lead itself, its claims, its audit and its money; nothing here changes anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from quart import Blueprint, Response, request

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue import denials
from bot.domain import window
from bot.domain.booking import Booking
from bot.domain.commands import ChatCommand
from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import QueuedEffect, StoredLead
from bot.domain.states import CLOSED, State
from bot.engine import staff_actions
from bot.engine.parts import Parts
from bot.engine.takeover import NoSuchLead
from bot.lifecycle import apply
from bot.lifecycle.tables import LIFECYCLE
from bot.lifecycle.verdicts import Verdict
from bot.replies import reasons as reason_words
from bot.replies.plain_text import as_text
from bot.store.audit import AuditEntry
from bot.store.bookings import Recorded
from bot.store.claims import Holding
from intents.understanding import Language
from webhooks.api.bookings import views
from webhooks.api.bookings.door import MoneyOf
from webhooks.api.guard import ApiGuard
from webhooks.edge.problems import answer

Json = dict[str, Any]

MOST_HISTORY: Final = 100
MOST_BOOKINGS: Final = 10


@dataclass(frozen=True, slots=True)
class Inside:
    """All that is read of one lead, as of one moment."""

    now: datetime
    business: Business
    stored: StoredLead
    holdings: Sequence[Holding]
    entries: Sequence[AuditEntry]
    recorded: Sequence[Recorded]

    @property
    def lead(self) -> Lead:
        """The lead itself."""
        return self.stored.lead

    def at(self, moment: datetime | None) -> str | None:
        """A time with the offset of the business."""
        return views.moment(moment, self.business)


class InsightApi:
    """What an operator, a developer or a curious viewer may see of the machinery."""

    def __init__(self, parts: Parts, guard: ApiGuard, money: MoneyOf | None = None) -> None:
        self._parts = parts
        self._guard = guard
        self._money = money

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("insight", __name__, url_prefix="/api/v1")
        routes.add_url_rule("/lifecycle", view_func=self.get_lifecycle)
        routes.add_url_rule("/leads/<lead_id>/insight", view_func=self.get_insight)
        return routes

    async def get_lifecycle(self) -> Response:
        """The table of states and edges: every state, where it may go, whether nobody owes a next step there."""
        self._guard.require(request)
        return answer({"states": [_state(state) for state in State]})

    async def get_insight(self, lead_id: str) -> Response:
        """Where the lead stands, what waits, what is held, what money did, and why something was refused."""
        self._guard.require(request)
        inside = await self._inside(LeadId(lead_id))
        return answer(_told(inside) | {"money": await self._monies(inside)})

    async def _inside(self, lead_id: LeadId) -> Inside:
        stored = await staff_actions.lead_of(self._parts, lead_id)
        if stored is None:
            raise NoSuchLead(lead_id)
        lead, now = stored.lead.id, await self._parts.clock.business_now()
        page = await self._parts.bookings.page(lead, None, MOST_BOOKINGS, None)
        return Inside(
            now=now,
            business=self._parts.context(now).business,
            stored=stored,
            holdings=await self._parts.claims.of_lead(lead, now=now),
            entries=await self._parts.audit.of(lead),
            recorded=page.bookings,
        )

    async def _monies(self, inside: Inside) -> list[Json]:
        """Money by party, one entry a booking that was ever to be paid, the last changed first."""
        if self._money is None:
            return []
        priced = [(one.booking, one.booking.due) for one in inside.recorded]
        return [
            {"booking": booking.reference, "account": booking.account}
            | await self._money(booking.account, due.currency)
            for booking, due in priced
            if due is not None
        ]


def _state(state: State) -> Json:
    ways = [target.value for target in State if target in LIFECYCLE[state]]
    return {"name": state.value, "next": ways, "is_closed": state in CLOSED}


def _told(inside: Inside) -> Json:
    lead, talk = inside.lead, inside.lead.conversation
    return {
        "id": lead.id,
        "version": inside.stored.version,
        "now": inside.at(inside.now),
        "timezone": inside.business.timezone,
        "mode": talk.mode.value,
        "epoch": talk.epoch,
        "expecting": talk.expecting.value,
        "window_expires_at": inside.at(window.expires_at(lead)),
        "next_start": inside.at(_next_start(inside)),
        "bookings": [_booking(one, inside) for one in _shown(inside)],
        "timers": [{"name": name, "due_at": inside.at(due)} for name, due in _by_time(lead)],
        "holds": [_hold(one, inside) for one in inside.holdings],
        "outbox": [_waiting(one, inside) for one in inside.stored.outbox],
        "refusals": [_refusal(one, inside) for one in reversed(inside.entries) if one.what == denials.DENIED],
        "history": [_entry(one, inside) for one in inside.entries[-MOST_HISTORY:]],
    }


def _by_time(lead: Lead) -> list[tuple[str, datetime]]:
    return sorted(lead.timers.items(), key=lambda timer: timer[1])


def _shown(inside: Inside) -> list[Booking]:
    """The one the conversation is about first, then the other open ones; without any the one that was closed last."""
    first = inside.lead.open_booking
    alive = [one for one in reversed(inside.lead.bookings) if one.state not in CLOSED and one is not first]
    shown = [first, *alive] if first is not None else alive
    return shown or [one.booking for one in inside.recorded[:1]]


def _next_start(inside: Inside) -> datetime | None:
    """When the next appointment of theirs begins, of those that are booked."""
    booked = (
        one.chosen.start for one in inside.lead.bookings if one.chosen is not None and one.booked_hold is not None
    )
    return min((start for start in booked if start > inside.now), default=None)


def _booking(one: Booking, inside: Inside) -> Json:
    """Where it stands, and the verdict on every way on from there."""
    context = Context(inside.now, inside.business)
    ways = [target for target in State if target in LIFECYCLE[one.state]]
    verdicts = [apply.judged(inside.lead, one, target, staff_actions.ACTOR, context) for target in ways]
    return {
        "reference": one.reference,
        "state": one.state.value,
        "previous_state": None if one.previous_state is None else one.previous_state.value,
        "payment_status": one.payment_status.value,
        "service": one.service,
        "start": None if one.chosen is None else inside.at(one.chosen.start),
        "pay_by": inside.at(one.pay_by),
        "pay_url": one.pay_url,
        "been": _been(one, inside),
        "ways_on": [views.verdict(_in_words(verdict)) for verdict in verdicts],
    }


def _in_words(verdict: Verdict) -> Verdict:
    return replace(verdict, reasons=reason_words.in_words(verdict.reasons, _language()))


def _been(one: Booking, inside: Inside) -> list[str]:
    """The states it went through, oldest first."""
    moves = [dict(entry.facts) for entry in inside.entries if entry.what == "booking_moved"]
    return [facts["to"] for facts in moves if facts.get("booking") == one.reference and facts.get("to")]


def _hold(one: Holding, inside: Inside) -> Json:
    offers = [offer for booking in inside.lead.bookings for offer in (*booking.offered, booking.chosen) if offer]
    offer = next((offer for offer in offers if offer.hold_id == one.hold), None)
    return {
        "id": one.hold,
        "booking": one.booking,
        "state": "booked" if one.is_booked else "held",
        "expires_at": inside.at(one.expires_at),
        "claims": one.claims,
        "start": None if offer is None else inside.at(offer.start),
        "provider": None if offer is None else offer.provider,
        "place": None if offer is None else offer.place,
    }


def _waiting(one: QueuedEffect, inside: Inside) -> Json:
    order = one.effect.command
    return {
        "id": one.effect.id,
        "lane": one.effect.lane.value,
        "kind": order.kind,
        "status": one.status.value,
        "attempts": one.attempts,
        "author": one.effect.author.value,
        "text": as_text(order) if isinstance(order, ChatCommand) else None,
        "look_at": one.look_at.isoformat(),
        "not_after": inside.at(one.effect.not_after),
    }


def _refusal(entry: AuditEntry, inside: Inside) -> Json:
    facts = dict(entry.facts)
    (reason,) = reason_words.in_words((denials.reason_in(facts),), _language())
    return {
        "at": inside.at(entry.at),
        "by": entry.by,
        "booking": facts.get("booking"),
        "from": facts.get("state"),
        "target": facts.get("target"),
        "reason": views.reason(reason),
    }


def _entry(entry: AuditEntry, inside: Inside) -> Json:
    return {"at": inside.at(entry.at), "what": entry.what, "by": entry.by, "facts": dict(entry.facts)}


def _language() -> Language:
    found = request.accept_languages.best_match([one.value for one in Language])
    return Language(found) if found else Language.EN
