"""The business file from disk, and what the conversation may know of it."""

from importlib import resources
from pathlib import Path

from bot.business.definition import Business
from bot.business.file import parse
from bot.business.problems import Problems

SAMPLE = "sample.yaml"


class BusinessFileWrong(Exception):
    """The business file has mistakes or cannot be read; `problems` names each, where it can with its line
    and what puts it right."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


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
