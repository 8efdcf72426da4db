"""A place that nobody has said where to pay: its share is kept in its name until the business file says where."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.users import Role
from payments.domain.payout import PayoutState
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.test_jobs import paid
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
VILLA = "place:villa-padi"
NONE_YET = "    guests: 10 # no payout account yet: its share is kept for it\n"
ACCOUNT = '    guests: 10\n    payout: { channel: ID_BCA, number: "1000000103", holder: Ketut Darma }\n'


async def booked(world: World, number: str) -> str:
    """A paid massage there, at the first time of the next days."""
    guest = await world.phone("Emma", wa_id=number)
    await guest.say("Hello")
    await world.quiet()
    day = (await world.process.parts.clock.business_now()).date() + timedelta(days=20)
    query = {"from": day.isoformat(), "to": (day + timedelta(days=6)).isoformat(), "place": "villa-padi", "guests": "1"}
    slots: list[Json] = (await world.api.get("/services/balinese-massage/slots", params=query)).json()["items"]
    body = {"service": "balinese-massage", "slot_id": slots[0]["slot_id"], "place": "villa-padi", "guests": 1}
    made = await world.api.post("/bookings", json=body | {"lead_id": (await world.lead_of(guest))["id"]})
    assert made.is_success, made.text
    reference: str = made.json()["reference"]

    async def is_linked() -> bool:
        return bool(await p.links(world, f"{reference}.1"))

    await until(is_linked, what="the link")
    await paid(world, reference)
    return reference


async def villa(finance: httpx.AsyncClient) -> Json | None:
    items: list[Json] = (await finance.get("/money/payees")).json()["items"]
    return next((one for one in items if one["payee"] == VILLA), None)


async def rows(world: World) -> list[Json]:
    """What waits for a person about it."""
    items: list[Json] = (await world.api.get("/attention")).json()["items"]
    return [one for one in items if one["subject"]["id"] == VILLA]


async def shares(world: World, *references: str) -> int:
    found = [await p.books(world, one) for one in references]
    return sum(one.net.amount for books in found for one in books.payables if one.payee == VILLA)


async def test_its_share_is_kept_a_person_sees_it_and_all_of_it_leaves_with_the_account(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri) as world:
        dewi = await world.person(Role.FINANCE)
        first = await booked(world, "6281200000311")
        await p.days_go_by(world, 5)
        share = await shares(world, first)
        assert share > 0
        known = await villa(dewi)
        assert known is not None
        assert (known["account"], known["kept"]) == (None, [{"amount": share, "currency": "IDR"}])
        (row,) = await rows(world)
        assert (row["reason"], row["subject"]["kind"]) == ("money_payee_without_account", "payee")
        # the therapist is paid meanwhile, and the next share joins the first under one row
        assert {one.payee for one in (await p.books(world, first)).payouts} == {"provider:komang"}
        second = await booked(world, "6281200000312")
        await p.days_go_by(world, 5)
        both = await shares(world, first, second)
        known = await villa(dewi)
        assert known is not None
        assert (both > share, known["kept"]) == (True, [{"amount": both, "currency": "IDR"}])
        assert [one["id"] for one in await rows(world)] == [row["id"]]
        await p.agrees(world)

        path = tmp_path / "with_account.yaml"
        path.write_text(with_changes((NONE_YET, ACCOUNT)), "utf-8")
        await world.restart(business_file=path)

        async def is_there() -> bool:
            shown = await villa(dewi)
            return shown is not None and shown["account"] is not None

        # nothing was ever sent to it: the first account needs no second person
        await until(is_there, what="the account")
        assert await rows(world) == []
        await p.days_go_by(world, 3)
        sent = {
            one.id: one
            for reference in (first, second)
            for one in (await p.books(world, reference)).payouts
            if one.payee == VILLA
        }
        assert {one.state for one in sent.values()} == {PayoutState.SUCCEEDED}
        assert sum(one.amount.amount for one in sent.values()) == both
        known = await villa(dewi)
        assert known is not None
        assert known["kept"] == []
        await p.agrees(world)
