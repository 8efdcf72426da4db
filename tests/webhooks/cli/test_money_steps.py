"""`janji money refund|receive|deposit` and `refunds account`: what a person does with money at the command line."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.states import State
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS
from tests.journeys.world import World, opened
from tests.webhooks.cli.test_main import account, janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(300)]


def of_this(world: World, mongodb_uri: str) -> dict[str, str]:
    """The settings of another process over the same house."""
    known = world.settings
    assert known.secret_key is not None
    assert known.xendit_secret_key is not None
    assert known.mongodb_database is not None
    settings = account(world.simulator_url, 0, mongodb_uri, known.mongodb_database)
    return settings | {
        "SECRET_KEY": known.secret_key.get_secret_value(),
        "XENDIT_SECRET_KEY": known.xendit_secret_key.get_secret_value(),
        "XENDIT_BASE_URL": world.simulator_url,
    }


async def test_cash_is_received_and_a_part_given_back_each_tried_first(mongodb_uri: str, tmp_path: Path) -> None:
    async with opened(mongodb_uri) as world:
        settings = of_this(world, mongodb_uri)

        async def told(*arguments: str) -> tuple[int, Any]:
            done = await asyncio.to_thread(janji, "money", *arguments, "--json", cwd=tmp_path, **settings)
            return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

        phone = await world.phone("Emma", wa_id="6281200000091")
        reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
        receive = ("receive", reference, "--amount", "350000", "--way", "cash", "--by", "Dewi")
        code, tried = await told(*receive, "--dry-run")
        assert (code, tried["dry_run"]) == (0, True)
        assert (await p.booking(world, reference)).state is State.PAYMENT_PENDING
        assert (await told("receive", reference, "--amount", "1", "--way", "gold", "--by", "Dewi"))[0] == 2
        code, received = await told(*receive)
        assert (code, received["amount"]["amount"]) == (0, p.PRICE)
        await phone.expect("Paid and confirmed")
        put = ("deposit", reference, received["id"], "--by", "Dewi")
        assert [(await told(*put, *more))[0] for more in (("--dry-run",), (), ())] == [0, 0, 1]
        back = ("refund", reference, "--by", "Rina", "--reason", "cold room", "--amount")
        assert (await told(*back, "50000", "--dry-run"))[1]["keep"]["amount"] == 300_000
        assert (await told(*back, "50000"))[0] == 0
        code, why = await told(*back, "300001")
        assert (code, "more than is paid" in why) == (1, True)
        assert (await told(*back, "5", "--borne-by", "nobody"))[0] == 2
        code, why = await told(*back, "5", "--borne-by", "provider")
        assert (code, "still stands" in why) == (1, True)
        given = (await p.booking(world, reference)).goodwill
        assert given is not None
        assert given.amount == 50_000
        assert (await told("refund", "BK-NOBODY", "--by", "Rina", "--reason", "x", "--amount", "5"))[0] == 1
        to = ("--channel", "ID_BCA", "--number", "1234567890", "--holder", "Emma", "--by", "Rina")
        assert (await told("refunds", "account", "rf-nothing", *to))[0] == 1
