"""Policies: what comes back and what a change costs, by whole local days or exact hours, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business import file, policies
from bot.business.definition import Business
from bot.business.policies import PRESETS, ChangeTier, Policy, RefundTier
from bot.domain.policy_sentence import PolicyClause
from payments.domain.money import Money
from tests.bot.business.makers import problems_of, sample, with_changes

_FIRST = datetime(2010, 1, 1, tzinfo=UTC)
ZONES = ("Asia/Makassar", "Europe/Berlin", "America/Havana", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo")
MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: _FIRST + timedelta(minutes=minutes))
UNTILS = st.one_of(st.integers(0, 30).map(lambda days: f"{days}d"), st.integers(0, 400).map(lambda hours: f"{hours}h"))
REFUND_TIERS = st.one_of(
    st.builds(RefundTier, UNTILS, st.integers(0, 100)),
    st.builds(RefundTier, UNTILS, keep=st.integers(1, 900_000)),
    st.builds(RefundTier, UNTILS, keep_nights=st.integers(1, 9)),
)
POLICIES = st.one_of(
    st.sampled_from(list(PRESETS.values())),
    st.builds(
        Policy,
        st.just("any"),
        st.lists(REFUND_TIERS, max_size=5).map(tuple),
        st.lists(st.builds(ChangeTier, UNTILS, st.integers(0, 100)), max_size=4).map(tuple),
    ),
)
PRICES = st.builds(Money, st.integers(0, 10**9), st.sampled_from(["IDR", "VND", "PHP", "KWD"]))


def kept(policy: Policy, start: datetime, now: datetime, zone: str, price: int = 100, nights: int = 0) -> int:
    term = policies.cancellation_term(policy, Money(price, "IDR"), nights, start, now, ZoneInfo(zone))
    return term.penalty.amount


@given(MOMENTS, st.floats(0, 20 * 24), st.sampled_from(ZONES))
def test_tiered_days_counts_calendar_days_and_leaves_no_gap(start: datetime, hours: float, zone: str) -> None:
    now = start - timedelta(hours=hours)
    days = (start.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days
    expected = 0 if days >= 7 else 50 if days >= 3 else 75 if days >= 1 else 100
    assert kept(PRESETS["tiered_days"], start, now, zone) == expected


def test_the_day_seven_days_before_holds_to_its_last_instant() -> None:
    zone, policy = ZoneInfo("Asia/Makassar"), PRESETS["tiered_days"]
    start = datetime(2026, 12, 10, 9, tzinfo=zone)
    midnight = datetime(2026, 12, 4, tzinfo=zone)
    assert kept(policy, start, midnight - timedelta(microseconds=1), "Asia/Makassar") == 0
    assert kept(policy, start, midnight, "Asia/Makassar") == 50


def test_forty_eight_hours_are_exact_and_include_their_last_instant() -> None:
    start, policy = datetime(2026, 3, 29, 12, tzinfo=UTC), PRESETS["free_until_48h"]
    assert kept(policy, start, start - timedelta(hours=48), "Europe/Berlin") == 0
    assert kept(policy, start, start - timedelta(hours=48) + timedelta(seconds=1), "Europe/Berlin") == 50
    assert kept(policy, start, start, "Europe/Berlin") == 50
    assert kept(policy, start, start + timedelta(seconds=1), "Europe/Berlin") == 100


@pytest.mark.parametrize(
    ("zone", "changed_on"),
    [("Europe/Berlin", (2026, 3, 29)), ("Europe/Berlin", (2026, 10, 25)), ("America/Havana", (2026, 3, 8))],
)
def test_a_clock_change_moves_no_local_day(zone: str, changed_on: tuple[int, int, int]) -> None:
    wall = ZoneInfo(zone)
    start = datetime(*changed_on, 18, tzinfo=wall) + timedelta(days=1)
    before = datetime(*changed_on, tzinfo=wall) - timedelta(seconds=1)
    assert kept(Policy("p", (RefundTier("2d", 100),)), start, before.astimezone(UTC), zone) == 0
    later = datetime(*changed_on, 4, tzinfo=wall)
    assert kept(Policy("p", (RefundTier("2d", 100),)), start, later.astimezone(UTC), zone) == 100


def test_the_odd_rupiah_of_a_half_goes_back_to_the_customer() -> None:
    start = datetime(2026, 12, 10, 9, tzinfo=UTC)
    assert kept(PRESETS["tiered_days"], start, start - timedelta(days=4), "UTC", price=350_001) == 175_000
    third = Policy("p", (RefundTier("1d", 33),))
    assert kept(third, start, start - timedelta(days=4), "UTC", price=100) == 67
    assert kept(third, start, start - timedelta(days=4), "UTC", price=350_001) == 350_001 - 115_500


def test_the_nights_preset_keeps_one_night_of_three() -> None:
    start = datetime(2026, 12, 10, 14, tzinfo=UTC)
    assert kept(PRESETS["nights"], start, start - timedelta(days=2), "UTC", price=300, nights=3) == 100
    assert kept(PRESETS["nights"], start, start - timedelta(days=2), "UTC", price=100, nights=1) == 100


def test_nothing_comes_back_and_nothing_is_changed_under_none() -> None:
    start = datetime(2026, 12, 10, 14, tzinfo=UTC)
    assert kept(PRESETS["none"], start, start - timedelta(days=300), "UTC") == 100
    price, early = Money(100, "IDR"), start - timedelta(days=9)
    assert policies.change_term(PRESETS["none"], price, start, early, ZoneInfo("UTC")) is None


def test_a_late_change_costs_a_share_of_the_price_before_and_none_is_sold_after_the_start() -> None:
    start, zone, price = datetime(2026, 12, 10, 14, tzinfo=UTC), ZoneInfo("UTC"), Money(350_001, "IDR")
    late = policies.change_term(PRESETS["free_until_48h"], price, start, start - timedelta(hours=3), zone)
    assert late is not None
    assert (late.fee, late.sentence.clause) == (Money(175_001, "IDR"), PolicyClause.CHANGE_FEE)
    after = start + timedelta(seconds=1)
    assert policies.change_term(PRESETS["free_until_48h"], price, start, after, zone) is None


@given(
    POLICIES, PRICES, st.integers(0, 21), MOMENTS, st.lists(st.floats(-50, 1000), min_size=2), st.sampled_from(ZONES)
)
def test_waiting_never_makes_a_cancellation_cheaper_and_never_costs_more_than_the_price(
    policy: Policy, price: Money, nights: int, start: datetime, hours: list[float], zone: str
) -> None:
    terms = [
        policies.cancellation_term(policy, price, nights, start, start - timedelta(hours=before), ZoneInfo(zone))
        for before in sorted(hours, reverse=True)
    ]
    penalties = [term.penalty.amount for term in terms]
    assert penalties == sorted(penalties)
    assert all(0 <= penalty <= price.amount for penalty in penalties)


@given(POLICIES, PRICES, MOMENTS, st.floats(0, 1000), st.sampled_from(ZONES))
def test_what_is_said_until_a_moment_holds_until_then(
    policy: Policy, price: Money, start: datetime, hours: float, zone: str
) -> None:
    wall, now = ZoneInfo(zone), start - timedelta(hours=hours)
    term = policies.cancellation_term(policy, price, 3, start, now, wall)
    if term.until is not None:
        assert now <= term.until <= start
        assert policies.cancellation_term(policy, price, 3, start, term.until, wall).penalty == term.penalty
    change = policies.change_term(policy, price, start, now, wall)
    if change is not None:
        at_last = policies.change_term(policy, price, start, change.until, wall)
        assert at_last is not None
        assert at_last.fee == change.fee


# The business file --------------------------------------------------------------------------------------------------


def test_a_service_has_its_own_policy_the_house_s_or_a_preset() -> None:
    business = sample()
    assert business.policy_for(business.service("private-chef")).id == "market-day"
    assert business.policy_for(business.service("sunrise-yoga")).id == "free_until_48h"
    assert business.policy_for(business.service("balinese-massage")).id == "tiered_days"


@pytest.mark.parametrize(
    ("changes", "path", "what"),
    [
        ((("policy: market-day", "policy: markt-day"),), "services[3].policy", "there is no policy `markt-day`"),
        ((("policy: tiered_days", "policy: tierd_days"),), "policy", "there is no policy `tierd_days`"),
        ((("until: 1d, percent: 50", "until: 1d, percent: 100"),), "policies[0].refund[1]", "gives back no less"),
        ((("until: 1d, percent: 50", "until: 3d, percent: 50"),), "policies[0].refund[1].until", "does not come after"),
        ((("until: 1d, percent: 50", "until: 40h, percent: 50"),), "policies[0].refund[1].until", "change places"),
        (
            (("until: 1d, percent: 50", "until: 90h, percent: 50"),),
            "policies[0].refund[1].until",
            "does not come after",
        ),
        ((("until: 1d, percent: 50", "until: 1d"),), "policies[0].refund[1]", "says nothing of the money"),
        ((("percent: 50 }", "percent: 50, keep: 5 }"),), "policies[0].refund[1]", "more than one thing"),
        ((("percent: 50 }", "percent: 0 }"),), "policies[0].refund[1]", "gives nothing back"),
        ((("fee_percent: 20", "fee_percent: 0"),), "policies[0].change[1]", "costs no more"),
        ((("id: market-day", "id: none"),), "policies[0].id", "is the name of a preset"),
        ((("id: stay-terms\n    refund", "id: market-day\n    refund"),), "policies[1].id", "stands twice"),
        ((("policy: market-day", "policy: stay-terms"),), "services[3].policy", "is not sold by night"),
        ((("until: 1d, percent: 50", "until: 1w, percent: 50"),), "policies[0].refund[1].until", "`1w` does not fit"),
    ],
)
def test_what_is_wrong_in_a_policy_is_told_with_its_place(
    changes: tuple[tuple[str, str], ...], path: str, what: str
) -> None:
    found = problems_of(*changes)
    assert [item.what for item in found.items if item.path == path and what in item.what], str(found)


@pytest.mark.parametrize("later", ["21h", "0h"])
def test_hours_behind_days_are_taken_where_no_hour_of_the_start_can_mix_them(later: str) -> None:
    read = file.parse(with_changes(("until: 1d, percent: 50", f"until: {later}, percent: 50")), "business.yaml")
    assert isinstance(read, Business), str(read)
