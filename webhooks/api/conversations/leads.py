"""Leads looked up, and as the API shows them."""

from bot.domain import window
from bot.domain.alarms import LeadAlarm
from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import StoredLead, StoredThread
from bot.domain.partner import Partner, is_partner
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.engine.takeover import NoSuchLead
from webhooks.api.conversations.models import LeadAlarmShown, LeadShown
from webhooks.edge.models import rfc3339


async def of_id(parts: Parts, lead_id: str) -> StoredLead:
    """That lead, or the one it was merged into; NoSuchLead."""
    stored = await living(parts.leads, LeadId(lead_id))
    if stored is None:
        raise NoSuchLead(lead_id)
    return stored


async def thread_of(parts: Parts, thread: str) -> StoredThread[Lead] | StoredThread[Partner]:
    """That lead's conversation, or that partner's about their work; NoSuchLead."""
    if not is_partner(thread):
        return await of_id(parts, thread)
    stored = await parts.partners.load(LeadId(thread))
    if stored is None:
        raise NoSuchLead(thread)
    return stored


async def of_phone(parts: Parts, phone: str) -> StoredLead | None:
    """The lead of a phone number, with or without its plus."""
    return await _of_address(parts, "wa_id", phone.lstrip("+"))


async def of_user(parts: Parts, user_id: str) -> StoredLead | None:
    """The lead of a user id."""
    return await _of_address(parts, "user_id", user_id)


async def _of_address(parts: Parts, kind: str, value: str) -> StoredLead | None:
    lead = await parts.aliases.find(parts.vault.alias(kind, value))
    # the address is known a moment before its lead is there (a first message, or a worker that died between the two):
    # until then nobody is found
    return None if lead is None else await living(parts.leads, lead)


def shown(stored: StoredLead, timezone: str) -> LeadShown:
    """A customer, and who is in charge of the conversation."""
    lead, talk = stored.lead, stored.lead.conversation
    booking = lead.open_booking
    return LeadShown(
        id=lead.id,
        wa_id=lead.address.wa_id,
        user_id=lead.address.user_id,
        name=lead.name,
        referrer=lead.referrer,
        language=lead.language,
        mode=talk.mode.value,
        epoch=talk.epoch,
        owner=talk.agent,
        waits_for_person=lead.waits_for_person,
        alarms=[alarm_shown(alarm) for alarm in sorted(lead.alarms, key=lambda alarm: alarm.since)],
        opted_out=talk.opted_out,
        unstable_since=rfc3339(lead.unstable_since),
        last_inbound_at=rfc3339(talk.last_inbound_at),
        window_expires_at=rfc3339(window.expires_at(lead)),
        open_booking=None if booking is None else booking.reference,
        timezone=timezone,
    )


def alarm_shown(alarm: LeadAlarm) -> LeadAlarmShown:
    """What waits for a person, and since when."""
    return LeadAlarmShown(
        reason=alarm.reason,
        subject=alarm.subject,
        since=alarm.since.isoformat(timespec="seconds"),
        due=None if alarm.due is None else alarm.due.isoformat(timespec="seconds"),
    )
