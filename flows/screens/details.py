"""The fifth screen: how many come, and who."""

from typing import Final

from flows.definition import STEP_FIELD, Field, FieldKind, Footer, Input, Screen, Select
from flows.limits import DEFAULT_AREA_CHARS, DEFAULT_INPUT_CHARS
from flows.request import Payload, ScreenId
from flows.screens.screen import FlowScreen, Values, initial, is_offered, options
from flows.session import Answers
from flows.view import BookingView
from flows.words import ScreenNotice, ScreenWords

_EXAMPLE: Final = [{"id": "2", "title": "2"}]
_MOST_DIGITS: Final = 4


def define(words: ScreenWords) -> Screen:
    """Guests, a name, and room for a note."""
    return Screen(
        id=ScreenId.DETAILS,
        title=words.details_title,
        fields=(
            STEP_FIELD,
            Field("guest_options", FieldKind.OPTIONS, _EXAMPLE),
            Field("known_guests", FieldKind.TEXT, "2", edition=2),
            Field("known_name", FieldKind.TEXT, "Ayu"),
            Field("known_notes", FieldKind.TEXT, "No oil, please"),
        ),
        children=(
            Select("Dropdown", "guests", words.guests_label, "guest_options", "known_guests"),
            Input("TextInput", "name", words.name_label, "known_name", DEFAULT_INPUT_CHARS, required=True),
            Input("TextArea", "notes", words.notes_label, "known_notes", DEFAULT_AREA_CHARS, required=False),
            Footer(words.go_on, ("guests", "name", "notes")),
        ),
        leads_to=(ScreenId.REVIEW,),
    )


def values(answers: Answers, view: BookingView) -> Values | None:
    """The possible numbers of guests and what we know already; None before a time is picked."""
    if answers.slot_id is None or view.party is None:
        return None
    known = (str(one) for one in (answers.guests, answers.wished.guests) if one is not None)
    return {
        "guest_options": options(view.party.guests),
        "known_guests": initial(view.party.guests, *known),
        "known_name": answers.name or view.party.known_name,
        "known_notes": answers.notes,
    }


def pick(payload: Payload, answers: Answers) -> Answers:
    """What was typed; no number of guests when it is none."""
    guests = payload.text("guests")
    counted = int(guests) if guests.isascii() and guests.isdecimal() and len(guests) <= _MOST_DIGITS else None
    return answers.with_details(counted, payload.text("name"), payload.text("notes"))


def objection(answers: Answers, view: BookingView) -> ScreenNotice | None:
    """An offered number of guests, a name, and nothing longer than its field."""
    offered = view.party.guests if view.party is not None else ()
    if answers.guests is None or not is_offered(str(answers.guests), offered):
        return ScreenNotice.BAD_GUESTS
    if not answers.name:
        return ScreenNotice.NAME_MISSING
    if len(answers.name) > DEFAULT_INPUT_CHARS or len(answers.notes) > DEFAULT_AREA_CHARS:
        return ScreenNotice.TOO_LONG
    return None


DETAILS: Final = FlowScreen(ScreenId.DETAILS, define, values, pick, objection)
