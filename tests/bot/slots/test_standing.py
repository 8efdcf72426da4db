"""Who is meant first of those who are free at the same time: smoothed scores, and one bad one sinks nobody."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.business.catalogue import ProviderId, ServiceId
from bot.slots.claims import Taken, provider_resource, quanta
from bot.slots.slot import Slot
from bot.slots.standing import ScoreSum, best_first, standing

TEN = datetime(2026, 11, 4, 2, tzinfo=UTC)
SCORES = st.lists(st.integers(1, 5), max_size=60)


def summed(scores: list[int]) -> ScoreSum:
    return ScoreSum(len(scores), sum(scores))


def slot(provider: str, hours: int = 0) -> Slot:
    start = TEN + timedelta(hours=hours)
    return Slot(ServiceId("balinese-massage"), ProviderId(provider), None, start, start + timedelta(hours=1), 1)


def order(scores: dict[str, ScoreSum]) -> list[str]:
    free = [slot("ayu"), slot("komang"), slot("ayu", 1), slot("komang", 1)]
    return [str(one.provider) for one in best_first(free, scores)]


def test_without_scores_the_file_says_who_is_first() -> None:
    assert order({}) == ["ayu", "komang", "ayu", "komang"]


def test_whom_customers_rate_higher_is_first_at_each_time_and_the_times_keep_their_order() -> None:
    assert order({"komang": summed([5] * 20)}) == ["komang", "ayu", "komang", "ayu"]
    assert order({"ayu": summed([2] * 12)}) == ["komang", "ayu", "komang", "ayu"]


def busy(provider: str, hours: int, day: int = 0) -> Taken:
    start = TEN + timedelta(days=day, hours=2)
    resource = provider_resource(ProviderId(provider))
    return Taken.of(f"{resource}|{piece}|000" for piece in quanta(start, start + timedelta(hours=hours)))


def test_of_two_alike_who_has_less_to_do_that_day_is_first() -> None:
    free = [slot("ayu"), slot("komang")]
    for taken, first in ((busy("ayu", 2), "komang"), (busy("komang", 2), "ayu"), (busy("ayu", 2, day=1), "ayu")):
        assert best_first(free, {}, taken, ZoneInfo("Asia/Makassar"))[0].provider == first
    # what customers say counts for more
    better = {"ayu": summed([5] * 20)}
    assert best_first(free, better, busy("ayu", 2), ZoneInfo("Asia/Makassar"))[0].provider == "ayu"


def test_one_bad_score_sinks_nobody() -> None:
    assert order({"ayu": summed([1])}) == ["ayu", "komang", "ayu", "komang"]


@given(st.lists(st.sampled_from([4, 5]), max_size=80))
def test_one_bad_score_among_good_ones_puts_nobody_below_a_stranger(good: list[int]) -> None:
    assert standing(summed([*good, 1])) >= standing(None)


@given(SCORES, st.integers(1, 5))
def test_one_score_more_moves_nobody_by_more_than_one_step(scores: list[int], more: int) -> None:
    assert abs(standing(summed([*scores, more])) - standing(summed(scores))) <= 1


@given(SCORES)
def test_a_higher_score_in_place_of_a_lower_one_never_harms(scores: list[int]) -> None:
    for at, score in enumerate(scores):
        better = [*scores[:at], min(5, score + 1), *scores[at + 1 :]]
        assert standing(summed(better)) >= standing(summed(scores))


def test_bad_scores_again_and_again_do_tell() -> None:
    assert standing(summed([1, 1])) < standing(None)


def test_whom_their_customer_had_and_liked_is_first_of_those_who_are_free_alike() -> None:
    free = [slot("ayu"), slot("komang"), slot("ayu", 1)]
    scores = {"ayu": summed([5] * 20)}
    assert [str(one.provider) for one in best_first(free, scores, rather="komang")] == ["komang", "ayu", "ayu"]
    assert [str(one.provider) for one in best_first(free, scores, rather="nobody")] == ["ayu", "komang", "ayu"]
