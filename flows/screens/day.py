"""The third screen: which day, in a calendar with the true bounds, and with whom where several give it."""

from dataclasses import replace
from datetime import date
from typing import Final

from flows.definition import STEP_FIELD, Calendar, Field, FieldKind, Footer, PrefilledForm, Screen, Select
from flows.request import Payload, ScreenId
from flows.screens.screen import FlowScreen, Values, initial, options
from flows.session import Answers
from flows.view import ANYONE, WHOLE_WEEK, BookingView, Choice, Days, ProviderId
from flows.words import ScreenNotice, ScreenWords

_EXAMPLE: Final = [{"id": "ayu", "title": "Ayu"}]
_NOBODY_TO_CHOOSE: Final = (Choice(ANYONE, ANYONE),)
"""A list has an option also where it is not shown."""


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
            Field("people", FieldKind.OPTIONS, _EXAMPLE, edition=3),
            Field("asks_who", FieldKind.FLAG, example=True, edition=3),
        ),
        children=(
            PrefilledForm(
                "when",
                "known",
                (
                    Select("Dropdown", "who", words.who_label, "people", visible="asks_who"),
                    Calendar(
                        "day",
                        words.day_label,
                        words.day_helper,
                        first="first_day",
                        last="last_day",
                        unavailable="full_days",
                        weekdays="weekdays",
                    ),
                    Footer(words.go_on, ("who", "day")),
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
        "known": {**_known_day(answers, days), **_known_person(answers, view)},
        "people": options(view.providers or _NOBODY_TO_CHOOSE),
        "asks_who": bool(view.providers),
    }


def _known_day(answers: Answers, days: Days) -> Values:
    wished = next((day for day in (answers.day, answers.wished.day) if day is not None and days.allows(day)), None)
    return {} if wished is None else {"day": wished.isoformat()}


def _known_person(answers: Answers, view: BookingView) -> Values:
    # a form of an earlier edition has no such input, and gets nothing for it
    if not view.providers:
        return {}
    return {"who": initial(view.providers, answers.provider_id, answers.wished.provider_id, ANYONE)}


def pick(payload: Payload, answers: Answers) -> Answers:
    """Whom they chose and the day that was tapped; none when it is no date."""
    answers = answers.with_provider(ProviderId(payload.text("who")) or None)
    try:
        return answers.with_day(date.fromisoformat(payload.text("day")))
    except ValueError:
        return replace(answers, day=None, slot_id=None)


def objection(answers: Answers, view: BookingView) -> ScreenNotice | None:
    """Only a day that the calendar offers stands, and with whom they chose only one on which that person is free."""
    if answers.day is None or view.days is None:
        return ScreenNotice.PICK_DAY
    if answers.provider_id not in {None, ANYONE} and not view.times:
        return ScreenNotice.WHO_NOT_FREE
    return None if view.days.allows(answers.day) else ScreenNotice.PICK_DAY


DAY: Final = FlowScreen(ScreenId.DAY, define, values, pick, objection)
