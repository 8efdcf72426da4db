"""Whether work was done by when it was due, and how guests found it."""

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.task import Task, TaskState
from bot.reports.figures import Figure, FigureUnit, ReportRow, RowKind, average, count, share
from bot.reports.stories import BookingStory


def work(tasks: Sequence[Task], rated: Sequence[BookingStory]) -> tuple[Figure, ...]:
    """Tasks that were due in the period, those withdrawn left out; and the ratings given to visits of it."""
    due = [task for task in tasks if task.state is not TaskState.WITHDRAWN]
    done = [task for task in due if task.state is TaskState.DONE]
    in_time = [task for task in done if task.done_at is not None and task.done_at <= task.planned.due_at]
    late = [task for task in done if task not in in_time]
    open_ = [task for task in due if task.state is not TaskState.DONE]
    unfilled = [task for task in open_ if task.state is TaskState.UNFILLED]
    scores = [
        story.row(rating.given_at, Decimal(rating.score))
        for story in rated
        if story.booking is not None and (rating := story.booking.rating) is not None
    ]
    return (
        count("due", map(_row, due)),
        count("done_in_time", map(_row, in_time)),
        share("completion_rate", map(_row, in_time), len(due)),
        count("done_late", map(_row, late)),
        count("not_done", map(_row, open_)),
        count("unfilled", map(_row, unfilled)),
        count("ratings", scores),
        average("satisfaction", FigureUnit.SCORE, scores),
    )


def _row(task: Task) -> ReportRow:
    booking = None if task.booking is None else str(task.booking)
    return ReportRow(RowKind.TASK, task.id, task.planned.due_at, booking=booking)
