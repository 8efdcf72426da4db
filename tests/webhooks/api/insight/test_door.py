"""The inside of one customer over the API: place, ways on, timers, holds, outbox, money by party, refusals."""

from datetime import datetime
from typing import Any

import pytest

from bot.domain.states import State
from bot.lifecycle.tables import LIFECYCLE
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

Json = dict[str, Any]


async def inside(world: World, phone: Phone) -> Json:
    """What the page asks for."""
    lead = (await world.lead_of(phone))["id"]
    told: Json = (await world.api.get(f"/leads/{lead}/insight")).raise_for_status().json()
    return told


async def moved(world: World, **order: Any) -> None:
    """The bar's clock."""
    assert (await world.told("POST", "/time", order))["backend"]["available"]


async def test_the_lifecycle_is_the_table_of_the_code(world: World) -> None:
    states = (await world.api.get("/lifecycle")).json()["states"]
    assert [one["name"] for one in states] == [state.value for state in State]
    assert {one["name"]: set(one["next"]) for one in states} == {
        state.value: {target.value for target in targets} for state, targets in LIFECYCLE.items()
    }
    assert {one["name"] for one in states if one["is_closed"]} == {"COMPLETED", "NO_SHOW", "CANCELLED", "ABANDONED"}


async def test_offered_times_are_seen_as_holds_that_run_out(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    await phone.say(p.WISH)
    await phone.expect("Tap one")
    await world.quiet()
    told = await inside(world, phone)
    (booking,) = told["bookings"]
    assert (booking["state"], booking["been"][0]) == ("SLOT_PROPOSED", "INQUIRY")
    assert told["holds"]
    for hold in told["holds"]:
        assert (hold["state"], hold["booking"]) == ("held", booking["reference"])
        assert datetime.fromisoformat(hold["expires_at"]) > datetime.fromisoformat(told["now"])
        assert hold["start"] is not None
    await moved(world, move=86400)
    assert (await inside(world, phone))["holds"] == []


async def test_every_way_on_has_its_verdict_and_the_blocked_ones_their_reasons(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    await p.linked(phone)
    await world.quiet()
    (booking,) = (await inside(world, phone))["bookings"]
    assert booking["state"] == "PAYMENT_PENDING"
    ways = {one["target"]: one for one in booking["ways_on"]}
    assert set(ways) == {target.value for target in LIFECYCLE[State.PAYMENT_PENDING]}
    assert not ways["PAID"]["allowed"]
    assert all(reason["rule"] and reason["fact"] and reason["fix"] for reason in ways["PAID"]["reasons"])


async def test_timers_and_the_next_appointment_are_told_and_the_clock_brings_the_end(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    reference = p.reference_in(await p.linked(phone))
    await world.quiet()
    told = await inside(world, phone)
    timers = {one["name"]: one["due_at"] for one in told["timers"]}
    assert {f"pay_by:{reference}", f"nudge:{reference}"} <= set(timers)
    assert told["next_start"] == told["bookings"][0]["start"]
    assert [one["state"] for one in told["holds"]] == ["booked"]
    await moved(world, to=timers[f"pay_by:{reference}"])
    await p.is_in(world, reference, State.CANCELLED)
    await phone.expect("time")

    async def forgotten() -> bool:
        now = await inside(world, phone)
        return now["holds"] == [] and now["next_start"] is None

    await until(forgotten, what="the released time")


async def test_money_is_told_by_party_and_settles_when_the_clock_moves(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await p.is_in(world, reference, State.CONFIRMED)
    (money,) = (await inside(world, phone))["money"]
    assert (money["booking"], money["money"]["captured"]["amount"]) == (reference, p.PRICE)
    assert {one["party"] for one in money["payables"]} == {"provider", "facility"}

    async def paid_out() -> bool:
        await moved(world, move=6 * 3600)
        (known,) = (await inside(world, phone))["money"]
        return len(known["payouts"]) == 2 and all(one["status"] == "SUCCEEDED" for one in known["payouts"])

    await until(paid_out, timeout=120, what="everybody paid", poll=0.5)
    assert (await world.api.get("/money/check")).json()["holds"]


async def test_a_refusal_is_told_with_rule_fact_and_mend_in_the_readers_language(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    reference = p.reference_in(await p.linked(phone))
    await world.quiet()
    answer = await world.api.post(f"/bookings/{reference}/show-up", json={"showed_up": True})
    assert answer.status_code == 409
    lead = (await world.lead_of(phone))["id"]
    shown = (await world.api.get(f"/leads/{lead}/insight", headers={"Accept-Language": "id"})).json()["refusals"]
    assert [(one["booking"], one["from"], one["target"]) for one in shown] == [
        (reference, "PAYMENT_PENDING", "COMPLETED")
    ]
    assert shown[0]["reason"]["rule"] == "transition"
    assert shown[0]["reason"]["fix"].startswith("Pilih")


async def test_what_waits_is_told_with_its_words_and_status(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    reference = p.reference_in(await p.linked(phone))
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    await world.api.post(f"/conversations/{lead}/takeover")
    await p.pay(world, f"{reference}.1")

    async def draft() -> Any:
        return [one for one in (await inside(world, phone))["outbox"] if one["status"] == "draft"]

    (waiting,) = await until(draft, what="a draft")
    assert (waiting["lane"], waiting["author"]) == ("chat", "bot")
    assert reference in waiting["text"]


async def test_only_the_bearer_of_the_token_sees_it(world: World) -> None:
    for path in ("/lifecycle", "/leads/nobody/insight"):
        assert (await world.api.get(path, headers={"Authorization": "Bearer wrong"})).status_code == 401
    assert (await world.api.get("/leads/nobody/insight")).status_code == 404
