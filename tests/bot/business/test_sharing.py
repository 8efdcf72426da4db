"""Splits by price book: the provider's sum times the quantity, then the gateway's fee, then the rest by shares."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business import file
from bot.business.catalogue import Commission, Place
from bot.business.definition import Business
from bot.business.prices import GatewayFee, PercentShare, Split, SplitKind, SplitParty
from bot.business.sharing import at_place, rule_of, tariff_of
from payments.domain.ids import PayeeId
from payments.domain.money import Money
from payments.domain.splits import DiscountBearer, FeeBearer, FixedPayoutSplit, Party, SharesDoNotFit
from payments.domain.terms import Payee, Terms
from tests.bot.business.makers import problems_of, sample, with_changes

VILLA_65 = Split(
    "villa",
    SplitKind.FIXED_PAYOUT,
    (PercentShare(SplitParty.PLACE, Decimal(65)), PercentShare(SplitParty.PLATFORM, Decimal(35))),
    gateway_fee_bearer=FeeBearer.MARGIN,
    gateway_fee=GatewayFee(2_000, Decimal("2.9"), Decimal(11)),
)
PAYEES = (Payee(Party.PROVIDER, PayeeId("provider:ayu")), Payee(Party.FACILITY, PayeeId("place:v1")))


def idr(amount: int) -> Money:
    return Money(amount, "IDR")


def terms_for(split: Split, price: int, payout: int, listed: int | None = None) -> Terms:
    rule = rule_of(split, payout, idr(price), idr(price if listed is None else listed))
    return Terms(rule, PAYEES, fee_bearer=split.gateway_fee_bearer, expected_fee=tariff_of(split.gateway_fee))


def gateway_cost(price: int) -> int:
    """(2 000 + 2.9 % of the price) x 1.11, halves up, as the Mark-up sheet counts it."""
    cost = (Decimal(2_000) + Decimal(price) * Decimal("0.029")) * Decimal("1.11")
    return int((cost + Decimal("0.5")) // 1)


def have(terms: Terms, price: int, fee: int) -> dict[Party, int]:
    """What each party has at last: its share less what it bears of the fee."""
    at_last = {share.party: share.amount.amount for share in terms.shares_of(idr(price))}
    for borne in terms.fee_shares_of(idr(fee)):
        at_last[borne.party] = at_last.get(borne.party, 0) - borne.amount.amount
    return at_last


@st.composite
def rows(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """A row of the Mark-up sheet: final, vendor, villa, platform."""
    final = draw(st.integers(50_000, 30_000_000))
    margin = draw(st.integers(0, final // 3))
    vendor = max(0, final - gateway_cost(final) - margin)
    rest = final - vendor - gateway_cost(final)
    villa = rest * 65 // 100
    return final, vendor, villa, rest - villa


@given(rows())
def test_every_row_of_a_price_sheet_is_shared_to_the_unit(row: tuple[int, int, int, int]) -> None:
    final, vendor, villa, platform = row
    terms = terms_for(VILLA_65, final, vendor)
    terms.require_fit(idr(final))
    assert terms.expected_fee is not None
    fee = terms.expected_fee.expected(idr(final)).amount
    assert fee == gateway_cost(final)
    assert have(terms, final, fee) == {Party.PROVIDER: vendor, Party.FACILITY: villa, Party.PLATFORM: platform}
    assert vendor + villa + platform + fee == final


def test_the_row_that_a_reader_of_digits_would_have_paid_ninefold() -> None:
    # 300 000 with a vendor at 250 000: the villa's cell held decimals
    fee = gateway_cost(300_000)
    assert fee == 11_877
    at_last = have(terms_for(VILLA_65, 300_000, 250_000), 300_000, fee)
    assert at_last == {Party.PROVIDER: 250_000, Party.FACILITY: 24_779, Party.PLATFORM: 13_344}


@given(rows(), st.integers(0, 400_000), st.sets(st.sampled_from([Party.PROVIDER, Party.FACILITY])))
def test_whatever_the_fee_becomes_no_party_but_the_platform_has_less_than_nothing(
    row: tuple[int, int, int, int], fee: int, there: set[Party]
) -> None:
    final, vendor, _, _ = row
    terms = replace(terms_for(VILLA_65, final, vendor), payees=tuple(one for one in PAYEES if one.party in there))
    at_last = have(terms, final, fee)
    assert sum(at_last.values()) == final - fee
    assert all(amount >= 0 for party, amount in at_last.items() if party is not Party.PLATFORM)
    assert at_last.get(Party.PROVIDER, 0) == (vendor if Party.PROVIDER in there else 0)


@given(rows(), st.integers(1, 12))
def test_the_providers_sum_is_times_the_quantity(row: tuple[int, int, int, int], quantity: int) -> None:
    final, vendor, _, _ = row
    terms = terms_for(VILLA_65, final * quantity, vendor * quantity)
    assert have(terms, final * quantity, gateway_cost(final * quantity))[Party.PROVIDER] == vendor * quantity


@pytest.mark.parametrize(
    ("bearer", "provider", "place", "platform"),
    [
        (None, 250_000, 26_000, 14_000),
        (DiscountBearer.MARGIN, 250_000, 26_000, 14_000),
        (DiscountBearer.PLATFORM, 250_000, 32_500, 7_500),
        (DiscountBearer.PROVIDER, 240_000, 32_500, 17_500),
    ],
)
def test_a_discount_is_borne_by_whom_the_split_says(
    bearer: DiscountBearer | None, provider: int, place: int, platform: int
) -> None:
    terms = terms_for(replace(VILLA_65, discount_bearer=bearer), 290_000, 250_000, listed=300_000)
    shares = {share.party: share.amount.amount for share in terms.shares_of(idr(290_000))}
    assert shares == {Party.PROVIDER: provider, Party.FACILITY: place, Party.PLATFORM: platform}


def test_no_invoice_is_opened_where_a_party_would_have_less_than_nothing() -> None:
    # 261 000 - 250 000 is less than the fee
    with pytest.raises(SharesDoNotFit):
        terms_for(VILLA_65, 260_000, 250_000).require_fit(idr(260_000))
    # the platform alone cannot bear so large a discount
    generous = replace(VILLA_65, discount_bearer=DiscountBearer.PLATFORM)
    with pytest.raises(SharesDoNotFit):
        terms_for(generous, 270_000, 250_000, listed=300_000).require_fit(idr(270_000))


FEE = "    gateway_fee_bearer: margin\n    gateway_fee: { flat: 2000, percent: 2.9, tax_percent: 11 }\n"


def test_a_price_that_the_fee_would_eat_is_found_ahead() -> None:
    split = "    kind: fixed_payout\n"
    cheap = ("amount: 350000, payout: 250000", "amount: 260000, payout: 250000")
    (problem,) = problems_of((split, split + FEE), cheap).items
    assert problem.path == "prices[0]"
    assert "260000 is too little for `vendor-first` once the gateway's fee has left it" in problem.what


def test_a_discount_by_percent_is_everybodys() -> None:
    told = {
        item.path: item.what
        for item in problems_of(("  - id: percent\n", "  - id: percent\n    discount_bearer: platform\n")).items
    }
    assert "everybody bears a discount" in told["splits[1].discount_bearer"]


def test_a_booking_sold_in_a_currency_the_file_has_left_has_no_payout_and_no_discount_in_it() -> None:
    rule = rule_of(VILLA_65, 250_000, Money(3_500, "PHP"), idr(350_000))
    assert isinstance(rule, FixedPayoutSplit)
    assert (rule.payout, rule.discount) == (Money(0, "PHP"), None)


OF_FOUR = Split(
    "four",
    SplitKind.PERCENT,
    (
        PercentShare(SplitParty.PROVIDER, Decimal("62.5")),
        PercentShare(SplitParty.PLACE, Decimal("12.5")),
        PercentShare(SplitParty.REFERRER, Decimal(5)),
        PercentShare(SplitParty.PLATFORM, Decimal(20)),
    ),
)
WHO = (*PAYEES, Payee(Party.REFERRING_AGENT, PayeeId("referrer:nadia")))


def having(split: str, percent: Decimal) -> Place:
    """A place that has that percent of its own."""
    return replace(sample().places[0], commissions=(Commission(split, percent),))


@given(
    st.sampled_from([OF_FOUR, VILLA_65]),
    st.decimals(0, Decimal("32.5"), places=2, allow_nan=False),
    st.integers(50_000, 30_000_000),
    st.integers(0, 500_000),
)
def test_a_percent_of_its_own_moves_money_between_place_and_platform_alone(
    split: Split, commission: Decimal, price: int, fee: int
) -> None:
    payout = price // 3

    def at_last(shared: Split | None) -> dict[Party, int]:
        assert shared is not None
        rule = rule_of(shared, payout, idr(price), idr(price))
        terms = Terms(rule, WHO, fee_bearer=shared.gateway_fee_bearer)
        shares = {share.party: share.amount.amount for share in terms.shares_of(idr(price))}
        assert sum(shares.values()) == price
        assert sum(one.amount.amount for one in terms.fee_shares_of(idr(fee))) == fee
        return shares

    before, after = at_last(split), at_last(at_place(split, having(split.id, commission)))
    if split is VILLA_65:
        assert after[Party.PROVIDER] == before[Party.PROVIDER] == payout
    else:
        # the odd unit is the provider's
        assert abs(after[Party.PROVIDER] - before[Party.PROVIDER]) <= 3
        assert after[Party.REFERRING_AGENT] == before[Party.REFERRING_AGENT]
    shared_out = price if split is OF_FOUR else price - payout
    assert after.get(Party.FACILITY, 0) == shared_out * int(commission * 100) // 10_000


def test_a_percent_of_its_own_that_the_platform_cannot_give_is_refused_and_no_place_no_percent() -> None:
    with pytest.raises(SharesDoNotFit):
        at_place(OF_FOUR, having("four", Decimal("32.51")))
    assert at_place(OF_FOUR, having("villa", Decimal(10))) is OF_FOUR
    assert at_place(OF_FOUR, None) is OF_FOUR
    assert at_place(None, having("four", Decimal(10))) is None
    own = replace(OF_FOUR, shares=(PercentShare(SplitParty.PLATFORM, Decimal(100)),))
    assert at_place(own, having("four", Decimal(10))) is own


@pytest.mark.parametrize(
    ("commissions", "told"),
    [
        ("{ split: stay, percent: 88.5 }", ""),
        ("{ split: percent, percent: 20.5 }", "20.5 percent are more than"),
        ("{ split: percent, percent: 101 }", "less than or equal to 100"),
        ("{ split: percent, percent: 12.555 }", "no more than 2 decimal places"),
        ("{ split: stays, percent: 80 }", "there is no split `stays`"),
        ("{ split: stay, percent: 80 }, { split: stay, percent: 81 }", "`stay` stands twice"),
    ],
)
def test_what_a_split_cannot_give_a_place_is_found_ahead(commissions: str, told: str) -> None:
    contact = 'contact: { name: Kadek Ariani, phone: "+6281200000102", language: id }'
    change = (contact, f"{contact}\n    commissions: [{commissions}]")
    if told:
        assert told in str(problems_of(change))
    else:
        assert isinstance(file.parse(with_changes(change), "business.yaml"), Business)
