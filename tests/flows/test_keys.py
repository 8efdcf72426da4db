"""Keys in every format that people really have."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from flows.keys import KeyUnreadable, load_key, load_keys, public_pem
from tests.flows.vectors import recorded_keys

FORMATS = ["pkcs1", "pkcs8", "pkcs1_des3", "pkcs8_aes"]


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_gives_the_same_key(form: str) -> None:
    keys = recorded_keys()
    assert public_pem(load_key(keys[form], keys["passphrase"])) == keys["public"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_key_from_an_environment_variable_gets_its_lines_back(form: str) -> None:
    keys = recorded_keys()
    one_line = '"' + keys[form].replace("\n", "\\n") + '"'
    assert public_pem(load_key(one_line, keys["passphrase"])) == keys["public"]


def test_a_key_with_windows_line_ends_is_read() -> None:
    keys = recorded_keys()
    assert public_pem(load_key(keys["pkcs8"].replace("\n", "\r\n"))) == keys["public"]


def test_an_encrypted_key_without_its_passphrase_says_so() -> None:
    with pytest.raises(KeyUnreadable, match="passphrase is missing"):
        load_key(recorded_keys()["pkcs8_aes"])


@pytest.mark.parametrize("form", ["pkcs1_des3", "pkcs8_aes"])
def test_a_wrong_passphrase_is_told_and_the_key_is_not(form: str) -> None:
    with pytest.raises(KeyUnreadable) as refused:
        load_key(recorded_keys()[form], "not it")
    assert "BEGIN" not in str(refused.value)


def _written(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        recorded_keys()["public"],
        _written(ec.generate_private_key(ec.SECP256R1())),
        _written(rsa.generate_private_key(65537, 1024)),
    ],
    ids=["empty", "prose", "public", "elliptic", "1024 bits"],
)
def test_what_is_no_rsa_key_of_2048_bits_is_refused(text: str) -> None:
    with pytest.raises(KeyUnreadable):
        load_key(text)


def test_during_a_rotation_the_new_key_comes_first() -> None:
    new, old = rsa.generate_private_key(65537, 2048), recorded_keys()
    keys = load_keys(_written(new), previous=old["pkcs8_aes"], previous_passphrase=old["passphrase"])
    assert [public_pem(key) for key in keys] == [public_pem(new), old["public"]]


def test_without_a_rotation_there_is_one_key() -> None:
    assert len(list(load_keys(recorded_keys()["pkcs1"], previous=""))) == 1
