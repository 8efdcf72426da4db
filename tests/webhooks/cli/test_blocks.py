"""`janji blocks`: who is ill is put down, listed and lifted at the command line."""

import asyncio
import json
import secrets
from pathlib import Path

import pytest

from tests.conftest import connected
from tests.webhooks.cli.test_main import account, janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(240)]

DAY = ("--from", "2030-01-07T09:00:00+08:00", "--to", "2030-01-07T18:00:00+08:00", "--reason", "ill")


async def test_a_block_is_made_listed_and_lifted(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"blocks_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)

    async def told(*arguments: str) -> tuple[int, str, str]:
        done = await asyncio.to_thread(janji, "blocks", *arguments, cwd=tmp_path, **settings)
        return done.returncode, done.stdout, done.stderr

    async with connected(mongodb_uri, "pymongo") as client:
        code, said, _ = await told("add", "provider:ayu", *DAY, "--dry-run", "--json")
        assert (code, json.loads(said)["told"]) == (0, 0)
        assert (await told("list"))[1] == ""
        code, said, _ = await told("add", "provider:ayu", *DAY, "--json")
        block = json.loads(said)
        assert (code, block["lifted_at"]) == (0, None)
        code, said, _ = await told("list")
        assert (code, said.split()[0], "stands" in said) == (0, block["id"], True)
        assert (await told("lift", block["id"], "--role", "king"))[0] == 2
        code, said, _ = await told("lift", block["id"], "--by", "rina", "--role", "admin", "--json")
        lifted = json.loads(said)
        assert (code, lifted["lifted_by"], lifted["lifted_role"]) == (0, "rina", "admin")
        assert "lifted by rina (admin)" in (await told("list"))[1]
        code, said, wrong = await told("add", "provider:nobody", *DAY)
        assert (code, said) == (1, "")
        assert "Traceback" not in wrong
        assert (await told("add", "provider:ayu", "--from", "soon", "--to", "later", "--reason", "x"))[0] == 2
        await client.drop_database(name)
