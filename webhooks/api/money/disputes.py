"""What banks took back, as the API and the command line show it: how it stands, until when somebody must have answered,
what there is to answer with, and what it did to the books.

Evidence is a list of references: where the words, the yes and the terms stand. Nothing personal is copied out of there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.booking import Booking
from bot.domain.ids import BookingReference
from bot.domain.states import ShowUp
from bot.store.audit import Audit, AuditEntry
from bot.store.bookings import Bookings, Recorded
from payments.domain import postings
from payments.domain.allocations import Chargeback, ChargebackOutcome
from payments.domain.invoice import Invoice
from payments.store.store import CHARGEBACK_ID, Store
from webhooks.api.money.dispute_models import DisputeList, DisputeShown, EvidenceShown, PostingShown, WholeDispute
from webhooks.edge.models import AmountShown

_ANY: Final = {CHARGEBACK_ID: {"$type": "string"}}
"""By the type: the index has only invoices with one."""


@dataclass(frozen=True, slots=True)
class DisputeDesk:
    """The cashier's records in one hand, what the house knows of the booking in the other."""

    store: Store
    bookings: Bookings
    audit: Audit

    async def listed(self, cursor: str | None = None) -> DisputeList:
        """A page of them by account, the open ones of each account first."""
        page = await self.store.invoices.page(_ANY, cursor)
        items = [
            _shown(invoice, taken)
            for invoice in page.records
            for taken in sorted(
                invoice.chargebacks, key=lambda one: (one.outcome is not ChargebackOutcome.OPEN, one.opened_at)
            )
        ]
        return DisputeList(items=items, next_cursor=page.following)

    async def whole(self, wanted: str) -> WholeDispute | None:
        """One of them with its evidence and its postings; none where there is no such."""
        for invoice in await self.store.invoices.find({CHARGEBACK_ID: wanted}):
            for taken in invoice.chargebacks:
                if taken.id == wanted:
                    found = await self._booking_of(invoice)
                    evidence = [] if found is None else await self._evidence(found, invoice)
                    return WholeDispute(
                        **_shown(invoice, taken).model_dump(),
                        evidence=evidence,
                        postings=[*_postings(invoice, taken)],
                    )
        return None

    async def _booking_of(self, invoice: Invoice) -> Recorded | None:
        # money that came late may be another booking's by now
        taken_over = await self.bookings.taken_over([invoice.reference])
        first = BookingReference(invoice.reference.partition("~")[0])
        return await self.bookings.find(taken_over.get(invoice.reference, first))

    async def _evidence(self, found: Recorded, invoice: Invoice) -> list[EvidenceShown]:
        booking, lead = found.booking, found.lead
        history = [one for one in await self.audit.of(lead) if ("booking", str(booking.reference)) in one.facts]
        return [
            EvidenceShown(kind="transcript", ref=f"/api/v1/conversations/{lead}/messages"),
            EvidenceShown(kind="booking", ref=f"/api/v1/bookings/{booking.reference}"),
            *_consent(booking, history),
            *_terms(booking),
            EvidenceShown(kind="payment", ref=invoice.reference),
            *_attendance(booking, history),
            *(EvidenceShown(kind="history", ref=one.id, at=one.at.isoformat(), what=one.what) for one in history),
        ]


def _consent(booking: Booking, history: list[AuditEntry]) -> Iterator[EvidenceShown]:
    """The yes to the summary: the customer's own first step toward the time."""
    if not booking.explicitly_confirmed:
        return
    steps = [one for one in history if one.what == "booking_moved" and dict(one.facts).get("to") in _AGREED]
    if steps:
        yield EvidenceShown(kind="consent", ref=steps[0].id, at=steps[0].at.isoformat(), what="yes to the summary")


def _terms(booking: Booking) -> Iterator[EvidenceShown]:
    """The version of the business file whose policy was shown with the summary."""
    version = booking.policy_version or booking.business_version
    if version is not None:
        yield EvidenceShown(kind="policy", ref=f"business-file:{version}")


def _attendance(booking: Booking, history: list[AuditEntry]) -> Iterator[EvidenceShown]:
    """Whether they were there, where somebody knows."""
    for one in history:
        to = dict(one.facts).get("to")
        if one.what == "booking_moved" and to in _THERE:
            yield EvidenceShown(kind="attendance", ref=one.id, at=one.at.isoformat(), what=to)
    if booking.show_up in {ShowUp.CAME, ShowUp.DID_NOT_COME}:
        yield EvidenceShown(kind="attendance", ref=f"/api/v1/bookings/{booking.reference}", what=booking.show_up.value)


_AGREED: Final = frozenset({"SLOT_CONFIRMED", "PAYMENT_PENDING", "CONFIRMED"})
_THERE: Final = frozenset({"CHECKED_IN", "CHECKED_OUT", "COMPLETED"})


def _shown(invoice: Invoice, taken: Chargeback) -> DisputeShown:
    due = taken.evidence_due_at
    return DisputeShown(
        id=taken.id,
        account=invoice.reference,
        booking=invoice.reference.partition("~")[0],
        amount=AmountShown(amount=taken.amount.amount, currency=taken.amount.currency),
        fee=None if taken.fee is None else AmountShown(amount=taken.fee.amount, currency=taken.fee.currency),
        status=taken.outcome.value.upper(),
        opened_at=taken.opened_at.isoformat(),
        evidence_due_at=None if due is None else due.isoformat(),
        decided_at=None if taken.decided_at is None else taken.decided_at.isoformat(),
    )


def _postings(invoice: Invoice, taken: Chargeback) -> Iterator[PostingShown]:
    """What it did to the books, oldest first."""
    for posting in postings.of_invoice(invoice):
        if posting.key.partition(":")[2] == taken.id:
            yield PostingShown(
                key=posting.key,
                at=posting.at.isoformat(),
                entries={f"{entry.account}": entry.amount for entry in posting.entries},
            )
