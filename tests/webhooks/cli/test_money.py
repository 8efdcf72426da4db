"""`janji money`: what it says of the books, and by which exit code."""

import asyncio
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from payments.domain.ids import PayableId, PayoutId
from payments.domain.payees import PayeeAccount
from payments.domain.payout import Payout, PayoutLine, PayoutState
from payments.domain.splits import Party
from payments.services.alarms import AlarmService
from payments.services.payees import PayeeService
from payments.store.store import Store
from simulator.server import serve
from tests.conftest import connected
from tests.payments.makers import NOON, idr
from tests.payments.makers import account as payee_account
from tests.webhooks.cli.test_main import OUTSIDE, account, janji
from webhooks.processes.payments import PayeeCodec

pytestmark = [pytest.mark.mongo, pytest.mark.processes]


async def told(cwd: Path, settings: dict[str, str], *arguments: str) -> tuple[int, Any]:
    done = await asyncio.to_thread(janji, "money", *arguments, "--json", cwd=cwd, **settings)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


async def test_the_check_tells_a_posting_that_no_record_stands_for(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"money_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)
    assert await told(tmp_path, settings, "check") == (0, {"holds": True, "bookings": 0, "differences": []})
    stray = {
        "_id": "captured:nobody",
        "reference": "BK-NOBODY",
        "currency": "IDR",
        "at": datetime(2026, 11, 21, tzinfo=UTC),
        "entries": [{"account": "captured", "amount": -5}, {"account": "open", "amount": 5}],
    }
    async with connected(mongodb_uri, "pymongo") as client:
        await client[name]["ledger"].insert_one(stray)
        code, report = await told(tmp_path, settings, "check")
        await client.drop_database(name)
    assert code == 1
    assert report["holds"] is False
    assert {one["reference"] for one in report["differences"]} == {"BK-NOBODY"}


async def test_reconcile_lays_our_books_against_the_providers(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"money_{secrets.token_hex(6)}"
    async with serve(OUTSIDE) as url:
        settings = account(url, 0, mongodb_uri, name)
        settings |= {"XENDIT_SECRET_KEY": OUTSIDE.xendit_secret_key, "XENDIT_BASE_URL": url}
        code, report = await told(tmp_path, settings, "reconcile")
        async with connected(mongodb_uri, "pymongo") as client:
            await client.drop_database(name)
    assert code == 0, report
    assert report["rows"] == 0
    assert [(one["account"], one["ours"], one["theirs"]) for one in report["balances"]] == [
        ("CASH", 0, 0),
        ("HOLDING", 0, 0),
    ]


async def test_a_payout_nobody_ordered_is_named_until_a_person_accepts_it(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"money_{secrets.token_hex(6)}"
    thief = {
        "reference_id": "not-ours",
        "channel_code": "ID_BCA",
        "channel_properties": {"account_number": "5555555555", "account_holder_name": "Nobody"},
        "amount": 100_000,
        "currency": "IDR",
    }
    async with serve(OUTSIDE) as url, httpx.AsyncClient(base_url=url, trust_env=False) as outside:
        settings = account(url, 0, mongodb_uri, name)
        settings |= {"XENDIT_SECRET_KEY": OUTSIDE.xendit_secret_key, "XENDIT_BASE_URL": url}
        assert (await told(tmp_path, settings, "reconcile"))[0] == 0
        (await outside.post("/sim/xendit/topup", json={"amount": 600_000})).raise_for_status()
        key, once = (OUTSIDE.xendit_secret_key, ""), {"Idempotency-key": "x"}
        (await outside.post("/v2/payouts", json=thief, auth=key, headers=once)).raise_for_status()
        (await outside.post("/sim/xendit/clock", json={"advance_seconds": 10})).raise_for_status()
        code, dry = await told(tmp_path, settings, "reconcile", "--dry-run")
        assert (code, dry["rows"], dry["balances"][0]["difference"]) == (1, 0, 494_450)
        code, found = await told(tmp_path, settings, "reconcile")
        assert (code, found["verdict"], found["balances"][0]["difference"]) == (1, "differs", -105_550)
        assert found["held_last_at"] is not None
        assert found["differences"] == []
        (stray,) = found["strays"]
        assert (await told(tmp_path, settings, "reconcile", "--accept", "txn_nobody"))[0] == 1
        said = await asyncio.to_thread(janji, "money", "reconcile", "--dry-run", cwd=tmp_path, **settings)
        assert f"nobody here ordered {stray}" in said.stdout
        assert "the provider has 105550 less than our books" in said.stdout
        code, found = await told(tmp_path, settings, "reconcile", "--accept", stray)
        async with connected(mongodb_uri, "pymongo") as client:
            await client.drop_database(name)
    assert (code, found["verdict"], found["holds"], found["strays"]) == (0, "holds", True, [])


async def test_reconcile_without_a_key_says_how_to_set_one(mongodb_uri: str, tmp_path: Path) -> None:
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, "money_none")
    code, said = await told(tmp_path, settings, "reconcile")
    assert code == 1
    assert "XENDIT_SECRET_KEY" in said


@pytest.mark.timeout(480)  # a dozen processes, each with all its imports
async def test_a_person_decides_about_payouts_and_payees(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"money_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)
    settings |= {"XENDIT_SECRET_KEY": OUTSIDE.xendit_secret_key, "XENDIT_BASE_URL": "http://127.0.0.1:9"}
    async with connected(mongodb_uri, "pymongo") as client:
        store = Store(client[name], PayeeCodec(settings["SECRET_KEY"]))
        alarms = AlarmService(store)
        payees = PayeeService(store, alarms)
        first, other = payee_account(), payee_account(number="2222222222", name="2")
        await payees.propose(first, NOON)
        await payees.propose(other, NOON)
        await store.payouts.insert(stuck(first))
        code, found = await told(tmp_path, settings, "payouts", "list", "--state", "PERSON")
        assert (code, [one["status"] for one in found["items"]]) == (0, ["PERSON"])
        assert (await told(tmp_path, settings, "payouts", "list", "--state", "ASLEEP"))[0] == 2
        void = ("payouts", "void", "po-1", "--by", "Dewi", "--reason", "x", "--dry-run")
        code, found = await told(tmp_path, settings, *void)
        assert (code, found["status"]) == (0, "VOID")
        code, found = await told(tmp_path, settings, "payouts", "retry", "po-1", "--by", "Dewi")
        assert (code, found["status"], found["decisions"][0]["by"]) == (0, "READY", "Dewi")
        code, said = await told(tmp_path, settings, "payouts", "retry", "po-1", "--by", "Dewi")
        assert (code, said) == (1, "✗ only a payout that waits for a person is sent again\n")
        code, found = await told(tmp_path, settings, "payees", "list")
        assert [one["proposal"]["account"]["number"] for one in found["items"]] == ["••••2222"]
        assert (await told(tmp_path, settings, "payees", "confirm", "provider-1", "--by", "business file"))[0] == 1
        code, found = await told(tmp_path, settings, "payees", "confirm", "provider-1", "--by", "Dewi")
        assert (code, found["state"]) == (0, "IN_EFFECT")
        code, found = await told(tmp_path, settings, "alarms")
        assert [one["kind"] for one in found["items"]] == ["payout_account_changed"]
        code, said = await told(tmp_path, settings, "reconcile")
        assert (code, said.count("\n")) == (1, 1), said  # the provider is away: one line, no traceback
        await client.drop_database(name)


def stuck(to: PayeeAccount) -> Payout:
    """A payout that waits for a person."""
    return Payout(
        id=PayoutId("po-1"),
        payee=to.payee,
        payout_account=to.payout_account,
        destination=to.destination,
        currency="IDR",
        lines=(PayoutLine(PayableId("p"), "BK1", Party.PROVIDER, idr(20_000)),),
        made_at=NOON,
        state=PayoutState.PERSON,
    )
