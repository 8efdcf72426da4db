"""Whoever is paid hears of it in their own chat, and says there that a sum is wrong: to the end, through all doors."""

from typing import Any

import pytest

from payments.domain import news
from payments.domain.payout import PayoutState
from tests.journeys import payments as p
from tests.journeys.test_offers import AYU, partner
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]


async def queue(world: World) -> list[Json]:
    answer = await world.api.get("/attention", params={"reason": "money_payout_disputed"})
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def test_who_is_paid_hears_of_it_once_and_says_that_the_sum_is_wrong(world: World) -> None:
    ayu, guest = await partner(world, AYU, "Ayu Pratiwi"), await world.phone("Emma", wa_id="6281200000291")
    reference = p.reference_in(await p.linked(guest))
    await p.pay(world, f"{reference}.1")
    await guest.expect("Paid and confirmed")
    await p.days_go_by(world, 5)
    known = await p.books(world, reference)
    (payout,) = [one for one in known.payouts if one.payee == "provider:ayu"]
    assert payout.state is PayoutState.SUCCEEDED
    # outside their 24 hours it waits, and costs nothing
    assert not [one for one in await ayu.bubbles() if one.says("sudah kami transfer")]
    sent = len([one for one in await ayu.bubbles() if one.kind == "template"])
    await ayu.say("halo")
    told = await ayu.expect("sudah kami transfer ke rekening", kind="buttons")
    assert payout.destination.account_number[-4:] in told.text
    # its news told again, by whoever died before it was acknowledged, changes nothing
    now = await world.process.parts.leads.server_now()
    await p.money_of(world).till.tell(news.of_payout(payout), now)
    await world.quiet()
    bubbles = await ayu.bubbles()
    assert len([one for one in bubbles if one.says("sudah kami transfer ke rekening")]) == 1
    assert len([one for one in bubbles if one.kind == "template"]) == sent

    await ayu.tap("Ada yang salah", told.id)
    await ayu.expect("Yang salah apanya kak?")
    await ayu.say("seharusnya 300 ribu kak, telp saya 0812 3456 7890")
    await ayu.expect("tim kami cek dulu ya")
    (row,) = await queue(world)
    assert row["amount"]["amount"] == payout.amount.amount
    assert row["facts"]["bookings"] == reference
    assert row["facts"]["said"].startswith("seharusnya 300 ribu kak")
    assert "3456" not in row["facts"]["said"]
    assert row["lead_id"] == world.process.parts.router.partners.directory.id_of(f"+{AYU}")
    # a person has answered or settled it, and the row is over
    seen = await world.api.post(f"/attention/{row['id']}/seen")
    assert seen.status_code == 200, seen.text
    assert await queue(world) == []
    await p.agrees(world)


async def test_within_their_24_hours_they_hear_at_once_and_my_money_has_the_same_button(world: World) -> None:
    ayu, guest = await partner(world, AYU, "Ayu Pratiwi"), await world.phone("Emma", wa_id="6281200000292")
    reference = p.reference_in(await p.linked(guest))
    await p.pay(world, f"{reference}.1")
    await guest.expect("Paid and confirmed")
    await ayu.say("uang saya")
    shown = await ayu.expect("Belum dibayarkan", kind="buttons")
    await ayu.tap("Ada yang salah", shown.id)
    await ayu.expect("Yang salah apanya kak?")
    await ayu.say("kurang 50 ribu")
    await ayu.expect("tim kami cek dulu ya (IDR")
    (row,) = await queue(world)
    assert (row["facts"]["bookings"], row["facts"]["said"]) == (reference, "kurang 50 ribu")
    for _ in range(5):
        # somebody who writes each day
        await ayu.say("halo")
        await p.days_go_by(world, 1, calmly=True)
    await ayu.expect("sudah kami transfer ke rekening", kind="buttons")
