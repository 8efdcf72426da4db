"""Which screens a form has, by what it is for: booking, another time for a booking, or calling it off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from flows.booking import SCREENS, booking_flow
from flows.definition import FlowDefinition, Screen
from flows.request import ScreenId
from flows.screens.day import DAY
from flows.screens.review import REVIEW
from flows.screens.screen import FlowScreen
from flows.screens.time import TIME
from flows.session import FlowSession, Purpose
from flows.view import BookingView
from flows.words import ScreenWords, words_in


@dataclass(frozen=True, slots=True)
class FlowPath:
    """The screens of a form in their order, and its definition in each language."""

    screens: Mapping[ScreenId, FlowScreen]
    define: Callable[[str], FlowDefinition]
    holds: bool = True
    """Whether a time is held for it when it is sent."""

    @property
    def order(self) -> tuple[ScreenId, ...]:
        """Its screens, the entry first."""
        return tuple(self.screens)

    def place(self, screen_id: ScreenId) -> int:
        """How far along the way a screen stands, from 0."""
        return self.order.index(screen_id)

    def path_to(self, screen_id: ScreenId) -> tuple[ScreenId, ...]:
        """The way from the entry to a screen, itself included."""
        return self.order[: self.place(screen_id) + 1]

    def without(self, screen_id: ScreenId) -> "FlowPath":
        """The same way past a screen on which nothing is asked."""
        return replace(self, screens={name: one for name, one in self.screens.items() if name is not screen_id})

    def after(self, screen_id: ScreenId) -> ScreenId:
        """The screen that follows."""
        return self.order[self.place(screen_id) + 1]


@cache
def reschedule_flow(language: str) -> FlowDefinition:
    """Another time for a booking: day, time, and what it costs."""
    words = words_in(language)
    time = replace(TIME.define(words), leads_to=(ScreenId.REVIEW,))
    return FlowDefinition((DAY.define(words), time, _last(words, words.change_confirm, words.review_title)))


@cache
def cancel_flow(language: str) -> FlowDefinition:
    """Calling a booking off: what comes back, and the yes."""
    words = words_in(language)
    return FlowDefinition((_last(words, words.cancel_confirm, words.cancel_title),))


def _last(words: ScreenWords, confirm: str, title: str) -> Screen:
    return REVIEW.define(replace(words, confirm=confirm, review_title=title))


PLACE_SINCE: Final = 2
"""The first edition of the booking form that has the screen which asks where."""

WHO_SINCE: Final = 3
"""The first edition of the forms that book and move in which it can be chosen who is to give it."""

PATHS: Final[Mapping[Purpose, FlowPath]] = {
    Purpose.BOOKING: FlowPath(SCREENS, booking_flow),
    Purpose.RESCHEDULE: FlowPath({one.id: one for one in (DAY, TIME, REVIEW)}, reschedule_flow),
    Purpose.CANCEL: FlowPath({REVIEW.id: REVIEW}, cancel_flow, holds=False),
}


def path_of(session: FlowSession, view: BookingView, *stands: ScreenId) -> FlowPath:
    """The way of this very form: past the question where, if there is nothing to choose or its form has no such screen.

    A screen on which it `stands` is on its way whatever is asked now.
    """
    path = PATHS[session.purpose]
    is_asked = bool(view.places) and session.edition >= PLACE_SINCE
    return path if is_asked or ScreenId.PLACE in stands else path.without(ScreenId.PLACE)
