"""How what waits of a burst is put off when the burst goes on, in the collection `received`."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.ids import LeadId
from bot.store.driver import Document
from bot.store.gathered import GatheredWrite

_DATED: Final = {"$type": "date"}
"""A row without its moments is left as it is: it must not cost the others theirs."""


def put_off(lead: LeadId, due_at: datetime, burst: timedelta) -> GatheredWrite:
    """Words that wait for the end of their burst wait until then; nobody has to look at them before."""
    # what was tried before, or was due at once, has a moment of its own
    waits: Document = {"state": "new", "lead": lead, "is_free_text": True, "attempts": 0}
    waits |= {"due_at": {"$lt": due_at, **_DATED}, "received_at": _DATED}
    waits["$expr"] = {"$gt": ["$due_at", "$received_at"]}
    ends_at = {"$min": [due_at, {"$add": ["$received_at", burst // timedelta(milliseconds=1)]}]}
    return GatheredWrite(waits, [{"$set": {"due_at": {"$max": ["$due_at", ends_at]}}}], many=True)
