"""What somebody may write in a conversation now, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.inbox import IN_THE_APP, DraftKind, StaffDraft
from bot.domain.users import Act
from bot.engine.accounts import SignedIn
from bot.engine.parts import Parts
from bot.replies import canned, times
from payments.domain.money import Money
from webhooks.console import words
from webhooks.console.inbox.reading import ThreadShown
from webhooks.console.inbox.sending import StaffWords


class ReplyState(StrEnum):
    """Whether a reply may be written."""

    OPEN = "open"
    LOCKED = "locked"
    """The bot has it, or nobody yet: take over first."""
    TAKEN = "taken"
    """A colleague has it."""
    WINDOW_CLOSED = "window_closed"
    OPTED_OUT = "opted_out"
    READ_ONLY = "read_only"
    """Their roles do not write."""


@dataclass(frozen=True, slots=True)
class DraftShown:
    """What is being written."""

    text: str
    revision: int
    by: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template as the customer will read it, and what it costs."""

    name: str
    text: str
    cost: str


@dataclass(frozen=True, slots=True)
class CannedChoice:
    """A ready text, filled with what is known of the customer."""

    title: str
    text: str
    blanks: Sequence[str]
    """What somebody has to fill in before it can go."""


@dataclass(frozen=True, slots=True)
class ComposerShown:
    """The composer."""

    state: ReplyState
    reply: DraftShown
    note: DraftShown
    turn: int
    owner: str | None
    templates: Sequence[TemplateChoice] = ()
    canned: Sequence[CannedChoice] = ()
    problem: str | None = None
    """Why the last try did not go."""


class Composer:
    """Makes it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def of(self, who: SignedIn, thread: ThreadShown, language: str, problem: str | None = None) -> ComposerShown:
        """For whoever is before it."""
        lead, state = thread.lead, reply_state(who, thread)
        business = self._parts.context(await self._parts.clock.business_now()).business
        templates: Sequence[TemplateChoice] = ()
        if state is ReplyState.WINDOW_CLOSED:
            fits = await StaffWords(self._parts).fitting(lead)
            templates = [
                TemplateChoice(one.order.name, one.text, _cost(one.category, one.cost, language)) for one in fits
            ]
        ready = canned.all_filled(lead, lead.open_booking, business) if state is ReplyState.OPEN else ()
        entry = lead.inbox
        return ComposerShown(
            state=state,
            reply=_draft(entry.draft(DraftKind.REPLY), who),
            note=_draft(entry.draft(DraftKind.NOTE), who),
            turn=thread.turn,
            owner=thread.row.owner,
            templates=templates,
            canned=[CannedChoice(one.title, one.text, one.blanks) for one in ready],
            problem=problem,
        )


def _cost(category: str, cost: Money | None, language: str) -> str:
    kind = words.say(f"template.{category}", language)
    if cost is None:
        return words.say("template.price_unknown", language, category=kind)
    return words.say("template.price", language, category=kind, amount=times.money(cost, language))


def reply_state(who: SignedIn, thread: ThreadShown) -> ReplyState:
    """Whether that person may answer that customer now."""
    lead = thread.lead
    if not who.may(Act.WRITE_CONVERSATIONS):
        return ReplyState.READ_ONLY
    if not lead.is_with_agent or lead.conversation.agent is None:
        return ReplyState.LOCKED
    if lead.conversation.agent not in {None, who.id, IN_THE_APP}:
        return ReplyState.TAKEN
    if not thread.row.window.is_open:
        return ReplyState.WINDOW_CLOSED
    return ReplyState.OPTED_OUT if lead.conversation.opted_out else ReplyState.OPEN


def _draft(draft: StaffDraft | None, who: SignedIn) -> DraftShown:
    if draft is None:
        return DraftShown("", 0, "", True)
    return DraftShown(draft.text, draft.revision, str(draft.by), draft.by == who.id)
