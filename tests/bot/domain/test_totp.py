"""The six digits, by the vectors of RFC 6238 (appendix B, SHA-1), and each of them once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_at(SECRET, seconds // totp.STEP_SECONDS) == code
    assert totp.matching_step(SECRET, code, datetime.fromtimestamp(seconds, UTC), 0) == seconds // 30


def test_a_clock_that_is_half_a_minute_off_is_forgiven_and_more_is_not() -> None:
    now = datetime.fromtimestamp(1111111109, UTC)
    for off, fits in ((-30, True), (30, True), (-60, False), (60, False)):
        assert (totp.matching_step(SECRET, "081804", now + timedelta(seconds=off), 0) is not None) is fits


def test_a_code_that_was_taken_and_every_one_before_it_is_of_no_use() -> None:
    now = datetime.fromtimestamp(1111111109, UTC)
    step = totp.step_of(now)
    assert totp.matching_step(SECRET, "081 804", now, step - 1) == step
    assert totp.matching_step(SECRET, "081804", now, step) is None


@pytest.mark.parametrize("code", ["", "0", "081803", "0818040", "０８１８０４", "🙂" * 6])
def test_anything_else_is_wrong(code: str) -> None:
    assert totp.matching_step(SECRET, code, datetime.fromtimestamp(1111111109, UTC), 0) is None


def test_what_the_square_says() -> None:
    uri = totp.provisioning_uri(SECRET, "ayu@example.com", "Bali Bliss")
    assert uri == (
        "otpauth://totp/Bali%20Bliss%3Aayu%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Bali%20Bliss&digits=6"
    )
    assert totp.recovery_hash("AB12-cd34 ef") == totp.recovery_hash("ab12cd34ef")
