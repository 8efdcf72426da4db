"""The phone's manners beyond a plain chat, in a real browser, against a backend that is not ours."""

import pytest
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from simulator.whatsapp.phones import PNG
from tests.browser import bodies
from tests.browser.shop import Shop
from tests.browser.test_chat import last, say
from tests.conftest import sampled

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def menu(page: Page, item: str) -> None:
    """Chooses from the phone's own menu."""
    await page.get_by_role("button", name="Phone menu").click()
    await page.get_by_role("dialog").get_by_role("button", name=item).click()


async def attach(page: Page, item: str) -> Locator:
    """Chooses what to attach; the sheet that follows, if one does."""
    await page.get_by_role("button", name="Attach").click()
    await page.get_by_role("dialog").get_by_role("button", name=item).click()
    return page.get_by_role("dialog")


async def test_a_message_that_never_reaches_the_backend_is_failed_with_the_reason(page: Page, shop: Shop) -> None:
    assert shop.graph is not None
    await shop.graph.patch("/sim/manners", json={"messages": {"mode": "off"}})
    await say(page, "Halo")
    await expect(page.locator(".customer .tick.failed")).to_have_count(1)
    await expect(page.locator(".customer .reason")).to_contain_text("the webhook was dropped")


async def test_a_message_that_could_not_leave_the_phone_can_be_tried_again(page: Page, shop: Shop) -> None:
    async def cut(route: Route) -> None:
        await route.abort()

    await page.route("**/say", cut)
    await say(page, "Halo")
    await expect(page.locator(".customer .reason")).to_contain_text("does not answer")
    again = page.get_by_role("button", name="Try again")
    async with page.expect_request("**/say"):
        await again.click()
    await page.unroute("**/say")
    # the phone also tries by itself when it hears from the server, and the button goes with what it was for
    await again.evaluate_all("buttons => buttons.forEach((button) => button.click())")
    assert (await shop.heard("text"))[0]["text"]["body"] == "Halo"
    await expect(page.locator(".customer .tick.failed")).to_have_count(0)


async def test_what_the_business_quotes_is_shown_and_leads_to_it(page: Page, shop: Shop) -> None:
    await say(page, "Is Friday free?")
    question = (await shop.heard("text"))[0]
    await shop.send(question["from"], bodies.text("Yes, at ten.", context={"message_id": question["id"]}))
    quoted = last(page, "business").locator(".quoted")
    await expect(quoted).to_contain_text("Is Friday free?")
    # drawn for the last time: what is lit is not drawn again
    await expect(page.locator(".customer .tick.read")).to_have_count(1)
    # and its light does not go out before somebody has looked
    await page.evaluate("() => { window.setTimeout = () => 0; }")
    await quoted.click()
    await expect(page.locator(".customer.lit")).to_contain_text("Is Friday free?")


async def test_a_templates_buttons_answer_and_lead_to_a_page(page: Page, shop: Shop) -> None:
    assert shop.graph is not None
    buttons = [
        {"kind": "quick_reply", "text": "Yes, book it"},
        {"kind": "url", "text": "See the garden", "url": "https://spa.example/{{1}}"},
    ]
    made = {
        "name": "again",
        "language": "en",
        "header": "Hello",
        "body": "Dear {{1}}, *time* for another?",
        "footer": "Spa Melati",
        "buttons": buttons,
    }
    assert (await shop.graph.post("/sim/templates", json=made)).status_code == 201
    body = {"type": "body", "parameters": [{"type": "text", "text": "Sari"}]}
    link = {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "garden"}]}
    use = {"name": "again", "language": {"code": "en"}, "components": [body, link]}
    shop.says("hi", {"type": "template", "template": use})
    await say(page, "hi")
    bubble = page.locator(".kind-template")
    for words in ("Hello", "Dear Sari", "Spa Melati"):
        await expect(bubble).to_contain_text(words)
    await expect(bubble.locator("strong")).to_have_text("time")
    await bubble.get_by_role("button", name="Yes, book it").click()
    assert (await shop.heard("button"))[0]["button"]["text"] == "Yes, book it"


async def test_a_link_that_is_no_checkout_opens_in_a_tab_of_its_own(page: Page, shop: Shop) -> None:
    async def answered(route: Route) -> None:
        await route.fulfill(body="the garden", content_type="text/plain")

    await page.context.route("https://spa.example/**", answered)
    shop.says("hi", bodies.link("Our garden", "Look", "https://spa.example/garden"))
    await say(page, "hi")
    async with page.context.expect_page() as waiting:
        await page.get_by_role("button", name="Look").click()
    tab = await waiting.value
    await expect(tab.locator("body")).to_have_text("the garden")
    await tab.close()


async def test_a_document_a_place_and_a_contact_are_sent(page: Page, shop: Shop) -> None:
    paper: FilePayload = {"name": "voucher.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 voucher"}
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as waiting:
        await page.get_by_role("button", name="Document").click()
    await (await waiting.value).set_files(paper)
    sent = (await shop.heard("document"))[0]["document"]
    assert (sent["filename"], sent["mime_type"]) == ("voucher.pdf", "application/pdf")
    place = await attach(page, "Location")
    await place.get_by_label("Name of the place").fill("Villa Melati")
    await place.get_by_label("Latitude").fill("-8.68")
    await place.get_by_label("Longitude").fill("115.15")
    await place.get_by_role("button", name="Send").click()
    point = (await shop.heard("location"))[0]["location"]
    assert (point["name"], point["latitude"], point["longitude"]) == ("Villa Melati", -8.68, 115.15)
    await attach(page, "Contact")
    assert await shop.heard("contacts")
    await expect(page.locator(".customer .map")).to_contain_text("-8.68000, 115.15000")
    await expect(page.locator(".customer .card")).to_have_count(1)


async def test_a_caption_goes_with_its_picture(page: Page, shop: Shop) -> None:
    await page.get_by_role("textbox", name="Message").fill("Our villa")
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as waiting:
        await page.get_by_role("button", name="Photo").click()
    await (await waiting.value).set_files({"name": "me.png", "mimeType": "image/png", "buffer": PNG})
    assert (await shop.heard("image"))[0]["image"]["caption"] == "Our villa"
    await expect(last(page, "customer")).to_contain_text("Our villa")
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("")


async def test_a_hidden_number_is_hidden_from_who_never_saw_it(page: Page, shop: Shop) -> None:
    await menu(page, "Hide the number")
    await expect(page.locator(".own")).to_contain_text("@user.")
    await say(page, "hi")
    message = (await shop.heard("text"))[0]
    assert "from" not in message
    assert message["from_user_id"]


async def test_a_number_that_was_seen_stays_visible_and_the_page_says_so(page: Page, shop: Shop) -> None:
    await say(page, "hi")
    number = (await shop.heard("text"))[0]["from"]
    await menu(page, "Hide the number")
    await expect(page.locator(".toast")).to_contain_text("still sees the number for 30 days")
    await say(page, "again")
    assert (await shop.heard("text", 2))[1]["from"] == number


@pytest.mark.parametrize(
    ("item", "told"),
    sampled(
        [
            ("Get another user id", "system"),
            ("Stop offers from this business", "user_preferences"),
            ("Send something unsupported", "unsupported"),
        ],
        3,
        of_many=True,
    ),
)
async def test_the_phones_menu_tells_the_backend(page: Page, shop: Shop, item: str, told: str) -> None:
    await say(page, "hi")
    await shop.heard("text")
    await menu(page, item)
    await expect(page.locator(".log summary", has_text=told).first).to_contain_text("→ 200")


async def test_staff_that_answers_in_the_app_is_echoed(page: Page, shop: Shop) -> None:
    await say(page, "hi")
    await shop.heard("text")
    await menu(page, "Staff answers in the app (echo)")
    await page.get_by_role("dialog").get_by_label("Text").fill("Wayan here")
    await page.get_by_role("button", name="OK", exact=True).click()
    await expect(last(page, "business")).to_contain_text("Wayan here")
    await expect(page.locator(".log summary", has_text="smb_message_echoes")).to_contain_text("→ 200")


async def test_each_day_has_its_separator(page: Page, shop: Shop) -> None:
    shop.says("*", bodies.text("ok"))
    await say(page, "one")
    await expect(page.locator(".day")).to_have_text(["Today"])
    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator(".day")).to_have_text(["Yesterday"])
    await say(page, "two")
    await expect(page.locator(".day")).to_have_text(["Yesterday", "Today"])


async def test_the_phone_comes_back_after_the_page_is_loaded_again(page: Page, shop: Shop) -> None:
    shop.says("*", bodies.text("ok"))
    await page.get_by_role("button", name="Open a second phone").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Budi")
    await dialog.get_by_role("button", name="Open the phone").click()
    await page.get_by_role("textbox", name="Ketik pesan").fill("Halo")
    await page.keyboard.press("Enter")
    await expect(last(page, "business")).to_contain_text("ok")
    await page.reload()
    await expect(page.locator(".person[aria-pressed=true]")).to_contain_text("Budi")
    await expect(last(page, "customer")).to_contain_text("Halo")


async def test_who_reads_the_newest_bubble_still_does_when_the_page_gets_another_size(page: Page, shop: Shop) -> None:
    shop.says("hi", *(bodies.text(f"Line {number}\n" * 4) for number in range(8)))
    await say(page, "hi")
    await expect(last(page, "business")).to_contain_text("Line 7")
    await page.set_viewport_size({"width": 700, "height": 420})
    await expect(last(page, "business").locator(".meta")).to_be_in_viewport()
    await page.set_viewport_size({"width": 1280, "height": 860})
    await expect(last(page, "business").locator(".meta")).to_be_in_viewport()
