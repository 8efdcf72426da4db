"""Evaluated, not tried: may this booking go there, why not, how to fix it, and who can.

`evaluate` asks five questions in a fixed order: does the table have the move (prerequisites), are the needed
fields there (blocking rules), do the facts allow it (conditions), may this actor do it (permissions), and so what
(outcome). The same verdict feeds the customer's message, the agent's checklist, the API's problem and the audit.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.booking import Booking
from bot.domain.states import ItemStatus, State
from bot.lifecycle.rules.registry import RULES, RuleStep
from bot.lifecycle.rules.rule import Facts, Reason, Rule
from bot.lifecycle.tables import Facet, is_legal, not_built

TRANSITION: Final = "transition"
"""The rule that the table has the move."""
PERMISSION: Final = "permission"
"""The rule that this actor may make it."""


class Actor(StrEnum):
    """Who wants the move."""

    CUSTOMER = "customer"
    SALES = "sales"
    OPERATIONS = "operations"
    PROVIDER = "provider"
    FINANCE = "finance"
    SUPPORT = "support"
    ADMIN = "admin"
    SYSTEM = "system"
    WEBHOOK = "webhook"


def actor_named(name: str) -> Actor:
    """Whose permissions that name has: whoever has no role of the tables works in operations."""
    return Actor(name) if name in set(Actor) else Actor.OPERATIONS


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a move is allowed, every reason why not, and every rule that was asked."""

    allowed: bool
    target: State | Facet | ItemStatus
    reasons: tuple[Reason, ...] = ()
    rules: tuple[str, ...] = ()
    warnings: tuple[Reason, ...] = ()
    """What the rules that hold nothing back say, for staff."""
    overridden: tuple[str, ...] = ()
    """Rules that say no, and that somebody of the house has overridden."""


_STAFF = frozenset({Actor.SALES, Actor.OPERATIONS, Actor.SUPPORT, Actor.ADMIN})

MAY: dict[State, frozenset[Actor]] = {
    State.INQUIRY: _STAFF | {Actor.CUSTOMER, Actor.SYSTEM},
    State.SERVICE_SELECTED: _STAFF | {Actor.CUSTOMER, Actor.SYSTEM},
    State.SLOT_PROPOSED: _STAFF | {Actor.CUSTOMER, Actor.SYSTEM},
    State.SLOT_CONFIRMED: frozenset({Actor.CUSTOMER, Actor.SALES, Actor.OPERATIONS, Actor.SYSTEM}),
    State.PAYMENT_PENDING: frozenset({Actor.SYSTEM, Actor.SALES, Actor.WEBHOOK}),
    State.PAID: frozenset({Actor.WEBHOOK, Actor.FINANCE, Actor.ADMIN}),
    State.PENDING_CONFIRMATION: frozenset({Actor.SYSTEM}),
    State.CONFIRMED: frozenset(
        {Actor.SYSTEM, Actor.SALES, Actor.OPERATIONS, Actor.PROVIDER, Actor.WEBHOOK, Actor.ADMIN}
    ),
    State.REMINDER_SENT: frozenset({Actor.SYSTEM}),
    State.CHECKED_IN: frozenset({Actor.CUSTOMER, Actor.OPERATIONS, Actor.ADMIN, Actor.SYSTEM}),
    State.CHECKED_OUT: frozenset({Actor.CUSTOMER, Actor.OPERATIONS, Actor.ADMIN, Actor.SYSTEM}),
    State.COMPLETED: frozenset({Actor.OPERATIONS, Actor.PROVIDER, Actor.ADMIN, Actor.SYSTEM}),
    State.NO_SHOW: frozenset({Actor.OPERATIONS, Actor.PROVIDER, Actor.ADMIN, Actor.SUPPORT, Actor.SYSTEM}),
    State.RESCHEDULED: _STAFF | {Actor.CUSTOMER, Actor.SYSTEM},
    State.CANCELLED: _STAFF | {Actor.CUSTOMER, Actor.PROVIDER, Actor.SYSTEM, Actor.WEBHOOK},
    State.ABANDONED: frozenset({Actor.SYSTEM}),
    State.ERROR: frozenset({Actor.SYSTEM, Actor.WEBHOOK}),
}
"""Who may bring a booking into a state."""


_WAYS_ON: dict[State, frozenset[State]] = {
    # a move passes through here to its new time: confirmed, or with money or an acceptance still owed
    State.RESCHEDULED: frozenset(
        {
            State.SLOT_PROPOSED,
            State.SLOT_CONFIRMED,
            State.CONFIRMED,
            State.CANCELLED,
            State.ABANDONED,
            State.ERROR,
        }
    ),
    State.ERROR: frozenset({State.CANCELLED}),
}
"""Where these two lead, other than back to where the booking was (T23, T24, T33)."""

_MAY_BRING_BACK: dict[State, frozenset[Actor]] = {
    State.RESCHEDULED: _STAFF | {Actor.CUSTOMER, Actor.SYSTEM},
    State.ERROR: frozenset({Actor.OPERATIONS, Actor.SUPPORT, Actor.ADMIN}),
}


def evaluate(booking: Booking, target: State, actor: Actor, facts: Facts) -> Verdict:
    """The verdict on one move; later questions are asked only when the earlier ones are answered with yes."""
    ways_on = _WAYS_ON.get(booking.state)
    is_open = ways_on is None or target in ways_on or target is booking.previous_state
    why = not_built(target, booking.state)
    asked: tuple[str, ...] = (TRANSITION,)
    if not (is_legal(booking.state, target) and is_open):
        return Verdict(False, target, (no_way(booking.state, target),), asked)
    if why is not None:
        return Verdict(False, target, (no_way(booking.state, target, why),), asked)
    warnings: tuple[Reason, ...] = ()
    overridden: tuple[str, ...] = ()
    for step in (RuleStep.FIELD, RuleStep.FACT):
        rules = [rule for rule in guards(booking, target, facts) if rule.step is step]
        asked += tuple(rule.name for rule in rules)
        answers = [(rule, reason) for rule in rules if (reason := rule.check(booking, facts)) is not None]
        warnings += tuple(reason for rule, reason in answers if rule.is_advice)
        overridden += tuple(rule.name for rule, _ in answers if rule.is_overridden)
        reasons = tuple(reason for rule, reason in answers if not (rule.is_advice or rule.is_overridden))
        if reasons:
            return Verdict(False, target, reasons, asked, warnings)
    asked += (PERMISSION,)
    if booking.state in _MAY_BRING_BACK and target not in _WAYS_ON[booking.state]:
        may = _MAY_BRING_BACK[booking.state]
    elif booking.state is State.NO_SHOW:
        may = frozenset({Actor.OPERATIONS, Actor.ADMIN})
    else:
        may = MAY[target]
    if actor in may:
        return Verdict(True, target, (), asked, warnings, overridden)
    who = tuple(sorted(each.value for each in may))
    named = (("actor", actor.value), ("target", target.value))
    denied = Reason(rule=PERMISSION, fact="may_not", fix="ask_who_can", who_can=who, values=named)
    return Verdict(False, target, (denied,), asked, warnings)


def guards(booking: Booking, target: State, facts: Facts) -> tuple[Rule, ...]:
    """The rules in front of that move: our own, then the house's."""
    every = (*RULES, *facts.house)
    return tuple(rule for rule in every if target in rule.targets and booking.state not in rule.not_from)


def no_way(now: StrEnum, target: StrEnum, not_built: str | None = None) -> Reason:
    """That the table has no such move, or that it has no code yet and why."""
    values = (("state", now.value), ("target", target.value))
    if not_built is None:
        return Reason(rule=TRANSITION, fact="no_way", fix="choose_a_legal_step", values=values)
    return Reason(rule=TRANSITION, fact="not_built", fix="choose_a_legal_step", values=(*values, ("why", not_built)))
