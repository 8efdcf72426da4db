"""The rules of a routing model (reference: whatsapp 2.3); Meta reports them all as INVALID_ROUTING_MODEL,
we say which."""

from collections.abc import Iterator, Mapping
from typing import Any

from flows.limits import ROUTING_BRANCHES
from flows.problem import FlowProblem

Routes = Mapping[str, list[str]]


def routing_problems(flow: Mapping[str, Any]) -> Iterator[FlowProblem]:
    """Every problem of the routing model, the `navigate` actions included."""
    routes = flow.get("routing_model")
    screens = {str(screen.get("id", "")): screen for screen in flow["screens"]}
    if not isinstance(routes, Mapping):
        yield FlowProblem("", "routing_model", "is missing, and an endpoint needs it")
        return
    if not isinstance(flow.get("data_api_version"), str):
        yield FlowProblem("", "data_api_version", "is missing, and an endpoint needs it")
    for screen_id in screens:
        if screen_id not in routes:
            yield FlowProblem(screen_id, "routing_model", "does not list this screen")
    for start, targets in routes.items():
        yield from _edge_problems(start, targets, routes, set(screens))
    yield from _graph_problems(routes, {one for one, screen in screens.items() if screen.get("terminal")})
    for screen_id, screen in screens.items():
        for target in _navigations(screen.get("layout", {})):
            if target not in routes.get(screen_id, []):
                yield FlowProblem(screen_id, "navigate", f"goes to {target}, which is no edge")


def _edge_problems(start: str, targets: list[str], routes: Routes, known: set[str]) -> Iterator[FlowProblem]:
    if start not in known:
        yield FlowProblem(start, "routing_model", "lists a screen that does not exist")
    if len(targets) > ROUTING_BRANCHES:
        yield FlowProblem(start, "routing_model", f"has {len(targets)} branches, {ROUTING_BRANCHES} fit")
    for target in targets:
        if target not in known:
            yield FlowProblem(start, "routing_model", f"leads to {target}, which does not exist")
        if target == start:
            yield FlowProblem(start, "routing_model", "leads to itself")
        elif start in routes.get(target, []):
            yield FlowProblem(start, "routing_model", f"leads to {target} and back")


def _graph_problems(routes: Routes, terminal: set[str]) -> Iterator[FlowProblem]:
    inbound = {target for targets in routes.values() for target in targets}
    if routes and not set(routes) - inbound:
        yield FlowProblem("", "routing_model", "has no entry screen")
    for screen_id in routes:
        if screen_id in _reached(routes, {target for target in routes[screen_id] if target != screen_id}):
            yield FlowProblem(screen_id, "routing_model", "lies on a loop")
        if not routes[screen_id] and screen_id not in terminal:
            yield FlowProblem(screen_id, "routing_model", "is an end that is not terminal")
    both: dict[str, list[str]] = {one: list(targets) for one, targets in routes.items()}
    for start, targets in routes.items():
        for target in targets:
            both.setdefault(target, []).append(start)
    for screen_id in sorted(set(both) - _reached(both, {next(iter(both))} if both else set())):
        yield FlowProblem(screen_id, "routing_model", "is not connected to the first screen")


def _reached(routes: Routes, start: set[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(start)
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(routes.get(here, []))
    return seen


def _navigations(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        target = part.get("next")
        if part.get("name") == "navigate" and isinstance(target, Mapping):
            yield str(target.get("name", ""))
        for inner in part.values():
            yield from _navigations(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _navigations(inner)
