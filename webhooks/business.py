"""The business file from disk, and what the conversation may know of it."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.business.definition import Business
from bot.business.file import PriceBookFile, parse
from bot.business.problems import Problems
from bot.business.sheet import SheetRow, SheetUnreadable, read_csv

_WORKBOOK: Final = b"PK\x03\x04"
"""How a workbook begins."""
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
    return parsed_business(text, name, lambda book: read_book(path, book))


def parsed_business(text: str, name: str, book: PriceBookFile) -> Business:
    """The business of that text, with the price book that `book` reads; BusinessFileWrong."""
    parsed = parse(text, name, book)
    if isinstance(parsed, Problems):
        raise BusinessFileWrong(*str(parsed).splitlines())
    return parsed


def read_book(file: Path | None, book: str) -> tuple[SheetRow, ...]:
    """The table of a price book that lies next to the business file; raises SheetUnreadable."""
    if file is None:
        raise SheetUnreadable(f"`{book}` is not there", "take `price_book` out")
    try:
        content = file.with_name(book).read_bytes()
    except OSError as error:
        fix = "make it with `janji catalogue pull`, or take `price_book` out"
        raise SheetUnreadable(f"`{book}` cannot be read ({error.strerror})", fix) from None
    return read_table(content)


def read_table(content: bytes) -> tuple[SheetRow, ...]:
    """The rows of a CSV file or an Excel workbook; raises SheetUnreadable."""
    if not content.startswith(_WORKBOOK):
        return read_csv(content)
    # late: the library of workbooks takes 5 MB in every process, and one command of a hundred reads any
    from bot.business.workbook import read_workbook

    return read_workbook(content)
