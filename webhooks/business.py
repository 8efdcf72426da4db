"""The business file from disk, and what the conversation may know of it."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.business.definition import Business
from bot.business.file import parse
from bot.business.problems import Problems

SAMPLE: Final = "sample.yaml"
"""What is loaded where nobody names a file: the concierge."""
CONCIERGE: Final = "concierge"
SAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {CONCIERGE: SAMPLE, "clinic": "sample_clinic.yaml", "consultant": "sample_consultant.yaml"}
)
"""The businesses that ship, by the name `janji demo --business` knows them by."""


class BusinessFileWrong(Exception):
    """The business file has mistakes or cannot be read; `problems` names each, where it can with its line
    and what puts it right."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def sample_path(name: str) -> Path | None:
    """The file of the shipped business of that name; none where none has it."""
    file = SAMPLES.get(name)
    return None if file is None else Path(str(resources.files("bot.business").joinpath(file)))


def load_business(path: Path | None, called: str = "BUSINESS_FILE") -> Business:
    """The business of that file, or of the sample; BusinessFileWrong with every mistake at once. A file that cannot be
    read is called by the name its user knows it by."""
    if path is None:
        text, name = resources.files("bot.business").joinpath(SAMPLE).read_text("utf-8"), SAMPLE
    else:
        try:
            text, name = path.read_text("utf-8"), str(path)
        except OSError as error:
            raise BusinessFileWrong(f"{called}: cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise BusinessFileWrong(f"{called}: cannot be read (it is not UTF-8)") from None
    parsed = parse(text, name)
    if isinstance(parsed, Problems):
        raise BusinessFileWrong(*str(parsed).splitlines())
    return parsed
