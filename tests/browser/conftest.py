"""Chromium, a shop that is not ours, and the phone page between them."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser import ours
from tests.browser.ours import House
from tests.browser.person import Person
from tests.browser.shop import Place, Shop, opened

WHOLE = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
# The shell that has no window shows the same pages in a third of the time, and no notices.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or WHOLE

# What a headless Chromium needs in a container, and nothing that would reach for a network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Only a failure waits so long: a loaded machine with two cores is no failure.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A page, a browser and a server race each other in ways no test foresees: what fails in a browser is played once
    more, the first try is told at the end of the run with its words, and what fails twice has failed."""
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before anything is begun for it: what needs Chromium runs where there is one."""
    if not CHROMIUM and item.get_closest_marker("browser") is not None:
        pytest.skip("no Chromium on this machine (CHROMIUM names another)")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the session."""
    async with async_playwright() as tool:
        running = await tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        await running.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served_place() -> AsyncIterator[Place]:
    """The shop's and the world's servers."""
    async with opened() as place:
        yield place


@pytest_asyncio.fixture(loop_scope="session")
async def place(served_place: Place) -> Place:
    """A shop that has heard nothing, in a world with nobody in it; webhooks come once and in order."""
    graph = served_place.shop.graph
    assert graph is not None
    await graph.get("/sim/webhooks?wait=2")
    await graph.post("/sim/reset")
    await graph.post("/sim/xendit/reset")
    plain = {"order": "fifo", "delay": 0, "double_every": 0, "copies": 1}
    await graph.patch("/sim/manners", json={"messages": plain, "statuses": plain})
    served_place.shop.forget()
    return served_place


@pytest.fixture
def shop(place: Place) -> Shop:
    """The shop."""
    return place.shop


@asynccontextmanager
async def seen(browser: Browser, sim_url: str) -> AsyncIterator[Page]:
    """The page as a person opens it; what its code throws fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    page = await context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    await page.goto(f"{sim_url}/phone/")
    await expect(page.locator("body[data-ready=yes]")).to_be_attached()
    yield page
    await context.close()
    assert not thrown, thrown


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, place: Place) -> AsyncIterator[Page]:
    """The page before the shop that is not ours."""
    async with seen(browser, place.sim_url) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def house(mongodb_uri: str) -> AsyncIterator[House]:
    """Our own backend with nothing in it."""
    async with ours.opened(mongodb_uri) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def person(browser: Browser, house: House) -> AsyncIterator[Person]:
    """Somebody before the page of our own backend."""
    async with seen(browser, house.sim_url) as page:
        yield Person(page)


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where pictures go: the docs when asked for, else a folder that nobody keeps."""
    return Path("docs/screenshots") if os.environ.get("JANJI_SCREENSHOTS") == "1" else tmp_path
