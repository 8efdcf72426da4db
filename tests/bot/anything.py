"""Any booking and any news of one, for laws that hold whatever happens: half of it makes sense, half of it does not."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, BookingQuestion, OfferedSlot, SlotUnavailable
from bot.domain.booking_money import MoneyAccount
from bot.domain.change import (
    Arrangement,
    Bearer,
    Cause,
    Change,
    ChangeKind,
    ChangeQuote,
    ChangeWish,
    RefundWay,
    Requester,
)
from bot.domain.commands import LinkReason
from bot.domain.complaints import Complaint, ComplaintState, Picture
from bot.domain.contents import Bubble, Media, Tap, Text
from bot.domain.events import (
    CustomerWrote,
    Event,
    InvoiceClosed,
    InvoiceNotOpened,
    InvoiceOpened,
    LeadsMerged,
    SlotBooked,
    SlotLost,
    SlotMoved,
    SlotsFound,
    StaffAction,
    StaffAsked,
    TimerFired,
)
from bot.domain.form_events import ChangeFormSubmitted, FormSubmitted
from bot.domain.ids import BookingReference, EventId, LeadId, Wamid
from bot.domain.lead import Address, Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.offers import Fit
from bot.domain.policy_sentence import PolicyClause, PolicySentence
from bot.domain.redo import Redo
from bot.domain.states import LatePayment, Mode, Modification, PaymentStatus, ShowUp, State
from bot.domain.visits import AskedAboutVisit, Rating, Visit, VisitQuestion
from bot.replies import booking as words
from bot.replies import changes as change_words
from bot.replies import ratings as rating_words
from intents.understanding import Confidence, ExpectedAnswer, Intent, Language
from payments.domain.allocations import CaseKind, ChargebackOutcome, OpenCase
from payments.domain.ids import PaymentKey
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.news import PaymentNews
from payments.domain.splits import Party
from payments.domain.terms import Terms
from tests.bot.makers import HERE, NOW, a_lead, meaning

REFERENCES = st.sampled_from(["BK-1", "BK-2"]).map(BookingReference)
SERVICES = st.sampled_from(["balinese-massage", "planning-call", "holograms"])
MOMENTS = st.integers(-72, 72).map(lambda hours: NOW + timedelta(hours=hours))
IDS = st.integers(0, 9).map(lambda number: EventId(f"event-{number}"))
AMOUNTS = st.builds(Money, st.sampled_from([0, 1, 350_000, 400_000]), st.sampled_from(["IDR", "PHP"]))


def _slot(service: str, hours: int, hold: str | None) -> OfferedSlot:
    start = NOW + timedelta(hours=hours)
    name = f"{service}|ayu|{start:%Y%m%dT%H%MZ}|villa-melati"
    return OfferedSlot(name, start, start + timedelta(hours=1), "ayu", "villa-melati", hold_id=hold)


SLOTS = st.builds(_slot, SERVICES, st.integers(-48, 72), st.none() | st.sampled_from(["hold-1", "hold-2"]))
_OFFERS = st.lists(SLOTS, max_size=3).map(tuple)
_ARRANGEMENTS = st.builds(Arrangement, SERVICES, SLOTS, st.integers(1, 9))


def _quote(number: int, sums: list[int], currency: str, clause: PolicyClause, until: datetime) -> ChangeQuote:
    before, after, fee, keep, paid, to_pay, to_refund = (Money(one, currency) for one in sums)
    way = RefundWay.ACCOUNT if to_refund else RefundWay.NOTHING
    sentence = PolicySentence(clause, percent=50, nights=1, amount=fee, until=until)
    return ChangeQuote(
        number, before, after, fee, keep, paid, to_pay, to_refund, way, Bearer.CUSTOMER, sentence, until, "v"
    )


_QUOTES = st.builds(
    _quote,
    st.integers(1, 3),
    st.lists(st.sampled_from([0, 1, 350_000]), min_size=7, max_size=7),
    st.sampled_from(["IDR", "PHP"]),
    st.sampled_from(PolicyClause),
    MOMENTS,
)
CHANGES = st.builds(
    Change,
    id=st.sampled_from(["C1", "C2"]),
    kind=st.sampled_from(ChangeKind),
    cause=st.sampled_from(Cause),
    by=st.sampled_from([Requester("customer", "customer"), Requester("rina", "operations")]),
    requested_at=MOMENTS,
    before=st.none() | _ARRANGEMENTS,
    after=st.none() | _ARRANGEMENTS,
    offered=_OFFERS,
    wish=st.builds(ChangeWish, guests=st.none() | st.integers(1, 9), service=st.none() | SERVICES),
    quote=st.none() | _QUOTES,
    accepted_at=st.none() | MOMENTS,
    hold=st.none() | st.just("change:BK-1:C1"),
    pay_by=st.none() | MOMENTS,
    link_count=st.integers(0, 3),
    pay_url=st.none() | st.just("https://x"),
    asked=st.booleans(),
    asked_again=st.booleans(),
)
_ACCOUNTS = st.lists(
    st.builds(MoneyAccount, st.sampled_from(["BK-1", "BK-1~2", "BK-1~C1"]), st.sampled_from(["base", "C1"]), AMOUNTS),
    max_size=2,
    unique_by=lambda account: account.name,
).map(tuple)
_OPEN = (Modification.REQUESTED, Modification.AWAITING_PAYMENT)


def _with_change(booking: Booking, change: Change | None, open_as: Modification, ended_as: Modification) -> Booking:
    """A change is open exactly as long as the facet says so."""
    return replace(booking, change=change, modification=ended_as if change is None else open_as)


REDOS = st.builds(
    Redo,
    st.just("BK-0"),
    SERVICES,
    st.integers(1, 3),
    st.sampled_from(Party),
    st.just(("BK-0",)),
    st.none() | AMOUNTS,
    st.none() | AMOUNTS,
    st.none() | st.just(Terms()),
)
_BOOKINGS = st.builds(
    Booking,
    redo=st.none() | REDOS,
    change_count=st.integers(0, 2),
    accounts=_ACCOUNTS,
    refund_ordered=st.none() | AMOUNTS,
    fees_charged=st.none() | AMOUNTS,
    reference=REFERENCES,
    state=st.sampled_from(State),
    previous_state=st.none() | st.sampled_from(State),
    service=st.none() | SERVICES,
    guests=st.none() | st.integers(1, 9),
    place=st.none() | st.just("villa-melati"),
    open_question=st.none() | st.sampled_from(BookingQuestion),
    asked_when=st.booleans(),
    offered=_OFFERS,
    chosen=st.none() | SLOTS,
    explicitly_confirmed=st.booleans(),
    booked_hold=st.none() | st.just("hold-1"),
    price=st.none() | AMOUNTS,
    due=st.none() | AMOUNTS,
    paid=st.none() | AMOUNTS,
    payment_method=st.none() | st.just("invoice"),
    pay_by=st.none() | MOMENTS,
    money_account=st.sampled_from([None, "BK-0", "BK-1~2"]),
    late_payment=st.sampled_from(LatePayment),
    link_count=st.integers(0, 3),
    payment_status=st.sampled_from(PaymentStatus),
    show_up=st.sampled_from(ShowUp),
    cancellation_reason=st.sampled_from([None, "payment_expired", "ill"]),
)
BOOKINGS = st.builds(
    _with_change,
    _BOOKINGS,
    st.none() | CHANGES,
    st.sampled_from(_OPEN),
    # 0.1 wrote REQUESTED without a change that stands anywhere
    st.sampled_from([value for value in Modification if value is not Modification.AWAITING_PAYMENT]),
)


_TIMERS = ("pay_by", "nudge", "late", "change_silence", "change_pay_by", "complaint")


VISITS = st.lists(
    st.builds(
        Visit,
        REFERENCES,
        st.none() | SERVICES,
        st.none() | st.sampled_from(["ayu", "komang"]),
        st.none() | st.just("villa-melati"),
        MOMENTS,
        st.none() | st.builds(Rating, st.integers(1, 5), st.sampled_from(["customer", "rina"]), MOMENTS),
    ),
    max_size=2,
    unique_by=lambda visit: visit.reference,
).map(tuple)
PICTURES = st.builds(Picture, st.sampled_from(["media-1", "media-2"]), st.just("image/jpeg"), MOMENTS)
COMPLAINTS = st.lists(
    st.builds(
        Complaint,
        REFERENCES,
        st.none() | SERVICES,
        st.none() | st.just("ayu"),
        st.none() | st.just("villa-melati"),
        MOMENTS,
        MOMENTS,
        st.sampled_from(["customer", "rina"]),
        MOMENTS,
        st.lists(st.sampled_from(["cold", "rude"]), max_size=2, unique=True).map(tuple),
        st.lists(PICTURES, max_size=2, unique_by=lambda one: one.media_id).map(tuple),
        st.sampled_from(ComplaintState),
    ),
    max_size=2,
    unique_by=lambda one: one.reference,
).map(tuple)
_ASKED_OF_VISIT = st.none() | st.builds(AskedAboutVisit, REFERENCES, st.sampled_from(VisitQuestion))


def _lead(
    bookings: list[Booking],
    agent: bool,
    expecting: ExpectedAnswer,
    address: Address,
    visits: tuple[Visit, ...],
    asked: AskedAboutVisit | None,
    complaints: tuple[Complaint, ...],
    pictures: list[Picture],
) -> Lead:
    lead = a_lead(mode=Mode.AGENT if agent else Mode.BOT, expecting=expecting, language=Language.ID, greeted=True)
    timers = {f"{name}:{one.reference}": NOW for one in bookings for name in _TIMERS}
    known = replace(lead, bookings=tuple(bookings), timers=timers, address=address)
    known = replace(known, visits=visits, asked_about_visit=asked, recent_pictures=tuple(pictures))
    for complaint in complaints:
        known = known.with_complaint(complaint)
        if complaint.is_open:
            known = known.alarmed(AlarmReason.COMPLAINT, NOW, complaint.reference)
            known = known.with_timer(f"complaint:{complaint.reference}", NOW)
    return known


LEADS = st.builds(
    _lead,
    st.lists(BOOKINGS, max_size=2, unique_by=lambda one: one.reference),
    st.booleans(),
    st.sampled_from(ExpectedAnswer),
    st.sampled_from([HERE, HERE, HERE, Address()]),
    VISITS,
    _ASKED_OF_VISIT,
    COMPLAINTS,
    st.lists(PICTURES, max_size=2),
)
_PREFIXES = (
    words.SERVICE_TAP,
    words.SLOT_TAP,
    words.CONFIRM_TAP,
    words.CANCEL_TAP,
    words.CHANGE_TAP,
    words.KEEP_TAP,
    words.OTHER_TAP,
    words.DROP_TAP,
)
_CHANGE_TAPS = st.builds(
    lambda prefix, reference, change, what: Tap(f"{prefix}{reference}:{change}:{what}", "x"),
    st.sampled_from([change_words.YES_TAP, change_words.KEEP_TAP, change_words.SLOT_TAP]),
    REFERENCES,
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(["1", "2", "x"]) | SLOTS.map(lambda slot: slot.slot_id),
)
_TAPPED = _CHANGE_TAPS | st.builds(
    lambda prefix, what: Tap(prefix + what, "x"),
    st.sampled_from(_PREFIXES),
    st.one_of(REFERENCES, SERVICES, SLOTS.map(lambda slot: slot.slot_id)),
)
_SCORE_TAPS = st.builds(
    lambda reference, score: Tap(f"{rating_words.RATE_TAP}{reference}:{score}", "x"),
    REFERENCES,
    st.sampled_from(["1", "3", "5", "6", "x", ""]),
) | REFERENCES.map(lambda reference: Tap(f"{rating_words.HOW_TAP}{reference}", "x"))


def _wrote(event: EventId, intent: Intent, sure: Confidence, content: Text | Tap | Media) -> CustomerWrote:
    return CustomerWrote(event, NOW, (Bubble(Wamid("w"), NOW, content),), meaning(intent, sure=sure), HERE)


_TYPED = st.sampled_from(["ok", "Balinese massage", "2", "besok", "5 bintang", "1 star, so cold", "so rude"]).map(Text)
_SENT = _TYPED | _TAPPED | _SCORE_TAPS | st.just(Media("image", "media-3", "image/jpeg"))
WROTE = st.builds(_wrote, IDS, st.sampled_from(Intent), st.sampled_from(Confidence), _SENT)
_CASES = st.lists(st.builds(OpenCase, st.sampled_from(CaseKind), st.just(PaymentKey("p")), AMOUNTS), max_size=1)
NEWS = st.builds(
    PaymentNews,
    reference=st.sampled_from(["BK-1", "BK-2", "BK-0", "BK-1~2", "BK-1~C1"]),
    revision=st.integers(1, 9),
    status=st.sampled_from(InvoiceStatus),
    due=AMOUNTS,
    paid=AMOUNTS,
    rest=AMOUNTS,
    pay_by=MOMENTS,
    is_late=st.booleans(),
    open_cases=_CASES.map(tuple),
    external_id=st.none() | st.just("BK-1.1"),
    url=st.none() | st.just("https://pay.example/1"),
    paid_at=st.none() | MOMENTS,
    channel=st.none() | st.just("QRIS"),
    dispute=st.none() | st.sampled_from(ChargebackOutcome),
)
_STEPS = st.sampled_from(StaffAction)
_SAID = st.fixed_dictionaries(
    {},
    optional={
        "service": SERVICES,
        "slot_id": SLOTS.map(lambda slot: slot.slot_id),
        "hold_id": st.just("hold-3"),
        "guests": st.just("2"),
        "reason": st.just("ill"),
        "came": st.sampled_from(["true", "false"]),
        "cause": st.sampled_from([*Cause, "weather"]).map(str),
        "kind": st.sampled_from([*ChangeKind, *ComplaintState, "dance"]).map(str),
        "change": st.sampled_from(["C1", "C9"]),
        "quote": st.sampled_from(["1", "2", "x"]),
        "fee": st.sampled_from(["0", "-5", "much"]),
        "refund": st.sampled_from(["0", "999999999", "all"]),
        "words": st.sampled_from(["", "we are sorry"]),
        "photos": st.just("media-1 media-4"),
        "role": st.sampled_from(["operations", "sales", "nobody"]),
        "amount": st.sampled_from(["0", "100000", "350000", "lots"]),
        "borne_by": st.sampled_from(["provider", "platform", "referrer", "nobody"]),
        "redo": st.just("BK-7"),
        "score": st.sampled_from(["1", "5", "6", "x"]),
    },
).map(lambda said: tuple(said.items()))
_NAMES = st.sampled_from(["customer", "operations", "webhook", "rina"])
_OF_CHANGE = st.sampled_from([None, None, "C1", "C2"])
_MONEY_OF = REFERENCES | st.sampled_from(["BK-1~C1", "BK-2~C2"])
EVENTS: st.SearchStrategy[Event] = st.one_of(
    WROTE,
    st.builds(SlotsFound, IDS, MOMENTS, REFERENCES, _OFFERS, st.sampled_from(Fit), _OF_CHANGE),
    st.builds(SlotBooked, IDS, MOMENTS, REFERENCES, SLOTS, _OF_CHANGE),
    st.builds(
        SlotLost,
        IDS,
        MOMENTS,
        REFERENCES,
        SLOTS.map(lambda slot: slot.slot_id),
        st.sampled_from(SlotUnavailable),
        _OF_CHANGE,
    ),
    st.builds(SlotMoved, IDS, MOMENTS, REFERENCES, st.sampled_from(["C1", "C2"]), SLOTS),
    st.builds(StaffAsked, IDS, MOMENTS, _NAMES, _STEPS, REFERENCES | st.just(BookingReference("BK-9")), _SAID),
    st.builds(
        FormSubmitted,
        IDS,
        MOMENTS,
        SERVICES,
        SLOTS.map(lambda slot: slot.slot_id),
        st.just("hold-4"),
        st.integers(1, 4),
        st.just("Sari"),
    ),
    st.builds(
        ChangeFormSubmitted,
        IDS,
        MOMENTS,
        REFERENCES,
        st.sampled_from(["reschedule", "cancel", "other"]),
        st.sampled_from(["", "0 IDR|350000 IDR|0 IDR"]),
        st.just("") | SLOTS.map(lambda slot: slot.slot_id),
        st.sampled_from(["", "hold-4"]),
    ),
    st.builds(TimerFired, IDS, MOMENTS, st.sampled_from([f"{name}:BK-1" for name in _TIMERS]), st.just(NOW)),
    st.builds(
        InvoiceOpened,
        IDS,
        MOMENTS,
        _MONEY_OF,
        st.integers(1, 3),
        st.just("https://x"),
        AMOUNTS,
        st.sampled_from(LinkReason),
    ),
    st.builds(InvoiceNotOpened, IDS, MOMENTS, _MONEY_OF, st.integers(1, 3), st.just("refused")),
    st.builds(InvoiceClosed, IDS, MOMENTS, _MONEY_OF, st.none() | NEWS),
    st.builds(PaymentNewsCame, IDS, MOMENTS, NEWS),
    st.builds(LeadsMerged, IDS, MOMENTS, LEADS.map(lambda lead: replace(lead, id=LeadId("lead-2")))),
)
