"""What the API, the command line and the demo show of a booking's money (docs/contract.md: bookings)."""

from collections.abc import Mapping
from typing import Any, Final

from payments.domain.alarm import OpenAlarm
from payments.domain.bank_accounts import masked
from payments.domain.check import MoneyCheck
from payments.domain.invoice import Invoice
from payments.domain.ledger import Books
from payments.domain.money import Money
from payments.domain.payables import Payable, PayableState
from payments.domain.payees import AccountProposal, Destination
from payments.domain.payout import Payout
from payments.domain.reconciliation import Reconciliation
from payments.domain.refund import Refund
from payments.services.cashier import BookingMoney, Cashier
from payments.services.payees import PayeeStanding
from webhooks.api.money.models import Monies

Json = dict[str, Any]

TERMS: Final = ("captured", "held", "platform", "paid_out", "refunded", "fees", "open", "transferred")
"""The terms of the invariant: captured is the sum of the others."""


def amount(sum_: Money) -> Json:
    """An amount object, in minor units."""
    return {"amount": sum_.amount, "currency": sum_.currency}


def money(known: BookingMoney, currency: str) -> Json:
    """The terms in the booking's currency, nothing where no money has come."""
    books = next((one for one in known.books if one.currency == currency), Books(known.reference, currency))
    return {term: {"amount": getattr(books, term), "currency": currency} for term in TERMS}


def payouts(known: BookingMoney) -> list[Json]:
    """What of this booking is in which payout."""
    return [
        {
            "id": payout.id,
            "party": line.party.value,
            "amount": amount(line.amount),
            "status": payout.state.value.upper(),
        }
        for payout in known.payouts
        for line in payout.lines
        if line.reference == known.reference
    ]


def payables(known: BookingMoney) -> list[Json]:
    """What is owed to each party, and when it may leave."""
    return [_payable(one) for one in known.payables]


def _payable(one: Payable) -> Json:
    due_at = one.due_at
    return {
        "party": one.party.value,
        "amount": amount(one.net),
        "state": one.state.value.upper(),
        "due_at": None if due_at is None else due_at.isoformat(),
    }


def is_settled(known: BookingMoney) -> bool:
    """Whether everybody who can be paid has been."""
    return bool(known.payables) and all(one.state is PayableState.PAID for one in known.payables)


def invoices(known: BookingMoney) -> list[Json]:
    """Every link, oldest first."""
    if known.invoice is None:
        return []
    return [
        {
            "id": one.provider_id,
            "external_id": one.external_id,
            "amount": amount(one.amount),
            "status": one.state.value.upper(),
            "url": one.url,
        }
        for one in known.invoice.attempts
    ]


def refunds(known: BookingMoney) -> list[Json]:
    """Every refund."""
    return [{"id": one.id, "amount": amount(one.amount), "status": one.state.value.upper()} for one in known.refunds]


def chargebacks(known: BookingMoney) -> list[Json]:
    """What banks took back, and how it stands."""
    if known.invoice is None:
        return []
    return [
        {"id": one.id, "amount": amount(one.amount), "status": one.outcome.value.upper()}
        for one in known.invoice.chargebacks
    ]


def everything(known: BookingMoney, currency: str) -> Json:
    """All money fields of a booking."""
    return {
        "money": money(known, currency),
        "payables": payables(known),
        "payouts": payouts(known),
        "refunds": refunds(known),
        "chargebacks": chargebacks(known),
        "invoices": invoices(known),
    }


def checked(found: MoneyCheck) -> Json:
    """Does the money hold, and where not."""
    return {
        "holds": found.holds,
        "bookings": found.bookings,
        "differences": [
            {
                "reference": one.reference,
                "term": one.term,
                "currency": one.currency,
                "in_ledger": one.in_ledger,
                "in_records": one.in_records,
            }
            for one in found.differences
        ],
    }


def reconciled(look: Reconciliation) -> Json:
    """Our books against the provider's balances."""
    return {
        "verdict": look.verdict.value,
        "held_last_at": None if look.since is None else look.since.isoformat(),
        "balances": [
            {
                "currency": look.currency,
                "account": line.account,
                "ours": line.ours,
                "theirs": line.theirs,
                "difference": line.difference,
            }
            for line in look.lines
        ],
        "in_words": list(look.in_words),
        "strays": list(look.unmatched),
        "moving": list(look.moving),
    }


def payout(known: Payout) -> Json:
    """A payout as a person decides about it; of its account only the end."""
    return {
        "id": known.id,
        "payee": known.payee,
        "amount": amount(known.amount),
        "status": known.state.value.upper(),
        "reason": known.reason,
        "bookings": sorted({line.reference for line in known.lines}),
        "lines": [
            {"booking": line.reference, "party": line.party.value, "amount": amount(line.amount)}
            for line in known.lines
        ],
        "account": destination(known.destination),
        "sent": len([send for send in known.sends if send.asked_at is not None]),
        "decisions": [
            {"what": one.kind.value, "by": one.by, "at": one.at.isoformat(), "reason": one.reason}
            for one in known.decisions
        ],
    }


def receipts(invoice: Invoice) -> list[Json]:
    """What of it was received by hand and is not in the provider's account yet."""
    return [
        {
            "id": payment.receipt.id,
            "account": invoice.reference,
            "amount": amount(payment.amount),
            "way": payment.receipt.way.value,
            "received_by": payment.receipt.by,
            "received_at": payment.seen_at.isoformat(),
        }
        for payment in invoice.payments
        if payment.receipt is not None and payment.settled_at is None
    ]


def waiting_refund(known: Refund) -> Json:
    """A refund as a person decides about it; its state is stored as ever, what it waits for is said here."""
    approval = known.approval
    at = None if approval is None else approval.at
    return {
        "id": known.id,
        "account": known.reference,
        "amount": amount(known.amount),
        "status": "NEEDS_APPROVAL" if known.awaits_approval else known.state.value.upper(),
        "ordered_at": known.made_at.isoformat(),
        "ordered_by": list(known.ordered_by),
        "approved_by": None if approval is None else approval.by,
        "approved_at": None if at is None else at.isoformat(),
    }


def destination(known: Destination) -> Json:
    """An account by its channel and the end of its number."""
    return {"channel": known.channel_code, "number": masked(known.account_number)}


def payee(known: PayeeStanding) -> Json:
    """Where a payee is paid, what waits, and what is kept for who has no account."""
    waiting = known.proposal
    return {
        "payee": known.payee,
        "account": None if known.account is None else destination(known.account.destination),
        "proposal": None if waiting is None else proposal(waiting),
        "kept": [amount(one) for one in known.kept],
    }


def proposal(waiting: AccountProposal) -> Json:
    """Another account, and from when it counts."""
    return {
        "account": destination(waiting.destination),
        "proposed_by": waiting.proposed_by,
        "proposed_at": waiting.proposed_at.isoformat(),
        "effective_at": waiting.effective_at.isoformat(),
        "state": waiting.state.value.upper(),
        "confirmed_by": waiting.confirmed_by,
    }


def alarm(known: OpenAlarm) -> Json:
    """What a person should look at."""
    return {
        "kind": known.kind.value,
        "subject": known.subject,
        "opened_at": known.opened_at.isoformat(),
        "facts": dict(known.facts),
    }


async def monies(cashier: Cashier, currencies: Mapping[str, str]) -> Mapping[str, Monies]:
    """All that is known of the money of these accounts, each in its currency."""
    known = await cashier.money_of_all(currencies)
    return {
        account: Monies.model_validate(everything(known[account], currency)) for account, currency in currencies.items()
    }
