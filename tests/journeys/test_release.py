"""When the parties' shares leave: as the service says, and never before its money has settled."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.states import State
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS, refunded
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]
TERMS = "payment: { rule: full, window_minutes: 120, notice_minutes: 90 }"


def released(tmp_path: Path, rule: str) -> Path:
    """The sample business, in which the massage is paid out by that rule."""
    path = tmp_path / "released.yaml"
    path.write_text(with_changes((TERMS, TERMS.replace(" }", f", {rule} }}"))), "utf-8")
    return path


async def paid_in_five_days(world: World) -> str:
    phone = await world.phone("Emma", wa_id="6281200000085")
    reference = p.reference_in(await p.linked(phone, FIVE_DAYS))
    await world.told("POST", "/xendit/topup", {"amount": 500_000})
    await p.pay(world, f"{reference}.1", channel="OVO")
    await phone.expect("Paid and confirmed")
    return reference


async def paid_out(world: World, reference: str) -> int:
    (books,) = (await p.books(world, reference)).books
    return books.paid_out


async def test_who_is_paid_when_confirmed_waits_for_the_settlement_alone(mongodb_uri: str, tmp_path: Path) -> None:
    async with opened(mongodb_uri, ours={"business_file": released(tmp_path, "release: on_confirmed")}) as world:
        reference = await paid_in_five_days(world)
        await p.days_go_by(world, 3)
        assert await paid_out(world, reference) == 315_000
        await p.agrees(world)


async def test_who_has_not_delivered_is_not_paid_until_so_many_days_after_the_end(
    mongodb_uri: str, tmp_path: Path
) -> None:
    rule = "release: days_after, release_days: 2"
    async with opened(mongodb_uri, ours={"business_file": released(tmp_path, rule)}) as world:
        reference = await paid_in_five_days(world)
        await p.days_go_by(world, 4)
        assert await paid_out(world, reference) == 0
        booking = await p.booking(world, reference)
        assert booking.chosen is not None
        now = await world.process.parts.clock.business_now()
        await p.time_goes_on(world, booking.chosen.end - now + timedelta(minutes=1))
        came = await world.api.post(f"/bookings/{reference}/show-up", json={"showed_up": True})
        assert came.status_code == 200, came.text
        await p.is_in(world, reference, State.COMPLETED)
        await p.days_go_by(world, 1)
        assert await paid_out(world, reference) == 0
        await p.days_go_by(world, 3)
        assert await paid_out(world, reference) == 315_000
        await p.agrees(world)


async def test_what_a_cancellation_keeps_leaves_with_it_and_the_money_of_a_change_waits_too(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": released(tmp_path, "release: on_completed")}) as world:
        reference = await paid_in_five_days(world)
        body = {"cause": "customer", "reason": "wish", "place": "villa-karang", "provider": "komang", "kind": "place"}
        quoted = await world.api.post(f"/bookings/{reference}/changes", json=body)
        assert quoted.status_code == 201, quoted.text
        change = quoted.json()["id"]
        agreed = await world.api.post(f"/bookings/{reference}/changes/{change}/confirm", json={})
        assert agreed.status_code in {200, 202}, agreed.text
        account = f"{reference}~{change}"

        async def asked() -> bool:
            return bool(await p.links(world, f"{account}.1"))

        await until(asked, what="the link for the difference")
        await p.pay(world, f"{account}.1", channel="OVO")

        async def moved() -> bool:
            return (await p.booking(world, reference)).place == "villa-karang"

        await until(moved, what="the move")
        await p.days_go_by(world, 3)
        assert [book.paid_out for one in (reference, account) for book in (await p.books(world, one)).books] == [0, 0]
        done = await world.api.post(
            f"/bookings/{reference}/cancel", json={"cause": "customer", "reason": "flight", "refund": 225_000}
        )
        assert done.status_code == 200, done.text
        await p.days_go_by(world, 4)
        await refunded(world, reference)
        books = [book for one in (reference, account) for book in (await p.books(world, one)).books]
        assert (sum(book.refunded for book in books), sum(book.held for book in books)) == (225_000, 0)
        assert sum(book.paid_out for book in books) > 0
        await p.agrees(world)
