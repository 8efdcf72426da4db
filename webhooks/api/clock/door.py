"""`/api/v1/clock`: business time, shown everywhere and moved only where nobody real is waiting (DESIGN 4)."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from quart import Blueprint, Response, request

from bot.store.clock import BusinessClock, LiveKeyPresent
from webhooks.api.guard import ApiGuard, RequestRefused, fields
from webhooks.edge.problems import answer, problem
from webhooks.settings import Settings

FARTHEST: Final = timedelta(days=3660)
"""How far business time may be moved from real time."""


class ClockApi:
    """Reads and moves business time for all processes."""

    def __init__(self, clock: BusinessClock, guard: ApiGuard, settings: Settings, *, embedded: bool) -> None:
        self._clock = clock
        self._guard = guard
        self._live_key = settings.has_live_key
        self._is_trial = settings.clock_may_move or embedded

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("clock", __name__, url_prefix="/api/v1")
        routes.add_url_rule("/clock", view_func=self.get_clock)
        routes.add_url_rule("/clock", view_func=self.post_clock, methods=["POST"])
        routes.register_error_handler(LiveKeyPresent, _live_key)
        return routes

    @property
    def _may_move(self) -> bool:
        return self._is_trial and not self._live_key

    async def get_clock(self) -> Response:
        """Business time, its distance from real time in seconds, and whether it may be moved here."""
        self._guard.require(request)
        return answer(await self._told())

    async def post_clock(self) -> Response:
        """`{"move": seconds}`, `{"to": moment}` or `{"reset": true}`."""
        self._guard.require(request)
        if not self._is_trial:
            hint = "Business time is moved in the demo, with the embedded MongoDB, or where CLOCK_MAY_MOVE says so."
            return problem(403, "clock-is-fixed", hint)

        async def act(body: bytes) -> Response:
            fields(body)
            await self._move(orjson.loads(body or b"{}"))
            return answer(await self._told())

        return await self._guard.run_once(request, act)

    async def _move(self, wanted: Mapping[str, Any]) -> None:
        match dict(wanted):
            case {"reset": True, **rest} if not rest:
                await self._clock.reset(live_key=self._live_key)
            case {"move": int() | float() as seconds, **rest} if not rest and not isinstance(seconds, bool):
                await self._move_by(_span(seconds))
            case {"to": str() as moment, **rest} if not rest:
                await self._move_by(_moment(moment) - await self._clock.business_now())
            case _:
                hint = 'Give one of {"move": seconds}, {"to": "a moment with its offset"}, {"reset": true}.'
                raise RequestRefused(problem(400, "bad-move", hint))

    async def _move_by(self, span: timedelta) -> None:
        if abs(await self._clock.offset() + span) > FARTHEST:
            raise RequestRefused(
                problem(422, "too-far", f"Business time stays within {FARTHEST.days} days of real time.")
            )
        await self._clock.move(span, live_key=self._live_key)

    async def _told(self) -> dict[str, Any]:
        offset = await self._clock.offset()
        now = await self._clock.business_now()
        return {"now": now.isoformat(), "offset_seconds": offset.total_seconds(), "may_move": self._may_move}


def _span(seconds: float) -> timedelta:
    if not math.isfinite(seconds) or abs(seconds) > 2 * FARTHEST.total_seconds():
        raise RequestRefused(problem(422, "too-far", f"Business time stays within {FARTHEST.days} days of real time."))
    return timedelta(seconds=seconds)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RequestRefused(
            problem(400, "bad-move", "to is a moment with its offset, such as 2026-12-01T09:00:00+08:00.")
        )
    return moment


async def _live_key(error: LiveKeyPresent) -> Response:
    return problem(403, "live-key", "Business time is not moved while a live key is set.")
