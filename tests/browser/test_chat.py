"""The phone's chat in a real browser, against a backend that is not ours."""

import pytest
from playwright.async_api import Locator, Page, expect

from simulator.whatsapp.phones import PNG
from tests.browser import bodies
from tests.browser.shop import SETTINGS, Place, Shop

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def say(page: Page, words: str) -> None:
    """Types as a person does."""
    await page.get_by_role("textbox", name="Message").fill(words)
    await page.keyboard.press("Enter")


def last(page: Page, side: str) -> Locator:
    """The newest bubble of a side."""
    return page.locator(f".bubble.{side}").last


async def upload(shop: Shop, content: bytes, mime_type: str, name: str) -> str:
    """A file as the backend uploads it; its media id."""
    assert shop.graph is not None
    form = {"messaging_product": "whatsapp", "type": mime_type}
    path = f"/v26.0/{SETTINGS.phone_number_id}/media"
    answer = await shop.graph.post(path, data=form, files={"file": (name, content, mime_type)})
    return str(answer.json()["id"])


async def test_what_is_typed_reaches_the_backend_and_its_ticks_turn_blue(page: Page, shop: Shop) -> None:
    shop.says("Halo", bodies.text("Selamat pagi!"))
    await say(page, "Halo")
    await expect(last(page, "business")).to_contain_text("Selamat pagi!")
    assert (await shop.heard("text"))[0]["text"]["body"] == "Halo"
    await expect(page.locator(".customer .tick.read")).to_have_count(1)


async def test_without_a_read_mark_there_are_two_grey_ticks(page: Page, shop: Shop) -> None:
    shop.marks = False
    await say(page, "Halo")
    await expect(page.locator(".customer .tick.delivered")).to_have_count(1)


async def test_a_backend_that_refuses_leaves_one_tick_with_the_reason(page: Page, shop: Shop) -> None:
    shop.status = 500
    await say(page, "Halo")
    await expect(page.locator(".customer .tick.sent[title*='answered 500']")).to_have_count(1)
    shop.status = 200
    await expect(page.locator(".customer .tick.read")).to_have_count(1)


async def test_markup_is_drawn_and_html_is_only_text(page: Page, shop: Shop) -> None:
    shop.says(
        "*", bodies.text("*Bold* _slanted_ ~gone~ `code`\n- one\n- two\n> quoted\n<img src=x onerror=alert(1)> a*b*c")
    )
    await say(page, "show")
    bubble = last(page, "business")
    for tag, words in (
        ("strong", "Bold"),
        ("em", "slanted"),
        ("s", "gone"),
        ("code", "code"),
        ("blockquote", "quoted"),
    ):
        await expect(bubble.locator(f".text {tag}")).to_have_text(words)
    await expect(bubble.locator("li")).to_have_count(2)
    await expect(bubble.locator("img")).to_have_count(0)
    await expect(bubble).to_contain_text("a*b*c")


async def test_reply_buttons_answer_with_their_id_and_quote_the_question(page: Page, shop: Shop) -> None:
    shop.says("book", bodies.buttons("When?", "Today", "Tomorrow", header={"type": "text", "text": "Booking"}))
    shop.says("Tomorrow", bodies.text("Tomorrow it is."))
    await say(page, "book")
    await page.get_by_role("button", name="Tomorrow").click()
    await expect(last(page, "business")).to_contain_text("Tomorrow it is.")
    reply = (await shop.heard("interactive"))[0]
    assert reply["interactive"]["button_reply"] == {"id": "id-Tomorrow", "title": "Tomorrow"}
    await expect(last(page, "customer").locator(".quoted")).to_contain_text("When?")


async def test_a_list_opens_as_a_sheet_and_sends_the_row(page: Page, shop: Shop) -> None:
    shop.says(
        "menu",
        bodies.listing(
            "Our massages",
            "See all",
            Body=[("Balinese", "60 min"), ("Thai", "90 min")],
            Feet=[("Reflexology", "30 min")],
        ),
    )
    await say(page, "menu")
    await page.get_by_role("button", name="See all").click()
    sheet = page.get_by_role("dialog", name="See all")
    await expect(sheet.get_by_role("button", name="Send")).to_be_disabled()
    await sheet.get_by_role("radio", name="Reflexology").check()
    await sheet.get_by_role("button", name="Send").click()
    await expect(sheet).to_have_count(0)
    reply = (await shop.heard("interactive"))[0]["interactive"]["list_reply"]
    assert reply == {"id": "row-Reflexology", "title": "Reflexology", "description": "30 min"}


async def test_a_sheet_closes_by_escape_and_gives_the_focus_back(page: Page, shop: Shop) -> None:
    shop.says("menu", bodies.listing("Our massages", "See all", Body=[("Thai", "90 min")]))
    await say(page, "menu")
    opener = page.get_by_role("button", name="See all")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_media_places_templates_and_reactions_are_shown(page: Page, shop: Shop) -> None:
    picture = await upload(shop, PNG, "image/png", "a.png")
    paper = await upload(shop, b"%PDF-1.4 voucher", "application/pdf", "voucher.pdf")
    entry = await upload(shop, b"BEGIN:VCALENDAR", "text/calendar", "booking.ics")
    shop.says(
        "all",
        bodies.image(picture, "Our garden"),
        bodies.document(paper, "voucher.pdf"),
        bodies.document(entry, "booking.ics"),
        bodies.place("Spa Melati", "Jl. Sudirman 1"),
        bodies.template("hello_world"),
        bodies.location_request("Where are you?"),
    )
    await say(page, "all")
    # the last of them: nothing that comes moves what is pressed
    await expect(page.get_by_role("button", name="Send location")).to_be_visible()
    await expect(page.locator("img.picture")).to_have_js_property("naturalWidth", 1)
    await expect(page.get_by_role("link", name="voucher.pdf")).to_have_attribute("target", "_blank")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="booking.ics").click()
    assert (await waiting.value).suggested_filename == "booking.ics"
    await expect(page.locator(".map").first).to_contain_text("Spa Melati")
    await expect(page.locator(".kind-template")).to_contain_text("Welcome and congratulations!")
    said = await shop.heard("text")
    await shop.send(said[0]["from"], bodies.reaction(said[0]["id"], "👍"))
    await expect(page.locator(".customer .reactions")).to_have_text("👍")
    await page.get_by_role("button", name="Send location").click()
    await page.get_by_role("button", name="Ubud, Bali").click()
    assert (await shop.heard("location"))[0]["location"]["name"] == "Ubud, Bali"


async def test_a_picture_is_sent_and_shown(page: Page, shop: Shop) -> None:
    await page.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as waiting:
        await page.get_by_role("button", name="Photo").click()
    await (await waiting.value).set_files({"name": "me.png", "mimeType": "image/png", "buffer": PNG})
    assert (await shop.heard("image"))[0]["image"]["mime_type"] == "image/png"
    await expect(page.locator(".customer img.picture")).to_have_js_property("naturalWidth", 1)


async def test_a_message_can_be_answered_reacted_to_edited_and_taken_back(page: Page, shop: Shop) -> None:
    shop.says("hi", bodies.text("Which day?"))
    await say(page, "hi")

    async def options(side: str) -> None:
        # a bubble is drawn again with each of its ticks, and the focus is lost there
        await expect(last(page, "customer").locator(".tick.read")).to_be_visible()
        await last(page, side).get_by_role("button", name="Message options").press("Enter")

    await options("business")
    await page.get_by_role("button", name="Reply", exact=True).click()
    await say(page, "Fridai")
    await expect(last(page, "customer").locator(".quoted")).to_contain_text("Which day?")
    assert (await shop.heard("text", 2))[1]["context"]["id"]
    await options("business")
    await page.get_by_role("button", name="React 🙏").click()
    await expect(page.locator(".business .reactions")).to_have_text("🙏")
    await options("customer")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_role("textbox", name="Edit").fill("Friday")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(last(page, "customer")).to_contain_text("Friday")
    await expect(last(page, "customer")).to_contain_text("Edited")
    await options("customer")
    await page.get_by_role("button", name="Delete for everyone").click()
    await expect(last(page, "customer")).to_contain_text("You deleted this message")
    assert await shop.heard("revoke")


async def test_without_a_connection_messages_wait_on_both_sides(page: Page, shop: Shop) -> None:
    await say(page, "first")
    to = (await shop.heard("text"))[0]["from"]
    await page.get_by_role("button", name="Phone menu").click()
    await page.get_by_role("button", name="Drop the connection").click()
    await expect(page.locator(".phone-head")).to_contain_text("No connection")
    await say(page, "second")
    await expect(page.locator(".customer .tick.waiting")).to_have_count(1)
    await shop.send(to, bodies.text("Are you there?"))
    assert len(shop.messages) == 1
    await expect(page.locator(".bubble.business")).to_have_count(0)
    await page.get_by_role("button", name="Phone menu").click()
    await page.get_by_role("button", name="Connect again").click()
    await expect(last(page, "business")).to_contain_text("Are you there?")
    assert [message["text"]["body"] for message in await shop.heard("text", 2)] == ["first", "second"]


async def test_a_second_phone_speaks_its_own_language_and_hides_its_number(page: Page, shop: Shop) -> None:
    shop.says("*", bodies.text("ok"))
    await page.get_by_role("button", name="Open a second phone").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Linh")
    await dialog.get_by_label("Language").select_option("vi")
    await dialog.get_by_label("Hide the number").check()
    await dialog.get_by_role("button", name="Open the phone").click()
    field = page.get_by_role("textbox", name="Nhập tin nhắn")
    await field.fill("Chào bạn")
    await field.press("Enter")
    message = (await shop.heard("text"))[0]
    assert "from" not in message
    assert message["from_user_id"]
    await expect(page.locator(".day")).to_have_text("Hôm nay")
    await expect(page.locator(".person")).to_have_count(2)


async def test_number_changes_and_stop_are_told(page: Page, shop: Shop) -> None:
    await say(page, "hi")
    await page.get_by_role("button", name="Phone menu").click()
    await page.get_by_role("button", name="Change the number").click()
    await page.get_by_label("New number").fill("+62 811 7654 321")
    await page.get_by_role("button", name="OK", exact=True).click()
    assert (await shop.heard("system"))[0]["system"]["wa_id"] == "628117654321"
    await page.get_by_role("button", name="Phone menu").click()
    await page.get_by_role("button", name="Say STOP").click()
    assert (await shop.heard("text", 2))[1]["text"]["body"] == "STOP"


async def test_the_page_works_on_a_phones_screen(page: Page, shop: Shop) -> None:
    shop.says("hi", bodies.buttons("When?", "Today", "Tomorrow"))
    await page.set_viewport_size({"width": 360, "height": 640})
    await say(page, "hi")
    await page.get_by_role("button", name="Today").click()
    await shop.heard("interactive")
    await page.get_by_role("button", name="What happened").click()
    await expect(page.locator("#happened-pane")).to_be_visible()
    await expect(page.locator("#phone-pane")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_typing_mark_ends_with_the_answer(page: Page, shop: Shop) -> None:
    await say(page, "hi")
    await expect(page.locator(".state.typing")).to_have_text("typing…")
    await shop.send((await shop.heard("text"))[0]["from"], bodies.text("Hello"))
    await expect(page.locator(".phone-head .state")).to_have_text("online")


async def test_every_control_has_a_name_and_every_picture_words(page: Page, shop: Shop) -> None:
    shop.says("hi", bodies.buttons("When?", "Today"), bodies.link("Pay", "Pay now", "https://pay.example/1"))
    await say(page, "hi")
    await expect(page.get_by_role("button", name="Pay now")).to_be_visible()
    nameless = """[...document.querySelectorAll('button, a, input, select, textarea, iframe')]
        .filter((one) => !one.hidden && !one.textContent.trim() && !one.getAttribute('aria-label'))
        .filter((one) => !one.title && !one.labels?.length).length
        + document.querySelectorAll('img:not([alt])').length"""
    assert await page.evaluate(nameless) == 0


async def test_the_page_asks_nobody_but_the_simulator(page: Page, place: Place) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await expect(page.locator("body[data-ready=yes]")).to_be_attached()
    assert asked
    assert all(url.startswith(place.sim_url) for url in asked)
