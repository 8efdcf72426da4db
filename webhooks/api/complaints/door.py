"""`/api/v1/bookings/{reference}/complaint`: what was wrong with a visit, opened and answered by a person."""

from quart import Blueprint, Response

from bot.engine.parts import Parts
from bot.engine.staff_actions import NoSuchBooking
from bot.replies import reasons as reason_words
from bot.store.claims import TooBusy
from webhooks.api.bookings.models import BookingPath
from webhooks.api.complaints import operations, steps
from webhooks.api.complaints.models import GivenAnswer, NewComplaint, PhotoPath
from webhooks.api.money.steps import MoneyDenied
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.photos import NoSuchPhoto, no_such_photo
from webhooks.edge.problems import problem


class ComplaintsDoor:
    """Shows, opens and answers complaints."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.SHOW.handled_by(self.get_complaint),
                operations.OPEN.handled_by(self.post_complaint),
                operations.ANSWER.handled_by(self.post_answer),
                operations.PHOTO.handled_by(self.get_photo),
            ],
            "complaints",
            self._guard,
        )
        routes.register_error_handler(NoSuchBooking, _no_such_booking)
        routes.register_error_handler(TooBusy, _too_busy)
        routes.register_error_handler(MoneyDenied, _money_denied)
        routes.register_error_handler(NoSuchPhoto, no_such_photo)
        return routes

    async def get_complaint(self, call: Call[BookingPath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """With its words, as long as its customer's lead has them."""
        try:
            return EdgeAnswer(await steps.show(self._parts, call.path.reference))
        except steps.ComplaintNotChanged as denied:
            return _denied(denied, call.language("en"))

    async def post_complaint(self, call: Call[BookingPath, Nothing, NewComplaint]) -> EdgeAnswer | Response:
        """A person has heard it."""
        name = call.key or self._parts.new_id()
        try:
            return EdgeAnswer(await steps.enter(self._parts, call.path.reference, call.body, name), 201)
        except steps.ComplaintNotChanged as denied:
            return _denied(denied, call.language("en"))

    async def post_answer(self, call: Call[BookingPath, Nothing, GivenAnswer]) -> EdgeAnswer | Response:
        """201 with what was ordered; a dry run 200 with what would be."""
        name = call.key or self._parts.new_id()
        try:
            answered = await steps.answer(self._parts, call.path.reference, call.body, name)
        except steps.ComplaintNotChanged as denied:
            return _denied(denied, call.language("en"))
        return EdgeAnswer(answered, 200 if answered.dry_run else 201)

    async def get_photo(self, call: Call[PhotoPath, Nothing, Nothing]) -> EdgeAnswer:
        """Its bytes."""
        return EdgeAnswer(await steps.photo(self._parts, call.path.reference, int(call.path.number)))


def _denied(denied: steps.ComplaintNotChanged, language: str) -> Response:
    words = reason_words.in_words(denied.reasons, language)
    detail = "; ".join(reason.fact for reason in words) or denied.detail
    return problem(denied.status, denied.kind, detail, words)


async def _no_such_booking(error: NoSuchBooking) -> Response:
    return problem(404, "no-such-booking", "There is no such booking.")


async def _too_busy(error: TooBusy) -> Response:
    return problem(503, "too-busy", "Many want this time at this moment; please try again.")


async def _money_denied(error: MoneyDenied) -> Response:
    return problem(error.status, error.kind, error.detail)
