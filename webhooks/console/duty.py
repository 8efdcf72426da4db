"""Whether somebody is on duty: said by themselves, next to their account in the rail."""

from quart import Blueprint, Response, request

from bot.domain.ids import AgentId
from bot.engine.parts import Parts
from bot.store.availability import Availability
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.rendering import Renderer


class DutyControl:
    """Its two routes; who is on duty is given conversations by fair share."""

    def __init__(self, parts: Parts, render: Renderer) -> None:
        self._parts = parts
        self._render = render

    def add_to(self, routes: Blueprint) -> None:
        """Put them on the console's blueprint."""
        routes.add_url_rule("/duty", "get_duty", self.get_duty)
        routes.add_url_rule("/duty", "post_duty", self.post_duty, methods=["POST"])

    @may(Act.WRITE_CONVERSATIONS)
    async def get_duty(self) -> Response:
        """What they said last."""
        return self._shown(await self._said())

    @may(Act.WRITE_CONVERSATIONS)
    async def post_duty(self) -> Response:
        """They come, or go: what waits for who goes is in the queue at once."""
        on_duty = (await request.form).get("on_duty") == "yes"
        before, now = await self._said(), await self._parts.clock.business_now()
        capacity = None if before is None else before.capacity
        return self._shown(
            await self._parts.fair_share.say(AgentId(signed_in().id), now, on_duty=on_duty, capacity=capacity)
        )

    async def _said(self) -> Availability | None:
        return await self._parts.availabilities.of(AgentId(signed_in().id))

    def _shown(self, said: Availability | None) -> Response:
        return self._render.fragment("duty.html", on_duty=said is not None and said.on_duty)
