"""`services[].confirmation`: who says yes to a booking, and every way to ask for a yes that never comes."""

import pytest

from bot.business import file
from bot.business.catalogue import ConfirmationRule, OfferTerms, ServiceId
from bot.business.definition import Business
from tests.bot.business.makers import problems_of, sample, with_changes

MASSAGE = "kind: appointment\n    venue: guest_place\n    places: &villas"
"""Where the keys of the massage of an hour begin."""
CHEF = "kind: appointment\n    venue: guest_place\n    places: *villas\n    keywords: [chef"
YOGA = "kind: group_event"


def adding(keys: str, where: str = MASSAGE) -> tuple[str, str]:
    return where, f"{keys}\n    {where}"


def test_nobody_is_asked_where_the_file_says_nothing() -> None:
    massage = sample().service(ServiceId("balinese-massage"))
    assert massage is not None
    assert (massage.confirmation, massage.offer) == (ConfirmationRule.AUTO, OfferTerms())


def test_a_service_may_ask_its_providers_or_the_house() -> None:
    asked = "confirmation: dispatch\n    offer: { search_within: 90, answer_within: 10, at_once: false }"
    found = file.parse(with_changes(adding(asked)), "x")
    assert isinstance(found, Business), str(found)
    service = found.service(ServiceId("balinese-massage"))
    assert service is not None
    assert (service.confirmation, service.offer) == (ConfirmationRule.DISPATCH, OfferTerms(90, 10, at_once=False))
    manual = file.parse(with_changes(adding("confirmation: manual\n    offer: { role: host }")), "x")
    assert isinstance(manual, Business), str(manual)


@pytest.mark.parametrize(
    ("change", "path", "what", "fix"),
    [
        (
            adding("offer: { at_once: false }"),
            "services[1].offer",
            "nobody is asked for a yes",
            "write `confirmation: dispatch` or `manual`, or take it out",
        ),
        (
            adding("confirmation: dispatch", CHEF),
            "services[3].confirmation",
            "is given only by nyoman",
            "add it to a second provider, or write `confirmation: manual`",
        ),
        (
            adding("confirmation: dispatch", YOGA),
            "services[6].confirmation",
            "a session takes place whoever books it",
            "write `confirmation: auto`",
        ),
        (
            adding("confirmation: dispatch", "kind: stay"),
            "services[9].confirmation",
            "is given by nobody",
            "add it to a second provider, or write `confirmation: manual`",
        ),
        (
            adding("confirmation: dispatch\n    offer: { role: host }"),
            "services[1].offer",
            "its providers are asked, and no role",
            "take `role` out, or write `confirmation: manual`",
        ),
        (
            adding("confirmation: dispatch\n    offer: { answer_within: 120 }"),
            "services[1].offer",
            "one answer may take longer than the whole search",
            "raise search_within",
        ),
        (
            adding("confirmation: dispatch\n    offer: { search_within: 120 }"),
            "services[1].notice_hours",
            "a yes may take 210 minutes, the time to pay included",
            "raise notice_hours to 4, or lower search_within",
        ),
        (
            adding("confirmation: manual\n    offer: { role: hots }"),
            "services[1].offer",
            "nobody of `staff` is a hots",
            "did you mean `host`?",
        ),
        (
            adding("confirmation: manual\n    offer: { at_once: false }"),
            "services[1].offer",
            "a person of the house has all of search_within",
            "take answer_within and at_once out",
        ),
    ],
)
def test_each_mistake_is_told_where_it_stands(change: tuple[str, str], path: str, what: str, fix: str) -> None:
    found = [(one.path, one.what, one.fix) for one in problems_of(change).items]
    assert (path, what, fix) in found
    assert all(one.mark.line > 1 for one in problems_of(change).items)


def test_nobody_can_say_yes_in_a_house_without_staff() -> None:
    text = with_changes(adding("confirmation: manual"))
    before, _, rest = text.partition("\nstaff:\n")
    problems = file.parse(f"{before}\nservices:{rest.partition(chr(10) + 'services:')[2]}", "x")
    assert not isinstance(problems, Business)
    assert [(one.path, one.what) for one in problems.items] == [
        ("services[1].confirmation", "there is nobody who could say yes")
    ]
