"""A stay lived in, and the end of what is over with its time or with its last task.

Staff check a guest in and out; how it is over then is `services[].completion` of the business file. Where nobody has
said that it ended when its time is over, a person is asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.business.catalogue import CompletionRule, Venue
from bot.business.context import Context
from bot.business.staff import GUEST
from bot.dialogue.money_events import for_agent
from bot.dialogue.states import absence
from bot.dialogue.task_plan import HAVE_TASKS
from bot.dialogue.triggers import Handler, Trigger
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, BookingQuestion
from bot.domain.commands import SendText
from bot.domain.events import StaffAction, StaffAsked, TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, UPCOMING, ShowUp, State
from bot.domain.task import SERVICE_TASK, TaskState
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import TimerKind
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor, actor_named
from bot.replies import stays as words
from intents.understanding import ExpectedAnswer

_OF_TASKS: Final = frozenset({AlarmReason.TASK_LATE, AlarmReason.TASK_PROBLEM, AlarmReason.TASK_UNFILLED})

_MOST_TOLD: Final = 20


def check_in(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The guest is there: who stays has come."""
    moved = arrived(lead, booking, actor_named(event.role), context)
    return _with_words(lead, Outcome(moved), words.welcome(lead, booking, context), event)


def check_out(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The guest has left; with its tasks done, that is its end."""
    moved = departed(lead, booking, actor_named(event.role), context)
    return _with_words(lead, Outcome(moved), words.thanks(lead, booking, context), event)


def arrived(lead: Lead, booking: Booking, by: Actor, context: Context) -> Lead:
    """The lead with that guest checked in; TransitionDenied."""
    here = replace(apply.set_facet(booking, ShowUp.CAME, by), open_question=None)
    return lead.with_booking(apply.move(lead, here, State.CHECKED_IN, by, context))


def departed(lead: Lead, booking: Booking, by: Actor, context: Context) -> Lead:
    """The lead with that guest checked out; TransitionDenied."""
    gone = apply.move(lead, replace(booking, open_question=None), State.CHECKED_OUT, by, context)
    if _ends(gone, context) is CompletionRule.BY_TASK and _has_all_done(gone):
        gone = apply.move(lead, gone, State.COMPLETED, Actor.SYSTEM, context)
    return lead.with_booking(gone)


def complete(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Somebody of the house says that it is over."""
    ended = replace(booking, open_question=None)
    return Outcome(lead.with_booking(apply.move(lead, ended, State.COMPLETED, actor_named(event.role), context)))


def over(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Its time is over: that is its end, or somebody has to say so."""
    if booking.chosen is None:
        return Outcome(lead)
    ends = _ends(booking, context)
    if ends is CompletionRule.ON_END or (ends is CompletionRule.BY_TASK and _has_all_done(booking)):
        return Outcome(_ended(lead, booking, context))
    return Outcome(lead.alarmed(AlarmReason.END_UNKNOWN, event.at, booking.reference))


def task_news(lead: Lead, booking: Booking, event: TaskNewsCame, context: Context) -> Outcome:
    """What became of one of its tasks; the last one may be its end."""
    outcome = task_news_of_ended(lead, event, context)
    of_absence = absence.news(outcome.lead, booking, event, context)
    if of_absence.lead is not outcome.lead:
        outcome = replace(outcome, lead=of_absence.lead, requests=(*outcome.requests, *of_absence.requests))
        lead, booking = of_absence.lead, of_absence.lead.booking(booking.reference) or booking
    told = _done(outcome.lead, booking, event, context)
    if told is not None:
        outcome = replace(told, requests=(*outcome.requests, *told.requests))
        lead, booking = outcome.lead, outcome.lead.booking(booking.reference) or booking
    service = context.business.service(booking.service or "")
    if event.is_on_the_way and service is not None and service.venue is Venue.GUEST_PLACE:
        # a word of theirs reaches the guest through us, and no number does
        return _with_words(lead, outcome, words.on_the_way(lead, booking, context), event)
    if _was_given(booking, event, context):
        # who gave it says so: the guest was there
        came = replace(apply.set_facet(booking, ShowUp.CAME), open_question=None)
        lead = outcome.lead.with_booking(apply.move(outcome.lead, came, State.COMPLETED, Actor.SYSTEM, context))
        was_asked = booking.open_question is BookingQuestion.SHOW_UP and lead.open_booking is None
        return replace(outcome, lead=lead.conversing(expecting=ExpectedAnswer.NOTHING) if was_asked else lead)
    if not event.is_last or event.plan_no != booking.plan_no or booking.plan_no == 0:
        return outcome
    booking = replace(booking, tasks_done_no=booking.plan_no)
    lead = outcome.lead.with_booking(booking)
    slot = booking.chosen
    has_left = booking.state is State.CHECKED_OUT or (slot is not None and slot.end <= event.at)
    takes_place = booking.state in HAVE_TASKS and booking.state not in CLOSED
    if takes_place and has_left and _ends(booking, context) is CompletionRule.BY_TASK:
        lead = _ended(lead, booking, context)
    return replace(outcome, lead=lead)


def _done(lead: Lead, booking: Booking, event: TaskNewsCame, context: Context) -> Outcome | None:
    """Work of theirs is done, and the file says that they hear of it (`tasks[].tell`): once, where it can be read;
    none where nothing is told."""
    template = event.task.split(":")[1] if event.task.count(":") > 1 else ""
    is_told = event.state is TaskState.DONE and GUEST in context.business.told_when_done(template)
    is_read = window.is_open(lead, event.at) and not lead.conversation.opted_out
    if not is_told or not is_read or event.task in booking.tasks_told:
        return None
    noted = lead.with_booking(replace(booking, tasks_told=(*booking.tasks_told, event.task)[-_MOST_TOLD:]))
    said = EffectRequest(SendText(words.work_done(lead, booking, template, context)), is_fact=True)
    facts = {"booking": str(booking.reference), "task": event.task}
    return for_agent(
        lead, Outcome(noted).requesting(said).recording("task_told", "system", event.at, **facts), event.at
    )


def task_news_of_ended(lead: Lead, event: TaskNewsCame, context: Context) -> Outcome:
    """Its alarms are open exactly as long as they are true, and each move of a task is on record."""
    lead = lead.without_alarms(_OF_TASKS, event.task)
    if event.state is TaskState.PROBLEM:
        lead = lead.alarmed(AlarmReason.TASK_PROBLEM, event.at, event.task)
    if event.state is TaskState.UNFILLED:
        lead = lead.alarmed(AlarmReason.TASK_UNFILLED, event.at, event.task)
    if event.is_late:
        lead = lead.alarmed(AlarmReason.TASK_LATE, event.at, event.task)
    facts = {"booking": str(event.booking), "task": event.task, "state": event.state.value}
    return Outcome(lead).recording("task_late" if event.is_late else "task_moved", event.by, event.at, **facts)


def _was_given(booking: Booking, event: TaskNewsCame, context: Context) -> bool:
    """Whether that task is what was booked, done, and nothing else says how the booking is over."""
    is_service = event.task.startswith(f"{booking.reference}:{SERVICE_TASK}:") and event.state is TaskState.DONE
    has_begun = booking.chosen is not None and booking.chosen.start <= event.at
    takes_place = booking.state in UPCOMING
    return is_service and has_begun and takes_place and _ends(booking, context) is None


def _ended(lead: Lead, booking: Booking, context: Context) -> Lead:
    """The lead with it completed, whoever forgot to say that the guest has left."""
    ending = replace(booking, open_question=None)
    if ending.state is State.CHECKED_IN:
        ending = apply.move(lead, ending, State.CHECKED_OUT, Actor.SYSTEM, context)
    return lead.with_booking(apply.move(lead, ending, State.COMPLETED, Actor.SYSTEM, context))


def _ends(booking: Booking, context: Context) -> CompletionRule | None:
    service = context.business.service(booking.service or "")
    # what has left the file ends as it always did: with its time
    return CompletionRule.ON_END if service is None else service.ends


def _has_all_done(booking: Booking) -> bool:
    return booking.plan_no > 0 and booking.tasks_done_no == booking.plan_no


def _with_words(lead: Lead, outcome: Outcome, body: str, event: StaffAsked | TaskNewsCame) -> Outcome:
    """Kind words need no template: outside the window they are left unsaid, and nobody is called for them."""
    if lead.conversation.opted_out or not window.is_open(lead, event.at):
        return outcome
    return for_agent(lead, outcome.requesting(EffectRequest(SendText(body), is_fact=True)), event.at)


ASKED: Final[Mapping[Trigger, Handler]] = {
    StaffAction.CHECK_IN: check_in,
    StaffAction.CHECK_OUT: check_out,
    StaffAction.COMPLETE: complete,
}
"""May be asked in every state; the verdict says where it is allowed."""
HANDLERS: Final[Mapping[Trigger, Handler]] = {TimerKind.OVER: over}
"""Of what takes place."""
