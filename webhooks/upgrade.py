"""A database of an earlier version brought to this one: its schema, then an alarm for each thing it left for a person.

Safe to be killed, done twice or by two processes at once: an alarm is found by its reason and subject, and one whose
cause is gone meanwhile closes in the commit that opens it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

import structlog

from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.events import AlarmsFound
from bot.domain.ids import BookingReference, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.states import CLOSED, LatePayment
from bot.engine.accounts import BadAccount, PasswordRefused
from bot.engine.living import living
from bot.lifecycle import booking_money
from bot.store import left_behind, migrations
from bot.store.driver import is_outage, server_now
from payments.domain import news
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState
from webhooks.keys import keys_in_use
from webhooks.processes.older_versions import none_older
from webhooks.wiring import Process, money_store

log = structlog.get_logger(__name__)

Found = tuple[AlarmReason, str]
_PERSON: Final = {"state": PayoutState.PERSON.value}


async def bring_up(process: Process) -> None:
    """The schema, and once the alarms; what every process does before it begins, unless an older one is alive."""
    await none_older(process.parts.heartbeats)
    await migrations.migrate(process.database)
    if not await left_behind.is_looked_through(process.database):
        await open_alarms(process)
    await _first_account(process)
    await process.key_ages.saw(keys_in_use(process.settings), await server_now(process.database))


async def _first_account(process: Process) -> None:
    """ADMIN_EMAIL and ADMIN_PASSWORD make the first account, and change none that is there."""
    email, password = process.settings.admin_email, process.settings.admin_password
    if email is None or password is None:
        return
    try:
        user = await process.accounts.begin_with(email, password.get_secret_value(), await server_now(process.database))
    except (BadAccount, PasswordRefused) as wrong:
        # the house runs without it; `janji users add` makes one at any time
        log.error("first_account_refused", problem=type(wrong).__name__)
        return
    if user is not None:
        log.info("first_account_made", user=user.id)


async def open_alarms(process: Process) -> int:
    """An alarm for each thing that was left for a person; how many were opened."""
    opened = 0
    for lead in await left_behind.leads_left(process.database):
        opened += await _tell(process, lead, _of_bookings)
    opened += await _of_payouts(process) + await _of_refunds(process)
    await left_behind.looked_through(process.database)
    if opened:
        log.info("alarms_opened", count=opened)
    return opened


async def _tell(process: Process, lead_id: LeadId, found_in: Callable[[Lead], Iterable[Found]]) -> int:
    """The lead has these alarms, and stands in the list with all it has; how many of them are new there."""
    try:
        stored = await living(process.parts.leads, lead_id)
        if stored is None:
            return 0
        lead, known = stored.lead.id, {(alarm.reason, alarm.subject) for alarm in stored.lead.alarms}
        more = tuple(one for one in found_in(stored.lead) if one not in known)
        is_listed = await left_behind.is_in_alarms(process.database, lead)
        if is_listed and not more:
            return 0
        now = await process.clock.business_now()
        named = ",".join(f"{reason}:{subject}" for reason, subject in more)
        await process.parts.decisions.tell(lead, AlarmsFound(EventId(f"upgrade:{lead}:{named}"), now, more))
    except Exception as error:
        if is_outage(error):
            raise
        # every process looks before it begins: one lead that cannot be read must not keep all of them from starting
        log.exception("left_behind_unread", lead=lead_id, problem=type(error).__name__)
        return 0
    # as read it had the alarm of having waited; saved, it is listed
    return len(more) + (0 if is_listed else len(known))


def _of_bookings(lead: Lead) -> Iterator[Found]:
    for booking in lead.bookings:
        if _is_paid_without_time(booking):
            yield AlarmReason.PAID_WITHOUT_TIME, booking.reference


def _is_paid_without_time(booking: Booking) -> bool:
    if booking.booked_hold is not None or booking.state in CLOSED:
        return False
    # late money has its own end: another time within a day, or back by itself
    is_late = booking.late_payment is not LatePayment.NONE
    return not is_late and any(account.captured for account in booking_money.accounts_of(booking))


# Money --------------------------------------------------------------------------------------------------------------


async def _of_payouts(process: Process) -> int:
    payouts, opened = money_store(process.settings, process.database).payouts, 0
    for payout in await payouts.every(_PERSON):
        # whoever is called now hears when it goes on, though this record was not made to say so
        await payouts.change(
            payout.id, lambda known: replace(known, was_stuck=True) if known.state is PayoutState.PERSON else known
        )
        found = (AlarmReason.PAYOUT_STUCK, payout.id)
        leads = await _leads_of(process, news.of_payout(payout).references)
        for lead in leads:
            opened += await _tell(process, lead, _only(found))
        after = await payouts.load(payout.id)
        if after is not None and after.state is not PayoutState.PERSON:
            await _take_back(process, leads, found)
    return opened


async def _of_refunds(process: Process) -> int:
    refunds, opened = money_store(process.settings, process.database).refunds, 0
    for refund in await refunds.every(_PERSON):
        found = (AlarmReason.REFUND_FAILED, refund.id)
        leads = await _leads_of(process, (refund.reference,))
        for lead in leads:
            opened += await _tell(process, lead, _only(found))
        after = await refunds.load(refund.id)
        if after is not None and after.state is not RefundState.PERSON:
            await _take_back(process, leads, found)
    return opened


def _only(found: Found) -> Callable[[Lead], Iterable[Found]]:
    return lambda lead: (found,)


async def _take_back(process: Process, leads: tuple[LeadId, ...], found: Found) -> None:
    """Somebody has decided in between, and the news of it may have been heard before there was an alarm."""
    event = EventId(f"upgrade:gone:{found[1]}")
    for lead in leads:
        await process.parts.decisions.tell(
            lead, AlarmsFound(event, await process.clock.business_now(), alarms=(), gone=(found,))
        )


async def _leads_of(process: Process, accounts: tuple[str, ...]) -> tuple[LeadId, ...]:
    references = sorted({BookingReference(account.partition("~")[0]) for account in accounts})
    found = [await process.parts.bookings.find(reference) for reference in references]
    return tuple(dict.fromkeys(recorded.lead for recorded in found if recorded is not None))
