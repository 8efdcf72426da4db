"""The Flow's fixed words, one language file for each language; what changes from business to business comes
rendered in the view."""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any, Final

from babel.messages.pofile import read_po

_FOLDER: Final = resources.files("flows").joinpath("catalogue")
_SUFFIX: Final = ".po"


class ScreenNotice(StrEnum):
    """Why the customer sees a screen again, shown as the client's passing message."""

    PICK_SERVICE = "pick_service"
    PICK_PLACE = "pick_place"
    PICK_DAY = "pick_day"
    WHO_NOT_FREE = "who_not_free"
    PICK_TIME = "pick_time"
    TIME_TAKEN = "time_taken"
    NONE_FREE = "none_free"
    BAD_GUESTS = "bad_guests"
    NAME_MISSING = "name_missing"
    TOO_LONG = "too_long"
    MOVED_ON = "moved_on"
    SUM_CHANGED = "sum_changed"


class Closing(StrEnum):
    """Why a form cannot be used any more; shown with the message whose button it was."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    NOTHING_OFFERED = "nothing_offered"


@dataclass(frozen=True, slots=True)
class ScreenWords:
    """All fixed words of one language."""

    service_title: str
    service_heading: str
    service_label: str
    place_title: str
    place_label: str
    day_title: str
    day_label: str
    day_helper: str
    who_label: str
    time_title: str
    time_label: str
    details_title: str
    guests_label: str
    name_label: str
    notes_label: str
    review_title: str
    go_on: str
    confirm: str
    change_confirm: str
    cancel_title: str
    cancel_confirm: str
    notices: dict[ScreenNotice, str]
    closings: dict[Closing, str]


def screen_words(file: bytes) -> ScreenWords:
    """The fixed words out of a language file; raises LookupError where one of them is missing."""
    entries = read_po(BytesIO(file), abort_invalid=True)
    texts = {str(entry.id): str(entry.string) for entry in entries if entry.id}
    # by name out of the file, so that a new word is a line here and a line in each file
    single: dict[str, Any] = {one.name: texts[f"screen.{one.name}"] for one in fields(ScreenWords) if one.type is str}
    return ScreenWords(
        **single,
        notices={notice: texts[f"notice.{notice}"] for notice in ScreenNotice},
        closings={closing: texts[f"closing.{closing}"] for closing in Closing},
    )


@cache
def words_in(language: str) -> ScreenWords:
    """The fixed words of a language; raises FileNotFoundError for one that has no file."""
    return screen_words(_FOLDER.joinpath(f"{language}{_SUFFIX}").read_bytes())


@cache
def languages() -> tuple[str, ...]:
    """The languages in which the Flow can be published: one for each file."""
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in _FOLDER.iterdir() if file.name.endswith(_SUFFIX)))
