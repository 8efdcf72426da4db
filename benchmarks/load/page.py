"""`benchmarks/README.md`: rows of figures between two marks; only `--write` puts one there."""

import re
from pathlib import Path
from typing import Final

from benchmarks.load.figures import NAMES, Figures, shown

PAGE: Final = Path(__file__).parent.parent / "README.md"
BEGINS: Final = "<!-- rows: begin -->"
ENDS: Final = "<!-- rows: end -->"


class NoMarks(Exception):
    """The page has lost the marks between which the rows stand."""


def with_row(page: str, label: str, figures: Figures) -> str:
    """The page with this row; one of the same label is replaced where it stands."""
    before, begins, rest = page.partition(BEGINS)
    inside, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise NoMarks(f"{BEGINS} and {ENDS}")
    row = f"| {label} | {' | '.join(shown(getattr(figures, name)) for name in NAMES)} |"
    rows = [line for line in inside.strip().splitlines() if line.startswith("|")][2:]
    same = re.compile(rf"\| {re.escape(label)} \|")
    places = [place for place, line in enumerate(rows) if same.match(line)]
    if places:
        rows[places[0]] = row
    else:
        rows.append(row)
    head = [f"| step | {' | '.join(f'`{name}`' for name in NAMES)} |", "|---" * (len(NAMES) + 1) + "|"]
    return f"{before}{BEGINS}\n" + "\n".join([*head, *rows]) + f"\n{ENDS}{after}"


def write(label: str, figures: Figures) -> None:
    """Put the row on the page."""
    PAGE.write_text(with_row(PAGE.read_text("utf-8"), label, figures), "utf-8")
