"""The envelope: opened and sealed as recorded, and nothing that was touched is opened."""

import json
from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.envelope import LARGEST_BODY, ReplyKey, admit, flipped, open_request, seal_response
from flows.errors import CannotDecrypt, FlowRefused, NotAnEnvelope, SignatureWrong, TooLarge
from flows.keys import FlowKeys, load_key
from tests.flows.vectors import Vector, recorded_keys, vectors

KEYS = FlowKeys(load_key(recorded_keys()["pkcs1"]))
STRANGER = rsa.generate_private_key(65537, 2048)
VECTORS = vectors()
every_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)


@every_vector
def test_a_recorded_request_opens(vector: Vector) -> None:
    opened = open_request(vector.body, KEYS)
    assert opened.plaintext == vector.plaintext
    assert opened.reply_key == ReplyKey(vector.aes_key, vector.iv)


@every_vector
def test_an_answer_is_sealed_as_recorded(vector: Vector) -> None:
    assert seal_response(vector.answer, ReplyKey(vector.aes_key, vector.iv)) == vector.sealed_answer


@given(st.binary(max_size=300), st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
@settings(max_examples=50)
def test_what_is_sealed_opens_to_the_same_under_the_turned_iv(answer: bytes, aes_key: bytes, iv: bytes) -> None:
    sealed = b64decode(seal_response(answer, ReplyKey(aes_key, iv)))
    assert AESGCM(aes_key).decrypt(flipped(iv), sealed, None) == answer
    assert flipped(iv) != iv
    assert flipped(flipped(iv)) == iv


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_changed_byte_anywhere_is_refused(data: st.DataObject) -> None:
    vector = data.draw(st.sampled_from(VECTORS))
    place = data.draw(st.integers(0, len(vector.body) - 1))
    change = data.draw(st.integers(1, 255))
    body = bytearray(vector.body)
    body[place] ^= change
    with pytest.raises(FlowRefused) as refused:
        open_request(bytes(body), KEYS)
    assert refused.value.status in {400, 421}


@pytest.mark.parametrize("part", ["encrypted_flow_data", "encrypted_aes_key", "initial_vector"])
def test_each_flipped_bit_of_a_part_is_refused(part: str) -> None:
    body = json.loads(VECTORS[0].body)
    content = b64decode(body[part])
    for place in range(0, len(content), max(1, len(content) // 16)):
        for bit in (1, 0x80):
            touched = bytearray(content)
            touched[place] ^= bit
            with pytest.raises(CannotDecrypt):
                open_request(json.dumps(body | {part: b64encode(touched).decode()}).encode(), KEYS)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b"[" * 100_000,
        b'{"encrypted_flow_data": 1, "encrypted_aes_key": "AA==", "initial_vector": "AA=="}',
        b'{"encrypted_flow_data": "AA", "encrypted_aes_key": "AA==", "initial_vector": "AA=="}',
        b'{"encrypted_flow_data": "A A=", "encrypted_aes_key": "AA==", "initial_vector": "AA=="}',
        b'{"encrypted_flow_data": "AA==", "encrypted_aes_key": "AA==", "initial_vector": "AA=="}',
    ],
    ids=range(12),
)
def test_what_is_not_three_base64_strings_is_no_envelope(raw: bytes) -> None:
    with pytest.raises(NotAnEnvelope):
        open_request(raw, KEYS)


def test_base64_with_loose_bits_at_its_end_is_refused() -> None:
    body = json.loads(VECTORS[0].body)
    iv = body["initial_vector"]
    assert iv.endswith("==")
    loose = chr(ord(iv[-3]) + 1) + "=="
    assert b64decode(iv[:-3] + loose) == b64decode(iv)
    with pytest.raises(NotAnEnvelope):
        open_request(json.dumps(body | {"initial_vector": iv[:-3] + loose}).encode(), KEYS)


def test_an_iv_of_twelve_bytes_is_refused() -> None:
    body = json.loads(VECTORS[0].body) | {"initial_vector": b64encode(bytes(12)).decode()}
    with pytest.raises(NotAnEnvelope):
        open_request(json.dumps(body).encode(), KEYS)


def test_extra_keys_and_their_order_do_not_matter() -> None:
    body = dict(reversed(json.loads(VECTORS[0].body).items())) | {"extra": None}
    assert open_request(json.dumps(body).encode(), KEYS).plaintext == VECTORS[0].plaintext


def test_the_old_key_still_opens_during_a_rotation() -> None:
    opened = open_request(VECTORS[1].body, FlowKeys(STRANGER, previous=KEYS.current))
    assert opened.plaintext == VECTORS[1].plaintext


def test_a_request_for_a_key_we_do_not_have_cannot_be_decrypted() -> None:
    with pytest.raises(CannotDecrypt) as refused:
        open_request(VECTORS[1].body, FlowKeys(STRANGER))
    assert refused.value.status == 421


def test_an_aes_key_of_another_length_is_refused() -> None:
    key, iv = bytes(32), bytes(16)
    wrapped = KEYS.current.public_key().encrypt(key, padding.OAEP(padding.MGF1(SHA256()), SHA256(), label=None))
    parts = {
        "encrypted_flow_data": AESGCM(key).encrypt(iv, b"{}", None),
        "encrypted_aes_key": wrapped,
        "initial_vector": iv,
    }
    body = json.dumps({name: b64encode(part).decode() for name, part in parts.items()}).encode()
    with pytest.raises(CannotDecrypt):
        open_request(body, KEYS)


def test_a_wrapped_key_and_a_letter_that_do_not_open_look_the_same() -> None:
    body = json.loads(VECTORS[0].body)
    refusals = []
    for part in ("encrypted_aes_key", "encrypted_flow_data"):
        touched = b64encode(bytes(len(b64decode(body[part])))).decode()
        with pytest.raises(CannotDecrypt) as refused:
            open_request(json.dumps(body | {part: touched}).encode(), KEYS)
        refusals.append((str(refused.value), refused.value.__cause__, refused.value.__context__))
    assert refusals[0] == refusals[1]


def test_size_is_looked_at_before_the_signature() -> None:
    with pytest.raises(TooLarge) as refused:
        admit(b" " * (LARGEST_BODY + 1), is_signed=False, keys=KEYS)
    assert refused.value.status == 413


def test_the_signature_is_looked_at_before_the_body() -> None:
    with pytest.raises(SignatureWrong) as refused:
        admit(b"not json", is_signed=False, keys=KEYS)
    assert refused.value.status == 432


def test_a_megabyte_of_payload_is_let_in() -> None:
    key, iv = bytes(16), bytes(16)
    letter = AESGCM(key).encrypt(iv, b'{"x":"' + b"a" * 1_000_000 + b'"}', None)
    body = json.loads(VECTORS[0].body)
    wrapped = KEYS.current.public_key().encrypt(key, padding.OAEP(padding.MGF1(SHA256()), SHA256(), label=None))
    body = {
        "encrypted_flow_data": b64encode(letter).decode(),
        "encrypted_aes_key": b64encode(wrapped).decode(),
        "initial_vector": b64encode(iv).decode(),
    }
    raw = json.dumps(body).encode()
    assert len(admit(raw, is_signed=True, keys=KEYS).plaintext) > 1_000_000


def test_a_reply_key_never_shows_itself() -> None:
    assert "secret" not in repr(ReplyKey(b"secretsecretsecr", bytes(16)))


def test_answers_of_two_phones_at_once_are_sealed_each_with_its_own_key() -> None:
    first, second = VECTORS[0], next(one for one in VECTORS if one.aes_key != VECTORS[0].aes_key)
    opened = [open_request(vector.body, KEYS) for vector in (first, second)]
    # answered the other way round
    for vector, request in reversed(list(zip((first, second), opened, strict=True))):
        sealed = b64decode(seal_response(b"yours", request.reply_key))
        assert AESGCM(vector.aes_key).decrypt(flipped(vector.iv), sealed, None) == b"yours"
