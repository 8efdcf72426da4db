"""A restart with another business file: what was quoted before keeps its price and policy, what comes after has the
new one."""

import secrets
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import OpenInvoice
from bot.domain.events import SlotBooked, StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId, LeadId
from bot.domain.lead import Address, Lead
from bot.domain.states import State
from payments.domain.money import Money
from payments.domain.splits import FixedPayoutSplit
from tests.bot.business.makers import with_changes
from tests.journeys.world import QUICK, settings_for, simulated
from webhooks.settings import Settings
from webhooks.wiring import Process, opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]

LEAD = LeadId("wayan")
PAY = "payment: { rule: full, window_minutes: 120, notice_minutes: 90 }"
OTHERWISE = with_changes(
    ("amount: 350000, payout: 250000", "amount: 990000, payout: 250000"),
    (PAY, PAY.replace("120", "30")),
    ("percent: 65 }\n      - { party: platform, percent: 35", "percent: 50 }\n      - { party: platform, percent: 50"),
)
"""The massage dearer, with less time to pay and another split."""


@pytest.fixture
async def settings(mongodb_uri: str) -> AsyncIterator[Settings]:
    """Of a process without an outside world, over a fresh database."""
    made = settings_for(simulated(""), "http://127.0.0.1:1", 1, f"versions_{secrets.token_hex(6)}")
    yield made
    async with opened(made, mongodb_uri, QUICK) as process:
        await process.client.drop_database(made.mongodb_database)


async def slot_of(process: Process, days: int) -> OfferedSlot:
    """A massage in the afternoon, so many days from now."""
    day = (await process.parts.clock.business_now() + timedelta(days=days)).replace(hour=6, minute=0, second=0)
    start = day.replace(microsecond=0)
    name = f"balinese-massage|ayu|{start:%Y%m%dT%H%MZ}|villa-melati"
    return OfferedSlot(name, start, start + timedelta(hours=1), "ayu", "villa-melati", hold_id=f"hold-{days}")


async def asked(process: Process, name: str, days: int) -> Booking:
    """Staff books that massage; nobody has claimed the time yet."""
    slot, now = await slot_of(process, days), await process.parts.clock.business_now()
    facts = (("service", "balinese-massage"), ("slot_id", slot.slot_id), ("guests", "1"))
    event = StaffAsked(
        EventId(f"staff:{name}"), now, "operations", StaffAction.CREATE, BookingReference(f"BK-{name}"), facts
    )
    await process.parts.decisions.tell(LEAD, event)
    return await booking(process, name)


async def got(process: Process, name: str, days: int) -> tuple[Booking, OpenInvoice, datetime]:
    """The time is theirs: the booking as it stands then, and the link that was ordered."""
    now = await process.parts.clock.business_now()
    slot = await slot_of(process, days)
    told = SlotBooked(EventId(f"done:{name}"), now, BookingReference(f"BK-{name}"), slot)
    await process.parts.decisions.tell(LEAD, told)
    stored = await process.parts.leads.load(LEAD)
    assert stored is not None
    orders = [one.effect.command for one in stored.outbox if isinstance(one.effect.command, OpenInvoice)]
    (order,) = [one for one in orders if one.account == f"BK-{name}"]
    return await booking(process, name), order, now


async def booking(process: Process, name: str) -> Booking:
    """As the lead knows it."""
    stored = await process.parts.leads.load(LEAD)
    assert stored is not None
    found = stored.lead.booking(f"BK-{name}")
    assert found is not None
    return found


async def test_a_booking_keeps_the_price_split_and_deadline_it_was_quoted_under(
    mongodb_uri: str, settings: Settings, tmp_path: Path
) -> None:
    async with opened(settings, mongodb_uri, QUICK) as before:
        now = await before.parts.clock.business_now()
        customer = Lead(LEAD, Address(wa_id="6281200000001")).conversing(last_inbound_at=now)
        await before.parts.leads.create(customer)
        quoted = await asked(before, "old", 3)
        assert (quoted.price, quoted.business_version) == (Money(350_000, "IDR"), before.business.version)
        row = await before.database["leads"].find_one({"_id": LEAD})
        assert row["business"] == before.business.version

    changed = tmp_path / "otherwise.yaml"
    changed.write_text(OTHERWISE, "utf-8")
    async with opened(settings.with_changes(business_file=changed), mongodb_uri, QUICK) as after:
        assert after.business.version != before.business.version
        old, link, when = await got(after, "old", 3)
        assert old.state is State.PAYMENT_PENDING
        assert (link.due, old.business_version) == (Money(350_000, "IDR"), before.business.version)
        assert link.terms.rule == FixedPayoutSplit(payout=Money(250_000, "IDR"), facility=6500, platform=3500)
        assert link.pay_by - when > timedelta(minutes=60)
        row = await after.database["leads"].find_one({"_id": LEAD})
        assert row["business"] == after.business.version

        new = await asked(after, "new", 4)
        assert (new.price, new.business_version) == (Money(990_000, "IDR"), after.business.version)
        _, link, when = await got(after, "new", 4)
        assert link.due == Money(990_000, "IDR")
        assert link.terms.rule == FixedPayoutSplit(payout=Money(250_000, "IDR"), facility=5000, platform=5000)
        assert link.pay_by - when <= timedelta(minutes=31)
        assert await after.parts.businesses.versions() == sorted([before.business.version, after.business.version])
        kept = await after.parts.businesses.find(before.business.version)
        assert kept == before.business


async def test_a_service_that_left_the_file_is_still_sold_to_who_has_booked_it(
    mongodb_uri: str, settings: Settings, tmp_path: Path
) -> None:
    async with opened(settings, mongodb_uri, QUICK) as before:
        now = await before.parts.clock.business_now()
        customer = Lead(LEAD, Address(wa_id="6281200000001")).conversing(last_inbound_at=now)
        await before.parts.leads.create(customer)
        await asked(before, "old", 3)
    changed = tmp_path / "renamed.yaml"
    changed.write_text(with_changes().replace("balinese-massage", "bali-massage"), "utf-8")
    async with opened(settings.with_changes(business_file=changed), mongodb_uri, QUICK) as after:
        assert after.business.service("balinese-massage") is None
        _, link, _ = await got(after, "old", 3)
        assert link.due == Money(350_000, "IDR")
        assert link.description.startswith("Balinese massage")
