"""Requests, tokens, completions, words, lint and publishing: small rules, one each."""

import copy
import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import limits
from flows.booking import booking_flow
from flows.completion import Completion, parse_completion
from flows.errors import FlowRefused, NotARequest
from flows.limits import FlowOverLimit
from flows.lint import lint
from flows.publish import FlowInvalid, FlowPublisher
from flows.request import ErrorNotification, FormOpened, Ping, parse_request
from flows.session import FlowToken, Purpose
from flows.token import TokenWrong, make_token, parse_token
from flows.view import Choice
from flows.words import Closing, ScreenNotice, languages, words_in
from tests.flows.shop import TOKEN, Shop

every_language = pytest.mark.parametrize("language", languages())


@pytest.mark.parametrize("action", ["INIT", "data_exchange", "navigate"])
def test_an_error_notification_is_seen_before_its_action(action: str) -> None:
    body = {"action": action, "screen": "X", "data": {"error": "payload-schema-error"}}
    assert isinstance(parse_request(json.dumps(body).encode()), ErrorNotification)


def test_a_ping_needs_nothing_else() -> None:
    assert parse_request(b'{"version":"3.0","action":"ping"}') == Ping()


def test_missing_and_null_fields_are_read_as_empty() -> None:
    assert parse_request(b'{"action":"INIT","screen":null,"data":null}') == FormOpened("")


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"action":"dance"}', b'{"action":"BACK","screen":"NOWHERE"}'])
def test_what_is_no_request_is_refused_with_400(raw: bytes) -> None:
    with pytest.raises(NotARequest) as refused:
        parse_request(raw)
    assert refused.value.status == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(["INIT", "BACK", "data_exchange", "?"]),
    st.sampled_from(["SERVICE", "PLACE", "DAY", "TIME", "DETAILS", "REVIEW", ""]),
    st.dictionaries(st.sampled_from(["step", "service", "day", "time", "guests", "name", "notes"]), JSON),
)
@settings(max_examples=80)
def test_any_payload_is_answered_or_refused_by_name(action: str, screen: str, data: dict[str, Any]) -> None:
    body = {"action": action, "screen": screen, "data": data, "flow_token": TOKEN}
    assert status_of(json.dumps(body).encode()) in {200, 400, 427}


def status_of(plaintext: bytes) -> int:
    """The status of an answer; a null in it is an error."""
    try:
        answer = Shop().answer(plaintext)
    except FlowRefused as refused:
        return refused.status
    assert b":null" not in answer
    return 200


def test_a_token_names_its_lead_and_purpose() -> None:
    token = make_token("lead~1", Purpose.BOOKING, "n0nce", "key")
    claims = parse_token(token, "key")
    assert (claims.lead_id, claims.purpose) == ("lead~1", Purpose.BOOKING)


@pytest.mark.parametrize("text", ["", "unused", "booking~n~lead-1.x", "é", "a" * 400])
def test_what_we_did_not_sign_is_no_token(text: str) -> None:
    with pytest.raises(TokenWrong):
        parse_token(text, "key")


def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(TokenWrong):
        parse_token(make_token("l", Purpose.BOOKING, "n", "key"), "other")


def test_a_token_made_with_a_former_key_is_known_while_that_key_is_kept() -> None:
    token = make_token("l", Purpose.BOOKING, "n", "oldest")
    assert parse_token(token, "newest", "newer", "oldest").lead_id == "l"
    assert parse_token(make_token("l", Purpose.BOOKING, "n", "newest"), "newest", "oldest").lead_id == "l"
    with pytest.raises(TokenWrong):
        parse_token(token, "newest", "newer")


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ('{"flow_token":"t"}', Completion(FlowToken("t"), is_readable=True)),
        ('{"name":"x"}', Completion(None, is_readable=True)),
        ('{"flow_token":"unused"}', Completion(None, is_readable=True)),
        ("[1]", Completion(None, is_readable=False)),
        ("not json", Completion(None, is_readable=False)),
        (None, Completion(None, is_readable=False)),
    ],
)
def test_a_completion_is_read_whatever_it_is(response: object, expected: Completion) -> None:
    assert parse_completion(response) == expected


@every_language
def test_the_booking_flow_passes_lint(language: str) -> None:
    assert lint(booking_flow(language).as_json()) == ()


@every_language
def test_every_notice_and_closing_has_words(language: str) -> None:
    words = words_in(language)
    assert set(words.notices) == set(ScreenNotice)
    assert set(words.closings) == set(Closing)


def test_an_option_over_its_limit_is_an_error_where_it_is_built() -> None:
    with pytest.raises(FlowOverLimit):
        Choice("a", "x" * 31)


def broken(change: str) -> dict[str, Any]:
    """The booking Flow with one thing wrong."""
    flow: dict[str, Any] = copy.deepcopy(json.loads(json.dumps(booking_flow("en").as_json())))
    first, last = flow["screens"][0], flow["screens"][-1]
    match change:
        case "loop":
            flow["routing_model"]["TIME"].append("SERVICE")
        case "edge back":
            flow["routing_model"]["DAY"].append("SERVICE")
        case "unlisted":
            del flow["routing_model"]["REVIEW"]
        case "dead end":
            del last["terminal"]
        case "no footer":
            last["layout"]["children"].pop()
        case "no example":
            del first["data"]["services"]["__example__"]
        case "id":
            first["id"] = "SERVICE1"
        case "label":
            first["layout"]["children"][1]["label"] = "x" * 31
        case "binding":
            first["layout"]["children"][1]["data-source"] = "${data.nothing}"
        case _:
            pass
    return flow


@pytest.mark.parametrize(
    "change",
    ["loop", "edge back", "unlisted", "dead end", "no footer", "no example", "id", "label", "binding"],
)
def test_lint_sees(change: str) -> None:
    assert lint(broken(change))


@pytest.mark.parametrize(("depth", "told"), [(3, 0), (4, 1), (5, 1)])
def test_ifs_nest_to_three(depth: int, told: int) -> None:
    flow = broken("nothing")
    inner: dict[str, Any] = {"type": "TextBody", "text": "x"}
    for _ in range(depth):
        inner = {"type": "If", "condition": "true", "then": [inner]}
    flow["screens"][0]["layout"]["children"].insert(0, inner)
    assert len([one for one in lint(flow) if "Ifs nest to 3" in one.text]) == told


def test_a_form_over_ten_megabytes_is_told() -> None:
    flow = broken("nothing")
    flow["screens"][0]["data"]["services"]["__example__"][0]["image"] = "x" * limits.FLOW_JSON_BYTES
    assert [one.text for one in lint(flow) if one.where == "the file"] == ["is larger than 10485760 bytes"]


def graph(answers: dict[str, httpx.Response]) -> httpx.AsyncClient:
    """Graph with these answers by path."""

    async def serve(request: httpx.Request) -> httpx.Response:
        return answers[request.url.path]

    return httpx.AsyncClient(base_url="http://graph.test/v26.0/", transport=httpx.MockTransport(serve))


async def test_problems_that_meta_reports_with_success_are_an_error() -> None:
    answers = {
        "/v26.0/f": httpx.Response(200, json={"success": True}),
        "/v26.0/f/assets": httpx.Response(200, json={"success": True, "validation_errors": [{"message": "bad"}]}),
    }
    async with graph(answers) as http:
        with pytest.raises(FlowInvalid, match="bad"):
            await FlowPublisher(http, "w", "p").update("f", booking_flow("en"), "https://x.test")


async def test_a_dry_run_sends_nothing() -> None:
    async with graph({}) as http:
        publisher = FlowPublisher(http, "w", "p", is_dry_run=True)
        await publisher.upload_key("pem")
        await publisher.publish("f")
    assert publisher.planned == ["upload the public key", "publish f"]
