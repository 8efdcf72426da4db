"""Every built-in rule, with the states it guards."""

from bot.rules import built_in
from bot.rules.rule import Question, Rule
from bot.transitions import RESCHEDULABLE, State

__all__ = ["RULES", "Question"]

_S = State
_FIELD, _FACT = Question.FIELD, Question.FACT
_BACK = frozenset({State.RESCHEDULED, State.ERROR})
"""Going back to where it was asks nothing again, but whether the old time can still be had (T24)."""
_ALL_BUT_RESCHEDULED = frozenset(State) - {State.RESCHEDULED}


def _rule(name: str, question: Question, *targets: State, not_from: frozenset[State] = _BACK) -> Rule:
    return Rule(name, question, frozenset(targets), getattr(built_in, name), not_from)


RULES: tuple[Rule, ...] = (
    _rule("service_is_chosen", _FIELD, _S.SERVICE_SELECTED, _S.SLOT_PROPOSED, not_from=frozenset()),
    _rule("contact_is_known", _FIELD, _S.SERVICE_SELECTED, _S.SLOT_PROPOSED, not_from=frozenset()),
    _rule("slot_is_chosen", _FIELD, _S.SLOT_CONFIRMED, _S.REMINDER_SENT),
    _rule("confirmation_is_explicit", _FIELD, _S.SLOT_CONFIRMED, not_from=_BACK | {_S.CONFIRMED}),
    _rule("payment_is_needed", _FIELD, _S.PAYMENT_PENDING),
    _rule("payment_method_is_known", _FIELD, _S.PAYMENT_PENDING),
    _rule("reschedule_has_reason", _FIELD, _S.RESCHEDULED),
    _rule("cancellation_has_reason", _FIELD, _S.CANCELLED, not_from=frozenset()),
    _rule("enough_slots", _FACT, _S.SLOT_PROPOSED, not_from=frozenset()),
    _rule("slot_is_free", _FACT, _S.SLOT_CONFIRMED),
    _rule("slot_is_ahead", _FACT, _S.SLOT_CONFIRMED, _S.RESCHEDULED, _S.REMINDER_SENT),
    _rule("slot_is_free", _FACT, *RESCHEDULABLE, not_from=_ALL_BUT_RESCHEDULED),
    _rule("slot_is_ahead", _FACT, *RESCHEDULABLE, not_from=_ALL_BUT_RESCHEDULED),
    _rule("money_has_come", _FACT, _S.PAID, not_from=_BACK | {_S.CONFIRMED}),
    _rule("nothing_is_due", _FACT, _S.PENDING_CONFIRMATION, _S.CONFIRMED, _S.REMINDER_SENT),
    _rule("reminder_is_due", _FACT, _S.REMINDER_SENT),
    _rule("time_has_passed", _FACT, _S.COMPLETED, _S.NO_SHOW, not_from=frozenset({_S.CHECKED_OUT})),
    _rule("customer_came", _FACT, _S.COMPLETED, not_from=frozenset({_S.CHECKED_OUT})),
    _rule("customer_did_not_come", _FACT, _S.NO_SHOW),
    _rule("customer_is_silent", _FACT, _S.ABANDONED),
)
