"""What the contact of a place is told of bookings there, and the digest, which has their own work too."""

from dataclasses import replace

from bot.business.catalogue import ServiceKind
from bot.business.contacts import Roles
from bot.business.context import Context
from bot.dialogue.partners.budget import is_soon, spent
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.arrival import Arrival, PlaceNews
from bot.domain.outcome import EffectRequest
from bot.domain.partner import Consent, Partner, held_ahead, held_booking, held_new
from bot.domain.partner_events import ArrivalsFound, DigestTold, PlaceTold
from bot.domain.partner_orders import FindArrivals, FindJobs
from bot.domain.task import TaskKind
from bot.replies import digest as digests
from bot.replies import places as words

Step = tuple[Partner, tuple[EffectRequest, ...]]


def heard(partner: Partner, event: ArrivalsFound | PlaceTold | DigestTold, roles: Roles, context: Context) -> Step:
    """What is news of their places, or was looked up."""
    match event:
        case ArrivalsFound():
            return partner, (words.arrivals(event.arrivals, roles, context),)
        case PlaceTold():
            return told(partner, event, roles, context)
        case DigestTold():
            return digest(partner, event, roles, context)


def told(partner: Partner, event: PlaceTold, roles: Roles, context: Context) -> Step:
    """Told at once; who does not want it here, or has lost the number, is for a person to call."""
    arrival = event.arrival
    if arrival.place not in roles.places:
        # somebody else looks after it since
        return partner, ()
    if partner.is_locked or partner.consent is Consent.REFUSED:
        return partner.alarmed(AlarmReason.PARTNER_NOT_TOLD, event.at, arrival.booking), ()
    name = held_booking(arrival.booking)
    new = held_new(name)
    if _is_picked_up(arrival, context) and not window.is_open(partner, context.now):
        # nobody comes in, so it is no reason for a template: they see it whenever they look
        return partner.without_held(name, new), ()
    is_off, news = event.news is PlaceNews.CALLED_OFF, event.news
    if new in partner.held:
        if is_off:
            # called off before they had heard of it
            return partner.without_held(name, new), ()
        news = PlaceNews.BOOKED
    counted = spent(partner, context, is_urgent=is_off or is_soon(arrival.starts_at, context))
    if counted is None or partner.is_with_agent:
        # of a change that waits they know the booking: called off, they have to hear of that all the same
        return partner.holding(new if news is PlaceNews.BOOKED else name), ()
    return _addressed(counted.without_held(name, new)), (words.told(news, arrival, roles, context),)


def _is_picked_up(arrival: Arrival, context: Context) -> bool:
    """Whether its guests are fetched at the gate, and the house has nothing to prepare."""
    service = context.business.service(arrival.service)
    return service is not None and service.kind is ServiceKind.TRAVEL


def digest(partner: Partner, event: DigestTold, roles: Roles, context: Context) -> Step:
    """One message about tomorrow, with what waited to be told; nothing where there is nothing. That they were paid
    is told with it, and is no reason for it."""
    if partner.is_locked or partner.is_with_agent or partner.consent is Consent.REFUSED:
        return partner, ()
    if not (_has_news(partner, event) or (event.jobs and window.is_open(partner, context.now))):
        return partner, ()
    # what the budget held back is said here, so this itself never waits for the budget
    counted = spent(partner, context, is_urgent=True) or partner
    seen = counted.having_seen(event.at, *(job.task for job in (*event.jobs, *event.held_jobs)))
    return _addressed(replace(seen, held=(), paid_out=())), (digests.digest(event, roles, context, partner.paid_out),)


def _has_news(partner: Partner, event: DigestTold) -> bool:
    """Whether it says something that is worth a template: who comes to their place, what waited to be told, a job of a
    guest's, and work of tomorrow that they have not heard of for a week. What waits until it is near is told along."""
    waited = [job for job in event.held_jobs if held_ahead(job.task) not in partner.held]
    return bool(event.arrivals or event.held_arrivals or waited) or any(
        job.kind is not TaskKind.CHORE or not partner.knows(job.task, event.at) for job in event.jobs
    )


def looked_up(partner: Partner, roles: Roles) -> tuple[EffectRequest, ...]:
    """Everything that is theirs: what they have to do, and who comes to their places."""
    has_work = roles.workers or not (roles.places or roles.on_call)
    jobs = (EffectRequest(FindJobs(partner.phone)),) if has_work else ()
    return (*jobs, EffectRequest(FindArrivals(partner.phone))) if roles.places else jobs


def _addressed(partner: Partner) -> Partner:
    """The first thing they hear from us says how to stop it."""
    return replace(partner, consent=Consent.ASKED) if partner.consent is Consent.UNASKED else partner
