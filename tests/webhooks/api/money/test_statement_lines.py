"""What a payout is made of: a line for each share, and one below nothing for what a refund takes back."""

from payments.domain.payout import PayoutPace, plan_payouts
from tests.payments.makers import NOON, account, payable
from webhooks.api.money import views


def test_a_payout_says_line_by_line_what_it_is_made_of_and_what_a_refund_took_back() -> None:
    mine = account()
    rows = [payable("earned", net=245_000), payable("back", net=-122_500)]
    (payout,) = plan_payouts(rows, {mine.payee: mine}, {}, PayoutPace.DAILY, NOON)
    shown = views.payout(payout)
    sums = [line["amount"]["amount"] for line in shown["lines"]]
    assert sorted(sums) == [-122_500, 245_000]
    assert sum(sums) == shown["amount"]["amount"] == 122_500
    assert {line["party"] for line in shown["lines"]} == {row.party.value for row in rows}
    assert {line["booking"] for line in shown["lines"]} == set(shown["bookings"])
