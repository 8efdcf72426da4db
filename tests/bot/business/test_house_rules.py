"""Rules of the house in the business file: what may be written, and what is refused with line, path and fix."""

from itertools import pairwise

import pytest

from bot.business import file
from bot.business.definition import Business
from bot.business.problems import Problems
from bot.domain.states import State
from tests.bot.business.makers import SAMPLE

WORDS = '{ en: "So it is.", id: "Begitulah.", vi: "Là vậy." }'


def with_rules(*rules: str) -> str:
    """The sample with these rules, each a flow table without its braces."""
    return SAMPLE + "\nrules:\n" + "".join(f"  - {{ {rule} }}\n" for rule in rules)


def told(*rules: str) -> list[tuple[str, str]]:
    """Path and words of every mistake; each names the line of its rule and how to fix it."""
    text = with_rules(*rules)
    found = file.parse(text, "business.yaml")
    assert isinstance(found, Problems), "no mistake"
    begin = SAMPLE.count("\n") + 3
    for item in found.items:
        assert item.fix
        assert begin <= item.mark.line < begin + len(rules)
    return [(item.path, item.what) for item in found.items]


def read(*rules: str) -> Business:
    """The sample with these rules, which are right."""
    business = file.parse(with_rules(*rules), "business.yaml")
    assert isinstance(business, Business), str(business)
    return business


def test_a_rule_is_judged_before_times_unless_it_looks_at_one() -> None:
    large, dear, late, told_so = read(
        f"id: large, when: {{ guests_from: 8 }}, block: true, text: {WORDS}",
        f"id: dear, when: {{ price_from: 5000000 }}, warn: true, text: {WORDS}",
        f"id: late, when: {{ outside_hours: true }}, block: true, text: {WORDS}",
        f"id: told, when: {{ guests_from: 8 }}, block: true, state: SLOT_CONFIRMED, text: {WORDS}",
    ).rules
    assert [rule.before for rule in (large, dear, late, told_so)] == [
        State.SLOT_PROPOSED,
        State.SLOT_CONFIRMED,
        State.SLOT_CONFIRMED,
        State.SLOT_CONFIRMED,
    ]


def test_a_rule_is_for_services_by_id_or_kind_and_for_all_where_none_is_named() -> None:
    business = read(
        f"id: one, for: [private-chef, travel], warn: true, text: {WORDS}", f"id: all, warn: true, text: {WORDS}"
    )
    one, every = business.rules
    assert {str(service.id) for service in business.services if one.is_for(service)} == {
        "private-chef",
        "airport-transfer",
        "day-tour",
    }
    assert all(every.is_for(service) for service in business.services)


@pytest.mark.parametrize(
    ("rule", "path", "what"),
    [
        ("warn: true, when: { moon: full }", "rules[0].when.moon", "nobody knows this key"),
        ("warn: true, state: PAID", "rules[0].state", "`PAID` is not possible here"),
        ("warn: true, for: [private-cheff]", "rules[0].for[0]", "there is no service and no kind `private-cheff`"),
        ("when: { guests_from: 3 }", "rules[0]", "does nothing"),
        ("warn: true, block: true, when: { guests_from: 3 }", "rules[0].warn", "is one thing more than `block`"),
        (
            "warn: true, severity: warn",
            "rules[0].severity",
            "has no effect: only what is needed or asked can be missing mildly",
        ),
        ("ask: phone", "rules[0].ask", "WhatsApp tells the `phone` of a customer"),
        ("need: shoe-size", "rules[0].need", "nobody can know `shoe-size`"),
        ("block: true", "rules[0].block", "refuses every booking there is"),
        ("warn: true, when: { places: [nowhere] }", "rules[0].when.places[0]", "there is no place `nowhere`"),
        (
            "warn: true, for: [kamboja-stay], when: { places: [villa-melati] }",
            "rules[0].when.places[0]",
            "can never act: none of its services is sold at `villa-melati`",
        ),
        (
            "warn: true, when: { guests_from: 40 }",
            "rules[0].when.guests_from",
            "can never act: its services take 12 at most",
        ),
        (
            "warn: true, for: [day-tour], when: { nights_from: 2 }",
            "rules[0].when.nights_from",
            "can never act: none of its services is a stay",
        ),
        (
            "warn: true, state: SLOT_PROPOSED, when: { price_from: 1 }",
            "rules[0].when.price_from",
            "can never act: no time is chosen before SLOT_PROPOSED",
        ),
    ],
)
def test_what_nobody_knows_or_never_acts_is_told(rule: str, path: str, what: str) -> None:
    ((at, said),) = told(f"id: odd, text: {WORDS}, {rule}")
    assert at == path
    assert said.startswith(what)


def test_a_text_stands_in_every_language_of_the_business_and_is_short() -> None:
    assert told("id: odd, warn: true, text: { en: Only English }") == [
        ("rules[0].text", "has no text in `id`"),
        ("rules[0].text", "has no text in `vi`"),
    ]
    long = "x" * 501
    paths = [path for path, _ in told(f"id: odd, warn: true, text: {WORDS}, fix: {long}")]
    assert paths == ["rules[0].fix.en", "rules[0].fix.id", "rules[0].fix.vi"]


@pytest.mark.parametrize(
    ("rule", "path", "what"),
    [
        ("warn: true", "rules[0]", "has no text"),
        ("task: sweeping", "rules[0].task", "there is no task `sweeping`"),
        (f"task: check-in-meeting, text: {WORDS}", "rules[0].text", "has no effect: the task has words of its own"),
        (
            "task: check-in-meeting, for: [day-tour]",
            "rules[0].task",
            "can never act: `check-in-meeting` is for none of its services",
        ),
        (
            "task: check-in-meeting, when: { first_visit: true }",
            "rules[0].when.first_visit",
            "has no effect: work depends on the booking alone",
        ),
        (
            "task: check-in-meeting, state: SLOT_CONFIRMED",
            "rules[0].state",
            "has no effect: it acts once a booking is confirmed",
        ),
        (f"remind: true, fix: {WORDS}, text: {WORDS}", "rules[0].fix", "has no effect: it holds nothing back"),
    ],
)
def test_what_reminds_or_brings_work_has_just_what_that_needs(rule: str, path: str, what: str) -> None:
    assert told(f"id: odd, {rule}") == [(path, what)]


def test_reminders_have_room_for_three_short_lines() -> None:
    many = [f"id: r{number}, remind: true, text: {WORDS}" for number in range(4)]
    assert told(*many) == [("rules[3].remind", "is one more than the 3 that a reminder has room for")]
    ((path, what), *_) = told(f"id: long, remind: true, text: {'x' * 301}")
    assert (path, what) == ("rules[0].text.en", "has 301 characters, but a rule says 300")


def test_all_that_one_booking_may_be_reminded_of_fits_its_template() -> None:
    def reminds(which: str, service: str) -> str:
        return f"id: {which}, for: [{service}], remind: true, text: {{ en: {'x' * 260}, id: a, vi: b }}"

    # of two services each is alone
    assert len(read(reminds("one", "private-chef"), reminds("two", "travel")).rules) == 2
    what = "makes 522 characters with what reminds before it, and 500 are allowed"
    assert told(reminds("one", "private-chef"), reminds("two", "private-chef")) == [("rules[1].text.en", what)]


@pytest.mark.parametrize("text", ["Bring it.\\nAll of it.", "Bring\\tit.", "Bring    it."])
def test_a_reminder_is_one_line_for_a_template_takes_no_other(text: str) -> None:
    what = "has a line break, a tab or many blanks, which a template has no place for"
    found = told(f'id: bring, remind: true, text: {{ en: "{text}", id: "Bawa.", vi: "Mang." }}')
    assert found == [("rules[0].text.en", what)]
    # what is said in the chat alone may have them
    assert len(read(f'id: ask, ask: it, text: {{ en: "{text}", id: "Bawa.", vi: "Mang." }}').rules) == 1


def test_what_a_rule_asks_another_may_need() -> None:
    asked, needed = read(f"id: a, ask: diet, text: {WORDS}", f"id: b, need: diet, text: {WORDS}").rules
    assert (asked.ask, needed.need) == ("diet", "diet")
    many = [f"id: r{number}, ask: field-{number}, text: {WORDS}" for number in range(21)]
    assert told(*many) == [("rules[20].ask", "is one more than the 20 that are kept")]


def test_two_rules_have_two_names() -> None:
    rule = f"id: same, warn: true, text: {WORDS}"
    assert told(rule, rule) == [("rules[1].id", "`same` stands twice in rules")]


def test_another_rule_is_another_version() -> None:
    versions = [
        read(*rules).version
        for rules in ((f"id: a, warn: true, text: {WORDS}",), (f"id: b, warn: true, text: {WORDS}",))
    ]
    assert all(one != other for one, other in pairwise(versions))
