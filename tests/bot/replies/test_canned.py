"""Ready words and templates are filled with what is true, and what is not known is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.inbox import CannedReply, MessagePrice, price_for, unknown_facts
from bot.business.words import LocalizedText
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.states import State
from bot.replies import canned, templates
from payments.domain.money import Money
from tests.bot.business.makers import problems_of, sample
from tests.bot.makers import NOW, a_lead

BUSINESS = sample()
SLOT = OfferedSlot(
    "s",
    NOW + timedelta(days=1),
    NOW + timedelta(days=1, hours=1),
    provider="ayu",
    place="spa",
    hold_id=None,
    held_until=None,
)
BOOKING = Booking(
    BookingReference("BK-1"),
    State.PAYMENT_PENDING,
    service=BUSINESS.services[0].id,
    chosen=SLOT,
    price=Money(350_000, "IDR"),
    due=Money(350_000, "IDR"),
    pay_by=NOW + timedelta(hours=2),
    pay_url="https://pay.test/abc",
)
REPLY = CannedReply(
    "late",
    "We are late",
    LocalizedText(en="Hi {name}, {service} on {day} at {time}: {link}", id="Halo {name}, {day} jam {time}: {link}"),
)


def test_a_ready_text_has_the_customers_facts_in_their_language() -> None:
    lead = replace(a_lead(language="id"), name="Sari")
    text = canned.filled(REPLY, canned.facts(lead, BOOKING, BUSINESS), lead.language)
    assert text.text.startswith("Halo Sari, Selasa, 3 Maret 2026 jam 17")
    assert text.text.endswith("https://pay.test/abc")
    assert (text.blanks, text.language) == ((), "id")


def test_what_nobody_knows_is_a_blank_with_a_name() -> None:
    lead = a_lead(language="en")
    text = canned.filled(REPLY, canned.facts(lead, None, BUSINESS), lead.language)
    assert text.text == "Hi [name], [service] on [day] at [time]: [link]"
    assert text.blanks == ("name", "service", "day", "time", "link")


def test_the_check_names_a_fact_that_nobody_can_fill() -> None:
    assert unknown_facts(LocalizedText(en="Hi {nam}"), "en") == ("nam",)
    assert unknown_facts(LocalizedText(en="Hi {"), "en") == ("{",)
    assert unknown_facts(LocalizedText(en="Hi {name}"), "en") == ()
    added = "replies:\n  - id: first\n    title: First\n    text: {en: 'Hi {nam}', id: Hi, vi: Hi}\n"
    found = problems_of(("replies:\n", added))
    assert "names {nam}, which nobody can fill" in str(found)


@pytest.mark.parametrize(("number", "utility"), [("6281", 357), ("84912", 9), ("4912", 99), (None, 99)])
def test_a_template_costs_what_the_longest_code_says(number: str | None, utility: int) -> None:
    prices = (
        MessagePrice("*", 99, 199),
        MessagePrice("62", 357, 587),
        MessagePrice("8", 1, 1),
        MessagePrice("84", 9, 9),
    )
    found = price_for(prices, number)
    assert found is not None
    assert found.utility == utility


def fitting(booking: Booking | None) -> list[str]:
    business = replace(BUSINESS, message_prices=(MessagePrice("62", 357, 587),))
    found = templates.fitting(a_lead(language="en"), booking, business, NOW)
    assert {one.cost for one in found} == {Money(357, "IDR")}
    assert not any("{" in one.text for one in found)
    return [one.order.name for one in found]


def test_only_templates_fit_that_say_what_is_true() -> None:
    reopen = ["janji_reopen_booking", "janji_reopen"]
    assert fitting(None) == ["janji_reopen"]
    assert fitting(BOOKING) == ["janji_pay_nudge", *reopen]
    assert fitting(replace(BOOKING, state=State.CONFIRMED, pay_url=None)) == ["janji_remind_day_before", *reopen]
    over = replace(SLOT, start=NOW - timedelta(hours=2), end=NOW - timedelta(hours=1))
    assert fitting(replace(BOOKING, state=State.CONFIRMED, chosen=over)) == reopen


def test_a_house_without_prices_shows_no_cost() -> None:
    assert {one.cost for one in templates.fitting(a_lead(), None, replace(BUSINESS, message_prices=()), NOW)} == {None}


def test_a_blank_that_is_left_is_found_and_other_brackets_are_words() -> None:
    assert canned.blanks_in("Hi [name], on [day] and [day]: [see below] [x]") == ("[name]", "[day]")
    assert canned.blanks_in("Hi Sari") == ()
