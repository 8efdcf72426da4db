"""What a scripted customer means by "the first": an option or a day by its place among those that can be tapped."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from simulator.flow_client.inputs import CannotTap
from simulator.flow_client.strictness import FlowJson, bound, components, screen_of

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_DAYS = 800


def typed(flow: FlowJson, screen_id: str, data: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, str]:
    """The inputs with every `#1`, `#2` … looked up on the screen; raises CannotTap where there are fewer."""
    known = {part["name"]: part for part in components(screen_of(flow, screen_id)) if "name" in part}
    return {name: _meant(known.get(name), data, str(value)) for name, value in wanted.items()}


def _meant(component: FlowJson | None, data: Mapping[str, Any], value: str) -> str:
    if component is None or not value.startswith("#") or not value[1:].isdecimal():
        return value
    offered = _offered(component, data)
    place = int(value[1:])
    if not 1 <= place <= len(offered):
        raise CannotTap(f"{component['name']} offers {len(offered)}, not {value}")
    return offered[place - 1]


def _offered(component: FlowJson, data: Mapping[str, Any]) -> Sequence[str]:
    if component["type"] == "CalendarPicker":
        return _days(component, data)
    options = bound(component.get("data-source", []), data, {})
    return [option["id"] for option in options if option.get("enabled", True)]


def _days(component: FlowJson, data: Mapping[str, Any]) -> Sequence[str]:
    first = date.fromisoformat(bound(component["min-date"], data, {}))
    last = date.fromisoformat(bound(component["max-date"], data, {}))
    full = bound(component.get("unavailable-dates", []), data, {})
    weekdays = bound(component.get("include-days", _WEEKDAYS), data, {})
    days = (first + timedelta(days=ahead) for ahead in range(min((last - first).days + 1, _MOST_DAYS)))
    return [day.isoformat() for day in days if day.isoformat() not in full and _WEEKDAYS[day.weekday()] in weekdays]
