"""`/api/v1/clock`: business time, shown everywhere and moved only where nobody real is waiting."""

import math
from datetime import timedelta
from typing import Final, assert_never

from quart import Blueprint, Response

from bot.store.clock import BusinessClock, LiveKeyPresent
from webhooks.api.clock import operations
from webhooks.api.clock.models import ClockOrder, ClockShown, MoveBy, MoveTo, Reset
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.problems import RequestRefused, problem
from webhooks.settings import Settings

FARTHEST: Final = timedelta(days=3660)
"""How far business time may be moved from real time."""


class ClockDoor:
    """Reads and moves business time for all processes."""

    def __init__(self, clock: BusinessClock, guard: ApiGuard, settings: Settings, *, embedded: bool) -> None:
        self._clock = clock
        self._guard = guard
        self._live_key = settings.has_live_key
        self._is_trial = settings.clock_may_move or embedded

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [operations.SHOW.handled_by(self.get_clock), operations.MOVE.handled_by(self.post_clock)],
            "clock",
            self._guard,
        )
        routes.register_error_handler(LiveKeyPresent, _live_key)
        return routes

    async def get_clock(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """Business time, its distance from real time in seconds, and whether it may be moved here."""
        return EdgeAnswer(await self._shown())

    async def post_clock(self, call: Call[Nothing, Nothing, ClockOrder]) -> EdgeAnswer | Response:
        """`{"move": seconds}`, `{"to": moment}` or `{"reset": true}`."""
        if not self._is_trial:
            hint = "Business time is moved in the demo, with the embedded MongoDB, or where CLOCK_MAY_MOVE says so."
            return problem(403, "clock-is-fixed", hint)
        order = call.body.root
        match order:
            case Reset():
                await self._clock.reset(live_key=self._live_key)
            case MoveBy(move=seconds):
                if not math.isfinite(seconds) or abs(seconds) > 2 * FARTHEST.total_seconds():
                    return _too_far()
                await self._move_by(timedelta(seconds=seconds))
            case MoveTo(to=moment):
                await self._move_by(moment - await self._clock.business_now())
            case _:
                assert_never(order)
        return EdgeAnswer(await self._shown())

    async def _move_by(self, span: timedelta) -> None:
        if abs(await self._clock.offset() + span) > FARTHEST:
            raise RequestRefused(_too_far())
        await self._clock.move(span, live_key=self._live_key)

    async def _shown(self) -> ClockShown:
        offset = await self._clock.offset()
        now = await self._clock.business_now()
        may_move = self._is_trial and not self._live_key
        return ClockShown(now=now.isoformat(), offset_seconds=offset.total_seconds(), may_move=may_move)


def _too_far() -> Response:
    return problem(422, "too-far", f"Business time stays within {FARTHEST.days} days of real time.")


async def _live_key(error: LiveKeyPresent) -> Response:
    return problem(403, "live-key", "Business time is not moved while a live key is set.")
