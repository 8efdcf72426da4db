"""A Flow as one value, from which its JSON is built and against which every answer is checked.

Written for Flow JSON 7.3 and data API 4.0 (reference: whatsapp 2.1 to 2.4). JSON null is no value of
`Json`, so no null can be built (RFC 8927; reference: whatsapp 1.4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

from flows import limits
from flows.limits import fitting

FLOW_JSON_VERSION: Final = "7.3"
DATA_API_VERSION: Final = "4.0"

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json]"
JsonObject: TypeAlias = Mapping[str, Json]


class FieldKind(StrEnum):
    """What a field of a screen's data holds."""

    TEXT = "text"
    OPTIONS = "options"
    TEXTS = "texts"
    FLAG = "flag"
    START = "start"
    """What the inputs of a Form begin with, by their names; one that is not known is left out."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a screen's data, with the example that Meta demands."""

    name: str
    kind: FieldKind
    example: Json
    edition: int = 1
    """The first edition of our forms that declares it (`EDITION`)."""

    def schema(self) -> JsonObject:
        """The field in the words of Flow JSON."""
        return {**_SCHEMAS[self.kind], "__example__": self.example}


_TEXT: Final[JsonObject] = {"type": "string"}
_OPTION: Final[JsonObject] = {
    "type": "object",
    "properties": {"id": _TEXT, "title": _TEXT, "description": _TEXT, "metadata": _TEXT},
}
_SCHEMAS: Final[Mapping[FieldKind, JsonObject]] = {
    FieldKind.TEXT: _TEXT,
    FieldKind.OPTIONS: {"type": "array", "items": _OPTION},
    FieldKind.TEXTS: {"type": "array", "items": _TEXT},
    FieldKind.FLAG: {"type": "boolean"},
    FieldKind.START: {"type": "object", "properties": {"day": _TEXT, "who": _TEXT}},
}


@dataclass(frozen=True, slots=True)
class ScreenText:
    """Words on a screen; `component` is TextHeading, TextSubheading, TextBody or TextCaption."""

    component: str
    text: str

    def __post_init__(self) -> None:
        fitting(self.text, limits.TEXT[self.component]["text"], self.component)


@dataclass(frozen=True, slots=True)
class Select:
    """A choice of one among the options in a field of the screen's data; `initial` names the field with the id of the
    one that is chosen to begin with, `visible` the one that says whether it is shown at all and need not be answered.
    """

    component: str
    name: str
    label: str
    options: str
    initial: str = ""
    """Empty in a Form that has what its inputs begin with."""
    visible: str = ""
    """Empty where it is always shown, and required."""

    def __post_init__(self) -> None:
        fitting(self.label, limits.TEXT[self.component]["label"], f"label of {self.name}")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A month to pick a day from; its bounds are fields of the screen's data."""

    name: str
    label: str
    helper: str
    first: str
    last: str
    unavailable: str
    weekdays: str

    def __post_init__(self) -> None:
        table = limits.TEXT["CalendarPicker"]
        fitting(self.label, table["label"], f"label of {self.name}")
        fitting(self.helper, table["helper-text"], f"helper of {self.name}")


@dataclass(frozen=True, slots=True)
class Input:
    """Free text; `component` is TextInput or TextArea, `initial` a field of the screen's data."""

    component: str
    name: str
    label: str
    initial: str
    most: int
    required: bool

    def __post_init__(self) -> None:
        fitting(self.label, limits.TEXT[self.component]["label"], f"label of {self.name}")


@dataclass(frozen=True, slots=True)
class Footer:
    """The button that sends the screen's inputs, and its step, to our endpoint."""

    label: str
    inputs: tuple[str, ...]

    def __post_init__(self) -> None:
        fitting(self.label, limits.TEXT["Footer"]["label"], "footer")


@dataclass(frozen=True, slots=True)
class PrefilledForm:
    """Inputs that begin with what the field `initial` of the screen's data has for them.

    A calendar has no text that means "no day yet", so its first day cannot be a field of its own: here it is left out.
    """

    name: str
    initial: str
    children: tuple["Select | Calendar | Input | Footer", ...]


Component = ScreenText | Select | Calendar | Input | Footer | PrefilledForm


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its data model and what stands on it, top to bottom."""

    id: str
    title: str
    fields: tuple[Field, ...]
    children: tuple[Component, ...]
    leads_to: tuple[str, ...]
    terminal: bool = False
    refresh_on_back: bool = True

    def as_json(self) -> JsonObject:
        """The screen in the words of Flow JSON."""
        # `success` says for Meta's figures that the Flow reached its aim; it stands on terminal screens only.
        closing: JsonObject = {"terminal": True, "success": True} if self.terminal else {}
        return {
            "id": self.id,
            "title": self.title,
            **closing,
            "refresh_on_back": self.refresh_on_back,
            "data": {field.name: field.schema() for field in self.fields},
            "layout": {
                "type": "SingleColumnLayout",
                "children": [component_json(child) for child in self.children],
            },
        }


@dataclass(frozen=True, slots=True)
class FlowDefinition:
    """A whole Flow; its first screen is its entry."""

    screens: tuple[Screen, ...]

    def as_json(self) -> JsonObject:
        """The Flow JSON that is uploaded to Meta."""
        return {
            "version": FLOW_JSON_VERSION,
            "data_api_version": DATA_API_VERSION,
            "routing_model": {screen.id: list(screen.leads_to) for screen in self.screens},
            "screens": [screen.as_json() for screen in self.screens],
        }

    def screen(self, screen_id: str) -> Screen:
        """The screen of that id; raises KeyError."""
        for screen in self.screens:
            if screen.id == screen_id:
                return screen
        raise KeyError(screen_id)


def component_json(component: Component) -> JsonObject:
    """One component in the words of Flow JSON."""
    match component:
        case ScreenText():
            return {"type": component.component, "text": component.text}
        case Select():
            return {
                "type": component.component,
                "name": component.name,
                "label": component.label,
                "required": not component.visible,
                "data-source": _data(component.options),
                **({"init-value": _data(component.initial)} if component.initial else {}),
                **({"visible": _data(component.visible)} if component.visible else {}),
            }
        case Calendar():
            return {
                "type": "CalendarPicker",
                "name": component.name,
                "mode": "single",
                "label": component.label,
                "helper-text": component.helper,
                "required": True,
                "min-date": _data(component.first),
                "max-date": _data(component.last),
                "unavailable-dates": _data(component.unavailable),
                "include-days": _data(component.weekdays),
            }
        case Input():
            # Flow JSON names the limit differently: max-chars for one line, max-length for an area.
            most = "max-chars" if component.component == "TextInput" else "max-length"
            return {
                "type": component.component,
                "name": component.name,
                "label": component.label,
                "required": component.required,
                most: component.most,
                "init-value": _data(component.initial),
            }
        case PrefilledForm():
            return {
                "type": "Form",
                "name": component.name,
                "init-values": _data(component.initial),
                "children": [component_json(child) for child in component.children],
            }
        case Footer():
            # The step id travels with the inputs: it tells a resend of this screen from a second showing of it.
            inputs = {name: f"${{form.{name}}}" for name in component.inputs}
            return {
                "type": "Footer",
                "label": component.label,
                "on-click-action": {"name": "data_exchange", "payload": {STEP: _data(STEP), **inputs}},
            }
        case _:
            assert_never(component)


def _data(name: str) -> str:
    return f"${{data.{name}}}"


STEP: Final = "step"
"""The field that every screen gets and its payload returns: which showing of the screen this was."""

EDITION: Final = 3
"""Which edition of our forms this version publishes. A form published by an earlier version goes on being answered in
its own edition: a phone takes no screen and no field that its form does not have. 2: what the chat knows stands in the
form, and the place is asked on a screen of its own. 3: who is to give it can be chosen with the day."""

STEP_FIELD: Final = Field(STEP, FieldKind.TEXT, "SERVICE-1")
