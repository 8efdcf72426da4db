"""The customer's window: what may leave, and as what."""

from datetime import timedelta

import pytest

from bot.domain import window
from bot.domain.commands import ChatCommand, ReleaseHolds, SendLink, SendTemplate, SendText
from tests.bot.makers import NOW, a_lead

TEMPLATE = SendTemplate("janji_pay_nudge", "en", ("a",))
BARE = SendText("hello")
WITH = SendLink("Please pay", "Pay", "https://pay.example/1", TEMPLATE)
HEARD = a_lead(last_inbound_at=NOW)
LAST_MOMENT, TOO_LATE = NOW + timedelta(hours=24, seconds=-1), NOW + timedelta(hours=24)


@pytest.mark.parametrize("order", [BARE, WITH, TEMPLATE])
def test_inside_the_window_everything_leaves_as_it_is(order: ChatCommand) -> None:
    assert window.admits(HEARD, order, LAST_MOMENT)
    assert window.leaving(HEARD, order, LAST_MOMENT) == order


def test_outside_it_the_template_leaves_in_place_of_the_words() -> None:
    assert window.admits(HEARD, WITH, TOO_LATE)
    assert window.leaving(HEARD, WITH, TOO_LATE) == TEMPLATE
    assert window.admits(HEARD, TEMPLATE, TOO_LATE)


def test_outside_it_words_without_a_template_stay() -> None:
    assert not window.admits(HEARD, BARE, TOO_LATE)
    assert window.admits(HEARD, ReleaseHolds(("hold",)), TOO_LATE)


def test_who_never_wrote_gets_templates_only() -> None:
    nobody = a_lead()
    assert window.expires_at(nobody) is None
    assert not window.admits(nobody, BARE, NOW)
    assert window.leaving(nobody, WITH, NOW) == TEMPLATE
