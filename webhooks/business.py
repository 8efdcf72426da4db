"""The business file from disk, and what the conversation may know of it."""

from importlib import resources
from pathlib import Path

from bot.business.definition import Business
from bot.business.file import parse
from bot.business.problems import Problems

SAMPLE = "sample.yaml"


class BusinessFileWrong(Exception):
    """The business file has mistakes; `problems` names each with line and mend."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(str(problems))
        self.problems = problems


def load_business(path: Path | None) -> Business:
    """The business of that file, or of the sample; BusinessFileWrong with every mistake at once."""
    if path is None:
        text, name = resources.files("bot.business").joinpath(SAMPLE).read_text("utf-8"), SAMPLE
    else:
        text, name = path.read_text("utf-8"), str(path)
    parsed = parse(text, name)
    if isinstance(parsed, Problems):
        raise BusinessFileWrong(parsed)
    return parsed
