"""The sample business, whole or with a line changed."""

from functools import cache
from pathlib import Path

from bot.business import file
from bot.business.definition import Business
from bot.business.problems import Problems

SAMPLE_PATH = Path(file.__file__).with_name("sample.yaml")
SAMPLE = SAMPLE_PATH.read_text(encoding="utf-8")


@cache
def sample() -> Business:
    """The sample as it ships."""
    business = file.parse(SAMPLE, "sample.yaml")
    assert isinstance(business, Business), str(business)
    return business


def with_changes(*changes: tuple[str, str]) -> str:
    """The sample's text with the first occurrence of each text replaced."""
    text = SAMPLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def problems_of(*changes: tuple[str, str]) -> Problems:
    """What is wrong with the sample after these changes."""
    found = file.parse(with_changes(*changes), "business.yaml")
    assert isinstance(found, Problems)
    return found
