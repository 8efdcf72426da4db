"""Tasks as whoever does them may know and move them: with what of the booking is theirs to know, and no number."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.business.contacts import Roles, roles_of
from bot.business.context import Context
from bot.dialogue import redos
from bot.dialogue.partners.money import payees_of
from bot.dialogue.payment_links import terms_of
from bot.dialogue.task_plan import HAVE_TASKS, SESSION_STANDS, outlives
from bot.domain.attention_news import FindAttention, StepAttention
from bot.domain.blocks import PROVIDER, STAFF
from bot.domain.booking import Booking
from bot.domain.complaints import Picture
from bot.domain.contents import Media
from bot.domain.ids import BookingReference, EffectId, EventId
from bot.domain.job import Job, JobStep
from bot.domain.lead import Lead
from bot.domain.masking import without_contacts
from bot.domain.partner import KNOWN_FOR
from bot.domain.partner_events import (
    ArrivalsFound,
    DayOffNoted,
    EarningsFound,
    JobsFound,
    JobShown,
    JobsLookedAt,
    JobStepped,
    MoneyDisputed,
    PartnerEvent,
    PassResult,
    WordsPassed,
)
from bot.domain.partner_orders import (
    DisputeMoney,
    FindArrivals,
    FindEarnings,
    FindGuests,
    FindJobs,
    LookAtJobs,
    PartnerOrder,
    PassToGuest,
    ShowJob,
    StepGuest,
    StepJob,
    TakeDayOff,
)
from bot.domain.task import GUEST_ABSENT, ShownJob, Task, TaskKind, TaskState
from bot.engine.channel import Channel
from bot.engine.front_desk import FrontDesk
from bot.engine.living import living
from bot.engine.offer_desk import OfferDesk
from bot.engine.on_call import OnCallDesk
from bot.engine.pictures import SMALLEST, picture_type
from bot.engine.place_courier import PlaceCourier
from bot.engine.retries import FETCHED_AGAIN_AFTER, TryLater
from bot.engine.staff_actions import StaffActions
from bot.engine.task_desk import TaskDesk
from bot.engine.word_courier import WordCourier
from bot.lifecycle.offers import offer_of
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused, TaskRequest, TaskStep
from bot.lifecycle.tasks import is_settled
from bot.store.photos import LARGEST, SealedPhotos
from payments.domain.money import Money, total
from payments.domain.splits import Party, SharesDoNotFit
from payments.services.payees import Earnings
from payments.services.payout_disputes import PayoutDispute, PayoutDisputeService

_STEPS: Final = {
    JobStep.ON_THE_WAY: TaskStep.ON_THE_WAY,
    JobStep.STARTED: TaskStep.STARTED,
    JobStep.DONE: TaskStep.DONE,
    JobStep.ABSENT: TaskStep.PROBLEM,
    JobStep.TROUBLE: TaskStep.PROBLEM,
}
_ANY_TIME: Final = frozenset({JobStep.TROUBLE})
"""What may be said of a job however far ahead it is."""
_ANSWERS: Final = frozenset({JobStep.ACCEPT, JobStep.DECLINE, JobStep.DROP, JobStep.UNSENT})
"""What is said of an offer, or of what is given back."""
ILL: Final = "ill"


@dataclass(frozen=True, slots=True)
class JobBook:
    """Tasks in one hand, the bookings they belong to in the other."""

    desk: TaskDesk
    staff: StaffActions
    channel: Channel
    context: Callable[[datetime], Context]
    earnings: Callable[[Sequence[str]], Awaitable[Earnings]]
    front_desk: FrontDesk
    offers: OfferDesk
    places: PlaceCourier
    words: WordCourier
    photos: SealedPhotos
    on_call: OnCallDesk
    disputes: PayoutDisputeService

    async def perform(self, effect: EffectId, order: PartnerOrder, now: datetime, tries: int = 0) -> PartnerEvent:
        """Do it, which was tried that often before; the event that tells the partner what came of it. TryLater where
        a picture of theirs does not come just now."""
        name, roles = EventId(f"done:{effect}"), roles_of(self.context(now).business, order.phone)
        match order:
            case FindJobs():
                return JobsFound(name, now, tuple([await self.job(task, now) for task in await self._found(roles)]))
            case LookAtJobs(tasks=tasks):
                looked_at = [(one, await self.desk.tasks.find(one)) for one in tasks]
                over = tuple(one for one, task in looked_at if task is None or _is_over(task, now))
                has_more = any(not _is_over(task, now) for task in await self._found(roles))
                return JobsLookedAt(name, now, over, has_more)
            case ShowJob(task=task_id, is_for_picture=is_for_picture):
                task = await self.desk.tasks.find(task_id)
                theirs = task is not None and roles is not None and is_of(task, roles)
                job = await self.job(task, now) if task is not None and theirs else None
                return JobShown(name, now, job, is_for_picture)
            case FindArrivals():
                found_there = () if roles is None else await self.places.expected(roles.places, now)
                return ArrivalsFound(name, now, found_there)
            case FindEarnings() | DisputeMoney():
                return await self._money(effect, order, roles, now)
            case PassToGuest(task=task_id):
                task = await self.desk.tasks.find(task_id)
                result = PassResult.NOT_THEIRS
                if task is not None and roles is not None and is_of(task, roles):
                    result = await self.words.to_guest(effect, order, task, now)
                return WordsPassed(name, now, task_id, result)
            case StepJob(step=step) if step in _ANSWERS:
                return await self._answered(name, order, roles, now)
            case StepJob():
                return await self._stepped(name, order, roles, now, tries)
            case FindGuests() | StepGuest():
                return await self.front_desk.perform(name, order, roles, now)
            case FindAttention() | StepAttention():
                return await self.on_call.perform(name, order, roles, now)
            case TakeDayOff(day=day):
                given_back = 0 if roles is None else await self._taken_off(roles, day)
                return DayOffNoted(name, now, day, given_back)

    async def _money(
        self, effect: EffectId, order: FindEarnings | DisputeMoney, roles: Roles | None, now: datetime
    ) -> EarningsFound | MoneyDisputed:
        """What is theirs; or a person is called about it."""
        name, payees = EventId(f"done:{effect}"), [] if roles is None else payees_of(roles)
        if isinstance(order, FindEarnings):
            found = await self.earnings(payees)
            return EarningsFound(name, now, found.waiting, found.on_its_way)
        # numbers and links of a guest are none of it
        said, thread = without_contacts(order.words), self.places.directory.id_of(order.phone)
        dispute = PayoutDispute(str(effect), tuple(payees), said, order.payout, thread)
        return MoneyDisputed(name, now, (await self.disputes.open(dispute, now)).sums)

    async def _found(self, roles: Roles | None) -> list[Task]:
        """What that person has to do."""
        return [] if roles is None else await self.desk.tasks.of_workers(roles.providers, roles.staff)

    async def _stepped(
        self, name: EventId, order: StepJob, roles: Roles | None, now: datetime, tries: int
    ) -> JobStepped:
        task = await self.desk.tasks.find(order.task)
        if task is None or roles is None or not is_of(task, roles):
            # somebody else's button, or that of who had it before
            return JobStepped(name, now, order.step, order.task, TaskRefusal.NO_SUCH_TASK)
        try:
            task = await self._moved(task, order, now, tries)
        except TaskRefused as refused:
            known = await self.desk.tasks.find(order.task)
            if known is None or not is_of(known, roles):
                # another's since they tapped: nothing of it is theirs to know
                return JobStepped(name, now, order.step, order.task, TaskRefusal.NO_SUCH_TASK)
            job = await self.job(known, now)
            return JobStepped(name, now, order.step, order.task, refused.why.value, job)
        after = await self._found(roles) if order.step is JobStep.DONE else []
        near = [one for one in after if now < one.planned.begins_at < now + KNOWN_FOR and is_settled(one)]
        then = tuple([await self.job(one, now) for one in near])
        return JobStepped(name, now, order.step, order.task, None, await self.job(task, now), then=then)

    async def _answered(self, name: EventId, order: StepJob, roles: Roles | None, now: datetime) -> JobStepped:
        """What they say to an offer, or of what they give back."""
        step, offer = order.step, order.offer or 0
        task = await self.desk.tasks.find(order.task)
        who = None if task is None or roles is None else _asked_as(task, roles)
        if task is None or who is None:
            return JobStepped(name, now, step, order.task, TaskRefusal.NO_SUCH_TASK, None, offer)
        refusal, known = None, offer_of(task, who, offer) if offer else None
        shown = task.planned.shown_to(who) if known is None else known.shown
        try:
            if step is JobStep.ACCEPT:
                task = await self.offers.accept(task.id, who, offer)
            elif step is JobStep.DECLINE:
                task = await self.offers.decline(task.id, who, offer)
            elif step is JobStep.UNSENT:
                task = await self.offers.unsent(task.id, who, offer)
            else:
                task = await self.offers.drop(task.id, who, order.note)
        except TaskRefused as refused:
            refusal, task = refused.why.value, await self.desk.tasks.find(task.id) or task
        return JobStepped(name, now, step, order.task, refusal, await self.job(task, now, shown), offer)

    async def _taken_off(self, roles: Roles, day: date) -> int:
        """What others could do is offered to them first, so that no guest is asked for what can be had; how many
        jobs that were. Again it is the same."""
        zone = self.context(await self.staff.clock.business_now()).business.zone
        first = datetime.combine(day, time(), zone)
        before, given_back = datetime.combine(day + timedelta(days=1), time(), zone), 0
        for task in await self.desk.tasks.of_workers(roles.providers, roles.staff, None):
            is_on_it = first <= task.planned.begins_at < before and is_of(task, roles)
            # what only they could do is a change of its booking: the block tells it
            is_anybodys = not task.planned.is_providers or task.planned.candidates
            if is_on_it and is_anybodys and task.assignee is not None and task.started_at is None:
                await self.offers.drop(task.id, task.assignee, ILL)
                given_back += 1
        for kind, ids in ((PROVIDER, roles.providers), (STAFF, roles.staff)):
            for who in ids:
                await self.offers.block(kind, who, first, before, ILL)
        return given_back

    async def _moved(self, task: Task, order: StepJob, now: datetime, tries: int) -> Task:
        """The task after that step; TaskRefused, TryLater."""
        if not is_settled(task):
            raise TaskRefused(TaskRefusal.UNCONFIRMED, task)
        note = GUEST_ABSENT if order.step is JobStep.ABSENT else order.note
        is_of_now = order.step not in _ANY_TIME
        request = TaskRequest(_STEPS[order.step], f"partner:{task.assignee}", task.assignee, note, None, is_of_now)
        if order.step is JobStep.DONE and task.planned.wants_photo and not task.is_finished:
            # of what was moved, or is over, no picture is wanted
            await self.desk.would_move(task.id, request)
            if order.picture is None:
                raise TaskRefused(TaskRefusal.WANTS_PHOTO, task)
            await self._require_picture(order.picture, task, tries)
            request = replace(request, photo=order.picture.media_id)
            # before it is done: whoever dies in between does both again
            await self._want_kept(task, order.picture, now)
        return await self.desk.move(task.id, request)

    async def _require_picture(self, media: Media, task: Task, tries: int) -> None:
        """That it can be had and kept, and is one: what it calls itself proves nothing. TaskRefused, TryLater."""
        if media.what != "image":
            raise TaskRefused(TaskRefusal.NO_PHOTO, task)
        found = await self.channel.media(media)
        if found is None:
            # nobody has seen it: that is no reason to call it no picture
            if tries < len(FETCHED_AGAIN_AFTER):
                raise TryLater(FETCHED_AGAIN_AFTER[tries])
            raise TaskRefused(TaskRefusal.PHOTO_UNREACHABLE, task)
        if len(found) > LARGEST:
            # the house would never keep it, and who looks for it later would find none
            raise TaskRefused(TaskRefusal.PHOTO_TOO_LARGE, task)
        if len(found) < SMALLEST or picture_type(found) is None:
            raise TaskRefused(TaskRefusal.NO_PHOTO, task)

    async def _want_kept(self, task: Task, picture: Media, now: datetime) -> None:
        """Its picture is to outlast the channel's memory: for the customer of its booking, else for the house."""
        lead, _ = await self._booking(task)
        if lead is None and task.booking is not None:
            # erased since: what shows their stay is nobody's to keep
            return
        owner = None if lead is None else lead.id
        await self.photos.want(task.id, owner, Picture(picture.media_id, picture.mime_type, now))
        stored = None if owner is None else await living(self.staff.leads, owner)
        if owner is not None and stored is not None and stored.lead.id != owner:
            # merged meanwhile, and perhaps after all that was theirs had gone along
            await self.photos.reassign(owner, stored.lead.id)

    async def job(self, task: Task, now: datetime, told: ShownJob | None = None) -> Job:
        """That task for whoever does it; with the time that was `told`, where it is theirs no longer."""
        planned = task.planned
        lead, booking = await self._booking(task)
        is_service = planned.kind is TaskKind.SERVICE
        is_class = is_service and task.session is not None
        is_wanted = not task.is_finished if is_class else booking is not None and _is_wanted(task, booking)
        stands = is_wanted and told is None and is_settled(task)
        if is_service and booking is not None and (booking.chosen is None or booking.chosen.provider != task.assignee):
            # another gives it by now, and the order that tells them is on its way
            stands = False
        return Job(
            task.id,
            planned.kind,
            planned.title,
            task.state,
            planned.begins_at if told is None else told.starts_at,
            planned.due_at if told is None else told.ends_at,
            planned.place if told is None else told.place,
            task.booking,
            lead.name if lead is not None and is_service and stands else None,
            (planned.guests if told is None else told.guests) if is_service else None,
            await (self._of_all(task, now) if is_class else self._payout(lead, booking, now))
            if is_service and stands
            else None,
            stands,
            self._meeting(booking, now) if is_service and stands else None,
            room=_room(lead, planned.place, planned.begins_at) if stands else None,
            is_unconfirmed=task.state is TaskState.TAKEN and not is_settled(task),
            is_paid=booking is not None and booking.state in HAVE_TASKS and not _waits_for_money(booking, task),
        )

    async def offered(self, task: Task, shown: ShownJob, number: int, now: datetime) -> Job:
        """That task as it is, or was, offered to somebody: with what they would get, and nothing of its guest."""
        lead, booking = await self._booking(task)
        known, payout = offer_of(task, shown.who, number), None
        booking = None if booking is None else booking.asked_about(task.planned.template)
        if task.planned.kind is TaskKind.SERVICE and booking is not None and booking.chosen is not None:
            theirs = replace(booking, chosen=replace(booking.chosen, provider=shown.who))
            payout = await self._payout(lead, theirs, now)
        is_open = known is not None and known.is_open
        return replace(
            await self.job(task, now, shown),
            guests=shown.guests,
            payout=payout,
            offer=number,
            answer_by=known.answer_by if is_open and known is not None else None,
        )

    def _meeting(self, booking: Booking | None, now: datetime) -> str | None:
        """Where it takes place, if it is a link."""
        service = None if booking is None else self.context(now).business.service(booking.service or "")
        return None if booking is None or service is None else service.meeting_of(str(booking.reference))

    async def _booking(self, task: Task) -> tuple[Lead | None, Booking | None]:
        return (None, None) if task.booking is None else await self._named(task.booking)

    async def _named(self, reference: BookingReference) -> tuple[Lead | None, Booking | None]:
        recorded = await self.staff.bookings.find(reference)
        if recorded is None:
            return None, None
        stored = await living(self.staff.leads, recorded.lead)
        lead = None if stored is None else stored.lead
        known = None if lead is None else lead.booking(recorded.booking.reference)
        return lead, known or recorded.booking

    async def _payout(self, lead: Lead | None, booking: Booking | None, now: datetime) -> Money | None:
        """The provider's share of its price, as it was sold."""
        if lead is None or booking is None:
            return None
        if booking.is_free_again:
            order = redos.order_of(booking, await self.staff.decisions.context_for(lead, now), now)
            # at their own cost where none is owed
            return None if order is None else order.amount
        if not booking.price:
            return None
        terms = terms_of(booking, await self.staff.decisions.context_for(lead, now))
        try:
            shares = {share.party: share.amount for share in terms.shares_of(booking.price)}
        except SharesDoNotFit:
            # a person has to look at its money anyway
            return None
        return shares.get(Party.PROVIDER) or None

    async def _of_all(self, task: Task, now: datetime) -> Money | None:
        """What they have of all who come to that session, as far as is known now."""
        sums: list[Money] = []
        for reference in task.planned.booked_by:
            lead, booking = await self._named(BookingReference(reference))
            slot = None if booking is None else booking.chosen
            # who has gone elsewhere, or called it off, is remembered there and pays nothing here
            is_coming = booking is not None and booking.state in SESSION_STANDS
            if slot is None or not is_coming or (slot.slot_id, slot.provider) != (task.session, task.assignee):
                continue
            share = await self._payout(lead, booking, now)
            sums += [] if share is None else [share]
        currencies = {one.currency for one in sums}
        # sold in two currencies it is no one sum; "my money" tells each
        return total(sums, currencies.pop()) if len(currencies) == 1 else None


def _is_wanted(task: Task, booking: Booking) -> bool:
    return booking.state in HAVE_TASKS or outlives(task, booking)


def _waits_for_money(booking: Booking, task: Task) -> bool:
    """Whether that task asks about the new time of a change whose difference is still to be paid."""
    change = booking.change
    is_its = change is not None and change.acceptance is not None and change.acceptance.task == task.planned.template
    return is_its and change is not None and change.quote is not None and bool(change.quote.to_pay)


def _room(lead: Lead | None, place: str | None, at: datetime) -> str | None:
    return None if lead is None or lead.bound_place is None else lead.bound_place.room_at(place, at)


def _is_over(task: Task, now: datetime) -> bool:
    """Whether nobody has to be told of it any more: done, or its time has gone by."""
    return task.state is TaskState.DONE or task.planned.due_at <= now


def _asked_as(task: Task, roles: Roles) -> str | None:
    """As whom they have it, or were asked; none where they have nothing to do with it."""
    own = roles.providers if task.planned.is_providers else roles.staff
    if task.assignee in own:
        return task.assignee
    return next((offer.who for offer in reversed(task.offers) if offer.who in own), None)


def is_of(task: Task, roles: Roles) -> bool:
    """Whether it is that person's: a service, and what belongs to it, is its provider's, everything else somebody's of
    the staff."""
    return task.assignee in (roles.providers if task.planned.is_providers else roles.staff)
