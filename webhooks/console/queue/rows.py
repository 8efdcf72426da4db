"""The queue as its page shows it: rows in the reader's words, and what comes next where nobody waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from bot.business.definition import Business
from bot.domain.attention import Attention, Severity
from bot.domain.ids import LeadId
from bot.domain.partner import is_partner
from bot.domain.states import PaymentStatus
from bot.engine.accounts import SignedIn
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.replies import times
from bot.replies.attention import why
from bot.replies.words import say
from bot.store.attention import AttentionQuery
from webhooks.api.attention.fixes import act_of, fix_of
from webhooks.console import words
from webhooks.console.guard import Act
from webhooks.console.inbox.colleagues import Colleagues
from webhooks.console.inbox.moments import Reader
from webhooks.edge.masked import Personal

PAGE: Final = 50
MOST: Final = 500
LOOKS_AHEAD: Final = timedelta(days=3)
MINE, NOBODYS, EVERYBODYS = "mine", "nobody", "all"
TABS: Final = (MINE, NOBODYS, EVERYBODYS)
_WHO_DOES_IT: Final = "who"
ASKS: Final[Mapping[str, tuple[str, ...]]] = {
    "show_up": ("showed_up",),
    "assign_task": (_WHO_DOES_IT,),
    "refund_account": ("channel", "number", "holder"),
    # money leaves by these: they are asked once more, and ask nothing
    "retry_payout": (),
    "approve_refund": (),
    "confirm_account": (),
}
"""Buttons behind which something is asked, and what."""
_IN_CONVERSATION: Final = frozenset({"propose", "answer_complaint"})
"""What is done next to the conversation, with the times or sums that stand there."""


@dataclass(frozen=True, slots=True)
class QueueAsked:
    """Which rows."""

    tab: str = EVERYBODYS
    severity: Severity | None = None
    reason: str = ""
    cursor: str | None = None
    limit: int = PAGE

    def query(self, **other: str) -> str:
        """The address of the same rows, or of others."""
        plain = {"owner": self.tab, "severity": self.severity.value if self.severity else "", "reason": self.reason}
        return "?" + urlencode({name: value for name, value in (plain | other).items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether more than whose it is was chosen."""
        return self.severity is not None or bool(self.reason)


@dataclass(frozen=True, slots=True)
class QueueButton:
    """The one button of a row."""

    key: str
    label: str
    way: str
    """`post`: it is done by a tap; `ask`: something is asked first; `go`: it is done elsewhere; `tell`: only whoever is
    at the machine can."""
    address: str = ""
    then: str = ""
    """Where it leads afterwards."""
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row."""

    id: str
    reason: str
    name: str
    subject: str
    facts: str
    conversation: str
    """Where it is read; empty where there is none, or not for the reader."""
    amount: str
    due: str
    due_at: str
    is_late: bool
    is_critical: bool
    since: str
    owner: str
    is_mine: bool
    is_takeable: bool
    button: QueueButton


@dataclass(frozen=True, slots=True)
class QueueListed:
    """A page of the queue."""

    asked: QueueAsked
    rows: Sequence[QueueRow]
    next_cursor: str | None
    counts: Mapping[str, int]
    reasons: Sequence[tuple[str, str]]
    next_late_ms: int | None
    """Until the next deadline of these passes."""
    next_act: str
    """What comes next where nobody waits."""
    problem: str | None = None


class QueueReader:
    """Reads rows, and says them."""

    def __init__(self, parts: Parts, colleagues: Colleagues) -> None:
        self._parts = parts
        self._colleagues = colleagues

    async def listed(self, who: SignedIn, asked: QueueAsked, language: str, problem: str | None = None) -> QueueListed:
        """What waits, the earliest deadline first; BadCursor."""
        await self._colleagues.refresh()
        owner = who.id if asked.tab == MINE else None
        reader, business = await self._reader(language)
        also = () if owner is None else business.on_call_with(who.user.email)
        query = AttentionQuery(owner, also, asked.tab == NOBODYS, asked.severity, asked.reason or None)
        page = await self._parts.attention.page(query, asked.limit, asked.cursor)
        every = await self._parts.attention.rows.open_rows()
        rows = [await self.row(who, row, reader) for row in page.rows]
        ahead = [row.due_by for row in page.rows if row.due_by > reader.now]
        return QueueListed(
            asked=asked,
            rows=rows,
            next_cursor=page.next_cursor,
            counts={
                MINE: sum(is_theirs(row, who, business) for row in every),
                NOBODYS: sum(row.owner is None for row in every),
                EVERYBODYS: len(every),
            },
            reasons=sorted(((one, why(one, language)) for one in {row.cause.reason for row in every}), key=_by_words),
            next_late_ms=int((min(ahead) - reader.now).total_seconds() * 1000) if ahead else None,
            next_act="" if rows or asked.cursor else await self._next_act(who, reader, business),
            problem=problem,
        )

    async def one(self, who: SignedIn, wanted: str, language: str) -> QueueRow | None:
        """That row while it waits."""
        row = await self._parts.attention.rows.find(wanted)
        if row is None or not row.is_open:
            return None
        reader, _ = await self._reader(language)
        return await self.row(who, row, reader)

    async def row(self, who: SignedIn, row: Attention, reader: Reader) -> QueueRow:
        """One row in words."""
        cause, language = row.cause, reader.language
        brief = await self._parts.on_call.brief(row)
        thread = cause.thread if cause.thread is not None and not is_partner(cause.thread) else None
        reads = thread is not None and who.may(Act.READ_CONVERSATIONS)
        is_late = row.due_by <= reader.now
        at = reader.short(row.due_by)
        return QueueRow(
            id=row.id,
            reason=why(cause.reason, language),
            name=_name(who, brief.who),
            subject=brief.subject or "",
            facts=", ".join(value for _, value in cause.facts)[:200],
            conversation=f"/console/inbox/{thread}" if reads else "",
            amount="" if cause.amount is None else times.money(cause.amount, language),
            due=words.say("queue.late" if is_late else "queue.due", language, at=at),
            due_at=row.due_by.isoformat(timespec="seconds"),
            is_late=is_late,
            is_critical=row.severity is Severity.CRITICAL,
            since=words.say("queue.since", language, at=reader.short(cause.since)),
            owner="" if row.owner is None else self._colleagues.name_of(row.owner),
            is_mine=is_theirs(row, who, self._parts.context(reader.now).business),
            is_takeable=row.owner is None and who.may(Act.SEE_TO),
            button=_button(who, row, thread if reads else None, language),
        )

    def workers(self, business: Business, language: str) -> list[tuple[str, str]]:
        """Who could be given work."""
        people = [(one.id, one.name) for one in business.staff]
        return people + [(one.id, one.name.say(language)) for one in business.providers]

    async def business(self) -> Business:
        """The business file as it is now."""
        return self._parts.context(await self._parts.clock.business_now()).business

    async def _reader(self, language: str) -> tuple[Reader, Business]:
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        return Reader(now, business.zone, language), business

    async def _next_act(self, who: SignedIn, reader: Reader, business: Business) -> str:
        """The next booking, as what somebody would look at now."""
        coming = await self._parts.bookings.standing_between(reader.now, reader.now + LOOKS_AHEAD)
        booked = next((one for one in coming if one.booking.chosen is not None), None)
        if booked is None or booked.booking.chosen is None:
            return words.say("queue.empty.nothing_booked", reader.language)
        stored = await living(self._parts.leads, LeadId(booked.lead))
        name = _name(who, None if stored is None else stored.lead.name) or str(booked.booking.reference)
        start: datetime = booked.booking.chosen.start
        unpaid = booked.booking.payment_status in (PaymentStatus.PENDING, PaymentStatus.FAILED)
        key = "queue.empty.next_unpaid" if unpaid else "queue.empty.next"
        return words.say(key, reader.language, name=name, at=times.short_moment(start, business.zone, reader.language))


def is_theirs(row: Attention, who: SignedIn, business: Business) -> bool:
    """Whether they have it: taken here, or in WhatsApp under their name in `on_call`."""
    return row.owner is not None and row.owner in {who.id, *business.on_call_with(who.user.email)}


def _by_words(reason: tuple[str, str]) -> str:
    return reason[1].casefold()


def _name(who: SignedIn, name: str | None) -> str:
    if not name:
        return ""
    return name if who.may(Act.SEE_CONTACT) else Personal.NAME.hide(name)


def _button(who: SignedIn, row: Attention, thread: str | None, language: str) -> QueueButton:
    """The act of the API that deals with it, and how it is done from here."""
    fix, act = fix_of(row), act_of(row)
    label = say(f"attention.fix.{fix.key}", language)
    if act is None:
        return QueueButton(fix.key, label, "tell", fix.command)
    place = f"/console/inbox/{thread}" if thread is not None else ""
    allowed = who.may(act)
    if fix.key in _IN_CONVERSATION:
        return QueueButton(fix.key, label, "go", place, allowed=allowed and bool(place))
    if fix.key in ASKS:
        return QueueButton(fix.key, label, "ask", fix.path, allowed=allowed)
    return QueueButton(fix.key, label, "post", fix.path, place if fix.key == "take_over" else "", allowed)
