"""The language files: whole in every language, nothing unused, within WhatsApp's limits; a new file is a language."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot.business.prices import Unit
from bot.business.timers import OWN_WORDS
from bot.business.word_checks import longest
from bot.domain import language_files as files
from bot.domain import message_limits as limits
from bot.domain.language_files import MissingSentence, UnreadableFile
from bot.domain.languages import CATALOGUE
from bot.domain.offers import Fit
from bot.lifecycle.actions import ActionPrice, ActionType
from bot.lifecycle.quotes import NoChange
from bot.replies.catalogue.checks import FOLDERS, problems, problems_of
from bot.replies.catalogue.editing import updated
from bot.replies.notices import EVERY
from bot.replies.words import keys, language_names, say
from flows.booking import SCREENS
from flows.definition import FlowDefinition
from flows.lint import lint
from flows.words import languages as form_languages
from flows.words import screen_words
from intents.understanding import Intent, Language

ROOT = Path(bot.__file__).parents[1]
CONSOLE = ROOT / "webhooks" / "console"
FOLDER = Path(str(resources.files("bot.replies.catalogue")))
SPACES = {key.split(".")[0] for key in keys()}
BUTTONS = [key for key in keys() if ".button." in key]
MENU = ("talk.button.help", "talk.button.language", "talk.button.person")
DUTCH = {"booking.kept": "Goed, het blijft: {service} op {day}, {hours}.", "format.short_day": "EEE d MMM"}


def test_the_files_have_no_problem() -> None:
    assert problems() == []


def test_every_language_we_understand_is_spoken_in_chat_and_form() -> None:
    assert set(CATALOGUE.languages) == set(form_languages()) >= set(Language)
    assert next(iter(CATALOGUE.languages)) == files.SOURCE


def in_code() -> Iterator[tuple[str, str | re.Pattern[str]]]:
    """Every key that code names, and a pattern for each key it puts together, with its file."""
    for path in sorted(file for room in ("bot", "webhooks") for file in (ROOT / room).rglob("*.py")):
        if path.is_relative_to(CONSOLE):
            # staff read other words there, of a catalogue of its own (tests/webhooks/console/test_words.py)
            continue
        tree = ast.parse(path.read_text("utf-8"))
        joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        parts = {id(part) for node in joined for part in node.values}
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in parts:
                continue
            if re.fullmatch(rf"(?:{'|'.join(SPACES)})(?:\.[a-z_]+)+\.?", node.value):
                whole = not node.value.endswith(".")
                yield name, node.value if whole else re.compile(re.escape(node.value) + ".+")
        for node in joined:
            texts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if isinstance(texts[0], str) and re.match(rf"(?:{'|'.join(SPACES)})\.", texts[0]):
                yield name, re.compile("".join(".+" if text is None else re.escape(str(text)) for text in texts))


def test_every_key_in_code_is_in_the_catalogue_and_every_key_of_it_is_in_code() -> None:
    named = list(in_code())
    literal = {key for _, key in named if isinstance(key, str)}
    patterns = [(file, key) for file, key in named if isinstance(key, re.Pattern)]
    assert len(literal) > 100
    assert [(file, key) for file, key in named if isinstance(key, str) and key not in keys()] == []
    assert [(file, key.pattern) for file, key in patterns if not any(map(key.fullmatch, keys()))] == []
    unused = [key for key in keys() if key not in literal and not any(one.fullmatch(key) for _, one in patterns)]
    assert unused == []


def test_keys_that_code_puts_together_are_there_for_every_value() -> None:
    """Rules' reasons are in test_reasons."""
    assert {f"booking.offer.{fit}" for fit in Fit} - set(keys()) <= {"booking.offer.nothing"}
    assert {f"booking.price.{unit}" for unit in Unit if unit is not Unit.PER_BOOKING} <= set(keys())
    assert {f"reminder.{timer.replace('-', '_')}" for timer in OWN_WORDS} == set(keys("reminder."))
    assert {f"payment.link.{why}" for why in ("first", "rest", "new_link", "other_method", "nudge")} == set(
        keys("payment.link.")
    )
    assert {f"change.denied.{reason}" for reason in NoChange} == set(keys("change.denied."))
    assert {f"action.label.{kind}" for kind in ActionType} == set(keys("action.label."))
    assert {f"action.description.{price}" for price in ActionPrice} == set(keys("action.description."))
    readings = {key.removeprefix("clarification.button.") for key in keys("clarification.button.")}
    assert readings - {"something_else"} <= {intent.value for intent in Intent}
    templates = {key.removeprefix("template.") for key in keys("template.") if key not in BUTTONS}
    assert templates == {name.removeprefix("janji_") for name in EVERY}


def worst(key: str, language: str) -> str:
    """The text with every field at its longest."""
    forms = CATALOGUE.languages[language].sentences[key].forms
    named = {name for text in forms for _, name, _, _ in Formatter().parse(text) if name is not None}
    fields: dict[str, str | int] = {name: longest(f"{{{name}}}") for name in named}
    return say(key, language, **(fields | {"count": 1000}))


@pytest.mark.parametrize("language", CATALOGUE.languages)
def test_every_text_fits_where_it_is_shown_at_its_worst(language: str) -> None:
    for key in keys():
        assert 0 < len(worst(key, language)) <= limits.BODY, key
    for key in BUTTONS:
        most = limits.TEMPLATE_BUTTON if key.startswith("template.") else limits.BUTTON_TITLE
        assert len(worst(key, language)) <= most, key
        assert CATALOGUE.languages[files.SOURCE].sentences[key].limit == most, key
    assert len(say("booking.row.more", language)) <= limits.ROW_TITLE
    assert len(say("language.name", language)) <= limits.BUTTON_TITLE


def test_every_sentence_states_its_limit_to_translators_and_where_it_is_shown() -> None:
    for key, sentence in CATALOGUE.languages[files.SOURCE].sentences.items():
        assert sentence.comments, key
        assert key.startswith("format.") or sentence.limit is not None, key


@pytest.mark.parametrize("language", CATALOGUE.languages)
def test_the_buttons_of_the_menu_are_told_apart(language: str) -> None:
    assert len({say(key, language) for key in MENU}) == len(MENU)


def test_the_languages_are_named_in_themselves() -> None:
    assert language_names().items() >= {"en": "English", "id": "Bahasa Indonesia", "vi": "Tiếng Việt"}.items()


@pytest.mark.parametrize("key", [key for key in keys() if len(CATALOGUE.text(key, "vi", 2)) > 40])
def test_vietnamese_is_written_with_its_marks(key: str) -> None:
    assert any(ord(letter) > 127 and letter.isalpha() for letter in CATALOGUE.text(key, "vi", 2))


def test_an_empty_field_leaves_no_hole() -> None:
    assert "  " not in say("talk.greeting", Language.EN, name="", business="Janji", offers="")


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("en", "1 person", "2 people"), ("id", "1 orang", "2 orang"), ("vi", "1 người", "2 người")],
)
def test_a_number_takes_the_form_of_its_language(language: str, one: str, many: str) -> None:
    assert (say("booking.people", language, count=1), say("booking.people", language, count=2)) == (one, many)


def test_one_night_is_no_nights() -> None:
    assert [say("booking.nights", "en", count=count) for count in (1, 2)] == ["1 night", "2 nights"]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("code", CATALOGUE.languages)
def test_the_files_stand_as_the_tool_writes_them(folder: str, code: str) -> None:
    english, own = ((ROOT / folder / f"{one}.po").read_bytes() for one in (files.SOURCE, code))
    assert updated(english, code, own) == own


# a fourth language


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the language files, to be spoilt."""
    for file in FOLDER.glob("*.po"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def english_but_for(changes: dict[str, str], code: str = "nl") -> bytes:
    """A language that says what English says, but for these sentences."""
    text = (FOLDER / "en.po").read_text("utf-8").replace("Language: en", f"Language: {code}")
    for key, sentence in changes.items():
        text = re.sub(rf'(?<=msgid "{re.escape(key)}"\n)msgstr ".*"', f'msgstr "{sentence}"', text)
    return text.encode()


def test_a_language_is_one_file(folder: Path) -> None:
    (folder / "nl.po").write_bytes(english_but_for(DUTCH))
    catalogue = files.read(folder)
    assert list(problems_of(catalogue)) == []
    assert list(catalogue.languages) == ["en", "id", "nl", "vi"]
    said = catalogue.say("booking.kept", "nl", service="Massage", day="dinsdag", hours="15:00")
    assert said == "Goed, het blijft: Massage op dinsdag, 15:00."


def test_a_language_may_have_more_plural_forms_than_english(folder: Path) -> None:
    forms = 'msgstr[0] "{count} osoba"\nmsgstr[1] "{count} osoby"\nmsgstr[2] "{count} osób"'
    rule = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    text = english_but_for({}, "pl").decode().replace("nplurals=2; plural=(n != 1);", rule)
    text = re.sub(r'(?<=msgid_plural "booking.people"\n)msgstr\[0\].*\nmsgstr\[1\].*', forms, text)
    text = re.sub(r'(?<=msgid_plural "booking.nights"\n)msgstr\[0\].*\nmsgstr\[1\].*', forms.replace("os", "n"), text)
    nights = "change.policy.keep_nights"
    text = re.sub(
        rf'(?<=msgid_plural "{nights}"\n)msgstr\[0\].*\nmsgstr\[1\].*',
        forms.replace("{count}", "{until} {count}"),
        text,
    )
    (folder / "pl.po").write_text(text, "utf-8")
    catalogue = files.read(folder)
    assert list(problems_of(catalogue)) == []
    told = [catalogue.say("booking.people", "pl", count=count) for count in (1, 3, 5, 22)]
    assert told == ["1 osoba", "3 osoby", "5 osób", "22 osoby"]


def test_a_new_file_is_begun_empty_with_the_english_text_beside_each_sentence(folder: Path) -> None:
    (folder / "jv.po").write_bytes(updated((folder / "en.po").read_bytes(), "jv"))
    begun = files.read(folder)
    assert set(begun.languages["jv"].sentences) == set(begun.keys)
    assert "English: Cancel" in begun.languages["jv"].sentences["booking.button.cancel"].comments
    told = list(problems_of(begun))
    assert len(told) == len(begun.keys)
    assert all(problem.endswith("is empty; translate it") for problem in told)
    assert (begun.is_whole("jv"), begun.is_whole("vi")) == (False, True)


def test_a_missing_sentence_is_an_error_and_never_said_in_another_language(folder: Path) -> None:
    text = english_but_for(DUTCH).decode()
    (folder / "nl.po").write_text(re.sub(r'(#[^\n]*\n)*msgid "booking.kept"\nmsgstr "[^\n]*\n', "", text), "utf-8")
    catalogue = files.read(folder)
    assert [problem for problem in problems_of(catalogue) if "booking.kept is missing" in problem]
    with pytest.raises(MissingSentence, match=r"booking.kept in nl"):
        catalogue.say("booking.kept", "nl", service="", day="", hours="")
    with pytest.raises(MissingSentence):
        catalogue.say("booking.kept", "xx")


SPOILT = {
    "a field of its own": ("booking.kept", "{service} {day} {hours} {colour}", "not the same fields"),
    "a field lost": ("booking.kept", "Goed, het blijft.", "not the same fields"),
    "a field that reaches into values": ("booking.kept", "{service.__class__} {day} {hours}", "cannot be filled in"),
    "a field by number": ("booking.kept", "{0} {day} {hours}", "cannot be filled in"),
    "a bracket left open": ("booking.kept", "{service {day} {hours}", "cannot be filled in"),
    "nothing": ("booking.kept", "  ", "is empty"),
    "too long for a button": ("booking.button.keep", "x" * 21, "21 characters, 20 are allowed"),
}


@pytest.mark.parametrize(("key", "text", "problem"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_sentence_is_told_with_its_mend(folder: Path, key: str, text: str, problem: str) -> None:
    (folder / "nl.po").write_bytes(english_but_for({key: text}))
    (told,) = problems_of(files.read(folder))
    assert told.startswith(f"nl.po: {key} ")
    assert problem in told


def test_a_key_nobody_asks_for_and_lost_plural_forms_are_told(folder: Path) -> None:
    more = b'\nmsgid "booking.moon"\nmsgstr "Maan"\n'
    forms = re.sub(
        rb'(?<=\n)msgid_plural "booking.people"\nmsgstr\[0\].*\nmsgstr\[1\].*', b'msgstr "x"', english_but_for({})
    )
    (folder / "nl.po").write_bytes(forms + more)
    told = " ".join(problems_of(files.read(folder)))
    assert "booking.moon is not in en.po" in told
    assert "booking.people has 1 forms, 2 are needed" in told


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("nl", b'msgid "a\n'),
        ("nl", english_but_for({}, "de")),
        ("nl", english_but_for({}) + b'\nmsgid "booking.kept"\nmsgstr "twice"\n'),
        ("nl", english_but_for({}).replace(b"(n != 1)", b"(n !== 1)")),
        ("klingon", english_but_for({}, "klingon")),
        ("nl", b"\xff\xfe"),
        ("nl", b""),
    ],
    ids=["syntax", "another language", "a key twice", "plural rule", "no such language", "no text", "nothing"],
)
def test_a_file_that_cannot_be_read_is_told_and_the_others_are_spoken(folder: Path, code: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        files.read_file(code, data)
    (folder / f"{code}.po").write_bytes(data)
    catalogue = files.read(folder)
    assert set(catalogue.languages) == {"en", "id", "vi"}
    (told,) = problems_of(catalogue)
    assert told.startswith(f"{code}.po: ")


def test_a_translation_of_an_english_text_that_changed_has_to_be_looked_at(folder: Path) -> None:
    changed = english_but_for({"booking.button.keep": "Leave it"}, "en")
    (folder / "en.po").write_bytes(changed)
    assert [problem for problem in problems_of(files.read(folder)) if "shows an older English text" in problem]
    (folder / "vi.po").write_bytes(updated(changed, "vi", (folder / "vi.po").read_bytes()))
    told = [problem for problem in problems_of(files.read(folder)) if problem.startswith("vi.po")]
    assert told == [
        "vi.po: booking.button.keep is marked fuzzy: the English text has changed; look at it and take the mark away"
    ]


def test_without_english_nothing_can_be_compared(folder: Path) -> None:
    (folder / "en.po").unlink()
    (told,) = problems_of(files.read(folder))
    assert told.startswith("en.po: ")


def test_the_form_is_one_file_a_language_too() -> None:
    file = (ROOT / "flows/catalogue/en.po").read_bytes().replace(b'msgstr "Book"', b'msgstr "Boeken"')
    words = screen_words(file)
    assert words.service_title == "Boeken"
    assert lint(FlowDefinition(tuple(screen.define(words) for screen in SCREENS.values())).as_json()) == ()
    with pytest.raises(LookupError):
        screen_words(file.replace(b'"closing.used"', b'"closing.other"'))


IN_DUTCH = """
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
import bot, flows
from bot.adapters.whatsapp.templates import problems
from bot.replies import times
from bot.replies.notices import ALL, NOTICES, as_text, outside
from bot.replies.words import language_names, say
from flows.booking import booking_flow
from flows.lint import lint
from flows.words import languages
at, zone = datetime(2026, 11, 24, 7, tzinfo=UTC), ZoneInfo("Asia/Makassar")
print(bot.__file__.split("/")[-3], flows.__file__.split("/")[-3])
print(list(language_names()), languages())
print(times.long_day(at, zone, "nl"), "|", times.short_moment(at, zone, "nl"))
print(say("booking.people", "nl", count=2))
print(as_text(outside("payment.late.refund", "nl", {"reference": "BK-1"})))
print([problem for one in ALL for problem in problems(one, "nl")], lint(booking_flow("nl").as_json()))
"""


def test_a_new_file_in_both_folders_is_spoken_everywhere_without_a_line_of_code(tmp_path: Path) -> None:
    """The product's own packages, copied beside one file more in each folder, in a process of their own."""
    for package in ("bot", "flows"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for inside in FOLDERS:
        english = (ROOT / inside / "en.po").read_text("utf-8").replace("Language: en", "Language: nl")
        dutch = english.replace('msgstr[1] "{count} people"', 'msgstr[1] "{count} personen"')
        (tmp_path / inside / "nl.po").write_text(dutch.replace('"English"', '"Nederlands"'), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", IN_DUTCH],
        env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONUTF8": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        f"{tmp_path.name} {tmp_path.name}",
        "['en', 'id', 'nl', 'vi'] ('en', 'id', 'nl', 'vi')",
        "dinsdag, 24 november 2026 | di 24 nov 15:00",
        "2 personen",
        CATALOGUE.say("template.late_refund", "en", reference="BK-1"),
        "[] ()",
    ]
