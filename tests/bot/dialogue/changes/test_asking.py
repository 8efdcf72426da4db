"""A booking that takes place and is moved where somebody has to say yes: it keeps its time until they have."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.domain.alarms import AlarmReason
from bot.domain.change import CUSTOMER, Requester
from bot.domain.commands import CloseInvoice, MoveSlot, OpenInvoice, SendButtons
from bot.domain.events import StaffAction
from bot.domain.languages import CODES, spoken
from bot.domain.money_orders import Settle
from bot.domain.states import Modification, State
from bot.domain.task import SERVICE_TASK, TaskState
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle.actions import ActionType, actions
from bot.replies.words import say
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_awaiting_acceptance import CALL, asking, ordered

T = TaskState
OF_CHANGE = f"{SERVICE_TASK}~C1"


def paid() -> Talk:
    """Ayu has said yes to tomorrow at eleven, and the guest has paid."""
    talk = ordered().work(T.TAKEN, "ayu").pay()
    assert talk.booking.state is State.CONFIRMED
    return talk


def moving(talk: Talk | None = None) -> Talk:
    """The guest wants it at four, and has said yes to what that costs."""
    talk = (talk or paid()).writes("can we make it 16:00 instead?")
    assert isinstance(talk.said[-1], SendButtons)
    return talk.taps_row(0)


def hours(talk: Talk) -> list[int]:
    """When it is, and when it would be after its change, in the house's own time."""
    booking, zone = talk.booking, talk.business.zone
    after = None if booking.change is None else booking.change.after
    slots = (booking.chosen, None if after is None else after.slot)
    return [slot.start.astimezone(zone).hour for slot in slots if slot is not None]


def planned(talk: Talk) -> dict[str, tuple[str | None, bool, int]]:
    """The work that was ordered last: whose, whether it is over, and at which hour."""
    plan = talk.planned
    assert plan is not None
    zone = talk.business.zone
    return {one.template: (one.who, one.is_over, one.begins_at.astimezone(zone).hour) for one in plan.planned}


def is_not_asked(talk: Talk) -> bool:
    """Whether the work that was ordered last ends the asking, under the plan that the booking has."""
    plan = talk.planned
    return plan is not None and (plan.not_asked, plan.plan_no) == ((OF_CHANGE,), 1)


def test_the_old_time_stays_and_whoever_could_do_it_then_is_asked() -> None:
    talk = moving()
    booking = talk.booking
    assert (booking.state, booking.modification, hours(talk)) == (State.CONFIRMED, Modification.REQUESTED, [11, 16])
    assert booking.chosen is not None
    assert (booking.chosen.provider, booking.awaiting) == ("ayu", {})
    assert booking.change is not None
    assert booking.change.hold not in {None, booking.booked_hold}
    assert booking.booked_hold not in talk.let_go
    # Ayu's work of eleven is as it was; next to it somebody is asked about four
    assert planned(talk) == {SERVICE_TASK: ("ayu", False, 11), OF_CHANGE: (None, False, 16)}
    assert talk.planned is not None
    assert talk.planned.plan_no == booking.plan_no == 1
    assert talk.planned.not_asked == ()
    assert "11:00" in talk.last
    assert "stays as it is" in talk.last
    assert booking.change.acceptance is not None
    due = talk.lead.due_at(TimerName(TimerKind.CHANGE_ANSWER_BY, booking.reference))
    assert due is not None
    assert due > booking.change.acceptance.answer_by


def test_the_first_yes_moves_it_in_one_commit_to_whoever_said_it() -> None:
    talk = moving().work(T.TAKEN, "komang", OF_CHANGE)
    booking = talk.booking
    assert [order.change for order in talk.orders if isinstance(order, MoveSlot)] == ["C1"]
    assert (booking.state, booking.change, booking.reschedule_count) == (State.CONFIRMED, None, 1)
    assert booking.chosen is not None
    assert (booking.chosen.provider, hours(talk)) == ("komang", [16])
    assert booking.acceptance is not None
    assert (booking.acceptance.is_given, booking.acceptance.task) == (True, SERVICE_TASK)
    # the work is theirs, and that they were asked is done: nobody hears that it is over
    assert planned(talk) == {SERVICE_TASK: ("komang", False, 16), OF_CHANGE: (None, True, 16)}
    assert "Done. Your booking is now" in talk.last
    # the shares follow to whoever comes
    (order,) = [order for order in talk.money if isinstance(order, Settle)][-1:]
    assert "provider:komang" in repr(order)
    assert talk.lead.due_at(TimerName(TimerKind.CHANGE_ANSWER_BY, booking.reference)) is None
    # told again it changes nothing
    before = talk.lead
    talk.work(T.DONE, "komang", OF_CHANGE)
    assert talk.lead.bookings == before.bookings


@pytest.mark.parametrize("how", ["news", "timer"])
@pytest.mark.parametrize("language", CODES)
def test_nobody_leaves_the_old_time_as_it_was_and_the_guest_hears_so_with_other_times(language: str, how: str) -> None:
    talk = paid()
    talk.lead = talk.lead.conversing(language=spoken(language))
    talk, said = moving(talk), len(talk.said)
    hold, new = talk.booking.booked_hold, talk.booking.change
    assert new is not None
    assert new.hold is not None
    if how == "timer":
        talk.rings(TimerKind.CHANGE_ANSWER_BY)
    else:
        talk.work(T.UNFILLED, template=OF_CHANGE)
    booking = talk.booking
    assert (booking.state, booking.booked_hold, hours(talk)[0]) == (State.CONFIRMED, hold, 11)
    assert new.hold in talk.let_go
    assert hold not in talk.let_go
    sorry = next(one for one in talk.said[said:] if isinstance(one, SendButtons) and "act:cancel" in one.buttons[0].id)
    assert sorry.buttons[0].title == say("acceptance.button.cancel", language)
    # other times are offered, never the one that nobody would take, as a change of its own
    assert booking.change is not None
    assert booking.change.id == "C2"
    assert booking.change.offered
    assert new.after is not None
    assert new.after.slot.start not in {slot.start for slot in booking.change.offered}
    assert planned(talk) == {SERVICE_TASK: ("ayu", False, 11)}
    assert is_not_asked(talk)
    assert {one.reason for one in talk.lead.alarms} == set()
    # and the way out is the quote of a cancellation
    talk.taps(sorry.buttons[0].id)
    assert talk.booking.change is not None
    assert talk.booking.change.kind.value == "cancel"


def test_who_rather_keeps_the_old_time_while_others_are_asked_keeps_it_and_the_asking_is_over() -> None:
    talk = moving()
    change = talk.booking.change
    assert change is not None
    talk.taps(f"chgno:{talk.booking.reference}:C1:1")
    assert (talk.booking.change, talk.booking.state, hours(talk)) == (None, State.CONFIRMED, [11])
    assert change.hold in talk.let_go
    assert planned(talk) == {SERVICE_TASK: ("ayu", False, 11)}
    assert is_not_asked(talk)
    # a yes that comes after all is nobody's news
    before = talk.lead.bookings
    talk.work(T.TAKEN, "komang", OF_CHANGE)
    assert talk.lead.bookings == before


def test_called_off_meanwhile_all_of_it_ends() -> None:
    talk = moving().writes("cancel my booking please").taps_row(0)
    (closed,) = [one for one in talk.recorded[-1:] if one.booking.state is State.CANCELLED]
    assert closed.booking.change is None
    assert talk.lead.open_booking is None


def test_the_house_says_yes_to_the_new_time_first_too_and_nobody_is_asked_again_after_it() -> None:
    talk = Talk(asking("manual", CALL), pays=True)
    talk.writes("a free planning call tomorrow at 11 for two", "yes").work(T.TAKEN, "dewi", "approval")
    assert talk.booking.state is State.CONFIRMED
    moving(talk)
    assert hours(talk) == [11, 16]
    assert "approval~C1" in planned(talk)
    talk.work(T.WITHDRAWN, "rina", "approval~C1")
    assert (talk.booking.state, hours(talk)[0]) == (State.CONFIRMED, 11)


def dearer(talk: Talk) -> Talk:
    """From now on a massage costs 70,000 more."""
    rows = tuple(
        replace(row, amount=row.amount + 70_000) if row.service == "balinese-massage" else row
        for row in talk.business.prices
    )
    talk.business = replace(talk.business, prices=rows, version="dearer")
    return talk


def test_what_costs_more_is_paid_after_the_yes_and_moved_when_it_is_paid() -> None:
    talk = moving(dearer(paid()))
    assert len([order for order in talk.money if isinstance(order, OpenInvoice)]) == 1, "no money before the yes"
    talk.work(T.TAKEN, "komang", OF_CHANGE)
    assert (talk.booking.modification, hours(talk)) == (Modification.AWAITING_PAYMENT, [11, 16])
    (link,) = [order for order in talk.money if isinstance(order, OpenInvoice)][1:]
    assert link.due.amount == 70_000
    talk.pay(link.account)
    assert (talk.booking.state, talk.booking.change, hours(talk)) == (State.CONFIRMED, None, [16])
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.provider == "komang"


def test_given_back_while_the_difference_is_waited_for_the_old_time_stays_and_late_money_goes_back() -> None:
    talk = moving(dearer(paid())).work(T.TAKEN, "komang", OF_CHANGE)
    link = [order for order in talk.money if isinstance(order, OpenInvoice)][-1]
    talk.work(T.OFFERED, None, OF_CHANGE, by="partner:komang")
    assert talk.money[-1] == CloseInvoice(link.account)
    talk.closes(link.account)
    assert (talk.booking.state, talk.booking.change, hours(talk)) == (State.CONFIRMED, None, [11])
    assert planned(talk) == {SERVICE_TASK: ("ayu", False, 11)}
    assert is_not_asked(talk)
    talk.pay(link.account)
    assert hours(talk) == [11]
    assert any("C1" in repr(order) for order in talk.money[-2:])


def test_a_person_of_the_house_sees_no_alarm_for_a_move_that_nobody_wants() -> None:
    talk = moving().work(T.UNFILLED, template=OF_CHANGE)
    assert AlarmReason.TASK_UNFILLED not in {one.reason for one in talk.lead.alarms}


def test_a_time_that_is_lost_after_the_yes_leaves_the_old_one_and_the_next_wish_is_asked_about_anew() -> None:
    talk = moving()
    talk.lost = True
    talk.work(T.TAKEN, "komang", OF_CHANGE)
    assert (talk.booking.state, talk.booking.change, hours(talk)) == (State.CONFIRMED, None, [11])
    moving(talk)
    assert "service~C2" in planned(talk)


def test_the_guest_may_keep_the_old_time_as_long_as_nobody_has_said_yes() -> None:
    talk = moving()
    context = Context(now=talk.now, business=talk.business)
    kinds = {one.type for one in actions(talk.booking, context, Requester("guest", CUSTOMER))}
    assert ActionType.WITHDRAW_CHANGE in kinds
    talk.writes("what about the move?")
    assert "stays as it is" in talk.last
    talk.staff(StaffAction.WITHDRAW_CHANGE, change="C1", role="operations", person="rina")
    assert (talk.booking.change, hours(talk)) == (None, [11])


# Not paid yet -------------------------------------------------------------------------------------------------------


def unpaid() -> Talk:
    """Ayu has said yes to tomorrow at eleven, and the guest has the link."""
    talk = ordered().work(T.TAKEN, "ayu")
    assert (talk.booking.state, talk.booking.pay_url is None) == (State.PAYMENT_PENDING, False)
    return talk


def links(talk: Talk) -> list[OpenInvoice]:
    return [order for order in talk.money if isinstance(order, OpenInvoice)]


@pytest.mark.parametrize("language", CODES)
def test_who_has_not_paid_keeps_time_provider_and_link_until_the_first_yes(language: str) -> None:
    talk = unpaid()
    talk.lead = talk.lead.conversing(language=spoken(language))
    link, pay_by, hold = talk.booking.pay_url, talk.booking.pay_by, talk.booking.booked_hold
    moving(talk)
    booking = talk.booking
    assert (booking.state, booking.modification, hours(talk)) == (
        State.PAYMENT_PENDING,
        Modification.REQUESTED,
        [11, 16],
    )
    assert booking.chosen is not None
    assert booking.chosen.provider == "ayu"
    assert (booking.pay_url, booking.pay_by, booking.booked_hold) == (link, pay_by, hold)
    assert [type(order).__name__ for order in talk.money] == ["OpenInvoice"], "the link lives on"
    assert {OF_CHANGE, SERVICE_TASK} == set(planned(talk))
    known = talk.last
    assert say("acceptance.change_link", language, until="").split("{")[0].rstrip(" .") in known
    # whoever asks for it has the old link meanwhile
    talk.writes({"en": "how do I pay?", "id": "bayarnya gimana?", "vi": "thanh toán thế nào?"}[language])
    assert link is not None
    assert link in repr(talk.said[-1])


def test_the_first_yes_to_what_is_not_paid_moves_it_and_brings_the_new_link() -> None:
    talk = moving(unpaid()).work(T.TAKEN, "komang", OF_CHANGE)
    booking = talk.booking
    first, second = links(talk)
    assert CloseInvoice(first.account) in talk.money
    assert second.account == f"{first.account}~2"
    assert (booking.state, booking.change, booking.reschedule_count) == (State.PAYMENT_PENDING, None, 1)
    assert booking.chosen is not None
    assert (booking.chosen.provider, hours(talk)) == ("komang", [16])
    # nobody is asked again, and that it is theirs is told with the money
    plan = talk.planned
    assert plan is not None
    (own,) = [one for one in plan.planned if one.template == SERVICE_TASK]
    assert (own.who, own.accepted_by, own.is_over) == (None, "komang", False)
    talk.pay()
    assert talk.booking.state is State.CONFIRMED
    assert planned(talk) == {SERVICE_TASK: ("komang", False, 16)}
    assert "provider:komang" in {one.payee for one in second.terms.payees}


def test_money_that_comes_meanwhile_is_for_the_old_time_and_the_asking_goes_on() -> None:
    talk = moving(unpaid()).pay()
    assert (talk.booking.state, hours(talk)) == (State.CONFIRMED, [11, 16]), "its change is still there"
    assert planned(talk)[SERVICE_TASK] == ("ayu", False, 11)
    talk.work(T.TAKEN, "komang", OF_CHANGE)
    assert (talk.booking.state, talk.booking.change, hours(talk)) == (State.CONFIRMED, None, [16])
    assert len(links(talk)) == 1, "it costs the same, so nothing more is asked"
    (order,) = [order for order in talk.money if isinstance(order, Settle)][-1:]
    assert "provider:komang" in repr(order)


def test_money_that_comes_meanwhile_is_counted_where_the_new_time_costs_more() -> None:
    talk = moving(dearer(unpaid()))
    change = talk.booking.change
    assert change is not None
    assert change.quote is not None
    price = change.quote.price_after
    talk.pay().work(T.TAKEN, "komang", OF_CHANGE)
    assert (talk.booking.modification, hours(talk)) == (Modification.AWAITING_PAYMENT, [11, 16])
    assert [link.due.amount for link in links(talk)] == [price.amount - 70_000, 70_000]
    talk.pay(links(talk)[-1].account)
    assert (talk.booking.state, talk.booking.price, hours(talk)) == (State.CONFIRMED, price, [16])


def test_nobody_takes_it_and_what_is_not_paid_has_its_time_and_its_link_as_before() -> None:
    talk = moving(unpaid())
    link = talk.booking.pay_url
    talk.work(T.UNFILLED, template=OF_CHANGE)
    assert (talk.booking.state, talk.booking.pay_url, hours(talk)[0]) == (State.PAYMENT_PENDING, link, 11)
    assert any("stays as it was" in str(one) for one in talk.said[-3:])
    assert planned(talk) == {SERVICE_TASK: (None, False, 11)}
    talk.pay()
    assert (talk.booking.state, hours(talk)[0]) == (State.CONFIRMED, 11)


def test_the_search_ends_while_there_is_time_to_pay_for_the_old_one() -> None:
    talk = unpaid()
    pay_by = talk.booking.pay_by
    assert pay_by is not None
    talk.now = pay_by - timedelta(minutes=30)
    moving(talk)
    assert talk.booking.change is not None
    yes = talk.booking.change.acceptance
    assert yes is not None
    assert talk.now < yes.answer_by < pay_by


def test_not_paid_in_time_both_are_over() -> None:
    talk = moving(unpaid()).rings(TimerKind.PAY_BY)
    account = links(talk)[0].account
    talk.closes(account)
    assert talk.lead.open_booking is None
    assert not [name for name in talk.lead.timers if name.startswith(TimerKind.CHANGE_ANSWER_BY)]
    assert talk.recorded[-1].booking.state is State.CANCELLED


def test_what_nobody_has_said_yes_to_yet_is_not_kept() -> None:
    talk = moving(unpaid().work(T.OFFERED, by="partner:ayu"))
    assert (talk.booking.state, hours(talk)) == (State.PENDING_CONFIRMATION, [16])
