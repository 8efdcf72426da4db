"""The sample business, whole or with a line changed.

Tests have it without what most of them bring for themselves: no `tasks` but those that each stay brings anyway, nothing
to turn on, and money that leaves when it has come where the sample lets it wait for the end.
"""

import hashlib
import os
import re
import tempfile
from functools import cache
from pathlib import Path

from bot.business import file
from bot.business.definition import Business
from bot.business.problems import Problems

SAMPLE_PATH = Path(file.__file__).with_name("sample.yaml")
_TASKS = re.compile(r"^tasks:.*\n(?:[ -].*\n|\n)*", re.MULTILINE)
SHIPPED = SAMPLE_PATH.read_text(encoding="utf-8")
"""As it ships."""
_PAID_AT_ONCE = re.compile(r"(window_(?:minutes: (?:60|120)|days: 2), notice_minutes: \d+), release: on_completed")
_AMENITIES = re.compile(r"^    amenities: .*\n", re.MULTILINE)


def _plain(text: str) -> str:
    for found, instead in ((_TASKS, ""), (_AMENITIES, ""), (_PAID_AT_ONCE, r"\1")):
        text, count = found.subn(instead, text)
        assert count, found.pattern
    return text


SAMPLE = _plain(SHIPPED)
"""As tests want it."""


@cache
def sample() -> Business:
    """The sample as tests want it."""
    business = file.parse(SAMPLE, "sample.yaml")
    assert isinstance(business, Business), str(business)
    return business


@cache
def sample_file() -> Path:
    """The same on disk, for processes that load it, one file for all who want the same: with staff there day and night,
    for a process lives at whatever hour its test runs."""
    text = with_changes(('daily: ["08:00-21:00"]', 'daily: ["00:00-24:00"]'))
    path = Path(tempfile.gettempdir()) / f"janji-sample-{hashlib.sha256(text.encode()).hexdigest()[:16]}.yaml"
    if not path.exists():
        # whole or not at all: another run may look for it at the same moment
        written = path.with_suffix(f".{os.getpid()}")
        written.write_text(text, encoding="utf-8")
        written.replace(path)
    return path


def with_changes(*changes: tuple[str, str]) -> str:
    """The sample's text with the first occurrence of each text replaced."""
    text = SAMPLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def with_tasks(text: str, tasks: str) -> str:
    """That business file with these `tasks` for its own."""
    return f"{_TASKS.sub('', text)}\n{tasks}"


def problems_of(*changes: tuple[str, str]) -> Problems:
    """What is wrong with the sample after these changes."""
    found = file.parse(with_changes(*changes), "business.yaml")
    assert isinstance(found, Problems)
    return found
