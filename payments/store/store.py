"""Everything of money that is stored, and by which facts it is found."""

from collections.abc import Mapping
from typing import Any, Final

from payments.domain.alarm import OpenAlarm
from payments.domain.balance import BalanceGuard
from payments.domain.corrections import SettleOrder
from payments.domain.invoice import Invoice
from payments.domain.movement import Movement
from payments.domain.payables import Payable
from payments.domain.payees import AccountProposal, PayeeAccount
from payments.domain.payout import Payout
from payments.domain.reconciliation import Reconciliation
from payments.domain.refund import Refund
from payments.domain.statement_cursor import StatementCursor
from payments.store.codec import Codec
from payments.store.heartbeats import RoundHeartbeats
from payments.store.postings import Ledger
from payments.store.records import Database, Records, collection

UNMATCHED: Final = "stray"
"""The stored fact: a movement that nobody here ordered and nobody has accepted."""
UNACKNOWLEDGED: Final = "untold"
"""The stored fact: there is a revision that the caller does not have for good."""


class Store:
    """The collections of money in an open database; every uniqueness is an `_id`."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self.invoices = Records(collection(database, "invoices"), Invoice, lambda r: r.reference, _invoice, codec)
        self.payables = Records(collection(database, "payables"), Payable, lambda r: r.id, _payable, codec)
        self.payouts = Records(collection(database, "payouts"), Payout, lambda r: r.id, _payout, codec)
        self.refunds = Records(collection(database, "refunds"), Refund, lambda r: r.id, _refund, codec)
        self.payees = Records(collection(database, "payees"), PayeeAccount, lambda r: r.payee, _payee, codec)
        self.proposals = Records(
            collection(database, "payee_proposals"), AccountProposal, lambda r: r.id, _proposal, codec
        )
        self.guards = Records(collection(database, "balance_guards"), BalanceGuard, lambda r: r.currency, _guard, codec)
        self.movements = Records(collection(database, "movements"), Movement, lambda r: r.id, _movement, codec)
        self.readings = Records(
            collection(database, "statement_readings"), StatementCursor, lambda r: r.id, _reading, codec
        )
        self.reconciliations = Records(
            collection(database, "reconciliations"), Reconciliation, _look_id, _reconciliation, codec
        )
        self.orders = Records(collection(database, "settle_orders"), SettleOrder, lambda r: r.id, _order, codec)
        self.alarms = Records(collection(database, "money_alarms"), OpenAlarm, lambda r: r.id, _alarm, codec)
        self.heartbeats = RoundHeartbeats(database)
        self.ledger = Ledger(collection(database, "ledger"))

    async def index(self) -> None:
        """Makes the indexes; safe to do again."""
        await self.invoices.index("next_at", "dirty", UNACKNOWLEDGED)
        await self.payables.index("due_at", "reference", "payout")
        await self.payouts.index("next_at", "dirty", UNACKNOWLEDGED, "state", "references", "record.payee")
        await self.refunds.index("next_at", "dirty", UNACKNOWLEDGED, "state", "reference", "awaits_approval")
        await self.movements.index("dirty", UNMATCHED)
        await self.proposals.index("next_at", "payee")
        await self.orders.index("next_at")
        await self.alarms.index("announced", "open")
        await self.ledger.index()


def _invoice(record: Invoice) -> Mapping[str, Any]:
    return {"next_at": record.next_at, "dirty": record.dirty, UNACKNOWLEDGED: record.acknowledged < record.revision}


def _payable(record: Payable) -> Mapping[str, Any]:
    return {
        "reference": record.reference,
        "payee": record.payee,
        "state": record.state,
        # One that banks keep sending back waits for a person, and not at the head of a queue.
        "due_at": None if record.is_blocked else record.due_at,
        "payout": record.payout,
    }


def _payout(record: Payout) -> Mapping[str, Any]:
    return {
        "next_at": record.next_at,
        "dirty": record.dirty,
        UNACKNOWLEDGED: record.acknowledged < record.revision,
        "state": record.state,
        "references": sorted({line.reference for line in record.lines}),
    }


def _refund(record: Refund) -> Mapping[str, Any]:
    return {
        "next_at": record.next_at,
        "dirty": record.dirty,
        UNACKNOWLEDGED: record.acknowledged < record.revision,
        "state": record.state,
        "reference": record.reference,
        "awaits_approval": record.awaits_approval,
    }


def _movement(record: Movement) -> Mapping[str, Any]:
    return {"dirty": record.dirty, UNMATCHED: record.is_unmatched, "kind": record.kind}


def _reading(record: StatementCursor) -> Mapping[str, Any]:
    return {"next_at": record.next_at}


def _look_id(record: Reconciliation) -> str:
    return f"{record.currency}|{record.at.isoformat()}"


def _reconciliation(record: Reconciliation) -> Mapping[str, Any]:
    return {"currency": record.currency, "at": record.at, "verdict": record.verdict}


def _order(record: SettleOrder) -> Mapping[str, Any]:
    return {"next_at": record.next_at}


def _alarm(record: OpenAlarm) -> Mapping[str, Any]:
    return {"announced": record.announced, "open": record.closed_at is None, "kind": record.kind}


def _payee(record: PayeeAccount) -> Mapping[str, Any]:
    return {"account": record.payout_account}


def _proposal(record: AccountProposal) -> Mapping[str, Any]:
    return {"payee": record.payee, "state": record.state, "next_at": record.next_at}


def _guard(record: BalanceGuard) -> Mapping[str, Any]:
    return {"set_aside": sum(kept.amount for kept in record.reservations)}
