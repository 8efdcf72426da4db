"""The inside of one customer as the API shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue import denials
from bot.domain import window
from bot.domain.booking import Booking
from bot.domain.commands import ChatCommand
from bot.domain.lead import Lead
from bot.domain.outbox import QueuedEffect, StoredLead
from bot.domain.states import CLOSED, State
from bot.engine import staff_actions
from bot.lifecycle import apply
from bot.lifecycle.tables import LIFECYCLE
from bot.replies import reasons as reason_words
from bot.replies.plain_text import as_text
from bot.store.audit import AuditEntry
from bot.store.bookings import Recorded
from bot.store.claims import HeldClaim
from webhooks.api.bookings import verdicts, views
from webhooks.api.insight import models
from webhooks.edge.problems import reason_shown

MAX_HISTORY: Final = 100


@dataclass(frozen=True, slots=True)
class Inside:
    """All that is read of one lead, as of one moment, for a reader of that language."""

    now: datetime
    business: Business
    stored: StoredLead
    holdings: Sequence[HeldClaim]
    entries: Sequence[AuditEntry]
    recorded: Sequence[Recorded]
    language: str

    @property
    def lead(self) -> Lead:
        """The lead itself."""
        return self.stored.lead

    def at(self, moment: datetime) -> str:
        """A time with the offset of the business."""
        return views.local(moment, self.business)

    def perhaps(self, moment: datetime | None) -> str | None:
        """The same, where there may be none."""
        return views.moment(moment, self.business)


def state(known: State) -> models.StateOfLifecycle:
    """A state and where it leads."""
    ways = [target for target in State if target in LIFECYCLE[known]]
    return models.StateOfLifecycle(name=known, next=ways, is_closed=known in CLOSED)


def insight(inside: Inside, money: Sequence[models.MoneyOfBooking]) -> models.Insight:
    """All of it."""
    lead, talk = inside.lead, inside.lead.conversation
    refused = [entry for entry in reversed(inside.entries) if entry.what == denials.DENIED]
    return models.Insight(
        id=lead.id,
        version=inside.stored.version,
        now=inside.at(inside.now),
        timezone=inside.business.timezone,
        mode=talk.mode.value,
        epoch=talk.epoch,
        expecting=talk.expecting.value,
        window_expires_at=inside.perhaps(window.expires_at(lead)),
        next_start=inside.perhaps(_next_start(inside)),
        bookings=[_booking(booking, inside) for booking in _shown(inside)],
        timers=[models.Timer(name=name, due_at=inside.at(due)) for name, due in _by_time(lead)],
        holds=[_hold(holding, inside) for holding in inside.holdings],
        outbox=[_waiting(queued, inside) for queued in inside.stored.outbox],
        money=list(money),
        refusals=[_refusal(entry, inside) for entry in refused],
        history=[
            models.Entry(at=inside.at(entry.at), what=entry.what, by=entry.by, facts=dict(entry.facts))
            for entry in inside.entries[-MAX_HISTORY:]
        ],
    )


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


def _booking(known: Booking, inside: Inside) -> models.BookingInside:
    """Where it stands, and the verdict on every way on from there."""
    context = Context(inside.now, inside.business)
    ways = [target for target in State if target in LIFECYCLE[known.state]]
    judged = [apply.judged(inside.lead, known, target, staff_actions.ACTOR, context) for target in ways]
    moves = [dict(entry.facts) for entry in inside.entries if entry.what == views.MOVED]
    return models.BookingInside(
        reference=known.reference,
        state=known.state,
        previous_state=known.previous_state,
        payment_status=known.payment_status,
        service=known.service,
        start=None if known.chosen is None else inside.at(known.chosen.start),
        pay_by=inside.perhaps(known.pay_by),
        pay_url=known.pay_url,
        been=[facts["to"] for facts in moves if facts.get("booking") == known.reference and facts.get("to")],
        ways_on=[verdicts.verdict(verdict, inside.language) for verdict in judged],
    )


def _hold(holding: HeldClaim, inside: Inside) -> models.Hold:
    offers = [offer for booking in inside.lead.bookings for offer in (*booking.offered, booking.chosen) if offer]
    offer = next((offer for offer in offers if offer.hold_id == holding.hold), None)
    return models.Hold(
        id=holding.hold,
        booking=holding.booking,
        state="booked" if holding.is_booked else "held",
        expires_at=inside.perhaps(holding.expires_at),
        claims=holding.claims,
        start=None if offer is None else inside.at(offer.start),
        provider=None if offer is None else offer.provider,
        place=None if offer is None else offer.place,
    )


def _waiting(queued: QueuedEffect, inside: Inside) -> models.Waiting:
    command = queued.effect.command
    return models.Waiting(
        id=queued.effect.id,
        lane=queued.effect.lane.value,
        kind=command.kind,
        status=queued.status.value,
        attempts=queued.attempts,
        author=queued.effect.author.value,
        text=as_text(command) if isinstance(command, ChatCommand) else None,
        look_at=queued.look_at.isoformat(),
        not_after=inside.perhaps(queued.effect.not_after),
    )


def _refusal(entry: AuditEntry, inside: Inside) -> models.Refusal:
    facts = dict(entry.facts)
    (reason,) = reason_words.in_words((denials.reason_in(facts),), inside.language)
    return models.Refusal(
        at=inside.at(entry.at),
        by=entry.by,
        booking=facts.get("booking"),
        from_=facts.get("state"),
        target=facts.get("target"),
        reason=reason_shown(reason),
    )
