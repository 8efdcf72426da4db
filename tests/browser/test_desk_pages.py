"""Calendar, work, money, reports and settings in a real Chromium, at a desk and on a phone."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.domain.users import Role
from tests.browser.axe import broken_rules
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.journeys import payments as p
from tests.journeys.world import World, opened
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.api.money.test_refunds import held
from tests.webhooks.console.people import token_of
from webhooks.edge.sessions import PLAIN_COOKIE

pytestmark = [pytest.mark.mongo, pytest.mark.browser, pytest.mark.timeout(600)]

DESK, PHONE = (1280, 800), (390, 844)
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
COLOUR: Final = """(() => { const one = document.body.appendChild(document.createElement('i'));
    one.className = '%s'; const found = getComputedStyle(one).backgroundColor; one.remove(); return found; })()"""
ACCENT, PANEL = COLOUR % "button primary", COLOUR % "panel"
TOO_WIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = (
    "/calendar",
    "/work",
    "/money",
    "/money?tab=owed",
    "/money?tab=books",
    "/reports/funnel",
    "/reports/funnel/rows?figure=inquiries",
    "/settings",
)


@asynccontextmanager
async def looking(world: World, size: tuple[int, int]) -> AsyncIterator[tuple[Page, list[str]]]:
    """An admin's page, and the addresses that it asked for outside of the house."""
    token = await token_of(world.process, "Nyoman", Role.ADMIN)
    async with async_playwright() as tool:
        running = await tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await running.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        await context.add_cookies([{"name": PLAIN_COOKIE, "value": token, "url": world.url}])
        page = await context.new_page()
        outside: list[str] = []
        page.on("request", lambda asked: None if asked.url.startswith(world.url) else outside.append(asked.url))
        page.on("console", lambda said: outside.append(said.text) if said.type == "error" else None)
        yield page, outside
        await running.close()


async def shown(page: Page, world: World, path: str, name: str) -> None:
    """The page at that address, kept as a picture of that name where JANJI_PICTURES names a folder."""
    await page.goto(f"{world.url}/console{path}")
    await expect(page.locator("h1").first).to_be_visible()
    if path.startswith("/calendar"):
        await expect(page.locator("#calendar")).to_have_attribute("data-drawn", re.compile("[1-9]"))
    if path == "/settings":
        # what Meta says is asked for when the page is there
        await expect(page.locator("#ask-meta")).to_be_visible()
    folder = os.environ.get("JANJI_PICTURES")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_every_page_fits_its_screen_satisfies_axe_and_asks_for_nothing_outside(
    mongodb_uri: str, size: tuple[int, int]
) -> None:
    async with opened(mongodb_uri) as world:
        made = await seeded(world)
        day = made["start"][:10]
        against: list[str] = []
        async with looking(world, size) as (page, outside):
            for scheme, path in product(SCHEMES, PAGES):
                await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                name = "-".join((*re.findall("[a-z]+", path), str(size[0]), scheme))
                await shown(page, world, f"{path}?day={day}" if path == "/calendar" else path, name)
                wide = await page.evaluate(TOO_WIDE)
                against += [f"{name} is {wide} pixels too wide"] if wide > 0 else []
                against += [f"{name}: {outside}"] if outside else []
                against += [f"{name}: {one}" for one in await broken_rules(page)]
                outside.clear()
        assert against == []


async def test_a_booking_is_drawn_and_its_move_asks_first(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        made = await seeded(world)
        # whatever comes in draws the page again, and a drag ends there
        await world.quiet()
        async with looking(world, DESK) as (page, outside):
            await page.goto(f"{world.url}/console/calendar?day={made['start'][:10]}")
            drawn = page.locator("#calendar .ec-event.drawn-booking")
            await expect(drawn).to_have_count(1)
            # the sheet of the calendar itself would draw every kind alike, and white where the page is dark
            await page.emulate_media(color_scheme="dark")
            # news may draw it again at any moment
            await expect(drawn).to_have_css("background-color", await page.evaluate(ACCENT))
            await expect(page.locator("#calendar .ec-day").first).to_have_css(
                "background-color", await page.evaluate(PANEL)
            )
            await page.locator(f"[data-move='{made['reference']}']").click()
            dialog = page.locator("#change")
            await expect(dialog).to_be_visible()
            await expect(dialog.locator("select[name=slot_id]")).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(dialog).to_be_hidden()
            await drags_to(page, drawn, f"{int(made['start'][11:13]) + 1:02}:00")
            still = (await world.api.get(f"/bookings/{made['reference']}")).json()
            assert still["start"] == made["start"], "a drag alone moves nothing"
            assert outside == []


async def drags_to(page: Page, drawn: Locator, hour: str) -> None:
    """The mouse takes it there; whatever draws the page again meanwhile ends a drag, and it is dragged once more."""
    row = page.locator("#calendar .ec-sidebar time", has_text=hour).first
    for _ in range(5):
        await expect(drawn).to_be_visible()
        box, there = await drawn.bounding_box(), await row.bounding_box()
        if box is None or there is None:
            continue
        await page.mouse.move(box["x"] + 10, box["y"] + 4)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 10, there["y"] + there["height"] + 4, steps=8)
        await page.mouse.up()
        try:
            await expect(page.locator("#change")).to_be_visible(timeout=10_000)
        except AssertionError:
            continue
        return
    raise AssertionError("it was not dragged")


async def seeded(world: World) -> dict[str, Any]:
    made: dict[str, Any] = await booked(world, await customer(world), (await slots(world))[0])
    due = (await world.process.parts.clock.business_now() + timedelta(minutes=30)).isoformat()
    for title in ("Buy flowers", "Call the villa"):
        await world.api.post("/tasks", json={"title": title, "due": due, "task_role": "host"})
    await p.money_of(world).store.refunds.insert(replace(held(), ordered_by=("somebody",)))
    return made


async def test_a_phone_gets_to_every_page_that_has_no_place_on_its_bar(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world, looking(world, PHONE) as (page, outside):
        for path in ("work", "money", "reports", "settings"):
            await page.goto(f"{world.url}/console/calendar")
            await page.locator("#person-menu > summary").click()
            await page.locator(f"#person-menu a[href='/console/{path}']").click()
            await expect(page.locator(f"#person-menu a[href='/console/{path}']")).to_have_attribute(
                "aria-current", "page"
            )
        await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        await page.locator("#person-menu > summary").click()
        await expect(page.locator("#person-menu a[href='/console/account']")).to_be_visible()
        await expect(page.locator("#person-menu .off-bar").first).to_be_hidden()
        assert outside == []
