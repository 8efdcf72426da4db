"""Whoever follows a citation finds the page: every place that code, tests and docs name is in this repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "flows", "intents", "payments", "webhooks", "simulator", "tests", "benchmarks")
SOURCES = sorted(
    path
    for folder in FOLDERS
    for kind in ("*.py", "*.js")
    for path in (ROOT / folder).rglob(kind)
    if path != Path(__file__)
)
REFERENCE = re.compile(r"reference: (whatsapp|xendit|villa-services)((?:,? (?:and |to )?[A-Z]?\d+(?:\.\d+)?)*)")
ARCHITECTURE = re.compile(r"\barchitecture (\d+)(?:\.(\d+))?")
ADR = re.compile(r"\bADR (\d+)")
PAGE = re.compile(r"\bdocs/[\w/.-]+\.md\b")
REQUIREMENT = re.compile(r"\b(?:S[0-4]-\d{3}|C-\d{2}|G-\d{2}|CAP-\d{2})\b")
ELSEWHERE = re.compile(r"\b(?:DESIGN|CONTRACT|HOUSE|NEXT|FIELD|MODELS|CONSOLE)(?:\.md\b| \d)")


def found(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    for path in SOURCES:
        for match in pattern.finditer(path.read_text("utf-8")):
            yield path.relative_to(ROOT).as_posix(), match


def numbers_of(page: str) -> set[str]:
    """The numbers of a page's headings, and of the numbered items below each."""
    known, section = set(), ""
    for line in (ROOT / "docs" / page).read_text("utf-8").splitlines():
        if heading := re.match(r"#+ (\d+(?:\.\d+)?)", line):
            section = heading[1]
            known.add(section)
        elif item := re.match(r"(?:\| )?(\d+)[.)]? ", line):
            known.add(f"{section}.{item[1]}")
        elif row := re.match(r"\|\s*\**([A-Z]\d+)\**\s*\|", line):
            known.add(row[1])
    return known


def test_every_number_of_a_reference_is_a_heading_of_it() -> None:
    missing = []
    for where, match in found(REFERENCE):
        known = numbers_of(f"reference/{match[1]}.md")
        missing += [
            f"{where}: {match[0]}" for number in re.findall(r"[A-Z]?\d+(?:\.\d+)?", match[2]) if number not in known
        ]
    assert missing == []


def test_every_section_of_the_architecture_is_there() -> None:
    known = numbers_of("architecture.md")
    named = [(where, match[0], ".".join(filter(None, match.groups()))) for where, match in found(ARCHITECTURE)]
    assert [f"{where}: {text}" for where, text, number in named if number not in known] == []


def test_every_decision_that_is_cited_was_written_down() -> None:
    written = {int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    assert [f"{where}: {match[0]}" for where, match in found(ADR) if int(match[1]) not in written] == []


def test_every_page_that_is_named_exists() -> None:
    assert [f"{where}: {match[0]}" for where, match in found(PAGE) if not (ROOT / match[0]).exists()] == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))) for page in pages]
    broken = [
        f"{page.name}: {link}" for page, targets in links for link in targets if not (page.parent / link).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("pattern", [REQUIREMENT, ELSEWHERE], ids=["requirement ids", "papers outside the repository"])
def test_nothing_outside_the_repository_is_cited(pattern: re.Pattern[str]) -> None:
    assert [f"{where}: {match[0]}" for where, match in found(pattern)] == []
