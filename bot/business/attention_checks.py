"""Whether every escalation is about something that happens, and tells somebody who is there."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bot.business.attention import ANY, ON_CALL, WEBHOOK, Escalation
from bot.business.definition import Definition
from bot.business.problems import Path, nearest
from bot.domain.attention import REASONS, Severity

Finding = tuple[Path, str, str]
_WAYS: Final = frozenset({ON_CALL, WEBHOOK})
_WEEK: Final = tuple(date(2026, 1, 5) + timedelta(days=ahead) for ahead in range(7))
"""A day of each name."""


def findings(file: Definition) -> Iterator[Finding]:
    """Every reason nobody knows, every person who is not on call, and what could never have an effect."""
    seen: set[str] = set()
    for index, rule in enumerate(file.escalations):
        for key, what, fix in (*_reasons(rule, seen), *_told(file, rule)):
            yield ("escalations", index, *key), what, fix
        seen |= set(rule.on)
    names = [person.name for person in file.on_call]
    accounts = [(person.account or "").lower() for person in file.on_call]
    for index, person in enumerate(file.on_call):
        if names.index(person.name) != index:
            yield ("on_call", index, "name"), f"`{person.name}` is there twice", "name them apart, or take one out"
        if accounts[index] and accounts.index(accounts[index]) != index:
            yield ("on_call", index, "account"), "is somebody else's above", "write the person's own address"
        if person.name in _WAYS:
            yield ("on_call", index, "name"), "is a word of `tell`", "write the person's own name"
        if not any(person.hours.on(day) for day in _WEEK):
            yield (
                ("on_call", index, "hours"),
                "are never",
                'write when they may be told, such as `daily: ["00:00-24:00"]`',
            )


def _reasons(rule: Escalation, seen: set[str]) -> Iterator[Finding]:
    for at, reason in enumerate(rule.on):
        if reason != ANY and reason not in REASONS:
            yield ("on", at), f"there is no reason `{reason}`", nearest(reason, REASONS, "see docs/attention.md")
        elif reason in seen or ANY in seen:
            yield ("on", at), "is decided by an escalation above this one", "take it out, or move it up"


def _told(file: Definition, rule: Escalation) -> Iterator[Finding]:
    if rule.severity is Severity.MILD and rule.tell != (ON_CALL, WEBHOOK):
        yield ("tell",), "has no effect: what is mild stands in the digest", "take it out, or make it critical"
    names = tuple(person.name for person in file.on_call)
    for at, who in enumerate(rule.tell):
        if who not in _WAYS and who not in names:
            yield ("tell", at), f"nobody of `on_call` is `{who}`", nearest(who, names, "add them to `on_call` first")
