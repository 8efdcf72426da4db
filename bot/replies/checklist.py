"""A checklist in words for staff: what is known of each item, and what to ask where it is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.business.context import Context
from bot.business.house_rules import PHONE, PROFILE_NAME, HouseRule
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.lifecycle.checklist import Checklist, ChecklistItem
from bot.lifecycle.rules.rule import Reason
from bot.replies import reasons, times
from bot.replies.words import say

_QUESTIONS: Final[Mapping[str, str]] = {
    "service_type": "booking.ask.service",
    "appointment_slot": "booking.ask.which_time",
    "appointment_date": "booking.ask.other_time",
}
"""The customer's question, by the rule that misses its answer."""


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One item for whoever reads."""

    rule: str
    is_met: bool
    is_advice: bool
    value: str
    """What is known of it; empty where there is nothing to show."""
    personal: str
    """The same, where it is the customer's own: a number, a name, an answer."""
    question: str
    """What to ask the customer, in the customer's language; empty where nothing is to be asked."""
    reason: Reason | None
    """What is missing and how it is put right, in words."""
    field: str = ""
    """What the house asks for, so that an answer can be noted under it."""


def rows(found: Checklist, lead: Lead, booking: Booking, context: Context, language: str) -> tuple[ChecklistRow, ...]:
    """Every item in that language."""
    return tuple(_row(item, lead, booking, context, language) for item in found.items)


def _row(item: ChecklistItem, lead: Lead, booking: Booking, context: Context, language: str) -> ChecklistRow:
    rule = next((one for one in context.business.rules if one.id == item.rule), None)
    value, personal, question = "", "", ""
    if item.reason is not None:
        question = _question(item.reason, rule, lead)
    elif rule is not None:
        personal = _answer(rule, lead)
    elif item.rule == "customer_contact":
        personal = lead.address.wa_id or lead.address.user_id or ""
    else:
        value = _value(item.rule, booking, context, language)
    missing = None if item.reason is None else reasons.in_words((item.reason,), language)[0]
    asked = "" if rule is None else rule.ask or ""
    return ChecklistRow(item.rule, item.is_met, item.is_advice, value, personal, question, missing, asked)


def _question(reason: Reason, rule: HouseRule | None, lead: Lead) -> str:
    if rule is not None:
        is_asked = rule.text is not None and (rule.ask is not None or rule.need is not None)
        return rule.text.say(lead.language) if is_asked and rule.text is not None else ""
    key = _QUESTIONS.get(reason.rule)
    return "" if key is None else say(key, lead.language)


def _answer(rule: HouseRule, lead: Lead) -> str:
    wanted = rule.ask or rule.need or ""
    if wanted == PROFILE_NAME:
        return lead.name or ""
    if wanted == PHONE:
        return lead.address.wa_id or ""
    known = lead.answer_to(wanted)
    return "" if known is None else known.value


def _value(rule: str, booking: Booking, context: Context, language: str) -> str:
    service, slot, zone = context.business.service(booking.service or ""), booking.chosen, context.business.zone
    match rule:
        case "service_type":
            return "" if service is None else service.name.say(language)
        case "appointment_slot" | "appointment_date" if slot is not None:
            return f"{times.long_day(slot.start, zone, language)} {times.clock(slot.start, zone, language)}"
        case "payment_required" if booking.due is not None:
            return times.money(booking.due, language)
        case "payment_received" if booking.paid is not None:
            return times.money(booking.paid, language)
        case _:
            return ""
