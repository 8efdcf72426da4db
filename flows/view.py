"""What the booking Flow may offer right now, in words already rendered for the customer.

The shell fills only what `flows.exchange.needs` asked for. Every value checks the component that will show
it, so that a text over a limit is an error where it is built and never on the phone.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NewType

from flows import limits
from flows.limits import FlowOverLimit, fitting

ServiceId = NewType("ServiceId", str)
SlotId = NewType("SlotId", str)
PlaceId = NewType("PlaceId", str)
ProviderId = NewType("ProviderId", str)
ANYONE: Final = ProviderId("-")
"""Whoever it is, where the id of a provider would stand: in forms, taps and what is kept; no id of a business file."""


class Weekday(StrEnum):
    """A day of the week as the CalendarPicker names it."""

    MON = "Mon"
    TUE = "Tue"
    WED = "Wed"
    THU = "Thu"
    FRI = "Fri"
    SAT = "Sat"
    SUN = "Sun"


WHOLE_WEEK = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list; raises OverLimit where its words do not fit."""

    id: str
    title: str
    description: str = ""
    metadata: str = ""

    def __post_init__(self) -> None:
        fitting(self.id, 200, "option id")
        fitting(self.title, limits.OPTION_TEXT["title"], "option title")
        for name, text in (("description", self.description), ("metadata", self.metadata)):
            if text:
                fitting(text, limits.OPTION_TEXT[name], f"option {name}")


@dataclass(frozen=True, slots=True)
class Days:
    """The days that can be picked, local to the business: bounds, weekdays, and the days in between that
    are full."""

    first: date
    last: date
    unavailable: tuple[date, ...] = ()
    weekdays: tuple[Weekday, ...] = WHOLE_WEEK

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise FlowOverLimit("the first day is after the last")
        if not all(self.first <= day <= self.last for day in self.unavailable):
            raise FlowOverLimit("an unavailable day is outside the bounds")

    def allows(self, day: date) -> bool:
        """Whether the calendar lets that day be tapped."""
        return (
            self.first <= day <= self.last
            and day not in self.unavailable
            and WHOLE_WEEK[day.weekday()] in self.weekdays
        )


@dataclass(frozen=True, slots=True)
class GuestChoice:
    """How many guests there may be (each choice's id is the number) and the name we know already."""

    guests: tuple[Choice, ...]
    known_name: str = ""

    def __post_init__(self) -> None:
        _count(self.guests, "Dropdown", "guests")
        if not all(choice.id.isdecimal() for choice in self.guests):
            raise FlowOverLimit("the id of a number of guests is not a number")


@dataclass(frozen=True, slots=True)
class Review:
    """What the customer agrees to: the booking in words, what it costs, and on which terms."""

    summary: str
    total: str
    terms: str
    agreed: str = ""
    """The same in a word, to tell whether it has changed since it was read; empty where nothing can."""

    def __post_init__(self) -> None:
        fitting(self.summary, limits.TEXT["TextBody"]["text"], "summary")
        fitting(self.total, limits.TEXT["TextSubheading"]["text"], "total")
        fitting(self.terms, limits.TEXT["TextCaption"]["text"], "terms")


@dataclass(frozen=True, slots=True)
class BookingView:
    """All that a screen may show: services always, the rest for what is picked so far.

    `times` are the free times of the picked service and day, each choice's id a slot id; the customer's own
    hold counts as free. `places` and `providers` are those to choose between, `ANYONE` the first of these; empty where
    there is nothing to choose.
    """

    language: str
    services: tuple[Choice, ...]
    days: Days | None = None
    times: tuple[Choice, ...] = ()
    party: GuestChoice | None = None
    review: Review | None = None
    places: tuple[Choice, ...] = ()
    providers: tuple[Choice, ...] = ()
    wished_time: SlotId | None = None
    """Which of the times is the one that was wished, or that was picked on another day."""

    def __post_init__(self) -> None:
        if self.services:
            _count(self.services, "RadioButtonsGroup", "services")
        if self.places:
            _count(self.places, "Dropdown", "places")
        if self.providers:
            _count(self.providers, "Dropdown", "providers")
        if self.times:
            _count(self.times, "Dropdown", "times")


def _count(choices: tuple[Choice, ...], component: str, what: str) -> None:
    fewest, most = limits.OPTION_COUNT[component]
    if not fewest <= len(choices) <= most:
        raise FlowOverLimit(f"{len(choices)} {what}; {component} shows {fewest} to {most}")
    if len({choice.id for choice in choices}) < len(choices):
        raise FlowOverLimit(f"two {what} have one id")
