"""`janji tasks`: work around bookings, listed and moved as the API does it."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

tasks = typer.Typer(no_args_is_help=True, help="Work around bookings: who does what, by when.")

Task = Annotated[str, typer.Argument(help="As the list names it.")]
Who = Annotated[str, typer.Argument(help="An id of `staff` of the business file.")]
By = Annotated[str | None, typer.Option(help="Who says so.")]
RoleName = Annotated[str, typer.Option("--role", help="In which role.")]


def _done(act: Callable[[Any], Awaitable[BaseModel]]) -> Any:
    """What comes of it over a connection of its own; exit 1 with the reason where it cannot be done."""
    from bot.lifecycle.task_steps import TaskRefused
    from webhooks.edge.task_refusals import sentence_of
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key")

    async def doing() -> Any:
        async with opened(settings, uri_of(settings)) as process:
            return (await act(process.parts)).model_dump(mode="json", by_alias=True)

    try:
        return run(doing())
    except TaskRefused as refused:
        raise fail(sentence_of(refused)) from None


def _line(task: dict[str, Any]) -> str:
    who = task["who"]["id"] if task["who"] else "nobody"
    title = task["title"].get("en") or next(iter(task["title"].values()), "")
    late = "  late" if task["is_late"] else ""
    return f"{task['due'][:16]}  {task['state']:9}  {who:12}  {task['id']}  {title}{late}"


def _step(
    task: str, step: str, who: str | None, note: str | None, by: str | None, role: str, *, dry_run: bool, as_json: bool
) -> None:
    from bot.lifecycle.task_steps import TaskStep
    from webhooks.api.tasks.door import step_task
    from webhooks.cli.acting import acting

    asked = acting(by, role)
    told = _done(lambda parts: step_task(parts, task, TaskStep(step), asked, who, note, dry_run=dry_run))
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _line(told))


@tasks.command("list")
def listed(
    *,
    state: Annotated[str | None, typer.Option(help="Left out: all that are not finished.")] = None,
    who: Annotated[str | None, typer.Option(help="Who has it.")] = None,
    kind: Annotated[str | None, typer.Option(help="chore or attention.")] = None,
    due_before: Annotated[str | None, typer.Option(help="A moment with its offset.")] = None,
    as_json: Json = False,
) -> None:
    """Tasks, the first due first."""
    from pydantic import ValidationError

    from webhooks.api.tasks.door import list_tasks
    from webhooks.api.tasks.models import TaskList, TasksQuery

    given = {"state": state, "who": who, "kind": kind, "due_before": due_before, "limit": 200}
    try:
        asked = TasksQuery.model_validate(given)
    except ValidationError as wrong:
        raise misused(
            "; ".join(f"--{one['loc'][0]}: {one['msg']}".replace("_", "-") for one in wrong.errors())
        ) from None

    async def whole(parts: Any) -> TaskList:
        page = await list_tasks(parts, asked)
        found = list(page.items)
        while page.next_cursor is not None:
            page = await list_tasks(parts, asked.model_copy(update={"cursor": page.next_cursor}))
            found += page.items
        return TaskList(items=found, next_cursor=None)

    told = _done(whole)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for task in told["items"]:
        typer.echo(_line(task))
    typer.echo(f"{len(told['items'])} tasks")


@tasks.command()
def take(
    task: Task,
    who: Who,
    *,
    by: By = None,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Somebody says that they do it."""
    _step(task, "take", who, None, by, role, dry_run=dry_run, as_json=as_json)


@tasks.command()
def assign(
    task: Task,
    who: Who,
    *,
    by: By = None,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """It is given to somebody, whoever has it."""
    _step(task, "assign", who, None, by, role, dry_run=dry_run, as_json=as_json)


@tasks.command()
def done(
    task: Task,
    *,
    who: Annotated[str | None, typer.Option(help="Who did it; left out: who has it.")] = None,
    note: Annotated[str | None, typer.Option(help="How it was found and left.")] = None,
    by: By = None,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """It is done."""
    _step(task, "done", who, note, by, role, dry_run=dry_run, as_json=as_json)


@tasks.command()
def problem(
    task: Task,
    note: Annotated[str, typer.Option(help="What is in the way.")],
    *,
    by: By = None,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """It cannot be done as it is: a person is called."""
    _step(task, "problem", None, note, by, role, dry_run=dry_run, as_json=as_json)


@tasks.command()
def withdraw(
    task: Task,
    reason: Annotated[str, typer.Option(help="Why it is not wanted any more.")],
    *,
    by: By = None,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """It is not wanted any more."""
    _step(task, "withdraw", None, reason, by, role, dry_run=dry_run, as_json=as_json)
