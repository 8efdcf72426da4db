"""The rules of what a tap does: navigate, data_exchange, complete, update_data, open_url (reference: whatsapp 2.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows import components
from flows.components import Version
from flows.lint_tree import FlowJson, Placed, called, mapping, objects, strings
from flows.problem import FlowProblem, shown


@dataclass(frozen=True, slots=True)
class FlowAction:
    """One action of a component, or of an option or item of it."""

    component: Placed
    path: str
    """Inside the component."""
    name: str
    """The property: on-click-action, on-select-action, on-unselect-action."""
    body: FlowJson

    @property
    def kind(self) -> str:
        """What it does."""
        kind = self.body.get("name")
        return kind if isinstance(kind, str) else ""

    @property
    def target(self) -> str | None:
        """The screen it navigates to."""
        name = mapping(self.body.get("next")).get("name")
        return name if self.kind == "navigate" and isinstance(name, str) else None

    def problem(self, text: str, fix: str = "", at: str = "", *, is_warning: bool = False) -> FlowProblem:
        """A problem of this action."""
        path = f"{self.path}.{at}" if at else self.path
        return self.component.problem(f"{self.name} {text}", fix, path, is_warning=is_warning)


def actions_of(component: Placed) -> Iterator[FlowAction]:
    """Every action of a component that is written as an object; its own, its options', its items'."""
    yield from _in(component, component.body, "")
    for name in ("data-source", "list-items"):
        for number, option in objects(component.body.get(name)):
            yield from _in(component, option, f"{name}[{number}].")


def _in(component: Placed, body: FlowJson, before: str) -> Iterator[FlowAction]:
    for name, action in body.items():
        # Keys are text in JSON, but a caller in Python may hand in anything.
        is_action = str(name).startswith("on-") and str(name).endswith("-action")
        if is_action and isinstance(action, Mapping):
            yield FlowAction(component, f"{before}{name}", name, action)


def action_problems(
    action: FlowAction, version: Version, screens: Mapping[str, FlowJson], pickers: frozenset[str], *, is_terminal: bool
) -> Iterator[FlowProblem]:
    """Everything wrong with one action; `screens` has the data each declares, `pickers` this screen's media inputs."""
    for key in action.body:
        if key not in components.ACTION:
            yield action.problem(
                f"has an unknown property {shown(key)}", "it has name, next, payload and url", str(key)
            )
    allowed = components.ACTIONS.get((action.component.kind, action.name), components.OTHER_ACTIONS)
    since = components.ACTION_SINCE.get(action.kind)
    if since is None:
        known = ", ".join(sorted(allowed))
        yield action.problem(f"has an unknown action {shown(action.body.get('name', ''))}", f"one of {known}", "name")
        return
    if action.kind not in allowed:
        yield action.problem(f"cannot {action.kind} here", f"one of {', '.join(sorted(allowed))}", "name")
    if version < since:
        said = f"{action.kind} needs Flow JSON {since[0]}.{since[1]}"
        yield action.problem(said, "raise the version", "name")
    yield from _placed_well(action, is_terminal=is_terminal)
    payload = action.body.get("payload")
    if payload is not None and not isinstance(payload, Mapping):
        yield action.problem(f"has a payload that is {called(payload)}, not an object", "write {}", "payload")
    yield from _payload_problems(action, mapping(payload), screens, pickers)


def _placed_well(action: FlowAction, *, is_terminal: bool) -> Iterator[FlowProblem]:
    if action.kind == "complete" and not is_terminal:
        yield action.problem("completes, but the screen is not terminal", "set terminal on the screen")
    if action.kind == "navigate":
        if is_terminal and action.component.kind == "Footer":
            yield action.problem(
                "navigates from a terminal screen's Footer", "complete, or take terminal off the screen"
            )
        going = action.body.get("next")
        if action.target is None:
            yield action.problem("does not say where to", 'add "next": {"type": "screen", "name": "…"}', "next")
        elif mapping(going).get("type") != "screen":
            yield action.problem("has a next without a type", 'write "type": "screen"', "next.type")
    if action.kind == "open_url":
        if not isinstance(action.body.get("url"), str):
            yield action.problem("does not say what to open", 'add "url": "https://…"', "url")
        if "payload" in action.body:
            yield action.problem("opens a page and has a payload", "take the payload out", "payload")


def _payload_problems(
    action: FlowAction, payload: FlowJson, screens: Mapping[str, FlowJson], pickers: frozenset[str]
) -> Iterator[FlowProblem]:
    for place, text in strings(payload):
        named = [name for name in pickers if f"${{form.{name}}}" in text]
        if named and action.kind == "navigate":
            fix = "read it on the next screen as ${screen.…}"
            yield action.problem(f"carries the files of {shown(named[0])}", fix, f"payload.{place}")
        elif named and ("." in place or "[" in place or text != f"${{form.{named[0]}}}"):
            yield action.problem(
                f"carries the files of {shown(named[0])} inside something", "put them at the top", "payload"
            )
    # A key made when the screen is shown ("${…}") cannot be compared with what the screen declares.
    if action.target is None or action.target not in screens or any("${" in str(key) for key in payload):
        return
    declared = screens[action.target]
    for name in payload:
        if name not in declared:
            said = f"sends {shown(name)}, which {shown(action.target)} does not declare"
            yield action.problem(
                said, f"declare it in data of {shown(action.target)}", f"payload.{name}", is_warning=True
            )
    missing = [str(name) for name in declared if name not in payload]
    if missing:
        said = f"sends no {shown(missing[0])}, which {shown(action.target)} declares"
        yield action.problem(said, "add it to the payload", "payload", is_warning=True)
