"""The one table of what a Flow's components carry; lint, definitions and values all read it.

reference: whatsapp 2.2, 2.4. Meta's own table stands; where a client library or one of Meta's own samples says
otherwise, `DISPUTED` has the larger number, and what lies between the two is worth a warning.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


class FlowOverLimit(ValueError):
    """A word or a list is longer than the component that shows it can carry."""


Texts = Mapping[str, int]

TEXT: Final[Mapping[str, Texts]] = MappingProxyType(
    {
        "TextHeading": {"text": 80},
        "TextSubheading": {"text": 80},
        "TextBody": {"text": 4096},
        "TextCaption": {"text": 409},
        "TextInput": {"label": 20, "helper-text": 80, "error-message": 30},
        "TextArea": {"label": 20, "helper-text": 80},
        "CheckboxGroup": {"label": 30, "description": 300},
        "RadioButtonsGroup": {"label": 30, "description": 300},
        "ChipsSelector": {"label": 80, "description": 300},
        "Dropdown": {"label": 20},
        "DatePicker": {"label": 40, "helper-text": 80, "error-message": 80},
        "CalendarPicker": {
            "title": 80,
            "description": 300,
            "label": 40,
            "helper-text": 80,
            "error-message": 80,
        },
        "NavigationList": {"label": 80, "description": 300},
        "OptIn": {"label": 120},
        "EmbeddedLink": {"text": 25},
        "Footer": {"label": 35, "left-caption": 15, "center-caption": 15, "right-caption": 15},
        "PhotoPicker": {"label": 80, "description": 300},
        "DocumentPicker": {"label": 80, "description": 300},
    }
)
"""Characters by component and property."""

DISPUTED: Final[Mapping[str, Texts]] = MappingProxyType(
    {"TextCaption": {"text": 4096}, "Dropdown": {"label": 30}, "EmbeddedLink": {"text": 35}}
)
"""Characters that others than Meta's table allow; Meta's sign-in sample has a link of 30."""

ITEM_TEXT: Final[Mapping[str, Texts]] = MappingProxyType(
    {
        "main-content": {"title": 30, "description": 20, "metadata": 80},
        "end": {"title": 10, "description": 10, "metadata": 10},
    }
)
"""Characters of an item of a NavigationList; what is longer is not shown."""
BADGE_CHARS: Final = 15
TAGS: Final = 3
NAVIGATION_ITEMS: Final = (1, 20)
CAROUSEL_IMAGES: Final = (1, 3)
CAROUSELS_PER_FLOW: Final = 3
DROPDOWN_WITH_IMAGES: Final = 100
UPLOADED_FILES: Final = 30
UPLOADED_KB: Final = 25_600

OPTION_TEXT: Final[Texts] = MappingProxyType({"title": 30, "description": 300, "metadata": 20})
OPTION_COUNT: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "CheckboxGroup": (1, 20),
        "RadioButtonsGroup": (1, 20),
        "ChipsSelector": (2, 20),
        "Dropdown": (1, 200),
    }
)
"""Fewest and most options by component."""

PER_SCREEN: Final[Mapping[str, int]] = MappingProxyType(
    {
        "Footer": 1,
        "OptIn": 5,
        "EmbeddedLink": 2,
        "Image": 3,
        "ImageCarousel": 2,
        "NavigationList": 2,
        "PhotoPicker": 1,
        "DocumentPicker": 1,
    }
)

COMPONENTS_PER_SCREEN: Final = 50
ROUTING_BRANCHES: Final = 10
IF_DEPTH: Final = 3
FLOW_JSON_BYTES: Final = 10 * 1024 * 1024
DEFAULT_INPUT_CHARS: Final = 80
DEFAULT_AREA_CHARS: Final = 600
FLOW_CTA: Final = 20


def fitting(text: str, limit: int, what: str) -> str:
    """The text itself when it is not blank and fits; raises OverLimit."""
    if not text.strip():
        raise FlowOverLimit(f"{what} is blank")
    if len(text) > limit:
        raise FlowOverLimit(f"{what} has {len(text)} characters, {limit} fit: {text!r}")
    return text
