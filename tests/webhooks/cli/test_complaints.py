"""`janji complaints`: what went wrong, at the command line."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_complaints import delivered
from tests.journeys.world import opened, until
from tests.webhooks.cli.test_main import janji
from tests.webhooks.cli.test_money_steps import of_this

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(300)]


async def test_a_complaint_is_opened_shown_and_answered_each_tried_first(mongodb_uri: str, tmp_path: Path) -> None:
    async with opened(mongodb_uri) as world:
        settings = of_this(world, mongodb_uri)

        async def told(*arguments: str) -> tuple[int, Any]:
            done = await asyncio.to_thread(janji, "complaints", *arguments, cwd=tmp_path, **settings)
            return done.returncode, done.stdout if done.returncode == 0 else done.stderr

        phone, reference = await delivered(world)
        code, why = await told("show", reference)
        assert (code, "Nobody has complained" in why) == (1, True)
        await phone.say("2 stars, look at this")
        await phone.expect("answers you by")
        await phone.do("file")
        await phone.expect("picture is with your complaint")
        assert (await told("open", reference, "--words", "it burned", "--by", "Rina"))[0] == 0

        async def kept() -> bool:
            await world.process.parts.photos.sweep(await world.process.parts.clock.business_now())
            return "photo 1: kept" in (await told("show", reference))[1]

        await until(kept, timeout=40, what="the picture")
        picture = tmp_path / "picture"
        assert (await told("photo", reference, "1", "--out", str(picture)))[0] == 0
        assert picture.stat().st_size > 0
        assert (await told("photo", reference, "2", "--out", str(picture)))[0] == 1
        answer = ("answer", reference, "--by", "Rina", "--kind")
        assert (await told(*answer, "dance"))[0] == 2
        code, why = await told(*answer, "refund")
        assert (code, "need an amount" in why) == (1, True)
        code, why = await told(*answer, "credit", "--amount", "50000", "--expires-on", "someday")
        assert (code, "expires_on" in why) == (2, True)
        today = (await world.process.parts.clock.business_now()).date()
        last_day = ("--expires-on", (today + timedelta(days=60)).isoformat(), "--dry-run")
        code, tried = await told(*answer, "credit", "--amount", "50000", *last_day)
        assert (code, "50000 IDR as a credit until" in tried) == (0, True)
        refund = (*answer, "refund", "--amount", "50000", "--borne-by", "provider", "--words", "We are sorry.")
        code, tried = await told(*refund, "--dry-run", "--json")
        assert (code, json.loads(tried)["dry_run"]) == (0, True)
        assert "open" in (await told("show", reference))[1]
        assert "50000 IDR back" in (await told(*refund))[1]
        code, why = await told(*refund)
        assert (code, "answered before" in why) == (1, True)
        assert "We are sorry." in (await told("show", reference))[1]
        assert (await told("open", "BK-NOBODY", "--words", "x", "--by", "Rina"))[0] == 1
