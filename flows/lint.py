"""Reads any Flow JSON and says what Meta or the phone would refuse, before either does.

Readable problems with screen, component, place in the file and what to do; the rules are those of
reference: whatsapp 2.1 to 2.4. Whatever the file holds, the answer is a list of problems.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flows import components, limits
from flows.components import NEWEST, PUBLISHABLE, VERSIONS, Version, version_of
from flows.lint_components import unknown_properties
from flows.lint_routing import Ends, routing_problems
from flows.lint_screens import Others, read_screen, screen_problems
from flows.lint_tree import DEEPEST, FlowJson, called, is_list, objects, texts_and_keys
from flows.problem import FlowProblem, shown

_BOM: Final = b"\xef\xbb\xbf"


def lint(flow: object) -> tuple[FlowProblem, ...]:
    """Every problem of a Flow JSON that Meta or a phone refuses; an empty tuple when there is none."""
    return tuple(problem for problem in _problems(flow) if not problem.is_warning)


def warnings(flow: object) -> tuple[FlowProblem, ...]:
    """What nobody refuses and deserves a second look all the same."""
    return tuple(problem for problem in _problems(flow) if problem.is_warning)


def lint_file(raw: bytes) -> tuple[FlowProblem, ...]:
    """Problems and warnings of a file's bytes, whatever they are."""
    mark: tuple[FlowProblem, ...] = ()
    if raw.startswith(_BOM):
        fix = "save it as UTF-8 without BOM"
        mark = (FlowProblem("", "the file", "begins with a byte order mark", fix, is_warning=True),)
    try:
        text = raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError as wrong:
        return (*mark, FlowProblem("", "the file", f"is not UTF-8 at byte {wrong.start}", "save it as UTF-8"))
    try:
        flow = json.loads(text)
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno}, column {wrong.colno}"
        return (*mark, FlowProblem("", "the file", f"is not JSON: {wrong.msg}, {place}"))
    except ValueError as wrong:
        return (*mark, FlowProblem("", "the file", f"is not JSON: {shown(str(wrong))}"))
    except RecursionError:
        return (*mark, _too_deep())
    return (*mark, *_problems(flow))


def _too_deep() -> FlowProblem:
    return FlowProblem("", "the file", f"nests deeper than {DEEPEST} levels", "a Flow needs no more than twenty")


def _problems(flow: object) -> Iterator[FlowProblem]:
    if not isinstance(flow, Mapping):
        yield FlowProblem(
            "", "the file", f"is {called(flow)}, not an object", 'begin with {"version": "7.3", "screens": []}'
        )
        return
    for path, text, depth in texts_and_keys(flow):
        if depth > DEEPEST:
            yield _too_deep()
            return
        if any((one < " " and one not in "\n\r\t") or "\ud800" <= one <= "\udfff" for one in text):
            fix = "take it out: Meta refuses it"
            yield FlowProblem("", "the file", f"has a character no phone shows in {shown(text)}", fix, path)
    if len(json.dumps(flow, ensure_ascii=False).encode("utf-8", "surrogatepass")) > limits.FLOW_JSON_BYTES:
        yield FlowProblem(
            "", "the file", f"is larger than {limits.FLOW_JSON_BYTES} bytes", "send images by the endpoint"
        )
    yield from unknown_properties(flow, components.TOP, "", "the file", "")
    version = version_of(flow.get("version")) or NEWEST
    yield from _version_problems(flow, version)
    screens = flow.get("screens")
    if not is_list(screens) or not screens:
        yield FlowProblem("", "screens", "is missing or empty", "a Flow has at least one screen", "screens")
        return
    yield from _whole(flow, version, screens)


def _whole(flow: FlowJson, version: Version, screens: Sequence[object]) -> Iterator[FlowProblem]:
    read = [read_screen(number, screen) for number, screen in objects(screens)]
    for number, screen in enumerate(screens):
        if not isinstance(screen, Mapping):
            fix = "write an object with id, title and layout"
            yield FlowProblem("", f"screen {number}", f"is {called(screen)}, not an object", fix, f"screens[{number}]")
    ids = [one.id for one in read]
    for name in sorted(one for one, count in Counter(ids).items() if one and count > 1):
        yield FlowProblem(shown(name), "id", "is used twice", "give each screen an id of its own", "screens")
    others = Others.of(read)
    for one in read:
        yield from screen_problems(one, version, others)
    carousels = [part for one in read for part in one.parts if part.kind == "ImageCarousel"]
    if len(carousels) > limits.CAROUSELS_PER_FLOW:
        yield carousels[-1].problem(f"is carousel {len(carousels)}, {limits.CAROUSELS_PER_FLOW} fit into a Flow")
    steps = [step for one in read for step in one.steps]
    ends = Ends(
        ids,
        terminal=frozenset(one.id for one in read if one.is_terminal),
        with_footer=frozenset(one.id for one in read if any(part.kind == "Footer" for part in one.parts)),
    )
    yield from routing_problems(flow, ends, steps)
    exchanges = [part for one in read for part, action in one.actions if action.get("name") == "data_exchange"]
    if exchanges and "data_api_version" not in flow:
        fix = 'add "data_api_version": "3.0" and a routing_model'
        yield exchanges[0].problem("asks an endpoint, and the Flow names no data_api_version", fix, is_warning=True)


def _version_problems(flow: FlowJson, version: Version) -> Iterator[FlowProblem]:
    wanted = f'write "{NEWEST[0]}.{NEWEST[1]}"'
    written = flow.get("version")
    if not isinstance(written, str):
        said = "is missing" if "version" not in flow else f"is {called(written)}, not text"
        yield FlowProblem("", "version", said, wanted, "version")
    elif version_of(written) is None or (version not in VERSIONS and version < NEWEST):
        yield FlowProblem("", "version", f"{shown(written)} is no version of Flow JSON", wanted, "version")
    elif version > NEWEST:
        said = f"{written} is newer than {NEWEST[0]}.{NEWEST[1]}, the newest these rules know"
        yield FlowProblem("", "version", said, wanted, "version", is_warning=True)
    elif version not in PUBLISHABLE:
        said = f"{written} is frozen: what is out goes on, a new Flow is not published (139002)"
        yield FlowProblem("", "version", said, wanted, "version", is_warning=True)
    api = flow.get("data_api_version")
    if "data_api_version" in flow and not (isinstance(api, str) and api in components.DATA_API_VERSIONS):
        said = f"{shown(api)} is no version of the data API" if isinstance(api, str) else f"is {called(api)}, not text"
        yield FlowProblem("", "data_api_version", said, 'write "3.0" or "4.0"', "data_api_version")
    if "data_channel_uri" in flow and version >= (3, 0):
        fix = "take it out and set endpoint_uri by the API"
        yield FlowProblem("", "data_channel_uri", "is not allowed since version 3.0", fix, "data_channel_uri")
