"""The second screen, where there are several: at which place; days and times are those of that place."""

from typing import Final

from flows.definition import STEP_FIELD, Field, FieldKind, Footer, Screen, Select
from flows.request import Payload, ScreenId
from flows.screens.screen import FlowScreen, Values, initial, is_offered, options
from flows.session import Answers
from flows.view import BookingView, PlaceId
from flows.words import ScreenNotice, ScreenWords

_EXAMPLE: Final = [{"id": "villa-melati", "title": "Villa Melati", "description": "Seminyak"}]


def define(words: ScreenWords) -> Screen:
    """A list of the places."""
    return Screen(
        id=ScreenId.PLACE,
        title=words.place_title,
        fields=(
            STEP_FIELD,
            Field("places", FieldKind.OPTIONS, _EXAMPLE),
            Field("known_place", FieldKind.TEXT, "villa-melati"),
        ),
        children=(
            Select("Dropdown", "place", words.place_label, "places", "known_place"),
            Footer(words.go_on, ("place",)),
        ),
        leads_to=(ScreenId.DAY,),
    )


def values(answers: Answers, view: BookingView) -> Values | None:
    """The places; None where there is nothing to choose."""
    if answers.service_id is None or not view.places:
        return None
    known = initial(view.places, answers.place_id, answers.wished.place_id)
    return {"places": options(view.places), "known_place": known}


def pick(payload: Payload, answers: Answers) -> Answers:
    """The place that was chosen."""
    return answers.with_place(PlaceId(payload.text("place")))


def objection(answers: Answers, view: BookingView) -> ScreenNotice | None:
    """Only an offered place stands; where none is offered any more, nothing is asked."""
    return ScreenNotice.PICK_PLACE if view.places and not is_offered(answers.place_id, view.places) else None


PLACE: Final = FlowScreen(ScreenId.PLACE, define, values, pick, objection)
