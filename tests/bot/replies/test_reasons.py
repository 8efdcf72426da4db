"""Every word a rule can answer with is said and mended in words, in three languages."""

import ast
import inspect
from collections.abc import Mapping
from types import ModuleType

import pytest

from bot.dialogue import denials, phone_bookings
from bot.dialogue.denials import reason_of
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.ids import BookingReference
from bot.domain.states import State
from bot.engine import staff_actions, staff_times
from bot.lifecycle import verdicts
from bot.lifecycle.rules import built_in, house
from bot.lifecycle.rules.rule import Facts, Reason
from bot.lifecycle.verdicts import Actor
from bot.replies.reasons import FACTS, FIXES, fact_in_words, fix_in_words, in_words
from intents.understanding import Language
from tests.bot.makers import NOW

PLACES = {"fact": 1, "fix": 2}
OF_MODULES = (built_in, verdicts, staff_actions, staff_times, denials, phone_bookings)


def stable_words(module: ModuleType, field: str) -> set[str]:
    """Every word that module gives a reason as its `fact` or `fix`."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Reason":
            continue
        place = PLACES[field]
        given = [one.value for one in node.keywords if one.arg == field] or node.args[place : place + 1]
        found |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


@pytest.mark.parametrize(("field", "table"), [("fact", FACTS), ("fix", FIXES)])
def test_every_word_of_every_rule_has_a_sentence_in_three_languages_and_none_is_left_over(
    field: str, table: Mapping[str, Mapping[str, str]]
) -> None:
    times = {str(getattr(reason_of(refusal), field)) for refusal in SlotUnavailable}
    used = times.union(*(stable_words(one, field) for one in OF_MODULES))
    of_house = {
        "fact": {house.HOUSE_RULE, house.FIELD_MISSING, house.UNANSWERED},
        "fix": {house.AS_THE_HOUSE_SAYS, house.ASK_THE_CUSTOMER},
    }
    used |= of_house[field]
    assert len(used) > 10
    assert used == set(table)
    for sentences in table.values():
        assert set(sentences) >= set(Language)
        assert all(sentences.values())
        assert len({sentences[code] for code in Language}) == len(Language)


def test_every_refusal_of_a_time_has_a_reason() -> None:
    assert all(reason_of(refusal).fact for refusal in SlotUnavailable)


@pytest.mark.parametrize("language", list(Language))
def test_a_reason_keeps_its_rule_and_says_what_it_saw_and_how_it_is_mended(language: Language) -> None:
    (told,) = in_words([Reason("slot_available", "time_taken", "offer_other_times", ("sales",))], language)
    assert (told.rule, told.who_can) == ("slot_available", ("sales",))
    assert (told.fact, told.fix) == (FACTS["time_taken"][language], FIXES["offer_other_times"][language])


@pytest.mark.parametrize("language", list(Language))
def test_a_fact_names_the_states_and_numbers_it_is_about(language: Language) -> None:
    verdict = verdicts.evaluate(Booking(BookingReference("BK-1")), State.PAID, Actor.SYSTEM, Facts(NOW, True))
    (told,) = in_words(verdict.reasons, language)
    assert "INQUIRY" in told.fact
    assert "PAID" in told.fact


def test_a_word_of_somebody_elses_rule_is_shown_as_it_is() -> None:
    assert fact_in_words(Reason("moon", "full_moon", "pray"), Language.EN) == "full_moon"
    assert fix_in_words("pray", Language.EN) == "pray"
