"""Values the tests of money are made of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from payments.domain.events import InvoiceExpired, InvoicePaid, InvoicePending, TransactionSeen
from payments.domain.ids import ExternalId, InvoiceId, PayableId, PayeeId, PaymentKey, PayoutAccountId
from payments.domain.invoice import Invoice
from payments.domain.money import Money
from payments.domain.payables import Payable
from payments.domain.payees import Destination, PayeeAccount
from payments.domain.splits import FeeBearer, Party, PercentSplit, SplitRule
from payments.domain.terms import Payee, ReleaseRule, Terms

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # noon in Jakarta
PAY_BY = NOON + timedelta(hours=2)
SEVENTY_TWENTY_TEN = PercentSplit(provider=7_000, facility=2_000, platform=1_000)


def idr(amount: int) -> Money:
    """Rupiah."""
    return Money(amount, "IDR")


def terms(
    rule: SplitRule = SEVENTY_TWENTY_TEN,
    bearer: FeeBearer = FeeBearer.PLATFORM,
    release: ReleaseRule = ReleaseRule.ON_PAID,
) -> Terms:
    """A provider and a villa, both there."""
    payees = (
        Payee(Party.PROVIDER, PayeeId("provider-1")),
        Payee(Party.FACILITY, PayeeId("villa-1")),
    )
    return Terms(rule, payees, fee_bearer=bearer, release=release)


def invoice(due: int = 500_000, under: Terms | None = None) -> Invoice:
    """One open link for `due`."""
    wanted = Invoice("BK1", idr(due), PAY_BY, under or terms()).with_attempt(1, (), NOON)
    return wanted.apply(pending(), NOON)


def pending() -> InvoicePending:
    """The provider has made the link."""
    return InvoicePending(ExternalId("BK1.1"), InvoiceId("inv-1"), "https://checkout.example/inv-1")


def paid(amount: int = 500_000, payment_id: str | None = "qrpy_1", **changes: object) -> InvoicePaid:
    """Somebody paid by QR."""
    news = InvoicePaid(
        ExternalId("BK1.1"), InvoiceId("inv-1"), idr(amount), NOON + timedelta(minutes=5), payment_id, "QRIS"
    )
    return replace(news, **changes)  # type: ignore[arg-type] # any field of the news


def expired() -> InvoiceExpired:
    """The link died."""
    return InvoiceExpired(ExternalId("BK1.1"), InvoiceId("inv-1"))


def row(amount: int = 500_000, fee: int = 3_500, product: str = "1", settled: bool = True) -> TransactionSeen:
    """The provider's own row of a payment."""
    return TransactionSeen(
        f"txn_{product}", product, "BK1.1", idr(amount), idr(amount - fee), idr(fee), settled, settled, "QRIS"
    )


def account(payee: str = "provider-1", number: str = "1234567890", name: str = "1") -> PayeeAccount:
    """A bank account at BCA."""
    return PayeeAccount(PayeeId(payee), PayoutAccountId(f"{payee}/{name}"), Destination("ID_BCA", number, "Ni Made"))


def payable(name: str, payee: str = "provider-1", net: int = 100) -> Payable:
    """A share that may leave now."""
    return Payable(
        id=PayableId(name),
        reference=f"OTHER{name}",
        payment=PaymentKey(name),
        party=Party.PROVIDER,
        payee=PayeeId(payee),
        share=idr(net),
        fee_share=idr(0),
        fee_known=True,
        settled_at=NOON,
        expected_settled_at=None,
        release_at=NOON,
    )
