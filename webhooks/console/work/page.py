"""Work: the tasks of today, those that are late, and those that nobody has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from quart import Blueprint, Response, request

from bot.business.definition import Business
from bot.domain.task import Task, TaskState
from bot.engine.parts import Parts
from bot.lifecycle.offers import asked_later
from bot.lifecycle.task_steps import TaskRefused, TaskStep
from bot.replies import times
from bot.store.tasks import TaskQuery
from webhooks.api.bookings.acting import Acting
from webhooks.api.tasks.door import step_task
from webhooks.console import words
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.pages import WORK
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge.task_refusals import sentence_of, status_of

MOST: Final = 200


class WorkTab(StrEnum):
    """Which tasks."""

    TODAY = "today"
    OVERDUE = "overdue"
    UNFILLED = "unfilled"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task as the page shows it."""

    id: str
    title: str
    due: str
    is_late: bool
    state: str
    place: str
    booking: str
    who: str
    """Who has it, else when staff are to be asked about it; empty where neither is known."""
    note: str
    people: Sequence[tuple[str, str]]
    """Who could be given it."""


class WorkPage:
    """Reads `tasks`; each step goes the way of the API."""

    link = WORK

    def __init__(self, parts: Parts, render: Renderer) -> None:
        self._parts = parts
        self._render = render

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        routes.add_url_rule("/work", view_func=self.get_work, endpoint="work")
        routes.add_url_rule("/work/<path:task>/give", view_func=self.post_give, endpoint="work_give", methods=["POST"])
        routes.add_url_rule("/work/<path:task>/done", view_func=self.post_done, endpoint="work_done", methods=["POST"])
        routes.add_url_rule(
            "/work/<path:task>/problem", view_func=self.post_problem, endpoint="work_problem", methods=["POST"]
        )

    @may(Act.LOOK)
    async def get_work(self) -> Response:
        """The list of a tab."""
        return await self._shown()

    @may(Act.PLAN_WORK)
    async def post_give(self, task: str) -> Response:
        """It is theirs."""
        return await self._stepped(task, TaskStep.ASSIGN, who=(await request.form).get("who", "")[:100])

    @may(Act.WORK)
    async def post_done(self, task: str) -> Response:
        """It is done."""
        return await self._stepped(task, TaskStep.DONE)

    @may(Act.WORK)
    async def post_problem(self, task: str) -> Response:
        """What is in the way."""
        return await self._stepped(task, TaskStep.PROBLEM, note=(await request.form).get("note", "").strip()[:2000])

    async def _stepped(self, task: str, step: TaskStep, who: str | None = None, note: str | None = None) -> Response:
        if step is TaskStep.PROBLEM and not note:
            return await self._shown(words.say("work.say_what", language_here()), 422)
        try:
            role = signed_in().role_for(Act.PLAN_WORK if step is TaskStep.ASSIGN else Act.WORK)
            assert role is not None, "the route is for who may"
            await step_task(self._parts, task[:300], step, Acting(by=signed_in().id, role=role), who, note)
        except TaskRefused as refused:
            return await self._shown(sentence_of(refused), status_of(refused))
        return await self._shown()

    async def _shown(self, refused: str | None = None, status: int = 200) -> Response:
        given = request.args.get("tab", "")
        tab = WorkTab(given) if given in set(WorkTab) else WorkTab.TODAY
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        tasks = {each: await self._of(each, now, business) for each in WorkTab}
        return self._render.page(
            "work/page.html",
            self.link,
            status,
            tab=tab.value,
            tabs=[(each.value, len(tasks[each])) for each in WorkTab],
            cards=[card_of(task, now, business, language_here()) for task in tasks[tab]],
            refused=refused,
            gives=signed_in().may(Act.PLAN_WORK),
            works=signed_in().may(Act.WORK),
        )

    async def _of(self, tab: WorkTab, now: datetime, business: Business) -> Sequence[Task]:
        today = now.astimezone(business.zone).date()
        tomorrow = datetime.combine(today + timedelta(days=1), time.min, business.zone)
        match tab:
            case WorkTab.TODAY:
                page = await self._parts.tasks.page(TaskQuery(due_before=tomorrow, is_unfinished=True), MOST, None)
                return [task for task in page.tasks if task.planned.due_at >= now]
            case WorkTab.OVERDUE:
                return (await self._parts.tasks.page(TaskQuery(due_before=now, is_unfinished=True), MOST, None)).tasks
            case WorkTab.UNFILLED:
                return (await self._parts.tasks.page(TaskQuery(state=TaskState.UNFILLED), MOST, None)).tasks
            case WorkTab.COMING:
                page = await self._parts.tasks.page(TaskQuery(is_unfinished=True), MOST, None)
                return [task for task in page.tasks if task.planned.due_at >= tomorrow]


def card_of(task: Task, now: datetime, business: Business, language: str) -> TaskCard:
    """That task as it is at that moment, in the language of who reads."""
    planned, later = task.planned, asked_later(task, now)
    asked = later and words.say("work.asked_from", language, at=times.short_moment(later, business.zone, language))
    titles, place = dict(planned.title), business.place(planned.place)
    able = [one for one in business.staff if planned.role is None or planned.role in one.roles]
    return TaskCard(
        id=task.id,
        title=titles.get(language) or titles.get("en") or next(iter(titles.values()), planned.template),
        due=times.short_moment(planned.due_at, business.zone, language),
        is_late=planned.due_at < now,
        state=task.state.value,
        place="" if place is None else place.name.say(language),
        booking="" if task.booking is None else str(task.booking),
        who=asked or "" if task.assignee is None else _name(task.assignee, business, language),
        note=task.note or "",
        people=[(one.id, one.name) for one in able],
    )


def _name(who: str, business: Business, language: str) -> str:
    provider, member = business.provider(who), business.staff_member(who)
    if provider is not None:
        return provider.name.say(language)
    return who if member is None else member.name
