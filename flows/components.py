"""Which components Flow JSON has, what each may carry, and since which version; the lint reads this table.

reference: whatsapp 2.1, 2.2, 2.4. A property that is not here is refused by Meta (INVALID_PROPERTY_KEY).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

Version = tuple[int, int]

VERSIONS: Final[tuple[Version, ...]] = (
    *((2, 1), (3, 0), (3, 1), (4, 0), (5, 0)),
    *((5, 1), (6, 0), (6, 1), (6, 2), (6, 3), (7, 0), (7, 1), (7, 2), (7, 3)),
)
NEWEST: Final = VERSIONS[-1]
PUBLISHABLE: Final = frozenset(VERSIONS[VERSIONS.index((5, 1)) :])
"""The others are frozen: a Flow that is out goes on, a new one is not published (139002)."""
DATA_API_VERSIONS: Final = frozenset({"3.0", "4.0"})
_VERSION: Final = re.compile(r"(\d{1,3})\.(\d{1,3})")


def version_of(text: object) -> Version | None:
    """A version as two numbers; none for what is no version."""
    found = _VERSION.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    return None if found is None else (int(found[1]), int(found[2]))


def words(names: str) -> frozenset[str]:
    """A set of names out of one line."""
    return frozenset(names.split())


@dataclass(frozen=True, slots=True)
class ComponentKind:
    """One component: what it must and may carry."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    since: Version = VERSIONS[0]
    is_input: bool = False
    """The customer's answer is read as `${form.name}`."""

    @property
    def properties(self) -> frozenset[str]:
        """Everything it may carry."""
        return self.required | self.optional | {"type"}


_FIELD: Final = "required enabled visible init-value error-message label-variant"
_SELECT: Final = f"{_FIELD} on-select-action on-unselect-action description media-size"
_WORDS: Final = "visible font-weight strikethrough markdown"

KINDS: Final[Mapping[str, ComponentKind]] = MappingProxyType(
    {
        "TextHeading": ComponentKind(words("text"), words("visible")),
        "TextSubheading": ComponentKind(words("text"), words("visible")),
        "TextBody": ComponentKind(words("text"), words(_WORDS)),
        "TextCaption": ComponentKind(words("text"), words(_WORDS)),
        "RichText": ComponentKind(words("text"), words("visible"), since=(5, 1)),
        "TextInput": ComponentKind(
            words("name label"),
            words(f"{_FIELD} input-type pattern min-chars max-chars helper-text"),
            is_input=True,
        ),
        "TextArea": ComponentKind(words("name label"), words(f"{_FIELD} max-length helper-text"), is_input=True),
        "CheckboxGroup": ComponentKind(
            words("name data-source"), words(f"{_SELECT} label min-selected-items max-selected-items"), is_input=True
        ),
        "RadioButtonsGroup": ComponentKind(words("name data-source"), words(f"{_SELECT} label"), is_input=True),
        "ChipsSelector": ComponentKind(
            words("name label data-source"),
            words(f"{_SELECT} min-selected-items max-selected-items"),
            since=(6, 3),
            is_input=True,
        ),
        "Dropdown": ComponentKind(words("name label data-source"), words(_SELECT), is_input=True),
        "DatePicker": ComponentKind(
            words("name label"),
            words(f"{_FIELD} min-date max-date unavailable-dates helper-text on-select-action"),
            is_input=True,
        ),
        "CalendarPicker": ComponentKind(
            words("name label"),
            words(
                f"{_FIELD} title description helper-text mode min-date max-date unavailable-dates include-days"
                " min-days max-days on-select-action"
            ),
            since=(6, 1),
            is_input=True,
        ),
        "OptIn": ComponentKind(
            words("name label"),
            words("required visible init-value on-click-action on-select-action on-unselect-action"),
            is_input=True,
        ),
        "EmbeddedLink": ComponentKind(words("text on-click-action"), words("visible")),
        "Footer": ComponentKind(
            words("label on-click-action"), words("left-caption center-caption right-caption enabled visible")
        ),
        "Image": ComponentKind(words("src"), words("width height scale-type aspect-ratio alt-text visible")),
        "ImageCarousel": ComponentKind(words("images"), words("aspect-ratio scale-type visible"), since=(7, 1)),
        "NavigationList": ComponentKind(
            words("name list-items"),
            words("label description media-size on-click-action visible"),
            since=(6, 2),
            is_input=True,
        ),
        "PhotoPicker": ComponentKind(
            words("name label"),
            words(
                "description photo-source max-file-size-kb min-uploaded-photos max-uploaded-photos"
                " enabled visible error-message"
            ),
            since=(4, 0),
            is_input=True,
        ),
        "DocumentPicker": ComponentKind(
            words("name label"),
            words(
                "description max-file-size-kb min-uploaded-documents max-uploaded-documents allowed-mime-types"
                " enabled visible error-message"
            ),
            since=(4, 0),
            is_input=True,
        ),
        "Form": ComponentKind(words("name children"), words("init-values error-messages")),
        "If": ComponentKind(words("condition then"), words("else"), since=(4, 0)),
        "Switch": ComponentKind(words("value cases"), since=(4, 0)),
    }
)

CONDITIONAL: Final = words(
    "TextHeading TextSubheading TextBody TextCaption CheckboxGroup DatePicker Dropdown EmbeddedLink Footer Image OptIn"
    " RadioButtonsGroup TextArea TextInput Switch If"
)
"""What may stand in an If or a Switch; since 7.1 a ChipsSelector too."""
CHIPS_IN_CONDITIONS: Final[Version] = (7, 1)

TOP: Final = words("version screens data_api_version routing_model data_channel_uri")
SCREEN: Final = words("id title terminal success refresh_on_back data layout sensitive")
LAYOUT: Final = words("type children")
OPTION: Final = words("id title description metadata enabled image alt-text color on-select-action on-unselect-action")
ITEM: Final = words("id main-content end start badge tags on-click-action")
ACTION: Final = words("name next payload url")
ACTION_SINCE: Final[Mapping[str, Version]] = MappingProxyType(
    {
        "navigate": VERSIONS[0],
        "complete": VERSIONS[0],
        "data_exchange": VERSIONS[0],
        "update_data": (6, 0),
        "open_url": (6, 0),
    }
)
_LINK: Final = words("navigate data_exchange update_data open_url")
_CHANGE: Final = words("data_exchange update_data")
ACTIONS: Final[Mapping[tuple[str, str], frozenset[str]]] = MappingProxyType(
    {
        ("Footer", "on-click-action"): words("navigate complete data_exchange update_data"),
        ("EmbeddedLink", "on-click-action"): _LINK,
        ("OptIn", "on-click-action"): _LINK,
        ("NavigationList", "on-click-action"): words("navigate data_exchange"),
        ("DatePicker", "on-select-action"): words("data_exchange"),
        ("CalendarPicker", "on-select-action"): words("data_exchange"),
    }
)
"""Which actions a component's property takes; every other `on-…-action` takes those of `OTHER_ACTIONS`."""
OTHER_ACTIONS: Final = _CHANGE

ENUMS: Final[Mapping[tuple[str, str], frozenset[str]]] = MappingProxyType(
    {
        ("TextInput", "input-type"): words("text number email password passcode phone"),
        ("TextBody", "font-weight"): words("bold italic bold_italic normal"),
        ("TextCaption", "font-weight"): words("bold italic bold_italic normal"),
        ("CheckboxGroup", "media-size"): words("regular large"),
        ("RadioButtonsGroup", "media-size"): words("regular large"),
        ("NavigationList", "media-size"): words("regular large"),
        ("CalendarPicker", "mode"): words("single range"),
        ("PhotoPicker", "photo-source"): words("camera_gallery camera gallery"),
        ("Image", "scale-type"): words("cover contain"),
        ("ImageCarousel", "scale-type"): words("cover contain"),
        ("ImageCarousel", "aspect-ratio"): words("4:3 16:9"),
    }
)
WEEKDAYS: Final = words("Mon Tue Wed Thu Fri Sat Sun")
FLAGS: Final = words("required visible enabled strikethrough markdown")
PROPERTY_SINCE: Final[Mapping[tuple[str, str], Version]] = MappingProxyType(
    {
        ("TextBody", "markdown"): (5, 1),
        ("TextCaption", "markdown"): (5, 1),
        ("TextInput", "pattern"): (6, 2),
        ("CheckboxGroup", "media-size"): (5, 0),
        ("RadioButtonsGroup", "media-size"): (5, 0),
    }
)
DATA_TYPES: Final = words("string number integer boolean object array")
