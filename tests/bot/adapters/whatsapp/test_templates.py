"""Notices as Meta is asked to approve them, and what it would turn down."""

import pytest

from bot.adapters.whatsapp.templates import definition, problems, words_of
from bot.replies.notices import ALL, NOTICES, Notice
from intents.understanding import Language

BASE = "https://janji.example.com"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("notice", ALL, ids=lambda notice: notice.name)
def test_our_templates_have_no_problem(notice: Notice, language: Language) -> None:
    assert list(problems(notice, language)) == []


def test_a_payment_template_is_utility_with_examples_and_a_link_button() -> None:
    asked = definition(NOTICES["payment.link.nudge"], Language.EN, BASE)
    assert (asked["name"], asked["language"], asked["category"]) == ("janji_pay_nudge", "en", "UTILITY")
    body, buttons = asked["components"]
    assert "{{1}}" in body["text"]
    assert len(body["example"]["body_text"][0]) == 5
    (button,) = buttons["buttons"]
    assert (button["type"], button["url"]) == ("URL", f"{BASE}/pay/{{{{1}}}}")
    assert button["example"][0].startswith(f"{BASE}/pay/BK-")


def test_a_question_has_its_quick_replies_in_the_language() -> None:
    asked = definition(NOTICES["change.block.asks"], Language.VI, BASE)
    buttons = asked["components"][-1]
    assert buttons == {
        "type": "BUTTONS",
        "buttons": [{"type": "QUICK_REPLY", "text": "Giờ khác"}, {"type": "QUICK_REPLY", "text": "Hoàn tiền"}],
    }
    assert words_of(asked["components"]) != words_of(asked["components"][:-1])


def test_what_a_customer_sees_tells_two_versions_apart() -> None:
    here = words_of(definition(NOTICES["payment.link.nudge"], Language.EN, BASE)["components"])
    assert here == words_of(definition(NOTICES["payment.link.nudge"], Language.EN, BASE)["components"])
    assert here != words_of(
        definition(NOTICES["payment.link.nudge"], Language.EN, "https://other.example.com")["components"]
    )
    assert here != words_of(definition(NOTICES["payment.link.first"], Language.EN, BASE)["components"])
    assert words_of(None) == words_of([1, {"type": "BUTTONS", "buttons": None}]) == ()


WRONG = {
    "a bad name": Notice("Pay Link", {"en": "Hello"}),
    "a variable at the end": Notice("x", {"en": "You have to pay us for it {amount}"}),
    "a variable at the start": Notice("x", {"en": "{amount} is what you pay"}),
    "two side by side": Notice("x", {"en": "Please pay the sum {amount} {until} at the latest and no later"}),
    "mostly variables": Notice("x", {"en": "Pay {amount} by {until} ok"}),
    "an unknown field": Notice("x", {"en": "Please do not forget the {colour} of it"}),
    "too long": Notice("x", {"en": "x" * 1025}),
    "a long quick reply": Notice("x", {"en": "Hello there"}, None, ({"en": "x" * 26},)),
    "two that read alike": Notice("x", {"en": "Hello there"}, None, ({"en": "Yes"}, {"en": "Yes"})),
    "a link and quick replies": Notice("x", {"en": "Hello there"}, {"en": "Pay"}, ({"en": "Yes"},)),
    "too many": Notice("x", {"en": "Hello there"}, None, tuple({"en": f"Number {number}"} for number in range(11))),
    "a long button": Notice("x", {"en": "Hello there"}, {"en": "x" * 26}),
}


@pytest.mark.parametrize("notice", WRONG.values(), ids=WRONG)
def test_what_would_be_turned_down_is_told(notice: Notice) -> None:
    assert len(list(problems(notice, Language.EN))) == 1
