"""Who is given the next conversation that waits for a person: whoever had it, else who has least to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import AgentId
from bot.domain.inbox_events import AssignedWhy


@dataclass(frozen=True, slots=True)
class Room:
    """How much somebody on duty has, and may have."""

    load: int
    capacity: int

    @property
    def is_full(self) -> bool:
        """Whether nothing more is given to them."""
        return self.load >= self.capacity


def choose(rooms: Mapping[AgentId, Room], had_it: AgentId | None) -> tuple[AgentId, AssignedWhy] | None:
    """Who gets it and why; none when everybody on duty has enough, or nobody is."""
    if had_it is not None and had_it in rooms and not rooms[had_it].is_full:
        return had_it, AssignedWhy.RETURNED
    free = [(room.load / room.capacity, room.load, agent) for agent, room in rooms.items() if not room.is_full]
    # by the share of their room, then by number, then by name: told again it is the same person
    return (min(free)[2], AssignedWhy.FAIR_SHARE) if free else None
