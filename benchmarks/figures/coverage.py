"""Lays measured coverage against the floors: `python -m benchmarks.figures.coverage [--enforce]`, after `make test`."""

import json
import subprocess
import sys
from dataclasses import dataclass

from benchmarks.figures.measure import ROOT


@dataclass(frozen=True, slots=True)
class Floor:
    """So much of the lines and branches of these folders is run by the suite."""

    name: str
    percent: int
    folders: tuple[str, ...]


FLOORS = (
    Floor(
        "rules and money",
        95,
        ("bot/lifecycle", "bot/slots", "bot/business", "bot/domain", "payments/domain", "payments/services"),
    ),
    Floor("error paths and API", 90, ("webhooks/api", "webhooks/doors", "flows", "payments/gateways")),
    Floor(
        "flows between parts",
        85,
        ("bot/dialogue", "bot/engine", "bot/store", "bot/adapters", "payments/store", "webhooks/processes"),
    ),
)


def covered(floor: Floor, files: dict[str, dict[str, dict[str, int]]]) -> float:
    """Percent of statements and branches of the floor's folders that were run."""
    mine = [
        one["summary"]
        for name, one in files.items()
        if name.startswith(tuple(f"{folder}/" for folder in floor.folders))
    ]
    whole = sum(one["num_statements"] + one.get("num_branches", 0) for one in mine)
    run = sum(one["covered_lines"] + one.get("covered_branches", 0) for one in mine)
    return 100 * run / whole if whole else 0.0


def main() -> int:
    """Prints a line a floor; with `--enforce` the exit code is 1 where one is missed."""
    told = subprocess.run(
        [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"], capture_output=True, cwd=ROOT, check=True
    ).stdout
    files = json.loads(told)["files"]
    missed = False
    for floor in FLOORS:
        percent = covered(floor, files)
        missed |= percent < floor.percent
        verdict = "" if percent >= floor.percent else ": MISSED"
        print(f"coverage: {floor.name}: {percent:.1f} %, floor {floor.percent} %{verdict}")
    return 1 if missed and "--enforce" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
