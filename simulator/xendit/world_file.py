"""The simulated Xendit as JSON, and back: its money, its plans, what it has still to tell, its manners."""

import heapq
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from simulator.file_values import Json, by_id, known_types, parts_of, read, read_list, written
from simulator.xendit.books import Cause, Entry, Purse
from simulator.xendit.channels import Channel, Method, Refunds
from simulator.xendit.deliveries import Delivery, DeliveryState, Try
from simulator.xendit.engine import Engine
from simulator.xendit.faults import CallbackFault, CallFault, Fault
from simulator.xendit.invoices import FailedTry, Invoice, InvoiceOrder, InvoiceStatus, Payment
from simulator.xendit.notices import Notice
from simulator.xendit.payouts import Payout, PayoutOrder, PayoutStatus
from simulator.xendit.plans import Deed, Plan
from simulator.xendit.refunds import Refund, RefundOrder, RefundStatus
from simulator.xendit.settings import Habits
from simulator.xendit.transactions import FeeStatus, Kind, Settlement, Status, Transaction

_TYPES = known_types(
    Entry,
    Purse,
    Cause,
    Channel,
    Method,
    Refunds,
    Delivery,
    DeliveryState,
    Try,
    CallbackFault,
    CallFault,
    Fault,
    FailedTry,
    Invoice,
    InvoiceOrder,
    InvoiceStatus,
    Payment,
    Notice,
    Payout,
    PayoutOrder,
    PayoutStatus,
    Deed,
    Plan,
    Refund,
    RefundOrder,
    RefundStatus,
    FeeStatus,
    Kind,
    Settlement,
    Status,
    Transaction,
    Habits,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One account as its file has it."""

    ahead: timedelta
    """How far its clock is before the world's."""
    business_id: str
    currency: str
    number: int
    is_paused: bool
    habits: Habits
    entries: list[Entry]
    transactions: list[Transaction]
    plans: list[Plan]
    notices: list[Notice]
    deliveries: list[Delivery]
    faults: list[Fault]
    invoices: list[Invoice]
    payments: list[Payment]
    payouts: list[Payout]
    payout_keys: dict[str, str]
    payout_failures: list[str]
    refunds: list[Refund]
    refund_keys: dict[str, str]
    refund_failures: list[str]


_ONES: dict[str, type[Any]] = {
    "ahead": timedelta,
    "business_id": str,
    "currency": str,
    "number": int,
    "is_paused": bool,
    "habits": Habits,
    "payout_keys": dict,
    "refund_keys": dict,
}
_LISTS: dict[str, type[Any]] = {
    "entries": Entry,
    "transactions": Transaction,
    "plans": Plan,
    "notices": Notice,
    "deliveries": Delivery,
    "faults": Fault,
    "invoices": Invoice,
    "payments": Payment,
    "payouts": Payout,
    "payout_failures": str,
    "refunds": Refund,
    "refund_failures": str,
}


def saved(engine: Engine) -> Json:
    """The account as JSON."""
    account, vault = engine.account, engine.account.vault
    kept = Kept(
        ahead=engine.clock.ahead,
        business_id=vault.business_id,
        currency=vault.currency,
        number=vault.number,
        is_paused=engine.relay.is_paused,
        habits=vault.habits,
        entries=vault.books.entries,
        transactions=list(vault.transactions.values()),
        plans=sorted(vault.plans),
        notices=vault.notices,
        deliveries=list(engine.relay.deliveries.values()),
        faults=list(engine.faults.waiting()),
        invoices=list(account.payins.invoices.values()),
        payments=list(account.payins.payments.values()),
        payouts=list(account.payouts.payouts.values()),
        payout_keys=account.payouts.by_key,
        payout_failures=account.payouts.next_failures,
        refunds=list(account.refunds.refunds.values()),
        refund_keys=account.refunds.by_key,
        refund_failures=account.refunds.next_failures,
    )
    return {name: written(part) for name, part in parts_of(kept).items()}


def kept_in(found: Json) -> Kept:
    """What a file has; AttributeError, KeyError, TypeError or ValueError where it is no account's."""
    parts: Json = {part.name: read(found[part.name], _TYPES) for part in fields(Kept) if part.name not in _LISTS}
    for name, wanted in _ONES.items():
        if not isinstance(parts[name], wanted):
            raise TypeError(f"{name} is no {wanted.__name__}")
    for name, wanted in _LISTS.items():
        parts[name] = read_list(found, name, wanted, _TYPES)
    return Kept(**parts)


async def restore(engine: Engine, kept: Kept) -> None:
    """The account becomes the one that was kept, with all that is still to come."""
    await engine.reset()
    engine.clock.advance(kept.ahead)
    account, vault, relay = engine.account, engine.account.vault, engine.relay
    vault.business_id, vault.currency, vault.number = kept.business_id, kept.currency, kept.number
    vault.habits = kept.habits
    vault.books.entries[:] = kept.entries
    vault.transactions |= by_id(kept.transactions)
    vault.notices[:] = kept.notices
    vault.plans[:] = kept.plans
    heapq.heapify(vault.plans)
    account.payins.invoices |= by_id(kept.invoices)
    account.payins.payments |= by_id(kept.payments)
    account.payouts.payouts |= by_id(kept.payouts)
    account.payouts.by_key |= kept.payout_keys
    account.payouts.next_failures[:] = kept.payout_failures
    account.refunds.refunds |= by_id(kept.refunds)
    account.refunds.by_key |= kept.refund_keys
    account.refunds.next_failures[:] = kept.refund_failures
    relay.is_paused = kept.is_paused
    relay.deliveries |= {one.webhook_id: one for one in kept.deliveries}
    for fault in kept.faults:
        engine.faults.add(fault)
    relay.wake()
