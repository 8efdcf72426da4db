"""Logs: nothing personal and no secret leaves at info and above, whoever wrote the line."""

import json
import logging
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import assume, example, given
from hypothesis import strategies as st

from webhooks import logs
from webhooks.logs import BLANK, LONGEST, blank_personal_data

log = structlog.get_logger("test")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**ours)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def masked(value: object) -> Any:
    return blank_personal_data(None, "info", {"event": "e", "value": value})["value"]


@pytest.mark.parametrize(
    "field", ["phone", "wa_id", "user_id", "name", "text", "body", "token", "access_token", "Secret", "guest_name"]
)
def test_a_personal_or_secret_field_is_blanked_at_any_depth(field: str) -> None:
    event = blank_personal_data(None, "info", {"event": "e", field: "Sari", "deep": [{field: "Sari"}]})
    assert "Sari" not in str(event)


@pytest.mark.parametrize(
    "number", ["+62 812-3456-7890", "6281234567890", "(0812) 3456.7890", 6281234567890, "84901234567"]
)
def test_a_phone_number_is_masked_in_any_value(number: object) -> None:
    assert masked(number) == BLANK or str(number) not in str(masked(number))
    assert "7890" not in str(masked(f"call {number} now"))
    assert "234567" not in str(masked({"deep": [f"call {number}"]}))


@given(st.from_regex(r"\+?[1-9][0-9]{7,14}", fullmatch=True), st.text(alphabet="abc :=/,'\"", max_size=8))
def test_any_international_number_is_masked_wherever_it_stands(number: str, around: str) -> None:
    assert number.lstrip("+") not in masked(f"{around}{number}{around}")


@pytest.mark.parametrize(
    "secret",
    [
        "xnd_production_Zm9v",
        "EAAGm0PX4ZCpsBAKZCZC",
        "sk-proj-abcdefgh123",
        "Bearer abc.def",
        "mongodb://janji:hunter2@127.0.0.1/",
        "wamid.HBgNNjI4MTIzNDU2",
        "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
    ],
)
@pytest.mark.parametrize("level", ["debug", "info", "error"])
def test_a_key_is_masked_at_every_level(secret: str, level: str) -> None:
    assert secret not in str(blank_personal_data(None, level, {"event": f"sent {secret}", "value": {"a": secret}}))


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-11-21",
        "2026-11-21T05:17:06.971000+00:00",
        "127.0.0.1:8000",
        "192.168.100.200",
        350000,
        1.23456789012,
        True,
        None,
    ],
)
def test_days_times_addresses_and_amounts_stay_readable(harmless: object) -> None:
    assert masked(harmless) == harmless


def test_a_line_of_another_library_goes_through_the_same_chain(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", "json")
    logging.getLogger("another.library").info("from %s with %s", "6281234567890", "Bearer abcdef")
    logging.getLogger("webhooks.processes.web").warning("at the door")
    first, second = written(capsys)
    assert first["event"] == f"from {BLANK} with {BLANK}"
    assert (second["logger"], second["level"]) == ("webhooks.processes.web", "warning")


def test_an_exception_shows_where_and_what_kind_but_not_the_words_of_a_customer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("info", "json")
    words = "my husband must not know"
    for logger in (log, logging.getLogger("quart.app")):
        try:
            try:
                int(words)
            except ValueError as cause:
                raise KeyError(words) from cause
        except KeyError:
            logger.exception("stumbled")
    for line in written(capsys):
        assert "builtins.ValueError" in line["exception"]
        assert "builtins.KeyError" in line["exception"]
        assert "test_logs.py" in line["exception"]
        assert words not in str(line)


def test_an_exception_that_speaks_plainly_keeps_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", "json")
    try:
        raise ConnectionRefusedError(111, "Connection refused")
    except OSError:
        log.exception("stumbled")
    assert "Connection refused" in written(capsys)[0]["exception"]


def test_fields_that_are_no_secret_are_written_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", "json")
    log.info("payment_received", lead="Lk3", invoice="inv-1", amount=350000)
    (line,) = written(capsys)
    assert (line["event"], line["lead"], line["invoice"], line["amount"]) == (
        "payment_received",
        "Lk3",
        "inv-1",
        350000,
    )


def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("warning", "json")
    log.info("quiet")
    log.warning("loud")
    assert [line["event"] for line in written(capsys)] == ["loud"]


@given(
    st.dictionaries(
        st.text(max_size=8), st.text(max_size=40) | st.integers() | st.lists(st.text(max_size=9)), max_size=4
    )
)
def test_any_event_can_be_logged(fields: dict[str, Any]) -> None:
    assert blank_personal_data(None, "info", {"event": "e", **fields}) is not None


@given(moment=st.integers(0x18000000000, 0x1FFFFFFFFFF), chance=st.from_regex(r"[A-Za-z0-9_-]{16}", fullmatch=True))
@example(0x19F62812345, "1234567890123456")
def test_the_name_of_a_lead_is_readable_wherever_it_stands(moment: int, chance: str) -> None:
    assume(any(letter in "abcdef" for letter in f"{moment:x}"))
    lead = f"{moment:011x}-{chance}"
    assert masked(lead) == lead
    assert masked(f"merged {lead}, called +62 812-3456-7890") == f"merged {lead}, called {BLANK}"


def test_the_hash_of_a_delivery_is_readable_in_its_own_field_alone() -> None:
    digits = "6281234567890123"
    event = blank_personal_data(None, "info", {"event": "e", "delivery": digits, "value": digits})
    assert (event["delivery"], event["value"]) == (digits, BLANK)
    assert blank_personal_data(None, "info", {"event": "e", "delivery": "+6281234567890"})["delivery"] == BLANK


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=3_000))
@example("\x1b[2J\r\nadmin logged in\u202e\u2066\ud800\x00")
@example("a" * 1_000_000)
def test_foreign_text_is_short_and_cannot_draw_over_a_log(foreign: str) -> None:
    event = blank_personal_data(None, "warning", {"event": foreign, "why": foreign, "deep": {foreign: [foreign]}})
    for shown in (event["event"], event["why"], *event["deep"], *event["deep"].values()):
        text = shown if isinstance(shown, str) else shown[0]
        assert len(text) <= LONGEST + 30
        assert text.isprintable() or all(unicodedata.category(one) not in {"Cc", "Cs"} for one in text)
        text.encode()


def test_a_traceback_keeps_its_lines_and_ends_somewhere() -> None:
    event = blank_personal_data(None, "error", {"event": "e", "exception": "  File x\n" * 10_000})
    assert event["exception"].startswith("  File x\n  File x\n")
    assert len(event["exception"]) < 21_000
