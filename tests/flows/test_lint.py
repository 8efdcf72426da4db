"""The lint: Meta's own samples pass, whatever is wrong is named with its place and a way out, and no file ends it."""

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from flows import components, limits
from flows.booking import booking_flow
from flows.lint import lint, lint_file, warnings
from flows.problem import FlowProblem
from tests.flows.meta_samples import SAMPLES
from tests.flows.wrong_flows import WRONG, option, with_component, with_screen
from webhooks.cli.main import app

Json = dict[str, Any]
RUN = CliRunner()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_meta_publishes_passes(name: str) -> None:
    assert [str(one) for one in lint(SAMPLES[name])] == []
    assert [one for one in lint_file(json.dumps(SAMPLES[name]).encode()) if not one.is_warning] == []


def test_the_samples_show_every_component_and_every_kind_of_action() -> None:
    written = json.dumps(SAMPLES)
    unseen = {kind for kind in components.KINDS if f'"type": "{kind}"' not in written}
    assert unseen == {"Image", "CheckboxGroup"}
    assert {kind for kind in components.ACTION_SINCE if f'"name": "{kind}"' not in written} == set()


@pytest.mark.parametrize("what", sorted(WRONG))
def test_what_is_wrong_is_named_with_its_place(what: str) -> None:
    flow, words, place = WRONG[what]
    found = [one for one in lint(flow) if words in str(one)]
    assert found, [str(one) for one in lint(flow)]
    assert any(place in one.path for one in found)


@pytest.mark.parametrize("what", sorted(WRONG))
def test_nearly_every_finding_says_what_to_do(what: str) -> None:
    flow, words, _ = WRONG[what]
    found = [one for one in lint(flow) if words in str(one)]
    without_a_way = {"3 fit", "1 fit", "20 fit", "100 fit", "DocumentPicker", "photos", "null"}
    assert any(one.fix for one in found) or any(part in words for part in without_a_way)


def test_what_is_doubtful_is_a_warning_and_refuses_nothing() -> None:
    old = with_screen() | {"version": "5.0"}
    newer = with_screen() | {"version": "8.0"}
    wordy = with_component({"type": "TextBody", "text": "Hello ${form.name}"})
    wordy["screens"][0]["layout"]["children"].insert(0, {"type": "TextInput", "name": "name", "label": "Name"})
    link = with_component(
        {"type": "EmbeddedLink", "text": "x" * 30, "on-click-action": {"name": "open_url", "url": "h"}}
    )
    for flow, words in ((old, "frozen"), (newer, "newer than 7.3"), (wordy, "backticks"), (link, "25 fit")):
        assert lint(flow) == ()
        assert any(words in str(one) for one in warnings(flow))


BYTES: dict[str, tuple[bytes, str]] = {
    "a list": (b"[1, 2]", "is a list, not an object"),
    "a number": (b"7", "is a number, not an object"),
    "null": (b"null", "is null, not an object"),
    "nothing": (b"", "is not JSON"),
    "not UTF-8": (b'{"version": "\xff"}', "is not UTF-8 at byte 13"),
    "nested without end": (b"[" * 100_000 + b"]" * 100_000, "nests deeper than 60 levels"),
    "nested in objects": (b'{"a":' * 500 + b"1" + b"}" * 500, "nests deeper than 60 levels"),
    "a number of 5 000 digits": (b'{"version": ' + b"9" * 5_000 + b"}", "is not JSON"),
    "a lone surrogate": (b'{"version": "7.3", "screens": [{"id": "\\ud800"}]}', "has a character no phone shows"),
    "a NUL": (b'{"version": "7.3", "a\\u0000b": 1}', "has a character no phone shows in a\\x00b"),
}


@pytest.mark.parametrize("what", sorted(BYTES))
def test_a_file_that_is_no_flow_is_told_in_words(what: str, tmp_path: Any) -> None:
    raw, words = BYTES[what]
    assert any(words in str(one) for one in lint_file(raw))
    path = tmp_path / "flow.json"
    path.write_bytes(raw)
    for more in ([], ["--json"]):
        told = RUN.invoke(app, ["flows", "lint", str(path), *more])
        assert told.exit_code == 1
        assert told.exception is None or isinstance(told.exception, SystemExit)


def test_a_byte_order_mark_is_a_warning_and_the_rest_is_read(tmp_path: Any) -> None:
    path = tmp_path / "flow.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(with_screen()).encode())
    told = RUN.invoke(app, ["flows", "lint", str(path), "--json"])
    assert told.exit_code == 0
    assert json.loads(told.stdout)["ok"] is True
    assert "byte order mark" in json.loads(told.stdout)["warnings"][0]


def test_a_finding_comes_part_by_part_for_a_program(tmp_path: Any) -> None:
    path = tmp_path / "flow.json"
    path.write_text(json.dumps(WRONG["an opt-in over 120"][0] | {"version": "5.0"}))
    told = json.loads(RUN.invoke(app, ["flows", "lint", str(path), "--json"]).stdout)
    assert told["ok"] is False
    assert [(one["severity"], one["path"]) for one in told["findings"]] == [
        ("warning", "version"),
        ("error", "screens[0].layout.children[0].label"),
    ]
    assert told["findings"][1] == {
        "file": str(path),
        "screen": "DEMO_SCREEN",
        "where": "OptIn o",
        "text": "label has 121 characters, 120 fit",
        "fix": "shorten it",
        "path": "screens[0].layout.children[0].label",
        "severity": "error",
    }


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(codec=None), max_size=12)
    | st.sampled_from(["${data.x}", "${form.a}", "${screen.A.form.x}", "`${data.x}`", "${", "7.3", "\ud800", "a\x00b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
KNOWN = st.sampled_from(
    sorted(
        components.TOP
        | components.SCREEN
        | components.LAYOUT
        | components.ACTION
        | components.OPTION
        | components.ITEM
        | frozenset().union(*(kind.properties for kind in components.KINDS.values()))
    )
)
SHAPED = st.recursive(
    ANY | st.sampled_from(sorted(components.KINDS)) | st.sampled_from(sorted(components.ACTION_SINCE)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KNOWN, inner, max_size=5),
    max_leaves=20,
)


@given(ANY | SHAPED)
@example({"version": "7.3", "screens": [{"data": {"x": "y"}, "layout": {"children": "abc"}}]})
@example({"version": "7.3", "screens": [{"layout": {"children": [{"type": "Switch", "cases": [1]}]}}]})
@settings(max_examples=300)
def test_no_json_ends_the_lint(flow: Any) -> None:
    for problem in (*lint(flow), *warnings(flow)):
        assert str(problem).isprintable()
        str(problem).encode()


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a Flow that can hold something else."""
    found: list[tuple[Any, Any]] = []
    todo = [value]
    while todo:
        one = todo.pop()
        for key, inner in one.items() if isinstance(one, dict) else enumerate(one):
            found.append((one, key))
            if isinstance(inner, dict | list):
                todo.append(inner)
    return found


WHOLE: dict[str, Json] = SAMPLES | {
    "booking": json.loads(json.dumps(booking_flow("en").as_json())),
}


@given(st.sampled_from(sorted(WHOLE)), st.data())
@settings(max_examples=400)
def test_a_flow_with_anything_in_one_place_is_read_to_its_end(name: str, data: st.DataObject) -> None:
    flow = copy.deepcopy(WHOLE[name])
    holder, key = data.draw(st.sampled_from(places(flow)))
    holder[key] = data.draw(ANY)
    for problem in (*lint(flow), *warnings(flow)):
        assert str(problem).isprintable()


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_end_the_lint(raw: bytes) -> None:
    assert lint_file(raw)


def over_limit(component: Json) -> list[FlowProblem]:
    return [one for one in lint(with_component(component)) if "characters" in one.text]


@pytest.mark.parametrize("kind", sorted(limits.TEXT))
def test_every_limit_holds_at_its_number_and_not_one_above(kind: str) -> None:
    body = {"type": kind, "name": "x", "data-source": [option(1), option(2)], "mode": "range", "label": "a"}
    for name, limit in limits.TEXT[kind].items():
        more = limits.DISPUTED.get(kind, {}).get(name, limit)
        assert over_limit({**body, name: "x" * more}) == []
        assert len(over_limit({**body, name: "x" * (more + 1)})) == 1
        assert more >= limit
