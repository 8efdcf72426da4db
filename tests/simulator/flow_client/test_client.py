"""The client is as strict as WhatsApp's own."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from flows.envelope import open_request, seal_response
from flows.keys import FlowKeys, public_pem
from simulator.flow_client.client import Failed, Shown
from simulator.flow_client.inputs import CannotTap
from simulator.flow_client.sealing import AnswerUnreadable, open_answer, seal_request
from tests.flows.shop import KEYS, Shop
from tests.flows.vectors import Vector, recorded_keys, vectors

every_vector = pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.name)


@every_vector
def test_both_implementations_agree_in_both_directions(vector: Vector) -> None:
    letter = seal_request(vector.plaintext, recorded_keys()["public"], vector.aes_key, vector.iv)
    opened = open_request(letter.body, KEYS)
    assert opened.plaintext == vector.plaintext
    assert open_answer(seal_response(vector.answer, opened.reply_key), letter) == vector.answer
    assert open_answer(vector.sealed_answer, letter) == vector.answer


def test_an_answer_under_the_same_iv_is_refused() -> None:
    vector = vectors()[0]
    letter = seal_request(vector.plaintext, recorded_keys()["public"], vector.aes_key, vector.iv)
    with pytest.raises(AnswerUnreadable):
        open_answer(json.loads(letter.body)["encrypted_flow_data"], letter)


async def test_after_421_the_key_is_fetched_again_and_the_request_sent_once_more() -> None:
    new = rsa.generate_private_key(65537, 2048)
    shop, published = Shop(keys=FlowKeys(new)), [recorded_keys()["public"], public_pem(new)]

    async def public_key() -> str:
        return published.pop(0)

    async with shop.line() as http:
        phone = shop.phone(http)
        phone.public_key = public_key
        assert isinstance(await phone.open(), Shown)
    assert phone.exchanges == 2


async def test_a_second_421_is_an_error() -> None:
    shop = Shop(keys=FlowKeys(rsa.generate_private_key(65537, 2048)))
    async with shop.line() as http:
        phone = shop.phone(http)
        assert await phone.open() == Failed("business-decryption-error")
    assert phone.exchanges == 2


@pytest.mark.parametrize(
    ("answer", "alert"),
    [
        (b'{"screen":"REVIEW","data":{}}', "invalid-screen-transition"),
        (b'{"screen":"SERVICE","data":{}}', "payload-schema-error"),
        (b'{"screen":"SERVICE","data":{"step":null,"services":[]}}', "payload-schema-error"),
        (b'{"screen":"SERVICE","data":{"step":"s","services":[],"known_service":""}}', "components-validation-error"),
    ],
)
async def test_an_unusable_answer_is_refused_and_reported(answer: bytes, alert: str) -> None:
    shop = Shop(spoil=answer)
    async with shop.line() as http:
        phone = shop.phone(http)
        refused = await phone.open()
    assert isinstance(refused, Failed)
    assert refused.alert == alert
    assert phone.exchanges == 2


async def test_what_is_not_offered_cannot_be_tapped() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        with pytest.raises(CannotTap, match="nothing on SERVICE"):
            await phone.submit(service="nothing")
        await phone.submit(service="facial")
        with pytest.raises(CannotTap):
            await phone.submit(day="2026-11-25")
