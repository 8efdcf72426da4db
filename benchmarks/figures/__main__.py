"""`make figures`: prints the table of `docs/architecture.md` from the tree as it stands; `--write` puts it there."""

import json
import sys
from dataclasses import asdict

from benchmarks.figures.measure import measured
from benchmarks.figures.table import BEGIN, END, PAGE, contracts, table


def main() -> None:
    """`python -m benchmarks.figures [--json | --write]`."""
    found = measured()
    if "--json" in sys.argv:
        print(json.dumps(asdict(found) | {"contracts": contracts()}, indent=2))
        return
    shown = table(found)
    print(shown)
    if "--write" in sys.argv:
        text = PAGE.read_text("utf-8")
        head, _, rest = text.partition(BEGIN)
        _, _, tail = rest.partition(END)
        PAGE.write_text(f"{head}{BEGIN}\n{shown}\n{END}{tail}", "utf-8")


main()
