"""Where an online service takes place: told once it is booked and paid, in three languages, and never before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.business.timers import DAY_BEFORE, DEFAULT_TIMERS, BookingTimer
from bot.dialogue import choice
from bot.dialogue.decide import decide
from bot.domain.commands import Lane, SendButtons, SendTemplate, SendText
from bot.domain.events import Event, SlotBooked
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.outcome import Decision, EffectRequest
from bot.domain.states import State
from bot.domain.window import leaving
from bot.replies.cards import card
from bot.replies.notices import as_text
from bot.replies.reminders import reminder
from intents.understanding import Language
from tests.bot.business.makers import problems_of, sample
from tests.bot.makers import NOW, context
from tests.bot.paying import REFERENCE, SLOT, a_booking, a_customer, opened, paid

LINK = f"https://meet.example/{REFERENCE}"


def online(meeting: str = "https://meet.example/{reference}") -> Context:
    services = tuple(
        replace(one, meeting=meeting) if one.id in {"balinese-massage", "planning-call"} else one
        for one in sample().services
    )
    return replace(context(), business=replace(sample(), services=services))


def on(lead: Lead, event: Event) -> Decision:
    return decide(lead, event, replace(online(), now=event.at))


def words(decision: Decision) -> str:
    return "\n".join(repr(effect.command) for effect in decision.effects if effect.lane is Lane.CHAT)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (Language.EN, "Join here at that time: "),
        (Language.ID, "Gabung di sini pada jam itu ya kak: "),
        (Language.VI, "Đến giờ bạn vào đây nhé: "),
    ],
)
def test_the_link_comes_with_the_receipt_and_not_before(language: Language, says: str) -> None:
    customer = a_customer(a_booking(), language)
    summed_up = choice.choose(customer, a_booking(), SLOT, NOW, online())
    reserved = on(customer, SlotBooked(EventId("done:1:0"), NOW, REFERENCE, SLOT))
    linked = on(reserved.lead, opened())
    before = [repr(summed_up.requests), words(reserved), words(linked)]
    asked = card(linked.lead, linked.lead.bookings[0], online())
    assert not [said for said in (*before, repr(asked)) if "meet.example" in said]
    confirmed = on(linked.lead, paid())
    assert confirmed.lead.bookings[0].state is State.CONFIRMED
    assert f"{says}{LINK}" in words(confirmed)


def test_what_costs_nothing_has_it_with_the_confirmation() -> None:
    free = a_booking(price=None, due=None, service="planning-call")
    booked = on(a_customer(free), SlotBooked(EventId("done:1:0"), NOW, REFERENCE, SLOT))
    assert LINK in words(booked)


def test_reminders_and_the_card_have_it_while_it_stands() -> None:
    confirmed = a_booking(state=State.CONFIRMED, booked_hold="hold-1")
    lead = a_customer(confirmed)
    (timer,) = [one for one in DEFAULT_TIMERS if one.id == DAY_BEFORE]
    said = [card(lead, confirmed, online()), reminder(lead, timer, confirmed, online())]
    assert [LINK in repr(one) for one in said] == [True, True]
    over = replace(confirmed, state=State.CANCELLED)
    assert "meet.example" not in repr(card(lead, over, online()))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize("timer", DEFAULT_TIMERS, ids=lambda timer: timer.id)
def test_outside_the_window_templates_tell_it_and_of_what_has_no_link_they_are_as_they_were(
    timer: BookingTimer, asks: bool, language: Language
) -> None:
    confirmed = a_booking(state=State.CONFIRMED, booked_hold="hold-1")
    lead, at = a_customer(confirmed, language), NOW + timedelta(days=3)
    told = leaving(lead, chat_order(reminder(lead, timer, confirmed, online(), asks=asks)), at)
    assert isinstance(told, SendTemplate)
    assert (told.name.endswith("_online"), LINK in as_text(told)) == (True, True)
    plain = leaving(lead, chat_order(reminder(lead, timer, confirmed, context(), asks=asks)), at)
    assert isinstance(plain, SendTemplate)
    assert (plain.name.endswith("_online"), "http" in as_text(plain)) == (False, False)


def chat_order(request: EffectRequest) -> SendText | SendButtons:
    assert isinstance(request.command, SendText | SendButtons)
    return request.command


def test_a_fixed_link_is_the_same_for_all() -> None:
    confirmed = a_booking(state=State.CONFIRMED, booked_hold="hold-1")
    said = card(a_customer(confirmed), confirmed, online("https://meet.example/room-1"))
    assert "https://meet.example/room-1" in repr(said)


@pytest.mark.parametrize(
    ("service", "meeting", "says"),
    [
        ("balinese-massage", "https://meet.example/x", "only an online service takes place at a link"),
        ("planning-call", "https://meet.example/{phone}", "names something that nobody fills in"),
        ("planning-call", "https://meet.example/{reference", "names something that nobody fills in"),
        ("planning-call", "https://{reference}.meet.example/", "names no host"),
        ("planning-call", "https:///room", "names no host"),
        ("planning-call", "http://meet.example/x", "does not fit"),
        ("planning-call", "the usual room", "does not fit"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(service: str, meeting: str, says: str) -> None:
    at = f"  - id: {service}\n"
    told = {
        item.path.rpartition(".")[2]: item.what for item in problems_of((at, f'{at}    meeting: "{meeting}"\n')).items
    }
    assert says in told["meeting"]
