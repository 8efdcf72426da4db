"""Who is asked for a booking: everybody who could give it then and there at its price, the guest's choice first."""

from datetime import UTC, datetime, timedelta

from bot.business import file
from bot.business.definition import Business
from bot.slots.askable import askable
from bot.slots.claims import Taken, provider_resource, quanta
from bot.slots.slot import SlotName, read_slot_id
from bot.slots.standing import ScoreSum
from tests.bot.business.makers import SAMPLE

TUESDAY = "20261201T0300Z"
"""Eleven o'clock in Bali; Ayu and Komang both work then, and both come to Canggu."""


def name(slot_id: str) -> SlotName:
    found = read_slot_id(slot_id)
    assert found is not None
    return found


def business(*changes: tuple[str, str]) -> Business:
    text = SAMPLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    found = file.parse(text, "x")
    assert isinstance(found, Business), str(found)
    return found


def asked(slot_id: str, taken: Taken | None = None, scores: dict[str, ScoreSum] | None = None) -> tuple[str, ...]:
    return askable(business(), name(slot_id), 1, taken or Taken.of(()), scores or {})


def test_everybody_who_works_then_and_there_is_asked_and_the_one_that_was_chosen_first() -> None:
    assert asked(f"balinese-massage|ayu|{TUESDAY}|villa-senja") == ("ayu", "komang")
    assert asked(f"balinese-massage|komang|{TUESDAY}|villa-senja") == ("komang", "ayu")


def test_nobody_is_asked_who_does_not_come_there_or_does_not_work_then() -> None:
    # Ayu does not come to Ubud, and Komang rests on Wednesdays
    assert asked(f"balinese-massage|komang|{TUESDAY}|villa-padi") == ("komang",)
    assert asked("balinese-massage|ayu|20261202T0300Z|villa-senja") == ("ayu",)


def test_who_is_busy_is_not_asked() -> None:
    start = datetime(2026, 12, 1, 3, tzinfo=UTC)
    busy = Taken.of(
        f"{provider_resource(business().provider('komang').id)}|{one}|0"  # type: ignore[union-attr]
        for one in quanta(start, start + timedelta(minutes=30))
    )
    assert asked(f"balinese-massage|ayu|{TUESDAY}|villa-senja", busy) == ("ayu",)


def test_another_price_is_another_booking() -> None:
    row = "  - { service: balinese-massage, unit: per_booking, amount: 350000, payout: 250000 }\n"
    dearer = "  - { service: balinese-massage, provider: komang, unit: per_booking, amount: 400000, payout: 250000 }\n"
    found = askable(
        business((row, row + dearer)), name(f"balinese-massage|ayu|{TUESDAY}|villa-senja"), 1, Taken.of(()), {}
    )
    assert found == ("ayu",)


def test_of_several_others_the_one_whom_customers_rate_higher_is_asked_first() -> None:
    third = "  - id: putu\n    name: Putu Transport"
    more = business((third, third.replace("putu", "gede").replace("Putu", "Gede") + "\n" + _MORE + third))
    slot = name(f"balinese-massage|ayu|{TUESDAY}|villa-senja")
    assert askable(more, slot, 1, Taken.of(()), {}) == ("ayu", "komang", "gede")
    loved = {"gede": ScoreSum(40, 200)}
    assert askable(more, slot, 1, Taken.of(()), loved) == ("ayu", "gede", "komang")


_MORE = """    contact: { name: Gede, phone: "+6281200000299", language: id }
    services: [balinese-massage]
    hours:
      daily: ["09:00-21:00"]
    payout: { channel: ID_BCA, number: "1000000299", holder: Gede }

"""
