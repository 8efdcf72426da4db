"""What a person can do on a screen: nothing that the real client would not let them tap."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from simulator.flow_client.strictness import FlowJson, bound, components

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LISTS: Final = {"RadioButtonsGroup", "Dropdown"}
_FREE: Final = {"TextInput": ("max-chars", 80), "TextArea": ("max-length", 600)}


class CannotTap(ValueError):
    """A real client offers no such thing on this screen."""


def footer_payload(screen: FlowJson, data: Mapping[str, Any], typed: Mapping[str, str]) -> Mapping[str, Any]:
    """What the screen's button sends for these inputs; raises CannotTap."""
    inputs: dict[str, str] = {}
    begun = _begun(screen, data)
    for component in components(screen):
        if "name" in component and bound(component.get("visible", True), data, {}) is not False:
            inputs[component["name"]] = _input(component, data, {**begun, **typed})
    if unknown := set(typed) - set(inputs):
        raise CannotTap(f"{screen['id']} has no {', '.join(sorted(unknown))}")
    footer = next(part for part in components(screen) if part["type"] == "Footer")
    payload = footer["on-click-action"]["payload"]
    return {name: bound(value, data, inputs) for name, value in payload.items()}


def _begun(screen: FlowJson, data: Mapping[str, Any]) -> Mapping[str, str]:
    """What the inputs of the screen's Forms begin with."""
    forms = (child for child in screen["layout"]["children"] if child["type"] == "Form")
    given = [bound(form.get("init-values", {}), data, {}) or {} for form in forms]
    return {name: bound(value, data, {}) for values in given for name, value in values.items()}


def _input(component: FlowJson, data: Mapping[str, Any], typed: Mapping[str, str]) -> str:
    name, kind = component["name"], component["type"]
    value = typed.get(name, bound(component.get("init-value", ""), data, {}))
    if not value:
        if component.get("required"):
            raise CannotTap(f"{name} is required")
        return ""
    if kind in _LISTS:
        _check_option(component, data, value)
    if kind == "CalendarPicker":
        _check_day(component, data, value)
    if kind in _FREE:
        limit, usual = _FREE[kind]
        if len(value) > component.get(limit, usual):
            raise CannotTap(f"{name} is too long")
    return str(value)


def _check_option(component: FlowJson, data: Mapping[str, Any], value: str) -> None:
    options = bound(component["data-source"], data, {})
    if value not in {option["id"] for option in options if option.get("enabled", True)}:
        raise CannotTap(f"{component['name']} offers no {value}")


def _check_day(component: FlowJson, data: Mapping[str, Any], value: str) -> None:
    day = date.fromisoformat(value)
    first = bound(component.get("min-date", ""), data, {})
    last = bound(component.get("max-date", ""), data, {})
    full = bound(component.get("unavailable-dates", []), data, {})
    weekdays = bound(component.get("include-days", _WEEKDAYS), data, {})
    inside = (not first or first <= value) and (not last or value <= last)
    if not inside or value in full or _WEEKDAYS[day.weekday()] not in weekdays:
        raise CannotTap(f"{value} cannot be tapped")
