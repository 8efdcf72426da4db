"""The last screen: what is agreed to; its button sends the form."""

from typing import Final

from flows.definition import STEP_FIELD, Field, FieldKind, Footer, Screen, ScreenText
from flows.request import Payload, ScreenId
from flows.screens.screen import FlowScreen, Values
from flows.session import Answers
from flows.view import BookingView
from flows.words import ScreenNotice, ScreenWords


def define(words: ScreenWords) -> Screen:
    """The booking in words, its price and its terms."""
    return Screen(
        id=ScreenId.REVIEW,
        title=words.review_title,
        fields=(
            STEP_FIELD,
            Field("summary", FieldKind.TEXT, "Balinese massage, Tue 1 December, 14:00, 2 guests"),
            Field("total", FieldKind.TEXT, "Rp900.000"),
            Field("terms", FieldKind.TEXT, "Free cancellation until 24 hours before."),
        ),
        children=(
            ScreenText("TextBody", "${data.summary}"),
            ScreenText("TextSubheading", "${data.total}"),
            ScreenText("TextCaption", "${data.terms}"),
            Footer(words.confirm, ()),
        ),
        leads_to=(),
        terminal=True,
    )


def values(answers: Answers, view: BookingView) -> Values | None:
    """The words agreed to; None until everything is picked."""
    review = view.review
    if answers.slot_id is None or answers.guests is None or review is None:
        return None
    return {"summary": review.summary, "total": review.total, "terms": review.terms}


def pick(_: Payload, answers: Answers) -> Answers:
    """Nothing is picked here."""
    return answers


def objection(answers: Answers, _: BookingView) -> ScreenNotice | None:
    """A form without a time or guests cannot be sent."""
    return ScreenNotice.MOVED_ON if answers.slot_id is None or answers.guests is None else None


REVIEW: Final = FlowScreen(ScreenId.REVIEW, define, values, pick, objection)
