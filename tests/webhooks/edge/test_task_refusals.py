"""What a step of a task is refused with says nothing back that was sent."""

import pytest

from bot.lifecycle.task_steps import TaskRefusal, TaskRefused
from webhooks.edge.task_refusals import sentence_of, status_of


@pytest.mark.parametrize("why", [TaskRefusal.NO_SUCH_TASK, TaskRefusal.NO_SUCH_PERSON, TaskRefusal.NO_SUCH_PLACE])
def test_a_name_that_nobody_has_is_not_repeated(why: TaskRefusal) -> None:
    refused = TaskRefused(why, None, "their own words")
    assert "their own words" not in sentence_of(refused)
    assert status_of(refused) in {404, 422}
