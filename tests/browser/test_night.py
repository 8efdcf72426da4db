"""One night, through real doors: a guest asks for a person, whoever is on call hears of it in WhatsApp, takes over on a
phone, writes when only a template may go, books, is paid, hands back with a note; and a second person gives money back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from bot.domain.states import State
from bot.domain.users import Role
from tests.bot.business.makers import with_changes
from tests.browser.answered import answered, is_ready
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.journeys import payments as p
from tests.journeys.test_attention import ON_CALL, until_local
from tests.journeys.test_outside_the_window import A_DAY_AND_MORE, approved
from tests.journeys.world import World, opened, until
from tests.webhooks.console.people import token_of
from webhooks.edge.sessions import PLAIN_COOKIE

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(600)]

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
EMMA = "6281200000181"
MASSAGE = "balinese-massage"


def the_house(tmp_path: Path) -> Path:
    """The sample with its owner on call, who has an account, and refunds above 100 000 that need a second person."""
    path = tmp_path / "night.yaml"
    text = with_changes(("\nsop:\n", "\nsop:\n  refund: { approve_above: 100000 }\n"))
    on_call = ON_CALL.replace("    language: id\n", "    language: id\n    account: ayu@example.com\n", 1)
    path.write_text(text + on_call, "utf-8")
    return path


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as tool:
        running = await tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        await running.close()


async def signed_in(browser: Browser, world: World, name: str, role: Role) -> Page:
    """Somebody before the console, on a phone."""
    token = await token_of(world.process, name, role)
    context = await browser.new_context(viewport=PHONE, locale="en-GB", reduced_motion="reduce", has_touch=True)
    await context.add_cookies([{"name": PLAIN_COOKIE, "value": token, "url": world.url}])
    return await context.new_page()


async def test_a_night_from_the_call_for_a_person_to_the_money_given_back(mongodb_uri: str, tmp_path: Path) -> None:
    async with (
        opened(mongodb_uri, ours={"business_file": the_house(tmp_path)}, has_pager=True) as world,
        chromium() as browser,
    ):
        await approved(world)
        await until_local(world, 23, 30)
        owner = await world.phone("Ayu Pemilik", wa_id="6281200000901")
        guest = await world.phone("Emma", wa_id=EMMA)
        await guest.say("I want to talk to a human")
        await guest.expect("I have called a person")

        # told in WhatsApp, taken there, and theirs in the console too
        told = await owner.expect("Pelanggan minta bicara dengan staf", kind="template")
        assert "Emma" in told.text
        await owner.tap("Saya tangani")
        await owner.expect("Terima kasih")
        page = await signed_in(browser, world, "Ayu", Role.ADMIN)
        await page.goto(f"{world.url}/console/queue?owner=mine")
        row = page.locator(".queue-row", has_text="Emma")
        await expect(row).to_be_visible()
        await row.locator("[data-does]").click()
        composer = page.locator("#composer")
        await expect(composer).to_have_attribute("data-state", "open")
        await is_ready(page)
        await page.locator("#reply-text").fill("Good evening Emma, this is Ayu. I ask our therapists.")
        await page.locator("#reply-form button[type=submit]").click()
        await guest.expect("this is Ayu")
        await owner.expect("Selesai: Pelanggan minta bicara")

        # the next night free words may not go: the template stands in their place
        lead = (await world.lead_of(guest))["id"]
        await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
        await world.quiet()
        await page.goto(f"{world.url}/console/inbox/{lead}")
        await page.locator("#take").click()
        await expect(composer).to_have_attribute("data-state", "window_closed")
        template = page.locator("form.template").first
        words = (await template.locator(".words").inner_text()).strip()
        await template.locator("button[type=submit]").click()
        await guest.expect(words.splitlines()[0], kind="template")
        await guest.say("Oh good! A massage in five days at Villa Melati, please")
        await expect(composer).to_have_attribute("data-state", "open")
        await page.locator("#reply-text").fill("I keep a time for you and send it here, one moment.")
        await page.locator("#reply-form button[type=submit]").click()
        await guest.expect("I keep a time for you")

        await booked_for(page, world)
        link = await guest.expect("Please pay by", kind="cta_url")
        reference = p.reference_in(link)
        await world.told("POST", "/xendit/topup", {"amount": 1_000_000})
        await p.pay(world, f"{reference}.1", channel="OVO")
        await p.is_in(world, reference, State.CONFIRMED)

        # handed back with a note: what waited is said, and the next word is the bot's to answer
        await page.goto(f"{world.url}/console/inbox/{lead}")
        await page.locator("#give").click()
        await page.locator("#hand-back textarea").fill("Emma likes strong pressure")
        await page.locator("#hand-back button[type=submit]").click()
        await expect(page.locator("#thread .system, #thread .note").last).to_contain_text("strong pressure")
        await expect(composer).to_have_attribute("data-state", "locked")
        await guest.expect("Paid and confirmed")
        await guest.say("how much is the massage?")
        await guest.expect("350,000")
        assert not [one for one in await guest.bubbles() if "strong pressure" in one.text]

        await given_back_by_two(page, browser, world, lead, reference)
        await p.agrees(world)


async def booked_for(page: Page, world: World) -> None:
    """The time that was asked for, booked from the inbox by the guest's number."""
    day = (await world.process.parts.clock.business_now() + timedelta(days=5)).astimezone(world.process.business.zone)
    await page.goto(f"{world.url}/console/inbox?tab=all")
    await page.get_by_role("button", name="New booking").click()
    dialog = page.locator("#caller")
    async with answered(page, "**/callers/who"):
        await dialog.locator("#caller-phone").fill(f"+{EMMA}")
        await dialog.locator("#caller-phone").press("Tab")
    await expect(dialog.locator("#caller-who")).to_contain_text("A customer already: Emma")
    async with answered(page, "**/callers/times"):
        await dialog.locator("#caller-service").select_option(MASSAGE)
    async with answered(page, "**/callers/times"):
        await dialog.locator("#caller-place").select_option("villa-melati")
    async with answered(page, "**/callers/times"):
        await dialog.locator("#caller-day").fill(f"{day:%Y-%m-%d}")
        await dialog.locator("#caller-day").press("Tab")
    # those of that day stand there, in the place of the former ones
    await expect(dialog.locator(f"#caller-time option[value*='{day:%Y%m%d}']").first).to_be_attached()
    await dialog.get_by_role("button", name="See price and message").click()
    await expect(dialog.locator(".quote")).to_contain_text("350,000")
    # inside the guest's 24 hours it costs nothing
    await expect(dialog).to_contain_text("ordinary message")
    await dialog.get_by_role("button", name="Book it").click()
    await expect(dialog.locator("[data-booked]")).to_contain_text("Emma")


async def given_back_by_two(page: Page, browser: Browser, world: World, lead: str, reference: str) -> None:
    """The booking is called off at its price; whoever did it cannot let the money go, a second person can."""
    await page.goto(f"{world.url}/console/inbox/{lead}")
    await page.locator(".shows-context").click()
    await page.locator(f"#card-{reference} .action.ends").click()
    dialog = page.locator("#change")
    await dialog.locator("select[name=cause]").select_option("business")
    await dialog.locator("input[name=reason]").fill("The therapist is ill")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator(".quote")).to_contain_text("350,000")
    await dialog.get_by_role("button", name="Confirm").click()
    await p.is_in(world, reference, State.CANCELLED)

    async def waits() -> bool:
        return bool((await world.api.get("/money/refunds")).json()["items"])

    await until(waits, what="the refund that waits for a second person")
    await page.goto(f"{world.url}/console/money")
    card = page.locator(".card", has_text="350,000")
    await expect(card).to_be_visible()
    await expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    second = await signed_in(browser, world, "Putu", Role.FINANCE)
    await second.goto(f"{world.url}/console/money")
    await second.locator(".card", has_text="350,000").get_by_role("button", name="Approve").click()
    await expect(second.locator(".card", has_text="350,000")).to_have_count(0)
    await p.days_go_by(world, 6)
    (books,) = (await p.books(world, reference)).books
    assert books.refunded == p.PRICE
