"""`python -m benchmarks.understanding [-v]`: prints the score table and writes it into README.md."""

from __future__ import annotations

import sys

from benchmarks.understanding import score

_HEAD = """# Understanding: the score

Made by `python -m benchmarks.understanding` (`-v` lists every miss). No network, no key, no embedded model.

| | phrases | accuracy | macro-F1 | out-of-scope recall | wrong rejection \
| date phrases | dates exact | exact or offered |
|---|---|---|---|---|---|---|---|---|
"""
_TAIL = """
Mean time for one message: {milliseconds:.1f} ms.

- `intents_*.txt`: messages as guests type them to a villa, spa or clinic, each with the intent it was
  written for. They were written apart from `intents/seeds/` and are never trained on; still, both come from
  one workshop, so expect less on messages of strangers.
- `dates_*.txt`: expressions with their value on Wednesday 13 May 2026, 14:20 in Jakarta, each put into
  three carrier sentences. "Exact" asks for one value of the right kind and nothing beside it; "offered"
  counts a right reading among the alternatives the customer would be asked about.
- A time without a half of the day is meant in working hours (7 to 18). A part of the day beside a day
  leaves the value a date.
- Sources of idiom: everyday chat of villa, spa and clinic customers; `malam minggu` (Saturday evening),
  `setengah 3` (2:30), `lusa`, `minggu depan` (week and Sunday), `ntar`, `bsk`, `kak`, `min`; `ngày kia`,
  `mốt`, `rưỡi`, `kém`, `thứ 2`, `cn`, `t7`, `nhiêu`, `hông`, `ck`; `tmrw`, `half ten`, `pls`.
- First run, before any miss was looked at: intents 84.0 / 88.5 / 80.2 % (without diacritics 79.9 %), out-of-scope
  recall 93 / 81 / 79 %, wrong rejection 9.0 / 4.5 / 8.2 %, dates 94.8 / 96.8 / 97.3 % (90.1 %). Afterwards the
  date grammar was mended where it missed, and seeds were added in other words than these phrases. So the
  table above flatters by as much as it grew; on seeds held out line by line (a fifth, three languages, every
  form of a line unseen) the classifier alone reaches 73 %.
- The small embedded model (extra `nlu`) is not built; its column is absent for that reason.
"""


def _row(name: str, intents: score.IntentScore, dates: score.DateScore) -> str:
    return (
        f"| {name} | {intents.phrases} | {intents.accuracy:.1%} | {intents.macro_f1:.1%} | "
        f"{intents.out_of_scope_recall:.1%} "
        f"| {intents.wrong_rejection:.1%} | {dates.phrases} | {dates.exact:.1%} | "
        f"{dates.or_alternative:.1%} |\n"
    )


def main(arguments: list[str]) -> None:
    """Score every language, print the table, write the page."""
    page = _HEAD
    for name, language, change in score.WAYS:
        intents, dates = score.score_intents(language, change), score.score_dates(language, change)
        page += _row(name, intents, dates)
        if "-v" in arguments:
            for miss in (*intents.misses, *dates.misses):
                print(f"{name[:11]:11} | {miss[1]:>22} | {miss[2]:22} | {miss[0]}")
    page += _TAIL.format(milliseconds=score.milliseconds_each())
    (score.HERE / "README.md").write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main(sys.argv[1:])
