"""Several workers share the leads; nobody's lead is left waiting for a worker that is gone."""

import pytest

from bot.domain.ids import LeadId
from webhooks.processes.shares import PATIENCE, Shares

LEADS = [LeadId(f"{number:011x}-x") for number in range(300)]


class Seconds:
    """A monotonic clock that the test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Where it stands."""
        return self.now


def test_who_is_alone_visits_everybody_at_once() -> None:
    shares = Shares("a")
    assert shares.mine(LEADS) == LEADS
    shares.told(["a"])
    assert shares.mine(LEADS) == LEADS


@pytest.mark.parametrize("workers", [["a", "b"], ["c", "a", "b"], ["a", "b", "c", "d", "e"]])
def test_of_several_each_lead_has_one_that_visits_it_first_and_all_have_work(workers: list[str]) -> None:
    found = []
    for process in workers:
        shares = Shares(process, Seconds())
        shares.told(workers)
        mine = shares.mine(LEADS)
        assert len(mine) > len(LEADS) / len(workers) / 2
        found += mine
    assert sorted(found) == sorted(LEADS)


def test_who_was_not_told_of_itself_counts_itself() -> None:
    shares = Shares("b", Seconds())
    shares.told(["a"])
    assert 0 < len(shares.mine(LEADS)) < len(LEADS)


def test_another_workers_leads_are_visited_when_it_leaves_them_for_too_long() -> None:
    watch = Seconds()
    shares = Shares("a", watch)
    shares.told(["a", "b"])
    mine = shares.mine(LEADS)
    watch.now += PATIENCE - 0.01
    assert shares.mine(LEADS) == mine
    assert shares.leaves_some(), "somebody has to look at them again"
    watch.now += 0.01
    assert shares.mine(LEADS) == LEADS
    assert not shares.leaves_some()
    assert shares.mine(LEADS) == mine, "they had their visit: what is due of them then has waited for nobody yet"


def test_what_was_done_meanwhile_has_waited_for_nobody() -> None:
    watch = Seconds()
    shares = Shares("a", watch)
    shares.told(["a", "b"])
    others = [lead for lead in LEADS if lead not in shares.mine(LEADS)]
    watch.now += PATIENCE / 2
    assert shares.mine([]) == []
    watch.now += PATIENCE / 2
    assert shares.mine(others) == []


def test_who_died_is_told_of_no_more_and_its_leads_are_the_others() -> None:
    shares = Shares("a", Seconds())
    shares.told(["a", "b"])
    shares.mine(LEADS)
    shares.told(["a"])
    assert shares.mine(LEADS) == LEADS
