"""Sealed personal data: opens only for its customer and field, survives rotation, and ends with its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.sealing import DataKey, MasterKeys, Tampered, UnknownMasterKey, plain, search_words

KEY = DataKey(b"k" * 32)
NONCE = b"n" * 12
MASTERS = MasterKeys.from_secret("a secret of tests")


@given(plaintext=st.binary(max_size=300), context=st.text(max_size=40), nonce=st.binary(min_size=12, max_size=12))
def test_open_after_seal_is_the_identity(plaintext: bytes, context: str, nonce: bytes) -> None:
    sealed = KEY.seal(context=context, plaintext=plaintext, nonce=nonce)
    assert KEY.open(context=context, sealed=sealed) == plaintext


@given(data=st.data())
def test_a_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(KEY.seal(context="lead/name", plaintext=b"Sari Dewi", nonce=NONCE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        KEY.open(context="lead/name", sealed=bytes(sealed))


@given(st.binary(max_size=60))
def test_any_bytes_that_we_did_not_seal_are_refused(junk: bytes) -> None:
    with pytest.raises(Tampered):
        KEY.open(context="lead/name", sealed=junk)


def test_a_sealed_text_cannot_be_moved_to_another_field_or_customer() -> None:
    sealed = KEY.seal(context="lead/name", plaintext=b"Sari Dewi", nonce=NONCE)
    with pytest.raises(Tampered):
        KEY.open(context="lead/phone", sealed=sealed)
    with pytest.raises(Tampered):
        DataKey(b"j" * 32).open(context="lead/name", sealed=sealed)


def test_a_wrapped_key_is_of_one_customer_only() -> None:
    wrapped = MASTERS.wrap("lead-a", KEY.secret, NONCE)
    assert MASTERS.unwrap("lead-a", wrapped) == KEY
    with pytest.raises(Tampered):
        MASTERS.unwrap("lead-b", wrapped)


def test_the_previous_secret_still_opens_and_says_that_it_is_old() -> None:
    wrapped = MASTERS.wrap("lead-a", KEY.secret, NONCE)
    rotated = MasterKeys.from_secret("the next secret", previous=("a secret of tests",))
    assert rotated.unwrap("lead-a", wrapped) == KEY
    assert not rotated.is_current(wrapped)
    assert rotated.is_current(rotated.wrap("lead-a", KEY.secret, NONCE))


def test_a_forgotten_secret_is_named_as_such() -> None:
    wrapped = MASTERS.wrap("lead-a", KEY.secret, NONCE)
    with pytest.raises(UnknownMasterKey):
        MasterKeys.from_secret("quite another").unwrap("lead-a", wrapped)


def test_look_ups_survive_rotation_and_differ_between_houses() -> None:
    rotated = MasterKeys.from_secret("the next secret", previous=("a secret of tests",))
    assert rotated.search_hash("sari") == MASTERS.search_hash("sari")
    assert MasterKeys.from_secret("another house").search_hash("sari") != MASTERS.search_hash("sari")


def test_keys_are_never_shown() -> None:
    assert "kkkk" not in repr(KEY)
    assert MASTERS.current.hex() not in repr(MASTERS)
    assert repr(MASTERS.current) not in repr(MASTERS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nguyễn Đức", ("nguyen", "duc")),
        ("Nguye\u0302\u0303n", ("nguyen",)),
        ("  Sari   sari ", ("sari",)),
        ("O'Brien-Putri", ("o", "brien", "putri")),
        ("+62 812-3456-7890", ("7890",)),
        ("(0812) 3456 7890", ("7890",)),
        ("Wayan 081234567890", ("wayan", "7890")),
        ("room 12", ("room",)),
        ("", ()),
    ],
)
def test_words_are_found_without_case_accents_and_all_of_a_number_but_its_end(
    text: str, words: tuple[str, ...]
) -> None:
    assert search_words(text) == words


@given(st.text(max_size=60))
def test_any_text_has_words_and_plain_is_plain(text: str) -> None:
    assert all(search_words(text))
    assert plain(plain(text)) == plain(text)
