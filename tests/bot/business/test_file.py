"""The business file: the sample loads, and a wrong one is told everything at once."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business import file, source
from bot.business.catalogue import PaymentRule, PayoutRelease
from bot.business.definition import Business
from bot.business.problems import Problems
from bot.business.staff import STAY_TASKS
from bot.domain.languages import CODES
from tests.bot.business.makers import SAMPLE, SAMPLE_PATH, SHIPPED, problems_of, sample, with_changes


def test_the_sample_is_a_business_of_real_size() -> None:
    business = sample()
    assert (business.timezone, business.currency) == ("Asia/Makassar", "IDR")
    assert len(business.services) == 10
    assert len(business.places) >= 4
    assert len(business.providers) >= 6


def test_every_text_of_the_sample_is_written_in_every_language() -> None:
    for service in sample().services:
        for words in (service.name, service.summary, service.expect):
            assert words is not None
            assert None not in (words.en, words.id, words.vi), service.id


def test_the_sample_shows_an_offer_a_photo_and_what_is_turned_on_and_pays_when_it_is_given() -> None:
    shipped = file.parse(SHIPPED, "sample.yaml")
    assert isinstance(shipped, Business)
    assert {one.id for one in shipped.task_templates} == STAY_TASKS
    assert [one.id for one in shipped.task_templates if one.photo and one.offer] == ["pre-arrival-cleaning"]
    assert [one.id for one in shipped.places if one.amenities] == ["villa-kamboja"]
    paid = [one.payment.release for one in shipped.services if one.payment.rule is PaymentRule.FULL]
    assert set(paid) == {PayoutRelease.ON_COMPLETED}


def test_the_published_schema_is_the_one_the_definition_makes() -> None:
    assert SAMPLE_PATH.with_name("schema.json").read_text(encoding="utf-8") == file.schema_text()


def test_the_published_schema_accepts_the_sample_and_refuses_a_wrong_key() -> None:
    schema = json.loads(file.schema_text())
    plain = source.read(SHIPPED).plain
    assert isinstance(plain, dict)
    content = json.loads(json.dumps(plain, default=float))
    jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | {"nobody": "knows"}, schema)


def test_six_mistakes_are_told_at_once_with_line_and_mend() -> None:
    found = problems_of(
        ("timezone:", "timezon:"),
        ("kind: virtual", "kind: virtuell"),
        ("duration_minutes: 20", "duration_minutes: twenty"),
        ('daily: ["09:00-21:00"]', 'daily: ["9-21"]'),
        ('phone: "+6281200000101"', "phone: 6281"),
        ("channel: ID_BCA", "chanel: ID_BCA"),
    )
    lines = str(found).splitlines()
    assert [line.split(":")[1] for line in lines] == ["4", "5", "38", "40", "40", "97", "198", "205"]
    assert "business.yaml:5: timezon: nobody knows this key; did you mean `timezone`?" in lines
    assert all("; " in line for line in lines)


@pytest.mark.parametrize("wrong", ["http://reviews.example", "reviews", '"https://two words"'])
def test_a_place_for_reviews_is_a_web_address(wrong: str) -> None:
    greeting = "  greeting: Rumah Senja"
    found = str(problems_of((greeting, f"{greeting}\n  review_url: {wrong}")))
    assert found.startswith("business.yaml:11: texts.review_url: ")
    assert len(found.splitlines()) == 1
    villa = "    name: Villa Melati\n"
    found = str(problems_of((villa, f"{villa}    review_url: {wrong}\n")))
    assert "places[0].review_url: " in found
    assert len(found.splitlines()) == 1


def test_two_rooms_of_one_name_are_told() -> None:
    contact = 'contact: { name: Kadek Ariani, phone: "+6281200000102", language: id }'
    found = str(problems_of((contact, f'{contact}\n    rooms: [Lotus, "12", lotus]')))
    assert "`lotus` stands twice in its rooms" in found


def test_a_language_without_a_file_is_told_with_the_known_ones() -> None:
    found = str(problems_of(("languages: [en, id, vi]", "languages: [en, vii, tlh]"))).splitlines()
    assert [line.split(": ", 1)[1] for line in found] == [
        "languages[1]: there is no language `vii`; did you mean `vi`?",
        f"languages[2]: there is no language `tlh`; known are: {', '.join(CODES)}",
        "words.talk.greeting_again.id: the business does not speak `id`; add `id` to languages, or take it out",
        "words.talk.greeting_again.vi: the business does not speak `vi`; add `vi` to languages, or take it out",
    ]


def test_mistakes_of_shape_do_not_hide_the_others() -> None:
    found = problems_of(
        ("duration_minutes: 20", "duration_minutes: twenty"),
        ("currency: IDR", "currencies: IDR"),
        ("area: seminyak\n", "area: seminyk\n"),
        ("timezone: Asia/Makassar", "timezone: Bali"),
        ("percent: 85", "percent: 80"),
        ('number: "1400000001028"', "number: 1400000001028"),
    )
    assert [item.path for item in found.items] == [
        "currency",
        "timezone",
        "currencies",
        "places[0].area",
        "places[1].payout.number",
        "services[0].duration_minutes",
        "splits[3].shares",
    ]


CLASS_SHARES = """    shares:
      - { party: provider, percent: 60 }
      - { party: place, percent: 25 }
      - { party: platform, percent: 15 }
"""


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        (
            "services: [private-chef]",
            "services: [private-chf]",
            "providers[2].services[0]",
            "did you mean `private-chef`",
        ),
        ("timezone: Asia/Makassar", "timezone: Bali/Ubud", "timezone", "is no time zone"),
        ("id: areas\n    question", "id: rain\n    question", "faq[4].id", "stands twice"),
        (
            "    answer:\n      en: You get",
            "    answer:\n      en: " + "x" * 701 + " You get",
            "faq[0].answer.en",
            "holds 700",
        ),
        ("\n  about:\n", f"\n  apology: {'x' * 501}\n  about:\n", "texts.apology.en", "holds 500"),
        ("percent: 65", "percent: 60", "splits[0].shares", "sum to 95 percent"),
        (
            "  - id: stay\n    kind",
            "  - id: stay\n    gateway_fee_bearer: provider\n    kind",
            "splits[3].gateway_fee_bearer",
            "no share that the fee could come out of",
        ),
        (
            "  - id: percent\n",
            "  - id: percent\n    gateway_fee_bearer: guest\n",
            "splits[1].gateway_fee_bearer",
            "is not possible here",
        ),
        (
            CLASS_SHARES,
            "    gateway_fee_bearer: margin\n    shares:\n      - { party: provider, percent: 100 }\n",
            "splits[2].gateway_fee_bearer",
            "there is no margin",
        ),
        ("code: NADIA", "code: nadia", "referrers[0].code", "does not fit"),
        ("  - id: percent\n", "  - id: percent\n    fallback: referrer\n", "splits[1].fallback", "often not there"),
        (
            "  - id: stay\n    kind",
            "  - id: stay\n    fallback: provider\n    kind",
            "services[9].split",
            "a stay has none",
        ),
        ("amount: 350000, payout: 250000", "amount: 350000, payout: 450000", "prices[0].payout", "450000 of 350000"),
        ("amount: 350000, payout: 250000", "amount: 350000", "prices[0]", "none is named"),
        ("id: villa-senja", "id: villa-melati", "places[1].id", "stands twice"),
        ("en: Free planning call,", "en: A planning call that costs nothing,", "services[0].name.en", "holds 24"),
        ("en: Free planning call, ", "", "services[0].name", "default language"),
        ("capacity: 10", "capacity: 4", "services[6].max_guests", "4 seats"),
        ('tue: ["06:30"]', 'tue: ["06:30", "07:00"]', "providers[5].services", "still runs"),
        ('tue: ["06:30"]', 'tue: ["05:00"]', "providers[5].hours", "outside the hours"),
        ("    split: class\n", "", "services[6].payment", "who gets the money"),
        ("unit: per_night", "unit: per_person", "prices[11].unit", "per_night"),
        ("unit: per_night", "unit: per_night\n    from_day: 2027-02-30", "prices[11].from_day", "calendar"),
        ("name: Rumah Senja\n", "name: Rumah Senja\nname: Rumah\n", "name", "stands twice"),
        ("areas: [canggu, ubud, uluwatu]", "areas: [canggu, ubud]", "services[1].places", "serves uluwatu"),
        ("closed: [2027-03-08]", "closed: [2027-02-30]", "closed[0]", "calendar"),
        (
            'daily: ["09:00-12:00", "13:00-23:00"]',
            'daily: ["09:00-14:00", "13:00-23:00"]',
            "providers[7].hours",
            "overlap",
        ),
    ],
)
def test_each_mistake_is_told_where_it_stands(old: str, new: str, path: str, says: str) -> None:
    told = {item.path: item.what + "; " + item.fix for item in problems_of((old, new)).items}
    assert says in told.get(path, ""), told


def test_two_rows_of_which_neither_is_more_specific_are_an_ambiguous_price() -> None:
    row = "prices:\n  - { id: twin, service: balinese-massage, unit: per_booking, amount: 1, payout: 1 }"
    (problem,) = problems_of(("prices:", row)).items
    assert "2 rows fit `balinese-massage` by ayu at villa-melati" in problem.what
    assert "neither is more specific: twin and prices[1]" in problem.what


def test_a_booking_nobody_priced_is_told() -> None:
    row = "service: balinese-massage, unit: per_booking, amount: 350000"
    found = problems_of((row, row.replace("unit", "area: canggu, unit")))
    assert [item.path for item in found.items] == ["services[1].id"]


def test_words_that_yaml_would_twist_stay_words() -> None:
    changed = with_changes(("name: Rumah Senja", "name: no"), ('check_out: "11:00"', "check_out: 11:00"))
    business = file.parse(changed, "x")
    assert isinstance(business, Business)
    assert business.name == "no"


def test_comments_and_layout_do_not_change_the_version_and_a_price_does() -> None:
    reordered = with_changes(("timezone: Asia/Makassar\ncurrency: IDR", "currency: IDR\ntimezone: Asia/Makassar"))
    dearer = with_changes(("amount: 350000", "amount: 350001"))
    versions = [file.parse(text, "x") for text in (SAMPLE, "# hello\n" + reordered, dearer)]
    first, second, third = [item.version for item in versions if isinstance(item, Business)]
    assert first == second != third


def test_a_file_that_refers_to_itself_is_refused() -> None:
    assert isinstance(file.parse("a: &a [*a]", "x"), Problems)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_file_without_a_bottom_is_told_where_it_is_too_deep(opening: str) -> None:
    for levels in (50, 1_000, 100_000):
        found = file.parse(opening * levels, "x")
        assert isinstance(found, Problems)
        if levels > 50:
            assert [(one.what, one.mark.line) for one in found.items] == [("is too deep or too large", 1)]


def test_half_a_character_is_a_problem_of_the_file() -> None:
    found = file.parse("name: \ud800", "x")
    assert isinstance(found, Problems)
    assert "this character cannot stand in YAML" in found.items[0].what


@given(st.text(max_size=60))
def test_any_text_is_a_business_or_problems(text: str) -> None:
    found = file.parse(text, "x")
    assert isinstance(found, Problems)
    assert found.items


def test_an_id_is_known_whole_or_not_at_all() -> None:
    business = sample()
    for known, find in ((business.providers, business.provider), (business.places, business.place)):
        for one in known:
            assert find(one.id) is one
            assert find(f"{one.id}0") is None
            assert find(one.id[:-1]) is None


def test_a_number_with_blanks_in_it_is_told_and_never_matched_by_chance() -> None:
    found = str(problems_of(('phone: "+6281200000201"', 'phone: "+62 812-0000-0201"')))
    assert "providers[0].contact.phone: " in found
