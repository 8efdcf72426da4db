"""The acknowledgement: a signed message in, 200 out; ours when it is safe on disk, the peer's when it is in memory."""

from dataclasses import dataclass, field
from statistics import median
from typing import Final

from benchmarks.load.rig import Rig
from benchmarks.load.whatsapp import message, new_phone
from benchmarks.load.wire import Outcome, Pool

CONNECTIONS: Final = 32
FIRST_GUESS: Final = 3000
"""Answers a second for which requests are made the first time."""


@dataclass(slots=True)
class Acks:
    """Rounds of both, in turn."""

    ours: list[Outcome] = field(default_factory=list)
    peers: list[Outcome] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Ours, the median of the rounds."""
        return median(one.per_second for one in self.ours)

    @property
    def ratio(self) -> float:
        """Ours for one of the peer's."""
        return self.per_second / median(one.per_second for one in self.peers)

    @property
    def p99_ratio(self) -> float:
        """Our 99th percentile for the peer's."""
        return median(one.percentile(0.99) for one in self.ours) / median(one.percentile(0.99) for one in self.peers)

    def in_words(self) -> str:
        """Both with their rates and 99th percentiles, the medians of the rounds."""
        both = {"ours": self.ours, "peer": self.peers}
        return "; ".join(
            f"{name} {median(one.per_second for one in rounds):.0f}/s, "
            f"p99 {1000 * median(one.percentile(0.99) for one in rounds):.1f} ms"
            for name, rounds in both.items()
        )


async def measure(rig: Rig, *, rounds: int, seconds: float) -> Acks:
    """Ours and the peer's in turn; the doors run and no worker does."""
    assert rig.peer is not None
    await rig.peer.ready()
    found = Acks()
    rates = {rig.product.port: FIRST_GUESS, rig.peer.port: FIRST_GUESS}
    for number in range(rounds + 1):
        for port, outcomes in ((rig.product.port, found.ours), (rig.peer.port, found.peers)):
            requests = [message(new_phone(), "Hello there!") for _ in range(int(rates[port] * 1.5 * seconds))]
            async with Pool(port, CONNECTIONS) as pool:
                outcome = (await pool.closed_loop(requests, seconds=seconds)).must_be(200)
            rates[port] = max(200, int(outcome.per_second))
            if number:  # the first round of each warms it up
                outcomes.append(outcome)
    return found
