"""What version 0.1.0 wrote by its stores' own hands, as values: the documents of `tests/fixtures/stored_0_1` that were
made from these are read back equal to them.

A field that is renamed is renamed here; a value changes only where a migration says what it became.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.domain.account_question import AccountQuestion, Asking
from bot.domain.alarms import AlarmReason, LeadAlarm
from bot.domain.booking import Booking, BookingQuestion, BookingWish, OfferedSlot
from bot.domain.commands import (
    AcceptLateMoney,
    Author,
    BookSlot,
    Button,
    CloseInvoice,
    Command,
    Effect,
    LinkReason,
    OfferSlots,
    OpenInvoice,
    RecordAudit,
    RecordBooking,
    RecordRefund,
    RefundLateMoney,
    ReleaseHolds,
    Repeat,
    SendButtons,
    SendFlow,
    SendLink,
    SendList,
    SendTemplate,
    SendText,
    Urgency,
)
from bot.domain.ids import AgentId, BookingReference, EffectId, LeadId
from bot.domain.lead import Address, Conversation, Lead
from bot.domain.money_orders import SendRefundTo
from bot.domain.states import (
    Dispute,
    Documents,
    FollowUp,
    ItemStatus,
    LatePayment,
    Modification,
    PaymentStatus,
    ShowUp,
    State,
)
from intents.understanding import Amount, Confidence, Entities, ExpectedAnswer, Intent, Language, Understanding
from payments.domain.ids import PayeeId
from payments.domain.money import Money
from payments.domain.splits import FeeBearer, FixedPayoutSplit, Party
from payments.domain.terms import Payee, ReleaseRule, Terms

AT: Final = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
PRICE: Final = Money(350_000, "IDR")
REFERENCE: Final = BookingReference("BK-26031409-AAAAAA")
TEMPLATE: Final = SendTemplate("booking_reminder", "id", ("Ayu", "15:00", "Villa Melati"), "pay/abc")
SLOT: Final = OfferedSlot(
    slot_id="balinese-massage|2026-03-16T07:00|ayu|villa-melati",
    start=AT + 46 * HOUR,
    end=AT + 47 * HOUR,
    provider="ayu",
    place="villa-melati",
    hold_id="hold-1",
    held_until=AT + HOUR,
)
TERMS: Final = Terms(
    rule=FixedPayoutSplit(payout=Money(250_000, "IDR"), facility=6_500, platform=3_500),
    payees=(Payee(Party.PROVIDER, PayeeId("provider:ayu")), Payee(Party.FACILITY, PayeeId("place:villa-melati"))),
    fallback=Party.PROVIDER,
    fee_bearer=FeeBearer.MARGIN,
    release=ReleaseRule.ON_WORD,
)
MEANT: Final = Understanding(
    intent=Intent.BOOK,
    intents=(Intent.BOOK, Intent.ASK_PRICE),
    score=0.71,
    confidence=Confidence.DID_YOU_MEAN,
    language=Language.ID,
    entities=Entities(guests=2, money=(Amount(350_000, "IDR"),), service_words=("pijat",), service="balinese-massage"),
    runner_up=Intent.ASK_INFO,
    detected=Language.ID,
    by_model=True,
)
BOOKING: Final = Booking(
    reference=REFERENCE,
    state=State.CONFIRMED,
    previous_state=State.RESCHEDULED,
    service="balinese-massage",
    business_version="0123456789abcdef",
    guests=2,
    nights=1,
    place="villa-melati",
    wish=BookingWish(date(2026, 3, 16), date(2026, 3, 18), 840, 1020),
    last_choices=("slot:1", "slot:2"),
    pending_questions=("where",),
    open_question=BookingQuestion.CANCEL,
    asked_when=True,
    offered=(SLOT, replace(SLOT, slot_id="later", hold_id="hold-2")),
    chosen=SLOT,
    explicitly_confirmed=True,
    booked_hold="hold-1",
    price=PRICE,
    due=Money(100_000, "IDR"),
    paid=Money(50_000, "IDR"),
    referrer="wayan",
    payment_method="invoice",
    pay_by=AT + 2 * HOUR,
    money_account="BK-26031409-AAAAAA~2",
    link_count=2,
    pay_url="https://checkout.example.com/2",
    recovery_steps=1,
    only_provider="ayu",
    payment_status=PaymentStatus.PARTIALLY_PAID,
    show_up=ShowUp.ASKED,
    follow_up=FollowUp.DUE,
    modification=Modification.REQUESTED,
    dispute=Dispute.OPEN,
    documents=Documents.READY,
    items={"massage": ItemStatus.CONFIRMED},
    reschedule_count=1,
    reschedule_reason="customer",
    cancellation_reason="none yet",
    cancelled_by="nobody",
    last_activity_at=AT - HOUR,
)
"""Every field filled, whether or not any conversation leads there; the stored one has an `error_reason`, too."""

ORDERS: Final[tuple[Command, ...]] = (
    SendText("Sampai jumpa 👋\nđúng 15:00", outside=TEMPLATE, source="faq.where"),
    SendButtons("Book it?", (Button("yes", "Yes, book it"), Button("no", "No")), outside=TEMPLATE),
    SendList("Which one?", "Times", (Button("slot:1", "Mon 15:00", "with Ayu"), Button("slot:2", "Tue 15:00"))),
    SendLink("Please pay", "Pay", "https://checkout.example.com/2", outside=TEMPLATE),
    SendFlow("Tap the button", "Open the form", "flow-id", "id", place="villa-melati", token="a-token"),
    TEMPLATE,
    RecordAudit("cancelled", "customer", AT, (("reason", "ill"), ("state", "CANCELLED"))),
    RecordBooking(BOOKING, LeadId("every-effect"), AT),
    RecordRefund(REFERENCE, Money(50_000, "IDR"), AT),
    OfferSlots(REFERENCE, "balinese-massage", "villa-melati", 2, 1, BOOKING.wish, provider="ayu"),
    BookSlot(REFERENCE, SLOT.slot_id, "hold-1", 2, ("hold-2", "hold-3")),
    ReleaseHolds(("hold-1", "hold-2")),
    OpenInvoice(
        account="BK-26031409-AAAAAA~2",
        attempt=2,
        due=PRICE,
        pay_by=AT + 2 * HOUR,
        terms=TERMS,
        description="Pijat Bali 60 menit",
        locale="id",
        why=LinkReason.OTHER_METHOD,
        methods=("BCA", "QRIS"),
    ),
    CloseInvoice(REFERENCE),
    AcceptLateMoney(REFERENCE),
    RefundLateMoney(REFERENCE),
    SendRefundTo(f"{REFERENCE}.r1", "ID_BCA", "9988776655", "Budi Santoso"),
)
"""One of every kind there was."""

EFFECTS: Final = tuple(
    Effect(
        id=EffectId(f"event-1:{number}"),
        command=order,
        epoch=0,
        author=Author.AGENT if number == 0 else Author.BOT,
        repeat=Repeat.ONCE if number % 2 else Repeat.REPEATABLE,
        urgency=tuple(Urgency)[number % len(Urgency)],
        draft=number == 3,
        supersedable=number == 4,
        is_fact=number == 3,
        not_after=AT + HOUR if number == 5 else None,
    )
    for number, order in enumerate(ORDERS)
)
"""As they were committed; then number 1 was claimed, and number 2 claimed and its outcome not known."""


def in_state(state: State) -> Lead:
    """A customer with one booking in that state, and everything else a lead can carry."""
    reference = BookingReference(f"BK-{state.value}")
    return Lead(
        id=LeadId(f"state-{state.value.lower()}"),
        address=Address(wa_id="6281200000050", user_id="ID.50AB"),
        name="Nguyễn Thị Hồng Gấm",
        conversation=Conversation(
            epoch=3,
            agent=AgentId("rina"),
            language=Language.VI,
            language_chosen=True,
            language_settled=True,
            expecting=ExpectedAnswer.CONFIRMATION,
            misunderstood=1,
            doubted=MEANT,
            doubted_text="pijat dong",
            about=("balinese-massage",),
            greeted=True,
            reminded_of_opt_out_at=AT - HOUR,
            last_inbound_at=AT,
            unanswered=MEANT,
        ),
        # its account has another name, so version 0.1 brought it back by late money, though it did not say so
        bookings=(replace(BOOKING, reference=reference, state=state, late_payment=LatePayment.BOOKED_AGAIN),),
        referrer="wayan",
        account_questions=(
            AccountQuestion(
                f"{reference}.r1", reference, PRICE, Asking.CONFIRMATION, "ID_BCA", "9988776655", "Budi Santoso", 1
            ),
        ),
        # that it waited for a person is an alarm with that reason
        alarms=(LeadAlarm(AlarmReason.BEFORE, "", AT),),
        timers={"silence": AT + HOUR, f"pay_by:{reference}": AT + 2 * HOUR},
    )


LEADS: Final = tuple(in_state(state) for state in State)
