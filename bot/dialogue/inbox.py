"""What staff do with a conversation besides speaking in it, and what the inbox shows of whatever happens to it."""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue.bubbles import to_answer
from bot.domain.alarms import AlarmReason
from bot.domain.commands import Author, ChatCommand
from bot.domain.events import AgentTookOver, CustomerWrote, Event
from bot.domain.ids import AgentId
from bot.domain.inbox import BOT, CUSTOMER, DraftKind, InboxEntry, StaffDraft
from bot.domain.inbox_events import AgentAssigned, AssignedWhy, ConversationRead, DraftSaved, NoteWritten
from bot.domain.lead import Lead
from bot.domain.notes import RecordNote
from bot.domain.outcome import EffectRequest, Outcome
from bot.replies.plain_text import as_text, transcript_text
from intents.understanding import Intent

POLITE: Final = frozenset({Intent.THANKS, Intent.GOODBYE})
"""Words that want no answer: nobody waits after them, and they wake nothing."""


def read(lead: Lead, event: ConversationRead, context: Context) -> Outcome:
    """Somebody has seen all of it, or wants it to look as if nobody had."""
    entry = lead.inbox
    if event.unread:
        return Outcome(replace(lead, inbox=replace(entry, read=min(entry.read, max(0, entry.words - 1)))))
    return Outcome(replace(lead, inbox=replace(entry, read=entry.words, woke_at=None)))


def is_stale(lead: Lead, event: DraftSaved) -> bool:
    """Whether somebody saved another draft of that kind since this one was begun."""
    current = lead.inbox.draft(event.draft)
    return (0 if current is None else current.revision) != event.base


def draft_saved(lead: Lead, event: DraftSaved, context: Context) -> Outcome:
    """One draft a conversation and kind; who wrote on an older one is told so, and nothing is lost."""
    return Outcome(lead if is_stale(lead, event) else replace(lead, inbox=after_saving(lead, event)))


def after_saving(lead: Lead, event: DraftSaved) -> InboxEntry:
    """The row once the draft is saved: thrown away where there are no words."""
    if not event.text.strip():
        return lead.inbox.without_draft(event.draft)
    draft = StaffDraft(event.draft, event.by, event.text, event.at, lead.inbox.revision + 1)
    return lead.inbox.with_draft(draft)


def note_written(lead: Lead, event: NoteWritten, context: Context) -> Outcome:
    """A line for the staff in the transcript; its draft is over."""
    note = RecordNote(event.text, str(event.by), event.at, tuple(map(str, event.mentions)))
    return Outcome(replace(lead, inbox=lead.inbox.without_draft(DraftKind.NOTE)), (EffectRequest(note),))


def is_out_of_date(lead: Lead, event: AgentAssigned) -> bool:
    """Whether what the house meant to do about the owner is not asked for any more."""
    owner = lead.conversation.agent
    match event.why:
        case AssignedWhy.BY_HAND:
            return False
        case AssignedWhy.FAIR_SHARE | AssignedWhy.RETURNED:
            return owner is not None or not lead.is_with_agent
        case AssignedWhy.OFF_DUTY:
            return owner != event.by


def assigned(lead: Lead, event: AgentAssigned, context: Context) -> Outcome:
    """Another owner, or none: then it is in the queue again, and says so."""
    owner = lead.conversation.agent
    if is_out_of_date(lead, event) or owner == event.agent:
        return Outcome(lead)
    changed = replace(lead.conversing(agent=event.agent), inbox=replace(lead.inbox, last_owner=owner or event.agent))
    if event.agent is None and lead.is_with_agent:
        changed = changed.alarmed(AlarmReason.OWNER_LEFT, event.at)
    elif event.agent is not None:
        changed = changed.without_alarms({AlarmReason.OWNER_LEFT})
    outcome = Outcome(changed).noting(f"assigned_{event.why.value}", _line(owner, event), event.at)
    facts = {"from": str(owner or ""), "to": str(event.agent or ""), "why": event.why.value}
    return outcome.recording("assigned", str(event.by), event.at, **facts)


def _line(owner: AgentId | None, event: AgentAssigned) -> str:
    """What the thread says about it."""
    match event.why:
        case AssignedWhy.OFF_DUTY:
            return f"{owner} went off duty: back to the queue."
        case AssignedWhy.FAIR_SHARE:
            return f"Given to {event.agent}, who has least to do."
        case AssignedWhy.RETURNED:
            return f"Given to {event.agent}, who had it before."
        case AssignedWhy.BY_HAND:
            done = "put it back to the queue" if event.agent is None else f"gave it to {event.agent}"
            return f"{event.by} {done}."


def noted(outcome: Outcome, before: Lead, event: Event, context: Context) -> Outcome:
    """The outcome with the row of the inbox as it is after this event, whoever made it happen."""
    lead = outcome.lead
    entry = lead.inbox
    if isinstance(event, CustomerWrote):
        entry = _heard(entry, event, lead, context)
    words = _last_of_bot(outcome)
    if words is not None:
        entry = entry.previewed(BOT, event.at, words)
    if isinstance(event, AgentTookOver) and lead.conversation.agent == event.agent:
        entry = replace(entry, read=entry.words, woke_at=None)
    elif entry.spoke != before.inbox.spoke and entry.spoke and entry.spoke[-1][0] != CUSTOMER:
        # somebody of the staff spoke: they have seen what was there, and nobody waits any more
        entry = replace(entry, read=entry.words, waiting_since=None, woke_at=None)
    if before.is_with_agent and not lead.is_with_agent:
        entry = replace(entry, last_owner=before.conversation.agent or entry.last_owner)
    if not lead.is_with_agent:
        entry = replace(entry, waiting_since=None)
    return replace(outcome, lead=replace(lead, inbox=entry))


def _heard(entry: InboxEntry, event: CustomerWrote, lead: Lead, context: Context) -> InboxEntry:
    """What the row shows after the customer's words."""
    bubbles = to_answer(event.bubbles, context)
    if not bubbles:
        return entry
    entry = entry.spoken(CUSTOMER, event.sent_at, transcript_text(event.bubbles[-1]))
    entry = replace(entry, words=entry.words + len(bubbles))
    if not lead.is_with_agent or event.understanding.intent in POLITE:
        return entry
    return replace(entry, waiting_since=entry.waiting_since or event.sent_at)


def _last_of_bot(outcome: Outcome) -> str | None:
    """The bot's last words of this outcome that are no draft."""
    with_agent = outcome.lead.is_with_agent
    for request in reversed(outcome.requests):
        is_draft = request.draft or (with_agent and not request.hands_over)
        if isinstance(request.command, ChatCommand) and request.author is Author.BOT and not is_draft:
            return as_text(request.command)
    return None
