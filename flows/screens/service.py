"""The first screen: which service."""

from typing import Final

from flows.definition import STEP_FIELD, Field, FieldKind, Footer, Screen, ScreenText, Select
from flows.request import Payload, ScreenId
from flows.screens.screen import FlowScreen, Values, initial, is_offered, options
from flows.session import Answers
from flows.view import BookingView, ServiceId
from flows.words import ScreenNotice, ScreenWords

_EXAMPLE: Final = [
    {"id": "balinese-90", "title": "Balinese massage", "description": "90 minutes", "metadata": "Rp450.000"}
]


def define(words: ScreenWords) -> Screen:
    """A list of services with their length and price."""
    return Screen(
        id=ScreenId.SERVICE,
        title=words.service_title,
        fields=(
            STEP_FIELD,
            Field("services", FieldKind.OPTIONS, _EXAMPLE),
            Field("known_service", FieldKind.TEXT, "balinese-90", edition=2),
        ),
        children=(
            ScreenText("TextSubheading", words.service_heading),
            Select("RadioButtonsGroup", "service", words.service_label, "services", "known_service"),
            Footer(words.go_on, ("service",)),
        ),
        leads_to=(ScreenId.PLACE, ScreenId.DAY),
    )


def values(answers: Answers, view: BookingView) -> Values | None:
    """The services; None when none is offered."""
    if not view.services:
        return None
    known = initial(view.services, answers.service_id, answers.wished.service_id)
    return {"services": options(view.services), "known_service": known}


def pick(payload: Payload, answers: Answers) -> Answers:
    """The service that was tapped."""
    return answers.with_service(ServiceId(payload.text("service")))


def objection(answers: Answers, view: BookingView) -> ScreenNotice | None:
    """Only an offered service stands."""
    return None if is_offered(answers.service_id, view.services) else ScreenNotice.PICK_SERVICE


SERVICE: Final = FlowScreen(ScreenId.SERVICE, define, values, pick, objection)
