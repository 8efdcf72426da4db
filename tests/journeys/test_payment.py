"""From a booked time to money in the right hands: chat, link, callback, settlement, payouts, through real doors."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.domain.states import Dispute, PaymentStatus, State
from payments.domain.payout import PayoutState
from tests.journeys import payments as p
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_door import slots

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


async def test_a_booked_time_is_paid_confirmed_settled_and_paid_out(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    link = await p.linked(phone)
    reference = p.reference_in(link)
    assert link.links[0].startswith(world.simulator_url)
    waiting = await p.booking(world, reference)
    assert (waiting.state, waiting.payment_method) == (State.PAYMENT_PENDING, "invoice")

    await p.pay(world, f"{reference}.1")
    receipt = await phone.expect("Paid and confirmed")
    assert reference in receipt.text
    assert "IDR 350,000" in receipt.text
    confirmed = await p.booking(world, reference)
    assert (confirmed.state, confirmed.payment_status) == (State.CONFIRMED, PaymentStatus.PAID)

    await p.days_go_by(world, 5)
    known = await p.books(world, reference)
    (books,) = known.books
    assert (books.captured, books.held, books.open) == (p.PRICE, 0, 0)
    assert books.paid_out + books.platform + books.fees == books.captured
    assert {payout.state for payout in known.payouts} == {PayoutState.SUCCEEDED}
    assert sorted(payout.amount.amount for payout in known.payouts) == [65_000, 250_000]
    await p.agrees(world)


async def test_a_chargeback_is_a_persons_and_the_customer_hears_nothing_of_it(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000019")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1", "CREDIT_CARD")
    await phone.expect("Paid and confirmed")
    said = len(await phone.bubbles())
    row = await world.told("POST", "/xendit/chargebacks", {"payment": f"{reference}.1"})
    for won, dispute in ((None, Dispute.OPEN), (True, Dispute.WON)):
        if won is not None:
            await world.told("POST", f"/xendit/chargebacks/{row['id']}/decide", {"won": won})
        await p.time_goes_on(world, timedelta(minutes=16))
        await p.money_of(world).rounds.sweep()

        async def is_heard(wanted: Dispute = dispute) -> bool:
            return (await p.booking(world, reference)).dispute is wanted

        await until(is_heard, what=f"the dispute {dispute}")
    assert (await p.booking(world, reference)).state is State.CONFIRMED
    assert len(await phone.bubbles()) == said
    await p.agrees(world)


async def test_a_dispute_has_its_deadline_its_evidence_and_its_postings(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000020")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1", "CREDIT_CARD")
    await phone.expect("Paid and confirmed")
    row = await world.told("POST", "/xendit/chargebacks", {"payment": f"{reference}.1"})

    async def listed(status: str) -> dict[str, Any] | None:
        await p.time_goes_on(world, timedelta(minutes=16))
        await p.money_of(world).rounds.sweep()
        found = (await world.api.get("/money/disputes")).json()["items"]
        return next((one for one in found if (one["booking"], one["status"]) == (reference, status)), None)

    opened = await until(lambda: listed("OPEN"), what="an open dispute")

    async def alarmed() -> dict[str, Any] | None:
        found = (await world.api.get("/alarms")).json()["items"]
        return next((one for one in found if one["reason"] == "chargeback"), None)

    alarm = await until(alarmed, what="its alarm")
    assert alarm["subject"] == reference
    for due, since in ((alarm["due"], alarm["since"]), (opened["evidence_due_at"], opened["opened_at"])):
        assert datetime.fromisoformat(due) - datetime.fromisoformat(since) == timedelta(days=5)
    whole = (await world.api.get(f"/money/disputes/{opened['id']}")).json()
    refs = {one["kind"]: one["ref"] for one in whole["evidence"]}
    assert {"transcript", "booking", "consent", "policy", "payment", "history"} <= set(refs)
    for kind in ("transcript", "booking"):
        assert (await world.api.get(refs[kind].removeprefix("/api/v1"))).is_success
    assert "Emma" not in str(whole)
    assert [one["key"].partition(":")[0] for one in whole["postings"]] == ["disputed"]
    await world.told("POST", f"/xendit/chargebacks/{row['id']}/decide", {"won": False})
    lost = await until(lambda: listed("LOST"), what="its end")
    assert (lost["evidence_due_at"], lost["decided_at"] is None) == (None, False)
    whole = (await world.api.get(f"/money/disputes/{opened['id']}")).json()
    assert [one["key"].partition(":")[0] for one in whole["postings"]] == ["disputed", "dispute-lost"]
    assert all(sum(one["entries"].values()) == 0 for one in whole["postings"])
    assert (await world.api.get("/money/disputes/nobody-knows")).status_code == 404


async def test_books_that_differ_are_alarmed_with_account_sum_and_last_good_day_and_nobodys_name(world: World) -> None:
    await p.money_of(world).rounds.sweep()
    await world.told("POST", "/xendit/topup", {"amount": 600_000})
    thief = {
        "reference_id": "not-ours",
        "channel_code": "ID_BCA",
        "channel_properties": {"account_number": "5555555555", "account_holder_name": "Nobody"},
        "amount": 100_000,
        "currency": "IDR",
    }
    outside = world.simulator_url, world.process.settings.xendit_secret_key
    assert outside[1] is not None
    async with httpx.AsyncClient(base_url=outside[0], auth=(outside[1].get_secret_value(), "")) as api:
        (await api.post("/v2/payouts", json=thief, headers={"Idempotency-key": "x"})).raise_for_status()
    with capture_logs() as logs:

        async def alarmed() -> dict[str, Any] | None:
            await p.time_goes_on(world, timedelta(hours=12))
            await p.money_of(world).rounds.sweep()
            return next((dict(line) for line in logs if line["event"] == "books_differ"), None)

        line = await until(alarmed, what="an alarm")
    assert (line["log_level"], line["account"], line["difference"]) == ("warning", "CASH", -105_550)
    assert line["since"] is not None
    assert "5555555555" not in str(logs)
    assert "Nobody" not in str(logs)


async def test_the_api_shows_a_bookings_money_and_that_it_holds(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000022")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed")
    await world.quiet()
    shown = (await world.api.get(f"/bookings/{reference}")).raise_for_status().json()
    assert shown["money"]["captured"] == {"amount": p.PRICE, "currency": "IDR"}
    assert sum(shown["money"][term]["amount"] for term in shown["money"]) == 2 * p.PRICE
    assert [(one["external_id"], one["status"]) for one in shown["invoices"]] == [(f"{reference}.1", "PAID")]
    assert sorted(one["amount"]["amount"] for one in shown["payables"]) == [65_000, 250_000]
    steps = [(step["from"], step["to"]) for step in shown["history"]]
    assert steps[-3:] == [("SLOT_CONFIRMED", "PAYMENT_PENDING"), ("PAYMENT_PENDING", "PAID"), ("PAID", "CONFIRMED")]
    checked = (await world.api.get("/money/check")).raise_for_status().json()
    assert checked == {"holds": True, "bookings": 1, "differences": []}


@pytest.mark.parametrize(
    ("wish", "yes", "told", "receipt"),
    [
        (
            "Halo, mau pesan Pijat Bali 60 menit lusa sore di Villa Melati",
            "Ya, pesan",
            "Bayarnya paling lambat",
            "Sudah lunas",
        ),
        (
            "Mình muốn đặt Massage Bali 60 phút ngày kia buổi chiều ở Villa Melati",
            "Đồng ý đặt",
            "Bạn thanh toán trước",
            "Đã nhận thanh toán",
        ),
    ],
)
async def test_link_and_receipt_speak_the_customers_language(
    world: World, wish: str, yes: str, told: str, receipt: str
) -> None:
    phone = await world.phone("Sari", wa_id="6281200000012")
    await phone.say(wish)
    offer = await phone.wait_for(lambda bubble: bool(bubble.choices))
    await phone.tap(offer.choices[0])
    await phone.wait_for(lambda bubble: yes in bubble.choices)
    await phone.tap(yes)
    link = await phone.expect(told, kind="cta_url")
    (invoice,) = await p.links(world)
    assert invoice["locale"] in {"id", "vi"}
    assert link.links
    await p.pay(world, invoice["external_id"])
    assert "✅" in (await phone.expect(receipt)).text


async def test_the_time_is_released_at_the_deadline_and_the_customer_told(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000013")
    reference = p.reference_in(await p.linked(phone))
    await p.time_goes_on(world, timedelta(hours=1, minutes=5))
    assert "still waiting for your payment" in (await phone.expect("still waiting", kind="cta_url")).text
    await p.time_goes_on(world, timedelta(hours=1))
    await phone.expect("The time to pay")
    released = await p.is_in(world, reference, State.CANCELLED)
    assert (released.cancellation_reason, released.cancelled_by) == ("payment_expired", "system")
    assert released.payment_status is PaymentStatus.EXPIRED
    await p.taken_by_somebody_else(world, released)


async def test_late_money_books_the_same_time_again_while_it_is_free(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000014")
    reference = p.reference_in(await p.linked(phone))
    await p.time_goes_on(world, timedelta(hours=2, minutes=5))
    await phone.expect("The time to pay")
    await p.habits(world, late_callbacks=True)
    await p.pay(world, f"{reference}.1")
    receipt = await phone.expect("Paid and confirmed")
    again = await p.is_in(world, p.reference_in(receipt), State.CONFIRMED)
    before = await p.booking(world, reference)
    assert again.reference != reference
    assert before.state is State.CANCELLED
    assert again.chosen is not None
    assert before.chosen is not None
    assert again.chosen.start == before.chosen.start
    await p.days_go_by(world, 5)
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.paid_out, books.open, books.held) == (p.PRICE, 315_000, 0, 0)
    await p.agrees(world)


async def test_late_money_books_a_time_again_that_the_house_took_against_its_rules(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000018")
    await phone.say("Hello")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    listed = (await slots(world, "balinese-massage", place="villa-melati"))[-1]
    service, provider, _, place = listed["slot_id"].split("|")
    # three in the morning, when nobody works
    start = datetime.fromisoformat(listed["start"]).replace(hour=3, minute=0).astimezone(UTC)
    slot_id = f"{service}|{provider}|{start:%Y%m%dT%H%MZ}|{place}"
    wanted = {"lead_id": lead, "service": service, "slot_id": slot_id, "override": {"reason": "she flies at dawn"}}
    reference = (await world.api.post("/bookings", json=wanted)).raise_for_status().json()["reference"]
    await p.is_in(world, reference, State.PAYMENT_PENDING)
    await p.time_goes_on(world, timedelta(hours=2, minutes=5))
    await phone.expect("The time to pay")
    await p.habits(world, late_callbacks=True)
    await p.pay(world, f"{reference}.1")
    receipt = await phone.expect("Paid and confirmed")
    again = await p.is_in(world, p.reference_in(receipt), State.CONFIRMED)
    assert again.chosen is not None
    assert again.chosen.slot_id == slot_id
    told = (await world.api.get(f"/bookings/{again.reference}")).json()
    proposed = next(move for move in told["history"] if move["to"] == "SLOT_PROPOSED")
    assert (proposed["overridden"], proposed["reason"]) == (["opening_hours"], "she flies at dawn")
    await p.agrees(world)


async def test_late_money_for_a_taken_time_buys_another_one(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000015")
    reference = p.reference_in(await p.linked(phone))
    await p.time_goes_on(world, timedelta(hours=2, minutes=5))
    await phone.expect("The time to pay")
    released = await p.is_in(world, reference, State.CANCELLED)
    await p.taken_by_somebody_else(world, released)
    await p.habits(world, late_callbacks=True)
    await p.pay(world, f"{reference}.1")
    offer = await phone.expect("that time has been taken meanwhile")
    await phone.tap(offer.choices[0])
    await phone.expect("Please confirm")
    await phone.tap("Yes, book it")
    receipt = await phone.expect("Paid and confirmed")
    again = await p.is_in(world, p.reference_in(receipt), State.CONFIRMED)
    assert again.chosen is not None
    assert released.chosen is not None
    assert again.chosen.start != released.chosen.start
    assert again.chosen.provider == released.chosen.provider
    await p.agrees(world)


async def test_late_money_nobody_uses_goes_back_after_a_day(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000016")
    reference = p.reference_in(await p.linked(phone))
    await p.time_goes_on(world, timedelta(hours=2, minutes=5))
    await phone.expect("The time to pay")
    await p.taken_by_somebody_else(world, await p.is_in(world, reference, State.CANCELLED))
    await p.habits(world, late_callbacks=True)
    # the fee of a refunded payment does not come back: the house bears it
    await world.told("POST", "/xendit/topup", {"amount": 100_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("that time has been taken meanwhile")
    other = await p.the_other_booking(world, reference)
    await p.time_goes_on(world, timedelta(hours=24, minutes=5))
    closed = await p.is_in(world, other.reference, State.CANCELLED)
    assert closed.cancellation_reason == "late_money_refunded"
    await p.days_go_by(world, 6)
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.refunded, books.open, books.paid_out) == (p.PRICE, p.PRICE, 0, 0)
    await p.agrees(world)


async def test_calling_off_an_unpaid_booking_ends_its_link(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000017")
    reference = p.reference_in(await p.linked(phone))
    await phone.say("cancel my booking")
    asked = await phone.expect("Cancel Balinese massage")
    assert "Nothing has been paid" in asked.text
    await phone.tap("Yes, cancel")
    await phone.expect("Cancelled:")
    await world.quiet()
    (invoice,) = await p.links(world, f"{reference}.1")
    assert invoice["status"] == "EXPIRED"
    assert (await p.booking(world, reference)).state is State.CANCELLED


async def test_another_link_and_another_way_to_pay_come_on_request_and_the_old_link_ends(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000019")
    first = await p.linked(phone)
    reference = p.reference_in(first)
    await phone.say("how can I pay?")
    await phone.expect("As soon as the money arrives")
    await phone.tap("Another way to pay")
    other = await phone.expect("by bank transfer", kind="cta_url")
    assert other.links != first.links
    await p.pay(world, f"{reference}.2", channel="BCA")
    await phone.expect("Paid and confirmed")
    await p.days_go_by(world, 1)
    (old,) = await p.links(world, f"{reference}.1")
    assert old["status"] == "EXPIRED"
    await p.agrees(world)


async def test_while_a_person_is_in_charge_money_still_confirms_and_the_receipt_is_a_draft(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000020")
    reference = p.reference_in(await p.linked(phone))
    lead = (await world.lead_of(phone))["id"]
    (await world.api.post(f"/conversations/{lead}/takeover")).raise_for_status()
    await p.pay(world, f"{reference}.1")
    await p.is_in(world, reference, State.CONFIRMED)
    stored = await world.stored(lead)
    drafts = [one for one in stored.outbox if one.status.value == "draft"]
    assert [one.effect.command.kind for one in drafts] == ["send_text"]
    assert stored.lead.waits_for_person
    assert await p.texts(phone, "Paid and confirmed") == []


async def test_a_second_booking_waits_until_the_first_is_paid(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000021")
    reference = p.reference_in(await p.linked(phone))
    await phone.say("I also want to book sunrise yoga")
    bubble = await phone.expect("is not paid yet")
    assert reference in bubble.text
