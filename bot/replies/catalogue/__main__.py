"""`python -m bot.replies.catalogue [code …]`: begins these languages' files, or brings them up to date with English."""

import sys
from importlib import resources
from pathlib import Path

from bot.domain.language_files import SOURCE, SUFFIX
from bot.replies.catalogue.checks import FOLDERS
from bot.replies.catalogue.editing import updated


def main(codes: list[str]) -> None:
    """Every language when none is named."""
    for folder in FOLDERS:
        package, _, inside = folder.partition("/")
        root = Path(str(resources.files(package))) / inside
        english = (root / f"{SOURCE}{SUFFIX}").read_bytes()
        for code in codes or sorted(file.stem for file in root.glob(f"*{SUFFIX}")):
            file = root / f"{code}{SUFFIX}"
            file.write_bytes(updated(english, code, file.read_bytes() if file.exists() else b""))


main(sys.argv[1:])
