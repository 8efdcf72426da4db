"""`decide(lead, event, context)`: the whole product's thinking, without one await.

It never raises, for any lead and any event; what is late, repeated or no longer true changes nothing. What concerns
the conversation stands in `CONVERSATION`, what concerns a booking in `bot.dialogue.states.table`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import (
    addresses,
    alarms,
    complaints,
    conversation,
    credit_news,
    denials,
    dispatch,
    failures,
    follow_up,
    followers,
    house_questions,
    inbox,
    later,
    merging,
    money_events,
    opt_out,
    passing,
    release,
    takeover,
    waiting,
)
from bot.dialogue.changes import form
from bot.dialogue.own_words import in_own_words
from bot.dialogue.triggers import LeadHandler, Trigger, trigger_of
from bot.domain.events import (
    AddressChanged,
    AgentReleased,
    AgentTookOver,
    AgentWrote,
    AlarmsFound,
    BotStumbled,
    CustomerWrote,
    EffectFailed,
    Event,
    LeadsMerged,
    NumberLost,
    StaffAsked,
    StaffEchoed,
    TimerFired,
)
from bot.domain.form_events import ChangeFormSubmitted
from bot.domain.inbox_events import (
    AgentAssigned,
    AnswerNoted,
    ConversationRead,
    ConversationSnoozed,
    DraftSaved,
    LaterSendDropped,
    LaterSendPlanned,
    NoteWritten,
)
from bot.domain.lead import Lead
from bot.domain.money_news import CreditNewsCame, PayoutStuck, PayoutWentOn
from bot.domain.outcome import Decision, Outcome, conclude
from bot.domain.passing import ProviderWrote, SpokeAsPartner, WordsNotPassed
from bot.domain.timers import TimerKind, read_timer
from bot.domain.waiting import TakenOffList, TimeKept
from bot.lifecycle.apply import TransitionDenied

UNKNOWN_TIMER_LATER: Final = timedelta(minutes=10)


def decide(lead: Lead, event: Event, context: Context) -> Decision:
    """The lead after this event, and what has to be done about it, said in the words of the house."""
    return in_own_words(context.business.words, lambda: _decided(lead, event, context))


def _decided(lead: Lead, event: Event, context: Context) -> Decision:
    lead = as_known(lead, event)
    known = alarms.ended_by(lead, event)
    try:
        outcome = _outcome(known, event, context)
    except TransitionDenied as denied:
        outcome = denials.undo_event(known, event, denied)
    outcome = opt_out.obeyed(lead, event, followers.follow(lead, outcome, context))
    outcome = later.noted(inbox.noted(outcome, lead, event, context), lead, event, context)
    return conclude(event, lead, outcome, context.business.version)


def as_known(lead: Lead, event: Event) -> Lead:
    """The lead with the booking a step is about, where that has ended and left it."""
    if not isinstance(event, StaffAsked) or event.recorded is None or lead.booking(event.booking) is not None:
        return lead
    return lead.with_booking(event.recorded)


def _outcome(lead: Lead, event: Event, context: Context) -> Outcome:
    if isinstance(event, TimerFired):
        if lead.timers.get(event.name) != event.due_at:
            # moved or taken back since
            return Outcome(lead)
        if read_timer(event.name) is None:
            # another version's: left for that version to hear, or for good
            return Outcome(lead.with_timer(event.name, event.at + UNKNOWN_TIMER_LATER))
        lead = lead.without_timer(event.name)
    trigger = trigger_of(event)
    handler = None if trigger is None else CONVERSATION.get(trigger)
    return dispatch.handle(lead, event, context) if handler is None else handler(lead, event, context)


CONVERSATION: Final[Mapping[Trigger, LeadHandler]] = {
    CustomerWrote: conversation.customer_wrote,
    AgentTookOver: takeover.taken_over,
    AgentReleased: release.released,
    AgentWrote: takeover.agent_wrote,
    StaffEchoed: takeover.staff_echoed,
    TimerKind.AGENT_IDLE: release.idle,
    TimerKind.COMPLAINT: complaints.late,
    TimerKind.FOLLOW_UP: follow_up.due,
    TimerKind.SNOOZE: later.slept,
    TimerKind.SEND_LATER: later.due,
    TimerKind.WAIT_ANSWER: waiting.answered_late,
    TimerKind.WAIT_OVER: waiting.nothing_came,
    TimeKept: waiting.time_kept,
    TakenOffList: waiting.taken_off,
    EffectFailed: failures.effect_failed,
    BotStumbled: failures.delivery_failed,
    LeadsMerged: merging.merged,
    AddressChanged: addresses.address_changed,
    NumberLost: addresses.number_lost,
    PayoutStuck: money_events.payout_stuck,
    PayoutWentOn: alarms.heard,
    CreditNewsCame: credit_news.news_came,
    AlarmsFound: alarms.found,
    ChangeFormSubmitted: form.submitted,
    ProviderWrote: passing.provider_wrote,
    WordsNotPassed: passing.not_passed,
    SpokeAsPartner: passing.spoke_as_partner,
    ConversationRead: inbox.read,
    DraftSaved: inbox.draft_saved,
    NoteWritten: inbox.note_written,
    AnswerNoted: house_questions.noted,
    AgentAssigned: inbox.assigned,
    ConversationSnoozed: later.snoozed,
    LaterSendPlanned: later.planned,
    LaterSendDropped: later.dropped,
}
"""What happens to the conversation as a whole, whatever bookings there are."""
