"""Everything of money that is stored, and by which facts it is found."""

from collections.abc import Mapping
from typing import Any, Final

from payments.domain.alarm import OpenAlarm
from payments.domain.balance import BalanceGuard
from payments.domain.corrections import SettleOrder
from payments.domain.credit import Credit
from payments.domain.invoice import Invoice
from payments.domain.movement import Movement
from payments.domain.payables import Payable
from payments.domain.payee_notices import PayeeNotice
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
UNDEPOSITED: Final = "undeposited"
"""The stored fact: a person received money for it that is not in the provider's account yet."""
UNACKNOWLEDGED: Final = "untold"
"""The stored fact: there is a revision that the caller does not have for good."""
LINK_MADE_AT: Final = "record.attempts.created_at"
TAKEN_AT: Final = "record.sends.accepted_at"
MADE_AT: Final = "record.made_at"
"""What reports of a period ask for."""
CHARGEBACK_ID = "record.chargebacks.id"
"""An invoice with a payment that a bank took back."""


MEANS_WORK: Final = (
    "invoices",
    "payables",
    "payouts",
    "refunds",
    "payees",
    "payee_proposals",
    "payee_notices",
    "movements",
    "settle_orders",
    "credits",
    "money_alarms",
)
"""Collections in which a write may give the sweep something to do; the others it writes itself, and alone."""


class Store:
    """The collections of money in an open database; every uniqueness is an `_id`."""

    def __init__(self, database: Database, codec: Codec) -> None:
        self.invoices = Records(collection(database, "invoices"), Invoice, lambda r: r.reference, _invoice, codec)
        self.payables = Records(collection(database, "payables"), Payable, lambda r: r.id, _payable, codec)
        self.payouts = Records(collection(database, "payouts"), Payout, lambda r: r.id, _payout, codec)
        self.refunds = Records(collection(database, "refunds"), Refund, lambda r: r.id, _refund, codec)
        self.payees = Records(
            collection(database, "payees"),
            PayeeAccount,
            lambda r: r.payee,
            lambda r: {"account": r.payout_account},
            codec,
        )
        self.proposals = Records(
            collection(database, "payee_proposals"),
            AccountProposal,
            lambda r: r.id,
            lambda r: {"payee": r.payee, "state": r.state, "next_at": r.next_at},
            codec,
        )
        self.payee_notices = Records(
            collection(database, "payee_notices"), PayeeNotice, lambda r: r.id, _payee_notice, codec
        )
        # One document a currency: whoever reserves saves over the version it read, so no two see the same money free.
        self.guards = Records(
            collection(database, "balance_guards"),
            BalanceGuard,
            lambda r: r.currency,
            lambda r: {"set_aside": sum(kept.amount for kept in r.reservations)},
            codec,
        )
        self.movements = Records(
            collection(database, "movements"),
            Movement,
            lambda r: r.id,
            lambda r: {"dirty": r.dirty, UNMATCHED: r.is_unmatched, "kind": r.kind},
            codec,
        )
        cursors = collection(database, "statement_readings")
        self.readings = Records(cursors, StatementCursor, lambda r: r.id, lambda r: {"next_at": r.next_at}, codec)
        self.reconciliations = Records(
            collection(database, "reconciliations"),
            Reconciliation,
            # By currency and moment, so that the highest id of a currency is its last reconciliation.
            lambda r: f"{r.currency}|{r.at.isoformat()}",
            lambda r: {"currency": r.currency, "at": r.at, "verdict": r.verdict},
            codec,
        )
        orders = collection(database, "settle_orders")
        self.orders = Records(orders, SettleOrder, lambda r: r.id, lambda r: {"next_at": r.next_at}, codec)
        self.credits = Records(
            collection(database, "credits"),
            Credit,
            lambda r: r.id,
            lambda r: {
                "next_at": r.next_at,
                "dirty": r.dirty,
                UNACKNOWLEDGED: r.acknowledged < r.revision,
                "left": r.left.amount,
            },
            codec,
        )
        self.alarms = Records(
            collection(database, "money_alarms"),
            OpenAlarm,
            lambda r: r.id,
            lambda r: {"announced": r.announced, "open": r.closed_at is None, "kind": r.kind},
            codec,
        )
        self.heartbeats = RoundHeartbeats(database)
        self.ledger = Ledger(collection(database, "ledger"))

    async def index(self) -> None:
        """Makes the indexes; safe to do again."""
        await self.invoices.index("next_at", "dirty", UNACKNOWLEDGED, UNDEPOSITED, CHARGEBACK_ID, LINK_MADE_AT)
        await self.payables.index("reference", "payout", together=("state", "due_at"))
        await self.payouts.index("next_at", "dirty", UNACKNOWLEDGED, "state", "references", "record.payee", TAKEN_AT)
        await self.refunds.index("next_at", "dirty", UNACKNOWLEDGED, "state", "reference", "awaits_approval", MADE_AT)
        await self.movements.index("dirty", UNMATCHED)
        await self.proposals.index("next_at", "payee")
        await self.payee_notices.index("next_at")
        await self.orders.index("next_at")
        await self.credits.index("next_at", "dirty", UNACKNOWLEDGED)
        await self.reconciliations.index("at")
        await self.alarms.index("announced", "open")
        await self.ledger.index()


def _invoice(record: Invoice) -> Mapping[str, Any]:
    return {
        "next_at": record.next_at,
        "dirty": record.dirty,
        UNACKNOWLEDGED: record.acknowledged < record.revision,
        UNDEPOSITED: any(one.receipt is not None and one.settled_at is None for one in record.payments),
    }


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
        # MongoDB indexes every element of a list: the payouts of a booking are found by one of them.
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


def _payee_notice(record: PayeeNotice) -> Mapping[str, Any]:
    return {"payee": record.payee, "state": record.state, "next_at": record.next_at}
