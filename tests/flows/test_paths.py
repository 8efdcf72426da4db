"""The forms that move or cancel a booking: their screens, and a last screen that is sent only as it was read."""

import json
from dataclasses import replace
from typing import Any

import pytest

from flows.errors import TokenExpired
from flows.exchange import Answered, SubmitForm, decide_exchange
from flows.lint import lint
from flows.paths import PATHS
from flows.request import ErrorNotification, FormRequest, Ping, ScreenId, parse_request
from flows.session import Answers, FlowSession, Purpose
from flows.view import BookingView, Review, ServiceId, SlotId
from flows.words import languages
from tests.flows.shop import NOW, SERVICES, TOKEN, session_of

READ = Review("Cancel Balinese massage?", "IDR 175,000 comes back", "Half of the price.", agreed="0|175000|0")


def cancelling() -> FlowSession:
    """A form just sent that cancels a booking."""
    known = Answers(service_id=ServiceId("balinese"), slot_id=SlotId("balinese|x"), guests=1)
    return replace(session_of(), purpose=Purpose.CANCEL, answers=known)


def asked(action: str, screen: str = "", **data: str) -> FormRequest:
    body: dict[str, Any] = {"version": "3.0", "action": action, "flow_token": TOKEN}
    body |= {"screen": screen, "data": data} if action == "data_exchange" else {}
    request = parse_request(json.dumps(body).encode())
    assert not isinstance(request, Ping | ErrorNotification)
    return request


def answered(session: FlowSession, request: FormRequest, review: Review | None) -> Answered:
    decided = decide_exchange(session, request, BookingView("en", SERVICES, review=review), NOW)
    assert isinstance(decided, Answered)
    return decided


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("purpose", Purpose)
def test_every_form_passes_the_lint_in_every_language(purpose: Purpose, language: str) -> None:
    assert lint(dict(json.loads(json.dumps(PATHS[purpose].define(language).as_json())))) == ()


def test_a_move_has_no_service_and_no_details_and_a_cancellation_one_screen() -> None:
    assert PATHS[Purpose.RESCHEDULE].order == (ScreenId.DAY, ScreenId.TIME, ScreenId.REVIEW)
    assert PATHS[Purpose.CANCEL].order == (ScreenId.REVIEW,)


def test_a_cancellation_opens_on_its_quote_and_is_sent_by_its_button() -> None:
    opened = answered(cancelling(), asked("INIT"), READ)
    assert "IDR 175,000 comes back" in opened.reply.body
    sent = answered(opened.session, asked("data_exchange", "REVIEW", step=opened.session.step), READ)
    assert SubmitForm(TOKEN) in sent.orders
    assert sent.session.answers.agreed == READ.agreed
    assert sent.session.is_submitted


def test_what_changed_since_it_was_read_is_shown_again_and_not_sent() -> None:
    opened = answered(cancelling(), asked("INIT"), READ)
    less = replace(READ, total="IDR 87,500 comes back", agreed="0|87500|0")
    again = answered(opened.session, asked("data_exchange", "REVIEW", step=opened.session.step), less)
    assert not again.session.is_submitted
    assert "IDR 87,500 comes back" in again.reply.body
    assert "error_message" in again.reply.body
    sent = answered(again.session, asked("data_exchange", "REVIEW", step=again.session.step), less)
    assert (sent.session.is_submitted, sent.session.answers.agreed) == (True, less.agreed)


def test_a_booking_that_cannot_be_cancelled_any_more_closes_the_form() -> None:
    with pytest.raises(TokenExpired):
        answered(cancelling(), asked("INIT"), None)


def test_a_screen_of_another_form_is_refused() -> None:
    opened = answered(cancelling(), asked("INIT"), READ)
    with pytest.raises(TokenExpired):
        answered(opened.session, asked("data_exchange", "SERVICE", step="SERVICE-1"), READ)
