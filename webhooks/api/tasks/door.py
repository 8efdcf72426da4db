"""`/api/v1/tasks`: work around bookings, listed, made and moved; the command line goes the same way."""

from datetime import date, datetime, time, timedelta
from typing import Final

from quart import Blueprint, Response

from bot.business.definition import Business
from bot.domain.task import PlannedTask, TaskKind
from bot.engine.parts import Parts
from bot.engine.staff_actions import NoSuchBooking
from bot.lifecycle.task_steps import TaskRefused, TaskRequest, TaskStep
from bot.store.photos import PhotoState
from bot.store.tasks import TaskQuery
from webhooks.api.bookings.acting import Acting
from webhooks.api.tasks import models, operations, views
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.photos import NoSuchPhoto, no_such_photo, photo_shown
from webhooks.edge.problems import problem
from webhooks.edge.task_refusals import sentence_of, status_of

_GIVEN: Final = frozenset({TaskStep.TAKE, TaskStep.ASSIGN})


async def list_tasks(parts: Parts, asked: models.TasksQuery) -> models.TaskList:
    """A page of tasks, the first due first."""
    query = TaskQuery(asked.state, asked.kind, asked.who, asked.due_before, is_unfinished=asked.state is None)
    page, business = await parts.tasks.page(query, asked.limit, asked.cursor), await _business(parts)
    return models.TaskList(items=[views.task(business, known) for known in page.tasks], next_cursor=page.next_cursor)


async def step_task(
    parts: Parts, task: str, step: TaskStep, asked: Acting, who: str | None, note: str | None, *, dry_run: bool = False
) -> models.TaskShown:
    """One step of a task; in a dry run how it would stand. TaskRefused."""
    by, role, desk = asked.person, asked.role.value, parts.task_desk
    known = await parts.tasks.find(task) if step in _GIVEN and who is not None else None
    if known is not None and who is not None and known.planned.kind is TaskKind.SERVICE:
        # whose time is sold changes with it
        moved = await (parts.offers.would_assign if dry_run else parts.offers.assign)(task, who, by, role)
    else:
        request = TaskRequest(step, by, who, note, role=role)
        moved = await (desk.would_move(task, request) if dry_run else desk.move(task, request))
    return views.task(await _business(parts), moved)


async def _business(parts: Parts) -> Business:
    return parts.context(await parts.clock.business_now()).business


class TasksDoor:
    """Lists, makes and moves tasks."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.LIST.handled_by(self.get_tasks),
                operations.ADD.handled_by(self.post_task),
                operations.COUNTS.handled_by(self.get_statistics),
                operations.SHOW.handled_by(self.get_task),
                operations.PHOTO.handled_by(self.get_photo),
                operations.TAKE.handled_by(self.post_take),
                operations.ASSIGN.handled_by(self.post_assign),
                operations.DONE.handled_by(self.post_done),
                operations.PROBLEM.handled_by(self.post_problem),
                operations.WITHDRAW.handled_by(self.post_withdraw),
            ],
            "tasks",
            self._guard,
        )
        routes.register_error_handler(TaskRefused, _refused)
        routes.register_error_handler(NoSuchPhoto, no_such_photo)
        routes.register_error_handler(NoSuchBooking, _no_such_booking)
        return routes

    async def get_tasks(self, call: Call[Nothing, models.TasksQuery, Nothing]) -> EdgeAnswer:
        """A page of them."""
        return EdgeAnswer(await list_tasks(self._parts, call.query))

    async def get_task(self, call: Call[models.TaskPath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """One of them."""
        known = await self._parts.tasks.find(call.path.task)
        if known is None:
            return problem(404, "no-such-task", "There is no such task.")
        return EdgeAnswer(views.task(await _business(self._parts), known))

    async def get_photo(self, call: Call[models.TaskPath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """The picture it was done with."""
        known = await self._parts.tasks.find(call.path.task)
        if known is None:
            return problem(404, "no-such-task", "There is no such task.")
        if known.photo is None:
            raise NoSuchPhoto(None)
        stored = await self._parts.photos.photos.find(known.id, known.photo)
        # done before pictures were kept, or its customer was erased since
        return EdgeAnswer(photo_shown(stored, 1, PhotoState.GONE))

    async def get_statistics(self, call: Call[Nothing, models.TaskCountsQuery, Nothing]) -> EdgeAnswer | Response:
        """Counted by the days of the business."""
        first, to, business = call.query.first, call.query.to, await _business(self._parts)
        if first is not None and to is not None and to < first:
            return problem(400, "bad-range", "to is from or later.")

        def begin(day: date) -> datetime:
            return datetime.combine(day, time(), business.zone)

        counts = await self._parts.tasks.counts(
            None if first is None else begin(first), None if to is None else begin(to + timedelta(days=1))
        )
        return EdgeAnswer(
            models.TaskCountsShown(
                total=sum(counts.by_state.values()),
                by_state=counts.by_state,
                late=counts.late,
                nobodys=counts.nobodys,
                done_in_time=counts.done_in_time,
                done_late=counts.done_late,
                by_person=counts.by_who,
            )
        )

    async def post_task(self, call: Call[Nothing, Nothing, models.NewTask]) -> EdgeAnswer:
        """A person makes one."""
        asked, parts, business = call.body, self._parts, await _business(self._parts)
        place = asked.place
        if place is None and asked.booking is not None:
            booking = (await parts.staff.find(asked.booking)).booking
            place = booking.place if booking.chosen is None else booking.chosen.place
        title = ((business.languages[0], asked.title),)
        wanted = PlannedTask("", title, asked.due, asked.minutes, asked.task_role, place, kind=asked.kind)
        by, name = asked.person, call.key or parts.new_id()
        made = await parts.task_desk.add(wanted, asked.booking, asked.who, by, name, asked.role.value)
        return EdgeAnswer(views.task(business, made), 201)

    async def post_take(self, call: Call[models.TaskPath, Nothing, models.TaskFor]) -> EdgeAnswer:
        """Somebody does it."""
        return await self._step(call.path, TaskStep.TAKE, call.body, call.body.who)

    async def post_assign(self, call: Call[models.TaskPath, Nothing, models.TaskFor]) -> EdgeAnswer:
        """It is given to somebody."""
        return await self._step(call.path, TaskStep.ASSIGN, call.body, call.body.who)

    async def post_done(self, call: Call[models.TaskPath, Nothing, models.TaskDone]) -> EdgeAnswer:
        """It is done."""
        return await self._step(call.path, TaskStep.DONE, call.body, call.body.who, call.body.note)

    async def post_problem(self, call: Call[models.TaskPath, Nothing, models.TaskTrouble]) -> EdgeAnswer:
        """It cannot be done as it is."""
        return await self._step(call.path, TaskStep.PROBLEM, call.body, call.body.who, call.body.note)

    async def post_withdraw(self, call: Call[models.TaskPath, Nothing, models.TaskWithdrawn]) -> EdgeAnswer:
        """It is not wanted any more."""
        return await self._step(call.path, TaskStep.WITHDRAW, call.body, None, call.body.reason)

    async def _step(
        self, path: models.TaskPath, step: TaskStep, asked: Acting, who: str | None, note: str | None = None
    ) -> EdgeAnswer:
        return EdgeAnswer(await step_task(self._parts, path.task, step, asked, who, note))


async def _refused(error: TaskRefused) -> Response:
    return problem(status_of(error), error.why, sentence_of(error))


async def _no_such_booking(error: NoSuchBooking) -> Response:
    return problem(404, "no-such-booking", "There is no such booking.")
