"""What is said of a delivered booking, through the API: how it was."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from quart import Response

from bot.dialogue.ratings import NotRated
from bot.engine.parts import Parts
from bot.engine.staff_actions import FoundBooking
from bot.engine.staff_visits import StaffVisits
from webhooks.api.bookings import operations
from webhooks.api.bookings.models import BookingPath, BookingShown, GivenScore
from webhooks.edge.models import Nothing
from webhooks.edge.operations import AnyRoute, Call, EdgeAnswer
from webhooks.edge.problems import problem

_WHY: Final = {
    NotRated.NOT_DELIVERED: "It has not taken place, so nobody can say how it was.",
    NotRated.TOO_LATE: "Its end is longer ago than `sop.rating.days`; ratings of it stay as they are.",
    NotRated.CUSTOMERS_OWN: "The customer has rated it themselves; only they can change that.",
    NotRated.BAD_SCORE: "score is a whole number from 1 to 5.",
}


class VisitDesk:
    """The part of the bookings' door where what was delivered is spoken of."""

    def __init__(self, parts: Parts, shown: Callable[[FoundBooking], Awaitable[BookingShown]]) -> None:
        self._parts = parts
        self._visits = StaffVisits(parts.staff)
        self._shown = shown

    def routes(self) -> Sequence[AnyRoute]:
        """Its routes."""
        return (operations.RATE.handled_by(self.post_rating),)

    async def post_rating(self, call: Call[BookingPath, Nothing, GivenScore]) -> EdgeAnswer | Response:
        """The customer's score, as they said it at the desk or on the phone."""
        found, body = await self._parts.staff.find(call.path.reference), call.body
        said = {"score": str(body.score), "words": body.words, "person": body.person, "role": body.role.value}
        told = {name: value for name, value in said.items() if value is not None}
        answer = await self._visits.rate(found, told, call.key or self._parts.new_id())
        if isinstance(answer, NotRated):
            return problem(409, answer.value.replace("_", "-"), _WHY[answer])
        return EdgeAnswer(await self._shown(answer.found), 200 if answer.settled else 202)
