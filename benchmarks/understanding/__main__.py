"""`make bench ARGS=understanding`: the score tables; `--write` puts them into README.md, `-v` lists every miss."""

from __future__ import annotations

import sys

from benchmarks.understanding import blind, commitment, score
from intents import embedded
from intents.head import Embeds

_HEAD = """# Understanding: the score

Made by `make bench ARGS="understanding --write"` (`-v` lists every miss). No network, no key, no language model.

## Intents

Written to the left of the bar: without the embedded model; to the right: with it, where the page was made with the
extra `nlu`.

| set | language | phrases | accuracy | macro-F1 | out-of-scope recall | wrong rejection |
|---|---|---|---|---|---|---|
"""
_DATES = """
## Dates

| set | language | phrases | exact | exact or offered |
|---|---|---|---|---|
"""
_COMMITMENT = """
## The explicit yes

Answers to "shall I book it?": plain yeses, and refusals, waits, thanks, questions, corrections, sarcasm, courtesy.

| set | as typed | plain yeses | taken | others | false yes |
|---|---|---|---|---|---|
"""
_SURE = """
## What a score is worth

How often the intent is said to be sure, and is right then (without the embedded model).

| set | language | said sure | right then | right when asked about |
|---|---|---|---|---|
"""
_TAIL = """
Mean time of one core for one message, without the embedded model: {milliseconds:.1f} ms.

## What is measured

- `intents_*.txt`: messages as guests type them to a villa, spa or clinic, each with the intent it was
  written for. `blind_*.txt`: a second set, 25 phrases an intent and 60 out of scope, in many trades, written
  in one go before the seeds were read again (ten that stood among the seeds were taken out). None of either is a
  seed; still, all come from one workshop, so expect less on messages of strangers.
- `other_*.txt`: a third set by another hand, about 165 phrases a language, more than a quarter everyday requests out
  of scope; who wrote the seeds has not seen it.
- `fourth_*.txt`, `fifth_*.txt`: strangers' messages (hurried travellers, chatty, formal), written in one go before the
  rules and seeds of 28 November, by the hand that then wrote those: a voice apart from the seeds', not a mind apart.
- `sixth_*.txt`, `seventh_*.txt`: 150 messages a language, 40 of them out of scope, by a stranger who has seen neither
  rules nor seeds. `sixth` was opened when the topics and seeds of 29 November were done; its kinds of misses, not its
  sentences, brought more seeds (tours, menus, equipment); `seventh` was opened after that. Two of its English lines
  stood among the seeds since 21 November; they count in its first run and were taken out then.
- `eighth_*.txt`: 209 messages a language, 60 of them out of scope, by a stranger likewise, opened when the words and
  weights that `sixth` and `seventh` had asked for were committed; no line was taken out. Nine, four and one of its
  short courtesies ("good morning", "assalamualaikum", "hế lô") stand among the seeds too. With the embedded model,
  whose head had not been trained since 28 November, its first run was right for 95.2 % en, 94.3 % id and 92.8 % vi.
- `commitment_*.txt`: a grammar of answers to "shall I?", opened whole; `blind_commitment_*.txt`: answers by hand,
  `stranger_commitment_*.txt`, `fresh_commitment_*.txt`, `second_commitment_*.txt`, `third_commitment_*.txt` by
  strangers', each opened when what the one before had asked for was committed.
- `dates_*.txt`: expressions with their value on Wednesday 13 May 2026, 14:20 in Jakarta, each put into
  three carrier sentences. `blind_dates_*`, `fresh_dates_*`, `third_dates_*`,
  `fourth_dates_*`, `fifth_dates_*`, `sixth_dates_*` to `ninth_dates_*`: whole sentences, at several moments and in
  several zones; the last four by strangers, each opened when what the one before had asked for was committed.
  "Exact" asks for every value of the right kind and nothing beside it; "offered"
  counts a right reading among the alternatives the customer would be asked about. A day that is not wished, a
  contradiction and another clock have no value (`-`); four lines of older sets may be read so too, and one names a
  Lebaran that was not known then.
- A time without a half of the day is meant in working hours (7 to 18). A part of the day beside a day
  leaves the value a date.
- The mean time of 29 November was taken on a machine busy with other work, where the version before took as long.
- Vietnamese without its marks is read by the local classifier alone: the embedded model has hardly met it.
- Sources of idiom: everyday chat of villa, spa and clinic customers; `malam minggu` (Saturday evening),
  `setengah 3` (2:30), `lusa`, `minggu depan` (week and Sunday), `ntar`, `bsk`, `kak`, `min`; `ngày kia`,
  `mốt`, `rưỡi`, `kém`, `thứ 2`, `cn`, `t7`, `nhiêu`, `hông`, `ck`; `tmrw`, `half ten`, `pls`.

## How honest it is

| | English | Indonesian | Vietnamese | without diacritics |
|---|---|---|---|---|
| `intents_*`, first run | 84.0% | 88.5% | 80.2% | 79.9% |
| `blind_*`, first run (seeds as they were then) | 90.0% | 82.0% | 80.5% | 80.5% |
| … its out-of-scope recall | 95.0% | 83.3% | 81.7% | 81.7% |
| … its wrong rejection | 3.4% | 7.6% | 6.4% | 6.6% |
| `other_*`, first run (seeds before those of 21 November) | 93.6% | 93.9% | 93.8% | 93.8% |
| seed lines held out whole (a quarter), without the model | 73.0% | 77.5% | 69.5% | 68.6% |
| … with the embedded model (shares chosen on these lines) | 84% | 84% | 79% | 68.6% |
| `blind_dates`, first run | 78% | 89% | 87% | 84% |
| `fresh_dates`, first run | 86% | 90% | 88% | 86% |
| `third_dates`, first run | 80% | 100% | 98% | 98% |
| `fourth_*`, first run (rules and seeds before those of 28 November) | 93.0% | 94.8% | 87.0% | 86.1% |
| … its out-of-scope recall · wrong rejection | 94% · 1% | 100% · 3% | 77% · 3% | 65% · 3% |
| `fifth_*`, first run (after the first half of the new seeds) | 89.4% | 85.9% | 87.1% | 83.5% |
| … its out-of-scope recall · wrong rejection | 77% · 4% | 54% · 3% | 85% · 4% | 85% · 6% |
| `sixth_*`, first run (after the topics and seeds of 29 November) | 96.7% | 94.0% | 88.7% | 87.3% |
| … its out-of-scope recall · wrong rejection | 100% · 2.7% | 95% · 1.8% | 95% · 9.1% | 95% · 9.1% |
| `seventh_*`, first run (after what `sixth` showed was missing in Vietnamese) | 87.3% | 88.0% | 88.0% | 87.3% |
| … its out-of-scope recall · wrong rejection | 97.5% · 10.0% | 87.5% · 6.4% | 90% · 5.5% | 90% · 6.4% |
| `eighth_*`, first run (words and weights set on `sixth` and `seventh`) | 93.3% | 92.8% | 91.9% | 90.9% |
| … its out-of-scope recall · wrong rejection | 93.3% · 2.0% | 95% · 4.0% | 91.7% · 3.4% | 91.7% · 3.4% |
| `fourth_dates`, first run (before any new rule) | 58% | 60% | 74% | 74% |
| `fifth_dates`, first run (after the rules that `fourth_dates` asked for) | 77% | 89% | 92% | 92% |
| `sixth_dates`, first run (by a stranger) | 94% | 92% | 88% | 87% |
| `seventh_dates`, first run (by another, after what `sixth_dates` asked for) | 86% | 87% | 93% | 90% |
| `eighth_dates`, first run (by a third) | 91% | 92% | 96% | 95% |
| `ninth_dates`, first run (by a fourth) | 96% | 95% | 92% | 91% |
| `tenth_dates`, first run (by a fifth; nothing was changed after it) | 95% | 100% | 97% | 97% |
| `commitment`, first run: yes taken · false | 99.5% · 2 | 100% · 0 | 99.6% · 5 | 98.9% · 0 |
| `blind_commitment`, first run: yes taken · false | 80% · 1 | 100% · 0 | 100% · 0 | 90% · 0 |
| `stranger_commitment`, first run: yes taken · false | 91% · 0 | 100% · 0 | 94% · 0 | 71% · 0 |
| `fresh_commitment`, first run: yes taken · false | 98% · 0 | 100% · 0 | 100% · 0 | 73% · 0 |
| `second_commitment`, first run: yes taken · false | 98% · 0 | 98% · 1 | 100% · 0 | 88% · 0 |
| `third_commitment`, first run: yes taken · false | 100% · 1 | 98% · 0 | 100% · 0 | 83% · 0 |
| `fourth_commitment`, first run, nothing changed after: yes · false | 100% · 0 | 98% · 0 | 98% · 0 | 90% · 0 |
| seed lines held out whole (a fifth at a time), without the model, 28 November | 80.0% | 78.9% | 79.0% | 77.9% |
| … with the seeds of 29 November, those out of scope among them | 80.7% | 80.6% | 79.0% | 77.5% |

After each first run seeds were added in other words than these phrases, the last of them with the misses of the blind
set in view, and that set was written by the hand that wrote the seeds: the tables above flatter by some of what they
grew (`blind_*` most; the misses of `intents_*` were not looked at this time). The lines held out are the hard
measure: every form of a line is unseen, and a line is often the only one of its idea. After `seventh` words of the
trade and of everyday life were added and out of scope was given other weights, without a new training: `sixth` and
`seventh` are no longer unseen, `eighth_*` is the newest measure of intents by a stranger, and nothing was changed after
it. Of days, times and yeses `tenth_dates` and `fourth_commitment` are the newest: each set from `seventh_dates` and
`fresh_commitment` on was written by somebody else who saw neither rules nor other sets, and opened when the kinds that
the one before had missed were committed. Of `sixth_dates` 18 labels were brought to the notation of the older sets (a
time alone, a limit, nights, arrival and departure as two days); in the later ones no label was touched. Four lines of
`blind_dates` may since be answered by the span of a stay, too.
"""


def _pair(local: float, both: float | None) -> str:
    return f"{local:.1%}" if both is None else f"{local:.1%} \\| {both:.1%}"


def _row(written: str, name: str, local: score.IntentScore, both: score.IntentScore | None) -> str:
    figures = ("accuracy", "macro_f1", "out_of_scope_recall", "wrong_rejection")
    cells = [_pair(getattr(local, each), getattr(both, each) if both else None) for each in figures]
    return f"| `{written}` | {name} | {local.phrases} | {' | '.join(cells)} |\n"


def _intents(embeds: Embeds | None, told: bool) -> str:
    page = ""
    for written in score.SETS:
        for name, language, change in score.WAYS:
            local = score.score_intents(language, change, written)
            both = score.score_intents(language, change, written, embeds) if embeds else None
            page += _row(written, name, local, both)
            if told:
                _tell(name, (both or local).misses)
    return page


def _dates(told: bool) -> str:
    page = ""
    for name, language, change in score.WAYS:
        scores = {"dates": score.score_dates(language, change)}
        scores |= {stem: blind.score_sentences(language, stem, change) for stem in blind.STEMS}
        for stem, found in scores.items():
            page += f"| `{stem}` | {name} | {found.phrases} | {found.exact:.1%} | {found.or_alternative:.1%} |\n"
            if told:
                _tell(name, found.misses)
    return page


def _commitments(told: bool) -> str:
    page = ""
    for stem in commitment.STEMS:
        for name, language in commitment.FILES:
            found = commitment.scored(name, language, stem)
            page += f"| `{stem}` | {name} | {found.yeses} | {found.taken:.1%} | {found.others} | {len(found.false)} |\n"
            if told:
                _tell(name, tuple((text, "yes", "") for text in found.missed))
                _tell(name, tuple((text, "no yes", "yes") for text in found.false))
    return page


def _sure() -> str:
    page = ""
    for written in ("sixth", "seventh", "eighth"):
        for name, language, change in score.WAYS:
            said, right, doubted = score.sureness(language, change, written)
            page += f"| `{written}` | {name} | {said:.0%} | {right:.1%} | {doubted:.0%} |\n"
    return page


def _tell(name: str, misses: tuple[tuple[str, str, str], ...]) -> None:
    for typed, wanted, found in misses:
        print(f"{name[:11]:11} | {wanted:>22} | {found:22} | {typed}")


def main(arguments: list[str]) -> None:
    """Score every language, print the tables, write the page where that is asked for."""
    told = "-v" in arguments
    page = _HEAD + _intents(embedded.shipped(), told) + _DATES + _dates(told)
    page += _COMMITMENT + _commitments(told) + _SURE + _sure()
    page += _TAIL.format(milliseconds=score.milliseconds_each())
    if "--write" in arguments:
        (score.HERE / "README.md").write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main(sys.argv[1:])
