"""`janji money refunds`: what waits for a person, and the yes."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from payments.store.store import Store
from tests.conftest import connected
from tests.webhooks.api.money.test_refunds import held
from tests.webhooks.cli.test_main import OUTSIDE, account
from tests.webhooks.cli.test_money import told
from webhooks.processes.payments import PayeeCodec

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(240)]


async def test_a_person_says_yes_to_a_refund_above_the_limit(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"money_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)
    settings |= {"XENDIT_SECRET_KEY": OUTSIDE.xendit_secret_key, "XENDIT_BASE_URL": "http://127.0.0.1:9"}
    held_by_rina = replace(held(), ordered_by=("Rina",))
    async with connected(mongodb_uri, "pymongo") as client:
        await Store(client[name], PayeeCodec(settings["SECRET_KEY"])).refunds.insert(held_by_rina)
        code, found = await told(tmp_path, settings, "refunds", "list")
        assert (code, [one["status"] for one in found["items"]]) == (0, ["NEEDS_APPROVAL"])
        assert (await told(tmp_path, settings, "refunds", "approve", "rf-1", "--by", " "))[0] == 2
        code, said = await told(tmp_path, settings, "refunds", "approve", "rf-1", "--by", "rina")
        assert (code, said) == (1, "✗ whoever ordered a refund cannot approve it\n")
        code, found = await told(tmp_path, settings, "refunds", "approve", "rf-1", "--by", "Dewi")
        assert (code, found["approved_by"]) == (0, "Dewi")
        code, said = await told(tmp_path, settings, "refunds", "approve", "rf-1", "--by", "Putu")
        assert (code, said) == (1, "✗ it waits for nobody's approval\n")
        await client.drop_database(name)
