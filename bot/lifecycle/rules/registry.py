"""Every built-in rule, with the states it guards."""

from bot.domain.states import State
from bot.lifecycle.rules import built_in
from bot.lifecycle.rules.rule import Check, Rule, RuleStep

__all__ = ["RULES", "RuleStep"]

_S = State
_FIELD, _FACT = RuleStep.FIELD, RuleStep.FACT
_BACK = frozenset({State.RESCHEDULED, State.ERROR})
"""Going back to where it was asks nothing again."""


def _rule(name: str, check: Check, step: RuleStep, *targets: State, not_from: frozenset[State] = _BACK) -> Rule:
    return Rule(name, step, frozenset(targets), check, not_from)


RULES: tuple[Rule, ...] = (
    _rule(
        "service_type", built_in.service_is_chosen, _FIELD, _S.SERVICE_SELECTED, _S.SLOT_PROPOSED, not_from=frozenset()
    ),
    _rule(
        "customer_contact",
        built_in.contact_is_known,
        _FIELD,
        _S.SERVICE_SELECTED,
        _S.SLOT_PROPOSED,
        not_from=frozenset(),
    ),
    _rule("appointment_slot", built_in.slot_is_chosen, _FIELD, _S.SLOT_CONFIRMED, _S.REMINDER_SENT),
    _rule(
        "explicit_confirmation",
        built_in.confirmation_is_explicit,
        _FIELD,
        _S.SLOT_CONFIRMED,
        not_from=_BACK | {_S.CONFIRMED},
    ),
    _rule("payment_required", built_in.payment_is_needed, _FIELD, _S.PAYMENT_PENDING),
    _rule("payment_method", built_in.payment_method_is_known, _FIELD, _S.PAYMENT_PENDING),
    _rule("reschedule_reason", built_in.reschedule_has_reason, _FIELD, _S.RESCHEDULED),
    _rule("cancellation_reason", built_in.cancellation_has_reason, _FIELD, _S.CANCELLED, not_from=frozenset()),
    _rule("stay", built_in.is_a_stay, _FIELD, _S.CHECKED_IN, _S.CHECKED_OUT),
    _rule("slot_available", built_in.times_are_free, _FACT, _S.SLOT_PROPOSED, not_from=frozenset()),
    _rule("slot_available", built_in.slot_is_free, _FACT, _S.SLOT_CONFIRMED),
    _rule("appointment_date", built_in.slot_is_ahead, _FACT, _S.SLOT_CONFIRMED, _S.RESCHEDULED, _S.REMINDER_SENT),
    _rule("payment_received", built_in.money_has_come, _FACT, _S.PAID, not_from=_BACK | {_S.CONFIRMED}),
    # also of a booking that goes back to where it was: its time may be another one by now
    _rule("acceptance", built_in.somebody_accepted, _FACT, _S.PAYMENT_PENDING, _S.CONFIRMED, not_from=frozenset()),
    _rule("payment_received", built_in.nothing_is_due, _FACT, _S.CONFIRMED, _S.REMINDER_SENT),
    _rule("reminder_too_early", built_in.reminder_is_due, _FACT, _S.REMINDER_SENT),
    _rule(
        "appointment_passed",
        built_in.time_has_passed,
        _FACT,
        _S.COMPLETED,
        _S.NO_SHOW,
        not_from=frozenset({_S.CHECKED_OUT}),
    ),
    _rule("arrival", built_in.arrival_is_near, _FACT, _S.CHECKED_IN),
    _rule("show_up", built_in.customer_came, _FACT, _S.COMPLETED, not_from=frozenset({_S.CHECKED_OUT})),
    _rule("show_up", built_in.customer_did_not_come, _FACT, _S.NO_SHOW),
    _rule("correction", built_in.correction_is_in_time, _FACT, _S.COMPLETED),
    _rule("inactivity", built_in.customer_is_silent, _FACT, _S.ABANDONED),
)
