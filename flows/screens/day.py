"""The third screen: which day, in a calendar with the true bounds."""

from dataclasses import replace
from datetime import date
from typing import Final

from flows.definition import STEP_FIELD, Calendar, Field, FieldKind, Footer, PrefilledForm, Screen
from flows.request import Payload, ScreenId
from flows.screens.screen import FlowScreen, Values
from flows.session import Answers
from flows.view import WHOLE_WEEK, BookingView, Days
from flows.words import ScreenNotice, ScreenWords


def define(words: ScreenWords) -> Screen:
    """A month in which only bookable days can be tapped."""
    return Screen(
        id=ScreenId.DAY,
        title=words.day_title,
        fields=(
            STEP_FIELD,
            Field("first_day", FieldKind.TEXT, "2026-12-01"),
            Field("last_day", FieldKind.TEXT, "2027-01-31"),
            Field("full_days", FieldKind.TEXTS, ["2026-12-25"]),
            Field("weekdays", FieldKind.TEXTS, [str(day) for day in WHOLE_WEEK]),
            Field("known", FieldKind.START, {"day": "2026-12-01"}, edition=2),
        ),
        children=(
            PrefilledForm(
                "when",
                "known",
                (
                    Calendar(
                        "day",
                        words.day_label,
                        words.day_helper,
                        first="first_day",
                        last="last_day",
                        unavailable="full_days",
                        weekdays="weekdays",
                    ),
                    Footer(words.go_on, ("day",)),
                ),
            ),
        ),
        leads_to=(ScreenId.TIME,),
    )


def values(answers: Answers, view: BookingView) -> Values | None:
    """The calendar's bounds; None when the service has no day."""
    days = view.days
    if answers.service_id is None or days is None:
        return None
    return {
        "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat(),
        "full_days": [day.isoformat() for day in days.unavailable],
        "weekdays": [str(day) for day in days.weekdays],
        "known": _known(answers, days),
    }


def _known(answers: Answers, days: Days) -> Values:
    wished = next((day for day in (answers.day, answers.wished.day) if day is not None and days.allows(day)), None)
    return {} if wished is None else {"day": wished.isoformat()}


def pick(payload: Payload, answers: Answers) -> Answers:
    """The day that was tapped; none when it is no date."""
    try:
        return answers.with_day(date.fromisoformat(payload.text("day")))
    except ValueError:
        return replace(answers, day=None, slot_id=None)


def objection(answers: Answers, view: BookingView) -> ScreenNotice | None:
    """Only a day that the calendar offers stands."""
    if answers.day is None or view.days is None:
        return ScreenNotice.PICK_DAY
    return None if view.days.allows(answers.day) else ScreenNotice.PICK_DAY


DAY: Final = FlowScreen(ScreenId.DAY, define, values, pick, objection)
