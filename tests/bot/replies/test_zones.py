"""The zone behind an hour: for who lives by another clock, and for nobody else."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.business.context import Context
from bot.domain.ids import LeadId
from bot.domain.lead import Address, Conversation, Lead
from bot.replies import zones
from tests.bot.business.makers import sample

AT = datetime(2026, 11, 24, 7, tzinfo=UTC)
BALI = ZoneInfo("Asia/Makassar")


@pytest.mark.parametrize(
    ("address", "is_far"),
    [
        # numbers of examples; a country with several clocks has ours if one of them is
        (Address(wa_id="6281234567890"), False),
        (Address(wa_id="6591234567"), False),
        (Address(wa_id="84912345678"), True),
        (Address(wa_id="447700900123"), True),
        (Address(wa_id="14155550100"), True),
        (Address(wa_id="61491570006"), False),  # Perth has the clock of Bali
        (Address(user_id="VN.abc"), True),
        (Address(user_id="ID.abc"), False),
        (Address(user_id="xyz.abc"), False),
        (Address(wa_id="999"), False),
        (Address(), False),
    ],
)
def test_only_a_country_that_never_has_our_clock_can_mistake_it(address: Address, is_far: bool) -> None:
    assert zones.can_be_mistaken(address, AT, BALI) is is_far


def test_summer_time_decides_by_the_day_of_the_hour() -> None:
    lisbon, london = ZoneInfo("Europe/Lisbon"), Address(wa_id="447700900123")
    assert not zones.can_be_mistaken(london, AT, lisbon)
    # Reykjavik keeps Greenwich all year, London half of it
    reykjavik = ZoneInfo("Atlantic/Reykjavik")
    assert not zones.can_be_mistaken(london, AT, reykjavik)
    assert zones.can_be_mistaken(london, datetime(2026, 7, 1, 7, tzinfo=UTC), reykjavik)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", " (Central Indonesia Time)"), ("id", " (WITA)"), ("vi", " (Giờ Miền Trung Indonesia)")],
)
def test_it_stands_in_brackets_behind_the_hour(language: str, said: str) -> None:
    context = Context(now=AT, business=sample())
    talk = Conversation(language=language)
    assert zones.note(Lead(LeadId("a"), Address(wa_id="84912345678"), None, talk), AT, context) == said
    assert zones.note(Lead(LeadId("b"), Address(wa_id="6281234567890"), None, talk), AT, context) == ""
