"""A refund above the limit needs another person than whoever ordered it; through the doors, over a real booking."""

from pathlib import Path

import pytest

from bot.domain.users import Role
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.world import World, opened, until
from tests.webhooks.api.bookings.test_changes import paid_massage, problem
from tests.webhooks.api.money.test_door import get, post

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]


def limited(tmp_path: Path) -> Path:
    """The sample business, in which refunds above 100 000 wait for a yes."""
    path = tmp_path / "limited.yaml"
    text = with_changes(("\nsop:\n", "\nsop:\n  refund: { approve_above: 100000 }\n"))
    path.write_text(text, "utf-8")
    return path


async def the_waiting_refund(world: World) -> str:
    async def there() -> str | None:
        items = (await get(world, "/money/refunds"))["items"]
        return str(items[0]["id"]) if items else None

    found: str = await until(there, what="the refund")
    return found


async def test_whoever_ordered_or_confirmed_a_refund_cannot_approve_it_and_another_person_can(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": limited(tmp_path)}) as world:
        _, reference = await paid_massage(world)
        rina = await world.person(Role.SUPPORT, email="rina@example.com")
        putu = await world.person(Role.ADMIN, email="putu@example.com")
        dewi = await world.person(Role.FINANCE, email="dewi@example.com")
        wish = {"kind": "cancel", "cause": "business", "reason": "closed"}
        quoted = await rina.post(f"/bookings/{reference}/changes", json=wish)
        assert quoted.status_code == 201, quoted.text
        path = f"/bookings/{reference}/changes/{quoted.json()['id']}/confirm"
        done = await putu.post(path, json={"quote": 1})
        assert done.status_code == 200, done.text
        way = f"/money/refunds/{await the_waiting_refund(world)}/approve"
        (waiting,) = (await get(world, "/money/refunds"))["items"]
        assert waiting["ordered_by"] == [rina.headers["X-Id"], putu.headers["X-Id"]]
        for own in (rina, putu):
            for dry_run in (True, False):
                answer = await own.post(way, json={"dry_run": dry_run})
                assert problem(answer) == (409, "needs-another-person")
        assert (await post(world, way, via=dewi))["approved_by"] == dewi.headers["X-Id"]
        await p.days_go_by(world, 6)
        (books,) = (await p.books(world, reference)).books
        assert books.refunded == p.PRICE
        await p.agrees(world)


async def test_what_a_customer_cancels_is_approved_by_anybody_of_the_house(mongodb_uri: str, tmp_path: Path) -> None:
    async with opened(mongodb_uri, ours={"business_file": limited(tmp_path)}) as world:
        phone, _ = await paid_massage(world)
        await phone.say("cancel my booking")
        await phone.expect("Cancel Balinese massage")
        await phone.tap("Yes, cancel")
        await phone.expect("Cancelled:")
        way = f"/money/refunds/{await the_waiting_refund(world)}/approve"
        assert (await get(world, "/money/refunds"))["items"][0]["ordered_by"] == []
        rina = await world.person(Role.SUPPORT)
        assert (await post(world, way, via=rina))["approved_by"] == rina.headers["X-Id"]
