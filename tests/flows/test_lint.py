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
from flows.problem import Problem
from flows.words import FlowLanguage
from tests.flows.meta_samples import SAMPLES, column, demo, footer, to_screen
from webhooks.cli import app

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


def with_screen(**changes: Any) -> Json:
    flow = demo(footer("Done", "complete"))
    flow["screens"][0].update(changes)
    return flow


def with_component(component: Json, version: str = "7.3") -> Json:
    return demo(component, footer("Done", "complete"), version=version)


def option(number: int, **more: Any) -> Json:
    return {"id": str(number), "title": f"Option {number}", **more}


def group(kind: str = "RadioButtonsGroup", source: Any = None, **more: Any) -> Json:
    usual = {"type": kind, "name": "choice", "label": "Choose", "data-source": source or [option(1), option(2)]}
    return {**usual, **more}


def listed(**more: Any) -> Json:
    item = {"id": "1", "main-content": {"title": "Home"}, "on-click-action": to_screen("LAST"), **more}
    body = column({"type": "NavigationList", "name": "list", "list-items": [item]})
    first = {"id": "FIRST", "title": "First", "layout": body}
    return {"version": "7.3", "screens": [first, {**demo(footer("Done", "complete"))["screens"][0], "id": "LAST"}]}


WRONG: dict[str, tuple[Json, str, str]] = {
    # what is wrong: the Flow, words of the finding, its place
    "an unknown component": (
        with_component({"type": "TextHeader", "text": "x"}),
        "unknown component TextHeader",
        "screens[0].layout.children[0].type",
    ),
    "a component without a type": (with_component({"text": "x"}), "has no type", "screens[0].layout.children[0].type"),
    "an unknown property of a component": (
        with_component({"type": "TextBody", "text": "x", "font_weight": "bold"}),
        "unknown property font_weight",
        "screens[0].layout.children[0].font_weight",
    ),
    "an unknown property of a screen": (with_screen(tittle="x"), "did you mean title?", "screens[0].tittle"),
    "an unknown property of the Flow": ({**with_screen(), "screen": []}, "did you mean screens?", "screen"),
    "an unknown property of an option": (
        with_component(group(source=[option(1, subtitle="x")])),
        "unknown property subtitle",
        "data-source[0].subtitle",
    ),
    "an unknown property of an action": (
        demo({**footer("Go", "complete"), "on-click-action": {"name": "complete", "paylod": {}}}),
        "unknown property paylod",
        "on-click-action.paylod",
    ),
    "data as text": (with_screen(data="all of it"), "is text, not an object", "screens[0].data"),
    "a field as text": (with_screen(data={"x": "string"}), "is text, not an object with a type", "screens[0].data.x"),
    "a field of an unknown type": (
        with_screen(data={"x": {"type": "str", "__example__": "a"}}),
        "unknown type str",
        "",
    ),
    "a field without example": (with_screen(data={"x": {"type": "string"}}), "no __example__", "screens[0].data.x"),
    "a null in an example": (
        with_screen(data={"x": {"type": "array", "items": {}, "__example__": [None]}}),
        "null",
        "",
    ),
    "a layout that is a list": (with_screen(layout=[]), "is a list, not an object", "screens[0].layout"),
    "no components": (with_screen(layout={"type": "SingleColumnLayout"}), "has no components", "layout.children"),
    "a screen that is a number": ({"version": "7.3", "screens": [7]}, "is a number, not an object", "screens[0]"),
    "screens that are an object": ({"version": "7.3", "screens": {}}, "missing or empty", "screens"),
    "a version that is a number": ({**with_screen(), "version": 7.3}, "is a number, not text", "version"),
    "a version that never was": ({**with_screen(), "version": "4.5"}, "4.5 is no version", "version"),
    "a data API that never was": ({**with_screen(), "data_api_version": "2"}, "no version of the data API", ""),
    "a data channel where none is allowed": (
        {**with_screen(), "data_channel_uri": "https://x"},
        "not allowed since version 3.0",
        "data_channel_uri",
    ),
    "a component newer than the version": (
        with_component(group("ChipsSelector"), "6.2"),
        "needs Flow JSON 6.3",
        "screens[0].layout.children[0].type",
    ),
    "an action newer than the version": (
        with_component(
            {
                "type": "EmbeddedLink",
                "text": "Terms",
                "on-click-action": {"name": "open_url", "url": "https://x"},
            },
            "5.1",
        ),
        "open_url needs Flow JSON 6.0",
        "on-click-action.name",
    ),
    "a property newer than the version": (
        with_component({"type": "TextBody", "text": "x", "markdown": True}, "5.0"),
        "needs Flow JSON 5.1",
        "markdown",
    ),
    "an input outside a Form before 4.0": (
        with_component({"type": "TextArea", "name": "a", "label": "A"}, "3.1"),
        "outside a Form",
        "",
    ),
    "a group without a label since 4.0": (with_component(group(label="")), "has no label", "label"),
    "an opt-in over 120": (
        with_component({"type": "OptIn", "name": "o", "label": "x" * 121}),
        "label has 121 characters, 120 fit",
        "label",
    ),
    "a blank heading": (with_component({"type": "TextHeading", "text": "  "}), "text is blank", "text"),
    "a heading that is a number": (with_component({"type": "TextHeading", "text": 7}), "is a number, not text", "text"),
    "an option's title over 30": (
        with_component(group(source=[option(1, title="x" * 31)])),
        "title has 31 characters, 30 fit",
        "data-source[0].title",
    ),
    "two options of one id": (
        with_component(group(source=[option(1), option(1)])),
        "two options 1",
        "data-source[1].id",
    ),
    "an option without an id": (with_component(group(source=[{"title": "x"}])), "without id", ""),
    "options that are an object": (with_component(group(source={"type": "static"})), "an object", ""),
    "one chip": (with_component(group("ChipsSelector", source=[option(1)])), "2 to 20 fit", ""),
    "a dropdown of 101 with images": (
        with_component(group("Dropdown", source=[option(n, image="x") for n in range(101)])),
        "1 to 100 fit",
        "data-source",
    ),
    "a kind of input that is none": (
        with_component({"type": "TextInput", "name": "a", "label": "A", "input-type": "date"}),
        "has input-type date",
        "input-type",
    ),
    "a pattern without help": (
        with_component({"type": "TextInput", "name": "a", "label": "A", "pattern": "x"}),
        "no helper-text",
        "helper-text",
    ),
    "required as text": (with_component({"type": "OptIn", "name": "o", "label": "A", "required": "yes"}), "text", ""),
    "three captions": (
        demo({**footer("Go", "complete"), "left-caption": "a", "center-caption": "b", "right-caption": "c"}),
        "center-caption beside others",
        "center-caption",
    ),
    "a Footer in one branch": (
        demo(
            {"type": "TextInput", "name": "a", "label": "A"},
            {"type": "If", "condition": "${form.a} == 'x'", "then": [footer("Go", "complete")]},
        ),
        "none in else",
        "children[1].else",
    ),
    "a second Footer outside the If": (
        demo(
            {"type": "TextInput", "name": "a", "label": "A"},
            {
                "type": "If",
                "condition": "${form.a} == 'x'",
                "then": [footer("Go", "complete")],
                "else": [footer("Go", "complete")],
            },
            footer("Go", "complete"),
        ),
        "Footer · stands 2 times, 1 fit",
        "layout.children",
    ),
    "a condition that compares nothing": (
        with_component({"type": "If", "condition": "true", "then": [{"type": "TextBody", "text": "x"}]}),
        "a condition without",
        "condition",
    ),
    "a Switch without cases": (with_component({"type": "Switch", "value": "x", "cases": {}}), "has no cases", "cases"),
    "a picker in an If": (
        with_component(
            {"type": "If", "condition": "${form.p} == 1", "then": [{"type": "PhotoPicker", "name": "p", "label": "P"}]}
        ),
        "cannot stand in If",
        "",
    ),
    "both pickers": (
        demo(
            {"type": "PhotoPicker", "name": "p", "label": "P"},
            {"type": "DocumentPicker", "name": "d", "label": "D"},
            footer("Done", "complete"),
        ),
        "stands beside a DocumentPicker",
        "",
    ),
    "more photos than may be": (
        with_component({"type": "PhotoPicker", "name": "p", "label": "P", "max-uploaded-photos": 31}),
        "a number from 1 to 30",
        "max-uploaded-photos",
    ),
    "photos inside something": (
        demo(
            {"type": "PhotoPicker", "name": "p", "label": "P"},
            footer("Done", "complete", {"all": {"photos": "${form.p}"}}),
        ),
        "put them at the top",
        "payload",
    ),
    "a day that does not exist": (
        with_component({"type": "CalendarPicker", "name": "c", "label": "C", "min-date": "2027-02-30"}),
        "has min-date 2027-02-30",
        "min-date",
    ),
    "an unavailable day outside the range": (
        with_component(
            {
                "type": "CalendarPicker",
                "name": "c",
                "label": "C",
                "min-date": "2027-01-01",
                "max-date": "2027-02-01",
                "unavailable-dates": ["2027-03-01"],
            }
        ),
        "outside its range",
        "unavailable-dates",
    ),
    "a weekday of another language": (
        with_component({"type": "CalendarPicker", "name": "c", "label": "C", "include-days": ["Senin"]}),
        "includes Senin",
        "include-days",
    ),
    "a list beside other components": (
        demo({"type": "NavigationList", "name": "l", "list-items": []}, footer("Done", "complete")),
        "stands beside Footer",
        "",
    ),
    "a badge over 15": (listed(badge="x" * 16), "badge has 16 characters, 15 fit", "list-items[0].badge"),
    "an item over 20": (
        listed(**{"main-content": {"title": "Home", "description": "x" * 21}}),
        "main-content.description has 21 characters, 20 fit",
        "main-content.description",
    ),
    "a way to nowhere": (
        demo(
            {"type": "EmbeddedLink", "text": "Terms", "on-click-action": to_screen("TERMS")}, footer("Go", "complete")
        ),
        "goes to TERMS, which does not exist",
        "on-click-action",
    ),
    "complete on a screen that is not terminal": (
        {"version": "7.3", "screens": [{**with_screen()["screens"][0], "terminal": False}]},
        "completes, but the screen is not terminal",
        "on-click-action",
    ),
    "an action that is none": (demo(footer("Go", "submit")), "unknown action submit", "on-click-action.name"),
    "an action where it cannot be": (demo(footer("Go", "open_url")), "cannot open_url here", "on-click-action.name"),
    "a reference to another screen's nothing": (
        with_component({"type": "TextBody", "text": "${screen.DEMO_SCREEN.form.x}"}),
        "reads DEMO_SCREEN.form.x",
        "text",
    ),
    "a reference inside backticks to nothing": (
        with_component({"type": "TextBody", "text": "`'Hello ' ${form.first_name}`"}),
        "reads form.first_name, which no component is named",
        "text",
    ),
    "a reference nobody can read": (
        with_component({"type": "TextBody", "text": "${user.name}"}),
        "nobody can read",
        "",
    ),
    "a routing model that is text": (
        {**with_screen(), "data_api_version": "3.0", "routing_model": "SCREEN"},
        "is text, not an object",
        "routing_model",
    ),
    "routes that are text": (
        {**with_screen(), "data_api_version": "3.0", "routing_model": {"DEMO_SCREEN": "NEXT"}},
        "is no list of screens",
        "routing_model.DEMO_SCREEN",
    ),
    "no terminal screen": (
        {"version": "7.3", "screens": [{"id": "A", "title": "A", "layout": column({"type": "TextBody", "text": "x"})}]},
        "no screen is terminal",
        "screens",
    ),
    "four carousels": (
        {
            "version": "7.3",
            "screens": [
                {
                    **demo(
                        *[{"type": "ImageCarousel", "images": [{"src": "x", "alt-text": "x"}]}] * 2,
                        footer("Done", "complete"),
                    )["screens"][0],
                    "id": one,
                }
                for one in ("A", "B")
            ],
        },
        "3 fit into a Flow",
        "",
    ),
}


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
    "booking": json.loads(json.dumps(booking_flow(FlowLanguage.EN).as_json())),
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


def over_limit(component: Json) -> list[Problem]:
    return [one for one in lint(with_component(component)) if "characters" in one.text]


@pytest.mark.parametrize("kind", sorted(limits.TEXT))
def test_every_limit_holds_at_its_number_and_not_one_above(kind: str) -> None:
    body = {"type": kind, "name": "x", "data-source": [option(1), option(2)], "mode": "range", "label": "a"}
    for name, limit in limits.TEXT[kind].items():
        more = limits.DISPUTED.get(kind, {}).get(name, limit)
        assert over_limit({**body, name: "x" * more}) == []
        assert len(over_limit({**body, name: "x" * (more + 1)})) == 1
        assert more >= limit
