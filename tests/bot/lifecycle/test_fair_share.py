"""Who is given the next conversation."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import AgentId
from bot.domain.inbox_events import AssignedWhy
from bot.lifecycle.fair_share import Room, choose

AYU, RINA, WAYAN = AgentId("ayu"), AgentId("rina"), AgentId("wayan")


def test_who_has_least_to_do_is_given_it() -> None:
    rooms = {AYU: Room(2, 4), RINA: Room(1, 4), WAYAN: Room(3, 4)}
    assert choose(rooms, None) == (RINA, AssignedWhy.FAIR_SHARE)


def test_a_guest_who_returns_goes_to_who_had_it_while_they_have_room() -> None:
    rooms = {AYU: Room(3, 4), RINA: Room(0, 4)}
    assert choose(rooms, AYU) == (AYU, AssignedWhy.RETURNED)
    assert choose({**rooms, AYU: Room(4, 4)}, AYU) == (RINA, AssignedWhy.FAIR_SHARE)


def test_a_guest_who_returns_never_goes_to_who_is_off() -> None:
    assert choose({RINA: Room(0, 4)}, AYU) == (RINA, AssignedWhy.FAIR_SHARE)


ROOMS = st.dictionaries(
    st.sampled_from([AYU, RINA, WAYAN]), st.builds(Room, st.integers(0, 9), st.integers(1, 9)), max_size=3
)


@given(ROOMS, st.none() | st.sampled_from([AYU, RINA, WAYAN]))
def test_nobody_is_given_more_than_they_take(rooms: dict[AgentId, Room], had_it: AgentId | None) -> None:
    chosen = choose(rooms, had_it)
    if chosen is None:
        assert all(room.is_full for room in rooms.values())
    else:
        assert not rooms[chosen[0]].is_full
