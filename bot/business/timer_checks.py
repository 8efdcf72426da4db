"""What is wrong with `timers`: what would never be said, said to nobody, or said when it is over."""

from collections.abc import Iterator
from typing import Final

from bot.business.catalogue import ServiceKind
from bot.business.definition import Definition
from bot.business.inbox import unknown_facts
from bot.business.problems import Path, nearest
from bot.business.staff import TaskEdge
from bot.business.task_checks import due_findings
from bot.business.timers import FACTS, OWN_WORDS, BookingTimer

Finding = tuple[Path, str, str]

TEXT_LIMIT: Final = 700
"""It stands in one message with the question whether they come."""


def findings(file: Definition) -> Iterator[Finding]:
    """Every timer without words, without a moment, or for nothing that is sold."""
    for index, timer in enumerate(file.timers or ()):
        for key, what, fix in (*_moment(timer), *_services(file, timer), *_words(file, timer)):
            yield ("timers", index, *key), what, fix


def _moment(timer: BookingTimer) -> Iterator[Finding]:
    at = timer.at
    yield from due_findings(at, "at")
    if at.at is not None:
        yield ("at",), "says not how long before or after", "write `{before: start, hours: 2}`"
    if at.after is TaskEdge.END:
        yield ("at", "after"), "is when the booking is over", "say it before: `{before: end, hours: 1}`"
    if timer.asks and at.before is not TaskEdge.START:
        yield ("asks",), "asks whether they come when it has begun", "take it out, or write `at: {before: start, ...}`"


def _services(file: Definition, timer: BookingTimer) -> Iterator[Finding]:
    known = (*(str(service.id) for service in file.services), *(kind.value for kind in ServiceKind))
    for at, wanted in enumerate(timer.services):
        if wanted not in known:
            fix = nearest(wanted, known, "add the service first")
            yield ("for", at), f"there is no service and no kind `{wanted}`", fix


def _words(file: Definition, timer: BookingTimer) -> Iterator[Finding]:
    if timer.text is None and timer.id not in OWN_WORDS:
        yield (), "has no words", f"add `text: ...`; words of their own have {', '.join(OWN_WORDS)}"
    if timer.text is None:
        return
    for language in file.languages:
        key = ("text", language)
        for name in unknown_facts(timer.text, language, FACTS):
            known = ", ".join(f"{{{fact}}}" for fact in FACTS)
            yield key, f"names {{{name}}}, which nobody can fill", f"known: {known}"
        length = len(timer.text.written(language) or "")
        if length > TEXT_LIMIT:
            yield key, f"has {length} characters, {TEXT_LIMIT} are allowed", "shorten it"
