"""What the audit says of the waiting list: each step of an entry, and why."""

from collections.abc import Iterator

from bot.domain.waiting import WaitEnd, WaitingEntry


def steps_of(old: WaitingEntry | None, entry: WaitingEntry) -> Iterator[tuple[str, dict[str, str]]]:
    """What happened to an entry, each as a line of the audit with its why."""
    if old is None and entry.revision == 1:
        yield "joined", {"wish": _in_short(entry), **_whom(entry)}
    if old is not None and old.who != entry.who:
        yield "changed", _whom(entry)
    if entry.offer is not None and (old is None or old.offer is None):
        until = entry.offer.slot.held_until
        yield "offered", {"until": "" if until is None else until.isoformat()}
    if old is not None and old.offer is not None and entry.settled >= old.offer.number and entry.why_passed is not None:
        yield "passed", {"why": entry.why_passed.value}
    if entry.ended is WaitEnd.SERVED:
        yield "served", {}
    elif entry.ended is not None:
        yield "left", {"why": entry.ended.value}


def facts_of(entry: WaitingEntry) -> dict[str, str]:
    """Which entry it is, and when the time begins that is kept for it."""
    start = "" if entry.kept is None else entry.kept.slot.start.isoformat()
    return {"booking": str(entry.booking), "entry": entry.id, "service": entry.service, "start": start}


def _whom(entry: WaitingEntry) -> dict[str, str]:
    """Whose times are kept for them alone, and whose are not, as far as they said."""
    told = {"only": " ".join(entry.who.named), "without": entry.who.refused or ""}
    return {name: value for name, value in told.items() if value}


def _in_short(entry: WaitingEntry) -> str:
    wish = entry.wish
    parts = (wish.first_day, wish.last_day, wish.from_minute, wish.until_minute)
    return " ".join("-" if part is None else str(part) for part in parts)
