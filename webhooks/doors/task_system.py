"""The door of an outside task system: what became of a task it carries, as one signed message each.

Signature, size, shape; then a step of the task, like a person's. The same message twice is one step and one answer;
what cannot be done is said in a sentence and changes nothing.
"""

import hashlib
from enum import StrEnum
from typing import Annotated, Final, Literal

import orjson
import structlog
from pydantic import Field, StrictStr, ValidationError

from bot.domain.task import Task, TaskState
from bot.engine.task_desk import TaskDesk
from bot.lifecycle.task_steps import TaskRefused, TaskRequest, TaskStep
from bot.store.idempotency import Idempotency, KeyState
from webhooks.doors.metrics import DELIVERIES
from webhooks.edge.bodies import BodyRefused
from webhooks.edge.models import EdgeModel
from webhooks.edge.problems import DoorProblem
from webhooks.edge.raw import RawAnswer, RawRequest, RawRoutes, refused
from webhooks.edge.signatures import is_signed
from webhooks.edge.task_refusals import sentence_of, status_of

log = structlog.get_logger(__name__)

PATH: Final = "/webhooks/tasks"
SIGNATURE: Final = b"x-janji-signature-256"
BY: Final = "task-system"
"""Who moved a task, where the message names nobody of the staff."""
_ID = Annotated[StrictStr, Field(min_length=1, max_length=300)]


class ReportedStatus(StrEnum):
    """What is told of a task."""

    COMPLETED = "completed"
    ISSUE_REPORTED = "issue_reported"


class TaskReport(EdgeModel):
    """Which task, what became of it, and who says so."""

    task_id: _ID
    status: ReportedStatus
    completed_by: _ID | None = None
    notes: Annotated[StrictStr, Field(max_length=2000)] | None = None


class TaskReportMessage(EdgeModel):
    """The message around it."""

    message_type: Literal["task_status_update"]
    message_id: _ID
    payload: TaskReport


_STEPS: Final = {ReportedStatus.COMPLETED: TaskStep.DONE, ReportedStatus.ISSUE_REPORTED: TaskStep.PROBLEM}


class TaskSystemDoor:
    """The handler of `/webhooks/tasks`."""

    def __init__(self, desk: TaskDesk, once: Idempotency, secret: str) -> None:
        self._desk = desk
        self._once = once
        self._secret = secret

    def routes(self) -> RawRoutes:
        """Its path and method."""
        return {PATH: {"POST": self.receive}}

    async def receive(self, request: RawRequest) -> RawAnswer:
        """One message: 200 with the task, else why not."""
        try:
            body = await request.body()
        except BodyRefused as not_read:
            return refused(not_read.why)
        # without a secret set nobody is the task system
        if not is_signed(body, request.header(SIGNATURE), self._secret):
            log.warning("task_system_signature_wrong")
            return refused(DoorProblem(401, "wrong-signature", "The signature is missing or not ours."))
        try:
            message = TaskReportMessage.model_validate_json(body)
        except ValidationError as wrong:
            first = wrong.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"]) or "the body"
            kind = "not-json" if first["type"] == "json_invalid" else "bad-message"
            return refused(DoorProblem(400, kind, f"{where}: {first['msg']}"))
        return await self._heard(message, hashlib.sha256(body).hexdigest())

    async def _heard(self, message: TaskReportMessage, content: str) -> RawAnswer:
        key = hashlib.sha256(f"{PATH}\n{message.message_id}".encode()).hexdigest()
        known = await self._once.begin(key, content)
        if known.found is KeyState.ANSWERED:
            return RawAnswer(known.status, known.body, "application/json")
        if known.found is KeyState.OTHER_BODY:
            return refused(DoorProblem(422, "message-id-reused", "Another message came under this message_id."))
        if known.found is KeyState.RUNNING:
            return refused(DoorProblem(503, "still-running", "This message is being heard; send it again."))
        try:
            answer = await self._moved(message.payload)
        except BaseException:
            await self._once.forget(key)
            raise
        DELIVERIES.labels(source=BY, kind=message.payload.status, outcome=str(answer.status)).inc()
        if answer.status == 200:
            await self._once.answer(key, answer.status, answer.body)
        else:
            # it changed nothing, and may be right later
            await self._once.forget(key)
        return answer

    async def _moved(self, told: TaskReport) -> RawAnswer:
        step = _STEPS[told.status]
        if step is TaskStep.PROBLEM and not told.notes:
            return refused(DoorProblem(400, "bad-message", "payload.notes: says what is in the way."))
        try:
            moved = await self._desk.move(told.task_id, TaskRequest(step, BY, told.completed_by, told.notes))
        except TaskRefused as why:
            # a process of ours died after the write and before its answer: the same words again are no second step
            if why.task is not None and step is TaskStep.DONE and _is_done_so(why.task, told):
                return _answer(why.task)
            return refused(DoorProblem(status_of(why), why.why, sentence_of(why)))
        return _answer(moved)


def _is_done_so(task: Task, told: TaskReport) -> bool:
    by_whom, in_words = told.completed_by in {None, task.done_by}, told.notes in {None, task.note}
    return task.state is TaskState.DONE and task.by == BY and by_whom and in_words


def _answer(task: Task) -> RawAnswer:
    return RawAnswer(200, orjson.dumps({"task_id": task.id, "state": task.state}), "application/json")
