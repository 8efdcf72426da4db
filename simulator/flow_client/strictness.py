"""What a real client refuses in an answer: its shape, the transition, the screen's declared data.

reference: whatsapp 1.4, 1.5, 2.4. Each refusal carries the key under which the client reports it to the
endpoint.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

FlowJson = Mapping[str, Any]
SUCCESS: Final = "SUCCESS"
TRANSITION: Final = "invalid-screen-transition"
SCHEMA: Final = "payload-schema-error"
COMPONENTS: Final = "components-validation-error"
_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "array": list,
    "object": dict,
}
_OPTION_LISTS: Final = {"RadioButtonsGroup": (1, 20), "CheckboxGroup": (1, 20), "Dropdown": (1, 200)}
_OPTION_WORDS: Final = {"title": 30, "description": 300, "metadata": 20}
_WORDS: Final = {"TextHeading": 80, "TextSubheading": 80, "TextBody": 4096, "TextCaption": 409}


class AnswerRefused(ValueError):
    """The client cannot use the answer; `key` names why, None where it is reported to nobody."""

    def __init__(self, key: str | None, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


def check_shape(answer: object) -> tuple[str, Mapping[str, Any]]:
    """The screen and data of an answer; raises AnswerRefused for any other shape."""
    if not isinstance(answer, dict) or not isinstance(answer.get("screen"), str):
        raise AnswerRefused(None, "invalid response format: no screen")
    data = answer.get("data", {})
    if not isinstance(data, dict) or not isinstance(data.get("error_message", ""), str):
        raise AnswerRefused(None, "invalid response format: data")
    return answer["screen"], data


def check_success(data: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    """The params of a finished form, which must carry its token."""
    message = data.get("extension_message_response")
    params = message.get("params") if isinstance(message, dict) else None
    if not isinstance(params, dict) or params.get("flow_token") != token:
        raise AnswerRefused(SCHEMA, "SUCCESS without params.flow_token")
    return params


def screen_of(flow: FlowJson, screen_id: str) -> FlowJson:
    """The screen's own JSON."""
    for screen in flow["screens"]:
        if screen["id"] == screen_id:
            return dict(screen)
    raise AnswerRefused(TRANSITION, f"no screen {screen_id}")


def check_entry(flow: FlowJson, target: str) -> None:
    """A form opens on a screen to which no other leads."""
    screen_of(flow, target)
    if any(target in forward for forward in flow["routing_model"].values()):
        raise AnswerRefused(TRANSITION, f"{target} has incoming nodes")


def check_step(flow: FlowJson, current: str, target: str) -> None:
    """Same screen, forward edge, SUCCESS, or an ancestor that refreshes on back."""
    if target == SUCCESS:
        return
    screen = screen_of(flow, target)
    if target == current or target in flow["routing_model"][current]:
        return
    if _leads_to(flow, target, current) and screen.get("refresh_on_back"):
        return
    raise AnswerRefused(TRANSITION, f"{current} to {target}")


def check_data(screen: FlowJson, data: Mapping[str, Any]) -> None:
    """Every declared field there and of its type, nothing null, and what components show within limits."""
    _refuse_null(screen["id"], data)
    for name, schema in screen.get("data", {}).items():
        if name not in data:
            raise AnswerRefused(SCHEMA, f"{screen['id']}.{name} is missing")
        _check_type(f"{screen['id']}.{name}", schema, data[name])
    for component in components(screen):
        _check_component(component, data)


def components(screen: FlowJson) -> Sequence[FlowJson]:
    """The screen's components, top to bottom."""
    children: list[FlowJson] = []
    for child in screen["layout"]["children"]:
        children.extend(child["children"] if child["type"] == "Form" else [child])
    return children


def bound(value: Any, data: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """A property with its `${data.x}` or `${form.x}` looked up."""
    if isinstance(value, str) and value.startswith("${data."):
        return data.get(value[7:-1])
    if isinstance(value, str) and value.startswith("${form."):
        return inputs.get(value[7:-1])
    return value


def _leads_to(flow: FlowJson, start: str, goal: str) -> bool:
    seen: set[str] = set()
    todo = [start]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(flow["routing_model"].get(here, []))
    return goal in seen and goal != start


def _refuse_null(where: str, value: object) -> None:
    if value is None:
        raise AnswerRefused(SCHEMA, f"null in {where}")
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_null(f"{where}.{name}", inner)
    if isinstance(value, list):
        for inner in value:
            _refuse_null(where, inner)


def _check_type(where: str, schema: Mapping[str, Any], value: object) -> None:
    kind = schema["type"]
    if not isinstance(value, _TYPES[kind]) or (kind == "number" and isinstance(value, bool)):
        raise AnswerRefused(SCHEMA, f"{where} is no {kind}")
    if isinstance(value, list):
        for item in value:
            _check_type(where, schema["items"], item)
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                _check_type(f"{where}.{name}", inner, value[name])


def _check_component(component: FlowJson, data: Mapping[str, Any]) -> None:
    kind = component["type"]
    if kind in _WORDS:
        text = bound(component["text"], data, {})
        if not isinstance(text, str) or not text.strip() or len(text) > _WORDS[kind]:
            raise AnswerRefused(COMPONENTS, f"{kind} text")
    if kind in _OPTION_LISTS:
        _check_options(kind, bound(component["data-source"], data, {}))


def _check_options(kind: str, options: Sequence[Mapping[str, str]]) -> None:
    fewest, most = _OPTION_LISTS[kind]
    if not fewest <= len(options) <= most:
        raise AnswerRefused(COMPONENTS, f"{kind} with {len(options)} options")
    if len({option["id"] for option in options}) < len(options):
        raise AnswerRefused(COMPONENTS, f"{kind} with two options of one id")
    for option in options:
        for name, limit in _OPTION_WORDS.items():
            if name in option and not 0 < len(option[name]) <= limit:
                raise AnswerRefused(COMPONENTS, f"{kind} option {name}")
