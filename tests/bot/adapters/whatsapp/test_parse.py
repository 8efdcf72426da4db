"""Every part of an envelope is taken, and nothing malformed is an error after the door."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.whatsapp import parse
from bot.adapters.whatsapp.parse import NotAWebhookEnvelope
from bot.domain.contents import (
    ContactCards,
    Content,
    FormSent,
    Location,
    Media,
    Order,
    OrderedItem,
    Other,
    Reaction,
    Tap,
    Text,
)
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
    "unsupported": Other("unsupported_poll"),
    "edit": Text("x"),
    "revoke": Other("revoke"),
    "contacts": ContactCards((("Budi", ("+62822",)),)),
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


@pytest.mark.parametrize(("name", "kind"), [("flows_alert", PartKind.ACCOUNT), ("echo", PartKind.ECHO)])
def test_what_is_no_message_is_never_taken_for_one(name: str, kind: PartKind) -> None:
    (part,) = parts_of(name)
    assert part.kind is kind


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


def test_what_is_nested_beyond_measure_goes_and_the_rest_lives() -> None:
    deep = b"[" * 400 + b"]" * 400
    good = {"id": "w2", "from": "62811", "type": "text", "text": {"body": "hello"}}
    body = envelope(messages=[{"id": "w", "text": "DEEP"}, good]).replace(b'"DEEP"', deep)
    parts = parse.split(body)
    assert [part.external_id for part in parts] == ["w", "w2"]
    assert parse.message(parts[1].payload, RECEIVED).bubble.content == Text("hello")


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"a\\ud800b", "ab"),
        (b"a\\u0000b", "ab"),
        (b"\\u202eabc\\u202c", "abc"),
        (b"a\\u001b[31mb", "a[31mb"),
        (b"\xff\xfeok", "\ufffd\ufffdok"),
        (b"one\\r\\ntwo\\tthree", "one\ntwo\tthree"),
        (b"x" * 1_000_000, "x" * 16_384),
        ("chờ 👨‍👩‍👧 em".encode(), "chờ 👨‍👩‍👧 em"),
    ],
    ids=["surrogate", "nul", "bidi", "escape", "not-utf-8", "line-breaks", "megabyte", "emoji"],
)
def test_foreign_text_is_cleaned_and_its_neighbours_live(raw: bytes, body: str) -> None:
    message = {"id": "w", "from": "62811", "type": "text", "text": {"body": "RAW"}}
    whole = envelope(messages=[message, message | {"id": "w2"}]).replace(b'"RAW"', b'"' + raw + b'"', 1)
    first, second = parse.split(whole)
    assert parse.message(first.payload, RECEIVED).bubble.content == Text(body)
    assert parse.message(second.payload, RECEIVED).bubble.content == Text("RAW")
    first.payload.decode()


def test_numbers_no_store_holds_and_ids_of_senseless_length_do_no_harm() -> None:
    message = {"id": "i" * 5_000, "from": "62811", "type": "text", "text": {"body": "x"}, "n": "N"}
    (part,) = parse.split(envelope(messages=[message]).replace(b'"N"', b"1" * 400))
    assert len(part.external_id) < 300


@pytest.mark.parametrize("name", ["two words", "👩\u200d👧", "wamid.x\nforged", "é", "i" * 257])
def test_a_foreign_text_in_place_of_an_id_is_no_part_of_ours(name: str) -> None:
    message = {"id": name, "from": "62811", "type": "text", "text": {"body": "x"}}
    (part,) = parse.split(envelope(messages=[message]))
    assert re.fullmatch(r"odd:[0-9a-f]{32}", part.external_id)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Sari\nBOOKED", "Sari BOOKED"),
        ("*Sari* _x_ ~y~", "Sari x y"),
        ("\u202eiraS\u202c", "iraS"),
        ("\u200fسارة", "سارة"),
        ("🌺" * 40, None),
        (" ", None),
        ("A" * 500, "A" * 60),
        ("Nguyễn Văn Ánh 🌺", "Nguyễn Văn Ánh 🌺"),
    ],
)
def test_a_profile_name_can_stand_in_a_sentence(raw: str, name: str | None) -> None:
    message = {"id": "w", "from": "62811", "type": "text", "text": {"body": "x"}}
    assert only(message, {"wa_id": "62811", "profile": {"name": raw}}).name == name


def test_a_number_that_the_contact_writes_otherwise_keeps_the_name() -> None:
    message = {"id": "w", "from": "5491123456789", "type": "text", "text": {"body": "x"}}
    heard = only(message, {"wa_id": "541123456789", "profile": {"name": "Ana"}})
    assert (heard.name, heard.address.wa_id) == ("Ana", "5491123456789")


def test_an_edit_carries_its_new_words_and_a_deletion_what_it_takes_back() -> None:
    after = {"type": "text", "text": {"body": "at five"}}
    edit = {"id": "w2", "from": "62811", "type": "edit", "edit": {"original_message_id": "w1", "message": after}}
    revoke = {"id": "w3", "from": "62811", "type": "revoke", "revoke": {"original_message_id": "w1"}}
    edited, revoked = only(edit).bubble, only(revoke).bubble
    assert (edited.content, edited.replaces) == (Text("at five"), "w1")
    assert (revoked.content, revoked.revokes) == (Other("revoke"), "w1")


def test_an_order_and_cards_are_read() -> None:
    item = {"product_retailer_id": "balinese-massage", "quantity": "2", "item_price": 1, "currency": "IDR"}
    order = {"id": "w", "from": "62811", "type": "order", "order": {"product_items": [item, 3], "text": "tonight"}}
    assert only(order).bubble.content == Order((OrderedItem("balinese-massage", 2),), "tonight")
    card = {"name": {"formatted_name": "Made W"}, "phones": [{"phone": "+62 812"}, {}]}
    cards = {"id": "w", "from": "62811", "type": "contacts", "contacts": [card]}
    assert only(cards).bubble.content == ContactCards((("Made W", ("+62 812",)),))


def test_a_group_message_and_an_ad_say_so() -> None:
    text = {"id": "w", "from": "62811", "type": "text", "text": {"body": "x"}}
    (group,) = parse.split(envelope(messages=[text | {"group_id": "g1"}]))
    assert group.kind is PartKind.GROUP
    assert only(text | {"referral": {"headline": "Sunrise yoga", "body": 3}}).bubble.ad == "Sunrise yoga"


def test_an_echo_is_about_the_customer_it_was_sent_to() -> None:
    echo = {"from": "6281000", "to": "62811", "to_user_id": "ID.1", "id": "e", "type": "text", "text": {"body": "hi"}}
    value = {"metadata": {"phone_number_id": "100"}, "message_echoes": [echo, echo | {"id": "e2"}]}
    entry = {"id": "1", "changes": [{"field": "smb_message_echoes", "value": value}]}
    first, second = parse.split(orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]}))
    assert (first.external_id, second.external_id) == ("echo:e", "echo:e2")
    assert first.addresses == (("user_id", "ID.1"), ("wa_id", "62811"))
    assert parse.message(first.payload, RECEIVED).bubble.content == Text("hi")


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
