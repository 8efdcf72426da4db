"""Prints the table of `docs/adr/0008-rooms.md` from the tree as it stands, or writes it there with `--write`."""

import json
import sys
from dataclasses import asdict

from benchmarks.figures.measure import ROOT, Figures, measured

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- figures: made by `make figures` -->", "<!-- end of figures -->"


def contracts() -> int:
    """How many import contracts stand in pyproject.toml."""
    return (ROOT / "pyproject.toml").read_text("utf-8").count("[[tool.importlinter.contracts]]")


def table(found: Figures) -> str:
    """The measures beside what they were and what is wanted."""
    where, size = found.longest_module
    function, length = found.function_longest
    lengths = f"{found.function_median:g} / {found.function_p90:g} / {length} (`{function}`)"
    rows = [
        ("function lines, median / p90 / longest", "6 / 15 / 53", lengths, "8 / 30 / 60"),
        ("private functions called once, of all functions", "29 %", f"{found.private_called_once} %", "≤ 12 %"),
        ("comment lines, of lines with code", "0.28 %", f"{found.comment_lines} %", "≥ 3 %"),
        ("class names with two meanings", "41", str(len(found.repeated_class_names)), "0"),
        ("sentences to people in code (`t(en, id, vi)`)", "209", str(found.word_calls_in_code), "0"),
        ("import contracts", "3", str(contracts()), "one a room and more"),
        ("longest module, lines", "396", f"{size} (`{where}`)", "≤ 400"),
        ("`type: ignore`", "–", str(found.type_ignores), "each with its reason"),
        ("archaisms (shall, anew, beside, mend)", "–", str(found.archaisms), "0"),
    ]
    lines = ["| measure | first stage | today | wanted |", "|---|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


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
