"""Tries that never left are not refusals: each has its count, its pace, and an end or none."""

import pytest

from bot.engine.channel import Remedy
from bot.engine.retries import MAX_REFUSALS, UNSENT_CAP_SECONDS, GiveUp, TryAgain, after_unsent, next_try

ENDING = (Remedy.RETRY, Remedy.SLOW_DOWN, Remedy.RETRY_LATER)


@pytest.mark.parametrize(("waits", "seconds"), [(0, 1), (1, 4), (2, 16), (5, 900), (10_000, 900)])
def test_a_pair_that_is_too_fast_waits_by_powers_of_four_and_costs_no_try(waits: int, seconds: float) -> None:
    for refusals in (1, 5, 10_000):
        assert next_try(Remedy.WAIT_FOR_RECIPIENT, refusals, waits) == TryAgain(seconds, is_refusal=False)


@pytest.mark.parametrize("remedy", ENDING)
def test_trying_again_ends(remedy: Remedy) -> None:
    assert isinstance(next_try(remedy, 1), TryAgain)
    assert next_try(remedy, 2 * MAX_REFUSALS) == GiveUp("too_many_tries")


@pytest.mark.parametrize("remedy", ENDING)
def test_however_often_the_customer_was_waited_for_a_refusal_is_the_first(remedy: Remedy) -> None:
    assert isinstance(next_try(remedy, 1, waits=50), TryAgain)


@pytest.mark.parametrize("remedy", sorted(set(Remedy) - {*ENDING, Remedy.WAIT_FOR_RECIPIENT}))
def test_what_stays_wrong_is_not_tried_again_and_says_why(remedy: Remedy) -> None:
    assert next_try(remedy, 0) == GiveUp(remedy.value)


@pytest.mark.parametrize("unsent", [0, 1, 5, 6, 63, 1_024, 10**9])
def test_back_off_without_a_connection_is_capped_and_never_overflows(unsent: int) -> None:
    assert 1 <= after_unsent(unsent) <= UNSENT_CAP_SECONDS
    assert after_unsent(unsent) <= after_unsent(unsent + 1)


@pytest.mark.parametrize("remedy", sorted(Remedy))
def test_no_count_however_large_overflows(remedy: Remedy) -> None:
    for count in (0, 10, 1_025, 10**9):
        next_try(remedy, count, count)
