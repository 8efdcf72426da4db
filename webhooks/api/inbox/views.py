"""The inbox as the API shows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.business.definition import Business
from bot.business.open_time import open_between
from bot.domain import window
from bot.domain.ids import LeadId
from bot.domain.inbox import DraftKind, LaterSend, Snooze, StaffDraft
from bot.domain.outbox import Status, StoredLead
from bot.engine.parts import Parts
from bot.store.presence import Present
from webhooks.api.inbox import models
from webhooks.edge.models import rfc3339


async def rows_of(parts: Parts, found: Sequence[StoredLead]) -> list[models.InboxRow]:
    """The rows of those conversations, with who looks at them."""
    now = await parts.clock.business_now()
    present = await parts.presence.of([stored.lead.id for stored in found]) if found else {}
    business = parts.context(now).business
    return [row(stored, business, now, present) for stored in found]


def row(
    stored: StoredLead, business: Business, now: datetime, present: Mapping[LeadId, Sequence[Present]]
) -> models.InboxRow:
    """One conversation."""
    lead, entry = stored.lead, stored.lead.inbox
    since, reply, booking = lead.waiting_since, entry.draft(DraftKind.REPLY), lead.open_booking
    waited = 0.0
    if since is not None:
        hours = business.agents.hours
        waited = open_between(hours, business.closed, business.zone, since, now).total_seconds()
    return models.InboxRow(
        id=lead.id,
        name=lead.name,
        language=lead.language,
        mode=lead.conversation.mode.value,
        owner=lead.conversation.agent,
        preview=entry.preview,
        last_speaker=entry.last_speaker,
        last_at=rfc3339(entry.last_at),
        last_inbound_at=rfc3339(lead.last_inbound_at),
        unread=entry.unread,
        waiting_since=rfc3339(since),
        waited_minutes=int(waited // 60),
        window_closes_at=rfc3339(window.expires_at(lead)),
        deadline_at=rfc3339(lead.deadline_at),
        draft=None if reply is None else draft(reply),
        bot_draft=any(queued.status is Status.DRAFT for queued in stored.outbox),
        snooze=None if entry.snooze is None else snooze(entry.snooze),
        waits_for_person=lead.waits_for_person,
        open_booking=None if booking is None else booking.reference,
        turn=entry.turn,
        present=[models.PresentShown(agent=one.agent, typing=one.is_typing) for one in present.get(lead.id, ())],
    )


def draft(of: StaffDraft) -> models.StaffDraftShown:
    """What somebody is writing."""
    return models.StaffDraftShown(kind=of.kind, by=of.by, text=of.text, at=of.at.isoformat(), revision=of.revision)


def snooze(of: Snooze) -> models.SnoozeShown:
    """Until what it is put off."""
    since, until = of.since.isoformat(), rfc3339(of.until)
    return models.SnoozeShown(kind=of.kind, by=of.by, since=since, until=until, booking=of.booking or None)


def later(of: LaterSend) -> models.LaterShown:
    """Words that wait for their time."""
    return models.LaterShown(
        id=of.id, by=of.by, text=of.body, at=of.at.isoformat(), booking=of.booking or None, stopped=of.stopped
    )
