"""Each report equals what a person counts by hand in the same world: five guests, one agent, two tasks, one payment."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.states import State
from bot.domain.users import Role
from bot.reports.figures import ReportName
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.api.bookings.test_door import post as step
from webhooks.console.words import say

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(300)]

Json = dict[str, Any]


async def report(world: World, name: str, **days: str) -> dict[str, Json]:
    """The figures of a report by their key."""
    answer = await world.api.get(f"/reports/{name}", params=days)
    assert answer.status_code == 200, answer.text
    return {figure["key"]: figure for figure in answer.json()["figures"]}


async def rows(world: World, name: str, figure: str) -> list[Json]:
    """The rows that a figure was counted over."""
    answer = await world.api.get(f"/reports/{name}/rows", params={"figure": figure, "limit": 200})
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["items"]
    return found


async def ids(world: World, name: str, figure: str) -> list[str]:
    return sorted(row["id"] for row in await rows(world, name, figure))


def values(figures: dict[str, Json], *keys: str) -> list[float | None]:
    return [figures[key]["value"] for key in keys]


async def test_each_report_equals_a_hand_count(world: World) -> None:
    await approved(world)
    # her job is told to the masseuse, who never wrote: as a template; other partners have no phone here
    ayu = await world.phone("Ayu", wa_id="6281200000201")
    # Emma books by chat and pays; Budi books by chat and does not pay; Citra only says hello and asks for a person.
    emma, budi = await world.phone("Emma", wa_id="6281299000201"), await world.phone("Budi", wa_id="6281299000202")
    paid = p.reference_in(await p.linked(emma))
    unpaid = p.reference_in(await p.linked(budi))
    await p.pay(world, f"{paid}.1")
    await emma.expect("Paid and confirmed")
    citra = await world.phone("Citra", wa_id="6281299000203")
    await citra.say("I want to talk to a person")
    await citra.expect("called a person")
    asked = (await world.lead_of(citra))["id"]
    await world.quiet()
    assert (await world.api.post(f"/conversations/{asked}/takeover")).is_success
    for words in ("Wayan here, hello Citra.", "How can I help?"):
        assert (await world.api.post(f"/conversations/{asked}/messages", json={"text": words})).is_success
    await citra.expect("How can I help?")
    assert (await world.api.post(f"/conversations/{asked}/release")).is_success
    # By hand: Dian's call takes place, Eko's is cancelled.
    dian, eko = await customer(world, "6281299000204"), await customer(world, "6281299000205")
    first, second = (await slots(world))[:2]
    held = await booked(world, dian, first)
    gone = await booked(world, eko, second)
    await step(world, gone, "cancel", {"reason": "flight", "cause": "customer"})
    # Two tasks: one is done in time, one never.
    due = (await world.process.parts.clock.business_now() + timedelta(hours=5)).replace(microsecond=0).isoformat()
    tasks = [
        (await world.api.post("/tasks", json={"title": title, "due": due, "kind": "attention"})).json()["id"]
        for title in ("Call the villa", "Buy flowers")
    ]
    assert (await world.api.post(f"/tasks/{tasks[0]}/done", json={"by": "rina"})).is_success
    # The call takes place, its guest came; then days go by until Emma's money is with the parties.
    before = datetime.fromisoformat(held["end"]) - await world.process.parts.clock.business_now()
    await p.time_goes_on(world, before + timedelta(minutes=5))
    await world.quiet()
    await step(world, held, "show-up", {"showed_up": True})
    await p.is_in(world, held["reference"], State.COMPLETED)
    await p.days_go_by(world, 4)
    await p.is_in(world, unpaid, State.CANCELLED)
    await world.quiet()

    everybody = sorted([paid, unpaid, held["reference"], gone["reference"]])
    funnel = await report(world, "funnel")
    assert await ids(world, "funnel", "inquiries") == everybody
    assert values(funnel, "inquiries", "confirmed", "completed") == [4, 4, 1]
    assert values(funnel, "confirmed_share", "completed_share") == [100.0, 25.0]
    assert await ids(world, "funnel", "slots_proposed") == everybody
    assert values(funnel, "slots_proposed_share") == [100.0]

    outcomes = await report(world, "outcomes")
    assert values(outcomes, "agreed", "completed", "no_show", "cancelled", "still_open") == [4, 1, 0, 2, 1]
    assert values(outcomes, "completed_share", "cancelled_share") == [25.0, 50.0]
    assert await ids(world, "outcomes", "still_open") == [paid]
    # Emma's, Dian's and Eko's were confirmed; Budi's never
    assert values(outcomes, "committing", "conversion", "ever_confirmed") == [4, 75.0, 3]
    assert values(outcomes, "cancellation_rate", "dispute_rate") == [33.3, 0]

    timing = await report(world, "timing")
    assert await ids(world, "timing", "inquiry_to_confirmation") == sorted([paid, held["reference"], gone["reference"]])
    by_hand = [await _wait(world, reference) for reference in (paid, held["reference"], gone["reference"])]
    assert timing["confirmation_to_appointment"]["value"] == pytest.approx(sum(by_hand) / 3, abs=0.06)
    assert values(timing, "reschedules") == [0]

    # what the two who wrote saw, and the one time each that was named by hand
    seen = [bubble for phone in (emma, budi) for bubble in await phone.bubbles() if bubble.says("Tap one")]
    times = sum(":" in one or "." in one for bubble in seen for one in bubble.choices) + 2
    slot = await report(world, "slots")
    assert values(slot, "proposed", "taken", "wasted") == [times, 4, times - 4]
    assert values(slot, "race_losses", "double_bookings") == [0, 0]

    orders = await report(world, "orders")
    assert values(orders, "received", "payment_pending", "payment_success") == [4, 2, 1]
    assert await ids(world, "orders", "payment_success") == [paid]

    volume = await report(world, "volume")
    assert values(volume, "bookings", "state:COMPLETED", "state:CANCELLED", "state:CONFIRMED") == [4, 1, 2, 1]

    said = await _lines(world)
    figures = await report(world, "messages")
    assert values(figures, "received", "by_bot", "by_agents", "failed") == [
        *(sum(author == who for author, _ in said) for who in ("customer", "bot", "agent")),
        sum(tick == "failed" for _, tick in said),
    ]
    assert figures["by_agents"]["value"] == 2
    taken = [one for phone in (emma, budi, citra, ayu) for one in await phone.bubbles() if one.kind == "template"]
    assert figures["templates"]["value"] == len(taken) >= 1
    assert figures["template_cost:IDR"]["value"] == 357 * len(taken), "all of them to Indonesia"

    people = await report(world, "agents")
    assert values(people, "asked_for_person", "never_answered", "answers:api", "taken_over:api") == [1, 0, 2, 1]
    assert values(people, "given_back:api") == [1]
    assert [row["id"] for row in await rows(world, "agents", "asked_for_person")] == [asked]

    work = await report(world, "work")
    assert await ids(world, "work", "done_in_time") == [tasks[0]]
    assert tasks[1] in await ids(world, "work", "not_done")
    assert work["completion_rate"]["value"] == round(100 / work["due"]["value"], 1)

    money = await report(world, "money")
    links = [one for one in await p.links(world) if one["external_id"] == f"{paid}.1"]
    assert len(links) == 1
    assert values(money, "revenue:IDR", "refunded:IDR", "net_revenue:IDR") == [p.PRICE, 0, p.PRICE]
    assert money["paid_out:IDR"]["value"] + money["platform:IDR"]["value"] + money["fees:IDR"]["value"] == p.PRICE
    assert (money["links_paid"]["value"], money["links"]["value"]) == (1, len(await p.links(world)))
    assert {row["booking"] for row in await rows(world, "money", "payout_time")} == {paid}

    # The same as a table, and nothing of it where nothing was.
    table = await world.api.get("/reports/money/csv")
    assert table.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(table.text)))
    assert [(one["figure"], one["value"]) for one in lines if one["figure"] == "revenue"] == [("revenue", str(p.PRICE))]
    earlier = {"from": "2020-01-01", "to": "2020-02-01"}
    assert (await report(world, "funnel", **earlier))["inquiries"]["value"] == 0
    assert (await report(world, "funnel", **earlier))["completed_share"]["value"] is None


async def _wait(world: World, reference: str) -> float:
    """Days from its confirmation to its time, as its history says them."""
    shown = (await world.api.get(f"/bookings/{reference}")).json()
    sure = next(one["at"] for one in shown["history"] if one["to"] == "CONFIRMED")
    return (datetime.fromisoformat(shown["start"]) - datetime.fromisoformat(sure)).total_seconds() / 86400


async def _lines(world: World) -> list[tuple[str, str | None]]:
    """Every line of every conversation, partners' too, as the inbox shows them."""
    found: list[tuple[str, str | None]] = []
    partners = [row["_id"] async for row in world.process.database["partners"].find({}, {"_id": 1})]
    for thread in [*(lead["id"] for lead in await world.leads()), *partners]:
        answer = await world.api.get(f"/conversations/{thread}/messages", params={"limit": 200})
        found += [(line["author"], line.get("status")) for line in answer.json()["items"]]
    return found


NO_REPORTS = [
    ("/reports/weather", 404, "no-such-report"),
    ("/reports/funnel?from=2026-02-02&to=2026-02-01", 422, "bad-period"),
    ("/reports/funnel?from=2020-01-01&to=2026-02-01", 422, "bad-period"),
    ("/reports/funnel?from=soon", 400, "bad-day"),
    ("/reports/funnel/rows?figure=nothing", 404, "no-such-figure"),
    ("/reports/funnel/rows", 400, "missing-field"),
    ("/reports/funnel/rows?figure=inquiries&cursor=-1", 400, "bad-cursor"),
]


async def test_a_report_that_cannot_be_made_says_why(world: World) -> None:
    for path, status, kind in NO_REPORTS:
        answer = await world.api.get(path)
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:janji:problem:{kind}"), path


async def test_who_may_look_has_every_report_without_sums_at_the_api_and_in_the_console(world: World) -> None:
    await approved(world)
    sales, finance = Role.SALES, Role.FINANCE
    for role in (sales, finance):
        person = await world.person(role, email=f"{role}@example.com")
        for name in ReportName:
            for path in (f"/api/v1/reports/{name}", f"/console/reports/{name}"):
                answer = await person.get(f"{world.url}{path}")
                allowed = role is finance or name is not ReportName.MONEY
                assert answer.status_code == (200 if allowed else 403), (role, path)
        told = (await person.get(f"{world.url}/api/v1/reports/messages")).json()["figures"]
        has_sums = any(figure["unit"] == "money" for figure in told)
        assert has_sums is (role is finance)
        drawn = (await person.get(f"{world.url}/console/reports/messages")).text
        assert (say("figure.template_cost", "en") in drawn) is (role is finance)
        rows_of = await person.get(f"{world.url}/api/v1/reports/money/rows?figure=revenue")
        assert rows_of.status_code == (404 if role is finance else 403)
