"""Every Flow JSON renders or names what is wrong with it, and none crashes the page.

`JANJI_FLOW_JSON_FOLDER` names a folder of other people's files to be held against the page as well.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from flows.booking import booking_flow
from flows.words import languages
from tests.browser.conftest import seen
from tests.browser.shop import Place
from tests.conftest import sampled

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

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


TOUCH_EVERYTHING = """(dialog) => {
    window.open = () => null;
    const touched = (one) => one.dispatchEvent(new Event('input', {bubbles: true}))
        && one.dispatchEvent(new Event('change', {bubbles: true}));
    const selected = '.flow-parts input, .flow-parts textarea, .flow-parts select, .flow-parts button:not(.main)';
    for (const one of dialog.querySelectorAll(selected)) {
        if (one.disabled || !one.isConnected || one.type === 'file') continue;
        if (one.tagName === 'SELECT') { one.selectedIndex = one.options.length - 1; touched(one); }
        else if (one.tagName === 'BUTTON' || ['radio', 'checkbox'].includes(one.type)) one.click();
        else { one.value = one.type === 'date' ? '2026-12-24' : 'a1'; touched(one); }
    }
    dialog.querySelector('.flow-footer button')?.click();
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def previewer(browser: Browser, served_place: Place) -> AsyncIterator[tuple[Page, list[str]]]:
    """One page for all files, and what its code has thrown."""
    thrown: list[str] = []
    async with seen(browser, served_place.sim_url) as page:
        page.on("pageerror", lambda error: thrown.append(str(error)))
        yield page, thrown


@pytest.mark.parametrize(("name", "raw"), sampled(CASES, 3, of_many=True), ids=[name for name, _ in CASES])
async def test_it_renders_or_is_explained_and_can_be_touched(
    previewer: tuple[Page, list[str]], name: str, raw: bytes
) -> None:
    page, thrown = previewer
    await page.evaluate("document.querySelector('dialog')?.close()")
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
        await form.evaluate(TOUCH_EVERYTHING)
        await expect(form.locator("h2").first).to_be_attached()
    assert not thrown, thrown
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


async def test_values_over_a_limit_are_named_with_screen_and_component(page: Page) -> None:
    await page.locator("input[aria-label='Form preview']").set_input_files(OWN / "broken_values.json")
    told = page.locator(".form-problems")
    for words in (
        "ISLAND · routing_model is connected with no other screen",
        "ISLAND · routing_model leads to no terminal screen",
        "MENU · NavigationList “menu” item one: main-content.title has 47 characters, 30 fit",
        "MENU · NavigationList “menu” item one: end.title has 13 characters, 10 fit",
        "MENU · NavigationList “menu” item one has 4 tags, 3 fit",
        "MENU · NavigationList “menu” item two: badge has 20 characters, 15 fit",
        "MENU · NavigationList “menu” more than one item has a badge",
        "MENU · NavigationList “menu” has an on-click-action, and so have its items",
        "INPUTS · TextInput “code” has a pattern and no helper-text",
        "INPUTS · TextInput “odd” input-type is colour",
        "INPUTS · DatePicker “day” min-date 2026-12-31 is after max-date 2026-12-01",
        "INPUTS · CalendarPicker “cal” label has 49 characters, 40 fit",
        "INPUTS · CalendarPicker “cal” unavailable-dates has 2027-06-01, outside its bounds",
        "INPUTS · CalendarPicker “cal” include-days has Funday",
        "INPUTS · CalendarPicker “cal” min-days and max-days are for ranges only",
        "INPUTS · Image src is a link, only base64 is shown",
        "INPUTS · TextBody shows form.code as it stands",
        "INPUTS · TextBody has no text",
        "INPUTS · Footer needs both left-caption and right-caption",
        "INPUTS · Footer on-click-action opens a page",
        "FILES · PhotoPicker “photos” max-uploaded-photos is 99, 30 fit",
        "FILES · EmbeddedLink has no on-click-action",
        "FILES · Footer gives chosen files to another screen",
    ):
        await expect(told).to_contain_text(words)


async def test_a_navigation_list_leaves_out_what_is_over_its_limits(page: Page) -> None:
    form = await preview(page, "menu", (OWN / "broken_values.json").read_bytes())
    rows = form.locator(".nav-list .row")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Kept")
    await expect(rows.first).not_to_contain_text("far longer")
    await expect(rows.first).not_to_contain_text("more than ten")
    await expect(rows.first.locator(".tags .badge")).to_have_count(3)
    await expect(rows.last).not_to_contain_text("a badge far too long")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-12-25", "This date cannot be chosen."),
        ("2027-01-02", "This date cannot be chosen."),
        ("", "This is required."),
    ],
)
async def test_a_date_outside_its_bounds_is_refused_at_the_field(page: Page, day: str, told: str) -> None:
    form = await preview(page, "dates", (OWN / "5.0_dates_in_text.json").read_bytes())
    field = form.get_by_label("Day")
    await expect(field).to_have_attribute("max", "2026-12-31")
    await form.get_by_label("Time").select_option(label="09:00")
    await field.fill(day)
    await form.locator(".flow-footer button").click()
    await expect(form.locator(".part-DatePicker").get_by_role("alert")).to_have_text(told)
    await field.fill("2026-12-24")
    await form.locator(".flow-footer button").click()
    await expect(form.locator(".snack")).to_contain_text("2026-12-24")


async def test_choosing_another_option_unselects_the_one_before(page: Page) -> None:
    form = await preview(page, "unselect", (OWN / "6.0_unselect.json").read_bytes())
    await form.get_by_role("radio", name="Massage").check()
    await form.get_by_role("radio", name="Jasmine").check()
    await form.get_by_role("radio", name="Yoga").check()
    await expect(form.get_by_role("radio", name="Jasmine")).to_have_count(0)
    await form.get_by_role("radio", name="Massage").check()
    await expect(form.get_by_role("radio", name="Lavender")).to_be_visible()


@pytest.mark.parametrize("language", sampled(sorted(languages(), reverse=True), 3))
async def test_the_flow_we_publish_has_no_problem_on_this_phone(page: Page, language: str) -> None:
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
