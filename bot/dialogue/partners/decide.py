"""A partner's own `decide`: small, pure, and complete to the eye; it never raises, and what is no longer true changes
nothing.

Who they are to the house is read in the business file as it is now: whoever left it is told so, and shown nothing.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.contacts import Roles, roles_of
from bot.business.context import Context
from bot.dialogue.own_words import in_own_words
from bot.dialogue.partners import attention, day_off, jobs, money, passing, places, takeover
from bot.dialogue.partners.side import asks_for
from bot.domain.alarms import AlarmReason, LeadAlarm
from bot.domain.attention_news import (
    AttentionEnded,
    AttentionFound,
    AttentionStepped,
    AttentionTold,
    FindAttention,
    OwnerDigestTold,
)
from bot.domain.contents import Content, Reaction, Tap, Text
from bot.domain.events import (
    AgentReleased,
    AgentTookOver,
    AgentWrote,
    BotStumbled,
    EffectFailed,
    StaffEchoed,
    TimerFired,
)
from bot.domain.front_desk import DeskStep
from bot.domain.job import task_told
from bot.domain.outcome import Decided, EffectRequest, numbered
from bot.domain.partner import Consent, Partner
from bot.domain.partner_events import (
    AnyEvent,
    ArrivalsFound,
    DayOffNoted,
    DigestTold,
    EarningsFound,
    GuestsFound,
    GuestStepped,
    GuestWrote,
    JobsFound,
    JobShown,
    JobsLookedAt,
    JobStepped,
    JobTold,
    MoneyDisputed,
    PartnerNumberConfirmed,
    PartnerNumberDoubted,
    PartnerWrote,
    PayoutTold,
    PlaceTold,
    SpokeAsGuest,
    WordsPassed,
    WorkDone,
)
from bot.domain.partner_orders import FindEarnings, FindGuests, FindJobs, LookAtJobs, PartnerOrder, StepGuest
from bot.replies import front_desk as desk_words
from bot.replies import partner as words

LOOK: Final = "look"
"""The timer that looks whether what a person had to see to is done: nothing else tells us."""
LOOK_EVERY: Final = timedelta(days=1)

Step = tuple[Partner, tuple[EffectRequest, ...]]


def decide(partner: Partner, event: AnyEvent, context: Context) -> Decided[Partner]:
    """The partner after this event, and what has to be done about it, said in the words of the house."""
    return in_own_words(context.business.words, lambda: _decided(partner, event, context))


def _decided(partner: Partner, event: AnyEvent, context: Context) -> Decided[Partner]:
    roles = roles_of(context.business, partner.phone)
    after, requests = _step(partner, event, roles, context)
    if after.alarms and LOOK not in after.timers:
        after = after.with_timer(LOOK, event.at + LOOK_EVERY)
    withdraw = takeover.withdraw(partner, after)
    return Decided(after, numbered(event.id, requests, after), withdraw, business=context.business.version)


def _step(partner: Partner, event: AnyEvent, roles: Roles | None, context: Context) -> Step:
    match event:
        case PartnerWrote() if partner.is_with_agent:
            # what waits to be said to them waits on: the bot is silent
            return _wrote(_seen(partner, event), event, roles, context, partner.spoke_at)
        case PartnerWrote():
            return _spoke(partner, event, roles, context)
        case SpokeAsGuest(at=at):
            there = replace(partner, last_inbound_at=at, guest_at=at)
            # one number, one window: what a guest wrote to them can be said now
            return (there, ()) if roles is None or there.is_with_agent else _caught_up(there, roles, context)
        case PartnerNumberDoubted() | PartnerNumberConfirmed():
            return _of_number(partner, event, roles), ()
        case (
            JobsFound()
            | ArrivalsFound()
            | EarningsFound()
            | PayoutTold()
            | WorkDone()
            | MoneyDisputed()
            | JobTold()
            | JobShown()
            | JobStepped()
            | PlaceTold()
            | DigestTold()
            | WordsPassed()
            | GuestWrote()
            | GuestsFound()
            | GuestStepped()
            | DayOffNoted()
            | JobsLookedAt()
        ):
            # who has left the file since: nothing of ours is theirs to know
            return (partner, ()) if roles is None else _of_work(partner, event, roles, context)
        case AttentionTold() | AttentionEnded() | AttentionStepped() | AttentionFound() | OwnerDigestTold():
            return (partner, ()) if roles is None else attention.heard(partner, event, roles, context)
        case EffectFailed(at=at, effect=effect):
            untold = partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, at, task_told(effect) or _named(roles))
            after, passed = jobs.unsaid(untold, effect)
            return after, (*passed, *attention.unsaid(partner, effect))
        case AgentTookOver() | AgentReleased() | AgentWrote() | StaffEchoed():
            return takeover.step(partner, event, timedelta(hours=context.business.sop.handback_hours))
        case BotStumbled(at=at):
            return partner.alarmed(AlarmReason.DELIVERY_FAILED, at, _named(roles)), ()
        case TimerFired(name=name, due_at=due_at):
            return _timer(partner, name, due_at, roles)
        case _:
            # a customer's: nobody sends it here
            return partner, ()


def _spoke(partner: Partner, event: PartnerWrote, roles: Roles | None, context: Context) -> Step:
    """They write, and what waited to be said to them is said now."""
    missed = any(one.reason is AlarmReason.PARTNER_NOT_TOLD for one in partner.alarms)
    was_held, letters = bool(partner.held), tuple[EffectRequest, ...]()
    paid: tuple[EffectRequest, ...] = ()
    if roles is not None and not isinstance(event.bubble.content, Reaction):
        partner, letters = passing.read(partner, roles, context)
        partner, paid = money.caught_up(partner, roles)
    heard, requests = _wrote(_heard(partner, event), event, roles, context, partner.spoke_at)
    # what could not be said to them, or was held back
    behind = places.looked_up(partner, roles) if (missed or was_held) and roles is not None else ()
    said = (*requests, *(one for one in behind if one not in requests), *paid)
    return replace(heard, held=()), (*letters, *said)


def _caught_up(partner: Partner, roles: Roles, context: Context) -> Step:
    read, letters = passing.read(partner, roles, context)
    read, paid = money.caught_up(read, roles)
    return read, (*letters, *paid)


def _of_number(partner: Partner, event: PartnerNumberDoubted | PartnerNumberConfirmed, roles: Roles | None) -> Partner:
    if isinstance(event, PartnerNumberConfirmed):
        return partner.at_their_number()
    doubted = partner.alarmed(AlarmReason.PARTNER_NUMBER, event.at, _named(roles))
    return replace(doubted, is_locked=partner.is_locked or event.is_anothers)


_AboutWork = (
    JobsFound
    | ArrivalsFound
    | EarningsFound
    | PayoutTold
    | WorkDone
    | MoneyDisputed
    | JobTold
    | JobShown
    | JobStepped
    | PlaceTold
    | DigestTold
    | WordsPassed
    | GuestWrote
    | GuestsFound
    | GuestStepped
    | DayOffNoted
    | JobsLookedAt
)


def _of_work(partner: Partner, event: _AboutWork, roles: Roles, context: Context) -> Step:
    match event:
        case JobsFound():
            return partner.having_seen(event.at, *(job.task for job in event.jobs)), words.jobs(
                event.jobs, roles, context
            )
        case EarningsFound() | PayoutTold() | MoneyDisputed():
            return money.heard(partner, event, roles, context)
        case JobsLookedAt(over=over, has_more=has_more):
            return _looked_at(partner, over, has_more), ()
        case DayOffNoted():
            return partner, (day_off.noted(event, roles, context),)
        case GuestsFound():
            return partner, (desk_words.today(event, roles, context),)
        case GuestStepped():
            return partner, (desk_words.stepped(event, roles, context),)
        case JobTold():
            return jobs.told(partner, event, roles, context)
        case WorkDone():
            return jobs.done_by_others(partner, event, roles, context)
        case JobShown():
            return jobs.shown(partner, event, roles, context)
        case JobStepped():
            return jobs.stepped(partner, event, roles, context)
        case ArrivalsFound() | PlaceTold() | DigestTold():
            return places.heard(partner, event, roles, context)
        case WordsPassed() | GuestWrote():
            return passing.heard(partner, event, roles, context)


def _heard(partner: Partner, event: PartnerWrote) -> Partner:
    """They are there: what could not be told them can be said now, and their address is the one seen last."""
    return _seen(partner, event).without_alarms({AlarmReason.PARTNER_NOT_TOLD, AlarmReason.MANY})


def _seen(partner: Partner, event: PartnerWrote) -> Partner:
    return replace(partner, address=partner.address.updated(event.address), last_inbound_at=event.at, spoke_at=event.at)


def _wrote(
    partner: Partner, event: PartnerWrote, roles: Roles | None, context: Context, spoke_at: datetime | None
) -> Step:
    content = event.bubble.content
    if isinstance(content, Reaction) or (partner.is_with_agent and not isinstance(content, Tap)):
        # a tap is a fact, whoever has the thread; words are that person's to answer
        return partner, ()
    if roles is None:
        return partner, (words.unknown(context),)
    # who asks for their work, guests or money answers no question with it
    is_asking = isinstance(content, Text) and any(
        asks_for(what, content.body) for what in ("jobs", "guests", "money", "attention")
    )
    answer = None if is_asking else _answer(partner, event, roles, context, spoke_at)
    if answer is not None:
        return answer
    partner = passing.forgotten(partner)
    order = _looked_up(partner, content)
    if order is not None:
        return partner, places.looked_up(partner, roles) if isinstance(order, FindJobs) else (EffectRequest(order),)
    match content:
        case Tap(id=words.YES_TAP):
            return replace(partner, consent=Consent.GIVEN), (words.agreed(roles),)
        case Tap(id=words.NO_TAP):
            return replace(partner, consent=Consent.REFUSED), (words.declined(roles),)
        case _:
            if partner.consent in {Consent.UNASKED, Consent.REFUSED}:
                return replace(partner, consent=Consent.ASKED), (words.hello(roles, context),)
            return partner, (words.menu(roles, context),)


def _answer(
    partner: Partner, event: PartnerWrote, roles: Roles, context: Context, spoke_at: datetime | None
) -> Step | None:
    """What they say of a job, an offer or a day off; none where it is about none of these."""
    content, now = event.bubble.content, event.at
    answer = (
        passing.answered(partner, content, roles, now)
        or money.answered(partner, content, roles, now)
        or jobs.answered(partner, content, now)
    )
    if answer is not None:
        return answer
    match content:
        case Tap(id=tap):
            day = day_off.tapped(partner, tap, roles, context)
            waits = attention.tapped(partner, tap)
            if waits is not None:
                return waits
            wrong = money.tapped(passing.forgotten(partner), tap, roles, now)
            if wrong is not None:
                return wrong
            job = passing.tapped(partner, tap, roles, now) or jobs.tapped(passing.forgotten(partner), tap, roles, now)
            return job if day is None else (partner, (day,))
        case Text(body=body):
            day = day_off.asked(body, roles, context)
            return jobs.spoken(partner, body, spoke_at) if day is None else (partner, (day,))
        case _:
            return None


def _looked_up(partner: Partner, content: Content) -> PartnerOrder | None:
    """What they ask to see, or say of a guest, by a button or in words; none where it is neither."""
    phone = partner.phone
    ways: tuple[tuple[str, str, PartnerOrder], ...] = (
        ("jobs", words.JOBS_TAP, FindJobs(phone)),
        ("guests", desk_words.GUESTS_TAP, FindGuests(phone)),
        ("money", words.MONEY_TAP, FindEarnings(phone)),
        ("attention", words.ATTENTION_TAP, FindAttention(phone)),
    )
    match content:
        case Tap(id=tap):
            for step in DeskStep:
                if tap.startswith(desk_words.step_tap(step)):
                    return StepGuest(phone, tap.removeprefix(desk_words.step_tap(step)), step)
            return next((order for _, button, order in ways if tap == button), None)
        case Text(body=body):
            return next((order for what, _, order in ways if asks_for(what, body)), None)
        case _:
            return None


def _timer(partner: Partner, name: str, due_at: object, roles: Roles | None) -> Step:
    if name == takeover.IDLE and partner.timers.get(name) == due_at:
        return takeover.given_back(partner), ()
    if partner.timers.get(name) != due_at or name != LOOK:
        # moved since; or another version's, left for that version to hear
        return partner, ()
    partner = partner.without_timer(LOOK)
    if roles is None:
        # the file has another number, or nobody in their place: nothing is left to look at
        return replace(partner, alarms=(), question=None), ()
    untold = tuple(one.subject for one in partner.alarms if one.reason is AlarmReason.PARTNER_NOT_TOLD)
    return partner, (EffectRequest(LookAtJobs(partner.phone, untold)),) if untold else ()


def _looked_at(partner: Partner, over: Collection[str], has_more: bool) -> Partner:
    """Of a job that is over nobody has to be told any more; nor of anything, where nothing is to come."""

    def is_over(alarm: LeadAlarm) -> bool:
        is_of_task = ":" in alarm.subject
        return alarm.subject in over if is_of_task else not has_more

    left = tuple(one for one in partner.alarms if one.reason is not AlarmReason.PARTNER_NOT_TOLD or not is_over(one))
    # the one that stands for all that found no place ends with the last of the others
    has_others = any(one.reason is not AlarmReason.MANY for one in left)
    return replace(partner, alarms=left if has_others else ())


def _named(roles: Roles | None) -> str:
    """Whom an alarm is about, by an id of the business file."""
    return "" if roles is None else next(iter((*roles.workers, *roles.places, *roles.on_call)), "")
