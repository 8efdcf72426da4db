"""`janji partners`: numbers that are doubted are listed and confirmed at the command line."""

import asyncio
import json
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.alarms import AlarmReason
from bot.domain.lead import Address
from bot.domain.partner import Partner, partner_id
from bot.store.aliases import Aliases
from bot.store.driver import database
from bot.store.partners import Partners
from bot.store.sealing import MasterKeys
from bot.store.vault import Vault
from tests.conftest import connected
from tests.contracts.makers import NOW
from tests.webhooks.cli.test_main import account, janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(240)]

KETUT, LEFT = "+6281200000301", "+6281299999999"
"""A cleaner of the sample, and somebody whom the file does not have any more."""


async def test_a_doubted_number_is_listed_and_confirmed(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"partners_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)

    async def told(*arguments: str) -> tuple[int, str, str]:
        done = await asyncio.to_thread(janji, "partners", *arguments, cwd=tmp_path, **settings)
        return done.returncode, done.stdout, done.stderr

    async def listed() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = json.loads((await told("list", "--json"))[1])["items"]
        return items

    async with connected(mongodb_uri, "pymongo") as client:
        db = database(client, name)
        vault = Vault(db, MasterKeys.from_secret(settings["SECRET_KEY"]))
        threads, aliases = Partners(db, vault), Aliases(db)
        for phone in (KETUT, LEFT):
            number = vault.alias("wa_id", phone.removeprefix("+"))
            partner = Partner(partner_id(number), phone, Address(phone.removeprefix("+"), "ID.former"))
            doubted = partner.alarmed(AlarmReason.PARTNER_NUMBER, NOW, "ketut")
            await threads.create(replace(doubted, is_locked=phone == KETUT))
            assert await aliases.bind_partner(number, f"user_id:{phone}", partner.id)
        code, said, _ = await told("list")
        assert (code, "Ketut Suarni" in said, "2 doubted numbers" in said) == (0, True, True)
        assert [(one["phone"], one["locked"]) for one in await listed()] == [(KETUT, True), (LEFT, False)]
        assert json.loads((await told("confirm", "ketut", "--dry-run", "--json"))[1])["doubted"] is False
        assert len(await listed()) == 2
        code, said, _ = await told("confirm", "+62 812-0000-0301")
        assert (code, "confirmed" in said) == (0, True)
        (left,) = await listed()
        number = vault.alias("wa_id", KETUT.removeprefix("+"))
        assert await aliases.partner_of(f"user_id:{KETUT}") is None
        assert await aliases.bind_partner(number, "user_id:new", partner_id(number))
        # and each refusal says why
        for named, why in (
            ("ketut", "Nobody doubts"),
            ("nobody", "no such partner"),
            (left["id"], "does not have that number"),
        ):
            code, said, wrong = await told("confirm", named)
            assert (code, said, why in wrong, "Traceback" in wrong) == (1, "", True, False)
        await client.drop_database(name)
