"""The routes of tasks, declared."""

from typing import Any, Final

from webhooks.api.tasks.models import (
    NewTask,
    TaskCountsQuery,
    TaskCountsShown,
    TaskDone,
    TaskFor,
    TaskList,
    TaskPath,
    TaskShown,
    TasksQuery,
    TaskTrouble,
    TaskWithdrawn,
)
from webhooks.edge.models import EdgeModel, Nothing
from webhooks.edge.operations import Method, Operation, Tag
from webhooks.edge.photos import NO_PHOTO_PROBLEMS, PhotoContent

UNKNOWN: Final = "There is no such task."
REFUSED: Final = {
    404: UNKNOWN,
    409: "It is done, withdrawn, waits for other work, is another's, or not that person's work: `type` says which.",
    422: "There is no such person.",
}

LIST: Final = Operation(
    Method.GET,
    "/tasks",
    Tag.TASKS,
    "Work around bookings, the first due first; without a state what is not finished",
    {200: TaskList},
    Nothing,
    TasksQuery,
    Nothing,
)
ADD: Final = Operation(
    Method.POST,
    "/tasks",
    Tag.TASKS,
    "A person makes a task",
    {201: TaskShown},
    Nothing,
    Nothing,
    NewTask,
    {
        404: "There is no such booking.",
        409: "The booking has ended or is not confirmed, or it is not that person's kind of work.",
        422: "There is no such person or place.",
    },
)
COUNTS: Final = Operation(
    Method.GET,
    "/tasks/statistics",
    Tag.TASKS,
    "How the work stands, by state and person, and how much was done in time",
    {200: TaskCountsShown},
    Nothing,
    TaskCountsQuery,
    Nothing,
)
SHOW: Final = Operation(
    Method.GET, "/tasks/{task}", Tag.TASKS, "One task", {200: TaskShown}, TaskPath, Nothing, Nothing, {404: UNKNOWN}
)
PHOTO: Final = Operation(
    Method.GET,
    "/tasks/{task}/photo",
    Tag.TASKS,
    "The picture it was done with",
    {200: PhotoContent},
    TaskPath,
    Nothing,
    Nothing,
    {**NO_PHOTO_PROBLEMS, 404: "There is no such task, or it was done without a picture."},
)


def _step(name: str, summary: str, body: type[EdgeModel]) -> Operation[TaskPath, Nothing, Any]:
    return Operation(
        Method.POST, f"/tasks/{{task}}/{name}", Tag.TASKS, summary, {200: TaskShown}, TaskPath, Nothing, body, REFUSED
    )


TAKE: Final = _step("take", "Somebody says that they do it", TaskFor)
ASSIGN: Final = _step("assign", "It is given to somebody, whoever has it", TaskFor)
DONE: Final = _step("done", "It is done", TaskDone)
PROBLEM: Final = _step("problem", "It cannot be done as it is: a person is called", TaskTrouble)
WITHDRAW: Final = _step("withdraw", "It is not wanted any more", TaskWithdrawn)

OPERATIONS: Final = (LIST, ADD, COUNTS, SHOW, PHOTO, TAKE, ASSIGN, DONE, PROBLEM, WITHDRAW)
