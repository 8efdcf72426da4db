"""Two leads that turn out to be one person."""

from dataclasses import replace
from functools import reduce
from typing import Final

from bot.business.context import Context
from bot.domain.alarms import BEFORE_ALARMS, with_alarm
from bot.domain.complaints import MOST_PHOTOS, with_complaint
from bot.domain.credits import with_credit
from bot.domain.customer_fields import with_field
from bot.domain.events import LeadsMerged
from bot.domain.inbox import CUSTOMER, InboxEntry, StaffDraft
from bot.domain.lead import MOST_REMEMBERED, Conversation, Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.domain.slips import with_slips
from bot.domain.states import Mode
from bot.domain.waiting import WaitEnd, WaitingEntry
from bot.lifecycle import apply

MERGED: Final = "leads_merged"
"""What the line in the transcript and the record of a merge are called."""
BROUGHT_NAME: Final = "Name"
BROUGHT_NUMBER: Final = "Number"
BROUGHT_BOOKINGS: Final = "Bookings"
BROUGHT_MESSAGES: Final = "Messages"


def merged(older: Lead, event: LeadsMerged, context: Context) -> Outcome:
    """The older lead with all the younger one had: bookings, timers, what was said, and the stricter of two modes."""
    younger = event.younger
    known = {booking.reference for booking in older.bookings}
    lead = replace(
        older,
        address=younger.address.updated(older.address),
        name=older.name or younger.name,
        conversation=_merged_conversation(older.conversation, younger.conversation),
        bookings=(*older.bookings, *tuple(booking for booking in younger.bookings if booking.reference not in known)),
        referrer=older.referrer or younger.referrer,
        # the code that holds longer is the one that was sent last
        bound_place=max(
            filter(None, (older.bound_place, younger.bound_place)), key=lambda one: one.until, default=None
        ),
        account_questions=(*older.account_questions, *younger.account_questions),
        alarms=reduce(with_alarm, sorted((*older.alarms, *younger.alarms), key=lambda alarm: alarm.since), ()),
        goodwill_counts=(*younger.goodwill_counts, *older.goodwill_counts)[-MOST_REMEMBERED:],
        told_back=(*younger.told_back, *older.told_back)[-MOST_REMEMBERED:],
        complaints=reduce(with_complaint, older.complaints, younger.complaints),
        credits=reduce(with_credit, older.credits, younger.credits),
        fields=reduce(with_field, younger.fields, older.fields),
        recent_pictures=(*younger.recent_pictures, *older.recent_pictures)[-MOST_PHOTOS:],
        waiting=_merged_waiting(older, younger),
        visits=reduce(Lead.with_visit, older.visits, younger).visits,
        slips=with_slips(older.slips, younger.slips),
        inbox=merged_entry(older.inbox, younger.inbox),
        timers={**younger.timers, **older.timers},
    )
    agent = older.conversation.agent or younger.conversation.agent
    mode = Mode.AGENT if older.is_with_agent or younger.is_with_agent else Mode.BOT
    # above both epochs: nothing that either of them has on its way goes out under the wrong mode
    lead = apply.set_mode(lead, mode, agent, after_epoch=younger.conversation.epoch)
    withdraw = Withdraw.BOT_CHAT if lead.is_with_agent else Withdraw.CARRIED_OVER
    outcome = Outcome(lead, withdraw=withdraw).noting(MERGED, _brought(younger), event.at)
    return outcome.recording(MERGED, "system", event.at, younger=str(younger.id))


def _merged_waiting(older: Lead, younger: Lead) -> tuple[WaitingEntry, ...]:
    """All that either waits for; of two for the same the first in line stays."""
    merged: list[WaitingEntry] = []
    for entry in sorted((*older.waiting, *younger.waiting), key=lambda one: (one.joined_at, one.id)):
        is_twice = any(entry.waits_for(other) for other in merged)
        ended = WaitEnd.REPLACED if is_twice else None
        revision = entry.revision if entry in older.waiting else entry.revision + 1
        merged.append(replace(entry, ended=ended, revision=revision))
    return tuple(merged)


def _brought(younger: Lead) -> str:
    """Who the other one was known as and what came from there, in lines of label and value."""
    references = ", ".join(str(booking.reference) for booking in younger.bookings)
    told = (
        (BROUGHT_NAME, younger.name or ""),
        (BROUGHT_NUMBER, younger.address.wa_id or ""),
        (BROUGHT_BOOKINGS, references),
        (BROUGHT_MESSAGES, str(younger.inbox.words)),
    )
    said = (f"{label}: {value}" for label, value in told if value)
    return "\n".join(["Another conversation of this customer is part of this one now.", *said])


def merged_entry(older: InboxEntry, younger: InboxEntry) -> InboxEntry:
    """Both as one: no word that somebody was writing is lost, and whatever waited still waits."""
    last = max((older, younger), key=lambda one: BEFORE_ALARMS if one.last_at is None else one.last_at)
    waits = [at for at in (older.waiting_since, younger.waiting_since) if at is not None]
    woke = [at for at in (older.woke_at, younger.woke_at) if at is not None]
    kept = older
    for draft in younger.drafts:
        mine = kept.draft(draft.kind)
        text = draft.text if mine is None else f"{mine.text}\n{draft.text}"
        revision = max(older.revision, younger.revision) + 1
        kept = kept.with_draft(StaffDraft(draft.kind, draft.by, text, draft.at, revision))
    return replace(
        kept,
        preview=last.preview,
        last_speaker=last.last_speaker,
        last_at=last.last_at,
        waiting_since=min(waits, default=None),
        woke_at=min(woke, default=None),
        words=older.words + younger.words,
        read=older.read + younger.read,
        # above both: nobody has seen the two together
        turn=older.turn + younger.turn + 1,
        spoke=(*older.spoke, (CUSTOMER, older.turn + younger.turn + 1)),
        revision=max(kept.revision, younger.revision),
        snooze=None if younger.snooze is None else older.snooze,
        later=(*older.later, *younger.later),
        last_owner=older.last_owner or younger.last_owner,
    )


def _merged_conversation(older: Conversation, younger: Conversation) -> Conversation:
    received = [at for at in (older.last_inbound_at, younger.last_inbound_at) if at is not None]
    chosen = younger if younger.language_chosen and not older.language_chosen else older
    return replace(
        older,
        language=chosen.language or older.language or younger.language,
        language_chosen=older.language_chosen or younger.language_chosen,
        greeted=older.greeted or younger.greeted,
        opted_out=older.opted_out or younger.opted_out,
        last_inbound_at=max(received, default=None),
        unanswered=older.unanswered or younger.unanswered,
    )
