"""Every kind of change: quoted, agreed to once, and applied by the one table."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.change import ChangeKind
from bot.domain.events import StaffAction
from bot.domain.states import Modification, State
from payments.domain.money import Money
from tests.bot.dialogue.changes.test_chat import paid_massage, settled
from tests.bot.dialogue.states.talk import Talk


def slot_of(talk: Talk, service: str = "balinese-massage", **changes: Any) -> str:
    chosen = talk.booking.chosen
    assert chosen is not None
    known = {"provider": chosen.provider, "place": chosen.place} | changes
    return f"{service}|{known['provider']}|{chosen.start:%Y%m%dT%H%MZ}|{known['place']}"


def asked(talk: Talk, kind: ChangeKind, **facts: str) -> Talk:
    """Staff ask for it on the customer's wish, and confirm what was quoted."""
    talk.staff(StaffAction.CHANGE, kind=kind.value, cause="customer", reason="wish", **facts)
    change = talk.booking.change
    assert change is not None, [dict(record.facts) for record in talk.records][-1]
    assert change.kind is kind
    assert change.quote is not None
    return talk.staff(StaffAction.CONFIRM_CHANGE, change=change.id, quote=str(change.quote.number))


def test_another_provider_at_the_same_time_and_place_is_paid_in_place_of_the_first() -> None:
    talk = paid_massage()
    before = talk.booking
    assert before.chosen is not None
    asked(talk, ChangeKind.PROVIDER, slot_id=slot_of(talk, provider="komang"))
    after = talk.booking.chosen
    assert after is not None
    assert (after.provider, after.start, after.place) == ("komang", before.chosen.start, before.chosen.place)
    assert talk.booking.modification is Modification.CONFIRMED
    assert "provider:komang" in {payee.payee for payee in settled(talk)[-1].terms.payees}


def test_another_service_has_its_own_price_and_is_paid_before_it_is_true() -> None:
    talk = paid_massage()
    slot = slot_of(talk, service="iv-drip", provider="sari")
    asked(talk, ChangeKind.SERVICE, service="iv-drip", slot_id=slot)
    assert (talk.booking.service, talk.booking.modification) == ("balinese-massage", Modification.AWAITING_PAYMENT)
    assert "IDR 600,000" in talk.last
    talk.pay()
    assert (talk.booking.service, talk.booking.price) == ("iv-drip", Money(950_000, "IDR"))
    assert talk.booking.state is State.CONFIRMED


@pytest.mark.parametrize("fact", ["name", "contact", "note"])
def test_details_cost_nothing_and_move_no_money(fact: str) -> None:
    talk = paid_massage()
    before = talk.booking
    asked(talk, ChangeKind.DETAILS, **{fact: "Sari Dewi"})
    assert (talk.booking.chosen, talk.booking.price, talk.booking.change) == (before.chosen, before.price, None)
    assert settled(talk) == []


def test_who_moves_more_than_three_times_is_on_record_as_unstable_and_only_then() -> None:
    talk = paid_massage()
    for moves in range(1, 5):
        chosen = talk.booking.chosen
        assert chosen is not None
        later = chosen.start + timedelta(days=1)
        asked(talk, ChangeKind.TIME, slot_id=f"balinese-massage|ayu|{later:%Y%m%dT%H%MZ}|villa-melati")
        flagged = [record for record in talk.records if record.what == "unstable_customer"]
        assert (talk.booking.reschedule_count, bool(flagged)) == (moves, moves > 3)
