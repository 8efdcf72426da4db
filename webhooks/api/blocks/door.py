"""`/api/v1/blocks`: who is ill and what is closed, made, seen and lifted; the command line goes the same way."""

from datetime import UTC, datetime, timedelta
from typing import Final

from quart import Blueprint, Response

from bot.business.definition import Business
from bot.domain.blocks import PLACE, PROVIDER, STAFF, Block, HitState
from bot.engine.block_sweep import BlockProgress
from bot.engine.parts import Parts
from webhooks.api.blocks import models, operations
from webhooks.api.bookings import views
from webhooks.api.bookings.acting import Acting
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, mount
from webhooks.edge.problems import problem

LONGEST: Final = timedelta(days=366)
_MOMENT: Final = "%Y%m%dT%H%MZ"


class BlockRefused(Exception):
    """It cannot be made so: the HTTP status, the problem's kind, and a sentence."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail


async def add_block(parts: Parts, asked: models.NewBlock, source: str) -> models.BlockShown:
    """The block stands, and everybody it hits is told; in a dry run, whom it would hit. BlockRefused."""
    now = await parts.clock.business_now()
    resource = _resource(parts.context(now).business, asked.resource)
    if resource is None:
        raise BlockRefused(422, "no-such-resource", "There is no such provider, place or person of the staff.")
    if not asked.start < asked.to <= asked.start + LONGEST or asked.to <= now:
        raise BlockRefused(422, "bad-range", "to is later than from and than now, by a year at most.")
    name = f"{resource}|{asked.start.astimezone(UTC).strftime(_MOMENT)}|{source}"
    wanted = Block(name, resource, asked.start, asked.to, asked.reason, asked.person, asked.role)
    if asked.dry_run:
        return _shown(parts, await parts.blocks.would_hit(wanted, now), now)
    block = await parts.blocks.add(wanted, now)
    if block.end != asked.to:
        raise BlockRefused(409, "block-stands", "It stands already with another end; lift it first.")
    # the worker's sweeps tell whom these cannot tell
    await parts.blocks.sweep(now)
    await parts.offers.give_back(now)
    return await shown(parts, block, now)


async def lift_block(parts: Parts, name: str, asked: Acting) -> models.BlockShown:
    """It stands no more, and who said so is on record; BlockRefused."""
    now = await parts.clock.business_now()
    block = await parts.claims.blocks.lift(name, now, asked.person, asked.role.value)
    if block is None:
        raise BlockRefused(404, "no-such-block", "There is no such block.")
    await parts.blocks.sweep(now)
    return await shown(parts, block, now)


async def list_blocks(parts: Parts) -> models.BlockList:
    """All of them with their progress."""
    now = await parts.clock.business_now()
    items = [await shown(parts, block, now) for block in await parts.claims.blocks.all()]
    return models.BlockList(items=items, next_cursor=None)


async def shown(parts: Parts, block: Block, now: datetime) -> models.BlockShown:
    """A block with its progress."""
    return _shown(parts, await parts.blocks.progress(block), now)


def _shown(parts: Parts, progress: BlockProgress, now: datetime) -> models.BlockShown:
    business, block = parts.context(now).business, progress.block
    return models.BlockShown(
        id=block.id,
        resource=block.resource,
        from_=views.local(block.start, business),
        to=views.local(block.end, business),
        reason=block.reason,
        by=block.by,
        role=block.role,
        lifted_at=views.moment(block.lifted_at, business),
        lifted_by=block.lifted_by,
        lifted_role=block.lifted_role,
        told=len(progress.hits),
        waiting=progress.count(HitState.WAITING),
        moved=progress.count(HitState.MOVED),
        cancelled=progress.count(HitState.CANCELLED),
        bookings=[models.HitShown(booking=reference, state=state) for reference, state in progress.hits],
    )


def _resource(business: Business, named: str) -> str | None:
    """The name that claims have for it."""
    known = {PROVIDER: business.provider, PLACE: business.place, STAFF: business.staff_member}
    for kind, find in known.items():
        # by its id alone it is the first of these that has it
        if named.startswith(kind):
            return named if find(named.removeprefix(kind)) is not None else None
    return next((f"{kind}{named}" for kind, find in known.items() if find(named) is not None), None)


class BlocksDoor:
    """Makes, shows and lifts blocks."""

    def __init__(self, parts: Parts, guard: ApiGuard) -> None:
        self._parts = parts
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = mount(
            [
                operations.ADD.handled_by(self.post_block),
                operations.LIST.handled_by(self.get_blocks),
                operations.LIFT.handled_by(self.delete_block),
            ],
            "blocks",
            self._guard,
        )
        routes.register_error_handler(BlockRefused, _refused)
        return routes

    async def post_block(self, call: Call[Nothing, Nothing, models.NewBlock]) -> EdgeAnswer:
        """It stands from now on."""
        return EdgeAnswer(await add_block(self._parts, call.body, "api"), 200 if call.body.dry_run else 201)

    async def get_blocks(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """All of them."""
        return EdgeAnswer(await list_blocks(self._parts))

    async def delete_block(self, call: Call[models.BlockPath, Acting, Nothing]) -> EdgeAnswer:
        """It stands no more."""
        return EdgeAnswer(await lift_block(self._parts, call.path.block, call.query))


async def _refused(error: BlockRefused) -> Response:
    return problem(error.status, error.kind, error.detail)
