"""Every part of an envelope is taken, and nothing malformed is an error after the door."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.whatsapp import parse
from bot.adapters.whatsapp.parse import NotAWebhookEnvelope
from bot.domain.events import Content, FormSent, Location, Media, Other, Reaction, Tap, Text
from bot.domain.lead import Address
from bot.engine.channel import InboundMessage, Part, PartKind

PAYLOADS = Path(__file__).parents[3] / "payloads" / "whatsapp"
RECEIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMED = {
    "text": Text("Halo, mau pijat besok"),
    "button_reply": Tap("lang:id", "Bahasa Indonesia"),
    "list_reply": Tap("slot:2", "10.00"),
    "template_button": Tap("yes", "Ya, datang"),
    "flow_reply": FormSent('{"flow_token":"t","day":"2026-03-03"}'),
    "flow_reply_not_an_object": FormSent('"hm"'),
    "image": Media("image", "m1", "image/jpeg", "yang ini"),
    "voice_note": Media("audio", "m2", "audio/ogg; codecs=opus"),
    "location": Location(-8.65, 115.13, "Canggu"),
    "reaction": Reaction("wamid.ours", "👍"),
    "reaction_taken_back": Reaction("wamid.ours", None),
    "interactive_without_key": Other("interactive"),
    "unsupported": Other("unsupported"),
    "edit": Other("edit"),
    "revoke": Other("revoke"),
    "contacts": Other("contacts"),
}


def parts_of(name: str) -> tuple[Part, ...]:
    return parse.split((PAYLOADS / f"{name}.json").read_bytes())


def envelope(**value: Any) -> bytes:
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]}]
    return orjson.dumps({"object": "whatsapp_business_account", "entry": entry})


def only(message: dict[str, Any], contact: dict[str, Any] | None = None) -> InboundMessage:
    (part,) = parse.split(envelope(messages=[message], contacts=[] if contact is None else [contact]))
    return parse.message(part.payload, RECEIVED)


@pytest.mark.parametrize(("name", "content"), NAMED.items(), ids=NAMED)
def test_a_payload_of_the_reference_becomes_its_content(name: str, content: Content) -> None:
    (part,) = parts_of(name)
    assert part.kind is PartKind.MESSAGE
    assert parse.message(part.payload, RECEIVED).bubble.content == content


def test_every_entry_change_message_and_status_of_a_batch_is_taken() -> None:
    parts = parts_of("batch")
    assert [part.external_id for part in parts] == ["wamid.1", "wamid.2", "wamid.ours:read", "wamid.3"]
    assert [part.phone_number_id for part in parts] == ["100", "100", "100", "200"]
    names = [parse.message(part.payload, RECEIVED).name for part in parts if part.kind is PartKind.MESSAGE]
    assert names == ["Sari", "Budi", "Lan"]


def test_a_customer_who_hides_the_number_is_known_by_user_id() -> None:
    (part,) = parts_of("hidden_number")
    assert part.addresses == (("user_id", "ID.1349A"),)
    assert parse.message(part.payload, RECEIVED).address == Address(user_id="ID.1349A")


def test_a_user_id_where_the_number_stands_is_never_read_as_a_number() -> None:
    assert only({"id": "w", "from": "ID.1349A", "type": "text"}).address == Address(user_id="ID.1349A")


def test_a_message_without_a_sender_is_kept() -> None:
    (part,) = parse.split(envelope(messages=[{"id": "w", "type": "text", "text": {"body": "x"}}]))
    assert part.addresses == ()
    assert part.external_id == "w"


def test_a_strangers_contact_is_not_made_the_senders() -> None:
    heard = only(
        {"id": "w", "from": "62811", "type": "text", "text": {"body": "x"}},
        {"wa_id": "62822", "user_id": "ID.2", "profile": {"name": "Budi"}},
    )
    assert heard.address == Address(wa_id="62811")
    assert heard.name is None


@pytest.mark.parametrize("stamp", ["²", "٣", "9" * 5000, "-1", "", "1e3", None, True, [], 10**15, "999999999999"])
def test_a_senseless_timestamp_is_the_time_we_received_it(stamp: Any) -> None:
    assert only({"id": "w", "from": "62811", "timestamp": stamp}).bubble.sent_at == RECEIVED


@pytest.mark.parametrize(("name", "expected"), [("changed_number", "62822"), ("changed_user_id", "ID.2")])
def test_a_new_address_is_news_of_the_old_customer(name: str, expected: str) -> None:
    (part,) = parts_of(name)
    address = parse.changed_address(part.payload)
    assert part.kind is PartKind.ADDRESS
    assert expected in {address.wa_id, address.user_id}
    assert {"62811", "ID.1"} & {value for _, value in part.addresses}


def test_a_failed_status_tells_its_code_and_whose_effect_it_was() -> None:
    (part,) = parts_of("status_failed")
    news = parse.status(part.payload)
    assert part.external_id == "wamid.ours:failed"
    assert (news.status, news.error_code, news.callback_data) == ("failed", 131047, "lead|effect:0")


@pytest.mark.parametrize("name", ["flows_alert", "echo"])
def test_what_is_no_message_is_never_taken_for_one(name: str) -> None:
    (part,) = parts_of(name)
    assert part.kind is PartKind.OTHER


def test_a_change_told_twice_has_one_id() -> None:
    assert parts_of("flows_alert") == parts_of("flows_alert")


def test_the_same_id_with_another_text_has_another_fingerprint() -> None:
    (one,) = parse.split(envelope(messages=[{"id": "w", "type": "text", "text": {"body": "a"}}]))
    (other,) = parse.split(envelope(messages=[{"id": "w", "type": "text", "text": {"body": "b"}}]))
    assert one.external_id == other.external_id
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'{"entry":{}}', b'{"object":"page","entry":[]}', b'{"entry":[]}']
)
def test_another_json_is_not_an_envelope(body: bytes) -> None:
    with pytest.raises(NotAWebhookEnvelope):
        parse.split(body)


def test_half_a_body_is_not_json() -> None:
    with pytest.raises(ValueError):
        parse.split(b'{"object":"whatsapp_')


def test_an_envelope_with_nothing_in_it_has_no_parts() -> None:
    assert parse.split(b'{"object":"whatsapp_business_account","entry":[]}') == ()


def test_a_message_nested_beyond_measure_is_no_envelope() -> None:
    deep = b"[" * 400 + b"]" * 400
    body = envelope(messages=[{"id": "w", "text": "DEEP"}]).replace(b'"DEEP"', deep)
    with pytest.raises(NotAWebhookEnvelope):
        parse.split(body)


KEYS = st.sampled_from(
    [
        *("id", "from", "type", "timestamp", "text", "body", "image", "interactive", "button_reply", "nfm_reply"),
        *("name", "response_json", "title", "system", "wa_id", "user_id", "reaction", "emoji", "location"),
        *("latitude", "longitude", "code", "context", "errors", "status", "profile", "message_id"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=8)
    | st.sampled_from(["text", "image", "interactive", "system", "location", "reaction", "62811", "flow"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)


def understood(body: bytes) -> None:
    for part in parse.split(body):
        if part.kind is PartKind.MESSAGE:
            parse.message(part.payload, RECEIVED)
        if part.kind is PartKind.ADDRESS:
            parse.changed_address(part.payload)
        if part.kind is PartKind.STATUS:
            parse.status(part.payload)


@given(JSON, JSON, JSON)
def test_wrong_types_anywhere_in_a_message_never_crash(messages: Any, contacts: Any, statuses: Any) -> None:
    understood(envelope(messages=messages, contacts=contacts, statuses=statuses, errors=statuses))
    understood(envelope(messages=[messages], contacts=[contacts], statuses=[statuses], metadata=contacts))


@given(JSON)
def test_any_json_is_an_envelope_or_refused(value: Any) -> None:
    try:
        understood(orjson.dumps(value))
        understood(orjson.dumps({"object": "whatsapp_business_account", "entry": value}))
    except NotAWebhookEnvelope:
        return
