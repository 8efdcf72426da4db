"""The rules of the business file, as guards like the built-in ones: judged in the same verdict."""

from collections.abc import Callable
from typing import Final

from bot.business.context import Context
from bot.business.definition import Business
from bot.business.house_rules import PHONE, PROFILE_NAME, HouseRule, RuleConditions
from bot.business.words import LocalizedText
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.lifecycle.rules.rule import Facts, Reason, Rule, RuleStep
from bot.lifecycle.visits import visits

HOUSE_RULE: Final = "house_rule"
"""The fact of what a rule of the house refuses, or warns of."""
FIELD_MISSING: Final = "field_missing"
"""The fact of what it needs and nobody knows."""
UNANSWERED: Final = "field_unanswered"
"""The fact of what it asks its customer, who has not answered."""
AS_THE_HOUSE_SAYS: Final = "as_the_house_says"
"""The fix, where the rule names none."""
ASK_THE_CUSTOMER: Final = "ask_the_customer"
"""The fix of what is asked."""

_ON_THE_WAY: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})
"""What has a time, or goes back to one, was let through."""
_STAFF: Final = ("sales", "operations", "support", "admin")
_FIELD: Final = "field"


def rules_for(lead: Lead, booking: Booking, context: Context) -> tuple[Rule, ...]:
    """The guards that the house adds for that booking as it is: those whose conditions are so, and none once it has a
    time or was promised to its customer."""
    service = context.business.service(booking.service or "")
    if service is None or booking.state not in _ON_THE_WAY:
        return ()
    if booking.is_rebooked_by_late_payment or booking.redo is not None:
        return ()
    overridden = () if booking.override_of_time is None else booking.override_of_time.of_house
    return tuple(
        Rule(
            rule.id,
            RuleStep.FACT if rule.need is None else RuleStep.FIELD,
            frozenset({rule.before}),
            _check(rule, lead),
            is_advice=rule.is_advice,
            is_overridden=may_be_overridden(rule) and rule.id in overridden,
        )
        for rule in context.business.rules
        if rule.is_judged and rule.is_for(service) and are_so(rule.when, lead, booking, context)
    )


def may_be_overridden(rule: HouseRule) -> bool:
    """Whether it forbids; what it asks or needs is answered instead."""
    return rule.need is None and rule.ask is None and not rule.is_advice


def _check(rule: HouseRule, lead: Lead) -> Callable[[Booking, Facts], Reason | None]:
    def check(booking: Booking, facts: Facts) -> Reason | None:
        if rule.need is not None:
            return None if _is_known(rule.need, lead) else _reason(rule, FIELD_MISSING)
        if rule.ask is not None:
            return None if lead.answer_to(rule.ask) is not None else _reason(rule, UNANSWERED)
        return _reason(rule, HOUSE_RULE)

    return check


def _reason(rule: HouseRule, fact: str) -> Reason:
    named = (("rule", rule.id),) if rule.ask is None else (("rule", rule.id), (_FIELD, rule.ask))
    if rule.ask is not None:
        return Reason(rule.id, fact, ASK_THE_CUSTOMER, ("customer", *_STAFF), named, rule.text, rule.fix)
    return Reason(rule.id, fact, AS_THE_HOUSE_SAYS, _STAFF, named, rule.text, rule.fix)


def field_of(reason: Reason) -> str:
    """What a rule asks its customer for; empty where it asks nothing."""
    return dict(reason.values).get(_FIELD, "")


def _is_known(field: str, lead: Lead) -> bool:
    match field:
        case _ if field == PROFILE_NAME:
            return bool(lead.name)
        case _ if field == PHONE:
            return bool(lead.address.wa_id)
        case _:
            return lead.answer_to(field) is not None


def brings(template: str, booking: Booking, business: Business) -> bool:
    """Whether a booking has that work: where rules name it, only one that a rule is about."""
    rules = [rule for rule in business.rules if rule.task == template]
    service = business.service(booking.service or "")
    found = (rule.is_for(service) and are_of_booking(rule.when, booking, business) for rule in rules if service)
    return not rules or any(found)


def reminded_of(lead: Lead, booking: Booking, context: Context) -> tuple[LocalizedText, ...]:
    """What reminders before the start say besides."""
    service = context.business.service(booking.service or "")
    return tuple(
        rule.text
        for rule in context.business.rules
        if rule.remind and rule.text is not None and service is not None and rule.is_for(service)
        if are_so(rule.when, lead, booking, context)
    )


def are_so(when: RuleConditions, lead: Lead, booking: Booking, context: Context) -> bool:
    """Whether all of that is so; what the booking does not say yet is not so."""
    if when.first_visit is not None and when.first_visit is bool(visits(lead, context.now)):
        return False
    return are_of_booking(when, booking, context.business)


def are_of_booking(when: RuleConditions, booking: Booking, business: Business) -> bool:
    """Whether all of that is so which depends on the booking alone."""
    chosen, price = booking.chosen, booking.price
    place = booking.place if chosen is None else chosen.place or booking.place
    if when.places and place not in when.places:
        return False
    if when.guests_from is not None and (booking.guests or 0) < when.guests_from:
        return False
    if when.nights_from is not None and booking.nights < when.nights_from:
        return False
    if when.price_from is not None and (price is None or price.amount < when.price_from):
        return False
    if when.outside_hours is None:
        return True
    if chosen is None:
        return False
    local = chosen.start.astimezone(business.zone)
    is_open = business.agents.hours.is_open(local.date(), local.hour * 60 + local.minute)
    return is_open is not when.outside_hours
