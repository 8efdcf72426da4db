"""What went wrong, through the real doors: words and a picture, a person, the money of whose fault it was, a second
visit."""

import asyncio
import base64
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.domain.states import State
from bot.engine.staff_money import StaffMoney
from payments.domain.money import Money
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, opened, until
from tests.webhooks.api.bookings.test_changes import asked, paid_massage, problem

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
UNACCEPTABLE = "The oil burned my skin, this is unacceptable"


async def delivered(world: World) -> tuple[Phone, str]:
    """A massage that was paid and took place."""
    phone, reference = await paid_massage(world)
    await world.quiet()
    chosen = (await p.booking(world, reference)).chosen
    assert chosen is not None
    await p.everybodys_time_goes_on(world, chosen.end - await world.process.parts.clock.business_now())
    came = await world.api.post(f"/bookings/{reference}/show-up", json={"showed_up": True})
    assert came.status_code in {200, 202}, came.text
    await p.is_in(world, reference, State.COMPLETED)
    return phone, reference


async def alarms(world: World) -> dict[str, str]:
    items = (await world.api.get("/alarms")).json()["items"]
    return {one["reason"]: one["subject"] for one in items}


async def complaint(world: World, reference: str) -> Json:
    answer = await world.api.get(f"/bookings/{reference}/complaint")
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def answered(world: World, reference: str, **body: Any) -> httpx.Response:
    return await asked(world, reference, "complaint/answer", by="Rina", **body)


async def shares(world: World, reference: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in (await p.books(world, reference)).payables:
        found[one.payee] = found.get(one.payee, 0) + one.net.amount
    return found


async def settled(world: World, reference: str, wanted: dict[str, int]) -> None:
    async def there() -> bool:
        await p.money_of(world).rounds.sweep()
        return await shares(world, reference) == wanted

    await until(there, what=f"the shares {wanted}")


async def test_a_picture_and_words_reach_a_person_whose_refund_the_provider_bears(world: World) -> None:
    phone, reference = await delivered(world)
    assert (await world.api.get(f"/bookings/{reference}/complaint")).status_code == 404
    await phone.say(UNACCEPTABLE)
    await phone.expect("truly sorry")
    # a person has the conversation by now, and the picture belongs to the complaint all the same
    await phone.do("file")
    await phone.do("file", content_base64=base64.b64encode(b"no picture at all").decode())
    await world.quiet()

    async def fetched() -> bool:
        await world.process.parts.photos.sweep(await world.process.parts.clock.business_now())
        return [one["state"] for one in (await complaint(world, reference))["photos"]] == ["kept", "no_picture"]

    await until(fetched, what="the pictures")
    known = await complaint(world, reference)
    assert (known["state"], known["words"], known["opened_by"]) == ("open", [UNACCEPTABLE], "customer")
    picture = await world.api.get(f"/bookings/{reference}/complaint/photos/1")
    assert base64.b64decode(picture.json()["content"])[:3] in {b"\xff\xd8\xff", b"\x89PN"}
    assert problem(await world.api.get(f"/bookings/{reference}/complaint/photos/2")) == (409, "photo-no-picture")
    assert problem(await world.api.get(f"/bookings/{reference}/complaint/photos/3")) == (404, "no-such-photo")
    assert (await alarms(world))["complaint"] == reference
    # nobody's words stand where everybody can read them
    assert UNACCEPTABLE not in str(await world.process.database["bookings"].find_one({"_id": reference}))

    before = await shares(world, reference)
    refund: Json = {"kind": "refund", "amount": 100_000, "borne_by": "provider", "words": "It was far too hot."}
    assert problem(await answered(world, reference, **refund, role="support")) == (403, "may-not")
    assert problem(await answered(world, reference, **refund | {"amount": 350_001})) == (409, "too-much")
    assert problem(await answered(world, reference, kind="refund")) == (422, "bad-sum")
    assert problem(await answered(world, reference, kind="credit"))[0] == 422
    tried = await answered(world, reference, **refund, dry_run=True)
    assert (tried.status_code, tried.json()["amount"]["amount"]) == (200, 100_000)
    both = await asyncio.gather(*(answered(world, reference, **refund) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [201, 409], [one.text for one in both]
    await phone.expect("IDR 100,000")
    assert len(await p.texts(phone, "far too hot")) == 1
    assert not {"complaint", "complaint_late"} & set(await alarms(world))
    known = await complaint(world, reference)
    assert (known["state"], known["answer"]["by"], known["answer"]["borne_by"]) == ("refund", "Rina", "provider")
    provider = next(payee for payee in before if payee.startswith("provider:"))
    await settled(world, reference, before | {provider: before[provider] - 100_000})
    # said once more, by the provider's callback of yesterday and by a person
    callbacks: Any = await world.told("GET", "/xendit/callbacks")
    for callback in callbacks:
        await world.told("POST", f"/xendit/callbacks/{callback['webhook_id']}/resend")
    assert problem(await answered(world, reference, **refund)) == (409, "answered-before")
    await p.days_go_by(world, 2)
    (books,) = (await p.books(world, reference)).books
    assert (books.refunded, books.open) == (100_000, 0)
    await p.agrees(world)


async def test_a_second_visit_by_another_provider_is_paid_by_whoever_made_it_wrong(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, reference = await delivered(world)
    await phone.say("Thanks")
    await world.quiet()
    opened_by_staff = await asked(world, reference, "complaint", words="The oil was cold", by="Rina", role="sales")
    assert opened_by_staff.status_code == 201, opened_by_staff.text
    assert opened_by_staff.json()["opened_by"] == "Rina"
    await phone.expect("Our team reads this")
    before = await shares(world, reference)
    first = next(payee for payee in before if payee.startswith("provider:"))
    slot = await another(world, reference, first.removeprefix("provider:"))
    assert problem(await answered(world, reference, kind="redo")) == (422, "bad-time")
    assert problem(await answered(world, reference, kind="redo", slot_id="nonsense"))[0] == 409
    answer: Json = {"kind": "redo", "slot_id": slot["slot_id"], "words": "Komang comes to you.", "by": "Rina"}
    key = {"Idempotency-Key": "the-second-visit"}

    # it dies between the claim and the word of it, and is called once more
    tells, deaths = StaffMoney._tell, [True]

    async def dies(self: StaffMoney, *arguments: Any) -> None:
        if deaths:
            deaths.clear()
            raise RuntimeError("killed")
        await tells(self, *arguments)

    monkeypatch.setattr(StaffMoney, "_tell", dies)
    path = f"/bookings/{reference}/complaint/answer"
    assert (await world.api.post(path, json=answer, headers=key)).status_code == 500
    done = await world.api.post(path, json=answer, headers=key)
    assert done.status_code == 201, done.text
    redo = done.json()["redo"]
    assert done.json()["borne_by"] == "provider"
    again = await world.api.post(path, json=answer, headers=key)
    assert again.json()["redo"] == redo
    await phone.expect("free of charge")
    assert len(await p.texts(phone, "Komang comes to you.")) == 1
    await phone.expect("Booked")
    made = await p.is_in(world, redo, State.CONFIRMED)
    assert (made.previous, made.price, made.paid) == ((reference,), Money(0, "IDR"), None)
    holds = await world.process.database["claims"].distinct("hold", {"booking": redo})
    assert len(holds) == 1, "its time is claimed once"
    shown = (await world.api.get(f"/bookings/{redo}")).json()
    assert (shown["redo_of"], shown["complaint"], shown["total"]["amount"]) == (reference, None, 0)
    assert (await world.api.get(f"/bookings/{reference}")).json()["complaint"] == "redo"
    # nothing is owed for what is not delivered yet
    assert await shares(world, reference) == before
    assert made.chosen is not None
    await world.quiet()
    await p.everybodys_time_goes_on(world, made.chosen.end - await world.process.parts.clock.business_now())
    came = await world.api.post(f"/bookings/{redo}/show-up", json={"showed_up": True})
    assert came.status_code in {200, 202}, came.text
    await p.is_in(world, redo, State.COMPLETED)
    second = f"provider:{made.chosen.provider}"
    owed = before[first]
    await settled(world, reference, before | {first: 0, second: owed})
    await p.days_go_by(world, 3)
    (books,) = (await p.books(world, reference)).books
    assert (books.refunded, books.open, books.captured) == (0, 0, p.PRICE)
    await p.agrees(world)


async def another(world: World, reference: str, besides: str) -> Json:
    """A free time of the same service by another provider, in a week."""
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    day = (booking.chosen.start + timedelta(days=7)).date().isoformat()
    query = {"from": day, "to": day, "place": booking.place or booking.chosen.place or ""}
    items = (await world.api.get(f"/services/{booking.service}/slots", params=query)).json()["items"]
    slot: Json = next(one for one in items if besides not in one["slot_id"].split("|")[1])
    return slot


async def test_nobody_answers_in_time_then_a_no_outside_the_window_is_a_template(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        await approved(world)
        phone, reference = await delivered(world)
        await phone.say("2 stars, the room smelled of smoke")
        await phone.expect("answers you by")
        await world.quiet()
        await p.everybodys_time_goes_on(world, timedelta(hours=25))

        async def late() -> bool:
            return (await alarms(world)).get("complaint_late") == reference

        await until(late, what="the alarm of a late answer")
        assert problem(await answered(world, reference, kind="refused")) == (422, "no-words")
        no = await answered(world, reference, kind="refused", words="We aired it an hour before you came.")
        assert no.status_code == 201, no.text
        await phone.expect("This is the answer of", kind="template")
        assert not {"complaint", "complaint_late", "rated_low"} & set(await alarms(world))
