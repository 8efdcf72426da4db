"""The tripwire with the payment provider's calls as steps too: they do not go through httpx."""

from pathlib import Path
from typing import Any

from payments.xendit import client
from tests.faults import tripwire
from webhooks.settings import Settings
from webhooks.wiring import Terms


def run(role: str, settings: Settings, uri: str, terms: Terms, dies_at: int | None, notes: Path) -> None:
    """`web` or `worker`, dying at that step; this process is ours alone, so its transport may be wrapped for good."""
    plain = client._Door.request
    counted: list[tripwire.Tripwire] = []
    made = tripwire.Tripwire.__init__

    def remember(self: tripwire.Tripwire, dies_at: int | None, notes: Path) -> None:
        made(self, dies_at, notes)
        counted.append(self)

    def tripped(self: Any, method: str, url: str, **options: Any) -> Any:
        counted[0].step(f"before {method} provider")
        reply = plain(self, method, url, **options)
        counted[0].step(f"after {method} provider")
        return reply

    tripwire.Tripwire.__init__ = remember  # type: ignore[method-assign]
    client._Door.request = tripped  # type: ignore[method-assign]
    tripwire.run(role, settings, uri, terms, dies_at, notes)
