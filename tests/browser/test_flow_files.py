"""Every Flow JSON renders or names what is wrong with it, and none crashes the page.

`JANJI_FLOW_JSON_FOLDER` names a folder of other people's files to be held against the page as well.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from flows.booking import booking_flow
from flows.words import FlowLanguage

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]

OWN = Path(__file__).parent / "flow_json"
FOLDERS = [OWN, *map(Path, filter(None, [os.environ.get("JANJI_FLOW_JSON_FOLDER")]))]


def cases() -> Iterator[tuple[str, bytes]]:
    """Each Flow JSON by a name: a file is one, or an object of several."""
    for path in sorted(path for folder in FOLDERS for path in folder.rglob("*.json")):
        raw = path.read_bytes()
        found = parsed(raw)
        many = (
            isinstance(found, dict) and "screens" not in found and all(isinstance(one, dict) for one in found.values())
        )
        if many and found:
            for name, one in found.items():
                yield f"{path.parent.name}-{path.stem}-{name}", json.dumps(one).encode()
        else:
            yield f"{path.parent.name}-{path.stem}", raw


def parsed(raw: bytes) -> Any:
    """The JSON in a file, None where there is none."""
    try:
        return json.loads(raw)
    except ValueError:
        return None


def screens_of(found: Any) -> list[str]:
    """The ids of its screens, as far as there are any."""
    screens = found.get("screens") if isinstance(found, dict) else None
    rows = screens if isinstance(screens, list) else []
    return [str(screen["id"]) for screen in rows if isinstance(screen, dict) and "id" in screen]


CASES = list(cases())


async def preview(page: Page, name: str, raw: bytes) -> Locator:
    """Gives the page a file to look at."""
    given: FilePayload = {"name": f"{name}.json", "mimeType": "application/json", "buffer": raw}
    await page.locator("input[aria-label='Form preview']").set_input_files(given)
    return page.get_by_role("dialog")


@pytest.mark.parametrize(("name", "raw"), CASES, ids=[name for name, _ in CASES])
async def test_it_renders_or_is_explained(page: Page, name: str, raw: bytes) -> None:
    form = await preview(page, name, raw)
    found = parsed(raw)
    if found is None:
        await expect(page.locator(".form-problems")).to_contain_text("this file is no JSON")
        return
    await expect(form).to_be_visible()
    if not screens_of(found):
        await expect(form).to_contain_text("no Flow JSON")
        return
    choose = form.get_by_label("Screen")
    for screen in screens_of(found):
        await choose.select_option(screen)
        await expect(page.locator(f"dialog[data-screen='{screen}']")).to_be_visible()
        # What cannot be drawn says which component it is; a whole file that Meta takes has nothing such.
        for note in await form.locator(".unsupported").all_inner_texts():
            assert "not supported" in note or "cannot be drawn" in note
    if name.startswith("flow_json-") and "broken" not in name:
        assert await form.locator(".unsupported").count() == 0


async def test_what_meta_would_reject_is_named_with_screen_and_component(page: Page) -> None:
    await page.locator("input[aria-label='Form preview']").set_input_files(OWN / "broken_unknown_component.json")
    told = page.locator(".form-problems")
    for words in (
        "A1 · HoloDeck “h” is no component this phone knows",
        "A1 · id must be letters and underscores",
        "A1 · TextInput label has 33 characters, 20 fit",
        "A1 · TextInput has no name",
        "A1 · TextBody reads data.nowhere, which the screen does not declare",
        "A1 · TextBody has an expression that cannot be read",
        "A1 · data.n has a null in its __example__",
        "A1 · Footer navigates to NOWHERE, which does not exist",
    ):
        await expect(told).to_contain_text(words)
    await expect(page.get_by_role("dialog").locator(".unsupported").first).to_contain_text(
        "HoloDeck “h” is not supported"
    )


async def test_bad_routes_are_named(page: Page) -> None:
    await page.locator("input[aria-label='Form preview']").set_input_files(OWN / "broken_routes.json")
    told = page.locator(".form-problems")
    for words in (
        "leads to itself",
        "leads to B and back",
        "leads to C, which does not exist",
        "9.9 is newer",
        "fly, which is no action",
    ):
        await expect(told).to_contain_text(words)


@pytest.mark.parametrize("language", list(FlowLanguage))
async def test_the_flow_we_publish_has_no_problem_on_this_phone(page: Page, language: FlowLanguage) -> None:
    form = await preview(page, "ours", json.dumps(booking_flow(language).as_json()).encode())
    await expect(form.get_by_text("0 problems")).to_be_visible()
    for screen in booking_flow(language).screens:
        await form.get_by_label("Screen").select_option(screen.id)
        await expect(page.locator(f"dialog[data-screen='{screen.id}']")).to_have_accessible_name(screen.title)
    await expect(form.locator(".unsupported")).to_have_count(0)
    await expect(page.locator(".form-problems .none")).to_be_visible()


async def test_a_screen_that_was_left_is_still_readable(page: Page) -> None:
    form = await preview(page, "back", (OWN / "6.0_left_screen.json").read_bytes())
    await expect(form).to_contain_text("Nothing chosen yet")
    await form.get_by_role("button", name="Choose").click()
    await form.get_by_role("radio", name="Full").check()
    await form.get_by_role("button", name="Back").click()
    await expect(form).to_contain_text("You chose full")
