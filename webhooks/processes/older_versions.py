"""No start next to a live process of a version that would drop what this one writes (see `bot.store.heartbeats`)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog

from bot.engine.performers.chat import DOOR
from bot.store.heartbeats import WRITES, Beating, Heartbeats
from webhooks.processes.worker import ROLE

log = structlog.get_logger(__name__)

LOOK_AGAIN: Final = 0.2
_COMMANDS: Final = {(DOOR,): "janji serve", (ROLE,): "janji work", (DOOR, ROLE): "janji up"}


class OlderIsAlive(Exception):
    """A process of an older version works on this database; the text says which, and what to do."""

    def __init__(self, older: Sequence[Beating]) -> None:
        named = ", ".join(dict.fromkeys(_named(one, older) for one in older))
        super().__init__(
            f"an older version still runs on this database: {named}; it would lose what this version writes. "
            "Stop it there, then start this again; nothing was changed"
        )


async def none_older(heartbeats: Heartbeats, writes: int = WRITES) -> None:
    """Back as soon as nobody is alive who cannot read what this version writes; raises OlderIsAlive.

    A process that was killed leaves a heartbeat that looks alive for some seconds: only one that beats again is.
    """
    first: dict[tuple[str, str], datetime] = {}
    while older := await heartbeats.alive_before(writes):
        if not first:
            log.info("older_heartbeat", processes=[one.process for one in older])
        beating = [one for one in older if one.seen_at > first.setdefault((one.role, one.process), one.seen_at)]
        if beating:
            raise OlderIsAlive([one for one in older if one.process in {other.process for other in beating}])
        await asyncio.sleep(LOOK_AGAIN)


def _named(one: Beating, older: Sequence[Beating]) -> str:
    """As a person finds it: by command and machine, or by what its log calls it."""
    roles = tuple(sorted(other.role for other in older if other.process == one.process))
    command, told_by = _COMMANDS.get(roles, "/".join(roles)), one.told_by
    release = f"janji {told_by.release}" if told_by.release else "janji 0.2 or before"
    where = f"process {told_by.pid} on {told_by.host}" if told_by.host else f'"{one.process}" in its log'
    return f"`{command}` ({release}, {where})"
