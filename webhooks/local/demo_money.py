"""The money of the demo: customers who pay their links, days that pass, and the books at the end."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from bot.domain.states import State
from bot.domain.task import Task, TaskKind, TaskState
from bot.lifecycle.task_steps import TaskRefused, TaskRequest, TaskStep
from bot.store.clock import BusinessClock
from bot.store.tasks import TaskQuery
from payments.domain.payout import PayoutState
from payments.services.cashier import BookingMoney, money_check
from webhooks.api.money import views
from webhooks.wiring import MoneyParts, Process

Json = dict[str, Any]

LOOK_EVERY: Final = 0.2
THINKS_FOR: Final = 1.0
"""Seconds a customer looks at the link before paying."""
STEP: Final = timedelta(hours=6)
TO_A_JOB: Final = timedelta(days=1)
"""The longest step while something is still to be given: weeks lie before the last of it."""
MOST_STEPS: Final = 90
BEGUN: Final = timedelta(minutes=5)
"""So long after its beginning whoever gives something says that it is done: before anybody asks where the guest is."""
MOST_LOOKS: Final = 100
CHANNELS: Final[Mapping[str, tuple[str, ...]]] = {
    "IDR": ("QRIS", "BCA", "OVO"),
    "VND": ("ZALOPAY", "BIDV", "MOMO"),
}
"""How customers pay, by currency."""


@dataclass(slots=True)
class Report:
    """What became of the money."""

    holds: bool
    bookings: list[Json] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def _control(simulator_url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"{simulator_url}/sim/xendit", trust_env=False, timeout=30)


async def pay_every_link(simulator_url: str) -> None:
    """Until cancelled: whoever gets a link pays it a moment later, each in another way."""
    paid: set[str] = set()
    async with _control(simulator_url) as control:
        while True:
            found = (await control.get("/invoices")).raise_for_status().json()
            for invoice in found["items"] if isinstance(found, dict) else found:
                if invoice["status"] == "PENDING" and invoice["id"] not in paid:
                    ways = CHANNELS[invoice["currency"]]
                    channel = ways[len(paid) % len(ways)]
                    # Noted before the pause: the next round must not pay it a second time.
                    paid.add(invoice["id"])
                    await asyncio.sleep(THINKS_FOR)
                    await control.post("/pay", json={"invoice": invoice["id"], "channel": channel})
            await asyncio.sleep(LOOK_EVERY)


async def settle(simulator_url: str, process: Process) -> None:
    """Both clocks move on together, a sweep after each step, until nobody who can be paid waits any more. What is paid
    out only when it was given is given on the way, as its provider says with a tap."""
    money, clock = _money_of(process), BusinessClock(process.database)
    async with _control(simulator_url) as control:
        for _ in range(MOST_STEPS):
            before = await clock.business_now()
            waits = [task.planned.begins_at + BEGUN - before for task in await _jobs(process)]
            # not past the beginning of a job by hours: by then somebody asks where its guest is
            ahead = [one for one in waits if one > timedelta()]
            step = min((TO_A_JOB if ahead else STEP, *ahead))
            await clock.move(step, live_key=process.settings.has_live_key)
            await control.post("/clock", json={"advance_seconds": step.total_seconds()})
            now, server_now = await clock.business_now(), await process.parts.leads.server_now()
            await _given(process, now)
            # Callbacks before the sweep: a payment that has come in is settled in the same step.
            await money.rounds.hear_all()
            await money.till.sweep(now, server_now)
            page = await process.parts.bookings.page(None, None, 100, None)
            bookings = [found.booking for found in page.bookings if found.booking.due is not None]
            known = [await money.cashier.money_of(booking.account) for booking in bookings]
            if known and all(books.payouts and _is_over(books) for books in known):
                return


async def _jobs(process: Process) -> list[Task]:
    """What somebody gives to a guest, and has not yet."""
    page = await process.parts.tasks.page(TaskQuery(state=TaskState.TAKEN, kind=TaskKind.SERVICE), 100, None)
    return list(page.tasks)


async def _given(process: Process, now: datetime) -> None:
    """Whoever gives what has begun says that it is done, and its booking has heard of it."""
    for task in await _jobs(process):
        if task.planned.begins_at + BEGUN > now:
            continue
        done = TaskRequest(TaskStep.DONE, f"partner:{task.assignee}", task.assignee)
        with suppress(TaskRefused):
            # called off, or another's, in the same moment
            await process.parts.task_desk.move(task.id, done)
        for _ in range(MOST_LOOKS):
            if not await _is_confirmed(process, task):
                break
            await asyncio.sleep(LOOK_EVERY)


async def _is_confirmed(process: Process, task: Task) -> bool:
    found = None if task.booking is None else await process.parts.bookings.find(task.booking)
    return found is not None and found.booking.state is State.CONFIRMED


def _is_over(known: BookingMoney) -> bool:
    """Every share that is in a payout has arrived, and none is on its way into one; a payout may hold others' too."""
    in_payouts = {line.payable for payout in known.payouts for line in payout.lines}
    arrived = all(payout.state is PayoutState.SUCCEEDED for payout in known.payouts)
    return arrived and in_payouts.issuperset(payable.id for payable in known.payables)


def _money_of(process: Process) -> MoneyParts:
    assert process.money is not None, "the demo sets up a payment provider"
    return process.money


async def report(process: Process) -> Report:
    """Every booking with its money, once our books are laid against the provider's balances."""
    money = _money_of(process)
    # Laid against the provider first, so that no fee still on its way counts as a difference.
    look = (await money.cashier.books.reconcile(await BusinessClock(process.database).business_now())).look
    checked = await money_check(money.store)
    made = Report(checked.holds and look.holds, failures=list(look.in_words))
    page = await process.parts.bookings.page(None, None, 100, None)
    for found in page.bookings:
        booking, known = found.booking, await money.cashier.money_of(found.booking.account)
        made.bookings.append(
            {
                "reference": booking.reference,
                "state": booking.state.value,
                "payment_status": booking.payment_status.value,
                "money": views.money(known, process.business.currency if booking.due is None else booking.due.currency),
                "payouts": views.payouts(known),
            }
        )
        if booking.state not in {State.CONFIRMED, State.COMPLETED}:
            made.failures.append(f"{booking.reference} is {booking.state}")
        stuck = [payout for payout in known.payouts if payout.state is not PayoutState.SUCCEEDED]
        made.failures += [f"{payout.id} is {payout.state}: {payout.reason}" for payout in stuck]
    return made


def in_words(booking: Json) -> str:
    """A booking and where its money went, in one line."""
    terms = {name: sum_["amount"] for name, sum_ in booking["money"].items()}
    currency = booking["money"]["captured"]["currency"]
    gone = ", ".join(f"{name.replace('_', ' ')} {terms[name]:,}" for name in views.TERMS[1:] if terms[name])
    return f"{booking['reference']}  {booking['state']}  {currency} {terms['captured']:,} = {gone or 'nothing'}"
