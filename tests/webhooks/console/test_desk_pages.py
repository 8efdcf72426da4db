"""The pages of work, money, reports, calendar and settings, as each role gets them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.users import Role
from payments.domain.ids import RefundId
from tests.journeys import payments as p
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.api.money.test_refunds import held
from tests.webhooks.console.people import colleague

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

REPORTS = ("funnel", "outcomes", "timing", "slots", "orders", "volume", "messages", "money", "agents", "work")


async def test_each_page_opens_for_who_may_and_for_nobody_else(world: World) -> None:
    made = await booked(world, await customer(world), (await slots(world))[0])
    day = made["start"][:10]
    async with colleague(world.process, world.url, "Nyoman", Role.ADMIN) as admin:
        paths = ("/work", "/work?tab=coming", "/money", "/money?tab=owed", "/money?tab=books", "/settings")
        for path in (*paths, *(f"/reports/{name}" for name in REPORTS)):
            page = await admin.get(path)
            assert page.status_code == 200, (path, page.text[:300])
        assert (await admin.get("/reports/weather")).status_code == 404
        assert made["reference"] in (await admin.get("/reports/funnel/rows?figure=inquiries")).text
        for query in ("", "&view=week", "&by=people&view=week"):
            assert made["reference"] in (await admin.get(f"/calendar?day={day}{query}")).text
        items = (await admin.get(f"/calendar/items?day={day}")).json()["items"]
        assert made["reference"] in {item["booking"] for item in items}
        assert (await admin.get("/reports/funnel?from=soon")).status_code == 422
        assert (await admin.get("/money/journal")).headers["content-type"].startswith("text/csv")
    async with colleague(world.process, world.url, "Sari", Role.SALES) as sales:
        for path in ("/money", "/money/journal", "/settings", "/reports/money"):
            assert (await sales.get(path)).status_code == 403, path
        assert "/console/money" not in (await sales.get("/work")).text
        assert (await sales.post("/calendar/block", resource="provider:ayu")).status_code == 403


async def test_a_task_is_given_and_done_from_the_page(world: World) -> None:
    due = (await world.process.parts.clock.business_now() + timedelta(hours=30)).isoformat()
    task = (await world.api.post("/tasks", json={"title": "Buy flowers", "due": due, "task_role": "host"})).json()
    async with colleague(world.process, world.url, "Made", Role.OPERATIONS) as desk:
        assert "Buy flowers" in (await desk.get("/work?tab=coming")).text
        given = await desk.post(f"/work/{task['id']}/give", who="dewi")
        assert given.status_code == 200, given.text
        assert (await world.api.get(f"/tasks/{task['id']}")).json()["who"]["id"] == "dewi"
        assert (await desk.post(f"/work/{task['id']}/problem", note=" ")).status_code == 422
        assert (await desk.post(f"/work/{task['id']}/done")).status_code == 200
        again = await desk.post(f"/work/{task['id']}/done")
        assert (again.status_code, "already" in again.text) == (409, True)


async def test_a_refund_is_approved_by_another_person_than_who_asked(world: World) -> None:
    refunds = p.money_of(world).store.refunds
    async with (
        colleague(world.process, world.url, "Putu", Role.FINANCE) as asker,
        colleague(world.process, world.url, "Rina", Role.SUPPORT) as second,
    ):
        await refunds.insert(replace(held(), ordered_by=(asker.id,)))
        await refunds.insert(replace(held(), id=RefundId("rf-2"), reference="BK2", ordered_by=("somebody",)))
        assert (await asker.post("/money/refunds/rf-1/approve")).status_code == 409
        found = await refunds.load("rf-1")
        assert found is not None
        assert found.awaits_approval
        assert (await second.post("/money/refunds/rf-1/approve")).status_code == 200
        found = await refunds.load("rf-1")
        assert found is not None
        assert found.approval is not None
        assert found.approval.by == second.id
        # support approves, and neither pays out nor accepts rows of the provider
        assert (await second.post("/money/payouts/po-1/retry")).status_code == 403
        assert (await asker.post("/money/payouts/po-1/retry")).status_code == 409
        assert (await asker.post("/money/payouts/po-1/void", reason="")).status_code == 422


async def test_a_time_is_blocked_from_the_calendar(world: World) -> None:
    day = (await world.process.parts.clock.business_now() + timedelta(days=3)).date().isoformat()
    async with colleague(world.process, world.url, "Made", Role.OPERATIONS) as desk:
        form = {"resource": "provider:ayu", "from": f"{day}T09:00", "to": f"{day}T12:00", "reason": "dentist"}
        assert (await desk.post(f"/calendar/block?day={day}", **form)).status_code == 200
        assert "dentist" in (await desk.get(f"/calendar?day={day}")).text
        backwards = form | {"to": f"{day}T08:00"}
        assert (await desk.post(f"/calendar/block?day={day}", **backwards)).status_code == 422
        nobody = form | {"resource": "provider:nobody"}
        assert (await desk.post(f"/calendar/block?day={day}", **nobody)).status_code in {404, 422}
