"""Every word a rule can answer with is mended in words, in three languages."""

import ast
import inspect
from types import ModuleType

import pytest

from bot import refusals, verdicts
from bot.engine import front
from bot.refusals import reason_of
from bot.replies.reasons import FIXES, fix_in_words, in_words
from bot.rules import built_in
from bot.rules.rule import Reason
from bot.slots.recheck import Refusal
from intents.understanding import Language


def fix_words(module: ModuleType) -> set[str]:
    """Every `fix` word that module gives a reason."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Reason":
            continue
        given = [one.value for one in node.keywords if one.arg == "fix"] or node.args[2:3]
        found |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_fix_of_every_rule_has_a_sentence_in_three_languages_and_none_is_left_over() -> None:
    times = {reason_of(refusal).fix for refusal in Refusal}
    used = fix_words(built_in) | fix_words(verdicts) | fix_words(front) | fix_words(refusals) | times
    assert len(used) > 10
    assert used == set(FIXES)
    for sentences in FIXES.values():
        assert set(sentences) == set(Language)
        assert all(sentences.values())
        assert len(set(sentences.values())) == len(Language)


def test_every_refusal_of_a_time_has_a_reason() -> None:
    assert all(reason_of(refusal).fact for refusal in Refusal)


@pytest.mark.parametrize("language", list(Language))
def test_a_reason_keeps_rule_and_fact_and_says_how_it_is_mended(language: Language) -> None:
    (told,) = in_words([Reason("slot_available", "taken", "offer_other_times", ("sales",))], language)
    assert (told.rule, told.fact, told.who_can) == ("slot_available", "taken", ("sales",))
    assert told.fix == FIXES["offer_other_times"][language]


def test_a_word_of_somebody_elses_rule_is_shown_as_it_is() -> None:
    assert fix_in_words("pray", Language.EN) == "pray"
