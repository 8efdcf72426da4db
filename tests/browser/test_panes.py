"""The checkout, what happened, and the bar, in a real browser."""

import json
from pathlib import Path

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.browser import bodies
from tests.browser.shop import Place, Shop
from tests.browser.test_chat import last, say

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def bill(place: Place) -> str:
    """An invoice as the shop asks Xendit for it; its link."""
    assert place.shop.graph is not None
    order = {"external_id": "booking-1", "amount": 350000, "currency": "IDR", "description": "Balinese, 60 min"}
    basic = (place.settings.xendit_secret_key, "")
    answer = await place.shop.graph.post("/v2/invoices", json=order, auth=basic)
    return str(answer.json()["invoice_url"])


async def open_checkout(page: Page, place: Place) -> FrameLocator:
    """Asks for the link and taps it."""
    place.shop.says("pay", bodies.link("Please pay", "Pay now", await bill(place)))
    links = page.get_by_role("button", name="Pay now")
    known = await links.count()
    await say(page, "pay")
    await expect(links).to_have_count(known + 1)
    await links.last.click()
    return page.frame_locator("iframe[title=Checkout]")


async def restart(page: Page) -> None:
    """To its end: the clock is put back and somebody new has a phone; what is done before that is not left alone."""
    async with (
        page.expect_response(lambda answer: answer.url.endswith("/sim/time")),
        page.expect_response(lambda answer: answer.url.endswith("/sim/customers") and answer.request.method == "POST"),
    ):
        await page.get_by_role("button", name="Restart").click()


async def test_a_payment_link_opens_the_checkout_beside_the_phone(page: Page, place: Place) -> None:
    checkout = await open_checkout(page, place)
    await expect(checkout.locator(".sum")).to_have_text("Rp350.000")
    await checkout.get_by_role("radio").first.check()
    await checkout.locator("button.main").click()
    money = page.locator("#happened-pane table", has_text="booking-1")
    await expect(money).to_contain_text("PAID")
    await expect(page.locator(".log")).to_contain_text("invoice.paid")


async def test_a_failed_try_is_seen_but_never_told(page: Page, place: Place) -> None:
    checkout = await open_checkout(page, place)
    await checkout.get_by_role("radio").first.check()
    await checkout.locator("button[value=fail]").click()
    await page.get_by_role("button", name="Ask again").click()
    row = page.locator("#happened-pane tr", has_text="booking-1")
    await expect(row).to_contain_text("PENDING")
    await expect(row.locator("td").last).not_to_have_text("–")
    await expect(page.locator(".log")).not_to_contain_text("invoice.")


async def test_what_xendit_tells_of_expired_and_late_money_is_a_tick_box_and_off_at_first(
    page: Page, place: Place
) -> None:
    told = page.locator(".log summary", has_text="invoice.")
    checkout = await open_checkout(page, place)
    await checkout.get_by_role("button", name="Let it expire").click()
    await expect(checkout.locator(".status")).to_have_text("Expired")
    await checkout.get_by_role("button", name="Pay late").click()
    await expect(checkout.locator(".status")).to_contain_text("Received: Rp350.000")
    await expect(page.locator("#happened-pane tr", has_text="booking-1")).to_contain_text("EXPIRED")
    await expect(page.locator("#happened-pane tr", has_text="booking-1")).to_contain_text("350,000 IDR")
    await expect(told).to_have_count(0)

    for box in ("Tell expiries", "Tell late money"):
        await page.get_by_role("button", name=box).click()
        await expect(page.get_by_role("button", name=box)).to_have_attribute("aria-pressed", "true")
    checkout = await open_checkout(page, place)
    await checkout.get_by_role("button", name="Let it expire").click()
    await expect(told.filter(has_text="invoice.expired")).to_have_count(1)
    await checkout.get_by_role("button", name="Pay late").click()
    await expect(told.filter(has_text="invoice.late")).to_have_count(1)


async def test_paying_twice_is_told_twice(page: Page, place: Place) -> None:
    checkout = await open_checkout(page, place)
    await checkout.get_by_role("radio", name="BCA", exact=True).check()
    await checkout.locator("button.main").click()
    # the pane is drawn again as the first payment is told: a choice made before that would be lost
    await expect(checkout.locator(".status")).to_contain_text("BCA")
    await checkout.get_by_role("radio", name="OVO").check()
    await checkout.get_by_role("button", name="Pay a second time").click()
    await expect(checkout.locator(".status")).to_contain_text("OVO")
    await expect(page.locator(".log summary", has_text="invoice.paid")).to_have_count(2)
    row = page.locator("#happened-pane tr", has_text="booking-1")
    await expect(row).to_contain_text("350,000 IDR BCA, 350,000 IDR OVO")


async def test_the_checkout_offers_every_kind_of_method(page: Page, place: Place) -> None:
    checkout = await open_checkout(page, place)
    for family, method in (
        ("QR code", "QRIS"),
        ("Virtual account", "BCA"),
        ("E-wallet", "OVO"),
        ("Card", "CREDIT_CARD"),
    ):
        group = checkout.get_by_role("group", name=family)
        await expect(group.get_by_role("radio", name=method, exact=True)).to_be_visible()


async def test_what_happened_shows_both_directions_with_bodies(page: Page, shop: Shop) -> None:
    shop.says("hi", bodies.text("Hello"))
    await say(page, "hi")
    log = page.locator(".log")
    await expect(log).to_contain_text("text “hi” → 200")
    await expect(log).to_contain_text("text → accepted 200")
    await log.locator("summary", has_text="text “hi”").first.click()
    await expect(log.locator("pre").first).to_contain_text('"body": "hi"')
    await page.get_by_label("Show", exact=True).select_option("call")
    await expect(log).not_to_contain_text("text “hi”")


async def test_what_a_strange_backend_does_not_show_is_said(page: Page, shop: Shop) -> None:
    await expect(page.locator("#happened-pane")).to_contain_text("Not available from this backend")


async def test_the_clock_moves_the_window_shuts_and_a_template_still_comes(page: Page, shop: Shop) -> None:
    shop.says("hi", bodies.text("Hello"))
    await say(page, "hi")
    await expect(last(page, "business")).to_contain_text("Hello")
    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator(".now")).to_contain_text("+1 d")
    await expect(page.locator(".day").first).to_have_text("Yesterday")
    to = (await shop.heard("text"))[0]["from"]
    await shop.send(to, bodies.template("hello_world"))
    await expect(page.locator(".kind-template")).to_have_count(1)
    await expect(page.locator(".phone-head")).to_contain_text("24 h window closed")


async def test_trouble_strikes_the_next_call(page: Page, shop: Shop) -> None:
    shop.marks = False
    await page.get_by_label("Trouble for the next call").select_option("accept_500")
    await expect(page.locator(".toast")).to_contain_text("sent, but 500")
    await say(page, "hi")
    to = (await shop.heard("text"))[0]["from"]
    with pytest.raises(AssertionError):
        await shop.send(to, bodies.text("Did it come?"))
    await expect(last(page, "business")).to_contain_text("Did it come?")
    await expect(page.locator(".log .bad")).to_contain_text("accepted_500")


async def test_webhooks_come_twice_when_wanted(page: Page, shop: Shop) -> None:
    twice = page.get_by_role("button", name="Webhooks twice")
    await twice.click()
    await expect(twice).to_have_attribute("aria-pressed", "true")
    await say(page, "hi")
    await expect(page.locator(".log summary", has_text="text “hi”")).to_have_count(2)
    assert len(shop.messages) == 1


async def test_every_third_call_is_slow_when_wanted(page: Page, shop: Shop) -> None:
    slow = page.get_by_role("button", name="Every third slow")
    await slow.click()
    await expect(slow).to_have_attribute("aria-pressed", "true")
    assert shop.graph is not None
    assert (await shop.graph.get("/sim/manners")).json()["slow_every"] == 3
    await page.reload()
    await expect(slow).to_have_attribute("aria-pressed", "true")
    await slow.click()
    await expect(slow).to_have_attribute("aria-pressed", "false")
    assert (await shop.graph.get("/sim/manners")).json()["slow_every"] == 0


async def test_held_webhooks_wait_on_one_grey_tick_until_they_are_let_go(page: Page, shop: Shop) -> None:
    hold = page.get_by_role("button", name="Hold webhooks")
    await hold.click()
    await expect(hold).to_have_attribute("aria-pressed", "true")
    for words in ("one", "two", "three"):
        await say(page, words)
    await expect(page.locator(".customer .tick.sent")).to_have_count(3)
    assert not shop.messages
    await hold.click()
    await expect(page.locator(".customer .tick.read")).to_have_count(3)
    assert {message["text"]["body"] for message in await shop.heard("text", 3)} == {"one", "two", "three"}


async def test_webhooks_leave_in_disorder_when_wanted(page: Page, shop: Shop) -> None:
    disorder = page.get_by_role("button", name="In disorder")
    await disorder.click()
    await expect(disorder).to_have_attribute("aria-pressed", "true")
    for words in ("one", "two", "three", "four"):
        await say(page, words)
    heard = {message["text"]["body"] for message in await shop.heard("text", 4)}
    assert heard == {"one", "two", "three", "four"}
    assert shop.graph is not None
    assert (await shop.graph.get("/sim/manners")).json()["messages"]["order"] == "shuffled"


async def test_the_language_of_the_phone_changes(page: Page) -> None:
    await page.get_by_label("This phone's language").select_option("id")
    await expect(page.get_by_role("textbox", name="Ketik pesan")).to_be_visible()
    await page.get_by_label("This phone's language").select_option("vi")
    await expect(page.get_by_role("button", name="Gửi")).to_be_visible()


async def test_a_world_is_exported_restarted_and_brought_back(page: Page, shop: Shop, tmp_path: Path) -> None:
    shop.says("hi", bodies.text("Hello"))
    await say(page, "hi")
    await expect(last(page, "business")).to_contain_text("Hello")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Export").click()
    kept = tmp_path / "world.json"
    await (await waiting.value).save_as(kept)
    await restart(page)
    await expect(page.locator(".bubble")).to_have_count(0)
    await page.locator("input[aria-label=Import]").set_input_files(kept)
    await expect(page.locator(".bubble.business")).to_contain_text("Hello")
    await expect(page.locator(".bubble.customer")).to_contain_text("hi")


async def test_a_file_that_is_no_world_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(json.dumps({"a": 1}))
    await page.locator("input[aria-label=Import]").set_input_files(tmp_path / "other.json")
    await expect(page.locator(".toast")).to_contain_text("no world of this version")
