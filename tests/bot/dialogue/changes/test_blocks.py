"""A booking that cannot take place because of us: times by one tap, or all of the money; asked once, never charged."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.business.words import LocalizedText
from bot.domain.change import Change
from bot.domain.commands import SendButtons, SendList, SendTemplate
from bot.domain.events import StaffAction
from bot.domain.states import State
from bot.domain.timers import TimerKind
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.dialogue.changes.test_chat import paid_massage, settled
from tests.bot.dialogue.states.talk import Talk


def hit(talk: Talk, **changes: Any) -> Talk:
    """Who gives the booked massage is ill on that day."""
    slot = talk.booking.chosen
    assert slot is not None
    facts = {
        "block": "b1",
        "resource": f"provider:{slot.provider}",
        "from": (slot.start - timedelta(hours=1)).isoformat(),
        "to": (slot.end + timedelta(hours=1)).isoformat(),
        "cause": "partner",
        "reason": "fever",
        "person": "rina",
        "role": "operations",
    }
    return talk.staff(StaffAction.BLOCK, **{**facts, **changes})


def open_change(talk: Talk) -> Change:
    change = talk.booking.change
    assert change is not None
    return change


def test_it_is_asked_with_at_most_three_times_and_the_money() -> None:
    talk = hit(paid_massage())
    change = open_change(talk)
    assert 1 <= len(change.offered) <= 3
    assert len(talk.choices) == len(change.offered) + 1
    assert talk.choices[-1].startswith("blkback:")
    assert talk.booking.chosen not in change.offered


def test_a_voucher_of_the_house_is_said_with_the_sorry_in_their_language() -> None:
    voucher = LocalizedText(en="With code SORRY your next massage is 20% off.", id="Pijat berikutnya diskon 20%.")
    house = replace(sample(), texts=replace(sample().texts, apology=voucher))
    for language in ("en", "id"):
        talk = paid_massage()
        talk.business = house
        talk.lead = talk.lead.conversing(language=language, language_chosen=True)
        assert f"\n\n{voucher.say(language)}" in hit(talk).last
    assert "SORRY" not in hit(paid_massage()).last


def test_the_money_is_all_of_it_by_tap_and_by_word() -> None:
    for answer in ("tap", "word"):
        talk = hit(paid_massage())
        talk = talk.taps(talk.choices[-1]) if answer == "tap" else talk.writes("please cancel it")
        assert talk.lead.bookings == ()
        (order,) = settled(talk)
        assert (order.keep, order.is_end) == (Money(0, "IDR"), True)
        assert "sorry" in talk.last.casefold()


def test_another_time_is_theirs_by_one_tap_at_the_same_price() -> None:
    talk = hit(paid_massage())
    offered = open_change(talk).offered[0]
    talk.taps(talk.choices[0])
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.slot_id == offered.slot_id
    assert (talk.booking.state, talk.booking.price) == (State.CONFIRMED, Money(350_000, "IDR"))


def test_its_timers_stop_and_silence_until_the_deadline_is_the_money() -> None:
    talk = hit(paid_massage())
    deadline = open_change(talk).answer_by
    assert set(talk.lead.timers.values()) == {deadline}
    talk.rings(TimerKind.CHANGE_SILENCE)
    assert talk.lead.bookings == ()
    assert settled(talk)[0].keep == Money(0, "IDR")


def test_after_the_lifting_it_is_as_it_was_and_its_reminders_are_back() -> None:
    talk = paid_massage()
    before = talk.lead
    hit(talk).staff(StaffAction.LIFT_BLOCK, block="b1")
    assert "takes place after all" in talk.last
    assert talk.booking.chosen == before.bookings[0].chosen
    assert dict(talk.lead.timers) == dict(before.timers)


def test_lifting_another_block_changes_nothing() -> None:
    talk = hit(paid_massage())
    talk.staff(StaffAction.LIFT_BLOCK, block="b2")
    assert open_change(talk).block == "b1"


def test_outside_the_window_no_time_is_kept_and_a_template_asks() -> None:
    talk = paid_massage()
    talk.now += timedelta(hours=30)
    hit(talk)
    assert open_change(talk).offered == ()
    order = talk.said[-1]
    assert isinstance(order, SendButtons)
    assert isinstance(order.outside, SendTemplate)
    assert order.outside.name == "janji_cannot_take_place"
    assert order.outside.taps == tuple(button.id for button in order.buttons)
    # whatever they write opens the window, and times are offered
    talk.writes("oh no")
    assert isinstance(talk.said[-1], SendList)


def test_with_less_than_two_hours_left_it_is_called_off_at_once() -> None:
    talk = paid_massage()
    assert talk.booking.chosen is not None
    talk.now = talk.booking.chosen.start - timedelta(minutes=90)
    hit(talk)
    assert talk.lead.bookings == ()
    assert settled(talk)[0].keep == Money(0, "IDR")


def test_a_booking_that_moved_out_of_it_meanwhile_hears_nothing() -> None:
    talk = paid_massage()
    said = len(talk.said)
    hit(talk, resource="provider:nobody")
    assert talk.booking.change is None
    assert len(talk.said) == said
