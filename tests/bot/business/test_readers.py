"""Every key of the business file has a reader in the product; with its readers taken away the check names it."""

import re
from collections.abc import Mapping

import pytest

from bot.business import file
from bot.business.readers import AS_IT_IS_WRITTEN, ONLY_CHECK, FileKey, file_keys, reads_of, unread
from tests.bot.business.makers import problems_of, sample
from webhooks.cli import unread_keys

SOURCES = unread_keys.product_sources()
KEYS = [key for key in file_keys() if (key.table, key.name) not in AS_IT_IS_WRITTEN]


def readers_of(key: FileKey, sources: Mapping[str, str] = SOURCES) -> list[str]:
    return [path for path, text in sources.items() if path not in ONLY_CHECK and key.is_read_in(text)]


def without(key: FileKey, text: str) -> str:
    """The module with each read of an attribute of that name made a read of another one."""
    return re.sub(rf"(\.){key.name}\b|\b{key.name}(=)", r"\1gone_\2", text)


def test_nothing_of_the_file_is_unread() -> None:
    assert len(KEYS) > 250
    assert [str(key) for key in unread(SOURCES)] == []


def test_each_key_is_named_once_its_readers_are_taken_away() -> None:
    for key in KEYS:
        readers = readers_of(key)
        assert readers, key
        left = [path for path in readers if key.is_read_in(without(key, SOURCES[path]))]
        assert left == [], f"{key} is still read by {left}"


@pytest.mark.parametrize("name", ["Sop.handback_hours", "Texts.about", "RatingRules.days", "Escalation.severity"])
def test_the_check_fails_for_a_key_whose_readers_are_taken_away(name: str) -> None:
    (key,) = [key for key in KEYS if str(key) == name]
    spoilt = dict(SOURCES) | {path: without(key, SOURCES[path]) for path in readers_of(key)}
    assert f"business file: nothing reads `{name}`; give it a reader, or take it out of the model" in (
        unread_keys.problems(spoilt)
    )


def test_a_key_of_the_same_name_in_another_table_is_no_reader() -> None:
    by_name = {str(key): key for key in KEYS}
    rating, complaint = by_name["RatingRules.days"], by_name["ComplaintRules.days"]
    text = "def until(rules):\n    return rules.rating.days\n"
    assert rating.is_read_in(text)
    assert not complaint.is_read_in(text)


def test_a_comment_a_docstring_or_a_write_reads_nothing() -> None:
    text = '"""Says `sop.rating.days`."""\n# sop.rating.days\nrating = Rating(days=3)\nrating.days = 4\n'
    assert "days" not in reads_of(text).attributes


def test_what_only_checks_a_key_does_not_read_it() -> None:
    assert set(ONLY_CHECK) <= set(SOURCES)
    checked = {path: text for path, text in SOURCES.items() if path in ONLY_CHECK}
    assert len(unread(checked)) == len(KEYS)


@pytest.mark.parametrize(("key", "timer"), [("day_before_hours", "day-before"), ("hours_before", "hours-before")])
def test_a_key_that_nothing_read_is_refused_now(key: str, timer: str) -> None:
    (told,) = problems_of(("no_show: {", f"reminder: {{ {key}: 2 }}\n  no_show: {{")).items
    assert (told.path, told.what) == (f"sop.reminder.{key}", "nobody knows this key any more")
    assert f"timers: [{{id: {timer}," in told.fix


def test_a_version_kept_with_keys_that_are_gone_is_read_without_them() -> None:
    kept = file.packed(sample()).replace(b'"sop":{', b'"sop":{"unanswered_limit":3,', 1)
    kept = kept.replace(b'"reminder":{', b'"reminder":{"day_before_hours":24,"hours_before":2,', 1)
    assert file.unpacked(kept, sample().version) == sample()


def test_one_that_says_other_things_wrongly_too_is_not_guessed() -> None:
    with pytest.raises(file.UnreadableBusiness):
        file.unpacked(b'{"name": "x", "moons": 2}', "old")
