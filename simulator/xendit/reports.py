"""The control door's views of what happened: books, callbacks, calls, failed tries."""

from dataclasses import asdict

from simulator.xendit.account import Account
from simulator.xendit.amounts import to_wire
from simulator.xendit.books import Figures, figures
from simulator.xendit.deliveries import Delivery
from simulator.xendit.invoices import Invoice
from simulator.xendit.journal import Call
from simulator.xendit.wire import invoice as invoice_object
from simulator.xendit.wire import moment


def books(account: Account) -> dict[str, object]:
    """Every figure by currency and by external_id or payout reference, in whole currency units."""
    ledger = account.vault.books
    by_currency = {}
    for currency in ledger.currencies():
        total = figures(ledger, currency)
        by_currency[currency] = _figures(total, currency) | {
            "accrued_fees": to_wire(_accrued(account, currency), currency),
            "by_subject": {
                about: _figures(figures(ledger, currency, about), currency) for about in ledger.subjects(currency)
            },
        }
    return {"currencies": by_currency, "holds": all(entry["holds"] for entry in by_currency.values())}


def _accrued(account: Account, currency: str) -> int:
    """Fees on payments that have not settled: known, not yet charged."""
    return sum(
        payment.fee + payment.vat
        for payment in account.payins.payments.values()
        if payment.currency == currency and not payment.is_settled and not payment.is_void
    )


def _figures(shown: Figures, currency: str) -> dict[str, object]:
    sums: dict[str, object] = {name: to_wire(value, currency) for name, value in asdict(shown).items()}
    return sums | {"holds": shown.holds}


def invoice(shown: Invoice, account: Account) -> dict[str, object]:
    """An invoice with what the merchant never hears: all its payments and failed tries."""
    payments = [account.payins.payments[payment_id] for payment_id in shown.payments]
    return invoice_object(shown, account.vault.business_id) | {
        "payments": [
            {
                "payment_id": payment.id,
                "channel": payment.channel.code,
                "amount": to_wire(payment.amount, payment.currency),
                "currency": payment.currency,
                "paid_at": moment(payment.paid_at),
                "settles_at": moment(payment.settles_at),
                "is_settled": payment.is_settled,
                "is_void": payment.is_void,
                "refunded": to_wire(payment.refunded, payment.currency),
            }
            for payment in payments
        ],
        "failed_tries": [
            {"at": moment(failed.at), "channel": failed.channel, "reason": failed.reason}
            for failed in shown.failed_tries
        ],
    }


def delivery(shown: Delivery) -> dict[str, object]:
    """A callback: its id, event, body, state and tries."""
    return {
        "webhook_id": shown.webhook_id,
        "event": shown.notice.event,
        "subject": shown.notice.subject,
        "at": moment(shown.notice.at),
        "due_at": moment(shown.due_at),
        "state": str(shown.state),
        "tries": [{"at": moment(entry.at), "outcome": entry.outcome} for entry in shown.tries],
        "body": shown.notice.body.decode(),
    }


def call(shown: Call) -> dict[str, object]:
    """One API call of the journal."""
    return asdict(shown) | {"at": moment(shown.at)}
