"""Work that is offered to those who could do it: who is asked, who answers, who gives it back.

Each answer is one guarded write under the task's revision: of two who accept in the same moment one has it, and the
other is judged by what the first left. Whoever accepts a service has the booking's time in the same transaction. What
a process did not come to do is due, and done by the next sweep.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

import structlog

from bot.business.catalogue import ProviderId
from bot.business.contacts import one_a_phone
from bot.business.definition import Business
from bot.domain.acceptance import OF_CHANGE
from bot.domain.blocks import PROVIDER, STAFF, Block
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.states import CLOSED
from bot.domain.task import OfferOutcome, Task, TaskKind, TaskState
from bot.engine.staff_actions import NoSuchBooking
from bot.engine.task_desk import TaskDesk
from bot.lifecycle.offers import accepted, advanced, asked_from, assigned, declined, dropped, is_searched
from bot.lifecycle.task_alternatives import LOOKED_AHEAD, STEP, alternatives
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused, candidates, ranked_by_load
from bot.slots.claims import Need, provider_resource, quanta
from bot.store.claim_moves import ClaimMoves
from bot.store.claims import HoldDiffers, HoldId, Unavailable
from bot.store.driver import is_outage

log = structlog.get_logger(__name__)

GIVEN_BACK: Final = "given back"
"""The reason of a block that stands for one job nobody else could do."""
OWN_WORDS: Final = "partner"
"""Where a block comes from that somebody made in their own chat."""
_MOMENT: Final = "%Y%m%dT%H%MZ"
_PAD: Final = timedelta(days=1)


class _Stale(Exception):
    """Somebody wrote in between; the transaction is undone."""


@dataclass(frozen=True, slots=True)
class OfferDesk:
    """The desk of tasks in one hand, the times of bookings in the other."""

    desk: TaskDesk
    moves: ClaimMoves

    async def tell_of(self, booking: BookingReference) -> None:
        """What its lead has just ordered is offered, and told, at once."""
        now = await self.desk.staff.clock.business_now()
        for task in await self.desk.tasks.of_booking(booking):
            await self.advance(task, now)
        await self.desk.courier.tell_of(booking)

    async def sweep(self, now: datetime) -> int:
        """End the silence whose time is over and ask the next; how many tasks were moved on."""
        moved = await self.give_back(now)
        for task in await self.desk.tasks.to_look_at(now):
            try:
                moved += await self.advance(task, now) is not task
            except Exception as error:
                if is_outage(error):
                    raise
                # the next sweep tries it again, and the others are looked at now
                log.exception("task_not_offered", task=task.id, problem=type(error).__name__)
        return moved

    async def give_back(self, now: datetime) -> int:
        """What somebody of the staff has for a time at which they are off is others'; how many tasks that were.

        A block knows no tasks and a task no block, so this is looked at again and again: given to them in the very
        moment in which they fell ill, it is others' by the next look.
        """
        given_back = 0
        for block in await self.desk.staff.claims.blocks.due(now):
            if block.lifted_at is not None or not block.resource.startswith(STAFF):
                continue
            who = block.resource.removeprefix(STAFF)
            for task in await self.desk.tasks.of_workers((), (who,), None):
                if block.start <= task.planned.begins_at < block.end and task.started_at is None:
                    given_back += await self._given_back(task, who, block.reason)
        return given_back

    async def _given_back(self, task: Task, who: str, why: str) -> bool:
        try:
            await self.drop(task.id, who, why, is_own_word=False)
        except TaskRefused:
            # done, or another's, since it was read
            return False
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("task_not_given_back", task=task.id, problem=type(error).__name__)
            return False
        return True

    async def advance(self, task: Task, now: datetime) -> Task:
        """The task after a look at its offers; the same where nothing is due, or somebody else was faster."""
        if not is_searched(task) or (task.next_at is not None and task.next_at > now):
            return task
        business = self.desk.context(now).business
        later = asked_from(task, now, business.zone)
        moved = later if later is not task else advanced(task, await self._ranked(task, business, now), now)
        if moved is task or not await self.desk.tasks.write(moved, now):
            return task
        await self._told(moved, now)
        return moved

    # What they answer -------------------------------------------------------------------------------------------------

    async def accept(self, task: str, who: str, number: int) -> Task:
        """Theirs, if they are the first and have the time; TaskRefused."""
        while True:
            known, now = await self._found(task)
            taken = accepted(known, who, number, now, f"partner:{who}")
            if await self._taken(known, taken, who, now):
                return taken
            again = await self.desk.tasks.find(task)
            if again is not None and again.revision == known.revision:
                # nobody was faster: they have no time there any more
                await self._answer(task, who, number, OfferOutcome.BUSY)
                raise TaskRefused(TaskRefusal.OFFER_BUSY, known, who)

    async def assign(self, task: str, who: str, by: str, role: str | None = None) -> Task:
        """Theirs because a person says so, if they have the time; TaskRefused."""
        while True:
            known, now = await self._found(task)
            taken = assigned(known, who, now, by, role)
            if taken is known or await self._taken(known, taken, who, now):
                return taken
            again = await self.desk.tasks.find(task)
            if again is not None and again.revision == known.revision:
                raise TaskRefused(TaskRefusal.OFFER_BUSY, known, who)

    async def would_assign(self, task: str, who: str, by: str, role: str | None = None) -> Task:
        """How it would stand after that; nothing is written. TaskRefused."""
        known, now = await self._found(task)
        return assigned(known, who, now, by, role)

    async def decline(self, task: str, who: str, number: int) -> Task:
        """They do not want it, and the next is asked; TaskRefused."""
        return await self._answer(task, who, number, OfferOutcome.DECLINED)

    async def unsent(self, task: str, who: str, number: int) -> Task:
        """It cannot be said to them, so nobody waits for their answer; TaskRefused where that is all one."""
        return await self._answer(task, who, number, OfferOutcome.UNSENT)

    async def drop(self, task: str, who: str, note: str | None = None, *, is_own_word: bool = True) -> Task:
        """They give back what they had, and others are asked; TaskRefused. By whose word but theirs, they are told."""
        while True:
            known, now = await self._found(task)
            free = dropped(known, who, now, note)
            free = free if is_own_word else replace(free, shown=known.shown)
            if known.planned.kind is TaskKind.SERVICE and not known.planned.candidates:
                # first, so that a death in between loses nothing: the block gives its guest the choice
                await self.block(PROVIDER, who, known.planned.begins_at, known.planned.due_at, GIVEN_BACK)
            if await self.desk.tasks.write(free, now):
                await self._told(free, now)
                return await self.advance(free, now)

    async def block(self, kind: str, who: str, start: datetime, end: datetime, reason: str) -> None:
        """Their time is nobody's to sell, or to give work in; bookings that have it are told by the sweep of blocks.
        Twice is once."""
        resource = f"{kind}{who}"
        name = f"{resource}|{start.astimezone(UTC).strftime(_MOMENT)}|{OWN_WORDS}"
        wanted = Block(name, resource, start, end, reason, f"partner:{who}", OWN_WORDS)
        claims, now = self.desk.staff.claims, await self.desk.staff.clock.business_now()
        await claims.together(lambda session: claims.blocks.put(session, wanted, now))

    async def _answer(self, task: str, who: str, number: int, outcome: OfferOutcome) -> Task:
        while True:
            known, now = await self._found(task)
            moved = declined(known, who, number, now, f"partner:{who}", outcome)
            if await self.desk.tasks.write(moved, now):
                await self._told(moved, now)
                return await self.advance(moved, now)

    async def _found(self, task: str) -> tuple[Task, datetime]:
        now = await self.desk.staff.clock.business_now()
        known = await self.desk.tasks.find(task)
        if known is None:
            raise TaskRefused(TaskRefusal.NO_SUCH_TASK)
        return known, now

    async def _told(self, task: Task, now: datetime) -> None:
        await self.desk.tell(task, now)
        await self.desk.courier.tell(task)

    # Whose time it is -------------------------------------------------------------------------------------------------

    async def _taken(self, known: Task, taken: Task, who: str, now: datetime) -> bool:
        """Write it, with the booking's time in the same transaction; false where somebody was faster, or they have no
        time."""
        if known.planned.kind is not TaskKind.SERVICE:
            if who in await self.desk.staff.claims.blocks.staff_off([who], known.planned.begins_at):
                return False
            is_theirs = await self.desk.tasks.write(taken, now)
        else:
            is_theirs = await self._with_their_time(known, taken, who, now)
        if is_theirs:
            await self._told(taken, now)
        return is_theirs

    async def _with_their_time(self, known: Task, taken: Task, who: str, now: datetime) -> bool:
        booking = await self._booking(known)
        stands = None if booking is None else booking.booked_hold
        booking = None if booking is None else booking.asked_about(known.planned.template)
        is_of_change = OF_CHANGE in known.planned.template and booking is not None and booking.booked_hold != stands
        if booking is None or booking.chosen is None or booking.booked_hold is None or booking.state in CLOSED:
            # called off, or being moved at this moment: its tasks hear of it next
            raise TaskRefused(TaskRefusal.OFFER_OVER, known, who)
        if OF_CHANGE in known.planned.template and not is_of_change:
            # the change is over by now
            raise TaskRefused(TaskRefusal.OFFER_OVER, known, who)
        hold, own = HoldId(booking.booked_hold), HoldId(stands) if is_of_change and stands else None
        wanted = self._need(booking, booking.chosen, who, self.desk.context(now).business)

        async def once(session: object) -> Unavailable | None:
            busy = await self.moves.hand_over(session, hold, wanted, now=now, besides=own)
            if busy is None and not await self.desk.tasks.write(taken, now, session):
                raise _Stale
            return busy

        try:
            return await self.desk.staff.claims.together(once) is None
        except _Stale:
            return False
        except HoldDiffers:
            raise TaskRefused(TaskRefusal.OFFER_OVER, known, who) from None

    def _need(self, booking: Booking, slot: OfferedSlot, who: str, business: Business) -> Need:
        service = business.service(booking.service or "")
        end = slot.end if service is None else slot.end + service.buffer
        return Need(provider_resource(ProviderId(who)), quanta(slot.start, end))

    async def _booking(self, task: Task) -> Booking | None:
        if task.booking is None:
            return None
        try:
            return (await self.desk.staff.find(task.booking)).booking
        except NoSuchBooking:
            return None

    async def could_have(self, task: Task) -> dict[str, str]:
        """Facts for the person who looks: who could be given what nobody has, or when somebody could; nobody who is
        off, ill or busy by then is named."""
        now = await self.desk.staff.clock.business_now()
        business, begins_at = self.desk.context(now).business, task.planned.begins_at
        if task.state is TaskState.UNFILLED and task.planned.kind is TaskKind.SERVICE:
            free = await self._with_time(task, business, now)
            return alternatives(task, business, lambda at: [who for who in task.planned.candidates if who not in free])
        staff = [str(one.id) for one in business.staff]
        off = await self.desk.staff.claims.blocks.of_staff(staff, begins_at, begins_at + LOOKED_AHEAD + STEP)
        return alternatives(
            task, business, lambda at: [one.resource.removeprefix(STAFF) for one in off if one.start <= at < one.end]
        )

    # Who can be asked -------------------------------------------------------------------------------------------------

    async def _ranked(self, task: Task, business: Business, now: datetime) -> Sequence[str]:
        if task.planned.kind is TaskKind.SERVICE:
            return await self._with_time(task, business, now)
        able = candidates(task, business)
        off = await self.desk.staff.claims.blocks.staff_off([one.id for one in able], task.planned.begins_at)
        could = [one for one in able if one.id not in off]
        local = task.planned.begins_at.astimezone(business.zone)
        midnight = datetime.combine(local.date(), time(), business.zone)
        theirs = await self.desk.tasks.busy_with([one.id for one in could], midnight, midnight + timedelta(days=1))
        return ranked_by_load(task, could, theirs, business)

    async def _with_time(self, task: Task, business: Business, now: datetime) -> Sequence[str]:
        """Those whose time is free as it looks now: who accepts is asked once more by the write itself."""
        booking = await self._booking(task)
        if booking is None:
            return ()
        holds = [booking.booked_hold]
        booking = booking.asked_about(task.planned.template)
        if booking.chosen is None:
            return ()
        known = one_a_phone(task.planned.candidates, business)
        needs = {who: self._need(booking, booking.chosen, who, business) for who in known}
        day = booking.chosen.start.astimezone(business.zone).date()
        own = tuple(HoldId(hold) for hold in dict.fromkeys((*holds, booking.booked_hold)) if hold is not None)
        taken = await self.desk.staff.claims.taken(
            [need.resource for need in needs.values()], day - _PAD, day + _PAD, now=now, besides_holds=own
        )
        return [who for who, need in needs.items() if need.seats_left(taken)]
