"""What the page draws again is looked for again: Playwright does so by itself, but not to measure or to scroll."""

from playwright.async_api import Error, FloatRect, Locator, expect

TRIES = 5


async def box_of(part: Locator) -> FloatRect:
    """Where it stands, in pixels of the page."""
    for _ in range(TRIES):
        await expect(part).to_be_visible()
        if (box := await part.bounding_box()) is not None:
            return box
    raise AssertionError(f"each time it was looked at, the page had just drawn it again: {part}")


async def scrolled_to(part: Locator) -> None:
    """It stands where somebody sees it."""
    for _ in range(TRIES):
        try:
            await part.scroll_into_view_if_needed()
        except Error as fault:
            if "not attached" not in str(fault):
                raise
            continue
        return
    await expect(part).to_be_in_viewport()
