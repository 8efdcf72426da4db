"""`GET /pay/<suffix>`: where a template's link button leads, and from there on to the newest payment link.

A template is approved with one fixed address, while each payment link has another one; so the button opens us. The
suffix is the money's account and the end of any link of it: who does not have a link cannot guess the door.
"""

import hmac
from typing import Final

from quart import Blueprint, Response

from bot.adapters.whatsapp.templates import PAY_PATH
from payments.domain.attempt import LIVE, Attempt
from payments.store.store import Store
from webhooks.edge.problems import problem

LONGEST: Final = 300


class PayDoor:
    """Reads invoices; changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def blueprint(self) -> Blueprint:
        """The route."""
        routes = Blueprint("pay", __name__)
        routes.add_url_rule(f"{PAY_PATH}<suffix>", "get_pay", self.lead_on, methods=["GET"])
        return routes

    async def lead_on(self, suffix: str) -> Response:
        """303 to the link; 404 for whoever guesses."""
        account, _, end = suffix.rpartition(".")
        invoice = await self._store.invoices.load(account) if account and end and len(suffix) <= LONGEST else None
        attempts = () if invoice is None else invoice.attempts
        if not any(_ends_with(attempt, end) for attempt in attempts):
            return problem(404, "no-such-link", "There is no such payment link.")
        # The button of an old template stays in the chat: it opens the link that can be paid now.
        newest = next((link for link in reversed(attempts) if link.state in LIVE and link.url), None)
        url = (newest or next(link for link in reversed(attempts) if _ends_with(link, end))).url
        # Never kept by a browser: the next link has another address.
        return Response(status=303, headers={"Location": url or "", "Cache-Control": "no-store"})


def _ends_with(attempt: Attempt, end: str) -> bool:
    known = (attempt.url or "").rstrip("/").rpartition("/")[2]
    # In constant time: the end of a link is all that keeps a stranger from it.
    return bool(known) and hmac.compare_digest(known.encode(), end.encode())
