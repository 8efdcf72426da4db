"""A conversation as a row of the list, and as the head of its thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain import window
from bot.domain.inbox import BOT, CUSTOMER, IN_THE_APP, DraftKind, SnoozeKind
from bot.domain.lead import Lead
from bot.domain.thread import Thread
from webhooks.console import words
from webhooks.console.inbox.moments import Reader

AMBER_BELOW = timedelta(hours=2)
MOST_UNREAD = 9

NameOf = Callable[[str], str]
"""A colleague's name by their id."""


@dataclass(frozen=True, slots=True)
class WindowClock:
    """Whether, and how long, free words may go."""

    is_open: bool
    words: str
    until: str | None
    """ISO, for the page to count down by itself."""
    is_amber: bool = False


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """What a row shows."""

    id: str
    name: str
    initial: str
    at: str | None
    at_words: str
    preview: str
    speaker: str
    """`customer`, `bot`, `agent`, `draft`, or nobody."""
    unread: str
    owner: str | None
    is_mine: bool
    is_with_agent: bool
    waiting: str | None
    deadline: str | None
    """Words of a deadline that runs out soon or has."""
    is_overdue: bool
    snoozed: str | None
    alarm: str | None
    language: str
    window: WindowClock
    number: str | None
    """Masked where the reader may not see it."""
    present: Sequence[tuple[str, bool]] = ()
    """Colleagues who look at it, and whether they type."""


def row_of(
    lead: Lead,
    reader: Reader,
    me: str,
    name_of: NameOf,
    present: Sequence[tuple[str, bool]] = (),
    *,
    sees_contact: bool = True,
) -> ConversationRow:
    """The row of that conversation for whoever reads."""
    entry, talk = lead.inbox, lead.conversation
    draft = entry.draft(DraftKind.REPLY) or entry.draft(DraftKind.NOTE)
    last = entry.last_at or talk.last_inbound_at
    unread = entry.unread
    deadline = lead.deadline_at
    return ConversationRow(
        id=lead.id,
        name=shown_name(lead, reader.language, sees_contact=sees_contact),
        initial=_initial(lead),
        at=None if last is None else last.isoformat(),
        at_words="" if last is None else reader.short(last),
        preview=" ".join(draft.text.split())[:120] if draft else entry.preview,
        speaker="draft" if draft else _speaker(entry.last_speaker),
        unread="" if not unread else str(unread) if unread <= MOST_UNREAD else f"{MOST_UNREAD}+",
        owner=None if talk.agent is None else name_of(talk.agent),
        is_mine=talk.agent == me,
        is_with_agent=lead.is_with_agent,
        waiting=None if lead.waiting_since is None else reader.span(reader.now - lead.waiting_since),
        deadline=_deadline(lead, reader),
        is_overdue=deadline is not None and deadline <= reader.now,
        snoozed=snooze_words(lead, reader),
        alarm=_alarm(lead, reader.language),
        language=lead.language,
        window=window_clock(lead, reader),
        number=_number(lead, sees_contact=sees_contact),
        present=present,
    )


def shown_name(lead: Lead, language: str, *, sees_contact: bool = True) -> str:
    """Their name, else the end of their number, else that nobody knows it."""
    if lead.name and lead.name.strip():
        name = " ".join(lead.name.split())
        return name if sees_contact else f"{name[0]}…"
    number = lead.address.wa_id
    return words.say("inbox.someone", language) if not number else f"…{number[-4:]}"


def _initial(lead: Lead) -> str:
    letters = [letter for letter in lead.name or "" if letter.isalnum()]
    return letters[0].upper() if letters else "·"


def _number(lead: Lead, *, sees_contact: bool) -> str | None:
    number = lead.address.wa_id
    if number is None:
        return None
    return f"+{number}" if sees_contact else f"+{number[:2]} ••• {number[-2:]}"


def _speaker(who: str) -> str:
    if who in {CUSTOMER, BOT, ""}:
        return who
    return "agent"


def who_spoke(who: str, language: str, name_of: NameOf) -> str:
    """The name of whoever of the house spoke."""
    return words.say("inbox.in_the_app", language) if who == IN_THE_APP else name_of(who)


def window_clock(thread: Thread, reader: Reader) -> WindowClock:
    """How long free words may still go."""
    ends = window.expires_at(thread)
    if ends is None or ends <= reader.now:
        return WindowClock(False, words.say("inbox.window.closed", reader.language), None)
    left = ends - reader.now
    said = words.say("inbox.window.open", reader.language, left=reader.span(left))
    return WindowClock(True, said, ends.isoformat(), left <= AMBER_BELOW)


def _deadline(lead: Lead, reader: Reader) -> str | None:
    """Said only where it matters: when it is over, or in the next two hours."""
    due = lead.deadline_at
    if due is None or due - reader.now > AMBER_BELOW:
        return None
    if due <= reader.now:
        return words.say("inbox.overdue", reader.language)
    return words.say("inbox.due_in", reader.language, left=reader.span(due - reader.now))


def snooze_words(lead: Lead, reader: Reader) -> str | None:
    """Until when or what it is put off."""
    snooze = lead.inbox.snooze
    if snooze is None:
        return None
    until = snooze.until
    if snooze.kind is SnoozeKind.BEFORE_START:
        booking = lead.booking(snooze.booking)
        start = None if booking is None or booking.chosen is None else booking.chosen.start
        until = until or (None if start is None else start - timedelta(hours=2))
    if until is not None:
        return words.say("inbox.snoozed.until", reader.language, at=reader.exact(until))
    return words.say(f"inbox.snoozed.{snooze.kind.value}", reader.language)


def _alarm(lead: Lead, language: str) -> str | None:
    """Why a person is needed: the oldest reason, in words."""
    oldest = min(lead.alarms, key=lambda alarm: alarm.since, default=None)
    return None if oldest is None else alarm_words(oldest.named or oldest.reason.value, language)


def alarm_words(reason: str, language: str) -> str:
    """A reason as a sentence; one that has none yet is shown as it is called."""
    key = f"alarm.{reason.replace(' ', '_').replace('.', '_')}"
    return words.say(key, language) if words.has(key) else reason.replace("_", " ")
