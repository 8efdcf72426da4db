"""A whole shift before the inbox, in a real browser: what is missed comes back, who else is there, what is found."""

import asyncio
import contextlib
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Request, Route, expect

from benchmarks.console.house import fill
from tests.browser.drawn import box_of
from tests.browser.ours import House
from tests.browser.test_console import before_the_console, phone_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

ASKS, PHONE = "I want to talk to a human please", {"width": 390, "height": 844}
HIDDEN = """is => {
    Object.defineProperty(document, 'hidden', {value: is, configurable: true});
    Object.defineProperty(document, 'visibilityState', {value: is ? 'hidden' : 'visible', configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


async def opened(page: Page, name: str = "Sari") -> None:
    await page.locator(".row", has_text=name).click()
    await expect(page.locator("#composer")).to_be_visible()


class Cable:
    """What carries a browser's connections to the house, until somebody trips over it."""

    def __init__(self, house: House) -> None:
        self.process = house.process
        self._to = urlsplit(house.url)
        self._ends: set[asyncio.StreamWriter] = set()
        self.is_cut = False
        self.url = ""

    async def __aenter__(self) -> "Cable":
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Nothing gets through any more."""
        self.is_cut = True
        for end in self._ends:
            end.transport.abort()

    async def _carry(self, theirs: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.is_cut:
            back.transport.abort()
            return
        ours, forth = await asyncio.open_connection(self._to.hostname, self._to.port)
        ends = {back, forth}
        self._ends |= ends
        await asyncio.wait(
            [asyncio.create_task(_pass(*way)) for way in ((theirs, forth), (ours, back))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        self._ends -= ends
        for end in ends:
            end.close()


async def _pass(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while some := await source.read(65_536):
            to.write(some)
            await to.drain()


async def test_who_was_cut_off_sees_that_and_then_everything_that_was_missed(browser: Browser, house: House) -> None:
    async with Cable(house) as cable, phone_of(house, "Sari") as phone, phone_of(house, "Budi") as other:
        there: Any = cable
        async with before_the_console(browser, there) as page:
            await phone.say(ASKS)
            await opened(page)
            cable.cut()
            await expect(page.locator("#reconnecting")).to_be_visible()
            await phone.say("Said while nobody could hear")
            await other.say(ASKS)
            cable.is_cut = False
            await expect(page.locator("#thread")).to_contain_text("Said while nobody could hear")
            await expect(page.locator(".row", has_text="Budi")).to_be_visible()
            await expect(page.locator("#reconnecting")).to_be_hidden()


async def test_a_tab_that_nobody_looks_at_hears_all_the_same(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await page.evaluate(HIDDEN, True)
        await phone.say(ASKS)
        await expect(page.locator(".row", has_text="Sari")).to_be_visible()
        await page.evaluate(HIDDEN, False)


async def test_eyes_and_pencil_of_a_colleague_stand_on_row_and_head(browser: Browser, house: House) -> None:
    async with (
        before_the_console(browser, house) as page,
        before_the_console(browser, house, "Ayu") as theirs,
        phone_of(house, "Sari") as phone,
    ):
        await phone.say(ASKS)
        await opened(theirs)
        row = page.locator(".row", has_text="Sari")
        await expect(row.locator(".present")).to_contain_text("Ayu is here")
        await theirs.locator("#take").click()
        await theirs.locator("#reply-text").press_sequentially("Hello")
        await expect(row.locator(".present")).to_contain_text("Ayu is typing")
        await expect(row).to_contain_text("Draft: Hello")
        await opened(page)
        # who has stopped for some seconds types no more, and to open it may have taken as long
        await theirs.locator("#reply-text").press_sequentially(" there")
        await expect(page.locator("#head .present")).to_contain_text("Ayu is typing")
        await expect(page.locator("#composer")).to_have_attribute("data-state", "taken")


async def test_a_note_looks_like_one_and_its_button_says_so(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await opened(page)
        await page.locator("#take").click()
        # whoever has taken it writes: that is over before a note is begun
        await expect(page.locator("#reply-text")).to_be_focused()
        ground = "one => getComputedStyle(one).backgroundColor"
        await expect(page.locator("#reply-form .send")).to_contain_text("Send to Sari")
        as_reply = await page.locator("#composer").evaluate(ground)
        await page.locator("#mode-note").click()
        await expect(page.locator("#reply-form .send")).to_be_hidden()
        await expect(page.locator("#note-form .save-note")).to_have_text("Save note")
        assert await page.locator("#composer").evaluate(ground) != as_reply
        await page.locator("#note-text").press_sequentially("@ r t h")
        await expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
        # what others do flips nothing either
        await phone.say("Still there?")
        await expect(page.locator("#thread")).to_contain_text("Still there?")
        await expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
        await expect(page.locator("#note-text")).to_have_value("@ r t h")


async def test_filters_are_chosen_from_the_menu_and_stay_in_the_address(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await opened(page)
        await page.locator("#filters summary").click()
        # news in between shut no menu
        await phone.say("Hello?")
        await expect(page.locator("#thread")).to_contain_text("Hello?")
        await page.locator("#filters a", has_text="Unread").click()
        await expect(page).to_have_url(re.compile("only=unread"))
        await expect(page.locator(".row")).to_have_count(0)
        await expect(page.locator("#list .empty")).to_be_visible()
        await phone.say("One more thing")
        await expect(page.locator(".row", has_text="Sari")).to_be_visible()


async def test_a_list_that_was_asked_for_before_a_menu_opened_leaves_it_open(browser: Browser, house: House) -> None:
    asked, may_go = asyncio.Event(), asyncio.Event()

    async def held(route: Route) -> None:
        asked.set()
        await may_go.wait()
        await route.continue_()

    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await expect(page.locator(".row", has_text="Sari")).to_be_visible()
        await page.route("**/console/inbox/rows*", held)
        await phone.say("Hello?")
        await asyncio.wait_for(asked.wait(), 30)
        await page.locator("#filters summary").click()
        may_go.set()
        await expect(page.locator(".row", has_text="Hello?")).to_be_visible()
        await expect(page.locator("#filters a", has_text="Unread")).to_be_visible()
        await page.unroute_all()


async def test_what_is_found_is_still_there_when_one_comes_back_and_an_exact_reference_opens(
    browser: Browser, house: House
) -> None:
    await fill(house.process.parts, 30, await house.process.parts.clock.business_now(), 1)
    async with before_the_console(browser, house) as page:
        search, rows = page.locator("#search"), page.locator(".row")
        await expect(rows).to_have_count(30)
        await search.fill("hong")
        await expect(rows.filter(has_not_text="Hồng")).to_have_count(0)
        await expect(rows).not_to_have_count(0)
        found = await rows.count()
        assert found < 30
        await rows.first.click()
        await expect(page.locator("#composer")).to_be_visible()
        await expect(search).to_have_value("hong")
        await expect(rows).to_have_count(found)
        await search.fill("BK-26112409-000007")
        await expect(page.locator("#conversation")).to_have_attribute("data-conversation", f"{7:011x}-lead")


async def test_put_off_by_key_it_leaves_the_list_and_a_word_brings_it_back(browser: Browser, house: House) -> None:
    async with (
        before_the_console(browser, house) as page,
        phone_of(house, "Sari") as phone,
        phone_of(house, "Budi") as other,
    ):
        await phone.say(ASKS)
        await other.say(ASKS)
        await expect(page.locator(".row")).to_have_count(2)
        await opened(page)
        # done with this one: it sleeps until they answer, and the next one is opened
        await page.locator("#thread").focus()
        await page.keyboard.press("e")
        await expect(page.locator("#head h1")).to_contain_text("Budi")
        await expect(page.locator(".row", has_text="Sari")).to_have_count(0)
        await phone.say("Me again")
        await expect(page.locator(".row", has_text="Sari")).to_be_visible()


async def test_by_thumb_it_is_marked_unread_and_everything_is_large_enough(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house, viewport=PHONE) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await opened(page)
        await page.locator("#take").click()
        for part in ("#reply-form .send", ".rail li a >> nth=0", ".head .back", "#conversation-menu summary"):
            box = await box_of(page.locator(part))
            assert box["height"] >= 40, (part, box)
        await page.locator("#conversation-menu summary").click()
        async with page.expect_response("**/unread"):
            await page.locator("#conversation-menu [data-key=u]").click()
        await page.get_by_role("link", name="Back").click()
        await expect(page.locator(".row", has_text="Sari").locator(".unread-count")).to_be_visible()


async def test_what_the_bot_understood_stands_under_the_words(browser: Browser, house: House) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say("Can I book a Balinese massage tomorrow for two people")
        await opened(page)
        await expect(page.locator(".understood").first).to_contain_text("2 people")


async def test_forty_chats_are_one_list_in_which_a_word_moves_its_own_to_the_top(
    browser: Browser, house: House
) -> None:
    await fill(house.process.parts, 60, await house.process.parts.clock.business_now(), 1)
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        rows = page.locator(".row")
        await expect(rows).to_have_count(40)
        tall = await rows.evaluate_all("all => Math.max(...all.map(one => one.getBoundingClientRect().height))")
        assert tall <= 64
        await page.locator("#rows").evaluate("one => one.scrollTo(0, one.scrollHeight)")
        await expect(rows).to_have_count(60)
        await page.reload()
        await phone.say(ASKS)
        await expect(rows.first).to_contain_text("Sari")


async def test_an_act_is_one_request_and_by_the_clock_only_the_window_is_asked_for(
    browser: Browser, house: House
) -> None:
    async with before_the_console(browser, house) as page, phone_of(house, "Sari") as phone:
        await phone.say(ASKS)
        await opened(page)
        await page.clock.install()
        await page.reload()
        await expect(page.locator("body[data-ready=yes][data-live=yes]")).to_be_attached()
        sent: list[str] = []

        def note(asked: Request) -> None:
            sent.append(f"{asked.method} {asked.url.partition('/console')[2]}")

        page.on("request", note)
        await page.locator("#take").click()
        await expect(page.locator("#reply-text")).to_be_visible()
        acts = [one for one in sent if one.startswith("POST") and not one.endswith(("/presence", "/draft"))]
        assert len(acts) == 1, acts
        await phone.say("One more thing")
        await expect(page.locator("#thread")).to_contain_text("One more thing")
        settled = -1
        # until what the last word asked for is there, then ten minutes in which nobody says a word
        while settled != len(sent):
            settled = len(sent)
            await page.evaluate("new Promise(done => setTimeout(done, 1500))")
        await page.clock.fast_forward(600_000)
        asked = {one.rpartition("/")[2] for one in sent[settled:] if one.startswith("GET")}
        assert asked <= {"head", "composer"}, asked
