"""The pure half of time: window, pair limit, retry ladder (reference: whatsapp 3.5, 4.1)."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from simulator.whatsapp import relay, window

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def sends(moments: list[float]) -> list[bool]:
    """Which of the sends at these seconds are let through."""
    pace, passed = None, []
    for moment in moments:
        after = window.paced(pace, NOON + timedelta(seconds=moment))
        passed.append(after is not None)
        pace = after or pace
    return passed


def test_one_message_every_six_seconds_may_go_on_for_ever() -> None:
    assert all(sends([6.0 * n for n in range(700)]))


def test_a_burst_ends_at_45() -> None:
    passed = sends([n * 0.1 for n in range(50)])
    assert passed.count(True) == 45
    assert not any(passed[45:])


def test_a_burst_of_20_means_two_minutes_of_silence() -> None:
    burst = [0.1 * n for n in range(20)]
    assert sends([*burst, 119.0])[-1] is False
    assert sends([*burst, 120.0])[-1] is True


def test_the_window_closes_24_hours_after_the_last_message() -> None:
    assert window.is_open(NOON, NOON + timedelta(hours=24, seconds=-1))
    assert not window.is_open(NOON, NOON + timedelta(hours=24))
    assert not window.is_open(None, NOON)


def test_the_ladder_doubles_to_an_hour_and_ends_after_seven_days() -> None:
    assert list(islice(relay.ladder(1), 4)) == [1, 2, 4, 8]
    assert max(relay.ladder(1)) == 3600
    assert 7 * 24 * 3600 <= sum(relay.ladder(1)) < 7 * 24 * 3600 + 3600
    assert sum(relay.ladder(0.5)) == pytest.approx(sum(relay.ladder(1)) / 2)
