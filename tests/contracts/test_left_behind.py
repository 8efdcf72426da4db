"""What 0.1 left for a person without saying so has its alarm after the upgrade, once, and it closes by itself."""

from dataclasses import replace
from typing import Any, Final

import pytest

from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.ids import BookingReference, LeadId
from bot.domain.lead import Lead
from bot.domain.states import LatePayment, PaymentStatus, State
from payments.domain import news
from payments.domain.money import Money
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState
from tests.contracts.test_yesterdays_documents import (  # noqa: F401
    documents,
    lead_of,
    loaded,
    money_of,
    money_parts,
    process,
)
from webhooks import upgrade
from webhooks.wiring import Process

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

PRICE: Final = Money(350_000, "IDR")


async def listed(process: Process) -> dict[tuple[str, str], str]:  # noqa: F811
    """Every open alarm by reason and subject, with whose it is; those of before have no subject, so it is the lead."""
    page = await process.parts.alarms.page(500, None)
    return {
        (one.alarm.reason.value, one.alarm.subject or one.lead): one.lead for one in page.alarms if one.lead is not None
    }


async def left(process: Process, state: State, **booking: Any) -> Lead:  # noqa: F811
    """A customer of 0.1 with one booking, stored as that version did: without alarms."""
    reference = BookingReference(f"BK-{len(booking)}-{state.value}")
    made = Booking(reference=reference, state=state, service="balinese-massage", price=PRICE, **booking)
    lead = Lead(LeadId(f"left-{reference}"), bookings=(made,))
    await process.parts.leads.create(lead)
    await process.database["leads"].update_one({"_id": lead.id}, {"$unset": {"alarms": ""}})
    return lead


async def everything(process: Process) -> dict[str, list[Any]]:  # noqa: F811
    """All documents that an upgrade might touch."""
    names = ("leads", "payouts", "refunds", "audit", "bookings", "received")
    return {name: await process.database[name].find({}).sort("_id", 1).to_list(None) for name in names}


async def test_each_thing_left_for_a_person_has_its_alarm_and_a_second_time_changes_nothing(
    process: Process,  # noqa: F811
) -> None:
    paid: dict[str, Any] = {"paid": PRICE, "payment_status": PaymentStatus.PAID}
    timeless = [await left(process, state, **paid) for state in (State.RESCHEDULED, State.SLOT_PROPOSED)]
    unpaid = await left(process, State.SLOT_PROPOSED)
    late = await left(process, State.SLOT_PROPOSED, **paid, late_payment=LatePayment.CHOOSING)
    booked = await left(process, State.RESCHEDULED, **paid, booked_hold="hold-1")
    await upgrade.open_alarms(process)
    found = await listed(process)
    for lead in timeless:
        assert found["paid_without_time", lead.bookings[0].reference] == lead.id
    assert not {unpaid.id, late.id, booked.id} & set(found.values())
    waited = {row["_id"] for row in documents("leads") if row.get("waits_for_person") and not row["merged_into"]}
    assert waited
    assert {lead for (reason, _), lead in found.items() if reason == AlarmReason.BEFORE} == waited
    stuck = [row["_id"] for row in documents("payouts") if row["state"] == PayoutState.PERSON]
    assert stuck
    for payout in stuck:
        assert found["payout_stuck", payout] == lead_of("payout_failed")
    before = await everything(process)
    assert await upgrade.open_alarms(process) == 0
    assert await everything(process) == before


async def test_a_stuck_payout_of_yesterday_closes_its_alarm_when_it_goes_on(process: Process) -> None:  # noqa: F811
    await upgrade.open_alarms(process)
    money, lead = money_parts(process), lead_of("payout_failed")
    (payout_id,) = [subject for (reason, subject) in await listed(process) if reason == AlarmReason.PAYOUT_STUCK]
    payout = await money.store.payouts.load(payout_id)
    assert payout is not None
    given_up = await money.store.payouts.save(payout.voided("paid in cash", "Dewi", await process.clock.business_now()))
    told = news.of_payout(given_up)
    assert (told.was_stuck, told.needs_person) == (True, False)
    await money.till.tell(told, await process.parts.leads.server_now())
    assert await process.parts.lead_worker.work(lead)
    assert ("payout_stuck", payout_id) not in await listed(process)


async def test_a_refund_that_waits_for_a_person_is_found_with_its_customer(process: Process) -> None:  # noqa: F811
    refunds = money_parts(process).store.refunds
    (asked,) = await refunds.every({"reference": money_of("account_asked")})
    await refunds.save(replace(asked, state=RefundState.PERSON))
    await upgrade.open_alarms(process)
    assert (await listed(process))["refund_failed", asked.id] == lead_of("account_asked")


async def test_a_lead_that_cannot_be_read_keeps_nobody_from_starting_and_no_other_from_its_alarm(
    process: Process,  # noqa: F811
) -> None:
    broken = await left(process, State.SLOT_PROPOSED, paid=PRICE)
    await process.database["leads"].update_one({"_id": broken.id}, {"$set": {"sealed": b"sealed by nobody"}})
    other = await left(process, State.RESCHEDULED, paid=PRICE)
    await upgrade.bring_up(process)
    assert other.id in (await listed(process)).values()
    assert broken.id not in (await listed(process)).values()


async def test_every_start_looks_once_and_no_more(process: Process) -> None:  # noqa: F811
    await upgrade.bring_up(process)
    found = await listed(process)
    assert found
    late = await left(process, State.RESCHEDULED, paid=PRICE)
    await upgrade.bring_up(process)
    assert await listed(process) == found
    assert await upgrade.open_alarms(process) == 1
    assert late.id in (await listed(process)).values()
