"""Everything that reads foreign text, with text that is nearly right or quite wrong: only named errors leave it."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.whatsapp import parse
from bot.business import file as business_file
from bot.business.definition import Business
from bot.business.problems import Problems
from bot.domain.ids import LeadId
from bot.engine.channel import PartKind
from bot.slots.claims import NOTHING_TAKEN
from bot.slots.recheck import recheck
from bot.slots.slot import read_slot_id
from flows import completion
from flows.envelope import open_request, parse_envelope
from flows.errors import CannotDecrypt, NotAnEnvelope, NotARequest
from flows.keys import FlowKeys, load_key
from flows.lint import lint, lint_file, warnings
from flows.request import parse_request
from flows.token import TokenWrong, parse_token
from intents import lines
from intents.understand import understand
from intents.understanding import ExpectedAnswer, Language
from payments.domain.events import MalformedCallback, UnknownCallback
from payments.gateways.xendit import callbacks
from tests.faults.fuzz import seeds
from tests.faults.fuzz.inputs import SEED, count, told
from tests.faults.fuzz.mutate import CANARY, Mutator
from tests.flows.vectors import recorded_keys
from webhooks.api.operations import OPERATIONS
from webhooks.edge.operations import read
from webhooks.edge.problems import RequestRefused

pytestmark = pytest.mark.timeout(600)

NOW: Final = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
WORDS: Final = (
    "balinese-massage",
    "villa-melati",
    "2026-12-24",
    "balinese-massage||20261224T070000Z|villa-melati",
    "0.0.0",
)


def fuzzed(mutator: Mutator, examples: tuple[Any, ...], inputs: int, act: Callable[[Any], None]) -> None:
    """So many mutations of the examples."""
    for index in range(inputs):
        found = mutator.mutated(mutator.random.choice(examples))
        with told(SEED, index, found):
            act(found)


@pytest.fixture
def mutator(request: pytest.FixtureRequest) -> Mutator:
    """Inputs of this test alone: running it by itself repeats them."""
    print(f"JANJI_PROVE_SEED={SEED}")
    return Mutator(SEED + sum(map(ord, request.node.originalname)), WORDS)


def test_webhooks_of_meta_are_split_and_read_or_named(mutator: Mutator) -> None:
    def act(found: Any) -> None:
        try:
            parts = parse.split(mutator.packed(found))
        except (parse.NotAWebhookEnvelope, ValueError):
            return
        for part in parts:
            part.external_id.encode()
            assert all(value for _, value in part.addresses)
            match part.kind:
                case PartKind.MESSAGE | PartKind.GROUP:
                    heard = parse.message(part.payload, NOW)
                    heard.bubble.sent_at.isoformat()
                case PartKind.ADDRESS:
                    parse.changed_address(part.payload)
                case PartKind.STATUS:
                    parse.status(part.payload)
                case _:
                    pass

    fuzzed(mutator, seeds.whatsapp(), count(0.06, 150), act)


def test_callbacks_are_read_or_named_and_no_reason_repeats_them(mutator: Mutator) -> None:
    def act(found: Any) -> None:
        event = callbacks.parse(mutator.packed(found))
        if isinstance(event, MalformedCallback | UnknownCallback):
            assert CANARY not in repr(event)
            repr(event).encode()

    fuzzed(mutator, seeds.callbacks(), count(0.06, 150), act)


@cache
def flow_keys() -> FlowKeys:
    """The keys the recorded envelopes were sealed for."""
    known = recorded_keys()
    return FlowKeys(load_key(known["pkcs8"]))


def test_sealed_requests_of_a_form_are_opened_or_named(mutator: Mutator) -> None:
    keys = flow_keys()

    def act(found: Any) -> None:
        raw = mutator.packed(found)
        try:
            parse_envelope(raw)
            opened = open_request(raw, keys)
        except (NotAnEnvelope, CannotDecrypt):
            return
        try:
            parse_request(opened.plaintext)
        except NotARequest:
            return

    fuzzed(mutator, seeds.envelopes(), count(0.01, 40), act)


def test_requests_of_a_form_are_read_or_named(mutator: Mutator) -> None:
    def act(found: Any) -> None:
        try:
            wanted = parse_request(mutator.packed(found))
        except NotARequest:
            return
        repr(wanted)

    fuzzed(mutator, seeds.flow_requests(), count(0.04, 150), act)


def test_what_a_phone_says_of_a_sent_form_is_read_whatever_it_is(mutator: Mutator) -> None:
    def act(found: Any) -> None:
        completion.parse_completion(found)
        completion.parse_completion(mutator.packed(found).decode("utf-8", "surrogateescape"))

    fuzzed(mutator, seeds.flow_requests(), count(0.01, 50), act)


def test_tokens_of_forms_are_known_or_wrong(mutator: Mutator) -> None:
    def act(found: str) -> None:
        try:
            parse_token(found, "a key", "another")
        except TokenWrong:
            return
        raise AssertionError("a token nobody signed")

    for index in range(count(0.01, 50)):
        found = mutator.text()
        with told(SEED, index, found):
            act(found)


def test_flows_are_linted_whatever_they_are(mutator: Mutator) -> None:
    def act(found: Any) -> None:
        for problem in (*lint(found), *warnings(found), *lint_file(mutator.packed(found))):
            str(problem)

    fuzzed(mutator, seeds.flows(), count(0.02, 40), act)


@cache
def sample() -> str:
    return resources.files("bot.business").joinpath("sample.yaml").read_text("utf-8")


def test_business_files_are_read_or_every_mistake_is_named(mutator: Mutator) -> None:
    written = sample().splitlines()
    for index in range(count(0.005, 8)):
        changed = list(written)
        for _ in range(mutator.random.choice((1, 1, 2, 5))):
            at = mutator.random.randrange(len(changed))
            word = mutator.text()[:300]
            kind = mutator.random.randrange(5)
            if kind == 0:
                changed.pop(at)
            elif kind == 1:
                changed[at] = changed[at].partition(":")[0] + ": " + word
            elif kind == 2:
                changed[at] = changed[at].partition(":")[0] + ": " + json.dumps(mutator.value())
            elif kind == 3:
                changed.insert(at, changed[mutator.random.randrange(len(changed))])
            else:
                changed[at] = " " * mutator.random.randrange(6) + changed[at].lstrip()
        text = "\n".join(changed)
        with told(SEED, index, [line for line in changed if line not in written]):
            found = business_file.parse(text, "fuzz.yaml")
            assert isinstance(found, Business | Problems)
            if isinstance(found, Problems):
                assert str(found)


def test_names_of_times_are_read_or_are_none(mutator: Mutator) -> None:
    business = business_file.parse(sample(), "sample.yaml")
    assert isinstance(business, Business)
    for index in range(count(0.03, 150)):
        parts = ["balinese-massage", "ayu", "20261224T070000Z", "villa-melati", "2"]
        for _ in range(mutator.random.choice((1, 1, 2))):
            at = mutator.random.randrange(len(parts))
            parts[at] = mutator.random.choice(
                ("", mutator.text(), "00010101T0000Z", "99991231T2359Z", "20261224T0700Z", "20260230T0700Z", "99")
            )
        text = "|".join(parts[: mutator.random.randrange(1, 6)])
        with told(SEED, index, text):
            name = read_slot_id(text)
            if name is not None:
                assert "\n" not in text
                recheck(business, name, mutator.random.choice((1, 2, 10**6)), NOW, NOTHING_TAKEN)


def test_anything_can_be_said_to_us(mutator: Mutator) -> None:
    here = NOW.astimezone(ZoneInfo("Asia/Makassar"))
    for index in range(count(0.02, 60)):
        said = mutator.mutated(mutator.random.choice(seeds.texts()))
        text = said if isinstance(said, str) else str(said)
        expecting = mutator.random.choice(list(ExpectedAnswer))
        language = mutator.random.choice([None, *Language])
        with told(SEED, index, (text, expecting, language)):
            meant = understand(text, expecting, here.date(), here, language)
            json.dumps(lines.as_object(meant))


def test_lines_of_questions_are_answered_whatever_they_are(mutator: Mutator) -> None:
    example = {
        "id": 1,
        "text": "tomorrow at 3",
        "now": "2026-11-28T10:00:00",
        "timezone": "Asia/Makassar",
        "language": "en",
        "expecting": "slot",
    }

    def act(found: Any) -> None:
        line = mutator.packed(found).decode("utf-8", "replace").replace("\n", " ")
        json.loads(lines.answered(line, NOW))

    fuzzed(mutator, (example,), count(0.01, 40), act)


def test_requests_to_the_api_are_read_or_refused_with_a_problem(mutator: Mutator) -> None:
    shapes = [shape for one in OPERATIONS for shape in (one.path_shape, one.query_shape, one.body_shape)]
    for index in range(count(0.06, 200)):
        shape = mutator.random.choice(shapes)
        names = [info.alias or name for name, info in shape.model_fields.items()]
        given: Any = {name: mutator.value() for name in names if mutator.random.random() < 0.8}
        if mutator.random.random() < 0.1:
            given = mutator.value()
        with told(SEED, index, (shape, given)):
            try:
                asked = read(shape, given)
            except RequestRefused:
                continue
            repr(asked)


def test_places_in_lists_are_read_or_refused(mutator: Mutator) -> None:
    shapes = [one.query_shape for one in OPERATIONS if "cursor" in one.query_shape.model_fields]
    assert shapes
    for index in range(count(0.02, 60)):
        shape = mutator.random.choice(shapes)
        text = mutator.random.choice(
            (
                mutator.text(),
                base64.urlsafe_b64encode(mutator.packed(mutator.value())).decode(),
                quote(mutator.text(), errors="replace"),
            )
        )
        with told(SEED, index, (shape, text)):
            try:
                read(shape, {"cursor": text})
            except RequestRefused:
                continue


def test_stored_values_are_read_or_named(mutator: Mutator) -> None:
    """What another version wrote: a lead, an order, an understanding."""
    from bot.domain.commands import Lane, SendText
    from bot.domain.lead import Lead
    from bot.store import shapes

    lead = json.loads(shapes.pack_lead(Lead(LeadId("lead-1"))))
    order = json.loads(shapes.pack_order(SendText("hello")))

    def act(found: Any) -> None:
        packed = mutator.packed(found)
        shapes.unpack_order(packed, "send_text", Lane.CHAT)
        for unpack in (shapes.unpack_lead, shapes.unpack_understanding, shapes.unpack_answer):
            try:
                unpack(packed)
            except shapes.UnknownKind:
                continue

    fuzzed(mutator, (lead, order), count(0.03, 100), act)


def test_the_generator_makes_what_it_says() -> None:
    """A fuzz that never reaches past the first check proves nothing: enough of what it makes is still read."""
    mutator = Mutator(7, WORDS)
    read_, parts = 0, 0
    for _ in range(400):
        try:
            parts += bool(parse.split(mutator.packed(mutator.mutated(mutator.random.choice(seeds.whatsapp())))))
            read_ += 1
        except (parse.NotAWebhookEnvelope, ValueError):
            continue
    assert 200 < read_ < 400
    assert parts > 150
    first, second = Mutator(7, WORDS), Mutator(7, WORDS)
    assert [first.mutated(seeds.callbacks()) for _ in range(20)] == [
        second.mutated(seeds.callbacks()) for _ in range(20)
    ]
