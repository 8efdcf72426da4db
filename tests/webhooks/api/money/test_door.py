"""The money API: a person's word about payouts and payees, whose money is shown where, and what readiness says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.dialogue.payment_links import payee_id
from bot.domain.states import State
from bot.domain.users import Role
from payments.domain.ids import PayeeId, PayoutAccountId
from payments.domain.payees import Destination, PayeeAccount, PayeeContact
from payments.store.heartbeats import STUCK_AFTER
from tests.journeys import payments as p
from tests.journeys.world import World, until
from tests.webhooks.api.test_openapi import fits, schema_of
from webhooks.meta import template_push

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(150)]

Json = dict[str, Any]


async def get(world: World, path: str, via: httpx.AsyncClient | None = None, **query: Any) -> Json:
    """An answer that is what the description says."""
    answer = await (via or world.api).get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    fits(found, schema_of("get", path, 200))
    return found


async def post(world: World, path: str, status: int = 200, via: httpx.AsyncClient | None = None, **body: Any) -> Json:
    """One step, by whoever is signed in there, else by the machine."""
    answer = await (via or world.api).post(path, json=body)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


async def paid(world: World, wa_id: str) -> str:
    """A booking that is paid."""
    phone = await world.phone("Emma", wa_id=wa_id)
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed")
    return reference


async def test_a_payout_that_waits_for_a_person_is_listed_retried_and_arrives(world: World) -> None:
    reference = await paid(world, "6281200000081")
    await world.told("POST", "/xendit/failures", {"payouts": ["INVALID_DESTINATION"]})
    await p.days_go_by(world, 5)
    (stuck,) = (await get(world, "/money/payouts", state="PERSON"))["items"]
    assert (stuck["reason"], stuck["bookings"], stuck["decisions"]) == ("INVALID_DESTINATION", [reference], [])
    assert stuck["account"]["number"].startswith("••••")
    way = f"/money/payouts/{stuck['id']}"
    dewi = await world.person(Role.FINANCE)
    assert (await post(world, f"{way}/retry", 403, by="Dewi"))["type"].endswith("needs-a-person")
    assert (await post(world, f"{way}/retry", via=dewi, dry_run=True))["status"] == "READY"
    assert len((await get(world, "/money/payouts", state="PERSON"))["items"]) == 1
    done = await post(world, f"{way}/retry", via=dewi)
    assert [(one["what"], one["by"]) for one in done["decisions"]] == [("retry", dewi.headers["X-Id"])]
    await p.days_go_by(world, 1)
    (books,) = (await p.books(world, reference)).books
    assert (books.paid_out, books.held) == (315_000, 0)
    denied = await post(world, f"{way}/void", 409, via=dewi, reason="changed our mind")
    assert denied["detail"] == "it has ended"
    assert (await post(world, "/money/payouts/po-nothing/retry", 404, via=dewi))["type"].endswith("no-such-payout")
    await p.agrees(world)


async def test_a_payout_that_is_given_up_is_owed_again_and_paid_by_another_one(world: World) -> None:
    reference = await paid(world, "6281200000082")
    await world.told("POST", "/xendit/failures", {"payouts": ["INVALID_DESTINATION"]})
    await p.days_go_by(world, 5)
    (stuck,) = (await get(world, "/money/payouts", state="PERSON"))["items"]
    way = f"/money/payouts/{stuck['id']}/void"
    dewi = await world.person(Role.FINANCE)
    for body in ({}, {"reason": ""}, {"reason": 1}):
        assert (await dewi.post(way, json=body)).status_code in {400, 422}
    assert (await post(world, way, via=dewi, reason="wrong account", dry_run=True))["status"] == "VOID"
    done = await post(world, way, via=dewi, reason="wrong account")
    assert (done["status"], done["decisions"][0]["reason"]) == ("VOID", "wrong account")
    assert (await p.books(world, reference)).books[0].held > 0
    await p.days_go_by(world, 2)
    (books,) = (await p.books(world, reference)).books
    assert (books.paid_out, books.held) == (315_000, 0)
    await p.agrees(world)


async def test_another_account_waits_until_a_second_person_says_yes(world: World) -> None:
    held, dewi = p.money_of(world), await world.person(Role.FINANCE)

    async def listed() -> list[Json]:
        found: list[Json] = (await get(world, "/money/payees", dewi))["items"]
        return found

    (first, *_) = await until(listed, what="the payees of the business file")
    account = await held.store.payees.load(first["payee"])
    assert account is not None
    other = PayeeAccount(
        PayeeId(first["payee"]), PayoutAccountId("other"), Destination("ID_BCA", "9999988888", "Thief")
    )
    await held.cashier.payees.propose(other, await world.process.parts.clock.business_now())
    shown = next(one for one in (await get(world, "/money/payees", dewi))["items"] if one["payee"] == first["payee"])
    assert (shown["account"], shown["proposal"]["account"]["number"]) == (first["account"], "••••8888")
    assert {one["kind"] for one in (await get(world, "/money/alarms"))["items"]} == {"payout_account_proposed"}
    way = f"/money/payees/{first['payee']}/confirm"
    assert (await post(world, way, 403, by="Dewi"))["type"].endswith("needs-a-person")
    assert (await post(world, way, via=dewi, dry_run=True))["state"] == "WAITING"
    assert (await post(world, way, via=dewi))["state"] == "IN_EFFECT"
    now = await held.store.payees.load(first["payee"])
    assert now is not None
    assert replace(now, version=0, since=None) == other
    assert (await post(world, way, 404, via=dewi))["type"].endswith("no-account-waits")


async def test_the_contact_of_before_is_told_of_another_account(world: World) -> None:
    await template_push.push(world.settings, world.process.business)
    await world.told("POST", "/templates/review", {})
    wayan = next(provider for provider in world.process.business.providers if provider.payout is not None)
    phone = await world.phone(wayan.contact.name, wa_id=wayan.contact.phone.removeprefix("+"))
    held = p.money_of(world)

    async def known() -> PayeeAccount | None:
        return await held.store.payees.load(payee_id("provider", wayan.id))

    account = await until(known, what="the account of the business file")
    other = replace(
        account,
        payout_account=PayoutAccountId("other"),
        destination=Destination("ID_BCA", "9999988888", "Thief"),
        contact=PayeeContact("+6281299999999", "en"),
    )
    await held.cashier.payees.propose(other, await world.process.parts.clock.business_now())
    told = await phone.expect("8888", kind="template")
    assert world.process.business.name in str(told)
    assert await world.leads() == []  # its statuses make no customer of a partner


async def test_late_money_booked_again_is_shown_at_one_booking_only(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000083")
    reference = p.reference_in(await p.linked(phone))
    await p.time_goes_on(world, timedelta(hours=2, minutes=5))
    await phone.expect("The time to pay")
    await p.habits(world, late_callbacks=True)
    await p.pay(world, f"{reference}.1")
    again = p.reference_in(await phone.expect("Paid and confirmed"))
    await p.is_in(world, again, State.CONFIRMED)
    captured = {
        row["reference"]: row["money"]["captured"]["amount"] for row in (await get(world, "/bookings"))["items"]
    }
    assert captured == {reference: 0, again: p.PRICE}
    for name, amount in captured.items():
        shown = (await world.api.get(f"/bookings/{name}")).json()
        assert shown["money"]["captured"]["amount"] == amount
        assert bool(shown["invoices"]) is bool(amount)


async def test_readiness_names_the_cashier_when_a_queue_of_it_is_stuck(world: World) -> None:
    async def ready() -> Json:
        async with httpx.AsyncClient(base_url=world.url, trust_env=False) as client:
            found: Json = (await client.get("/readyz")).json()
            return found

    async def beaten() -> bool:
        return bool(await world.process.database["cashier"].count_documents({}) >= 8)

    await until(beaten, what="a sweep of every queue")
    assert (await ready())["checks"]["cashier"] == {"ok": True}
    earlier = {"$subtract": ["$$NOW", (STUCK_AFTER + 60) * 1000]}
    stuck = {"$set": {"seen_at": earlier, "problem": "ZeroDivisionError"}}
    await world.process.database["cashier"].update_one({"_id": "elsewhere"}, [stuck], upsert=True)
    found = (await ready())["checks"]["cashier"]
    assert found == {"ok": False, "problem": "stuck: elsewhere (ZeroDivisionError)"}
