"""The money API: a refund above the limit, and a person's yes to it."""

from dataclasses import replace

import pytest

from bot.domain.users import Role
from payments.domain.ids import ExternalId, PaymentKey, RefundId
from payments.domain.refund import Approval, Refund, RefundState
from tests.journeys import payments as p
from tests.journeys.world import World
from tests.payments.makers import NOON, idr
from tests.webhooks.api.money.test_door import get, post

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(150)]


def held() -> Refund:
    """Waits for an account and for a yes, so that nothing of it goes out here."""
    return Refund(
        id=RefundId("rf-1"),
        reference="BK1",
        payment=PaymentKey("p-1"),
        external_id=ExternalId("BK1.1"),
        invoice=None,
        amount=idr(900_000),
        made_at=NOON,
        state=RefundState.NEEDS_ACCOUNT,
        approval=Approval(),
    )


async def test_a_refund_above_the_limit_is_listed_and_approved_once(world: World) -> None:
    refunds = p.money_of(world).store.refunds
    await refunds.insert(held())
    await refunds.insert(replace(held(), id=RefundId("rf-2"), approval=None))
    (waiting,) = (await get(world, "/money/refunds"))["items"]
    assert (waiting["id"], waiting["status"], waiting["amount"]["amount"]) == ("rf-1", "NEEDS_APPROVAL", 900_000)
    way = "/money/refunds/rf-1/approve"
    dewi = await world.person(Role.FINANCE)
    me = dewi.headers["X-Id"]
    assert (await post(world, way, 403, by="Dewi"))["type"].endswith("needs-a-person")
    assert (await post(world, way, via=dewi, dry_run=True))["approved_by"] == me
    assert len((await get(world, "/money/refunds"))["items"]) == 1
    done = await post(world, way, via=dewi)
    assert (done["status"], done["approved_by"], done["amount"]["amount"]) == ("NEEDS_ACCOUNT", me, 900_000)
    assert (await get(world, "/money/refunds"))["items"] == []
    assert (await post(world, way, 409, via=dewi))["detail"] == "it waits for nobody's approval"
    assert (await post(world, "/money/refunds/rf-2/approve", 409, via=dewi))["type"].endswith("not-now")
    assert (await post(world, "/money/refunds/rf-3/approve", 404, via=dewi))["type"].endswith("no-such-refund")
