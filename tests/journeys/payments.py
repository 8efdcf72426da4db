"""A paid booking through the real doors: what journeys about money do again and again."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from bot.domain.booking import Booking
from bot.domain.commands import BookSlot
from bot.domain.events import SlotBooked
from bot.domain.ids import BookingReference, EffectId, LeadId
from bot.domain.states import State
from bot.engine.booking_check import BookingCheck
from bot.store.clock import BusinessClock
from payments.services.cashier import BookingMoney
from simulator.customer import Phone, Seen
from tests.journeys.world import World, until
from webhooks.wiring import MoneyParts

WISH: Final = "I want to book the Balinese massage 60 min in four weeks in the afternoon at Villa Melati"
PRICE: Final = 350_000


def money_of(world: World) -> MoneyParts:
    """The running cashier."""
    assert world.process.money is not None
    return world.process.money


async def ordered(phone: Phone, wish: str = WISH) -> None:
    """From the wish to the explicit yes."""
    await phone.say(wish)
    await phone.expect("Tap one")
    await phone.say("the first")
    await phone.expect("Please confirm")
    await phone.tap("Yes, book it")


async def linked(phone: Phone, wish: str = WISH) -> Seen:
    """A booked time and its payment link."""
    await ordered(phone, wish)
    return await phone.expect("Please pay by", kind="cta_url")


def reference_in(bubble: Seen) -> str:
    """The booking a text is about."""
    return bubble.text.split("Reference: ")[1].split()[0]


async def booking(world: World, reference: str) -> Booking:
    """As it stands in the read model."""
    found = await world.process.parts.bookings.find(BookingReference(reference))
    assert found is not None, reference
    return found.booking


async def is_in(world: World, reference: str, state: State) -> Booking:
    """The booking, as soon as it is in that state."""

    async def there() -> Booking | None:
        found = await booking(world, reference)
        return found if found.state is state else None

    found: Booking = await until(there, what=f"{reference} in {state}")
    return found


async def the_other_booking(world: World, reference: str) -> Booking:
    """The only other one there is."""

    async def there() -> Booking | None:
        page = await world.process.parts.bookings.page(None, None, 10, None)
        others = [one.booking for one in page.bookings if one.booking.reference != reference]
        return others[0] if others else None

    found: Booking = await until(there, what="another booking")
    return found


async def pay(world: World, invoice: str, channel: str = "QRIS", **more: Any) -> Any:
    """The customer pays; answered once the callback was."""
    return await world.told("POST", "/xendit/pay", {"invoice": invoice, "channel": channel, "wait": True, **more})


async def links(world: World, external_id: str = "") -> list[dict[str, Any]]:
    """The simulated Xendit's invoices, oldest first."""
    query = f"?external_id={external_id}" if external_id else ""
    answer = await world.control.get(f"/xendit/invoices{query}")
    found: list[dict[str, Any]] = answer.raise_for_status().json()
    return found


async def fault(world: World, kind: str, on: str, **more: Any) -> None:
    """Trouble with the simulated Xendit."""
    await world.told("POST", "/xendit/faults", {"kind": kind, "on": on, **more})


async def habits(world: World, **more: Any) -> None:
    """Other manners of the simulated Xendit."""
    await world.told("POST", "/xendit/habits", more)


async def time_goes_on(world: World, span: timedelta) -> None:
    """Business time here and Xendit's there; the process has read it before this returns."""
    await BusinessClock(world.process.database).move(span, live_key=False)
    await _time_is_read(world)
    await world.told("POST", "/xendit/clock", {"advance_seconds": span.total_seconds()})


async def everybodys_time_goes_on(world: World, span: timedelta) -> None:
    """The phones' time too: the customers' windows close on all sides."""
    await world.told("POST", "/time", {"move": span.total_seconds()})
    await _time_is_read(world)


async def _time_is_read(world: World) -> None:
    clock = world.process.parts.clock
    if isinstance(clock, BusinessClock):
        await clock.offset()


async def days_go_by(world: World, days: int, hours: int = 6, *, calmly: bool = False) -> None:
    """With a sweep every few hours; calmly, what is said of it is said before the next (a window lasts 24)."""
    for _ in range(days * 24 // hours):
        await time_goes_on(world, timedelta(hours=hours))
        await money_of(world).rounds.hear_all()
        await money_of(world).rounds.sweep()
        if calmly:
            await world.quiet()


async def books(world: World, account: str) -> BookingMoney:
    """All that is known of that money."""
    return await money_of(world).cashier.money_of(account)


async def agrees(world: World) -> None:
    """Our money holds, and our ledger says of the provider's balances what the provider says."""
    parts = world.process.parts
    checked = await BookingCheck(parts.bookings, parts.leads, money_of(world).store).whole()
    assert checked.holds, checked.differences

    async def differences() -> list[Any]:
        there = await world.told("GET", "/xendit/books")
        assert there["holds"], there
        ours = [await money_of(world).store.ledger.position(currency) for currency in there["currencies"]]
        return [
            (mine, theirs)
            for mine, theirs in zip(ours, there["currencies"].values(), strict=True)
            if (mine.pending, mine.cash) != (theirs["pending"], theirs["cash"])
        ]

    async def is_same() -> bool:
        # the worker's own cashier may be at the very statement that this one left to it
        return not await differences()

    with suppress(AssertionError):
        await until(is_same, what="the same balances on both sides")
    assert await differences() == []


async def texts(phone: Phone, words: str) -> list[str]:
    """Every bubble with these words."""
    return [bubble.text for bubble in await phone.bubbles() if words in bubble.text]


async def taken_by_somebody_else(world: World, of: Booking) -> None:
    """Another customer books that very time for nothing: the claims are made as a colleague's desk makes them."""
    assert of.chosen is not None
    parts = world.process.parts
    order = BookSlot(BookingReference("BK-OTHER"), of.chosen.slot_id, None, 1)
    now = await parts.clock.business_now()
    assert parts.relay.slots is not None
    done = await parts.relay.slots.perform(LeadId("somebody-else"), EffectId("theirs:0"), order, now)
    assert isinstance(done, SlotBooked)
