"""The one way a booking moves: judged, then moved with its verdict on it, or denied with the reasons.

The customer's words, staff's clicks, payments and timers all come through here, so that no booking is anywhere its
rules did not let it go, and its history says which rules were asked. `bot.lifecycle.tables` has the tables,
`bot.lifecycle.verdicts.evaluate` the five questions.

What has already happened cannot be denied: money that came in is in, whatever a rule would have said. Such a move is
made by `happened` and says which rules it overrode; the table binds it all the same.

Facets and the conversation's mode move by their tables too: `set_facet`, `set_item`, `set_mode`. Saying again what a
facet says already changes nothing, because news is told until every crash is outlived.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.business.context import Context
from bot.domain.booking import Booking, Move
from bot.domain.change import Change
from bot.domain.ids import AgentId
from bot.domain.lead import Lead
from bot.domain.states import (
    Dispute,
    Documents,
    FollowUp,
    ItemStatus,
    LatePayment,
    Mode,
    Modification,
    PaymentStatus,
    ShowUp,
    State,
)
from bot.lifecycle import tables
from bot.lifecycle.rules import house
from bot.lifecycle.rules.rule import Facts
from bot.lifecycle.tables import Facet, not_built
from bot.lifecycle.verdicts import PERMISSION, TRANSITION, Actor, Verdict, evaluate, no_way
from payments.domain.money import Money

_V = TypeVar("_V", bound=StrEnum)

_DETOURS = frozenset({State.RESCHEDULED, State.ERROR})
"""From where a booking may go back to where it was."""
_LIVED_IN = frozenset({State.CHECKED_IN, State.CHECKED_OUT})
"""Where a stay is that somebody has moved in to."""


class TransitionDenied(Exception):
    """The rules do not let that booking, or one of its facets, go there."""

    def __init__(self, booking: Booking, verdict: Verdict, by: Actor) -> None:
        super().__init__(f"{booking.state} -> {verdict.target}: {', '.join(why.rule for why in verdict.reasons)}")
        self.booking = booking
        self.verdict = verdict
        self.by = by


def begun(booking: Booking, by: Actor) -> Booking:
    """A new booking, with its beginning in its history (T01)."""
    return replace(booking, moves=(Move(None, booking.state, by.value, (PERMISSION,)),))


def judged(
    lead: Lead,
    booking: Booking,
    target: State,
    by: Actor,
    context: Context,
    *,
    free_slots: int | None = None,
    slot_is_free: bool | None = None,
) -> Verdict:
    """What the rules say to that move, by all that is known of lead and business; what is free only the shell knows."""
    return evaluate(booking, target, by, known(lead, booking, context, free_slots, slot_is_free))


def known(
    lead: Lead, booking: Booking, context: Context, free_slots: int | None = None, slot_is_free: bool | None = None
) -> Facts:
    """What the rules may know of that booking besides itself."""
    service = context.business.service(booking.service or "")
    reachable = bool(lead.address.wa_id or lead.address.user_id)
    return Facts(
        context.now,
        reachable,
        free_slots,
        slot_is_free,
        in_catalogue=service is not None,
        is_stay=None if service is None else service.is_stay,
        abandon_after=timedelta(days=context.business.sop.abandon_days),
        correct_within=timedelta(hours=context.business.sop.no_show.correction_hours),
        house=house.rules_for(lead, booking, context),
    )


def may_be_corrected(booking: Booking, by: Actor, context: Context) -> bool:
    """Whether they may say now of a no-show that its customer came after all."""
    within = timedelta(hours=context.business.sop.no_show.correction_hours)
    facts = Facts(context.now, contact_known=True, correct_within=within)
    return evaluate(replace(booking, show_up=ShowUp.CAME), State.COMPLETED, by, facts).allowed


def move(lead: Lead, booking: Booking, target: State, by: Actor, context: Context) -> Booking:
    """The booking in that state, if every rule says yes; TransitionDenied."""
    verdict = judged(lead, booking, target, by, context)
    if not verdict.allowed:
        raise TransitionDenied(booking, verdict, by)
    return _moved(booking, _made(booking, target, by, verdict), context.now)


def happened(
    lead: Lead, booking: Booking, target: State, by: Actor, context: Context, change: Change | None = None
) -> Booking:
    """The booking where a fact has brought it, whatever the rules say; TransitionDenied where the table has no such
    move. `change` is what gave it another time, where that is the fact."""
    verdict = judged(lead, booking, target, by, context)
    overridden = tuple(reason.rule for reason in verdict.reasons)
    if TRANSITION in overridden:
        raise TransitionDenied(booking, verdict, by)
    made = _made(booking, target, by, verdict, overridden, change)
    if change is not None and not change.by.is_customer:
        # the event that tells of it is the shell's: whose doing it was stands in the change
        made = replace(made, person=change.by.person)
    return _moved(booking, made, context.now)


def _made(
    booking: Booking,
    target: State,
    by: Actor,
    verdict: Verdict,
    against: tuple[str, ...] = (),
    change: Change | None = None,
) -> Move:
    """The move with its verdict; where its time came in, with what somebody of the house overrode for that."""
    theirs = booking.override_of_time if change is None else change.override
    brings_time = target is State.SLOT_PROPOSED or change is not None
    of_time = theirs.of_time if theirs is not None and brings_time else ()
    overridden = (*of_time, *verdict.overridden, *against)
    reason = theirs.reason if theirs is not None and len(overridden) > len(against) else ""
    return Move(booking.state, target, by.value, (*verdict.rules, *of_time), overridden, reason)


def _moved(booking: Booking, made: Move, now: datetime) -> Booking:
    previous = made.origin if made.target in _DETOURS else None
    # also where it was checked in before that was kept
    has_begun = booking.has_begun or not _LIVED_IN.isdisjoint({made.origin, made.target})
    moves = (*booking.moves, made)
    if made.target is State.NO_SHOW:
        booking = replace(booking, no_show_at=now)
    return replace(booking, state=made.target, previous_state=previous, has_begun=has_begun, moves=moves)


# Facets -------------------------------------------------------------------------------------------------------------


def set_facet(booking: Booking, value: Facet, by: Actor = Actor.SYSTEM) -> Booking:
    """The booking with that value in the facet it belongs to; TransitionDenied where its table has no such move."""
    match value:
        case PaymentStatus():
            return replace(booking, payment_status=_next(tables.PAYMENT, booking, booking.payment_status, value, by))
        case LatePayment():
            return replace(booking, late_payment=_next(tables.LATE_PAYMENT, booking, booking.late_payment, value, by))
        case Modification():
            return replace(booking, modification=_next(tables.MODIFICATION, booking, booking.modification, value, by))
        case Dispute():
            return replace(booking, dispute=_next(tables.DISPUTE, booking, booking.dispute, value, by))
        case FollowUp():
            return replace(booking, follow_up=_next(tables.FOLLOW_UP, booking, booking.follow_up, value, by))
        case ShowUp():
            return replace(booking, show_up=_next(tables.SHOW_UP, booking, booking.show_up, value, by))
        case Documents():
            return replace(booking, documents=_next(tables.DOCUMENTS, booking, booking.documents, value, by))


def set_item(booking: Booking, item: str, value: ItemStatus, by: Actor = Actor.SYSTEM) -> Booking:
    """The booking with one of its parts moved; TransitionDenied."""
    now = booking.items.get(item, ItemStatus.PENDING)
    return replace(booking, items={**booking.items, item: _next(tables.ITEM, booking, now, value, by)})


def _next(table: Mapping[_V, frozenset[_V]], booking: Booking, now: _V, value: _V, by: Actor) -> _V:
    if value is now:
        return now
    assert isinstance(value, Facet | ItemStatus)
    why = not_built(value)
    if value not in table[now] or why is not None:
        raise TransitionDenied(booking, Verdict(False, value, (no_way(now, value, why),), (TRANSITION,)), by)
    return value


def begin_account(booking: Booking, account: str) -> Booking:
    """The booking with a money account of its own that nothing has come in for: what the former one took in, its
    link and its deadline stay with the former one."""
    return replace(
        booking,
        money_account=account,
        payment_status=PaymentStatus.NONE,
        paid=None,
        pay_by=None,
        pay_url=None,
        link_count=0,
        dead_links=(),
        recovery_steps=0,
        link_failed=False,
    )


def refunded(booking: Booking, amount: Money) -> Booking:
    """The booking after so much went back, where it has ended; what came in for it decides whether that is all."""
    if booking.state is not State.CANCELLED or booking.payment_status is PaymentStatus.REFUNDED:
        return booking
    whole = booking.paid or booking.due
    rest = whole is not None and (whole.currency != amount.currency or amount.amount < whole.amount)
    return set_facet(booking, PaymentStatus.PARTIALLY_REFUNDED if rest else PaymentStatus.REFUNDED)


# The conversation ---------------------------------------------------------------------------------------------------


def set_mode(lead: Lead, mode: Mode, agent: AgentId | None = None, *, after_epoch: int = 0) -> Lead:
    """The lead with that mode, in a new epoch: no chat effect of the older one is sent any more."""
    talk = lead.conversation
    # a merge of two leads in mode bot changes the epoch alone; every other move stands in the table
    assert mode is talk.mode or mode in tables.MODE[talk.mode]
    return replace(lead, conversation=replace(talk, mode=mode, epoch=max(talk.epoch, after_epoch) + 1, agent=agent))
