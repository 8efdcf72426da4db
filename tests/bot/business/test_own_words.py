"""A house's own words in its file: each says what the product's sentence says, or the check names line and fix."""

from dataclasses import replace

import pytest

from bot.business import file
from bot.business.definition import Business
from bot.business.problems import BusinessProblem, Problems
from bot.business.word_checks import NOT_SAID, findings, longest
from bot.domain import message_limits as limits
from bot.domain.languages import CATALOGUE
from tests.bot.business.makers import SAMPLE, problems_of, sample

HEAD = "\nwords: # sentences of your own in place of the product's; `janji words` lists the keys\n"
LINE = SAMPLE[: SAMPLE.index(HEAD)].count("\n") + 3
GREETS = '  talk.greeting: {en: "Hi{name}, this is {business}. {offers}'


def wrong(*lines: str) -> tuple[BusinessProblem, ...]:
    """What is wrong with the sample's words when they begin with these lines."""
    return problems_of((HEAD, HEAD + "\n".join(lines) + "\n")).items


def with_words(text: str) -> Business:
    business = file.parse(SAMPLE.replace(HEAD, HEAD + text, 1), "business.yaml")
    assert isinstance(business, Business), str(business)
    return business


def test_the_sample_has_a_sentence_of_its_own_in_each_of_its_languages() -> None:
    own = sample().words["talk.greeting_again"]
    assert set(own) == set(sample().languages)
    assert own["en"] != CATALOGUE.languages["en"].sentences["talk.greeting_again"].forms


@pytest.mark.parametrize(
    ("line", "path", "says", "fix"),
    [
        ("  booking.kep: {en: Kept}", "words.booking.kep", "no sentence of that key", "did you mean `booking.kept`?"),
        ("  zzz: {en: Kept}", "words.zzz", "no sentence of that key", "`janji words` lists them"),
        ("  format.clock: {en: HH}", "words.format.clock", "no sentence of that key", "`janji words`"),
        ("  talk.help: {}", "words.talk.help", "says nothing", "take it out"),
        ("  talk.help: {nl: Hoi}", "words.talk.help.nl", "no language `nl`", "en, id, vi"),
        ('  talk.help: {en: "  "}', "words.talk.help.en", "is empty", "take it out"),
        (
            "  booking.kept: {en: Kept}",
            "words.booking.kept.en",
            "leaves out {day}, {hours}, {service}",
            "Good, it stays",
        ),
        (GREETS + ' {price}"}', "words.talk.greeting.en", "names {price}", "{business}, {name}, {offers}"),
        ('  talk.language_set: {en: "ok {x}"}', "words.talk.language_set.en", "names {x}", "has no fields"),
        ('  talk.offers: {en: "{list.x}"}', "words.talk.offers.en", "cannot be filled in", "in curly brackets"),
        ('  talk.offers: {en: "{list"}', "words.talk.offers.en", "cannot be filled in", "in curly brackets"),
        ("  booking.people: {en: many}", "words.booking.people.en", "has 1 forms, 2 are needed", "a list of 2"),
        ("  booking.kept: {en: [a, b]}", "words.booking.kept.en", "has 2 forms, 1 are needed", "one text"),
        (
            "  talk.button.help: {en: Everything that I can do}",
            "words.talk.button.help.en",
            "has 24 characters, 20 are allowed",
            "shorter",
        ),
        (GREETS + "x" * 520 + '"}', "words.talk.greeting.en", "may have", "shorter"),
        (
            '  template.cancelled: {en: "We have to cancel {service} on {day}, booking {reference}, and are sorry."}',
            "words.template.cancelled.en",
            "another order",
            "keep {reference}, {service}, {day}",
        ),
        (
            '  template.cancelled: {en: "So sorry, we have to cancel the booking {reference} {service} of {day}"}',
            "words.template.cancelled.en",
            "side by side",
            "put a word between",
        ),
        (
            '  template.cancelled: {en: "We are so sorry that we have to cancel {reference}: {service}, on {day}"}',
            "words.template.cancelled.en",
            "at the start or the end",
            "put a word",
        ),
    ],
)
def test_what_is_wrong_is_told_with_line_path_and_fix(line: str, path: str, says: str, fix: str) -> None:
    found = [item for item in wrong(line) if item.path == path]
    assert found, wrong(line)
    assert {item.mark.line for item in found} == {LINE}
    assert any(says in item.what and fix in item.fix for item in found), [str(item) for item in found]


def test_a_language_that_the_business_does_not_speak_is_told() -> None:
    found = problems_of(("languages: [en, id, vi]", "languages: [en, id]"))
    told = {item.path: item for item in found.items}["words.talk.greeting_again.vi"]
    assert (told.what, told.fix) == ("the business does not speak `vi`", "add `vi` to languages, or take it out")


def test_a_number_in_place_of_a_text_is_told_at_its_sentence() -> None:
    (told,) = wrong("  talk.help: {en: 5}")
    assert (told.path, told.mark.line) == ("words.talk.help.en", LINE)


def test_every_sentence_of_the_catalogues_may_be_said_in_own_words() -> None:
    """The product's own, written into the file, are found right: so no key is beyond an owner's reach by a rule."""
    said = [key for key in CATALOGUE.keys if not key.startswith(NOT_SAID)]
    assert len(said) > 500
    lines = {key: {code: each.sentences[key].forms for code, each in CATALOGUE.languages.items()} for key in said}
    assert list(findings(replace(sample(), words=lines))) == []


def test_words_are_part_of_the_version_and_kept_with_it() -> None:
    one, other = with_words("  talk.thanks: {en: Gladly}\n"), with_words("  talk.thanks: {en: Any time}\n")
    assert one.version != other.version != sample().version
    assert file.unpacked(file.packed(one), one.version) == one
    assert one.words["talk.thanks"]["en"] == ("Gladly",)


def test_a_field_is_as_long_as_it_may_become() -> None:
    assert len(longest("{offers}{list}{name}{service}")) == 400 + 360 + 61 + 40
    assert limits.BODY > 861


def test_the_same_sentence_twice_is_a_mistake() -> None:
    found = file.parse(SAMPLE.replace(HEAD, HEAD + "  talk.greeting_again: {en: Hi}\n", 1), "business.yaml")
    assert isinstance(found, Problems)
    assert [item.what for item in found.items if item.path == "words.talk.greeting_again"] == ["stands twice"]
