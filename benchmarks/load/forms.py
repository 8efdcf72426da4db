"""The Flow exchange: a form is opened, its first screen is sent; beside the peer's stateless exchange."""

import json
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from benchmarks.load import bursts
from benchmarks.load.rig import Rig
from benchmarks.load.sealing import Sealed, seal
from benchmarks.load.whatsapp import signed_post
from benchmarks.load.wire import Broken, Outcome, Pool

Json = dict[str, Any]

PATH: Final = "/webhooks/flows"
CONNECTIONS: Final = 16
WISH: Final = ("I would like to book something",)
VERSION: Final = "3.0"


@dataclass(slots=True)
class Exchanges:
    """Rounds of all three, in turn."""

    reads: list[Outcome] = field(default_factory=list)
    """INIT."""
    writes: list[Outcome] = field(default_factory=list)
    """A screen sent."""
    peers: list[Outcome] = field(default_factory=list)
    p99_ms: float = 0.0
    """Of opening and sending, the slower one, at half the rate the closed loop reached."""

    @property
    def peers_per_second(self) -> float:
        """The peer's exchange, the median of the rounds."""
        return median(one.per_second for one in self.peers)

    @property
    def read_ratio(self) -> float:
        """Our INIT for one exchange of the peer."""
        return median(one.per_second for one in self.reads) / self.peers_per_second

    @property
    def write_ratio(self) -> float:
        """Our exchange for one of the peer."""
        return median(one.per_second for one in self.writes) / self.peers_per_second

    def in_words(self) -> str:
        """All three with their rates."""
        read, write = (median(one.per_second for one in rounds) for rounds in (self.reads, self.writes))
        return (
            f"opened {read:.0f}/s, sent {write:.0f}/s, peer {self.peers_per_second:.0f}/s; "
            f"p99 {self.p99_ms:.1f} ms at half load"
        )


async def tokens(rig: Rig, count: int) -> list[str]:
    """The tokens of so many forms, each sent to a new customer who asked for it."""
    known = len(rig.graph.said)
    await bursts.burst(rig, bursts.new_phones(count), WISH)
    found = [token for said in rig.graph.said[known:] if (token := _token(said.payload))]
    if not found:
        raise Broken("nobody was sent a form")
    return found


def _token(payload: Json) -> str:
    action = payload.get("interactive", {}).get("action", {})
    return str(action.get("parameters", {}).get("flow_token", ""))


async def measure(rig: Rig, forms: list[str], *, rounds: int) -> Exchanges:
    """Every form is opened `rounds` times and then its first screen sent as often, the peer in turn with both; once
    before that to warm up. The forms are new: from the first pick on, opening one has more to show."""
    assert rig.peer is not None
    await rig.peer.ready()
    found = Exchanges()
    for number in range(rounds + 1):
        read, screens = await _opened(rig, forms)
        _show_the_peer(rig, screens)
        peer = await _asked(rig, rig.peer.port, _inits(rig, forms))
        if number:
            found.reads.append(read)
            found.peers.append(peer)
    read, screens = await _opened(rig, forms, per_second=median(one.per_second for one in found.reads) / 2)
    for number in range(rounds + 1):
        write = await _sent(rig, screens, number)
        peer = await _asked(rig, rig.peer.port, _inits(rig, forms))
        _, screens = await _opened(rig, forms)
        if number:
            found.writes.append(write)
            found.peers.append(peer)
    half = median(one.per_second for one in found.writes) / 2
    write = await _sent(rig, screens, rounds + 1, per_second=half)
    found.p99_ms = 1000 * max(read.percentile(0.99), write.percentile(0.99))
    return found


def _inits(rig: Rig, forms: list[str]) -> list[Sealed]:
    return [seal({"version": VERSION, "action": "INIT", "flow_token": form}, rig.flow_key) for form in forms]


async def _asked(rig: Rig, port: int, sealed: list[Sealed], per_second: float = 0.0) -> Outcome:
    requests = [signed_post(PATH, one.body) for one in sealed]
    async with Pool(port, CONNECTIONS) as pool:
        if per_second:
            return (await pool.open_loop(requests, per_second, keep=True)).must_be(200)
        return (await pool.closed_loop(requests, keep=True)).must_be(200)


async def _opened(rig: Rig, forms: list[str], per_second: float = 0.0) -> tuple[Outcome, dict[str, Json]]:
    """Every form opened, and the screen each shows."""
    sealed = _inits(rig, forms)
    outcome = await _asked(rig, rig.product.port, sealed, per_second)
    return outcome, {form: sealed[place].opened(outcome.bodies[place]) for place, form in enumerate(forms)}


async def _sent(rig: Rig, screens: dict[str, Json], number: int, per_second: float = 0.0) -> Outcome:
    """The first screen of each form sent with another pick than the last time: each is a write of its own."""
    sealed = [
        seal(_submission(form, screen, place + number), rig.flow_key)
        for place, (form, screen) in enumerate(screens.items())
    ]
    outcome = await _asked(rig, rig.product.port, sealed, per_second)
    stuck = sum(
        sealed[place].opened(outcome.bodies[place])["screen"] == screen["screen"]
        for place, screen in enumerate(screens.values())
    )
    if stuck:
        raise Broken(f"{stuck} of {len(screens)} forms stayed at the screen that was sent")
    return outcome


def _submission(form: str, screen: Json, pick: int) -> Json:
    data = screen["data"]
    offered = next(value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict))
    # the picks of one round are spread over all that is offered: some have far more times to look through
    picked = {"service": offered[pick % len(offered)]["id"]}
    hidden = {"step": data["step"]} if "step" in data else {}
    return {
        "version": VERSION,
        "action": "data_exchange",
        "flow_token": form,
        "screen": screen["screen"],
        "data": picked | hidden,
    }


def _show_the_peer(rig: Rig, screens: dict[str, Json]) -> None:
    """The peer answers with a screen of ours: the same bytes to seal."""
    assert rig.peer is not None
    if not rig.peer.screen.exists():
        rig.peer.screen.write_text(json.dumps(next(iter(screens.values()))), "utf-8")
