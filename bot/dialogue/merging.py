"""Two leads that turn out to be one person."""

from dataclasses import replace
from functools import reduce

from bot.business.context import Context
from bot.domain.alarms import with_alarm
from bot.domain.events import LeadsMerged
from bot.domain.lead import MOST_REMEMBERED, Conversation, Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.domain.states import Mode
from bot.lifecycle import apply


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
        visits=reduce(Lead.with_visit, older.visits, younger).visits,
        timers={**younger.timers, **older.timers},
    )
    agent = older.conversation.agent or younger.conversation.agent
    mode = Mode.AGENT if older.is_with_agent or younger.is_with_agent else Mode.BOT
    # above both epochs: nothing that either of them has on its way goes out under the wrong mode
    lead = apply.set_mode(lead, mode, agent, after_epoch=younger.conversation.epoch)
    withdraw = Withdraw.BOT_CHAT if lead.is_with_agent else Withdraw.CARRIED_OVER
    return Outcome(lead, withdraw=withdraw).recording("leads_merged", "system", event.at, younger=str(younger.id))


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
