"""Every business that ships is without mistakes, and its scripted customers are understood: by rules, without IO."""

from typing import Any

import pytest

from bot.business.definition import Business
from bot.domain.commands import SendButtons, SendList
from bot.domain.languages import spoken
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.replies.plain_text import as_text
from simulator.xendit import channels
from tests.bot.dialogue.states.talk import Talk
from webhooks.business import SAMPLES, load_business, sample_path
from webhooks.local.demo_money import CHANNELS
from webhooks.local.demo_scripts import customers_of

Json = dict[str, Any]


def shipped(name: str) -> Business:
    """That business; with a mistake in its file it raises."""
    path = sample_path(name)
    assert path is not None
    return load_business(path)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_business_that_ships_is_without_mistakes_and_tells_its_trade_in_its_languages(name: str) -> None:
    business = shipped(name)
    assert {spoken(language) for language in business.languages} == set(business.languages)
    for text in (business.texts.about, *(entry.answer for entry in business.faq)):
        assert all(text.written(language) for language in business.languages)
    assert business.currency in CHANNELS
    for channel in CHANNELS[business.currency]:
        assert channels.find(channel, business.currency) is not None


def test_a_business_nobody_ships_has_no_file() -> None:
    assert sample_path("barber") is None


def played(business: Business, customer: Json) -> Talk:
    """The conversation of that script, answered by rules; a link is paid as soon as nothing else is expected first."""
    talk = Talk(business=business, pays=True)
    seen = 0
    for step in customer["steps"]:
        if "say" in step:
            talk.writes(step["say"])
        elif "tap" in step:
            talk.taps(choice_named(talk, step["tap"]))
        else:
            if seen == len(talk.said):
                talk.pay()
            found = next((at for at in range(seen, len(talk.said)) if step["expect"] in as_text(talk.said[at])), None)
            assert found is not None, (step, [as_text(order) for order in talk.said[seen:]])
            seen = found + 1
    return talk


def choice_named(talk: Talk, title: str) -> str:
    match talk.said[-1]:
        case SendButtons(buttons=shown) | SendList(rows=shown):
            return next(one.id for one in shown if one.title == title)
        case other:
            raise AssertionError(f"nothing to tap: {other}")


def is_paid(lead: Lead) -> bool:
    return any(booking.paid is not None and booking.paid == booking.due for booking in lead.bookings)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "concierge"])
def test_the_scripts_of_a_business_fit_its_file_end_confirmed_and_speak_its_languages(name: str) -> None:
    business = shipped(name)
    talks = [played(business, customer) for customer in customers_of(name)]
    booked = [talk for talk in talks if talk.lead.bookings]
    assert {booking.state for talk in booked for booking in talk.lead.bookings} == {State.CONFIRMED}
    assert sum(is_paid(talk.lead) for talk in booked) >= 2
    assert {talk.lead.language for talk in talks} == set(business.languages)
