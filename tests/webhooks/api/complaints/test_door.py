"""`/bookings/{reference}/complaint`: what a person may ask for, and what they are told when they may not."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.complaints import MOST_PHOTOS
from bot.domain.users import Role
from tests.journeys import payments as p
from tests.journeys.test_complaints import complaint, delivered
from tests.journeys.world import World, opened
from tests.webhooks.api.bookings.test_changes import asked, paid_massage, problem
from tests.webhooks.api.bookings.test_refund_approval import limited, the_waiting_refund
from tests.webhooks.api.money.test_door import post

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]


async def opens(world: World, reference: str, **body: Any) -> httpx.Response:
    return await asked(world, reference, "complaint", **{"words": "the oil was cold", "by": "Rina", **body})


async def answers(world: World, reference: str, **body: Any) -> httpx.Response:
    return await asked(world, reference, "complaint/answer", **{"by": "Rina", **body})


async def test_a_large_refund_waits_for_another_person_than_whoever_answered(mongodb_uri: str, tmp_path: Path) -> None:
    async with opened(mongodb_uri, ours={"business_file": limited(tmp_path)}) as world:
        _, reference = await delivered(world)
        # its shares have left by now: what goes back is lent by the house until they are netted
        await world.told("POST", "/xendit/topup", {"amount": 500_000})
        assert (await opens(world, reference)).status_code == 201
        rina = await world.person(Role.FINANCE, email="rina@example.com")
        dewi = await world.person(Role.FINANCE, email="dewi@example.com")
        answer = {"kind": "refund", "amount": 200_000, "borne_by": "provider"}
        done = await rina.post(f"/bookings/{reference}/complaint/answer", json=answer)
        assert done.status_code == 201, done.text
        assert (done.json()["answered_by"]) == rina.headers["X-Id"]
        way = f"/money/refunds/{await the_waiting_refund(world)}/approve"
        assert problem(await rina.post(way, json={})) == (409, "needs-another-person")
        assert (await post(world, way, via=dewi))["approved_by"] == dewi.headers["X-Id"]
        await p.days_go_by(world, 4)
        (books,) = (await p.books(world, reference)).books
        assert (books.refunded, books.open) == (200_000, 0)
        await p.agrees(world)


async def test_only_what_was_delivered_is_complained_of_and_each_refusal_says_why(world: World) -> None:
    _, reference = await paid_massage(world)
    assert problem(await opens(world, reference)) == (409, "not-delivered")
    assert problem(await opens(world, "BK-NOBODY")) == (404, "no-such-booking")
    assert problem(await world.api.get(f"/bookings/{reference}/complaint")) == (404, "no-complaint")
    assert problem(await answers(world, reference, kind="refused", words="no")) == (404, "no-complaint")
    chosen = (await p.booking(world, reference)).chosen
    assert chosen is not None
    await world.quiet()
    await p.everybodys_time_goes_on(world, chosen.end - await world.process.parts.clock.business_now())
    assert problem(await opens(world, reference, words=" "))[0] == 422
    assert problem(await opens(world, reference, role="provider")) == (403, "may-not")
    assert problem(await opens(world, reference, photos=["x"] * (MOST_PHOTOS + 1)))[0] == 422
    assert (await opens(world, reference, photos=["no-such-media"])).status_code == 201
    # its time is over, and nobody has to have said so
    again = await opens(world, reference, words="and the towels were wet")
    assert again.json()["words"] == ["the oil was cold", "and the towels were wet"]
    assert [one["state"] for one in again.json()["photos"]] == ["wanted"]
    assert problem(await world.api.get(f"/bookings/{reference}/complaint/photos/1")) == (409, "photo-wanted")
    assert problem(await answers(world, reference, kind="dance")) == (422, "unknown-kind")
    assert problem(await answers(world, reference, kind="refused")) == (422, "no-words")
    assert problem(await answers(world, reference, kind="refused", words="x" * 601))[1] == "bad-words"
    assert problem(await answers(world, reference, kind="refused", words="no", amount=5)) == (422, "bad-sum")
    assert problem(await answers(world, reference, kind="refund", amount=5, slot_id="x")) == (422, "bad-time")
    assert problem(await answers(world, reference, kind="refund", amount=5, borne_by="nobody")) == (
        422,
        "unknown-party",
    )
    # who bears it is decided when it is over
    assert problem(await answers(world, reference, kind="refund", amount=5, borne_by="provider")) == (409, "not-over")
    assert problem(await answers(world, reference, kind="redo", slot_id="planning-call||20300101T0000Z|"))[0] == 409
    assert (await complaint(world, reference))["state"] == "open"
    refused = await answers(world, reference, kind="refused", words="It was 38 degrees.")
    assert refused.status_code == 201, refused.text
    assert (await complaint(world, reference))["answer"]["words"] == "It was 38 degrees."
    assert problem(await opens(world, reference)) == (409, "answered-before")
