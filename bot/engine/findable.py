"""Gives what an earlier version stored the terms it is found by, some at a time, and remembers how far it came."""

from dataclasses import dataclass
from typing import Final

from bot.store.backfills import Backfills
from bot.store.leads import Leads
from bot.store.messages import Messages

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class FindableBackfill:
    """Done twice it changes nothing, so that whoever dies in the middle is gone on with."""

    leads: Leads
    messages: Messages
    backfills: Backfills
    at_once: int = AT_ONCE

    async def sweep(self) -> int:
        """One step of each; how many steps were made."""
        steps = {"lead-terms": self.leads.make_findable, "message-words": self.messages.make_findable}
        made = 0
        for name, step in steps.items():
            after = await self.backfills.place(name)
            if after is None:
                continue
            await self.backfills.reached(name, await step(after, self.at_once))
            made += 1
        return made
