"""The simulator's time and chance."""

from datetime import timedelta

from simulator.clock import Chance, Clock


def test_the_same_seed_gives_the_same_ids() -> None:
    first, second = Chance(7), Chance(7)
    assert [first.wamid(), first.digits(), first.token()] == [second.wamid(), second.digits(), second.token()]


def test_without_a_seed_no_id_comes_again() -> None:
    assert Chance(None).wamid() != Chance(None).wamid()


def test_world_time_moves_and_comes_back_while_the_monotonic_clock_goes_on() -> None:
    clock = Clock()
    before, ticked = clock.now(), clock.monotonic()
    clock.move(timedelta(hours=25))
    assert clock.now() - before >= timedelta(hours=25)
    assert clock.monotonic() - ticked < 3600
    clock.reset()
    assert clock.now() - before < timedelta(hours=1)
