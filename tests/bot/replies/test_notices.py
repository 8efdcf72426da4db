"""Notices: whole in three languages, the same facts in each, and filled in the order in which a language says them."""

import pytest

from bot.adapters.whatsapp import render
from bot.adapters.whatsapp.templates import problems
from bot.business.word_checks import longest
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendTemplate
from bot.domain.lead import Address
from bot.replies.notices import (
    ALL,
    ALSO,
    NOTICES,
    OF_RULES,
    SAMPLES,
    Notice,
    as_text,
    outside,
    stand_ins,
    without_rules,
)
from bot.replies.words import keys
from intents.understanding import Language

FACTS = {name: f"<{name}>" for name in SAMPLES}


@pytest.mark.parametrize("notice", ALL, ids=lambda notice: notice.name)
def test_every_language_says_the_same_facts(notice: Notice) -> None:
    assert set(notice.words) >= set(Language)
    assert set(notice.fields(Language.EN)) == set(notice.fields(Language.ID)) == set(notice.fields(Language.VI))


@pytest.mark.parametrize("key", NOTICES)
def test_a_notice_stands_for_words_that_exist(key: str) -> None:
    assert key in keys()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", NOTICES)
def test_each_fact_stands_where_its_number_was_approved(key: str, language: Language) -> None:
    facts = {name: text for name, text in FACTS.items() if name != "also" or key not in ALSO}
    order = outside(key, language, facts, "BK-1.abc")
    assert order is not None
    approved = NOTICES[key].numbered(language)
    for number, value in enumerate(order.parameters, 1):
        approved = approved.replace(f"{{{{{number}}}}}", value)
    assert as_text(order).startswith(approved)
    assert all(FACTS[name] in approved for name in NOTICES[key].fields(language))


def test_a_language_may_say_the_facts_in_another_order() -> None:
    notice = Notice("x", {"en": "pay {a} for {b} now", "id": "bayar {b} dengan {a} ya"})
    assert notice.numbered(Language.ID) == "bayar {{1}} dengan {{2}} ya"
    assert notice.filled(Language.ID, ("b", "a")) == "bayar b dengan a ya"


def test_values_stand_in_one_line_and_are_never_empty() -> None:
    facts = FACTS | {"service": "Massage\n60\tmin", "day": " "}
    order = outside("booking.staff_cancelled", Language.EN, facts)
    assert order is not None
    assert {"Massage 60 min", "–"} <= set(order.parameters)
    assert render.message(order, Address(wa_id="6281234567890"), "x")


def test_quick_replies_carry_what_the_buttons_they_stand_for_carry() -> None:
    buttons = (Button("again", "Try again"), Button("other", "Another way"), Button("cancel", "Cancel"))
    order = outside("payment.failed", Language.EN, FACTS, buttons=buttons)
    assert order is not None
    assert order.taps == ("other", "cancel")
    assert as_text(order).endswith("[Another way]\n[Cancel]")
    sent = render.message(order, Address(wa_id="6281234567890"), "x")
    assert sent["template"]["components"][1:] == [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": tap}],
        }
        for index, tap in enumerate(order.taps)
    ]


def test_a_notice_with_a_link_button_needs_a_link() -> None:
    assert outside("payment.link.nudge", Language.EN, FACTS) is None
    assert outside("booking.ask.which_service", Language.EN, FACTS) is None


@pytest.mark.parametrize(
    "order", [SendTemplate("gone", "en", ("a",)), SendTemplate("janji_pay_nudge", "en"), SendTemplate("gone", "xx")]
)
def test_one_of_another_version_is_told_by_name_and_values(order: SendTemplate) -> None:
    assert as_text(order).startswith(f"({order.name})")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("notice", ALL, ids=lambda notice: notice.name)
def test_every_notice_fits_at_its_worst(notice: Notice, language: Language) -> None:
    assert len(notice.filled(language, tuple("x" * 60 for _ in notice.fields(language)))) <= limits.BODY


def test_in_the_place_of_a_stopped_template_goes_one_that_asks_to_write_to_us() -> None:
    nudge = outside("payment.link.nudge", Language.EN, FACTS, "BK-1.abc")
    assert nudge is not None
    of_booking, general = stand_ins(nudge, "Rumah Senja")
    assert (of_booking.name, of_booking.parameters) == ("janji_reopen_booking", ("Rumah Senja", FACTS["reference"]))
    assert (general.name, general.parameters) == ("janji_reopen", ("Rumah Senja",))
    assert [one.name for one in stand_ins(of_booking, "Rumah Senja")] == ["janji_reopen"]
    assert stand_ins(general, "Rumah Senja") == ()
    # one of another version, whose fields nobody knows any more
    assert [one.name for one in stand_ins(SendTemplate("janji_gone", "en", ("a",)), "R")] == ["janji_reopen"]
    assert stand_ins(SendTemplate("janji_gone", "xx"), "R") == ()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", ALSO)
def test_what_rules_add_stands_in_a_template_of_its_own_and_the_rest_of_the_reminder_with_it(
    key: str, language: Language
) -> None:
    buttons = (Button("yes", "Yes"), Button("change", "Other"), Button("no", "No"))
    facts = FACTS | {"also": "Bring your passport.\nPlease do not eat  before."}
    order, plain = (outside(key, language, known, buttons=buttons) for known in (facts, facts | {"also": ""}))
    assert order is not None
    assert plain is not None
    assert (order.name, order.taps) == (f"{plain.name}_also", plain.taps)
    assert "Bring your passport. Please do not eat before." in order.parameters
    assert set(order.parameters) > set(plain.parameters)
    # Meta does not send it: the customer is reminded all the same, and of the rest
    assert stand_ins(order, "Rumah Senja")[0] == plain == without_rules(order)
    assert without_rules(plain) is None


def test_what_leaves_no_room_in_one_template_is_left_out_of_it() -> None:
    order = outside("reminder.day_before", "en", FACTS | {"also": "x" * 500, "service": "y" * 400})
    assert order is not None
    assert order.name == "janji_remind_day_before"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("notice", OF_RULES, ids=lambda notice: notice.name)
def test_a_reminder_has_room_for_all_that_rules_may_add(notice: Notice, language: Language) -> None:
    assert len(longest(notice.words[language])) <= limits.BODY
    assert not list(problems(notice, language))
