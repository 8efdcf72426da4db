"""A partner's own `decide`: small, pure, and complete to the eye; it never raises, and what is no longer true changes
nothing.

Who they are to the house is read in the business file as it is now: whoever left it is told so, and shown nothing.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.business.contacts import Roles, roles_of
from bot.business.context import Context
from bot.dialogue.partners import jobs
from bot.dialogue.partners.side import asks_for
from bot.domain.alarms import AlarmReason
from bot.domain.contents import Reaction, Tap, Text
from bot.domain.events import BotStumbled, EffectFailed, TimerFired
from bot.domain.outcome import Decided, EffectRequest, numbered
from bot.domain.partner import Consent, Partner
from bot.domain.partner_events import (
    AnyEvent,
    EarningsFound,
    JobsFound,
    JobShown,
    JobStepped,
    JobTold,
    PartnerNumberDoubted,
    PartnerWrote,
    SpokeAsGuest,
)
from bot.domain.partner_orders import FindEarnings, FindJobs
from bot.replies import partner as words

LOOK: Final = "look"
"""The timer that looks whether what a person had to see to is done: nothing else tells us."""
LOOK_EVERY: Final = timedelta(days=1)

Step = tuple[Partner, tuple[EffectRequest, ...]]


def decide(partner: Partner, event: AnyEvent, context: Context) -> Decided[Partner]:
    """The partner after this event, and what has to be done about it."""
    roles = roles_of(context.business, partner.phone)
    after, requests = _step(partner, event, roles, context)
    if after.alarms and LOOK not in after.timers:
        after = after.with_timer(LOOK, event.at + LOOK_EVERY)
    return Decided(after, numbered(event.id, requests, after), business=context.business.version)


def _step(partner: Partner, event: AnyEvent, roles: Roles | None, context: Context) -> Step:
    match event:
        case PartnerWrote():
            missed = any(one.reason is AlarmReason.PARTNER_NOT_TOLD for one in partner.alarms)
            heard, requests = _wrote(_heard(partner, event), event, roles, context)
            # what could not be said to them is said now
            catching_up = (EffectRequest(FindJobs(partner.phone)),) if missed and roles is not None else ()
            return heard, (*requests, *catching_up)
        case SpokeAsGuest(at=at):
            return replace(partner, last_inbound_at=at, guest_at=at), ()
        case PartnerNumberDoubted(at=at, is_anothers=is_anothers):
            doubted = partner.alarmed(AlarmReason.PARTNER_NUMBER, at, _named(roles))
            return replace(doubted, is_locked=partner.is_locked or is_anothers), ()
        case JobsFound():
            if roles is None:
                return partner, ()
            shown = partner.having_seen(*(job.task for job in event.jobs))
            return shown, (words.jobs(event.jobs, roles, context),)
        case EarningsFound():
            return partner, () if roles is None else (words.earnings(event, roles),)
        case JobTold() | JobShown() | JobStepped():
            # who has left the file since: nothing of ours is theirs to know
            return (partner, ()) if roles is None else _of_job(partner, event, roles, context)
        case EffectFailed(at=at):
            return partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, at, _named(roles)), ()
        case BotStumbled(at=at):
            return partner.alarmed(AlarmReason.DELIVERY_FAILED, at, _named(roles)), ()
        case TimerFired(name=name, due_at=due_at):
            return _timer(partner, name, due_at, roles), ()
        case _:
            # a customer's: nobody sends it here
            return partner, ()


def _of_job(partner: Partner, event: JobTold | JobShown | JobStepped, roles: Roles, context: Context) -> Step:
    match event:
        case JobTold():
            return jobs.told(partner, event, roles, context)
        case JobShown():
            return jobs.shown(partner, event, roles, context)
        case JobStepped():
            return jobs.stepped(partner, event, roles, context)


def _heard(partner: Partner, event: PartnerWrote) -> Partner:
    """They are there: what could not be told them can be said now, and their address is the one seen last."""
    seen = replace(partner, address=partner.address.updated(event.address), last_inbound_at=event.at, spoke_at=event.at)
    return seen.without_alarms({AlarmReason.PARTNER_NOT_TOLD})


def _wrote(partner: Partner, event: PartnerWrote, roles: Roles | None, context: Context) -> Step:
    content = event.bubble.content
    if isinstance(content, Reaction):
        return partner, ()
    if roles is None:
        return partner, (words.unknown(context),)
    answer = jobs.answered(partner, content, roles)
    if answer is None and isinstance(content, Tap):
        answer = jobs.tapped(partner, content.id, roles)
    if answer is not None:
        return answer
    match content:
        case Tap(id=words.YES_TAP):
            return replace(partner, consent=Consent.GIVEN), (words.agreed(roles),)
        case Tap(id=words.NO_TAP):
            return replace(partner, consent=Consent.REFUSED), (words.declined(roles),)
        case Tap(id=words.JOBS_TAP):
            return partner, (EffectRequest(FindJobs(partner.phone)),)
        case Text(body=body) if asks_for("jobs", body):
            return partner, (EffectRequest(FindJobs(partner.phone)),)
        case Tap(id=words.MONEY_TAP):
            return partner, (EffectRequest(FindEarnings(partner.phone)),)
        case Text(body=body) if asks_for("money", body):
            return partner, (EffectRequest(FindEarnings(partner.phone)),)
        case _:
            if partner.consent in {Consent.UNASKED, Consent.REFUSED}:
                return replace(partner, consent=Consent.ASKED), (words.hello(roles, context),)
            return partner, (words.menu(roles, context),)


def _timer(partner: Partner, name: str, due_at: object, roles: Roles | None) -> Partner:
    if partner.timers.get(name) != due_at or name != LOOK:
        # moved since; or another version's, left for that version to hear
        return partner
    partner = partner.without_timer(LOOK)
    if roles is None:
        # the file has another number, or nobody in their place: nothing is left to look at
        return replace(partner, alarms=())
    return partner


def _named(roles: Roles | None) -> str:
    """Whom an alarm is about, by an id of the business file."""
    return "" if roles is None else next(iter((*roles.workers, *roles.places)), "")
