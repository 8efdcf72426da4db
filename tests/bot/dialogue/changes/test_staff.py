"""Changes by staff: the same quotes, the cause decides, short forms are done at once, the rest waits for a yes."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.change import Cause, ChangeQuote
from bot.domain.commands import OpenInvoice
from bot.domain.events import StaffAction
from bot.domain.money_orders import Settle
from bot.domain.states import Modification, State
from bot.domain.timers import TimerKind
from payments.domain.money import Money
from tests.bot.dialogue.changes.test_chat import paid_massage, settled
from tests.bot.dialogue.states.talk import Talk


def open_quote(talk: Talk) -> ChangeQuote:
    change = talk.booking.change
    assert change is not None
    assert change.quote is not None
    return change.quote


def sunday(talk: Talk, provider: str = "ayu", place: str = "villa-melati") -> str:
    assert talk.booking.chosen is not None
    start = talk.booking.chosen.start + timedelta(days=1)
    return f"balinese-massage|{provider}|{start:%Y%m%dT%H%MZ}|{place}"


def denials(talk: Talk) -> list[dict[str, str]]:
    return [dict(record.facts) for record in talk.records if record.what == "change_denied"]


@pytest.mark.parametrize(
    ("facts", "keep", "sorry"),
    [
        ({}, 0, True),
        ({"cause": "business"}, 0, True),
        ({"cause": "partner"}, 0, True),
        ({"cause": "force_majeure"}, 0, False),
        ({"cause": "customer"}, 175_000, False),
        ({"cause": "customer", "refund": "300000", "reason": "regular guest"}, 50_000, False),
    ],
)
def test_the_short_form_cancels_at_once_and_the_cause_says_what_comes_back(
    facts: dict[str, str], keep: int, sorry: bool
) -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CANCEL, **{"reason": "closed", **facts})
    assert talk.lead.bookings == ()
    (order,) = settled(talk)
    assert (order.keep, order.is_end) == (Money(keep, "IDR"), True)
    assert ("sorry" in talk.last.casefold()) is sorry
    assert f"IDR {350_000 - keep:,} back" in talk.last


def test_what_staff_set_in_place_of_the_policy_is_on_record_with_its_reason() -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CANCEL, cause="customer", refund="300000", reason="regular guest", person="rina")
    (record,) = [dict(one.facts) | {"by": one.by} for one in talk.records if one.what == "change_ended"]
    wanted = {"by": "rina", "cause": "customer", "policy": "decided_by_staff", "reason": "regular guest"}
    assert {key: record[key] for key in wanted} == wanted
    assert (record["keep"], record["to_refund"], record["borne_by"]) == ("50000", "300000", "platform")


@pytest.mark.parametrize("facts", [{"role": "sales", "reason": "kind"}, {"role": "operations"}])
def test_an_override_needs_the_role_and_a_reason(facts: dict[str, str]) -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CANCEL, cause="customer", refund="300000", **facts)
    assert talk.booking.state is State.CONFIRMED
    assert settled(talk) == []
    assert [one["reason"] for one in denials(talk)] == ["may_not_override" if "reason" in facts else "no_reason"]


@pytest.mark.parametrize("sums", [{"refund": "all of it"}, {"fee": "1.5"}])
def test_a_sum_that_cannot_be_read_does_nothing(sums: dict[str, str]) -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CANCEL, cause="customer", reason="x", **sums)
    assert (talk.booking.state, settled(talk)) == (State.CONFIRMED, [])


def test_a_move_to_a_named_time_is_done_at_once_and_told_with_an_apology() -> None:
    talk = paid_massage()
    slot = sunday(talk)
    talk.staff(StaffAction.RESCHEDULE, slot_id=slot, cause="partner", reason="ill")
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.slot_id == slot
    assert (talk.booking.state, talk.booking.reschedule_reason) == (State.CONFIRMED, "ill")
    assert "We are sorry" in talk.last


def test_a_dearer_place_that_the_house_needs_costs_the_guest_nothing() -> None:
    talk = paid_massage()
    talk.staff(StaffAction.RESCHEDULE, slot_id=sunday(talk, "komang", "villa-karang"), cause="business")
    assert (talk.booking.place, talk.booking.price) == ("villa-karang", Money(350_000, "IDR"))
    (order,) = settled(talk)
    assert (order.keep, order.price) == (Money(350_000, "IDR"), Money(350_000, "IDR"))


def test_a_dearer_place_for_the_guest_s_sake_is_paid_before_it_is_true() -> None:
    talk = paid_massage()
    talk.staff(StaffAction.RESCHEDULE, slot_id=sunday(talk, "komang", "villa-karang"), cause="customer", reason="wish")
    assert (talk.booking.place, talk.booking.modification) == ("villa-melati", Modification.AWAITING_PAYMENT)
    assert isinstance(talk.money[-1], OpenInvoice)
    assert "IDR 100,000" in talk.last
    talk.pay()
    assert talk.booking.place == "villa-karang"


def test_without_a_time_the_customer_is_asked_which_and_keeps_theirs() -> None:
    talk = paid_massage()
    old = talk.booking.chosen
    talk.staff(StaffAction.RESCHEDULE, reason="ill", cause="partner")
    assert "stays yours until the new time is booked" in talk.last
    assert talk.booking.chosen == old
    talk.writes("Sunday", "yes")
    assert talk.booking.chosen != old


# Quoted first -------------------------------------------------------------------------------------------------------


def test_a_quote_is_left_open_silently_and_confirmed_by_its_number() -> None:
    talk = paid_massage()
    said = len(talk.said)
    talk.staff(StaffAction.CHANGE, kind="cancel", cause="customer", reason="wish")
    quote = open_quote(talk)
    assert (quote.to_refund, len(talk.said), settled(talk)) == (Money(175_000, "IDR"), said, [])
    talk.staff(StaffAction.CONFIRM_CHANGE, change="C1", quote="7")
    assert talk.booking.state is State.CONFIRMED
    talk.staff(StaffAction.CONFIRM_CHANGE, change="C1", quote=str(quote.number))
    assert talk.lead.bookings == ()
    assert settled(talk)[0].keep == Money(175_000, "IDR")


def test_an_outdated_quote_is_not_confirmed_but_made_anew() -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CHANGE, kind="cancel", cause="customer", reason="wish")
    talk.now += timedelta(hours=1)
    talk.staff(StaffAction.CONFIRM_CHANGE, change="C1", quote="1")
    assert (talk.booking.state, open_quote(talk).number) == (State.CONFIRMED, 2)
    talk.staff(StaffAction.CONFIRM_CHANGE, change="C1", quote="2")
    assert talk.lead.bookings == ()


def test_a_quote_that_nobody_confirms_ends_unheard() -> None:
    talk = paid_massage()
    said = len(talk.said)
    talk.staff(StaffAction.CHANGE, kind="cancel", cause="customer", reason="wish")
    talk.rings(TimerKind.CHANGE_SILENCE)
    assert (talk.booking.change, talk.booking.modification) == (None, Modification.WITHDRAWN)
    assert len(talk.said) == said


def test_a_quote_is_taken_back() -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CHANGE, kind="time", slot_id=sunday(talk), cause="customer", reason="wish", hold_id="h-1")
    talk.staff(StaffAction.WITHDRAW_CHANGE, change="C1")
    assert (talk.booking.change, talk.booking.modification) == (None, Modification.REJECTED)
    assert "h-1" in talk.let_go


@pytest.mark.parametrize(
    ("facts", "now_open"),
    [
        ({"kind": "cancel", "cause": "customer"}, "C2"),
        ({"kind": "guests", "guests": "2", "cause": "customer"}, "C1"),
    ],
)
def test_a_second_change_waits_unless_it_calls_off(facts: dict[str, str], now_open: str) -> None:
    talk = paid_massage().writes("move it to Sunday")
    talk.staff(StaffAction.CHANGE, reason="wish", **facts)
    assert talk.booking.change is not None
    assert talk.booking.change.id == now_open


def test_who_taps_yes_after_staff_have_cancelled_hears_that_it_is_over() -> None:
    talk = paid_massage().writes("move it to Sunday")
    yes = talk.choices[0]
    talk.staff(StaffAction.CANCEL, cause="business", reason="closed")
    orders: list[Any] = list(talk.money)
    talk.taps(yes)
    assert "over" in talk.last
    assert talk.money == orders
    assert len([order for order in orders if isinstance(order, Settle)]) == 1


@pytest.mark.parametrize("cause", [None, "weather", "customer"])
def test_a_cause_that_nobody_knows_is_the_house_s(cause: str | None) -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CHANGE, kind="cancel", reason="x", **({} if cause is None else {"cause": cause}))
    assert talk.booking.change is not None
    assert talk.booking.change.cause is (Cause.CUSTOMER if cause == "customer" else Cause.BUSINESS)


def test_a_name_is_noted_at_once_without_a_price() -> None:
    talk = paid_massage()
    talk.staff(StaffAction.CHANGE, kind="details", cause="customer", reason="wish", name="Sari Dewi")
    assert open_quote(talk).to_pay == open_quote(talk).to_refund == Money(0, "IDR")
    talk.staff(StaffAction.CONFIRM_CHANGE, change="C1", quote="1")
    assert talk.lead.name == "Sari Dewi"
    assert (talk.booking.state, settled(talk)) == (State.CONFIRMED, [])
