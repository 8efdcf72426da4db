"""`janji money disputes`: what banks took back, and what there is to answer with."""

import secrets
from pathlib import Path

import pytest

from payments.store.store import Store
from tests.conftest import connected
from tests.payments.test_chargebacks import LATER, shared, taken
from tests.webhooks.cli.test_main import OUTSIDE, account
from tests.webhooks.cli.test_money import told
from webhooks.processes.payments import PayeeCodec

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(240)]


async def test_disputes_are_listed_with_their_day_and_shown_with_their_postings(
    mongodb_uri: str, tmp_path: Path
) -> None:
    name = f"money_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)
    settings |= {"XENDIT_SECRET_KEY": OUTSIDE.xendit_secret_key, "XENDIT_BASE_URL": "http://127.0.0.1:9"}
    async with connected(mongodb_uri, "pymongo") as client:
        store = Store(client[name], PayeeCodec(settings["SECRET_KEY"]))
        await store.invoices.insert(shared().charged_back(taken(), LATER))
        code, found = await told(tmp_path, settings, "disputes", "list")
        (one,) = found["items"]
        assert (code, one["id"], one["status"], one["amount"]["amount"]) == (0, "txn_cb", "OPEN", 500_000)
        code, whole = await told(tmp_path, settings, "disputes", "show", "txn_cb")
        assert (code, [posting["key"] for posting in whole["postings"]]) == (0, ["disputed:txn_cb"])
        # no booking of that name is known here, so there is nothing to answer with
        assert whole["evidence"] == []
        assert await told(tmp_path, settings, "disputes", "show", "other") == (1, "✗ there is no such dispute\n")
        await client.drop_database(name)
