"""The price of a change before the yes: to the rupiah, never more than was paid, and never better by waiting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.business.policies import PRESETS, ChangeTier, Policy, RefundTier
from bot.domain.booking import Booking
from bot.domain.booking_money import MoneyAccount
from bot.domain.change import (
    Bearer,
    Cause,
    Change,
    ChangeKind,
    ChangeQuote,
    RefundWay,
    Requester,
)
from bot.domain.policy_sentence import PolicyClause
from bot.domain.states import PaymentStatus, State
from bot.lifecycle import booking_money
from bot.lifecycle.quotes import (
    ChangeRequest,
    NoChange,
    Override,
    QuoteDenied,
    arrangement_of,
    is_outdated,
    main_kind,
    quote,
)
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.changing import CUSTOMER, PRICE, STAFF, START, a_paid_booking, at, cancelling, slot, to
from tests.bot.makers import NOW
from tests.bot.paying import REFERENCE

NOTHING = Money(0, "IDR")


def given_(booking: Booking, request: ChangeRequest, now: datetime = NOW) -> ChangeQuote:
    found = quote(booking, request, at(now))
    assert isinstance(found, ChangeQuote), found
    return found


def refused(booking: Booking, request: ChangeRequest, now: datetime = NOW) -> NoChange:
    found = quote(booking, request, at(now))
    assert isinstance(found, QuoteDenied), found
    return found.reason


# Cancelling ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "back", "clause"),
    [
        (7, 350_000, PolicyClause.REFUND_ALL),
        (5, 175_000, PolicyClause.REFUND_PERCENT),
        (1, 87_500, PolicyClause.REFUND_PERCENT),
        (0.1, 0, PolicyClause.REFUND_NONE),
    ],
)
def test_a_cancellation_gives_back_what_the_policy_says(days: float, back: int, clause: PolicyClause) -> None:
    found = given_(a_paid_booking(), cancelling(), START - timedelta(days=days))
    assert (found.to_refund, found.keep) == (Money(back, "IDR"), Money(350_000 - back, "IDR"))
    assert found.policy.clause is clause
    assert found.borne_by is Bearer.CUSTOMER
    assert found.by_way is (RefundWay.INSTRUMENT if back else RefundWay.NOTHING)


def test_half_of_an_odd_sum_is_told_to_the_rupiah() -> None:
    odd = Money(350_001, "IDR")
    found = given_(a_paid_booking(odd), cancelling())
    assert (found.to_refund.amount, found.keep.amount) == (175_001, 175_000)


@pytest.mark.parametrize("cause", [Cause.BUSINESS, Cause.PARTNER, Cause.FORCE_MAJEURE])
def test_who_did_not_ask_for_it_gets_all_of_it_back(cause: Cause) -> None:
    charged = a_paid_booking(paid=Money(400_000, "IDR"), fees_charged=Money(50_000, "IDR"))
    for now in (NOW, START + timedelta(hours=2)):
        found = given_(charged, cancelling(STAFF, cause), now)
        assert (found.to_refund, found.keep) == (Money(400_000, "IDR"), NOTHING)
        assert found.policy.clause is PolicyClause.NOT_THEIR_FAULT
    assert found.apology is (cause is not Cause.FORCE_MAJEURE)
    assert found.borne_by.value == {"business": "platform", "partner": "provider"}.get(cause.value, "parties")


def test_a_fee_that_was_paid_for_a_move_does_not_come_back_with_the_price() -> None:
    moved = a_paid_booking(paid=Money(400_000, "IDR"), fees_charged=Money(50_000, "IDR"))
    found = given_(moved, cancelling())
    assert (found.to_refund, found.keep) == (Money(175_000, "IDR"), Money(225_000, "IDR"))


def test_what_went_back_already_does_not_come_back_twice() -> None:
    cheaper = a_paid_booking(Money(300_000, "IDR"), paid=Money(350_000, "IDR"), refund_ordered=Money(50_000, "IDR"))
    assert given_(cheaper, cancelling()).to_refund == Money(150_000, "IDR")
    all_back = a_paid_booking(refund_ordered=PRICE)
    assert given_(all_back, cancelling(STAFF, Cause.BUSINESS)).to_refund == NOTHING


def test_part_of_the_price_is_kept_up_to_the_penalty() -> None:
    part = a_paid_booking(
        paid=Money(100_000, "IDR"), state=State.PAYMENT_PENDING, payment_status=PaymentStatus.PARTIALLY_PAID
    )
    assert given_(part, cancelling()).to_refund == NOTHING
    assert given_(part, cancelling(), START - timedelta(days=7)).to_refund == Money(100_000, "IDR")


def test_a_booking_that_nobody_paid_for_costs_nothing_to_cancel() -> None:
    unpaid = a_paid_booking(paid=NOTHING, state=State.PAYMENT_PENDING, payment_status=PaymentStatus.PENDING)
    found = given_(replace(unpaid, accounts=(), paid=None), cancelling())
    assert (found.keep, found.to_refund, found.policy.clause) == (NOTHING, NOTHING, PolicyClause.NOTHING_PAID)


def test_money_over_several_accounts_counts_together_and_once() -> None:
    accounts = (
        MoneyAccount(REFERENCE, captured=PRICE, channel="CREDIT_CARD", paid_at=NOW),
        MoneyAccount(f"{REFERENCE}~C1", "C1", Money(100_000, "IDR"), "CREDIT_CARD", NOW),
        MoneyAccount(f"{REFERENCE}~C2", "C2", Money(5_000, "PHP"), "CREDIT_CARD", NOW),
    )
    moved = a_paid_booking(Money(450_000, "IDR"), paid=PRICE, accounts=accounts)
    found = given_(moved, cancelling())
    assert (found.to_refund, found.keep) == (Money(225_000, "IDR"), Money(225_000, "IDR"))


@pytest.mark.parametrize(
    ("channel", "half", "whole"),
    [
        ("CREDIT_CARD", RefundWay.INSTRUMENT, RefundWay.INSTRUMENT),
        # a QR code goes back as a whole or not at all
        ("QRIS", RefundWay.ACCOUNT, RefundWay.INSTRUMENT),
        ("BCA", RefundWay.ACCOUNT, RefundWay.ACCOUNT),
        (None, RefundWay.ACCOUNT, RefundWay.ACCOUNT),
    ],
)
def test_the_way_back_is_told_by_how_it_was_paid(channel: str | None, half: RefundWay, whole: RefundWay) -> None:
    booking = a_paid_booking(accounts=(MoneyAccount(REFERENCE, captured=PRICE, channel=channel, paid_at=NOW),))
    assert given_(booking, cancelling()).by_way is half
    assert given_(booking, cancelling(STAFF, Cause.PARTNER)).by_way is whole


# Other times, people and places -------------------------------------------------------------------------------------


def test_a_dearer_place_asks_the_difference_and_a_cheaper_one_gives_it_back() -> None:
    far = slot(provider="komang", place="villa-karang")
    dearer = given_(a_paid_booking(), to(far, kind=ChangeKind.PLACE))
    assert (dearer.price_after, dearer.to_pay, dearer.fee) == (Money(450_000, "IDR"), Money(100_000, "IDR"), NOTHING)
    assert dearer.borne_by is Bearer.CUSTOMER
    there = a_paid_booking(Money(450_000, "IDR"), chosen=replace(far, hold_id="hold-1"), place="villa-karang")
    cheaper = given_(there, to(slot(), kind=ChangeKind.PLACE))
    assert (cheaper.to_pay, cheaper.to_refund) == (NOTHING, Money(100_000, "IDR"))


def test_fee_and_difference_are_one_netted_sum() -> None:
    late = START - timedelta(hours=5)
    far = slot(START + timedelta(days=3), provider="komang", place="villa-karang")
    dearer = given_(a_paid_booking(), to(far), late)
    assert (dearer.fee, dearer.to_pay) == (Money(87_500, "IDR"), Money(187_500, "IDR"))
    there = a_paid_booking(Money(450_000, "IDR"), chosen=replace(slot(provider="komang", place="villa-karang")))
    cheaper = given_(there, to(slot(START + timedelta(days=3))), late)
    assert (cheaper.fee, cheaper.to_pay, cheaper.to_refund) == (Money(112_500, "IDR"), Money(12_500, "IDR"), NOTHING)


def test_an_unpaid_booking_is_asked_the_whole_new_price_and_no_fee() -> None:
    unpaid = a_paid_booking(accounts=(), state=State.PAYMENT_PENDING, payment_status=PaymentStatus.PENDING)
    late = given_(replace(unpaid, paid=None), to(slot(START + timedelta(days=3))), START - timedelta(hours=5))
    assert (late.fee, late.to_pay) == (NOTHING, PRICE)


def test_a_part_that_was_paid_counts_toward_the_whole() -> None:
    part = a_paid_booking(
        paid=Money(100_000, "IDR"), state=State.PAYMENT_PENDING, payment_status=PaymentStatus.PARTIALLY_PAID
    )
    far = slot(provider="komang", place="villa-karang")
    assert given_(part, to(far, kind=ChangeKind.PLACE)).to_pay == Money(350_000, "IDR")


def test_more_guests_are_priced_by_today_s_price_book_under_the_policy_that_was_sold() -> None:
    today = replace(
        sample(),
        version="today",
        prices=tuple(replace(row, amount=row.amount * 2) for row in sample().prices),
        policy="none",
    )
    booking = a_paid_booking()
    found = quote(booking, to(), at(NOW, today, sample()))
    assert isinstance(found, ChangeQuote)
    assert (found.price_after, found.business_version) == (Money(700_000, "IDR"), "today")
    cancelled = quote(booking, cancelling(), at(NOW, today, sample()))
    assert isinstance(cancelled, ChangeQuote)
    assert cancelled.to_refund == Money(175_000, "IDR")


def test_a_move_that_the_house_needs_never_costs_the_guest_more() -> None:
    far = slot(provider="komang", place="villa-karang")
    late = START - timedelta(hours=5)
    found = given_(a_paid_booking(), to(far, by=STAFF, cause=Cause.PARTNER), late)
    assert (found.price_after, found.to_pay, found.fee) == (PRICE, NOTHING, NOTHING)
    assert found.apology
    assert found.borne_by is Bearer.PROVIDER


def test_details_cost_nothing_at_any_time() -> None:
    booking = a_paid_booking(business_version="gone")
    before = arrangement_of(booking)
    assert before is not None
    after = replace(before, details=(("name", "Sari Dewi"),))
    found = given_(
        booking, ChangeRequest(ChangeKind.DETAILS, Cause.CUSTOMER, CUSTOMER, after), START - timedelta(minutes=5)
    )
    assert (found.fee, found.to_pay, found.to_refund) == (NOTHING, NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("changes", "request_", "now", "reason"),
    [
        ({"state": State.CANCELLED}, cancelling(), NOW, NoChange.CLOSED),
        ({"state": State.SLOT_PROPOSED, "booked_hold": None}, cancelling(), NOW, NoChange.NO_TIME),
        ({}, cancelling(), START, NoChange.STARTED),
        ({}, to(by=STAFF), START, NoChange.STARTED),
        ({"state": State.CHECKED_IN}, cancelling(), NOW, NoChange.STARTED),
        ({}, to(slot()), NOW, NoChange.SAME),
        ({}, to(slot(NOW - timedelta(hours=1))), NOW, NoChange.PAST),
        ({}, to(guests=9), NOW, NoChange.TOO_MANY_GUESTS),
        ({}, to(service="holograms"), NOW, NoChange.UNKNOWN_SERVICE),
        ({"price": Money(1_000, "PHP")}, to(), NOW, NoChange.OTHER_CURRENCY),
        ({}, cancelling(CUSTOMER, Cause.BUSINESS), NOW, NoChange.CAUSE_NOT_THEIRS),
        ({}, cancelling(override=Override(refund=PRICE, reason="kind")), NOW, NoChange.MAY_NOT_OVERRIDE),
        (
            {},
            cancelling(Requester("s", "sales"), override=Override(refund=PRICE, reason="x")),
            NOW,
            NoChange.MAY_NOT_OVERRIDE,
        ),
        ({}, cancelling(STAFF, override=Override(refund=PRICE)), NOW, NoChange.NO_REASON),
        (
            {"service": "private-chef"},
            to(service="private-chef", guests=2),
            START - timedelta(hours=5),
            NoChange.TOO_LATE,
        ),
    ],
)
def test_no_quote_says_why(
    changes: dict[str, object], request_: ChangeRequest, now: datetime, reason: NoChange
) -> None:
    booking = replace(a_paid_booking(), **changes)  # type: ignore[arg-type]
    assert refused(booking, request_, now) is reason


def test_a_policy_without_changes_sells_none_to_customers_and_lets_staff() -> None:
    strict = replace(sample(), policy="none")
    booking = a_paid_booking()
    denied = quote(booking, to(), at(NOW, strict))
    assert denied == QuoteDenied(NoChange.NOT_SOLD)
    by_staff = quote(booking, to(by=STAFF), at(NOW, strict))
    assert isinstance(by_staff, ChangeQuote)
    assert (by_staff.fee, by_staff.policy.clause) == (NOTHING, PolicyClause.DECIDED_BY_STAFF)


@pytest.mark.parametrize(("wished", "back"), [(350_000, 350_000), (999_999, 350_000), (10_000, 10_000), (-5, 0)])
def test_staff_set_the_refund_within_what_is_there(wished: int, back: int) -> None:
    late = START - timedelta(hours=1)
    request = cancelling(STAFF, override=Override(refund=Money(wished, "IDR"), reason="regular guest"))
    found = given_(a_paid_booking(), request, late)
    assert (found.to_refund, found.keep) == (Money(back, "IDR"), Money(350_000 - back, "IDR"))
    assert (found.policy.clause, found.borne_by) == (PolicyClause.DECIDED_BY_STAFF, Bearer.PLATFORM)


def test_staff_waive_the_fee_of_a_late_change() -> None:
    request = to(by=STAFF, override=Override(fee=NOTHING, reason="our mistake in the map"))
    assert given_(a_paid_booking(), request, START - timedelta(hours=5)).to_pay == NOTHING


# How long it holds --------------------------------------------------------------------------------------------------


def test_an_offer_holds_for_half_an_hour() -> None:
    assert given_(a_paid_booking(), cancelling()).valid_until == NOW + timedelta(minutes=30)


def test_an_offer_ends_with_the_tier_it_was_made_in() -> None:
    midnight = datetime(2026, 3, 4, 16, tzinfo=UTC)
    found = given_(a_paid_booking(), cancelling(), midnight - timedelta(minutes=10))
    assert found.valid_until == midnight - timedelta(microseconds=1)
    next_day = given_(a_paid_booking(), cancelling(), midnight)
    assert next_day.to_refund < found.to_refund


def test_an_offer_ends_with_the_start() -> None:
    found = given_(a_paid_booking(), cancelling(), START - timedelta(minutes=7))
    assert found.valid_until == START


def a_change(booking: Booking, given: ChangeQuote) -> Change:
    return Change("C1", ChangeKind.CANCEL, Cause.CUSTOMER, CUSTOMER, NOW, before=arrangement_of(booking), quote=given)


def test_a_yes_counts_at_the_moment_it_was_received() -> None:
    booking = a_paid_booking()
    change = a_change(booking, given_(booking, cancelling()))
    assert not is_outdated(change, booking, NOW + timedelta(minutes=30))
    assert is_outdated(change, booking, NOW + timedelta(minutes=30, microseconds=1))


def test_money_that_came_or_went_since_outdates_an_offer() -> None:
    booking = a_paid_booking()
    change = a_change(booking, given_(booking, cancelling()))
    more = booking_money.noted(booking, MoneyAccount("other", captured=Money(1, "IDR")))
    assert is_outdated(change, more, NOW)
    assert is_outdated(change, replace(booking, refund_ordered=Money(1, "IDR")), NOW)


def test_another_time_by_somebody_else_outdates_an_offer() -> None:
    booking = a_paid_booking()
    change = a_change(booking, given_(booking, cancelling()))
    assert is_outdated(change, replace(booking, chosen=slot(START + timedelta(days=2))), NOW)


def test_a_change_is_named_by_the_most_that_it_alters() -> None:
    before = arrangement_of(a_paid_booking())
    assert before is not None
    assert main_kind(before, replace(before, guests=2)) is ChangeKind.GUESTS
    assert main_kind(before, replace(before, slot=slot(START + timedelta(days=1)), guests=2)) is ChangeKind.TIME
    assert main_kind(before, replace(before, slot=slot(provider="komang"))) is ChangeKind.PROVIDER
    far = slot(START + timedelta(days=1), provider="komang", place="villa-karang")
    assert main_kind(before, replace(before, slot=far, guests=2)) is ChangeKind.PLACE
    assert main_kind(before, replace(before, service="iv-drip", slot=far)) is ChangeKind.SERVICE
    assert main_kind(before, replace(before, details=(("note", "quiet"),))) is ChangeKind.DETAILS


# Laws ---------------------------------------------------------------------------------------------------------------

CURRENCIES = st.sampled_from(["IDR", "VND", "PHP", "KWD"])
AMOUNTS = st.integers(0, 10**9)
UNTILS = st.one_of(st.integers(0, 30).map(lambda n: f"{n}d"), st.integers(0, 400).map(lambda n: f"{n}h"))
POLICIES = st.one_of(
    st.sampled_from(list(PRESETS.values())),
    st.builds(
        Policy,
        st.just("any"),
        st.lists(
            st.one_of(
                st.builds(RefundTier, UNTILS, st.integers(0, 100)),
                st.builds(RefundTier, UNTILS, keep=st.integers(1, 10**6)),
            ),
            max_size=4,
        ).map(tuple),
        st.lists(st.builds(ChangeTier, UNTILS, st.integers(0, 100)), max_size=3).map(tuple),
    ),
)
REQUESTS = st.one_of(
    st.builds(cancelling, st.just(CUSTOMER)),
    st.builds(cancelling, st.just(STAFF), st.sampled_from(Cause)),
    st.builds(
        cancelling,
        st.just(STAFF),
        override=st.builds(Override, refund=st.builds(Money, st.integers(-5, 10**9), CURRENCIES), reason=st.just("x")),
    ),
    st.just(to()),
    st.builds(
        to,
        st.just(slot(START + timedelta(days=2), provider="komang", place="villa-karang")),
        by=st.just(STAFF),
        cause=st.sampled_from(Cause),
    ),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Booking, Policy, str, str]:
    currency, policy = draw(CURRENCIES), draw(POLICIES)
    zone = draw(st.sampled_from(["Asia/Makassar", "Europe/Berlin", "America/Havana"]))
    price, paid, back, fees = (Money(draw(AMOUNTS), currency) for _ in range(4))
    assume(back <= paid)
    booking = a_paid_booking(price, paid=paid, refund_ordered=back, fees_charged=fees)
    return booking, policy, currency, zone


@given(worlds(), REQUESTS, st.floats(-48, 24 * 20))
def test_no_quote_takes_or_gives_what_is_not_there(
    world: tuple[Booking, Policy, str, str], request: ChangeRequest, hours: float
) -> None:
    booking, policy, currency, zone = world
    business = replace(sample(), currency=currency, timezone=zone, policies=(policy,), policy=policy.id)
    now = START - timedelta(hours=hours)
    found = quote(booking, request, at(now, business))
    if isinstance(found, QuoteDenied):
        return
    there = booking_money.paid(booking, currency)
    assert {one.currency for one in (found.keep, found.fee, found.to_pay, found.to_refund)} == {currency}
    assert min(found.keep.amount, found.fee.amount, found.to_pay.amount, found.to_refund.amount) >= 0
    assert found.to_refund <= there
    assert not (found.to_pay and found.to_refund)
    if request.kind is ChangeKind.CANCEL:
        # every unit of what is there is either kept, in writing, or goes back
        assert found.keep + found.to_refund == there
    else:
        assert found.to_refund == max(Money(0, currency), there - found.keep)
        assert found.price_after <= (booking.price or found.price_after) or request.cause is Cause.CUSTOMER
    if request.cause is not Cause.CUSTOMER and request.override is None:
        assert not found.fee
    assert now <= found.valid_until <= now + timedelta(minutes=30)


@given(worlds(), st.lists(st.floats(0, 24 * 20), min_size=2, max_size=5))
def test_waiting_never_brings_more_back(world: tuple[Booking, Policy, str, str], hours: list[float]) -> None:
    booking, policy, currency, zone = world
    business = replace(sample(), currency=currency, timezone=zone, policies=(policy,), policy=policy.id)
    backs = []
    for before in sorted(hours, reverse=True):
        found = quote(booking, cancelling(STAFF), at(START - timedelta(hours=before), business))
        assert isinstance(found, ChangeQuote)
        backs.append(found.to_refund.amount)
    assert backs == sorted(backs, reverse=True)


@given(worlds(), st.floats(0, 24 * 20))
def test_what_was_offered_is_what_a_yes_in_time_gets(world: tuple[Booking, Policy, str, str], hours: float) -> None:
    booking, policy, currency, zone = world
    business = replace(sample(), currency=currency, timezone=zone, policies=(policy,), policy=policy.id)
    offered = quote(booking, cancelling(STAFF), at(START - timedelta(hours=hours), business))
    assert isinstance(offered, ChangeQuote)
    at_last = quote(booking, cancelling(STAFF), at(offered.valid_until, business))
    assert isinstance(at_last, ChangeQuote)
    assert (at_last.to_refund, at_last.keep) == (offered.to_refund, offered.keep)
