"""`janji tasks`: work around bookings is listed and moved at the command line."""

import asyncio
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import PlannedTask
from bot.domain.task_orders import EnsureTasks
from bot.store.driver import database
from bot.store.tasks import Tasks
from tests.conftest import connected
from tests.webhooks.cli.test_main import account, janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(240)]

DUE = datetime(2030, 1, 7, 6, tzinfo=UTC)
TASK = "BK-1:clean:1"


async def test_a_task_is_listed_taken_and_done(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"tasks_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)

    async def told(*arguments: str) -> tuple[int, str, str]:
        done = await asyncio.to_thread(janji, "tasks", *arguments, cwd=tmp_path, **settings)
        return done.returncode, done.stdout, done.stderr

    async with connected(mongodb_uri, "pymongo") as client:
        planned = PlannedTask("clean", (("en", "Clean"),), DUE, 60, "cleaner", "villa-kamboja")
        await Tasks(database(client, name)).ensure(EnsureTasks(BookingReference("BK-1"), 1, (planned,), DUE))
        code, said, _ = await told("list")
        assert (code, TASK in said, "nobody" in said, "1 tasks" in said) == (0, True, True, True)
        code, said, _ = await told("take", TASK, "ketut", "--dry-run", "--json")
        assert (code, json.loads(said)["state"]) == (0, "taken")
        assert json.loads((await told("list", "--json"))[1])["items"][0]["state"] == "open"
        code, said, wrong = await told("take", TASK, "dewi")
        assert (code, said, "dewi is no cleaner" in wrong, "Traceback" in wrong) == (1, "", True, False)
        code, said, _ = await told(
            "done", TASK, "--who", "ketut", "--note", "keys under the mat", "--by", "rina", "--role", "admin", "--json"
        )
        last = json.loads(said)["history"][-1]
        assert (code, last["to"], last["by"], last["role"]) == (0, "done", "rina", "admin")
        assert (await told("done", TASK))[0] == 1
        assert (await told("list", "--state", "dancing"))[0] == 2
        await client.drop_database(name)
