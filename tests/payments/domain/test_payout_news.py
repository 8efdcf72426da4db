"""Of which payouts whoever is paid hears: of what is true for good, and of nothing that may yet fail."""

import pytest

from payments.domain.alarm import AlarmKind, OpenAlarm
from payments.domain.money import Money
from payments.domain.news import PayoutNews
from payments.domain.payout import PayoutState
from tests.bot.makers import NOW


@pytest.mark.parametrize("state", PayoutState)
def test_nobody_is_told_of_a_payout_before_it_has_arrived_or_come_back(state: PayoutState) -> None:
    news = PayoutNews("PO-1", 1, "provider:ayu", state, Money(250_000, "IDR"), None, ("BK-1",))
    assert news.is_told == (state in {PayoutState.SUCCEEDED, PayoutState.REVERSED})


def test_what_somebody_wrote_about_their_money_stands_in_no_log() -> None:
    alarm = OpenAlarm(AlarmKind.PAYOUT_DISPUTED, "e1", (("payee", "provider:ayu"), ("said", "Emma paid more")), NOW)
    assert dict(alarm.alarm.facts) == {"subject": "e1", "payee": "provider:ayu"}
