"""`janji words` shows what may be said otherwise; `janji check` and `janji templates` know a house's own words."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.replies.notices import ALL
from tests.bot.business.makers import SAMPLE
from webhooks.cli.main import app

RUN = CliRunner()
OWN = """
words:
  template.cancelled:
    en: "So sorry! Your booking {reference}, {service} on {day}, cannot take place. Please write to us here."
"""


@pytest.fixture(autouse=True)
def _own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def house(tmp_path: Path, words: str) -> Path:
    head, _, _ = SAMPLE.partition("\nwords: #")
    file = tmp_path / "house.yaml"
    file.write_text(head + words)
    return file


def test_every_key_is_listed_with_what_is_said_in_each_language_of_the_business() -> None:
    told = json.loads(RUN.invoke(app, ["words", "talk.greeting_again", "--json"]).stdout)["items"]
    assert [(row["key"], row["language"], row["own"]) for row in told] == [
        ("talk.greeting_again", code, True) for code in ("en", "id", "vi")
    ]
    lines = RUN.invoke(app, ["words", "booking.people"]).stdout.splitlines()
    assert lines[0] == "booking.people  en  1 person / {count} people"
    assert len(json.loads(RUN.invoke(app, ["words", "--json"]).stdout)["items"]) > 1_500


def test_a_start_that_no_key_has_says_so() -> None:
    told = RUN.invoke(app, ["words", "nothing.like.it"])
    assert (told.exit_code, "no key begins so" in told.output) == (1, True)


def test_check_notes_a_template_that_still_says_it_otherwise(tmp_path: Path) -> None:
    fields = "{service}, {day}, {hours}"
    file = house(tmp_path, f'\nwords:\n  booking.kept: {{en: "Yours: {fields}"}}\n')
    assert RUN.invoke(app, ["check", str(file)]).stdout.strip() == "all is well"
    file = house(tmp_path, '\nwords:\n  payment.expired: {en: "x"}\n')
    assert "words.payment.expired.en" in RUN.invoke(app, ["check", str(file)]).output


def test_a_note_is_no_mistake(tmp_path: Path) -> None:
    said = "We missed you at {service}, {day}, {hours} ({reference})."
    file = house(tmp_path, f'\nwords:\n  attendance.missed: {{en: "{said}"}}\n')
    told = RUN.invoke(app, ["check", str(file), "--json"])
    report = json.loads(told.stdout)
    assert (told.exit_code, report["ok"], report["problems"]) == (0, True, [])
    (note,) = report["notes"]
    assert note.startswith("words.attendance.missed.en: outside the customer's 24 hours the template janji_missed_you")
    assert "words.template.missed_you.en" in note


def test_templates_are_built_in_the_houses_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUSINESS_FILE", str(house(tmp_path, OWN)))
    built = json.loads(RUN.invoke(app, ["templates", "build"]).stdout)
    assert len(built) == 3 * len(ALL)
    texts = {(one["name"], one["language"]): one["components"][0]["text"] for one in built}
    assert texts["janji_cancelled", "en"].startswith("So sorry! Your booking {{1}}, {{2}} on {{3}}")
    assert "So sorry!" not in texts["janji_cancelled", "id"]
