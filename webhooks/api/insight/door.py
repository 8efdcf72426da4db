"""`/api/v1/leads/{id}/insight` and `/api/v1/lifecycle`: the inside of one customer, for who asks what happened.

Read from the lead itself, its claims, its audit and its money; nothing here changes anything.
"""

from collections.abc import Sequence
from typing import Final

from quart import Blueprint

from bot.domain.languages import ENGLISH
from bot.domain.states import State
from bot.engine.parts import Parts
from bot.store.bookings import Recorded
from webhooks.api.bookings.door import MoneyOf
from webhooks.api.conversations import leads
from webhooks.api.conversations.models import LeadPath
from webhooks.api.insight import models, operations, views
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount

MAX_BOOKINGS: Final = 10


class InsightDoor:
    """What an operator, a developer or a curious viewer may see of the machinery."""

    def __init__(self, parts: Parts, guard: ApiGuard, money: MoneyOf | None = None) -> None:
        self._parts = parts
        self._guard = guard
        self._money = money

    def blueprint(self) -> Blueprint:
        """The routes."""
        return mount(
            [operations.LIFECYCLE.handled_by(self.get_lifecycle), operations.INSIGHT.handled_by(self.get_insight)],
            "insight",
            self._guard,
        )

    async def get_lifecycle(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """The table of states and edges: every state, where it may go, whether nobody owes a next step there."""
        return EdgeAnswer(models.Lifecycle(states=[views.state(state) for state in State]))

    async def get_insight(self, call: Call[LeadPath, Nothing, Nothing]) -> EdgeAnswer:
        """Where the lead stands, what waits, what is held, what money did, and why something was refused."""
        stored = await leads.of_id(self._parts, call.path.lead_id)
        lead, now = stored.lead.id, await self._parts.clock.business_now()
        page = await self._parts.bookings.page(lead, None, MAX_BOOKINGS, None)
        inside = views.Inside(
            now=now,
            business=self._parts.context(now).business,
            stored=stored,
            holdings=await self._parts.claims.of_lead(lead, now=now),
            entries=await self._parts.audit.of(lead),
            recorded=page.bookings,
            language=call.language(ENGLISH),
        )
        return EdgeAnswer(views.insight(inside, await self._money_of(page.bookings)))

    async def _money_of(self, recorded: Sequence[Recorded]) -> list[models.MoneyOfBooking]:
        """Money by party, one entry a booking that was ever to be paid, the last changed first."""
        priced = [(row.booking, row.booking.due) for row in recorded]
        currencies = {booking.account: due.currency for booking, due in priced if due is not None}
        if self._money is None or not currencies:
            return []
        money = await self._money(currencies)
        # Money that came late and booked again is the new booking's alone.
        owners = await self._parts.bookings.taken_over(list(currencies))
        return [
            models.MoneyOfBooking.model_validate(
                {"booking": booking.reference, "account": booking.account, **money[booking.account].model_dump()}
            )
            for booking, due in priced
            if due is not None and owners.get(booking.account, booking.reference) == booking.reference
        ]
