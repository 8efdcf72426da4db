"""What the console answers is waited for until it stands in the page: the answer alone comes a moment earlier."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, expect


@asynccontextmanager
async def answered(page: Page, address: str) -> AsyncIterator[None]:
    """What is done meanwhile asks at that address; afterwards the answer has been put in its place."""
    async with page.expect_response(address):
        yield
    # a request is over when its answer stands there
    await expect(page.locator(".htmx-request")).to_have_count(0)


async def is_ready(page: Page) -> None:
    """The page that was just opened hears keys, and its forms are sent by its script; not to ask before it is there."""
    await expect(page.locator("body[data-live=yes]")).to_be_attached()
