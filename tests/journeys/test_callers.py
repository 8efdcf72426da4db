"""Somebody calls: booked for by the staff, told in WhatsApp by a template, paid from it, confirmed; whoever dies."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.callers import PhoneCaller
from bot.domain.states import State
from bot.engine.callers import CallerDesk
from bot.engine.staff_actions import MACHINE, Done
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved, led_on
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import slots

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

Json = dict[str, Any]
MASSAGE = "balinese-massage"


@pytest.mark.parametrize(
    ("language", "booked", "paid"),
    [
        ("en", "As agreed on the phone", "Paid and confirmed"),
        ("id", "Sesuai pembicaraan di telepon", "Lunas dan terkonfirmasi"),
        ("vi", "Như đã thống nhất qua điện thoại", "Đã thanh toán"),
    ],
)
async def test_who_calls_reads_a_template_pays_by_its_button_and_is_confirmed(
    world: World, language: str, booked: str, paid: str
) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000077")
    slot = (await slots(world, MASSAGE, place="villa-melati"))[0]
    asked = {"phone": "+62 812 0000 0077", "language": language, "service": MASSAGE, "slot_id": slot["slot_id"]}
    quote = (await world.api.get("/callers/quote", params=asked)).raise_for_status().json()
    made = (await world.api.post("/callers/bookings", json={**asked, "name": "Emma"})).raise_for_status().json()
    first = await phone.expect(booked, kind="template")
    reference = made["reference"]
    assert reference in first.text
    assert quote["words"].splitlines()[0].replace("BK-…", reference) in first.text, "it was read before the yes"
    (button,) = first.links
    link = (await p.links(world, f"{reference}.1"))[0]
    assert (await led_on(world, button)).headers["location"] == link["invoice_url"]
    await p.pay(world, f"{reference}.1")
    await phone.expect(paid, kind="template")
    await p.is_in(world, reference, State.CONFIRMED)
    await phone.say({"en": "thank you", "id": "terima kasih", "vi": "cảm ơn"}[language])
    await world.quiet()
    (lead,) = await world.leads()
    assert (lead["id"], lead["language"]) == (made["lead_id"], language), "who writes later is the same customer"


class Died(Exception):
    """A process ends here."""


class Mortal:
    """A store whose user dies right after its n-th answer, of all that share the count."""

    def __init__(self, store: Any, lives: list[int]) -> None:
        self._store, self._lives = store, lives

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not callable(found):
            return found

        async def answer(*args: Any, **more: Any) -> Any:
            done = await found(*args, **more)
            self._lives[0] -= 1
            if self._lives[0] == 0:
                raise Died
            return done

        return answer


def of(store: Any, lives: list[int]) -> Any:
    """That store, as a process has it that dies."""
    return Mortal(store, lives)


def mortal(desk: CallerDesk, lives: list[int]) -> CallerDesk:
    """The same desk in a process that dies."""
    staff = desk.staff
    dying = replace(
        staff,
        leads=of(staff.leads, lives),
        bookings=of(staff.bookings, lives),
        claims=of(staff.claims, lives),
        audit=of(staff.audit, lives),
        decisions=replace(staff.decisions, threads=of(staff.decisions.threads, lives)),
    )
    return replace(desk, aliases=of(desk.aliases, lives), staff=dying)


async def test_killed_anywhere_and_asked_again_it_is_one_customer_one_booking_and_one_message(world: World) -> None:
    await approved(world)
    desk, service = world.process.parts.callers, world.process.business.service("planning-call")
    assert service is not None
    last = (await world.process.parts.clock.business_now() + timedelta(days=20)).date().isoformat()
    phones = list[Phone]()
    deaths, found = 0, await slots(world, "planning-call", to=last)
    for number in range(1, len(found)):
        caller = PhoneCaller(f"+62812000{number:05}", "Emma", "en")
        phones.append(await world.phone("Emma", wa_id=caller.wa_id))
        slot, name, lives = found[number]["slot_id"], f"call-{number}", [number]
        try:
            done = await mortal(desk, lives).book(caller, service, slot, 1, None, MACHINE, name)
            is_whole = True
        except Died:
            deaths, is_whole = deaths + 1, False
            done = await desk.book(caller, service, slot, 1, None, MACHINE, name)
        assert isinstance(done, Done), f"after {number} steps: {done}"
        await phones[-1].expect("As agreed on the phone", kind="template")
        page = await world.process.parts.bookings.page(done.found.lead, None, 10, None)
        assert [one.booking.reference for one in page.bookings] == [done.found.booking.reference]
        if is_whole:
            break
    await world.quiet()
    assert deaths > 8, "every await of it was a death once"
    leads = await world.leads()
    assert len(leads) == deaths + 1
    told = [len(await phone.bubbles()) for phone in phones]
    assert told == [1] * len(phones), "killed after so many steps they were told once"
