"""The table of `docs/architecture.md`: each measure as it was, as it is, and as it is wanted."""

from benchmarks.figures.measure import ROOT, Figures

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- figures: made by `make figures` -->", "<!-- end of figures -->"


def contracts() -> int:
    """How many import contracts stand in pyproject.toml."""
    return (ROOT / "pyproject.toml").read_text("utf-8").count("[[tool.importlinter.contracts]]")


def table(found: Figures) -> str:
    """The measures next to what they were and what is wanted."""
    where, size = found.longest_module
    function, length = found.function_longest
    lengths = f"{found.function_median:g} / {found.function_p90:g} / {length} (`{function}`)"
    rows = [
        ("function lines, median / p90 / longest", "6 / 15 / 53", lengths, "8 / 30 / 60"),
        ("private functions called once, of all functions", "29 %", f"{found.private_called_once} %", "≤ 12 %"),
        ("comment lines, of lines with code", "0.28 %", f"{found.comment_lines} %", "≥ 3 %"),
        ("notes under constants and fields, of lines with code", "–", f"{found.noted_lines} %", "–"),
        ("class names with two meanings", "41", str(len(found.repeated_class_names)), "0"),
        ("sentences to people in code (`t(en, id, vi)`)", "209", str(found.word_calls_in_code), "0"),
        ("import contracts", "3", str(contracts()), "one a room and more"),
        ("longest module, lines", "396", f"{size} (`{where}`)", "≤ 400"),
        ("`type: ignore`", "–", str(found.type_ignores), "each with its reason"),
        ("archaisms (shall, anew, beside, mend)", "–", str(found.archaisms), "0"),
    ]
    lines = ["| measure | first stage | today | wanted |", "|---|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])
