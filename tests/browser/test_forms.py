"""Forms on the phone: real Flow JSON, a really encrypted endpoint, and an endpoint's every misbehaviour."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from playwright.async_api import FilePayload, Locator, Page, expect

from simulator.whatsapp.phones import PNG
from tests.browser import bodies
from tests.browser.endpoint import Endpoint, new_key
from tests.browser.shop import Place, Shop
from tests.browser.test_chat import say
from tests.conftest import sampled

# One Chromium at a time, also where the suite runs on several workers.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "flow_json"
DAY = {"first": "2026-12-01", "last": "2026-12-31", "full": ["2026-12-25"]}
TIMES = [{"id": "9", "title": "09:00"}, {"id": "10", "title": "10:00"}]


def booked(request: Json) -> Json | bytes | int:
    """A small booking: a day, a time, a check, done."""
    data = request["data"]
    if request["action"] == "INIT" or request["action"] == "BACK":
        return {"screen": "DAY", "data": DAY}
    if request["screen"] == "DAY":
        return {"screen": "TIME", "data": {"times": TIMES, "day": data["day"], "note_error": ""}}
    if request["screen"] == "TIME":
        if data["time"] == "10":
            told = {"error_message": "10:00 is gone", "note_error": "Say less"}
            return {"screen": "TIME", "data": {"times": TIMES[:1], "day": "x", **told}}
        return {"screen": "DONE", "data": {"summary": f"At {data['time']}:00"}}
    params = {"flow_token": request["flow_token"], "reference": "B-1"}
    return {"screen": "SUCCESS", "data": {"extension_message_response": {"params": params}}}


def file(name: str) -> Json:
    """A Flow JSON of the set."""
    found: Json = json.loads((FOLDER / f"{name}.json").read_text())
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def endpoint(shop: Shop, place: Place) -> Endpoint:
    """The booking's endpoint, its key published, its form offered to who says "form"."""
    made = Endpoint(booked)
    shop.flow_door = made.door
    await made.publish_key(shop)
    await publish(shop, "7.3_booking")
    shop.says("form", bodies.form("Book here", "Book now", "77", flow_action="data_exchange"))
    return made


async def publish(shop: Shop, name: str, **changes: Any) -> None:
    """Makes a Flow JSON the account's flow 77."""
    assert shop.graph is not None
    answer = await shop.graph.post("/sim/flows", json={"id": "77", "name": name, "flow_json": file(name) | changes})
    assert answer.status_code == 201, answer.text


async def open_form(page: Page) -> Locator:
    """Asks for the form and taps its button."""
    await say(page, "form")
    await page.locator(".bubble.kind-flow").last.get_by_role("button", name="Book now").click()
    return page.get_by_role("dialog")


async def to_times(page: Page) -> Locator:
    """The second screen."""
    form = await open_form(page)
    await form.locator("[data-day='2026-12-24']").click()
    await form.get_by_role("button", name="Continue").click()
    await expect(form).to_have_accessible_name("What time?")
    return form


async def test_a_form_is_filled_through_the_encrypted_endpoint(page: Page, shop: Shop, endpoint: Endpoint) -> None:
    form = await to_times(page)
    await form.get_by_role("radio", name="09:00").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(form).to_contain_text("At 9:00")
    await form.get_by_role("button", name="Book").click()
    await expect(form).to_have_count(0)
    reply = (await shop.heard("interactive"))[0]["interactive"]["nfm_reply"]
    assert json.loads(reply["response_json"]) == {"flow_token": "token-1", "reference": "B-1"}
    assert [request["action"] for request in endpoint.requests] == ["INIT", *["data_exchange"] * 3]
    await expect(page.locator(".customer").last).to_contain_text("Response sent")


async def test_only_days_within_the_bounds_can_be_chosen(page: Page, endpoint: Endpoint) -> None:
    form = await open_form(page)
    closed = form.locator("[data-day='2026-12-25']")
    await expect(closed).to_have_attribute("aria-disabled", "true")
    await closed.hover()  # it has come to rest: the press is on that day
    await closed.click(force=True)
    await form.get_by_role("button", name="Continue").click()
    await expect(form.get_by_role("alert").first).to_have_text("This is required.")
    await expect(form.get_by_role("button", name="Next month")).to_be_disabled()
    await form.locator("[data-day='2026-12-24']").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await form.get_by_role("button", name="Continue").click()
    await expect(form).to_contain_text("2026-12-26")


async def test_an_error_message_keeps_the_screen_and_a_gone_choice_is_not_kept(page: Page, endpoint: Endpoint) -> None:
    form = await to_times(page)
    await form.get_by_role("radio", name="10:00").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(form.locator(".snack")).to_have_text("10:00 is gone")
    await expect(form.get_by_role("alert").filter(has_text="Say less")).to_be_visible()
    await form.get_by_role("textbox", name="Note").fill("ok")
    await expect(form.get_by_role("alert").filter(has_text="Say less")).to_have_count(0)
    await expect(form.get_by_role("radio")).to_have_count(1)
    await expect(form.get_by_role("radio")).not_to_be_checked()


async def test_back_asks_the_endpoint_where_the_screen_wants_it(page: Page, endpoint: Endpoint) -> None:
    form = await to_times(page)
    await form.get_by_role("button", name="Back").click()
    await expect(form).to_have_accessible_name("Which day?")
    asked = endpoint.requests[-1]
    assert (asked["action"], asked["screen"], asked["data"]) == ("BACK", "TIME", {})
    await form.get_by_role("button", name="Back").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_after_a_421_the_key_is_fetched_again_and_the_request_made_once_more(
    page: Page, shop: Shop, endpoint: Endpoint
) -> None:
    form = await to_times(page)
    # The business changes its key while the form is open: the phone still has the old one.
    endpoint.key = new_key()
    await endpoint.publish_key(shop)
    await form.get_by_role("radio", name="09:00").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(form).to_contain_text("At 9:00")
    await expect(page.locator(".log")).to_contain_text("421 business-decryption-error")
    await expect(page.locator(".log")).to_contain_text("200 DONE (try 2)")


async def test_a_second_421_is_an_error_for_the_customer(page: Page, endpoint: Endpoint) -> None:
    form = await to_times(page)
    endpoint.key = new_key()
    await form.get_by_role("radio", name="09:00").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(form.locator(".snack")).to_have_text("Something went wrong. Try again later.")
    await expect(page.locator(".form-problems")).to_contain_text("business-decryption-error")


async def test_a_427_closes_the_form_and_disables_its_button_with_the_words(page: Page, endpoint: Endpoint) -> None:
    form = await to_times(page)
    endpoint.closed = "This booking is done already."
    await form.get_by_role("radio", name="09:00").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("dialog", name="No longer available")).to_contain_text(
        "This booking is done already."
    )
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Book now")).to_be_disabled()
    await page.reload()
    await expect(page.get_by_role("button", name="Book now")).to_be_disabled()
    await expect(page.locator(".disabled-note")).to_have_text("This booking is done already.")


@pytest.mark.parametrize(
    ("answer", "key", "told"),
    sampled(
        [
            ({"screen": "DONE", "data": {"summary": "x"}}, "invalid-screen-transition", "DAY does not lead to DONE"),
            ({"screen": "TIME", "data": {"times": TIMES}}, "payload-schema-error", "data.day is missing"),
            (
                {"screen": "TIME", "data": {"times": TIMES, "day": None, "note_error": ""}},
                "payload-schema-error",
                "null in data",
            ),
            (
                {"screen": "TIME", "data": {"times": [], "day": "x", "note_error": ""}},
                "components-validation-error",
                "has 0 options",
            ),
            (b"aGVsbG8=", "response-decryption-error", "cannot be opened"),
        ],
        2,
        of_many=True,
    ),
)
async def test_what_a_phone_refuses_is_told_to_the_endpoint_and_the_viewer(
    page: Page, endpoint: Endpoint, answer: Json | bytes, key: str, told: str
) -> None:
    form = await open_form(page)
    await form.locator("[data-day='2026-12-24']").click()
    endpoint.answer = lambda _: answer
    await form.get_by_role("button", name="Continue").click()
    await expect(form.locator(".snack")).to_have_text("Something went wrong. Try again later.")
    await expect(form).to_have_accessible_name("Which day?")
    await expect(page.locator(".form-problems")).to_contain_text(told)
    assert endpoint.requests[-1]["data"]["error"] == key


RUBBISH = [({"hello": 1}, "screen is missing"), (500, "answered 500"), (b"<html>", "cannot be opened")]


@pytest.mark.parametrize(("answer", "told"), sampled(RUBBISH, 3, of_many=True))
async def test_an_endpoint_that_answers_rubbish_never_breaks_the_page(
    page: Page, endpoint: Endpoint, answer: Json | bytes | int, told: str
) -> None:
    endpoint.answer = lambda _: answer
    form = await open_form(page)
    await expect(form.get_by_role("button", name="Try again")).to_be_visible()
    await expect(page.locator(".form-problems")).to_contain_text(told)
    endpoint.answer = booked
    await form.get_by_role("button", name="Try again").click()
    await expect(form).to_have_accessible_name("Which day?")


async def test_a_slow_endpoint_is_given_up_and_can_be_tried_again(page: Page, endpoint: Endpoint) -> None:
    form = await to_times(page)
    endpoint.slow = 60
    await form.get_by_role("radio", name="09:00").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(form.get_by_text("Loading…")).to_be_visible()
    await expect(form.locator(".snack")).to_have_text("This takes too long. Try again later.")
    endpoint.slow = 0
    await form.get_by_role("button", name="Continue").click()
    await expect(form).to_contain_text("At 9:00")


async def test_conditions_validation_and_navigation_need_no_endpoint(page: Page, shop: Shop) -> None:
    await publish(shop, "4.0_feedback")
    shop.says("form", bodies.form("Tell us", "Book now", "77"))
    form = await open_form(page)
    await expect(form.get_by_role("textbox", name="Name")).to_have_value("Sari")
    await form.get_by_role("radio", name="Bad").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(form.get_by_role("textbox", name="What went wrong?")).to_be_focused()
    await form.get_by_role("textbox", name="What went wrong?").fill("Cold")
    await form.get_by_role("button", name="Continue").click()
    await expect(form).to_contain_text("We are sorry.")
    await form.get_by_role("button", name="Back").click()
    await expect(form.get_by_role("textbox", name="What went wrong?")).to_have_value("Cold")
    await form.get_by_role("radio", name="Good").check()
    await expect(form.get_by_role("textbox", name="What went wrong?")).to_have_count(0)
    await form.get_by_role("button", name="Continue").click()
    await form.get_by_role("checkbox", name="Send me offers").check()
    await form.get_by_role("button", name="Done").click()
    reply = (await shop.heard("interactive"))[0]["interactive"]["nfm_reply"]
    assert json.loads(reply["response_json"]) == {"flow_token": "token-1", "stars": "good", "news": True}


async def test_a_flow_the_account_does_not_have_cannot_be_opened(page: Page, shop: Shop) -> None:
    shop.says("form", bodies.form("Tell us", "Book now", "404"))
    await say(page, "form")
    await page.get_by_role("button", name="Book now").click()
    await expect(page.locator(".toast")).to_contain_text("This form cannot be opened")
    await expect(page.locator(".form-problems")).to_contain_text("the account has no flow 404")


async def test_a_chosen_file_reaches_the_endpoint_encrypted_and_can_be_opened_by_it(
    page: Page, shop: Shop, place: Place, endpoint: Endpoint
) -> None:
    await publish(shop, "6.3_chips_and_pickers")
    endpoint.answer = lambda request: (
        {"screen": "WISHES", "data": {"more": TIMES}} if request["action"] == "INIT" else 500
    )
    form = await open_form(page)
    await form.get_by_role("button", name="Neck").click()
    await expect(form.get_by_role("button", name="Neck")).to_have_attribute("aria-pressed", "true")
    photo: FilePayload = {"name": "me.png", "mimeType": "image/png", "buffer": PNG}
    await form.get_by_label("A photo").set_input_files(photo)
    await expect(form.get_by_text("me.png")).to_be_visible()
    await form.get_by_role("button", name="Send").click()
    await expect(form.locator(".snack")).to_be_visible()
    data = endpoint.requests[-1]["data"]
    assert data["areas"] == ["neck"]
    (sent,) = data["photo"]
    assert shop.graph is not None
    stored = (await shop.graph.get(sent["cdn_url"])).content
    assert opened_file(stored, sent["encryption_metadata"]) == PNG


def opened_file(stored: bytes, keys: dict[str, str]) -> bytes:
    """The file, every hash and the seal checked (reference: whatsapp 1.10)."""
    raw = {name: base64.b64decode(value) for name, value in keys.items()}
    assert hashlib.sha256(stored).digest() == raw["encrypted_hash"]
    sealed, mark = stored[:-10], stored[-10:]
    assert hmac.new(raw["hmac_key"], raw["iv"] + sealed, hashlib.sha256).digest()[:10] == mark
    machine = Cipher(algorithms.AES(raw["encryption_key"]), modes.CBC(raw["iv"])).decryptor()
    padded = machine.update(sealed) + machine.finalize()
    plain = padded[: -padded[-1]]
    assert hashlib.sha256(plain).digest() == raw["plaintext_hash"]
    return plain


async def test_a_templates_button_opens_its_form_with_the_messages_token(
    page: Page, shop: Shop, endpoint: Endpoint
) -> None:
    assert shop.graph is not None
    button = {"kind": "flow", "text": "Book again", "flow": "77", "flow_action": "data_exchange"}
    made = {"name": "again", "language": "en", "body": "Time for another?", "buttons": [button]}
    assert (await shop.graph.post("/sim/templates", json=made)).status_code == 201
    action = {"type": "action", "action": {"flow_token": "token-of-the-template"}}
    part = {"type": "button", "sub_type": "flow", "index": "0", "parameters": [action]}
    use = {"name": "again", "language": {"code": "en"}, "components": [part]}
    shop.says("hi", {"type": "template", "template": use})
    await say(page, "hi")
    await page.get_by_role("button", name="Book again").click()
    await expect(page.get_by_role("dialog")).to_have_accessible_name("Which day?")
    assert endpoint.requests[-1]["flow_token"] == "token-of-the-template"


async def test_a_published_form_without_screens_is_an_error_with_the_reason(page: Page, shop: Shop) -> None:
    await publish(shop, "broken_no_screens")
    shop.says("form", bodies.form("Tell us", "Book now", "77"))
    form = await open_form(page)
    await expect(form.get_by_text("Something went wrong. Try again later.").first).to_be_visible()
    await expect(form.get_by_role("button", name="Try again")).to_be_visible()
    await expect(page.locator(".form-problems")).to_contain_text("screens there is none")


async def test_a_published_form_with_an_unknown_component_shows_the_rest_and_names_it(page: Page, shop: Shop) -> None:
    await publish(shop, "broken_unknown_component")
    shop.says("form", bodies.form("Tell us", "Book now", "77"))
    form = await open_form(page)
    await expect(form.locator(".unsupported").first).to_contain_text("HoloDeck “h” is not supported by this phone")
    await expect(form.get_by_role("button", name="Back")).to_be_visible()
    await expect(page.locator(".form-problems")).to_contain_text("A1 · HoloDeck “h”")


async def test_a_second_tap_while_the_endpoint_thinks_asks_nothing_more(
    page: Page, shop: Shop, endpoint: Endpoint
) -> None:
    form = await to_times(page)
    endpoint.slow = 0.5
    await form.get_by_role("radio", name="09:00").check()
    # both in one moment: a second one after the answer would be on another screen
    await form.get_by_role("button", name="Continue").evaluate("one => { one.click(); one.click(); }")
    await expect(form).to_contain_text("At 9:00")
    assert [request["action"] for request in endpoint.requests] == ["INIT", "data_exchange", "data_exchange"]


async def test_a_phone_without_a_connection_asks_the_endpoint_nothing(page: Page, endpoint: Endpoint) -> None:
    form = await to_times(page)
    await page.evaluate("""() => fetch('/sim/customers').then((told) => told.json()).then(({items}) =>
        fetch(`/sim/customers/${items[0].id}`, {method: 'PATCH',
            headers: {'Content-Type': 'application/json'}, body: JSON.stringify({online: false})}))""")
    await expect(page.locator(".phone-head")).to_contain_text("No connection")
    await form.get_by_role("radio", name="09:00").check()
    await form.get_by_role("button", name="Continue").click()
    await expect(form.locator(".snack")).to_have_text("No connection")
    assert len(endpoint.requests) == 2


async def test_what_a_phone_drops_in_silence_is_no_error_but_the_viewer_is_told(
    page: Page, shop: Shop, endpoint: Endpoint
) -> None:
    await publish(shop, "broken_values")
    endpoint.answer = lambda _: {"screen": "MENU", "data": {}}
    form = await open_form(page)
    await expect(form.locator(".nav-list .row")).to_have_count(2)
    await expect(form.locator(".snack")).to_be_hidden()
    await expect(page.locator(".form-problems")).to_contain_text("title has 47 characters, 30 fit: left out")
    assert [request["action"] for request in endpoint.requests] == ["INIT"]


async def test_a_templates_button_opens_its_form_with_the_messages_data(page: Page, shop: Shop) -> None:
    assert shop.graph is not None
    await publish(shop, "6.0_unselect")
    button = {"kind": "flow", "text": "Pick", "flow": "77", "flow_action": "navigate", "navigate_screen": "PICK"}
    made = {"name": "pick", "language": "en", "body": "What would you like?", "buttons": [button]}
    assert (await shop.graph.post("/sim/templates", json=made)).status_code == 201
    data = {"kinds": [{"id": "gym", "title": "Gym"}], "oils": [{"id": "no", "title": "No oil"}], "with_oil": True}
    action = {"type": "action", "action": {"flow_token": "token-2", "flow_action_data": data}}
    part = {"type": "button", "sub_type": "flow", "index": "0", "parameters": [action]}
    use = {"name": "pick", "language": {"code": "en"}, "components": [part]}
    shop.says("hi", {"type": "template", "template": use})
    await say(page, "hi")
    await page.get_by_role("button", name="Pick").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("radio", name="Gym").check()
    await expect(form.get_by_role("radio", name="No oil")).to_be_visible()
    await form.get_by_role("button", name="Done").click()
    reply = (await shop.heard("interactive"))[0]["interactive"]["nfm_reply"]
    assert json.loads(reply["response_json"]) == {"flow_token": "token-2", "kind": "gym"}


async def test_a_dead_endpoint_is_an_error_for_the_customer_with_the_reason(
    page: Page, shop: Shop, endpoint: Endpoint
) -> None:
    assert shop.graph is not None
    flow = {"id": "77", "name": "dead", "flow_json": file("7.3_booking"), "endpoint_uri": "http://127.0.0.1:9/flows"}
    await shop.graph.post("/sim/flows", json=flow)
    form = await open_form(page)
    await expect(form.get_by_role("button", name="Try again")).to_be_visible()
    await expect(page.locator(".form-problems")).to_contain_text("the endpoint does not answer: ConnectError")
