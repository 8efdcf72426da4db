"""Whether every rule of the house can act, does one thing, and is said in every language of the business."""

import re
from collections.abc import Iterator
from itertools import chain

from bot.business.catalogue import Service, ServiceKind
from bot.business.definition import Definition
from bot.business.house_rules import KNOWN_FIELDS, HouseRule
from bot.business.problems import Path, nearest
from bot.business.words import WordLanguage
from bot.domain.customer_fields import MOST_FIELDS
from bot.domain.states import State

Finding = tuple[Path, str, str]

TEXT_LIMIT = 500
"""It stands in one message with a question."""
REMINDED_LIMIT = 300
REMINDED_TOGETHER = 500
"""Of all that one booking may be reminded of: they stand in one template with the reminder itself."""
MOST_REMINDING = 3
"""They stand in one message with the reminder and what to expect."""
_NOT_IN_A_VALUE = re.compile(r"[\n\r\t\v\f\x85\u2028\u2029]| {4,}")
"""What Meta refuses in a value of a template (reference: whatsapp 3.5): line breaks, tabs, long runs of blanks."""


def findings(file: Definition) -> Iterator[Finding]:
    """Every rule that never acts, or that does nothing or too much."""
    names = dict.fromkeys(rule.ask for rule in file.rules if rule.ask is not None)
    for index, rule in enumerate(file.rules):
        found = (_does(file, rule), _later(file, rule), _services(file, rule), _when(file, rule), _texts(file, rule))
        for key, what, fix in chain.from_iterable(found):
            yield ("rules", index, *key), what, fix
        if rule.ask in list(names)[MOST_FIELDS:]:
            yield (
                ("rules", index, "ask"),
                f"is one more than the {MOST_FIELDS} that are kept",
                "ask fewer",
            )


def _does(file: Definition, rule: HouseRule) -> Iterator[Finding]:
    named: dict[str, str | bool | None] = {"need": rule.need, "ask": rule.ask, "task": rule.task}
    named |= {"block": rule.block or None, "warn": rule.warn or None, "remind": rule.remind or None}
    done = [key for key, value in named.items() if value is not None]
    if not done:
        yield (), "does nothing", "write one of `need`, `ask`, `task`, or `block: true`, `warn: true`, `remind: true`"
    for extra in done[1:]:
        yield (extra,), f"is one thing more than `{done[0]}`", "make two rules of it"
    if rule.severity is not None and rule.need is None and rule.ask is None:
        yield ("severity",), "has no effect: only what is needed or asked can be missing mildly", "take it out"
    known = (*KNOWN_FIELDS, *(other.ask for other in file.rules if other.ask is not None))
    if rule.need is not None and rule.need not in known:
        yield ("need",), f"nobody can know `{rule.need}`", nearest(rule.need, known, "take the rule out")
    if rule.ask in KNOWN_FIELDS:
        yield ("ask",), f"WhatsApp tells the `{rule.ask}` of a customer", f"write `need: {rule.ask}`"
    if rule.block and rule.when.is_always:
        yield ("block",), "refuses every booking there is", "say `when`, or take the services out"


def _later(file: Definition, rule: HouseRule) -> Iterator[Finding]:
    """What acts once a booking is confirmed."""
    if rule.is_judged:
        return
    if rule.state is not None:
        yield ("state",), "has no effect: it acts once a booking is confirmed", "take it out"
    if rule.fix is not None:
        yield ("fix",), "has no effect: it holds nothing back", "take it out"
    reminding = [other.id for other in file.rules if other.remind]
    if rule.remind and reminding.index(rule.id) >= MOST_REMINDING:
        yield ("remind",), f"is one more than the {MOST_REMINDING} that a reminder has room for", "make one of two"
    if rule.task is None:
        return
    known = tuple(template.id for template in file.task_templates)
    template = next((one for one in file.task_templates if one.id == rule.task), None)
    if template is None:
        yield ("task",), f"there is no task `{rule.task}`", nearest(rule.task, known, "add the task first")
    elif not any(rule.is_for(service) for service in file.services if service.id in template.services):
        yield ("task",), f"can never act: `{rule.task}` is for none of its services", "name one of them in `for`"
    if rule.when.first_visit is not None:
        yield ("when", "first_visit"), "has no effect: work depends on the booking alone", "take it out"


def _services(file: Definition, rule: HouseRule) -> Iterator[Finding]:
    known = (*(str(service.id) for service in file.services), *(kind.value for kind in ServiceKind))
    for at, wanted in enumerate(rule.services):
        if wanted not in known:
            yield (
                ("for", at),
                f"there is no service and no kind `{wanted}`",
                nearest(wanted, known, "add the service first"),
            )
        elif not any(wanted in {service.id, service.kind.value} for service in file.services):
            yield ("for", at), "can never act: no service is of that kind", "take it out, or add the service"


def _when(file: Definition, rule: HouseRule) -> Iterator[Finding]:
    """Conditions that are never so."""
    when, services = rule.when, [service for service in file.services if rule.is_for(service)]
    if not services:
        return
    places = tuple(str(place.id) for place in file.places)
    for at, wanted in enumerate(when.places):
        if wanted not in places:
            yield (
                ("when", "places", at),
                f"there is no place `{wanted}`",
                nearest(wanted, places, "add the place first"),
            )
        elif not any(_is_sold_at(wanted, service) for service in services):
            yield ("when", "places", at), f"can never act: none of its services is sold at `{wanted}`", "take it out"
    most = max(service.max_guests for service in services)
    if when.guests_from is not None and when.guests_from > most:
        yield (
            ("when", "guests_from"),
            f"can never act: its services take {most} at most",
            "lower it, or raise `max_guests`",
        )
    if when.nights_from is not None:
        stays = [service.nights.most for service in services if service.nights is not None]
        if not stays:
            yield ("when", "nights_from"), "can never act: none of its services is a stay", "name a stay in `for`"
        elif when.nights_from > max(stays):
            yield ("when", "nights_from"), f"can never act: {max(stays)} nights are sold at most", "lower it"
    if rule.before is State.SLOT_PROPOSED:
        for key in ("price_from", "outside_hours"):
            if getattr(when, key) is not None:
                yield (
                    ("when", key),
                    "can never act: no time is chosen before SLOT_PROPOSED",
                    "write `state: SLOT_CONFIRMED`",
                )


def _is_sold_at(place: str, service: Service) -> bool:
    return not service.places or place in service.places


def _texts(file: Definition, rule: HouseRule) -> Iterator[Finding]:
    if rule.text is None and rule.task is None:
        yield (), "has no text", "add `text: ...`"
    elif rule.text is not None and rule.task is not None:
        yield ("text",), "has no effect: the task has words of its own", "take it out"
    most = REMINDED_LIMIT if rule.remind else TEXT_LIMIT
    for key, text in (("text", rule.text), ("fix", rule.fix)):
        if text is None:
            continue
        for code in file.languages:
            written = text.written(code)
            if code in set(WordLanguage) and not written:
                yield (key,), f"has no text in `{code}`", f"add `{code}: ...`"
            elif written is not None and len(written) > most:
                yield (key, code), f"has {len(written)} characters, but a rule says {most}", "say it shorter"
            elif written is not None and rule.remind and _NOT_IN_A_VALUE.search(written.strip()):
                what = "has a line break, a tab or many blanks, which a template has no place for"
                yield (key, code), what, "write it in one line"
            elif written is not None and rule.remind and (together := _together(file, rule, code)) > REMINDED_TOGETHER:
                what = f"makes {together} characters with what reminds before it, and {REMINDED_TOGETHER} are allowed"
                yield (key, code), what, "say one of them shorter"


def _together(file: Definition, rule: HouseRule, code: str) -> int:
    """How long all is that a booking may be reminded of up to that rule, in that language, a blank between each."""
    upto = file.rules[: file.rules.index(rule) + 1]
    told = [one for one in upto if one.remind]
    each = (
        sum(len(one.text.say(code)) + 1 for one in told if one.text is not None and one.is_for(service))
        for service in file.services
    )
    return max(each, default=0)
