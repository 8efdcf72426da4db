"""Random histories of holds, bookings and time against a tiny model: no overlap, no orphan, no torn hold."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import LeadId
from bot.slots.claims import Need, Resource, quanta
from bot.store.claims import Claimant, Claims, Held, HoldId
from tests.conftest import connected

pytestmark = pytest.mark.mongo

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RESOURCES = (Resource("provider:ayu"), Resource("place:studio"))
HOLD_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: what, under which hold, over which resources and pieces of time."""

    what: str
    hold: int
    resources: tuple[int, ...]
    begins: int
    lasts: int


steps = st.builds(
    Step,
    st.sampled_from(("claim", "claim", "claim", "book", "book", "release", "unbook", "wait", "forget")),
    st.integers(0, 9),
    st.sampled_from(((0,), (1,), (0, 1))),
    st.integers(0, 5),
    st.integers(1, 3),
)


@dataclass(slots=True)
class Model:
    """What must be true, in the simplest words: holds with their pieces, an end, and whether booked."""

    pieces: dict[int, frozenset[tuple[int, int]]] = field(default_factory=dict)
    ends: dict[int, datetime | None] = field(default_factory=dict)

    def alive(self, now: datetime) -> set[int]:
        """Holds that still keep something."""
        return {hold for hold, ends in self.ends.items() if ends is None or ends > now}

    def claim(self, hold: int, pieces: frozenset[tuple[int, int]], now: datetime) -> bool:
        """Whether the claim must succeed; if so it is remembered."""
        if any(self.pieces[other] & pieces for other in self.alive(now)):
            return False
        self.pieces[hold], self.ends[hold] = pieces, now + HOLD_FOR
        return True

    def drop(self, hold: int) -> None:
        """The hold is gone."""
        self.pieces.pop(hold, None)
        self.ends.pop(hold, None)


def needs(step: Step) -> list[Need]:
    start = START + step.begins * timedelta(minutes=5)
    pieces = quanta(start, start + step.lasts * timedelta(minutes=5))
    return [Need(RESOURCES[index], pieces) for index in step.resources]


async def act(claims: Claims, model: Model, step: Step, now: datetime, run: str) -> None:
    hold = HoldId(f"{run}-{step.hold}")
    alive = step.hold in model.alive(now)
    match step.what:
        case "claim" if not alive:
            pieces = frozenset(
                (index, piece) for index in step.resources for piece in range(step.begins, step.begins + step.lasts)
            )
            model.drop(step.hold)
            expected = model.claim(step.hold, pieces, now)
            claimant = Claimant(hold, LeadId(f"lead-{step.hold}"))
            found = await claims.claim(claimant, needs(step), now=now, expires_at=now + HOLD_FOR)
            assert isinstance(found, Held) is expected
        case "book":
            assert await claims.book(hold, now=now) is alive
            if alive:
                model.ends[step.hold] = None
        case "release":
            await claims.release([hold])
            if model.ends.get(step.hold) is not None:
                model.drop(step.hold)
        case "unbook":
            await claims.release_booked(hold)
            model.drop(step.hold)
        case "forget":
            await claims.forget_expired(now=now)
        case _:
            pass


@given(history=st.lists(steps, min_size=5, max_size=40), waits=st.integers(1, 20))
@settings(max_examples=40)
def test_any_history_keeps_what_the_model_keeps(mongodb_uri: str, history: list[Step], waits: int) -> None:
    async def live() -> None:
        async with connected(mongodb_uri, "pymongo") as client:
            database = client[f"test_{secrets.token_hex(8)}"]
            claims, model, now = Claims(database), Model(), START - timedelta(days=2)
            await claims.create_indexes()
            for step in history:
                now += timedelta(minutes=waits if step.what == "wait" else 0)
                await act(claims, model, step, now, "run")
                rows = await database["claims"].find({}).to_list(None)
                living = [row for row in rows if row["booked"] or row["expires_at"] > now]
                kept = {hold: len(model.pieces[hold]) for hold in model.alive(now)}
                found: dict[int, int] = {}
                for row in living:
                    number = int(row["hold"].rsplit("-", 1)[1])
                    found[number] = found.get(number, 0) + 1
                assert found == kept
            await client.drop_database(database.name)

    asyncio.run(live())
