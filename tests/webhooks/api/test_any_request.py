"""No query string and no body brings an answer of 500 and above: any value at any field of any declared route."""

import asyncio
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.store.migrations import migrate
from tests.journeys.world import API_TOKEN, settings_for, simulated
from webhooks.api.operations import OPERATIONS
from webhooks.doorway import doors_of
from webhooks.edge.operations import PREFIX, Method, Operation
from webhooks.processes.web import create_app
from webhooks.wiring import opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(300)]

Json = dict[str, Any]
AnyOperation = Operation[Any, Any, Any]
OUTSIDE: Final = simulated("http://127.0.0.1:1")
LEAD: Final = LeadId("0198a1b2c3d-somebody")

NASTY: Final = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "%",
    "%00",
    "²",
    "٣",
    "1_000",
    "-1",
    "+1",
    "0",
    "1e9",
    "9" * 24,
    "9" * 5_000,
    "0001-01-01",
    "9999-12-30",
    "9999-12-31",
    "2026-02-30",
    "20261231",
    "1700000000",
    "../../etc",
    "$where",
    '{"$gt": ""}',
    "\u202e",
    "a" * 70_000,
    "planning-call|concierge|99991231T2359Z|",
    "planning-call|concierge|00010101T0000Z||99",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
)
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=40), st.integers().map(str), st.dates().map(date.isoformat))
values: st.SearchStrategy[Any] = st.one_of(
    texts,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.just(10**400),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
named = st.sampled_from(["planning-call", "balinese-massage", LEAD, "CANCELLED", "all", "BK-26112810-AAAAAA"])


@dataclass(frozen=True, slots=True)
class Edge:
    """The application without a network, and the one way to ask it."""

    ask: Callable[..., tuple[int, str, bytes]]


@pytest.fixture(scope="module")
def edge(mongodb_uri: str) -> Iterator[Edge]:
    database = f"any_request_{secrets.token_hex(4)}"
    ours = settings_for(OUTSIDE, "http://127.0.0.1:1", 1, database)
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def begin() -> Any:
            process = await stack.enter_async_context(opened(ours, mongodb_uri))
            stack.push_async_callback(process.client.drop_database, database)
            await migrate(process.database)
            await process.parts.leads.create(Lead(id=LEAD))
            return create_app(doors_of(process)).test_client()

        client = runner.run(begin())

        async def asked(method: str, path: str, query: str, body: bytes, more: Json) -> tuple[int, str, bytes]:
            answer = await client.open(
                f"{path}?{query}", method=method.upper(), data=body or None, headers={**headers, **more}
            )
            return answer.status_code, answer.headers.get("Content-Type", ""), await answer.get_data(as_text=False)

        yield Edge(lambda *asking: runner.run(asked(*asking)))
        runner.run(stack.aclose())


def encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def fields(shape: Any) -> list[str]:
    return [str(info.validation_alias or name) for name, info in shape.model_fields.items() if name != "root"]


@st.composite
def requests(draw: st.DrawFn, operation: AnyOperation) -> tuple[str, str, bytes, Json]:
    """A request to that route that a person, a broken client or an attacker might send."""
    some = st.one_of(named, texts.filter(bool))
    path = re.sub(r"\{\w+(?::\w+)?\}", lambda _: encoded(draw(some)) or "x", operation.path)
    chosen = draw(st.lists(st.sampled_from([*fields(operation.query_shape), "other"]), max_size=5))
    query = "&".join(f"{encoded(name)}={encoded(draw(st.one_of(named, texts)))}" for name in chosen)
    headers = draw(
        st.dictionaries(
            st.sampled_from(["Idempotency-Key", "Accept-Language"]),
            st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20),
            max_size=2,
        )
    )
    if operation.method is Method.GET:
        return path, query, b"", headers
    names = [*fields(operation.body_shape), "move", "to", "reset"]
    body = draw(st.dictionaries(st.sampled_from(names), st.one_of(named, values), max_size=5))
    raw = draw(st.one_of(st.just(json.dumps(body).encode("utf-8", "surrogatepass")), st.binary(max_size=60)))
    return path, query, raw, headers


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_request_is_answered_below_500(edge: Edge, operation: AnyOperation, data: st.DataObject) -> None:
    path, query, body, headers = data.draw(requests(operation))
    status, kind, answer = edge.ask(operation.method, PREFIX + path, query, body, headers)
    assert status < 500, (path, query, body, headers, answer)
    if status >= 400:
        assert kind == "application/problem+json"
        assert json.loads(answer)["type"].startswith("urn:janji:problem:")
    else:
        assert kind == ("text/csv; charset=utf-8" if operation.table else "application/json")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=texts, to=texts, limit=texts, cursor=texts)
@example("9999-12-30", "", "9" * 5_000, "9" * 24)
@example("9999-12-25", "9999-12-31", "²", "²")
@example("2199-12-31", "2199-12-31", "200", "999999999")
def test_days_limits_and_cursors_of_any_kind(edge: Edge, first: str, to: str, limit: str, cursor: str) -> None:
    days = f"from={encoded(first)}" + (f"&to={encoded(to)}" if to else "")
    place = f"limit={encoded(limit)}&cursor={encoded(cursor)}"
    for path, query in (
        ("/services/balinese-massage/slots", days),
        ("/services/planning-call/slots", days),
        ("/bookings", place),
        ("/conversations", place),
        (f"/conversations/{LEAD}/messages", place),
    ):
        status, _, answer = edge.ask("get", PREFIX + path, query, b"", {})
        assert status in {200, 400}, (path, query, answer)


nested = st.recursive(
    values, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3), max_leaves=8
)
FIELDS: Final = ("object", "entry", "changes", "field", "value", "messages", "statuses", "contacts", "metadata", "id")


@st.composite
def foreign(draw: st.DrawFn) -> bytes:
    """A body that Meta or Xendit might send one day, or somebody in their name."""
    value = draw(st.dictionaries(st.sampled_from(FIELDS), nested, max_size=4))
    message = draw(st.dictionaries(st.sampled_from(["from", "id", "type", "text", "timestamp", "interactive"]), nested))
    whole = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": {"messages": [message], **value}}]}],
    }
    shape = draw(st.sampled_from(["envelope", "callback", "anything", "bytes", "deep"]))
    match shape:
        case "envelope":
            return json.dumps(whole).encode()
        case "callback":
            return json.dumps({"external_id": draw(nested), "id": draw(nested), "status": draw(nested)}).encode()
        case "deep":
            return b"[" * 100_000
        case "bytes":
            return draw(st.binary(max_size=200))
        case _:
            return json.dumps(draw(nested)).encode()


def test_a_doubled_slash_is_a_path_that_nobody_has(edge: Edge) -> None:
    status, kind, _ = edge.ask("post", PREFIX + "/bookings/0%2F/reschedule", "", b"{}", {})
    assert (status, kind) == (404, "application/problem+json")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=foreign(), webhook_id=st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=200))
@example(b'{"external_id":"x","id":"y","amount":1,"status":"\\ud800"}', "y")
@example(b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":null}]}', "x")
def test_any_body_at_a_door_is_stored_or_refused(edge: Edge, body: bytes, webhook_id: str) -> None:
    secret = OUTSIDE.app_secret.encode()
    signed = {"X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()}
    token = {"x-callback-token": OUTSIDE.xendit_webhook_token, "webhook-id": webhook_id}
    for path, headers in (("/webhooks/whatsapp", signed), ("/webhooks/flows", signed), ("/webhooks/xendit", token)):
        status, _, answer = edge.ask("post", path, "", body, headers)
        assert status in {200, 400, 413, 421, 427, 432}, (path, body, answer)
