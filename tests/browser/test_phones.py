"""The phones of provider, cleaner and villa manager next to the guest's: whose they are, and none hears another."""

from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from simulator.whatsapp.phones import PNG
from tests.bot.business.makers import sample
from tests.browser import bodies
from tests.browser.ours import House
from tests.browser.person import Person
from tests.browser.shop import Place, Shop
from tests.browser.test_accessibility import FAINT, NAMELESS
from tests.browser.test_bookings import books, pays
from tests.browser.test_panes import restart
from webhooks.local.demo_phones import partner_phones

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(180),
]

ROLES = ("provider", "staff", "place")


async def have_phones(sim_url: str) -> None:
    """Everybody whom the sample can write to, as the demo has it."""
    async with httpx.AsyncClient(base_url=sim_url, trust_env=False, timeout=30) as outside:
        for phone in partner_phones(sample()):
            (await outside.post("/sim/customers", json=phone)).raise_for_status()


async def all_phones(page: Page, sim_url: str) -> None:
    """The page as the demo's address opens it."""
    await page.goto(f"{sim_url}/phone/?phones=all")
    await expect(page.locator("body[data-ready=yes]")).to_be_attached()
    await expect(page.locator(".one-phone")).to_have_count(4)


def phone_of(page: Page, role: str) -> Locator:
    """The column of a role; the guest's is the first."""
    return page.locator(f".one-phone[data-role={role}]") if role else page.locator(".one-phone").first


def owner(page: Page, role: str) -> Locator:
    """Who is chosen there."""
    return phone_of(page, role).locator(".owner option:checked")


async def writes(phone: Locator, words: str) -> None:
    """Types into that phone and sends."""
    await phone.get_by_role("textbox").fill(words)
    await phone.get_by_role("textbox").press("Enter")


@pytest_asyncio.fixture(loop_scope="session")
async def page(page: Page, place: Place) -> Page:
    """All phones before the shop that is not ours."""
    await have_phones(place.sim_url)
    await all_phones(page, place.sim_url)
    return page


async def test_each_phone_says_whose_it_is_in_its_language_with_the_business_on_top(page: Page) -> None:
    await expect(page.locator(".phone-title strong")).to_have_text(["+628110000001"] * 4)
    for role, name, who in (
        ("provider", "Penyedia jasa:", "Ayu Pratiwi, Ayu Spa"),
        ("staff", "Staf:", "Ketut Suarni, cleaner"),
        ("place", "Pengelola:", "Wayan Suarta, Villa Melati"),
    ):
        await expect(phone_of(page, role).locator(".owner-name b")).to_have_text(name)
        await expect(owner(page, role)).to_have_text(who)
    await expect(phone_of(page, "provider").get_by_role("textbox")).to_have_attribute("aria-label", "Ketik pesan")
    # another provider is taken in hand, and speaks another language
    await phone_of(page, "provider").get_by_label("Providers").select_option(label="Putu Adnyana, Putu Transport")
    await expect(phone_of(page, "provider").get_by_role("textbox")).to_have_attribute("aria-label", "Message")
    await expect(phone_of(page, "provider").locator(".own")).to_contain_text("+6281200000205")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(FAINT) == []


async def test_none_hears_what_is_said_on_another(page: Page, shop: Shop) -> None:
    shop.says("hi", bodies.buttons("When?", "Today", "Tomorrow"))
    shop.says("halo", bodies.buttons("Kerja?", "Ya", "Tidak"))
    guest, provider, cleaner = (phone_of(page, role) for role in ("", "provider", "staff"))
    # half a sentence of one stays where it is while others speak
    await guest.get_by_role("textbox").fill("I was just")
    await writes(provider, "halo")
    await writes(cleaner, "halo")
    await expect(provider.locator(".bubble.business")).to_contain_text("Kerja?")
    await expect(cleaner.locator(".bubble.business")).to_contain_text("Kerja?")
    await expect(guest.locator(".bubble")).to_have_count(0)
    await expect(guest.get_by_role("textbox")).to_have_value("I was just")
    await provider.get_by_role("button", name="Ya").click()
    await expect(provider.locator(".bubble.customer")).to_have_count(2)
    await expect(cleaner.locator(".bubble.customer")).to_have_count(1)
    tapped = (await shop.heard("interactive"))[0]
    assert tapped["from"] == "6281200000201"
    # only the one in hand is read aloud
    await expect(page.locator(".thread[aria-live=polite]")).to_have_count(1)
    await expect(provider.locator(".thread")).to_have_attribute("aria-live", "polite")


async def test_a_photo_goes_from_the_cleaners_phone_alone(page: Page, shop: Shop) -> None:
    cleaner = phone_of(page, "staff")
    await cleaner.get_by_role("button", name="Lampirkan").click()
    async with page.expect_file_chooser() as chosen:
        await page.get_by_role("dialog").get_by_role("button", name="Foto").click()
    await (await chosen.value).set_files({"name": "pool.png", "mimeType": "image/png", "buffer": PNG})
    await expect(cleaner.locator(".bubble.customer img.picture")).to_be_visible()
    assert (await shop.heard("image"))[0]["from"] == "6281200000301"
    await expect(page.locator(".bubble")).to_have_count(1)


async def test_a_phone_that_rings_is_shown_where_nothing_was_said_and_counted_where_something_was(
    page: Page, shop: Shop
) -> None:
    await shop.send("6281200000203", bodies.template("hello_world"))
    provider = phone_of(page, "provider")
    await expect(owner(page, "provider")).to_contain_text("Nyoman Artana")
    await expect(provider.locator(".bubble.business")).to_contain_text("congratulations")
    await shop.send("6281200000202", bodies.template("hello_world"))
    await expect(provider.locator(".owner .count")).to_have_text("1")
    await expect(owner(page, "provider")).to_contain_text("Nyoman Artana")
    await provider.get_by_label("Providers").select_option(label="Komang Sri, Komang Wellness (1)")
    await expect(provider.locator(".bubble.business")).to_contain_text("congratulations")
    await expect(provider.locator(".owner .count")).to_have_count(0)


async def test_one_phone_at_a_time_is_seen_whole_at_360_pixels(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 640})
    for role, name in (("provider", "Providers"), ("staff", "Staff"), ("place", "Places")):
        await page.locator(".jump").get_by_role("button", name=name).click()
        box = phone_of(page, role).get_by_role("textbox")
        await expect(box).to_be_in_viewport(ratio=0.95)
        width = await phone_of(page, role).evaluate("(one) => one.getBoundingClientRect().width")
        assert width == 360
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name="What happened").click()
    await expect(page.locator("#happened-pane")).to_be_visible()


async def test_back_to_one_phone_and_to_that_of_a_partner(page: Page) -> None:
    await page.get_by_role("button", name="All phones").click()
    await expect(page.locator(".one-phone:visible")).to_have_count(1)
    await expect(page.locator("#happened-pane")).to_be_visible()
    await page.get_by_label("Those who deliver").select_option(label="Ketut Suarni, cleaner")
    await expect(page.locator(".one-phone:visible .owner-name")).to_have_text("Staf: Ketut Suarni, cleaner")
    await expect(page.get_by_role("textbox", name="Ketik pesan")).to_be_visible()
    await page.get_by_role("button", name="All phones").click()
    await expect(phone_of(page, "").locator(".owner-name")).to_contain_text("Emma")


async def test_a_restart_leaves_those_who_deliver_their_phones_with_nothing_on_them(page: Page, shop: Shop) -> None:
    shop.says("halo", bodies.text("Ya?"))
    await writes(phone_of(page, "provider"), "halo")
    await expect(phone_of(page, "provider").locator(".bubble")).to_have_count(2)
    await restart(page)
    await expect(page.locator(".bubble")).to_have_count(0)
    await expect(owner(page, "provider")).to_contain_text("Ayu Pratiwi")
    await expect(page.locator(".person[data-customer]")).to_have_count(1)


async def test_a_job_goes_from_the_guests_payment_to_the_providers_taps(
    person: Person, house: House, screenshots: Path
) -> None:
    page = person.page
    await have_phones(house.sim_url)
    await all_phones(page, house.sim_url)
    await page.set_viewport_size({"width": 1500, "height": 860})
    guest, provider, cleaner, manager = (phone_of(page, role) for role in ("", *ROLES))
    await expect(page.locator(".phone-title strong")).to_have_text(["Rumah Senja"] * 4)
    await writes(cleaner, "halo")
    await expect(cleaner.locator(".bubble.business")).to_contain_text("Halo Ketut Suarni")
    await cleaner.get_by_role("button", name="Boleh").click()
    await writes(manager, "halo")
    await expect(manager.locator(".bubble.business")).to_contain_text("Halo Wayan Suarta")
    await guest.get_by_role("textbox").click()
    await books(person)
    await expect(provider.locator(".bubble")).to_have_count(0)
    await pays(person, "Pay now", "OVO", "Paid")
    await expect(guest.locator(".bubble.business", has_text="Paid and confirmed")).to_be_visible()
    await provider.get_by_role("button", name="Lihat pekerjaan").click()
    card = provider.locator(".bubble.business", has_text="Bagian kakak")
    await expect(card).to_contain_text("Tamu:")
    await page.get_by_role("button", name="Close the checkout").click()
    for phone in (guest, provider):
        await phone.locator(".thread").evaluate("(one) => { one.scrollTop = one.scrollHeight; }")
    await page.screenshot(path=screenshots / "all-phones.png")
    # which appointment that is the page knows from there
    await person.is_at("CONFIRMED")
    await page.get_by_role("button", name="To the appointment").click()
    await expect(page.locator(".now")).to_contain_text("+")
    # a process goes by its last look at a moved clock for half a second, and a tap before its time is no step
    await house.process.clock.offset()
    await card.locator(".choice").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_role("radio", name="Sedang di jalan").check()
    await sheet.locator("button.main").click()
    await expect(provider.locator(".bubble.business").last).to_contain_text("sedang di jalan")
    await house.bookings_in("CONFIRMED")
