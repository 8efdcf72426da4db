"""The Flow door: every status in its order, real crypto both ways, nothing loaded before it has to be."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pymongo.errors import NetworkTimeout

from flows.keys import FlowKeys, load_key
from flows.publish import new_key_pair
from flows.reply import Reply
from flows.request import FormRequest
from simulator.flow_client.client import Disabled, Failed, Finished, FlowClient, Shown
from simulator.flow_client.sealing import Letter, open_answer, seal_request
from tests.faults.flow_house import nothing_beyond
from tests.flows.shop import DAYS, KEYS, SECRET, TOKEN, Shop
from tests.flows.vectors import recorded_keys, vectors
from webhooks.doors.flows import PATH, FlowsDoor
from webhooks.edge.raw import RawDoors

AES_KEY, IV = b"k" * 16, b"i" * 16
DAY = "2026-11-23"
assert DAYS.first.isoformat() == DAY


class House:
    """The door with the little shop behind it, counting what is asked of the shop."""

    def __init__(self, keys: FlowKeys | None = KEYS, budget: float = 4.0) -> None:
        self.shop = Shop()
        self.asked: list[FormRequest] = []
        self.fails: Exception | None = None
        self.slow = False
        self.door = FlowsDoor(self.exchange, keys, app_secret=SECRET, budget=budget)
        served = RawDoors(self.door.routes(), nothing_beyond)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=served), base_url="http://door.test")

    async def exchange(self, request: FormRequest) -> Reply:
        self.asked.append(request)
        if self.fails is not None:
            raise self.fails
        if self.slow:
            await asyncio.Event().wait()
        return self.shop.exchange(request).reply

    def phone(self, token: str = TOKEN) -> FlowClient:
        return self.shop.phone(self.http, token)

    async def post(self, body: bytes, signature: str | None = "right") -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        if signature == "right":
            signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if signature is not None:
            headers["X-Hub-Signature-256"] = signature
        return await self.http.post(PATH, content=body, headers=headers)

    async def ask(self, request: Any, pem: str | None = None) -> tuple[httpx.Response, Letter]:
        content = json.dumps(request).encode()
        letter = seal_request(content, pem or recorded_keys()["public"], AES_KEY, IV)
        return await self.post(letter.body), letter


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house with its keys."""
    one = House()
    yield one
    await one.http.aclose()
    one.door.close()


def opened(answer: httpx.Response, letter: Letter) -> Any:
    return json.loads(open_answer(answer.text, letter))


def asking(action: str, **more: Any) -> dict[str, Any]:
    return {"version": "3.0", "action": action, "flow_token": TOKEN, "screen": "", "data": {}, **more}


async def test_a_ping_is_answered_and_nothing_is_loaded(house: House) -> None:
    answer, letter = await house.ask({"version": "3.0", "action": "ping"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain")
    assert opened(answer, letter) == {"data": {"status": "active"}}
    assert house.asked == []


async def test_an_error_notification_is_acknowledged_and_changes_nothing(house: House) -> None:
    told = asking("data_exchange", screen="TIME", data={"error": "invalid-screen-transition", "error_message": "x"})
    answer, letter = await house.ask(told)
    assert opened(answer, letter) == {"data": {"acknowledged": True}}
    assert house.asked == []


async def test_an_error_notification_of_a_form_that_is_used_up_is_acknowledged_too(house: House) -> None:
    answer, letter = await house.ask(asking("INIT", flow_token="whose", data={"error_key": "x"}))
    assert (answer.status_code, opened(answer, letter)) == (200, {"data": {"acknowledged": True}})


async def test_a_form_goes_through_the_door_to_its_end(house: House) -> None:
    phone = house.phone()
    await phone.open()
    await phone.submit(service="balinese")
    await phone.submit(day=DAY)
    top = phone.top
    await phone.submit(time=top.data["times"][0]["id"])
    await phone.submit(guests="2", name="Ayu")
    assert isinstance(await phone.submit(), Finished)
    assert house.shop.submissions == [TOKEN]
    assert isinstance(await phone.open(), Disabled)


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.name)
async def test_a_recorded_request_is_opened_by_the_door(house: House, vector: Any) -> None:
    answer = await house.post(vector.body)
    assert answer.status_code in {200, 427}
    assert isinstance(opened(answer, Letter(vector.body, vector.aes_key, vector.iv)), dict)


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "ünicode"])
async def test_a_wrong_or_missing_signature_is_432(house: House, signature: str | None) -> None:
    letter = seal_request(b'{"action":"ping"}', recorded_keys()["public"], AES_KEY, IV)
    headers = [] if signature is None else [(b"X-Hub-Signature-256", signature.encode())]
    answer = await house.http.post(PATH, content=letter.body, headers=headers)
    assert answer.status_code == 432


async def test_the_signature_is_checked_before_the_body_is_looked_at(house: House) -> None:
    assert (await house.post(b"nonsense", None)).status_code == 432


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b"null", b"{}", b'{"encrypted_flow_data": 1}', b"[" * 100_000, b"\xff\xfe"]
)
async def test_what_is_no_envelope_is_400(house: House, body: bytes) -> None:
    answer = await house.post(body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_over_the_limit_is_413_before_its_signature_is_looked_at(house: House) -> None:
    assert (await house.post(b"x" * 1_500_001, None)).status_code == 413


async def test_one_megabyte_of_payload_is_answered(house: House) -> None:
    data = {"step": "", "junk": "x" * 1_000_000}
    answer, letter = await house.ask(asking("data_exchange", screen="SERVICE", data=data))
    assert answer.status_code == 200
    assert opened(answer, letter)["screen"] == "SERVICE"


@pytest.mark.parametrize("field", ["encrypted_flow_data", "encrypted_aes_key", "initial_vector"])
async def test_a_flipped_byte_anywhere_is_refused(house: House, field: str) -> None:
    letter = seal_request(json.dumps(asking("INIT")).encode(), recorded_keys()["public"], AES_KEY, IV)
    for place in range(0, len(json.loads(letter.body)[field]), 7):
        body = json.loads(letter.body)
        text = body[field]
        body[field] = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert (await house.post(json.dumps(body).encode())).status_code in {400, 421}
    assert house.asked == []


async def test_what_none_of_our_keys_opens_is_421(house: House) -> None:
    answer, _ = await house.ask(asking("INIT"), pem=new_key_pair()[1])
    assert (answer.status_code, answer.text) == (421, "")


async def test_without_a_key_everything_signed_is_421() -> None:
    house = House(keys=None)
    assert (await house.ask(asking("INIT")))[0].status_code == 421


async def test_during_a_rotation_the_previous_key_still_opens() -> None:
    private, public = new_key_pair()
    house = House(FlowKeys(load_key(private), KEYS.current))
    assert (await house.ask({"action": "ping"}))[0].status_code == 200
    assert (await house.ask({"action": "ping"}, pem=public))[0].status_code == 200


@pytest.mark.parametrize(
    "request_", [asking("DANCE"), asking("data_exchange", screen="ELSEWHERE"), asking("BACK"), [], "text", None]
)
async def test_an_unknown_action_or_screen_is_400(house: House, request_: Any) -> None:
    assert (await house.ask(request_))[0].status_code == 400
    assert house.asked == []


@pytest.mark.parametrize("token", ["", "unused", "somebody~else's", "x" * 5000])
async def test_a_token_that_is_not_ours_is_427_with_words_only_the_phone_can_read(house: House, token: str) -> None:
    answer, letter = await house.ask(asking("INIT", flow_token=token))
    assert answer.status_code == 427
    assert "error_msg" in opened(answer, letter)


async def test_a_database_that_does_not_answer_is_503_and_the_phone_may_try_again(house: House) -> None:
    house.fails = NetworkTimeout("gone")
    phone = house.phone()
    assert await phone.open() == Failed("unexpected_http_status_code")
    house.fails = None
    assert isinstance(await phone.open(), Shown)


async def test_an_exchange_past_its_budget_is_given_up() -> None:
    house = House(budget=0.3)
    house.slow = True
    assert (await house.ask(asking("INIT")))[0].status_code == 503


async def test_the_same_content_under_another_aes_key_gets_the_same_answer(house: House) -> None:
    phone = house.phone()
    await phone.open()
    request = asking("data_exchange", screen="SERVICE", data={"service": "facial", "step": phone.top.data["step"]})
    first, letter = await house.ask(request)
    again = seal_request(json.dumps(request).encode(), recorded_keys()["public"], b"z" * 16, b"y" * 16)
    second = await house.post(again.body)
    assert second.text != first.text
    assert opened(second, again) == opened(first, letter)
    assert len(house.asked) == 3


async def test_the_private_key_is_used_off_the_event_loop() -> None:
    """An RSA operation takes milliseconds, in which nobody else would be answered."""
    used: list[threading.Thread] = []

    class Watched:
        def decrypt(self, *sealed: Any) -> bytes:
            used.append(threading.current_thread())
            return KEYS.current.decrypt(*sealed)

    key: Any = Watched()
    house = House(FlowKeys(key))
    assert (await house.ask({"action": "ping"}))[0].status_code == 200
    assert used
    assert threading.current_thread() not in used
