"""`janji users`: asked in by a link, given other roles, revoked; never a password on a screen."""

import asyncio
import json
import secrets
from pathlib import Path

import pytest

from tests.webhooks.cli.test_main import account, janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(240)]

EMAIL = "ayu@example.com"


async def test_a_user_from_the_invitation_to_the_end(mongodb_uri: str, tmp_path: Path) -> None:
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, f"users_{secrets.token_hex(6)}")
    settings["PUBLIC_URL"] = "https://janji.example"

    async def told(*arguments: str) -> tuple[int, str, str]:
        done = await asyncio.to_thread(janji, "users", *arguments, cwd=tmp_path, **settings)
        return done.returncode, done.stdout, done.stderr

    code, said, _ = await told("add", EMAIL, "--role", "sales", "--dry-run")
    assert (code, "invited" in said, "https" in said) == (0, True, False)
    assert "0 users" in (await told("list"))[1]
    code, said, _ = await told("add", EMAIL, "--role", "sales", "--role", "finance", "--name", "Ayu")
    assert code == 0
    assert f"{EMAIL}  invited   sales, finance  Ayu" in said
    assert "https://janji.example/console/invite/invite~user:" in said
    code, _, why = await told("add", EMAIL, "--role", "sales")
    assert (code, "there is a user" in why) == (1, True)
    for wrong, sentence in (
        (("add", "other@example.com", "--role", "provider"), "works in WhatsApp"),
        (("add", "other@example.com", "--role", "king"), "--role is one or more of sales"),
        (("add", "other@example.com", "--role", "sales", "--language", "xx"), "--language is one of"),
    ):
        code, _, why = await told(*wrong)
        assert (code, sentence in why) == (2, True)
    code, _, why = await told("add", "no address", "--role", "sales")
    assert (code, "no address of a person" in why) == (1, True)
    code, _, why = await told("add", EMAIL, "--role", "sales", "--dry-run")
    assert (code, "there is a user" in why) == (1, True)
    assert json.loads((await told("roles", EMAIL, "--role", "admin", "--dry-run", "--json"))[1])["roles"] == ["admin"]
    code, said, _ = await told("roles", EMAIL, "--role", "support", "--json")
    assert json.loads(said)["roles"] == ["support"]
    code, said, _ = await told("passwd", EMAIL)
    assert (code, "/console/invite/" in said) == (0, True)
    code, _, why = await told("passwd", "nobody@example.com")
    assert (code, "nobody who signs in has this address" in why) == (1, True)
    assert json.loads((await told("revoke", EMAIL, "--dry-run", "--json"))[1])["state"] == "invited"
    assert json.loads((await told("revoke", EMAIL, "--json"))[1])["state"] == "revoked"
    (user,) = json.loads((await told("list", "--json"))[1])["items"]
    assert (user["state"], user["sessions"], user["email"]) == ("revoked", 0, EMAIL)
    assert "1 users" in (await told("list"))[1]
