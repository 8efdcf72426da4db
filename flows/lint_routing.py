"""The rules of a routing model (reference: whatsapp 2.3); Meta reports them all as INVALID_ROUTING_MODEL,
we say which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.limits import ROUTING_BRANCHES
from flows.lint_tree import FlowJson, Placed, called, is_list
from flows.problem import FlowProblem, shown

Routes = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """A `navigate`: from which component of which screen to which screen."""

    origin: str
    target: str
    component: Placed
    path: str


@dataclass(frozen=True, slots=True)
class Ends:
    """What the rules about ways and ends need to know of the screens."""

    screens: Sequence[str]
    terminal: frozenset[str]
    with_footer: frozenset[str]


def routing_problems(flow: FlowJson, ends: Ends, steps: Sequence[Step]) -> Iterator[FlowProblem]:
    """Every problem of the ways through the Flow: the routing model, and the `navigate` actions."""
    known = frozenset(ends.screens)
    for step in steps:
        if step.target not in known:
            yield step.component.problem(
                f"goes to {shown(step.target)}, which does not exist", "name a screen", step.path
            )
        elif step.target == step.origin:
            yield step.component.problem("goes to its own screen", "use update_data or data_exchange", step.path)
    if known and not ends.terminal:
        yield FlowProblem(
            "", "screens", "no screen is terminal", "set terminal on the screen the Flow ends with", "screens"
        )
    has_endpoint = "data_api_version" in flow
    model = flow.get("routing_model")
    if model is None:
        if has_endpoint:
            yield FlowProblem(
                "", "routing_model", "is missing, and an endpoint needs it", "list where each screen leads to"
            )
        return
    if not isinstance(model, Mapping):
        fix = "write an object of screens and the lists of screens they lead to"
        yield FlowProblem("", "routing_model", f"is {called(model)}, not an object", fix, "routing_model")
        return
    routes, wrong = _routes(model)
    yield from wrong
    for start, targets in routes.items():
        yield from _edge_problems(start, targets, routes, known)
    if has_endpoint and not (len(known) == 1 and not routes):
        # a Flow of one screen leads nowhere: Meta's own samples leave its model empty
        for screen in ends.screens:
            if screen not in routes:
                yield _problem(screen, "does not list this screen", "list it, with [] if it leads nowhere")
        yield from _missing_edges(routes, steps, known)
    yield from _graph_problems(routes, ends, steps, whole=has_endpoint)


def _routes(model: FlowJson) -> tuple[dict[str, list[str]], list[FlowProblem]]:
    routes: dict[str, list[str]] = {}
    wrong: list[FlowProblem] = []
    for start, targets in model.items():
        texts = [one for one in targets if isinstance(one, str)] if is_list(targets) else []
        if not is_list(targets) or len(texts) < len(targets):
            wrong.append(_problem(start, "is no list of screens", 'write ["NEXT_SCREEN"]'))
        routes[start] = texts
    return routes, wrong


def _problem(screen: str, text: str, fix: str = "") -> FlowProblem:
    return FlowProblem(shown(screen), "routing_model", text, fix, f"routing_model.{shown(screen)}")


def _edge_problems(start: str, targets: list[str], routes: Routes, known: frozenset[str]) -> Iterator[FlowProblem]:
    if start not in known:
        yield _problem(start, "lists a screen that does not exist", "take it out")
    if len(targets) > ROUTING_BRANCHES:
        yield _problem(start, f"has {len(targets)} branches, {ROUTING_BRANCHES} fit")
    for target in dict.fromkeys(targets):
        if target not in known:
            yield _problem(start, f"leads to {shown(target)}, which does not exist")
        if target == start:
            yield _problem(start, "leads to itself", "take it out: a screen may always be shown again")
        elif start in routes.get(target, []):
            yield _problem(start, f"leads to {shown(target)} and back", "keep the forward way; the back button is free")


def _missing_edges(routes: Routes, steps: Sequence[Step], known: frozenset[str]) -> Iterator[FlowProblem]:
    for step in steps:
        if step.target in known - {step.origin} and step.target not in routes.get(step.origin, []):
            fix = f"add it to routing_model.{shown(step.origin)}"
            yield step.component.problem(f"goes to {shown(step.target)}, which is no edge", fix, step.path)


def _graph_problems(routes: Routes, ends: Ends, steps: Sequence[Step], *, whole: bool) -> Iterator[FlowProblem]:
    inbound = {target for targets in routes.values() for target in targets}
    if routes and not set(routes) - inbound:
        yield FlowProblem("", "routing_model", "has no entry screen", "one screen must be led to by no other")
    for screen, targets in routes.items():
        # A screen that lists itself is reported with its edge, not a second time as a loop.
        if screen in _reached(routes, {target for target in targets if target != screen}):
            yield _problem(screen, "lies on a loop", "only forward ways are listed")
        if whole and not targets and screen in ends.screens and screen not in ends.terminal:
            # A page to read (terms) may end here: a link opens it and the back button leaves it. With a Footer of
            # its own, or reached by the button of another, it is a step of the Flow and must end it.
            is_gone_to = any(step.target == screen and step.component.kind == "Footer" for step in steps)
            if screen in ends.with_footer or is_gone_to:
                fix = "make it terminal, or open it by an EmbeddedLink or OptIn as a page to read"
                yield _problem(screen, "is an end that is not terminal", fix)
    if whole:
        both: dict[str, list[str]] = {one: list(targets) for one, targets in routes.items()}
        for start, targets in routes.items():
            for target in targets:
                both.setdefault(target, []).append(start)
        # Connected in either direction: an edge that is missing is named once, not once for each screen behind it.
        for screen in sorted(set(both) - _reached(both, {next(iter(both))} if both else set())):
            yield _problem(screen, "is not connected to the first screen")


def _reached(routes: Routes, start: set[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(start)
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(routes.get(here, []))
    return seen
