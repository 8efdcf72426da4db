"""A service that gives days to pay: what is said after the customer's 24 hours goes out as approved templates."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.domain.states import PaymentStatus, State
from simulator.customer import Phone, Seen
from tests.bot.business.makers import SAMPLE_PATH
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS
from tests.journeys.world import World, opened, until
from webhooks.meta import template_push

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

STAY = "I would like to stay at Villa Kamboja for 3 nights from {day}, 2 guests"
PRICE = 7_200_000
A_DAY_AND_MORE = timedelta(hours=24, minutes=10)


async def approved(world: World) -> None:
    """Pushed as `janji templates push` does it, then reviewed."""
    await template_push.push(world.settings, world.process.business)
    await world.told("POST", "/templates/review", {})


async def stay_linked(world: World, phone: Phone) -> Seen:
    """A stay in ten days, and its payment link."""
    now = await world.process.parts.clock.business_now()
    day = (now + timedelta(days=10)).astimezone(world.process.business.zone)
    await phone.say(STAY.format(day=f"{day:%-d %B}"))
    await phone.expect("Tap one")
    await phone.say("the first")
    await phone.expect("Please confirm")
    await phone.tap("Yes, book it")
    return await phone.expect("Please pay by", kind="cta_url")


async def led_on(world: World, address: str) -> httpx.Response:
    """What a tap on the template's button gets."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(address)


async def test_half_way_the_nudge_is_a_template_whose_button_leads_to_the_link(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000091")
    link = await stay_linked(world, phone)
    reference = p.reference_in(link)
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
    nudge = await phone.expect("A reminder: Villa Kamboja, per night", kind="template")
    assert reference in nudge.text
    assert "IDR 7,200,000" in nudge.text
    (button,) = nudge.links
    assert button.startswith(f"{world.url}/pay/{reference}.")
    answer = await led_on(world, button)
    assert (answer.status_code, answer.headers["location"]) == (303, link.links[0])
    assert (await led_on(world, button[:-8] + "x" * 8)).status_code == 404
    assert (await led_on(world, f"{world.url}/pay/{reference}.")).status_code == 404
    said = [line.text for line in await world.transcript((await world.lead_of(phone))["id"])]
    assert any(nudge.text in line for line in said)


async def test_who_is_hit_by_a_block_answers_on_the_template_itself(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000099")
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    await world.told("POST", "/xendit/topup", {"amount": 100_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
    hit = (await p.booking(world, reference)).chosen
    assert hit is not None
    ill = {"resource": f"provider:{hit.provider}", "reason": "fever", "by": "rina"}
    span = {"from": hit.start.isoformat(), "to": hit.end.isoformat()}
    assert (await world.api.post("/blocks", json=ill | span)).status_code == 201
    asked = await phone.expect("cannot take place as booked", kind="template")
    assert asked.choices == ("Another time", "Money back")
    await phone.tap("Money back")
    await phone.expect("IDR 350,000 back")
    closed = await p.is_in(world, reference, State.CANCELLED)
    assert closed.kept is not None
    assert closed.kept.amount.amount == 0


async def test_paid_on_the_second_day_is_confirmed_by_a_template(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000092")
    reference = p.reference_in(await stay_linked(world, phone))
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
    await phone.expect("A reminder", kind="template")
    await p.pay(world, f"{reference}.1", channel="BRI")
    receipt = await phone.expect("Paid and confirmed", kind="template")
    assert reference in receipt.text
    await p.is_in(world, reference, State.CONFIRMED)
    assert not (await world.lead_of(phone))["waits_for_person"]
    await p.days_go_by(world, 5)
    (books,) = (await p.books(world, reference)).books
    assert (books.captured, books.held, books.open) == (PRICE, 0, 0)
    await p.agrees(world)


CONSULTANT = SAMPLE_PATH.with_name("sample_consultant.yaml")
MEETING = "https://meet.example.com/kirana/{reference}"


async def test_the_link_of_what_takes_place_online_stands_in_the_template_of_its_confirmation(
    mongodb_uri: str, tmp_path: Path
) -> None:
    text = CONSULTANT.read_text("utf-8")
    text = text.replace("window_minutes: 240, notice_minutes: 120", "window_days: 2, notice_minutes: 1440")
    path = tmp_path / "consultant.yaml"
    path.write_text(text, "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        await approved(world)
        phone = await world.phone("Emma", wa_id="6281200000098")
        await phone.say("I want to book a strategy session in eight days at 10:00")
        await phone.expect("Please confirm")
        await phone.tap("Yes, book it")
        reference = p.reference_in(await phone.expect("Please pay by", kind="cta_url"))
        await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
        await phone.expect("A reminder", kind="template")
        await p.pay(world, f"{reference}.1", channel="BRI")
        receipt = await phone.expect("Paid and confirmed", kind="template")
        assert MEETING.format(reference=reference) in receipt.text
        assert reference in receipt.text
        assert not (await world.lead_of(phone))["waits_for_person"]


async def test_a_dead_link_is_replaced_outside_the_window_and_the_old_button_leads_to_the_new_one(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000093")
    reference = p.reference_in(await stay_linked(world, phone))
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
    nudge = await phone.expect("A reminder", kind="template")
    await p.habits(world, expired_callbacks=True)
    await world.told("POST", "/xendit/expire", {"invoice": f"{reference}.1"})
    again = await phone.expect("is still to be paid", kind="template")
    assert nudge.links != again.links
    (new,) = await p.links(world, f"{reference}.2")
    for button in (*nudge.links, *again.links):
        assert (await led_on(world, button)).headers["location"] == new["invoice_url"]
    await p.pay(world, f"{reference}.2", channel="BRI")
    await phone.expect("Paid and confirmed", kind="template")


async def test_at_the_deadline_two_days_later_the_time_is_released_and_a_template_says_so(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000094")
    reference = p.reference_in(await stay_linked(world, phone))
    await p.everybodys_time_goes_on(world, timedelta(hours=48, minutes=10))
    over = await phone.expect("The time to pay for Villa Kamboja", kind="template")
    assert reference in over.text
    released = await p.is_in(world, reference, State.CANCELLED)
    assert released.payment_status is PaymentStatus.EXPIRED


@pytest.mark.parametrize("status", [None, "PAUSED", "DISABLED"])
async def test_a_template_that_is_missing_paused_or_disabled_calls_a_person_and_says_which_code(
    world: World, status: str | None
) -> None:
    if status is not None:
        await approved(world)
        # nor can those that would go in its place
        for name in ("janji_pay_nudge", "janji_reopen_booking", "janji_reopen"):
            await world.told("POST", "/templates/review", {"name": name, "status": status})
    phone = await world.phone("Emma", wa_id="6281200000095")
    await stay_linked(world, phone)
    lead = (await world.lead_of(phone))["id"]
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)

    async def person_called() -> bool:
        return bool((await world.lead_of(phone))["waits_for_person"])

    await until(person_called, what="a person called")
    await world.quiet()
    entries = await world.process.parts.audit.of((await world.stored(lead)).lead.id)
    (failed,) = [dict(one.facts) for one in entries if one.what == "effect_failed"]
    code = {None: "132001", "PAUSED": "132015", "DISABLED": "132016"}[status]
    assert (failed["reason"], failed["code"]) == ("template_refused", code)


async def test_inside_the_window_the_same_words_are_plain_and_cost_no_template(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000096")
    await stay_linked(world, phone)
    await p.everybodys_time_goes_on(world, timedelta(hours=20))
    await phone.say("how can I pay?")
    await phone.expect("As soon as the money arrives")
    await p.everybodys_time_goes_on(world, timedelta(hours=5))
    assert (await phone.expect("still waiting", kind="cta_url")).kind == "cta_url"


async def test_late_money_for_a_taken_stay_is_answered_with_other_nights_once_they_write(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000097")
    reference = p.reference_in(await stay_linked(world, phone))
    await p.everybodys_time_goes_on(world, timedelta(hours=48, minutes=10))
    await phone.expect("The time to pay for Villa Kamboja", kind="template")
    await p.taken_by_somebody_else(world, await p.is_in(world, reference, State.CANCELLED))
    await p.habits(world, late_callbacks=True)
    await p.pay(world, f"{reference}.1", channel="BRI")
    await phone.expect("that time has been taken", kind="template")
    await phone.say("hello?")
    offer = await phone.expect("that time has been taken meanwhile")
    assert offer.choices
