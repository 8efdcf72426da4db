"""The booking Flow: its screens in their order, and its definition in each language."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from flows.definition import FlowDefinition
from flows.request import ScreenId
from flows.screens.day import DAY
from flows.screens.details import DETAILS
from flows.screens.place import PLACE
from flows.screens.review import REVIEW
from flows.screens.screen import FlowScreen
from flows.screens.service import SERVICE
from flows.screens.time import TIME
from flows.words import words_in

SCREENS: Final[Mapping[ScreenId, FlowScreen]] = {
    screen.id: screen for screen in (SERVICE, PLACE, DAY, TIME, DETAILS, REVIEW)
}
ORDER: Final = tuple(SCREENS)


@cache
def booking_flow(language: str) -> FlowDefinition:
    """The Flow to publish for readers of a language; its data model is the same in all."""
    words = words_in(language)
    return FlowDefinition(tuple(screen.define(words) for screen in SCREENS.values()))


def place(screen_id: ScreenId) -> int:
    """How far along the way a screen stands, from 0."""
    return ORDER.index(screen_id)


def path_to(screen_id: ScreenId) -> tuple[ScreenId, ...]:
    """The way from the entry to a screen, itself included."""
    return ORDER[: place(screen_id) + 1]
