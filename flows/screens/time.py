"""The fourth screen: which time; its pick is held at once."""

from typing import Final

from flows.definition import STEP_FIELD, Field, FieldKind, Footer, Screen, Select
from flows.request import Payload, ScreenId
from flows.screens.screen import FlowScreen, Values, initial, is_offered, options
from flows.session import Answers
from flows.view import BookingView, SlotId
from flows.words import ScreenNotice, ScreenWords

_EXAMPLE: Final = [{"id": "slot-1", "title": "14:00", "description": "Wayan", "metadata": "90 min"}]


def define(words: ScreenWords) -> Screen:
    """A list of free times."""
    return Screen(
        id=ScreenId.TIME,
        title=words.time_title,
        fields=(
            STEP_FIELD,
            Field("times", FieldKind.OPTIONS, _EXAMPLE),
            Field("known_time", FieldKind.TEXT, "slot-1", edition=2),
        ),
        children=(
            Select("Dropdown", "time", words.time_label, "times", "known_time"),
            Footer(words.go_on, ("time",)),
        ),
        leads_to=(ScreenId.DETAILS,),
    )


def values(answers: Answers, view: BookingView) -> Values | None:
    """The free times; None when there are none that day."""
    if answers.service_id is None or answers.day is None or not view.times:
        return None
    return {"times": options(view.times), "known_time": initial(view.times, answers.slot_id, view.wished_time)}


def pick(payload: Payload, answers: Answers) -> Answers:
    """The time that was chosen."""
    return answers.with_slot(SlotId(payload.text("time")))


def objection(answers: Answers, view: BookingView) -> ScreenNotice | None:
    """Only an offered time stands."""
    return None if is_offered(answers.slot_id, view.times) else ScreenNotice.PICK_TIME


TIME: Final = FlowScreen(ScreenId.TIME, define, values, pick, objection)
