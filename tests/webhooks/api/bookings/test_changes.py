"""Changes through the API: the price before the yes, one answer for each call, and nothing half done."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.states import Modification, State
from bot.engine.internal import order_merge
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS
from tests.journeys.world import API_TOKEN, QUICK, World, until
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from webhooks.doorway import doors_of
from webhooks.processes.web import create_app
from webhooks.wiring import opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

Json = dict[str, Any]
KIND = "urn:janji:problem:"


async def asked(world: World, reference: str, path: str, **body: Any) -> httpx.Response:
    return await world.api.post(f"/bookings/{reference}/{path}", json=body)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and type of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix(KIND)


async def paid_massage(world: World, wa_id: str = "6281200000081") -> tuple[Any, str]:
    phone = await world.phone("Emma", wa_id=wa_id)
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    await world.told("POST", "/xendit/topup", {"amount": 100_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")
    return phone, reference


async def forward(world: World, by: timedelta) -> None:
    now = await world.process.parts.clock.business_now()
    answer = await world.api.post("/clock", json={"to": (now + by).isoformat()})
    assert answer.status_code == 200, answer.text


async def test_a_cancellation_is_quoted_first_and_done_by_the_yes_to_that_quote_alone(world: World) -> None:
    _, reference = await paid_massage(world)
    quoted = await asked(world, reference, "changes", kind="cancel", cause="customer", by="rina", reason="flight")
    assert quoted.status_code == 201, quoted.text
    change, quote = quoted.json()["id"], quoted.json()["quote"]
    assert (quote["to_refund"], quote["by_way"]) == ({"amount": 175_000, "currency": "IDR"}, "instrument")
    assert (quote["price_before"]["amount"], quote["price_after"]["amount"], quote["keep"]["amount"]) == (
        p.PRICE,
        0,
        175_000,
    )
    assert quote["policy"]
    assert (await p.booking(world, reference)).state is State.CONFIRMED

    second = await asked(world, reference, "changes", kind="time", cause="customer", guests=2)
    assert problem(second) == (409, "change-open")
    possible = (await world.api.get(f"/bookings/{reference}/actions")).json()["items"]
    assert possible[0]["type"] == "confirm_change"
    assert possible[0]["quote"]["number"] == quote["number"]
    assert possible[0]["label"] == "Confirm the change"

    # another number than the open quote's is a yes to nothing
    other = await asked(world, reference, f"changes/{change}/confirm", quote=7)
    assert problem(other) == (409, "quote-outdated")
    assert other.json()["quote"]["number"] == 1
    await forward(world, timedelta(minutes=31))

    async def withdrawn() -> bool:
        return (await p.booking(world, reference)).modification is Modification.WITHDRAWN

    # nobody confirmed it in time: its silence ended it, and the yes that comes now is told so
    await until(withdrawn, what="the silence")
    late = await asked(world, reference, f"changes/{change}/confirm", quote=1)
    assert problem(late) == (409, "change-denied")

    again = (await asked(world, reference, "changes", kind="cancel", cause="customer")).json()
    path = f"changes/{again['id']}/confirm"
    both = await asyncio.gather(*(asked(world, reference, path, quote=1) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [200, 409]
    (done,) = [answer.json() for answer in both if answer.status_code == 200]
    assert (done["state"], done["change_state"], done["quote"]["to_refund"]["amount"]) == (
        "CANCELLED",
        "confirmed",
        175_000,
    )


async def test_an_override_needs_the_role_and_stands_on_record_with_person_and_reason(world: World) -> None:
    _, reference = await paid_massage(world)
    body = {"cause": "customer", "reason": "regular guest", "refund": 300_000, "by": "rina"}
    assert problem(await asked(world, reference, "cancel", **body, role="sales")) == (403, "change-denied")
    assert (await p.booking(world, reference)).state is State.CONFIRMED
    done = await asked(world, reference, "cancel", **body)
    assert done.status_code == 200, done.text
    quote = done.json()["quote"]
    assert (quote["to_refund"]["amount"], quote["keep"]["amount"], quote["policy_clause"]) == (
        300_000,
        50_000,
        "decided_by_staff",
    )
    rows = await world.process.database["audit"].find({"what": "change_asked"}).to_list(None)
    (facts,) = [dict(row["facts"]) for row in rows]
    assert (facts["person"], facts["role"], facts["reason"], facts["asked_refund"]) == (
        "rina",
        "operations",
        "regular guest",
        "300000",
    )


async def test_a_move_is_quoted_and_applied_and_the_very_same_time_is_no_change(world: World) -> None:
    first, second = (await slots(world))[:3:2]
    reference = (await booked(world, await customer(world), first))["reference"]
    same = await asked(world, reference, "changes", kind="time", cause="customer", slot_id=first["slot_id"])
    assert problem(same) == (409, "change-denied")
    assert same.json()["reasons"][0]["rule"] == "same"
    nowhere = await asked(world, reference, "changes", kind="time", cause="customer", slot_id="nothing")
    assert problem(nowhere) == (409, "step-blocked")
    quoted = await asked(world, reference, "changes", kind="time", cause="customer", slot_id=second["slot_id"])
    assert quoted.status_code == 201, quoted.text
    moved = await asked(world, reference, f"changes/{quoted.json()['id']}/confirm")
    assert (moved.status_code, moved.json()["slot_id"]) == (200, second["slot_id"])


async def test_a_change_that_is_withdrawn_leaves_everything_as_it_was(world: World) -> None:
    first, second = (await slots(world))[:3:2]
    reference = (await booked(world, await customer(world), first))["reference"]
    quoted = await asked(world, reference, "changes", kind="time", cause="customer", slot_id=second["slot_id"])
    path = f"/bookings/{reference}/changes/{quoted.json()['id']}"
    gone = await world.api.delete(path, params={"by": "rina"})
    assert (gone.status_code, gone.json()["state"]) == (200, "rejected")
    assert problem(await world.api.delete(path)) == (409, "change-denied")
    assert (await world.api.get(f"/bookings/{reference}")).json()["slot_id"] == first["slot_id"]
    assert second["slot_id"] in [one["slot_id"] for one in await slots(world)]


async def test_the_time_may_be_gone_between_quote_and_yes_and_then_nothing_is_moved(world: World) -> None:
    first, second = (await slots(world))[:3:2]
    lead = await customer(world)
    reference = (await booked(world, lead, first))["reference"]
    quoted = await asked(world, reference, "changes", kind="time", cause="customer", slot_id=second["slot_id"])
    await booked(world, await customer(world, "6281200000002"), second)
    lost = await asked(world, reference, f"changes/{quoted.json()['id']}/confirm")
    assert problem(lost) == (409, "step-blocked")
    assert (await world.api.get(f"/bookings/{reference}")).json()["slot_id"] == first["slot_id"]


async def test_the_customer_cancels_while_staff_hold_a_quote_and_the_yes_comes_too_late(world: World) -> None:
    phone, reference = await paid_massage(world)
    quoted = await asked(world, reference, "changes", kind="details", cause="customer", note="late check-in")
    await phone.say("cancel my booking")
    await phone.expect("Cancel Balinese massage")
    await phone.tap("Yes, cancel")
    await phone.expect("Cancelled:")
    late = await asked(world, reference, f"changes/{quoted.json()['id']}/confirm")
    assert problem(late) == (409, "change-denied")


async def test_while_payment_is_pending_a_move_closes_the_old_link_and_asks_by_a_new_one(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000081")
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    body = {"cause": "customer", "reason": "wish", "place": "villa-padi", "provider": "komang"}
    quoted = await asked(world, reference, "changes", kind="place", **body)
    assert quoted.status_code == 201, quoted.text
    moved = await asked(world, reference, f"changes/{quoted.json()['id']}/confirm")
    assert (moved.status_code, moved.json()["state"], moved.json()["place"]) == (200, "PAYMENT_PENDING", "villa-padi")
    assert (await p.booking(world, reference)).account == f"{reference}~2"


async def test_in_mode_agent_and_on_a_merged_lead_a_change_goes_through(world: World) -> None:
    lead = await customer(world)
    first, second = (await slots(world))[:3:2]
    reference = (await booked(world, lead, first))["reference"]
    older = await customer(world, "6281200000002")
    parts = world.process.parts
    await order_merge(parts.received, parts.vault, parts.leads, (await world.stored(lead)).lead.id, older)  # type: ignore[arg-type]

    async def merged() -> bool:
        return any([(await world.stored(one)).merged_into is not None for one in (lead, older)])

    await until(merged, what="the merge")
    living = (await parts.staff.find(reference)).lead
    taken = await world.api.post(f"/conversations/{living}/takeover")
    assert taken.status_code == 200, taken.text
    quoted = await asked(world, reference, "changes", kind="time", cause="customer", slot_id=second["slot_id"])
    moved = await asked(world, reference, f"changes/{quoted.json()['id']}/confirm")
    assert (moved.status_code, moved.json()["slot_id"], moved.json()["lead_id"]) == (200, second["slot_id"], living)


async def test_a_quote_confirmed_after_the_price_book_changed_holds_or_is_made_again_at_todays_prices(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    _, kept = await paid_massage(world)
    other = await world.phone("Wayan", wa_id="6281200000082")
    unpaid = p.reference_in(await p.linked(other, FIVE_DAYS.replace("five", "twelve").replace("5 days", "12 days")))
    body = {"cause": "customer", "reason": "wish", "place": "villa-padi", "provider": "komang"}
    quotes = {one: (await asked(world, one, "changes", kind="place", **body)).json() for one in (kept, unpaid)}
    assert [one["quote"]["price_after"]["amount"] for one in quotes.values()] == [p.PRICE, p.PRICE]
    # the money of one of them is another by now, so its quote cannot hold
    await p.pay(world, f"{unpaid}.1", amount=100_000)

    async def noted() -> bool:
        return (await p.booking(world, unpaid)).paid is not None

    await until(noted, what="the part payment")
    dearer = tmp_path / "dearer.yaml"
    dearer.write_text(with_changes(("amount: 350000, payout: 250000", "amount: 990000, payout: 250000")), "utf-8")
    async with opened(world.settings.with_changes(business_file=dearer), mongodb_uri, QUICK) as today:
        door = create_app(doors_of(today)).test_client()
        headers = {"Authorization": f"Bearer {API_TOKEN}"}

        async def confirmed(reference: str, **yes: Any) -> tuple[int, Json]:
            path = f"/api/v1/bookings/{reference}/changes/{quotes[reference]['id']}/confirm"
            answer = await door.post(path, json=yes, headers=headers)
            return answer.status_code, await answer.get_json()

        # what was promised until then is not touched by prices that changed since
        code, done = await confirmed(kept, quote=1)
        assert (code, done["place"], done["quote"]["price_after"]["amount"]) == (200, "villa-padi", p.PRICE)
        code, refused = await confirmed(unpaid, quote=1)
        assert (code, refused["type"]) == (409, f"{KIND}quote-outdated")
        assert (refused["quote"]["number"], refused["quote"]["price_after"]["amount"]) == (2, 990_000)
        assert (await p.booking(world, unpaid)).place != "villa-padi"
        code, done = await confirmed(unpaid, quote=2)
        assert (code, done["total"]["amount"]) == (200, 990_000)
