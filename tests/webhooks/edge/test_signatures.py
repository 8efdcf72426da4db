"""Who sent a body: the HMAC of its very bytes, and the static token."""

import hashlib
import hmac

import pytest

from webhooks.edge.signatures import is_signed_by_meta, is_token

SECRET = "an-app-secret"
BODY = '{"text":"Xin chào"}'.encode()
RIGHT = "sha256=" + hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()


def test_the_hmac_of_the_very_bytes_is_metas() -> None:
    assert is_signed_by_meta(BODY, RIGHT, SECRET)


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", RIGHT.removeprefix("sha256="), RIGHT[:-1], RIGHT + "0", "sha1=" + RIGHT[7:], "sha256=Ã©"],
)
def test_any_other_header_is_not(header: str | None) -> None:
    assert not is_signed_by_meta(BODY, header, SECRET)


def test_another_body_or_secret_is_not() -> None:
    assert not is_signed_by_meta(BODY + b" ", RIGHT, SECRET)
    assert not is_signed_by_meta(BODY, RIGHT, "another-secret")


@pytest.mark.parametrize(("given", "expected"), [("right", True), ("wrong", False), ("", False), (None, False)])
def test_a_token_is_right_or_wrong(given: str | None, expected: bool) -> None:
    assert is_token(given, "right") is expected
